import json
import shutil

import numpy as np
import pytest
import rasterio
from affine import Affine
from roadsmith.engine.chips.exporting.export import export_training_data
from roadsmith.engine.chips.reading.folder import open_training_folder, read_chip
from roadsmith.engine.errors import EngineError
from roadsmith.engine.jobs import ExportTrainingData
from roadsmith.engine.reporter import Reporter

from ...conftest import write_raster
from .arcgis_folder import NUMBERS, ORIGIN, build_arcgis_folder


@pytest.fixture
def data(noise_raster, road_lines, tmp_path):
    folder = tmp_path / "data"
    job = ExportTrainingData(
        raster=str(noise_raster), labels=str(road_lines), output_folder=str(folder), tile_size=64, stride=64
    )
    export_training_data(job, Reporter())
    return folder


def check_reads_as_written(folder, written, values=(1,)):
    assert len(folder.chips) == len(written) == len(NUMBERS)
    for chip, (image, label) in zip(folder.chips, written):
        pixels, road = read_chip(chip)
        assert np.array_equal(pixels, image) and road.dtype == np.uint8
        assert np.array_equal(road, np.isin(label, values))


def edit_json(path, **changes):
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, **changes}))


def test_folder_without_our_extras_reads_the_same(data):
    ours = open_training_folder(data)
    (data / "roadsmith.json").unlink()
    arcgis = open_training_folder(data)
    assert [chip.bounds for chip in arcgis.chips] == [chip.bounds for chip in ours.chips] and arcgis.bands == [1, 2, 3]
    for one, other in zip(ours.chips, arcgis.chips):
        assert all(np.array_equal(left, right) for left, right in zip(read_chip(one), read_chip(other)))
    assert arcgis.cell_metres == pytest.approx(ours.cell_metres)
    assert ours.georeferenced and arcgis.georeferenced and ours.dtype == "uint8" and not ours.remarks + arcgis.remarks
    assert ours.class_names == arcgis.class_names == {1: "road"}


@pytest.mark.parametrize("quirks", [
    {}, {"digits": 12, "second": True, "states": "nested"}, {"second": True, "states": "suffixed", "features": False},
    {"separator": " ", "line_end": "\n", "label_dtype": "uint8"}, {"separator": "\t", "bom": True, "height_as_text": True},
    {"states": "none"}, {"suffix": ".TIF"},
], ids=lambda quirks: "-".join(map(str, quirks.values())) or "plain")
def test_arcgis_folders_read_right(tmp_path, quirks):
    written = build_arcgis_folder(tmp_path / "a folder", **quirks)
    folder = open_training_folder(tmp_path / "a folder")
    check_reads_as_written(folder, written)
    assert folder.band_count == 3 and folder.tile_size == 64 and folder.class_names == {1: "road"}
    assert folder.georeferenced and folder.cell_metres == pytest.approx((1, 1), abs=1e-3) and folder.stretch is None
    images = np.stack([image for image, _ in written]).astype(float)
    for number, band in enumerate(folder.band_statistics):
        assert band.mean == pytest.approx(images[:, number].mean()) and band.std == pytest.approx(images[:, number].std())
    assert not folder.remarks


def test_place_of_chips_with_a_turned_world_file(tmp_path):
    build_arcgis_folder(tmp_path / "data", turn=30.0)
    chip = open_training_folder(tmp_path / "data").chips[0]
    with rasterio.open(chip.image) as file:
        corners = [file.transform * corner for corner in ((0, 0), (64, 0), (0, 64), (64, 64))]
    xs, ys = zip(*corners)
    assert chip.bounds == pytest.approx((min(xs), min(ys), max(xs), max(ys)))
    assert chip.bounds[2] - chip.bounds[0] == pytest.approx(64 * (np.cos(np.pi / 6) + 0.5))


def test_several_classes_and_which_of_them_is_road(tmp_path):
    classes = [
        {"Value": 1, "Name": "building", "Color": [1, 2, 3]}, {"Value": 3, "Name": "road", "Color": [-1, -1, -1]},
        {"Value": 7, "Name": 7, "Color": [9, 9, 9]},
    ]
    written = build_arcgis_folder(tmp_path / "data", classes=classes, values=(1, 3, 7), features=False)
    everything = open_training_folder(tmp_path / "data")
    check_reads_as_written(everything, written, (1, 3, 7))
    assert everything.class_names == {1: "building", 3: "road", 7: "7"}
    assert len(everything.remarks) == 1 and "1 building, 3 road, 7 7" in everything.remarks[0]
    for label, values in (("3", (3,)), ("Road", (3,)), ("3, 7", (3, 7)), ("building; 7", (1, 7))):
        check_reads_as_written(open_training_folder(tmp_path / "data", label), written, values)
    with pytest.raises(EngineError, match=r"no class 'track'.*3 road"):
        open_training_folder(tmp_path / "data", "track")
    with pytest.raises(EngineError, match="values, not colours"):
        open_training_folder(tmp_path / "data", "#ff0000")


def test_a_class_called_background_is_none(tmp_path):
    classes = [{"Value": 1, "Name": "Background"}, {"Value": 2, "Name": "road"}]
    written = build_arcgis_folder(tmp_path / "data", classes=classes, values=(1, 2))
    check_reads_as_written(open_training_folder(tmp_path / "data"), written, (2,))


def test_classes_spelt_as_in_the_statistics(tmp_path):
    written = build_arcgis_folder(tmp_path / "data", classes=[{"Value": 3, "Name": "lane", "Color": [-1, -1, -1]}], values=(3,))
    (tmp_path / "data" / "esri_model_definition.emd").unlink()
    folder = open_training_folder(tmp_path / "data")
    assert folder.class_names == {3: "lane"}
    check_reads_as_written(folder, written, (3,))


def test_names_in_another_case_as_windows_allows(tmp_path):
    written = build_arcgis_folder(tmp_path / "data")
    text = (tmp_path / "data" / "map.txt").read_text()
    (tmp_path / "data" / "map.txt").write_text(text.replace("images", "Images").replace(".tif", ".TIF"))
    check_reads_as_written(open_training_folder(tmp_path / "data"), written)


def test_a_value_that_no_class_has_is_not_guessed_at(data):
    chip = open_training_folder(data).chips[0]
    values = np.zeros((1, 64, 64), np.uint16)
    values[0, :2], values[0, 2:4] = 1, 300
    write_raster(chip.label, values)
    with pytest.raises(EngineError, match=rf"{chip.label.name} holds the value 300.*only 0, 1"):
        read_chip(open_training_folder(data).chips[0])
    folder = open_training_folder(data, "1,300")
    label = read_chip(folder.chips[0])[1]
    assert label.sum() == 4 * 64 and label.max() == 1 and "names no class 300" in folder.remarks[0]


def test_nodata_of_label_and_image_is_ignored(tmp_path):
    build_arcgis_folder(tmp_path / "data", label_dtype="uint8")
    first, second, third, *_ = open_training_folder(tmp_path / "data").chips
    values = np.ones((1, 64, 64), np.uint8)
    values[0, :8] = 200
    write_raster(first.label, values, nodata=200)
    write_raster(second.label, np.ones((1, 64, 64), np.uint8), nodata=0)
    pixels = np.full((3, 64, 64), 90, np.uint8)
    pixels[:, :, :5] = 0
    pixels[0, :, 5] = 0  # one dark band alone is no nodata
    write_raster(third.image, pixels, nodata=0)
    write_raster(third.label, np.ones((1, 64, 64), np.uint8))
    assert [int((read_chip(chip)[1] == 255).sum()) for chip in (first, second, third)] == [8 * 64, 0, 5 * 64]


def test_a_fourth_band_marked_as_alpha(tmp_path):
    """GDAL marks the fourth band of an 8-bit TIFF as alpha, near infrared as well."""
    for kind in ("infrared", "alpha"):
        build_arcgis_folder(tmp_path / kind)
        edit_json(tmp_path / kind / "esri_accumulated_stats.json", NumBands=4)
        for image in (tmp_path / kind / "images").glob("*.tif"):
            with rasterio.open(image) as file:
                pixels, transform = file.read(), file.transform
            fourth = pixels[:1] // 2 if kind == "infrared" else np.full((1, 64, 64), 255, np.uint8)
            fourth[0, 0] = 0
            write_raster(image, np.concatenate([pixels, fourth]), transform=transform)
    infrared, alpha = open_training_folder(tmp_path / "infrared"), open_training_folder(tmp_path / "alpha")
    assert infrared.band_count == 4 and not (read_chip(infrared.chips[0])[1] == 255).any()
    assert "marked as alpha but holds imagery" in infrared.remarks[0]
    assert alpha.band_count == 3 and (read_chip(alpha.chips[0])[1][0] == 255).all() and len(alpha.band_statistics) == 3


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_chips_without_georeference(tmp_path):
    written = build_arcgis_folder(tmp_path / "data")
    for image in (tmp_path / "data" / "images").glob("*.tif"):
        image.with_suffix(".tfw").unlink()
        with rasterio.open(image) as file:
            pixels = file.read()
        with rasterio.open(image, "w", driver="GTiff", count=3, dtype="uint8", height=64, width=64) as file:
            file.write(pixels)
    folder = open_training_folder(tmp_path / "data")
    check_reads_as_written(folder, written)
    assert not folder.georeferenced and not folder.cell_size_known and folder.cell_metres == (1.0, 1.0)
    assert len(folder.remarks) == 1 and "taken as 1 m" in folder.remarks[0]
    given = open_training_folder(tmp_path / "data", cell_size=0.5)
    assert given.cell_metres == (0.5, 0.5) and given.cell_size_known and not given.remarks


def test_cell_size_in_degrees_is_metres_by_the_metadata_alone(tmp_path):
    build_arcgis_folder(tmp_path / "data")
    cell = {"x": 1e-5, "y": 1e-5, "spatialReference": {"wkid": 4326, "latestWkid": 4326}}
    edit_json(tmp_path / "data" / "esri_accumulated_stats.json", MinCellSize=cell, MaxCellSize=cell)
    for image in (tmp_path / "data" / "images").glob("*.tif"):
        with rasterio.open(image) as file:
            pixels = file.read()
        write_raster(image, pixels, crs=None, transform=Affine(1e-5, 0, 20, 0, -1e-5, 0))
        image.with_suffix(".tfw").write_text("0.00001\n0\n0\n-0.00001\n20\n0\n")
    # a degree on the equator: 111.3 km east, 110.6 km north
    assert open_training_folder(tmp_path / "data").cell_metres == pytest.approx((1.1132, 1.1057), abs=1e-3)
    for name in ("esri_accumulated_stats.json", "esri_model_definition.emd"):
        edit_json(tmp_path / "data" / name, MinCellSize=None)
    with pytest.raises(EngineError, match="look like degrees"):
        open_training_folder(tmp_path / "data")


def test_chips_of_different_sizes(tmp_path):
    build_arcgis_folder(tmp_path / "data")
    larger = open_training_folder(tmp_path / "data").chips[2]
    place = Affine(1, 0, ORIGIN[0], 0, -1, ORIGIN[1])
    write_raster(larger.image, np.zeros((3, 100, 80), np.uint8), transform=place)
    write_raster(larger.label, np.zeros((1, 100, 80), np.uint8), transform=place)
    larger.image.with_suffix(".tfw").unlink()
    folder = open_training_folder(tmp_path / "data")
    assert folder.tile_size == 64
    assert folder.chips[2].bounds == pytest.approx((ORIGIN[0], ORIGIN[1] - 100, ORIGIN[0] + 80, ORIGIN[1]))


def test_stretch_is_handed_on(data):
    record = {"kind": "percent", "low": [1.0, 2.0, 3.0], "high": [9.0, 9.0, 9.0]}
    edit_json(data / "roadsmith.json", stretch=record)
    assert open_training_folder(data).stretch == record


def test_statistics_are_counted_where_none_are_stored(data):
    stored = open_training_folder(data).band_statistics
    (data / "esri_accumulated_stats.json").unlink()
    from_template = open_training_folder(data).band_statistics
    (data / "esri_model_definition.emd").unlink()
    counted = open_training_folder(data).band_statistics
    for one, template, other in zip(stored, from_template, counted):
        assert template == one and (one.minimum, one.maximum) == (other.minimum, other.maximum)
        assert one.mean == pytest.approx(other.mean) and one.std == pytest.approx(other.std)


def damage(data, how):
    if how == "missing folder":
        shutil.rmtree(data)
    elif how == "foreign folder":
        for name in ("map.txt", "images"):
            path = data / name
            path.unlink() if path.is_file() else shutil.rmtree(path)
    elif how == "empty map":
        (data / "map.txt").write_text("\n")
    elif how == "half a line":
        (data / "map.txt").write_text("images\\000000014.tif\n")
    elif how == "outside":
        (data / "map.txt").write_text("..\\data\\images\\000000014.tif  labels\\000000014.tif\n")
    elif how == "chip gone":
        next((data / "images").glob("*.tif")).unlink()
    elif how == "chip broken":
        chip = data / (data / "map.txt").read_text().splitlines()[0].split()[0].replace("\\", "/")
        chip.write_bytes(b"II*\0 no tiff")
    elif how == "statistics broken":
        (data / "esri_accumulated_stats.json").write_text("{")
    elif how == "statistics a list":
        (data / "esri_accumulated_stats.json").write_text(json.dumps([1]))
    elif how == "other kind":
        edit_json(data / "esri_model_definition.emd", MetaDataMode="RCNN_Masks")


@pytest.mark.parametrize(("how", "sentence"), [
    ("missing folder", "does not exist"), ("foreign folder", "is no training data folder"), ("empty map", "holds no chips"),
    ("half a line", "names no label"), ("outside", "lacks 1 file"), ("chip gone", "lacks 1 file"),
    ("chip broken", r"000000\d+.tif cannot be read"), ("statistics broken", "cannot be read as training data"),
    ("statistics a list", "no JSON object"), ("other kind", "of the kind RCNN_Masks"),
])
def test_damaged_folders_are_one_sentence(data, how, sentence):
    damage(data, how)
    with pytest.raises(EngineError, match=sentence):
        open_training_folder(data)


def test_a_damaged_chip_is_named_when_it_is_read(data):
    chip = open_training_folder(data).chips[-1]
    chip.image.write_bytes(chip.image.read_bytes()[:2000])
    with pytest.raises(EngineError, match=f"{chip.image.name} cannot be read"):
        read_chip(open_training_folder(data).chips[-1])
