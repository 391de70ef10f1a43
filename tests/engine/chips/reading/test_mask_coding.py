import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from roadsmith.engine.chips.reading.folder import open_training_folder, read_chip
from roadsmith.engine.chips.reading.greys import Greys
from roadsmith.engine.chips.reading.mask_coding import ColourCoding
from roadsmith.engine.chips.reading.mask_file import Mask
from roadsmith.engine.errors import EngineError

from .arcgis_folder import sample_chips
from .public_folder import save, save_palette

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
SIZE = 64
IMAGE, ROAD = sample_chips(SIZE, 1)[0][:2]
#: Where a second class lies: not on the road.
OTHER = ~ROAD & (np.arange(SIZE)[:, None] < 20)


def build(folder, *masks, suffix=".png", **options):
    for number, mask in enumerate(masks):
        save(folder / "images" / f"{number}.png", IMAGE)
        save(folder / "masks" / f"{number}{suffix}", mask if np.ndim(mask) == 3 else mask[None], **options)
    return folder


def grey(road=255, other=0, background=0, dtype=np.uint8):
    values = np.full((SIZE, SIZE), background, dtype)
    values[OTHER], values[ROAD] = other, road
    return values


def coloured(road, other=(0, 0, 0), background=(0, 0, 0)):
    return np.stack([grey(*parts) for parts in zip(road, other, background)])


def labels(folder, road_label=""):
    return [read_chip(chip)[1] for chip in open_training_folder(folder, road_label).chips]


@pytest.mark.parametrize("mask", [
    grey(1), grey(255), grey(38), grey(65535, dtype=np.uint16), grey(255, dtype=np.uint16), coloured((255, 255, 255)),
    coloured((255, 0, 0)), np.concatenate([coloured((255, 255, 255)), np.full((1, SIZE, SIZE), 255, np.uint8)]),
    np.stack([grey(255), np.full((SIZE, SIZE), 255, np.uint8)]),
], ids=["0/1", "0/255", "0/38", "16 bits", "16 bits 255", "grey RGB", "one colour", "RGBA", "grey and alpha"])
def test_masks_with_one_road_value_need_no_word(tmp_path, mask):
    assert np.array_equal(labels(build(tmp_path, mask))[0], ROAD)


@pytest.mark.parametrize("colour", [False, True])
def test_jpeg_masks_are_cut_at_128(tmp_path, colour):
    road = np.kron(ROAD, np.ones((2, 2), bool))
    pixels = np.broadcast_to(road * np.uint8(255), (3 if colour else 1, *road.shape))
    save(tmp_path / "0_mask.jpg", pixels, quality=60)
    save(tmp_path / "0_sat.jpg", np.kron(IMAGE, np.ones((1, 2, 2), np.uint8)))
    with rasterio.open(tmp_path / "0_mask.jpg") as file:
        stored = file.read(1)
    (label,) = labels(tmp_path)
    assert len(np.unique(stored)) > 16 and np.array_equal(label, stored >= 128) and (label != road).mean() < 0.02


def test_soft_masks_are_cut_at_128(tmp_path):
    from scipy.ndimage import gaussian_filter

    soft = gaussian_filter(ROAD * 255.0, 1.0).astype(np.uint8)
    soft[0, 0], soft[0, 1] = 0, 255
    assert np.array_equal(labels(build(tmp_path, soft))[0], soft >= 128)


def test_several_greys_are_asked_about(tmp_path):
    build(tmp_path, grey(128, 75), grey(128, 38))
    with pytest.raises(EngineError, match=r"hold several values: 0 \(\d+\.\d+ %\)|hold several values: 0 \(") as caught:
        open_training_folder(tmp_path)
    assert all(f" {value} (" in caught.value.message for value in (0, 38, 75, 128)) and "road label" in caught.value.message
    assert [int(label.sum()) for label in labels(tmp_path, "128")] == [ROAD.sum()] * 2
    assert np.array_equal(labels(tmp_path, "128, 75")[0], ROAD | OTHER)
    with pytest.raises(EngineError, match=r"hold no 7: they hold 0 \("):
        open_training_folder(tmp_path, "7")
    with pytest.raises(EngineError, match="no names of classes, such as 'road'"):
        open_training_folder(tmp_path, "road")


def test_blurred_greys_of_several_classes(tmp_path):
    mask = np.kron(grey(128, 75), np.ones((4, 4), np.uint8))
    save(tmp_path / "0_mask.jpg", mask[None], quality=60)
    save(tmp_path / "0.png", np.zeros((3, *mask.shape), np.uint8) + 90)
    with pytest.raises(EngineError, match="hold several values"):
        open_training_folder(tmp_path)
    (label,) = labels(tmp_path, "128")
    assert (label != (mask == 128)).mean() < 0.02


def test_classes_with_an_unknown_value(tmp_path):
    mask = grey(1)
    mask[:3] = 255
    build(tmp_path, mask)
    with pytest.raises(EngineError, match="several values"):
        open_training_folder(tmp_path)
    folder = open_training_folder(tmp_path, "1")
    label = read_chip(folder.chips[0])[1]
    assert (label[:3] == 255).all() and np.array_equal(label[3:], ROAD[3:]) and "255" in folder.remarks[0]


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_one_colour_of_several(tmp_path, suffix):
    mask = np.kron(coloured((255, 0, 0), (0, 0, 255), (0, 255, 0)), np.ones((4, 4), np.uint8))
    save(tmp_path / f"0_mask{suffix}", mask)
    save(tmp_path / "0_sat.png", np.zeros_like(mask) + 90)
    with pytest.raises(EngineError, match="hold several colours") as caught:
        open_training_folder(tmp_path)
    if suffix == ".png":
        assert f"#ff0000 ({ROAD.mean():.2%})" in caught.value.message and "#0000ff" in caught.value.message
    road = np.kron(ROAD, np.ones((4, 4), bool))
    (label,) = labels(tmp_path, "#ff0000")
    assert (label != road).mean() <= (0 if suffix == ".png" else 0.03)
    assert np.array_equal(labels(tmp_path, "#F80808")[0], label)  # near enough
    with pytest.raises(EngineError, match=r"hold no #ffff00: they hold #"):
        open_training_folder(tmp_path, "#ffff00")


def test_palette_masks(tmp_path):
    path = build(tmp_path, grey(2, 5), suffix=".tif") / "masks" / "0.tif"
    save_palette(path, grey(2, 5), {0: (9, 9, 9, 255), 2: (200, 0, 0, 255), 5: (0, 0, 200, 255)})
    with pytest.raises(EngineError, match="several colours"):
        open_training_folder(tmp_path)
    assert np.array_equal(labels(tmp_path, "#c80000")[0], ROAD) and np.array_equal(labels(tmp_path, "2")[0], ROAD)


def test_black_and_white_palette(tmp_path):
    path = build(tmp_path, grey(1), suffix=".tif") / "masks" / "0.tif"
    save_palette(path, grey(1), {0: (0, 0, 0, 255), 1: (255, 255, 255, 255)})
    assert np.array_equal(labels(tmp_path)[0], ROAD)


def test_nodata_of_a_mask_is_ignored(tmp_path):
    mask = grey(1)
    mask[:4] = 9
    (label,) = labels(build(tmp_path, mask, suffix=".tif", nodata=9))
    assert (label[:4] == 255).all() and np.array_equal(label[4:], ROAD[4:])


def test_masks_without_a_road_are_told(tmp_path):
    folder = open_training_folder(build(tmp_path, grey(0), grey(0)), cell_size=1.0)
    assert len(folder.remarks) == 1 and "No mask" in folder.remarks[0]


@pytest.mark.parametrize(("usual", "strange", "sentence"), [
    (grey(255), grey(255, 128), "distinct greys"), (grey(1), grey(1, 2), "holds the value 2"),
    (grey(255), coloured((255, 0, 0)), "is coloured"), (coloured((255, 0, 0)), coloured((255, 0, 0), (0, 0, 255)), "#0000ff"),
])
def test_what_no_sampled_mask_holds_is_an_error_with_its_name(tmp_path, usual, strange, sentence):
    build(tmp_path, *[usual] * 33)
    chips = open_training_folder(tmp_path).chips
    save(chips[20].label, strange if strange.ndim == 3 else strange[None])
    with pytest.raises(EngineError, match=rf"{chips[20].label.name} .*{sentence}|{chips[20].label.name} {sentence}"):
        read_chip(chips[20])


def test_a_road_beyond_the_sample_is_found(tmp_path):
    build(tmp_path, *[grey(0)] * 40, grey(3))
    folder = open_training_folder(tmp_path)
    (number,) = [number for number, chip in enumerate(folder.chips) if chip.label.stem == "40"]
    assert np.array_equal(read_chip(folder.chips[number])[1], ROAD)
    (tmp_path / "masks" / "9.png").unlink()
    save(tmp_path / "masks" / "9.png", grey(3)[None])
    assert sum(int(label.any()) for label in labels(tmp_path, "3")) == 2


@pytest.mark.parametrize(("text", "sentence"), [("#ff00", "no colour"), ("#ff0000, 1", "mixes colours and values")])
def test_road_labels_that_are_none(tmp_path, text, sentence):
    with pytest.raises(EngineError, match=sentence):
        open_training_folder(build(tmp_path, grey(1)), text)


def test_mask_of_fractions(tmp_path):
    with pytest.raises(EngineError, match="not whole"):
        open_training_folder(build(tmp_path, grey(1).astype(np.float32) / 2, suffix=".tif"))


def test_noise_and_classes_between_black_and_white():
    mask = np.kron(grey(255), np.ones((4, 4), np.uint8))
    assert Greys.of(mask).are_noise(lossy=False)
    slope = mask.copy()
    slope[:32, :] = np.linspace(0, 255, 32).astype(np.uint8)[:, None]
    assert Greys.of(slope).middle > 1000 and Greys.of(slope).are_noise(lossy=False)
    area = mask.copy()
    area[:32, :] = 120 + np.arange(32)[:, None] % 3  # three greys, as JPEG makes of one
    assert not Greys.of(area).are_noise(lossy=True)
    line = mask.copy()
    line[7] = 120
    assert not Greys.of(line).are_noise(lossy=False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.sampled_from([(255, 0, 0), (0, 0, 255), (255, 255, 0)]))
def test_noise_below_the_tolerance_never_changes_a_colour(seed, road):
    generator = np.random.default_rng(seed)
    legend = np.array([(0, 0, 0), (255, 0, 0), (0, 0, 255), (255, 255, 0)])
    classes = generator.integers(0, 4, (16, 16))
    noisy = np.clip(legend[classes] + generator.integers(-25, 26, (16, 16, 3)), 0, 255).astype(np.uint8)
    mask = Mask(None, np.moveaxis(noisy, -1, 0), None, None, True)
    others = tuple(tuple(int(part) for part in colour) for colour in legend if tuple(colour) != road)
    label = ColourCoding((road,), others, closed=True, lossy=True).decode(mask)
    assert np.array_equal(label, (legend[classes] == road).all(axis=-1))
