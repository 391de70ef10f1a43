import json
import shutil

import numpy as np
import pytest
from roadsmith.engine.chips.export import export_training_data
from roadsmith.engine.chips.folder import open_training_folder, read_chip
from roadsmith.engine.errors import EngineError
from roadsmith.engine.jobs import ExportTrainingData
from roadsmith.engine.reporter import Reporter

from ..conftest import write_raster


@pytest.fixture
def data(noise_raster, road_lines, tmp_path):
    folder = tmp_path / "data"
    job = ExportTrainingData(
        raster=str(noise_raster), labels=str(road_lines), output_folder=str(folder), tile_size=64, stride=64
    )
    export_training_data(job, Reporter())
    return folder


def test_folder_without_our_extras_reads_the_same(data):
    ours = open_training_folder(data)
    (data / "roadsmith.json").unlink()
    arcgis = open_training_folder(data)
    assert arcgis.chips == ours.chips and arcgis.bands == [1, 2, 3]
    assert arcgis.cell_metres == pytest.approx(ours.cell_metres)


def test_statistics_are_counted_where_none_are_stored(data):
    stored = open_training_folder(data).band_statistics
    (data / "esri_accumulated_stats.json").unlink()
    counted = open_training_folder(data).band_statistics
    for one, other in zip(stored, counted):
        assert (one.minimum, one.maximum) == (other.minimum, other.maximum)
        assert one.mean == pytest.approx(other.mean) and one.std == pytest.approx(other.std)


def test_map_with_a_second_raster_and_forward_slashes(data):
    lines = (data / "map.txt").read_text().splitlines()
    image, label = lines[0].replace("\\", "/").split()
    (data / "map.txt").write_text(f"{image} images2/000000014.tif {label}\n\n")
    folder = open_training_folder(data)
    assert [chip.label for chip in folder.chips] == [data / label]


def test_label_of_several_classes_and_16_bits_is_road_where_not_zero(data):
    folder = open_training_folder(data)
    values = np.zeros((1, 64, 64), np.uint16)
    values[0, :2], values[0, 2:4] = 1, 300
    write_raster(folder.chips[0].label, values)
    _, label = read_chip(folder.chips[0])
    assert label.dtype == np.uint8 and label.sum() == 4 * 64 and label.max() == 1


def damage(data, how):
    if how == "missing folder":
        shutil.rmtree(data)
    elif how == "foreign folder":
        (data / "map.txt").unlink()
    elif how == "empty map":
        (data / "map.txt").write_text("\n")
    elif how == "half a line":
        (data / "map.txt").write_text("images\\000000014.tif\n")
    elif how == "chip gone":
        next((data / "images").glob("*.tif")).unlink()
    elif how == "chip broken":
        chip = data / (data / "map.txt").read_text().splitlines()[0].split()[0].replace("\\", "/")
        chip.write_bytes(b"II*\0 no tiff")
    elif how == "statistics broken":
        (data / "esri_accumulated_stats.json").write_text("{")
    elif how == "statistics a list":
        (data / "esri_accumulated_stats.json").write_text(json.dumps([1]))


@pytest.mark.parametrize(("how", "sentence"), [
    ("missing folder", "does not exist"), ("foreign folder", "is no training data folder"), ("empty map", "holds no chips"),
    ("half a line", "names no label"), ("chip gone", "lacks 1 file"), ("chip broken", "cannot be read"),
    ("statistics broken", "cannot be read as training data"), ("statistics a list", "no JSON object"),
])
def test_damaged_folders_are_one_sentence(data, how, sentence):
    damage(data, how)
    with pytest.raises(EngineError, match=sentence):
        open_training_folder(data)
