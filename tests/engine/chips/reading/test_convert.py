import json
from dataclasses import fields

import numpy as np
import pytest
import rasterio
from roadsmith.engine.chips.classified_tiles import resume
from roadsmith.engine.chips.exporting.export import export_training_data
from roadsmith.engine.chips.metadata_files import read_map
from roadsmith.engine.chips.reading.convert import write_training_folder
from roadsmith.engine.chips.reading.folder import open_training_folder, read_chip
from roadsmith.engine.errors import EngineError
from roadsmith.engine.jobs import ExportTrainingData
from roadsmith.engine.reporter import Reporter

from ...conftest import write_raster
from .arcgis_folder import build_arcgis_folder, sample_chips
from .public_folder import build, save

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
METADATA = ("map.txt", "stats.txt", "esri_model_definition.emd", "esri_accumulated_stats.json")


def write(source, target, **options):
    """Write a folder as Classified Tiles, read it again, and compare all that it says."""
    folder = open_training_folder(source, **options)
    write_training_folder(folder, target)
    options.pop("cell_size", None)
    again = open_training_folder(target, **options)
    for each in fields(folder):
        if each.name not in ("path", "chips", "remarks"):
            assert getattr(again, each.name) == getattr(folder, each.name), each.name
    assert len(again.chips) == len(folder.chips)
    for own, other in zip(folder.chips, again.chips):
        assert other.bounds == own.bounds and other.image.is_relative_to(target)
        (image, label), (image_again, label_again) = read_chip(own), read_chip(other)
        assert image.dtype == image_again.dtype and np.array_equal(image, image_again) and np.array_equal(label, label_again)
    assert [path.name for path in target.parent.iterdir() if "~" in path.name] == []
    return folder, again


@pytest.fixture
def exported(noise_raster, road_lines, tmp_path):
    job = ExportTrainingData(
        raster=str(noise_raster), labels=str(road_lines), output_folder=str(tmp_path / "data"), tile_size=64, stride=64,
        attribution="© the mapper",
    )
    export_training_data(job, Reporter())
    return tmp_path / "data"


def test_what_came_from_an_export_stays_as_it_is(exported, tmp_path):
    write(exported, tmp_path / "copy")
    original = {path.relative_to(exported): path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    copy = {path.relative_to(tmp_path / "copy"): path.read_bytes() for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    assert original == copy and len(copy) > 10


def test_only_the_chips_that_the_map_names_are_copied(exported, tmp_path):
    lines = (exported / "map.txt").read_text().splitlines(keepends=True)
    (exported / "map.txt").write_text("".join(lines[:2]))
    write(exported, tmp_path / "copy")
    assert len(list((tmp_path / "copy" / "labels").glob("*.tif"))) == 2


@pytest.mark.parametrize("road_label", ["", "3"])
def test_arcgis_folders_keep_their_classes_and_side_files(tmp_path, road_label):
    classes = [{"Value": 1, "Name": "path", "Color": [1, 2, 3]}, {"Value": 3, "Name": "road", "Color": [-1, -1, -1]}]
    build_arcgis_folder(tmp_path / "data", classes=classes, values=(1, 3), second=True, states="nested", suffix=".TIF")
    (tmp_path / "data" / "transforms.json").write_text("{}")
    _, again = write(tmp_path / "data", tmp_path / "copy", road_label=road_label)
    assert again.class_names == {1: "path", 3: "road"}
    names = {path.relative_to(tmp_path / "data") for path in (tmp_path / "data").rglob("*")}
    assert names == {path.relative_to(tmp_path / "copy") for path in (tmp_path / "copy").rglob("*")}


@pytest.mark.parametrize(("image", "mask", "cell_size"), [
    ("%d_sat.png", "%d_mask.png", 0.5), ("images/%d.jpg", "labels/%d.png", 0.0), ("sat/%d.tiff", "map/%d.tif", 0.0),
])
def test_public_layouts_become_classified_tiles(tmp_path, image, mask, cell_size):
    build(tmp_path / "data", image, mask)
    _, again = write(tmp_path / "data", tmp_path / "copy", cell_size=cell_size)
    assert again.cell_size_known == bool(cell_size)
    suffix = image[image.rindex(".") :]
    assert read_map(tmp_path / "copy") == [(f"images/00000000{n}{suffix}", f"labels/00000000{n}.tif") for n in range(3)]
    lines = (tmp_path / "copy" / "map.txt").read_text().splitlines()
    assert lines[0] == f"images\\000000000{suffix}  labels\\000000000.tif"
    record = json.loads((tmp_path / "copy" / "esri_accumulated_stats.json").read_text())
    roads = [int((read_chip(chip)[1] == 1).sum()) for chip in again.chips]
    assert record["ClassPixelStats"]["NumPixelsPerClass"] == [sum(roads)] and record["NumTiles"] == 3
    assert resume(tmp_path / "copy").next_index == 3  # an export can go on here


def test_blank_areas_alpha_and_georeference_survive(tmp_path):
    for number, (cut, road, *_) in enumerate(sample_chips(64, 3)):
        for kind in ("images", "labels"):
            (tmp_path / "data" / kind).mkdir(parents=True, exist_ok=True)
        image = cut.copy()
        image[:, :20] = 255 if number == 0 else cut[:, :20]
        place = rasterio.Affine(0.25, 0, 500000 + 16 * number, 0, -0.25, 5000000)
        write_raster(tmp_path / "data" / "images" / f"{number}.tif", image, transform=place)
        save(tmp_path / "data" / "labels" / f"{number}.png", road[None] * np.uint8(255))
    alpha = np.full((1, 64, 64), 255, np.uint8)
    alpha[0, :, 40:] = 0
    save(tmp_path / "data" / "images" / "3.png", np.concatenate([image, alpha]))
    (tmp_path / "data" / "images" / "3.pgw").write_text("0.25\n0\n0\n-0.25\n500100.125\n4999999.875\n")
    save(tmp_path / "data" / "labels" / "3.png", road[None] * np.uint8(255))
    _, again = write(tmp_path / "data", tmp_path / "copy")
    assert again.georeferenced and again.cell_metres == pytest.approx((0.25, 0.25), rel=1e-3)
    labels = [read_chip(chip)[1] for chip in again.chips]
    assert (labels[0][:20] == 255).all() and (labels[3][:, 40:] == 255).all() and not (labels[1] == 255).any()
    with rasterio.open(again.chips[0].label) as file:
        assert file.nodata == 255 and file.crs.to_epsg() == 32633 and file.transform.c == 500000


def test_virtual_rasters_become_files(tmp_path):
    build(tmp_path / "data", "images/%d.png", "labels/%d.png", count=1)
    (tmp_path / "data" / "source").mkdir()
    (tmp_path / "data" / "images" / "0.png").rename(tmp_path / "data" / "source" / "0.png")
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><SimpleSource><SourceFilename relativeToVRT="1">../source/0.png'
        f"</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>" for band in (1, 2, 3)
    )
    (tmp_path / "data" / "images" / "0.vrt").write_text(f'<VRTDataset rasterXSize="64" rasterYSize="64">{bands}</VRTDataset>')
    _, again = write(tmp_path / "data", tmp_path / "copy")
    assert again.chips[0].image.name == "000000000.tif"


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path):
    build(tmp_path / "data", "images/%d.png", "labels/%d.png")
    folder = open_training_folder(tmp_path / "data")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.docx").write_text("mine")
    with pytest.raises(EngineError, match="is not empty"):
        write_training_folder(folder, tmp_path / "taken")
    folder.chips[-1].image.write_bytes(b"")
    with pytest.raises(EngineError, match=r"2.png cannot be read"):
        write_training_folder(folder, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "taken"]


def test_missing_metadata_is_made_up_for(exported, tmp_path):
    """ArcGIS's export sometimes ends without its metadata files; written again the folder has them."""
    for name in METADATA:
        (exported / name).unlink()
    folder = open_training_folder(exported)
    write_training_folder(folder, tmp_path / "copy")
    assert all((tmp_path / "copy" / name).is_file() for name in METADATA)
    again = open_training_folder(tmp_path / "copy")
    assert [chip.bounds for chip in again.chips] == [chip.bounds for chip in folder.chips]
