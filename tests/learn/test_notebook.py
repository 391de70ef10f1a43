"""The example notebook runs: its code cells in order, on a part of the sample, with a network that takes no time."""

import json
import re
from pathlib import Path

import pytest
import rasterio
from matplotlib.figure import Figure

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOTEBOOK = EXAMPLES / "extract_roads.ipynb"


def notebook():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


def code_cells():
    return [cell for cell in notebook()["cells"] if cell["cell_type"] == "code"]


def test_the_cells_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(EXAMPLES)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    with rasterio.open("data/swellendam_orthophoto.tif") as source:
        left, _, _, top = source.bounds
        side = 200 * source.res[0]
        town = [left + 2 * side, top - 4 * side, left + 3 * side, top - 3 * side]
    space = {}
    for cell in code_cells():
        text = "".join(cell["source"])
        if "parameters" in cell["metadata"].get("tags", []):
            text = re.sub(r"^work = .*$", "work = Path(here)", text, flags=re.M)
            text += f"\narea, tile_size, epochs = {town}, 64, 1"
            space["here"] = str(tmp_path)
        exec(compile(text.replace('"linknet", backbone="resnet18"', '"tiny"'), str(NOTEBOOK), "exec"), space)
    printed = capsys.readouterr().out
    assert re.search(r"^epoch +train_loss +valid_loss +accuracy +miou +dice +time$", printed, re.M)
    assert space["exported"]["tile_count"] >= 4 and 1e-7 <= space["lr"] <= 1e-2
    assert space["model"].name == "swellendam_roads.dlpk" and space["model"].is_file()
    assert (tmp_path / "roads.gpkg").is_file() and isinstance(space["figure"], Figure)


def test_the_network_swapped_for_a_quick_one_is_there():
    assert any('"linknet", backbone="resnet18"' in "".join(cell["source"]) for cell in code_cells())


def test_it_was_executed_and_shows_no_machine():
    cells = code_cells()
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert not any(output["output_type"] == "error" for output in outputs)
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 5
    assert len(text) < 1_500_000
    pictures_left_out = re.sub(r'"image/png": "[^"]*"', "", text)
    assert not re.search(r"/(home|root|work|Users)/|[A-Z]:\\\\|\\r", pictures_left_out)


@pytest.mark.parametrize("call", [
    "prepare_data(", "show_batch(", "MultiTaskRoadExtractor(", "lr_find(", ".fit(", "plot_losses(", "mIOU(", "show_results(",
    ".save(", "classify_pixels(", "raster_to_road_vector(",
])
def test_it_walks_the_whole_way(call):
    assert any(call in "".join(cell["source"]) for cell in code_cells())
