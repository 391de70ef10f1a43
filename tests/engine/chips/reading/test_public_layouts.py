import os

import numpy as np
import pytest
import rasterio
from roadsmith.engine.chips.reading.blank_areas import blank_areas
from roadsmith.engine.chips.reading.folder import open_training_folder, read_chip
from roadsmith.engine.errors import EngineError

from ...conftest import write_raster
from .arcgis_folder import sample_chips
from .public_folder import build, save, save_palette

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


@pytest.mark.parametrize(("image", "mask", "chosen"), [
    ("%d_sat.png", "%d_mask.png", ""), ("%03d.png", "%03d_mask.png", ""), ("%d.tif", "%d_Mask.TIF", ""),
    ("sat/%d.tiff", "map/%d.tif", ""), ("images/%d.png", "gt/%d.png", ""), ("Images/t_%d.png", "Labels/T_%d.tif", ""),
    ("image/%d_sat.png", "label/%d_mask.png", ""), ("input/%d.png", "output/%d.png", ""), ("input/%d.tif", "target/%d.tif", ""),
    ("images/%d.png", "masks/%d-mask.png", ""), ("tiff/train/%d.tiff", "tiff/train_labels/%d.tif", "tiff/train"),
])
def test_layouts(tmp_path, image, mask, chosen):
    chips = build(tmp_path, image, mask)
    (tmp_path / "readme.txt").write_text("")
    (tmp_path / "._0.png").write_bytes(b"a note of macOS")
    folder = open_training_folder(tmp_path / chosen, cell_size=0.5)
    assert len(folder.chips) == 3 and folder.tile_size == 64 and folder.band_count == 3 and folder.bands == [1, 2, 3]
    for chip, (pixels, road) in zip(folder.chips, chips):
        read, label = read_chip(chip)
        assert np.array_equal(read, pixels) and np.array_equal(label, road)
    assert not folder.georeferenced and folder.cell_metres == (0.5, 0.5) and not folder.remarks
    assert folder.class_names == {1: "road"} and folder.dtype == "uint8" and folder.stretch is None
    figures = np.stack([pixels for pixels, _ in chips]).astype(float)
    assert [band.mean for band in folder.band_statistics] == pytest.approx(figures.mean(axis=(0, 2, 3)).tolist())


def test_deepglobe_with_jpeg_images_and_unequal_sizes(tmp_path):
    chips = build(tmp_path, "%d_sat.jpg", "%d_mask.png")
    (image, road, *_) = sample_chips(96, 1)[0]
    save(tmp_path / "3_sat.jpg", image)
    save(tmp_path / "3_mask.png", road[None] * np.uint8(255))
    folder = open_training_folder(tmp_path)
    assert folder.tile_size == 64 and len(folder.chips) == len(chips) + 1 and len(folder.remarks) == 1
    assert [read_chip(chip)[1].shape for chip in folder.chips] == [(64, 64)] * 3 + [(96, 96)]


def test_georeferenced_pairs_know_where_they_are(tmp_path):
    for number, (image, road, *_) in enumerate(sample_chips(64, 2)):
        for kind, pixels in (("images", image), ("labels", road[None].astype(np.uint8))):
            (tmp_path / kind).mkdir(exist_ok=True)
            place = rasterio.Affine(2, 0, 500000 + 128 * number, 0, -2, 5000000)
            write_raster(tmp_path / kind / f"{number}.tif", pixels, transform=place)
    folder = open_training_folder(tmp_path, cell_size=9.0)
    assert folder.georeferenced and folder.cell_metres == pytest.approx((2, 2), rel=1e-3)
    assert [chip.bounds[0] for chip in folder.chips] == [500000, 500128]
    # a PNG with a world file counts as well, one without does not
    save(tmp_path / "images" / "2.png", np.zeros((3, 64, 64), np.uint8))
    save(tmp_path / "labels" / "2.png", np.zeros((1, 64, 64), np.uint8))
    folder = open_training_folder(tmp_path)
    assert folder.chips[2].bounds is None and not folder.georeferenced and "1 of 3 chips" in folder.remarks[0]
    (tmp_path / "images" / "2.PGW").write_text("2\n0\n0\n-2\n500257\n4999999\n")
    assert open_training_folder(tmp_path).chips[2].bounds == (500256, 4999872, 500384, 5000000)


def test_halves_without_the_other_are_told_and_left_out(tmp_path):
    build(tmp_path, "sat/%d.png", "map/%d.png")
    (tmp_path / "map" / "0.png").unlink()
    (tmp_path / "sat" / "2.png").rename(tmp_path / "sat" / "7.png")
    folder = open_training_folder(tmp_path, cell_size=1.0)
    assert [chip.image.name for chip in folder.chips] == ["1.png"]
    assert len(folder.remarks) == 2
    assert "2 image(s)" in folder.remarks[0] and "first 0.png" in folder.remarks[0] and "first 2.png" in folder.remarks[1]


def test_rgba_images_lose_their_alpha_and_what_lies_under_it(tmp_path):
    build(tmp_path, "images/%d.png", "masks/%d.png", count=1)
    with rasterio.open(tmp_path / "images" / "0.png") as file:
        pixels = file.read()
    alpha = np.full((1, 64, 64), 255, np.uint8)
    alpha[0, 10:20] = 0
    save(tmp_path / "images" / "0.png", np.concatenate([pixels, alpha]))
    folder = open_training_folder(tmp_path)
    image, label = read_chip(folder.chips[0])
    assert folder.band_count == 3 and np.array_equal(image, pixels)
    assert np.array_equal(label == 255, alpha[0] == 0)


def test_blank_areas():
    image = np.full((3, 60, 60), 120, np.uint8)
    image[:, :7, :7] = 255  # 49 pixels: a roof
    image[:, 30:38, 30:38] = 255  # 64 pixels in the middle
    image[:, 50:, :] = 0  # black at the edge
    image[:, 40:48, 40:48] = 0  # a black roof
    image[0, 20, :] = 255  # pure red is a colour
    expected = np.zeros((60, 60), bool)
    expected[30:38, 30:38] = expected[50:] = True
    assert np.array_equal(blank_areas(image), expected)
    assert blank_areas(np.full((3, 8, 8), 120, np.uint8)) is None


def test_roads_on_white_outside_the_flight_are_ignored(tmp_path):
    ((image, road),) = build(tmp_path, "images/%d.png", "masks/%d.png", count=1)
    white = image.copy()
    white[:, :, :30] = 255
    save(tmp_path / "images" / "0.png", white)
    folder = open_training_folder(tmp_path)
    label = read_chip(folder.chips[0])[1]
    assert (label[:, :30] == 255).all() and np.array_equal(label[:, 30:], road[:, 30:]) and road[:, :30].any()
    assert folder.band_statistics[0].mean == pytest.approx(image[0, :, 30:].mean())  # white is not part of the statistics
    # with a declared nodata value white is a colour like others
    save(tmp_path / "images" / "0.tif", white, nodata=7)
    (tmp_path / "images" / "0.png").unlink()
    assert not (read_chip(open_training_folder(tmp_path).chips[0])[1][:, :30] == 255).all()


def wrong(folder, how):
    chips = build(folder / "train" if how == "deeper" else folder, "images/%d.png", "masks/%d.png")
    if how == "deeper":
        build(folder / "valid", "%d_sat.png", "%d_mask.png")
    elif how == "half":
        return folder / "images"
    elif how == "two sets":
        build(folder, "images/%d.png", "gt/%d.png")
    elif how == "no masks":
        for number in range(3):
            (folder / "masks" / f"{number}.png").unlink()
    elif how == "only images":
        build(folder / "new", "%d.png", "%d.jpg")
        for number in range(3):
            (folder / "new" / f"{number}.jpg").unlink()
        return folder / "new"
    elif how == "other names":
        for number in range(3):
            (folder / "masks" / f"{number}.png").rename(folder / "masks" / f"m{number}.png")
    elif how == "sizes":
        save(folder / "masks" / "1.png", np.zeros((1, 64, 60), np.uint8))
    elif how == "twice":
        save(folder / "images" / "1.tif", chips[1][0])
    elif how == "broken":
        path = folder / "masks" / "1.png"
        path.write_bytes(path.read_bytes()[:-60])
    elif how == "palette":
        save_palette(folder / "images" / "0.tif", chips[0][0][0], {value: (value, 0, 0, 255) for value in range(256)})
        (folder / "images" / "0.png").unlink()
    return folder


@pytest.mark.parametrize(("how", "sentence"), [
    ("deeper", "choose one of its folders train, valid"), ("half", "one half of the training data: choose the folder above"),
    ("two sets", "more than one set of images and masks: images/masks and images/gt"),
    ("no masks", "is no training data folder: it holds no map.txt"), ("only images", r"holds 3 image\(s\) but no masks"),
    ("other names", r"No image of .* has a mask of the same name"),
    ("sizes", r"1.png is 60 × 64 pixels, its image .*1.png 64 × 64"),
    ("twice", "go by the same name"), ("broken", "1.png cannot be read"), ("palette", "has a colour table"),
])
def test_what_cannot_be_read_is_one_sentence(tmp_path, how, sentence):
    with pytest.raises(EngineError, match=sentence):
        open_training_folder(wrong(tmp_path, how))


def test_thousands_of_chips_are_not_read_to_open_a_folder(tmp_path, monkeypatch):
    from roadsmith.engine.chips.reading import image_file

    build(tmp_path, "%d_sat.png", "%d_mask.png", count=1)
    for number in range(1, 1500):
        for kind in ("sat", "mask"):
            os.link(tmp_path / f"0_{kind}.png", tmp_path / f"{number}_{kind}.png")
    reads = []
    real = image_file.rasterio.open
    monkeypatch.setattr(image_file.rasterio, "open", lambda path, *rest, **more: reads.append(path) or real(path, *rest, **more))
    folder = open_training_folder(tmp_path)
    assert len(folder.chips) == 1500 and len({path for path in reads if "_sat" in path.name}) <= 1300


