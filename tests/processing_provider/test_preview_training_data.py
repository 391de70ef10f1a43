"""A look at training data through QGIS."""

from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException

from .drawn import SIDE, Exporter
from .samples import run

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def data(provider, tmp_path_factory):
    """Sixteen chips with one road of 4 × 256 pixels, twice, the second time of 8 × 256."""
    from .conftest import _fixtures

    export = Exporter(tmp_path_factory.mktemp("chips ü"), _fixtures.Messages())
    return export(BANDS=[1, 2, 3]), export(BANDS=[1, 2, 3], ROAD_WIDTH=8)


def preview(folder, feedback, data, **options):
    outputs = {"OUTPUT": str(folder / "preview.html"), "PICTURE": str(folder / "preview.png")}
    return run("previewtrainingdata", {"TRAINING_DATA": data, "AUGMENTED": False, **outputs, **options}, feedback)


def test_page_picture_and_figures(data, tmp_path, feedback):
    result = preview(tmp_path, feedback, data[0])
    assert result["CHIP_COUNT"] == 16 and result["ROAD_SHARE"] == pytest.approx(4 / SIDE, rel=0.01)
    assert result["OUTPUT"] == str(tmp_path / "preview.html")
    assert "<html" in (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert gdal.Open(result["PICTURE"]).RasterCount >= 3


def test_several_folders_without_a_picture(data, tmp_path, feedback):
    result = preview(tmp_path, feedback, ";".join(data), PICTURE=None)
    assert result["CHIP_COUNT"] == 32 and result["ROAD_SHARE"] == pytest.approx(6 / SIDE, rel=0.01)
    assert "PICTURE" not in result and [path.name for path in tmp_path.iterdir()] == ["preview.html"]


def test_temporary_outputs(data, tmp_path, feedback):
    result = preview(tmp_path, feedback, data[0], PICTURE="TEMPORARY_OUTPUT", OUTPUT="TEMPORARY_OUTPUT")
    assert Path(result["OUTPUT"]).is_file()
    assert Path(result["PICTURE"]).suffix == ".png" and Path(result["PICTURE"]).is_file()


def test_rows_opacity_and_seed_change_the_picture(data, tmp_path, feedback):
    def picture(**options):
        dataset = gdal.Open(preview(tmp_path, feedback, data[0], AUGMENTED=True, **{"ROWS": 1, **options})["PICTURE"])
        return dataset.RasterYSize, dataset.ReadRaster()

    plain = picture()
    assert picture() == plain
    assert picture(ROWS=2)[0] > plain[0]
    assert picture(ALPHA=1.0)[1] != plain[1]
    assert picture(SEED=7)[1] != plain[1]


def test_road_label_says_what_is_road(data, tmp_path, feedback):
    """A folder of pairs whose masks are 2 on a quarter, 1 on a quarter and 0 on the rest."""
    for kind in ("images", "masks"):
        (tmp_path / "pairs" / kind).mkdir(parents=True)
    side = 64
    picture = gdal.GetDriverByName("MEM").Create("", side, side, 3)
    mask = gdal.GetDriverByName("MEM").Create("", side, side, 1)
    for band in (1, 2, 3):
        picture.GetRasterBand(band).WriteRaster(0, 0, side, side, bytes(range(64)) * side)
    mask.GetRasterBand(1).WriteRaster(0, 0, side, side, bytes([2]) * side * 16 + bytes([1]) * side * 16 + bytes(side * 32))
    for name in ("a", "b"):
        gdal.GetDriverByName("PNG").CreateCopy(str(tmp_path / "pairs" / "images" / f"{name}.png"), picture)
        gdal.GetDriverByName("PNG").CreateCopy(str(tmp_path / "pairs" / "masks" / f"{name}.png"), mask)
    everything = preview(tmp_path, feedback, str(tmp_path / "pairs"), ROAD_LABEL="1,2")
    assert (everything["CHIP_COUNT"], everything["ROAD_SHARE"]) == (2, pytest.approx(0.5))
    some = preview(tmp_path, feedback, str(tmp_path / "pairs"), ROAD_LABEL="2")
    assert some["ROAD_SHARE"] == pytest.approx(0.25)


@pytest.mark.parametrize(("options", "sentence"), [
    ({"OUTPUT": "preview.jpg"}, "OUTPUT must end in .html, not preview.jpg"),
    ({"PICTURE": "preview.gif"}, "PICTURE must end in .png, not preview.gif"),
    ({"TRAINING_DATA": "/nowhere/at all"}, "/nowhere/at all"),
])
def test_bad_input_is_one_sentence(data, tmp_path, feedback, options, sentence):
    folder = options.pop("TRAINING_DATA", data[0])
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        preview(tmp_path, feedback, folder, **{name: str(tmp_path / value) for name, value in options.items()})
    assert "Traceback" not in str(caught.value) and not list(tmp_path.iterdir())


def test_the_page_opens_in_the_results_viewer(provider):
    from qgis.core import QgsProcessingOutputHtml

    outputs = {each.name(): each for each in provider.algorithm("previewtrainingdata").outputDefinitions()}
    assert isinstance(outputs["OUTPUT"], QgsProcessingOutputHtml)
    assert set(outputs) == {"OUTPUT", "PICTURE", "CHIP_COUNT", "ROAD_SHARE"}
