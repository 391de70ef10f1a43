"""What Compute Accuracy leaves behind: the report and the error map."""

import re

import numpy as np
import rasterio
import shapely
from affine import Affine

from ..conftest import write_lines, write_raster
from .compared import CELLS, NORTH, WEST, Listener, classified, real_pair, score


def test_the_error_map_says_what_it_is(tmp_path):
    road, found = np.zeros((600, 700), bool), np.zeros((600, 700), bool)
    road[100:110] = True
    found[105:115] = True
    score(tmp_path, classified(tmp_path / "p.tif", found), classified(tmp_path / "t.tif", road))
    with rasterio.open(tmp_path / "errors.tif") as file:
        assert (file.dtypes[0], file.nodata, file.crs.to_epsg(), file.transform) == ("uint8", 255, 32633, CELLS)
        assert file.profile["tiled"] and file.profile["compress"] == "deflate" and file.overviews(1) == [2]
        table = file.colormap(1)
    assert table[255][3] == 0 and min(table[0][:3]) > 200
    assert [np.argmax(table[value][:3]) for value in (1, 2, 3)] == [1, 0, 2]  # green, red, blue
    assert "<Category>road missed</Category>" in (tmp_path / "errors.tif.aux.xml").read_text()
    assert not list(tmp_path.glob("*~*"))


def test_the_report_stands_alone(tmp_path):
    road, values = real_pair()
    imagery = write_raster(tmp_path / "image.tif", np.random.default_rng(0).integers(0, 255, (3, 500, 600), np.uint8),
                           transform=Affine(0.9, 0, WEST - 20, 0, -0.9, NORTH + 20))
    result = score(tmp_path, write_raster(tmp_path / "p.tif", values[None], nodata=255), classified(tmp_path / "t.tif", road),
                   imagery=str(imagery), block_size=128)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"{result['f1']:.4f}" in text and f"{result['relaxed_break_even']:.4f}" in text and "Worst blocks" in text
    assert len(re.findall("data:image/png;base64,", text)) == 4 and "http" not in text
    assert "<td>p.tif (probability)</td>" in text and str(tmp_path) not in text
    same = score(tmp_path, tmp_path / "p.tif", tmp_path / "t.tif", imagery=str(imagery), block_size=128)
    assert same == result and (tmp_path / "report.html").read_text(encoding="utf-8") == text


def test_layers_are_called_as_the_user_does(tmp_path):
    road = np.zeros((40, 40), np.uint8)
    road[10:14] = 1
    prediction, truth = classified(tmp_path / "p.tif", road), classified(tmp_path / "t.tif", road)
    mask = write_lines(tmp_path / "m.gpkg", [shapely.box(WEST, NORTH - 30, WEST + 30, NORTH)], geometry_type="Polygon")
    names = {"prediction_name": "Roads <2024>", "truth_name": "Survey", "mask_name": "Checked ground"}
    listener = Listener()
    score(tmp_path, prediction, truth, listener, mask=str(mask), truth_label="1,7", **names)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    for shown in ("Roads &lt;2024&gt; (classified)", "Survey, road is 1,7", "Checked ground"):
        assert f"<td>{shown}</td>" in text
    score(tmp_path, prediction, truth, listener, truth_label="7", **names)
    assert listener.warnings() == [
        "None of the road values asked for occurs in the truth Survey: it was taken to hold no road; check the truth label."
    ]
