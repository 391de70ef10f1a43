"""Whatever a user may feed to training: it goes well, is warned about, or ends in one sentence; nothing is lost or half made."""

import errno
import json
import shutil

import numpy as np
import pytest
import rasterio
import torch
from affine import Affine
from roadsmith.engine.errors import EngineError
from roadsmith.engine.events import Warn
from roadsmith.engine.training import train
from roadsmith.engine.training.loader import epoch_requests, validation_requests
from roadsmith.engine.training.preparation import prepare
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models import registry
from roadsmith.models.package import load_package

from ..conftest import write_raster
from .small_trainings import Listener, TinyNetwork, make_job, write_folder

SIZE, COUNT = 32, 4
NOTHING_TO_LEARN, NO_ROAD = "show nothing to learn from", "No training chip holds a road"


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch):
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("chips") / "data", count=COUNT, size=SIZE)


@pytest.fixture
def data(master, tmp_path):
    return shutil.copytree(master, tmp_path / "data")


def train_on(data, output, **changes):
    """Return the result and the warnings."""
    listener = Listener()
    result = train_road_extractor(make_job(data, output, **changes), listener.reporter)
    assert np.isfinite([result["valid_loss"], result["dice"]]).all()
    return result, [event.text for event in listener.of(Warn)]


def prepared(data, output, **changes):
    """Return what a training would begin with, its first training batch and validation batch, and the warnings."""
    listener = Listener()
    run = prepare(make_job(data, output, **changes), torch.device("cpu"), listener.reporter)
    loader = run.loader()
    batches = [
        next(iter(loader.batches(requests, 4)))
        for requests in (epoch_requests(run.split.training, 1, 1), validation_requests(run.reader, run.split.validation, SIZE))
    ]
    loader.close()
    assert all(torch.isfinite(batch.images).all() for batch in batches)
    assert np.isfinite([*run.data.band_means, *run.data.band_stds, *run.data.cell_metres]).all()
    return run, batches, [event.text for event in listener.of(Warn)]


def refused(data, output, **changes):
    """Return the sentence."""
    before = sorted(output.parent.rglob("*"))
    with pytest.raises(EngineError) as caught:
        train_road_extractor(make_job(data, output, **changes), Listener().reporter)
    assert sorted(output.parent.rglob("*")) == before  # nothing was left behind
    assert "\n" not in caught.value.message
    return caught.value.message


def rewrite(data, kind, change, numbers=range(COUNT), **options):
    """Write chips again with other pixels: ``change`` gets (bands, height, width) and returns that."""
    for number in numbers:
        path = data / kind / f"{number}.tif"
        with rasterio.open(path) as file:
            pixels, transform = file.read(), file.transform
        write_raster(path, change(pixels), transform=transform, **options)


def with_value(value, dtype=np.float32, where=np.s_[:, 3:9, 3:9]):
    def change(pixels):
        pixels = pixels.astype(dtype)
        pixels[where] = value
        return pixels

    return change


def state(**figures):
    return {"BandStatsState": [{"Min": 0, "Max": 99, "M1": 40, "M2": 300, "Num": 100, **figures}] * 3}


@pytest.mark.parametrize("damage", ["nothing", "no image", "half"])
@pytest.mark.parametrize("kind", ["images", "labels"])
def test_damaged_chips_are_named(data, tmp_path, kind, damage):
    path = data / kind / "2.tif"
    whole = path.read_bytes()
    path.write_bytes({"nothing": b"", "no image": b"hello", "half": whole[: len(whole) // 2]}[damage])
    assert f"{kind}/2.tif cannot be read: it is damaged or no image" in refused(data, tmp_path / "m")


@pytest.mark.parametrize(("make", "sentence"), [
    (lambda folder: None, "does not exist"), (lambda folder: folder.mkdir(), "no training data folder"),
    (lambda folder: folder.write_text("x"), "is a file: choose the folder"),
    (lambda folder: write_folder(folder / "inner", count=1), "lies deeper than .* its folders inner"),
    (lambda folder: folder.symlink_to(folder), "does not exist"),
    (lambda folder: write_folder(folder, count=1), "at least two chips"),
    (lambda folder: write_folder(folder, size=24), "chip size is 24"),
], ids=["missing", "empty", "file", "folder above", "loop", "one chip", "small chips"])
def test_wrong_folders(tmp_path, make, sentence):
    folder = tmp_path / "odd"
    make(folder)
    with pytest.raises(EngineError, match=sentence):
        train_road_extractor(make_job(folder, tmp_path / "m"), Listener().reporter)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda data: (data / "labels" / "1.tif").unlink(), "lacks 1 file"),
    (lambda data: (data / "map.txt").write_text("images/0.tif\n"), "names no label beside"),
    (lambda data: (data / "map.txt").write_text(""), "holds no chips"),
    (lambda data: (data / "esri_accumulated_stats.json").write_text("{"), "cannot be read as training data metadata"),
    (lambda data: rewrite(data, "labels", lambda pixels: pixels[:, :16], [2]), "labels/2.tif is 32 × 16 pixels"),
    (lambda data: rewrite(data, "images", lambda pixels: pixels.astype(np.uint16), [2]), "2.tif is uint16, the first"),
    (lambda data: rewrite(data, "images", lambda pixels: pixels[:1], [2]), r"2.tif has 1 band\(s\), the others 3"),
    (lambda data: rewrite(data, "images", lambda pixels: pixels.astype(np.complex64)), "0.tif holds complex numbers"),
    (lambda data: rewrite(data, "images", lambda pixels: np.full_like(pixels, 77)), "have the same value"),
    (lambda data: rewrite(data, "labels", np.zeros_like), NO_ROAD),
    (lambda data: rewrite(data, "labels", lambda pixels: np.full_like(pixels, 255), nodata=255), NOTHING_TO_LEARN),
    (lambda data: rewrite(data, "labels", lambda pixels: pixels * np.float32(0.5)), "numbers that are not whole"),
    (lambda data: rewrite(data, "images", with_value(np.nan, where=np.s_[2])), NOTHING_TO_LEARN),
], ids=["no label", "map: one word", "map: empty", "stats", "label size", "depth", "bands", "complex", "constant", "no road",
        "ignored", "fractions", "a band of NaN"])
def test_data_that_cannot_be_trained_on(data, tmp_path, change, sentence):
    change(data)
    with pytest.raises(EngineError, match=sentence) as caught:
        train_road_extractor(make_job(data, tmp_path / "m"), Listener().reporter)
    assert "\n" not in caught.value.message and not list(tmp_path.glob("m*"))


@pytest.mark.parametrize("value", [np.nan, np.inf, -3.4028235e38], ids=str)
def test_pixels_that_are_no_measurement_count_as_nodata(data, tmp_path, value):
    """All is as with the same chips whose labels say "ignore" there."""
    declared = shutil.copytree(data, tmp_path / "declared")
    rewrite(data, "images", with_value(value))
    rewrite(declared, "images", with_value(50.0))
    rewrite(declared, "labels", with_value(255, np.uint8), nodata=255)
    (one, batches, warnings), (other, expected, _) = prepared(data, tmp_path / "m"), prepared(declared, tmp_path / "m")
    assert one.data.band_means == other.data.band_means and one.data.band_stds == other.data.band_stds and not warnings
    for batch, wanted in zip(batches, expected):
        assert torch.equal(batch.images, wanted.images) and torch.equal(batch.road, wanted.road) and (batch.road == 255).any()


def test_chips_with_nan_train(data, tmp_path):
    rewrite(data, "images", with_value(np.nan))
    rewrite(data, "images", with_value(np.nan, where=np.s_[:]), [1])  # and a chip of nothing else
    result, _ = train_on(data, tmp_path / "m")
    assert all(torch.isfinite(each).all() for each in load_package(result["model"]).network.state_dict().values())


@pytest.mark.parametrize("record", [
    state(M1=float("nan")), state(M1=float("inf")), state(M2=float("nan")), state(M2=0), state(Num=float("inf")),
    {"NumBands": float("inf"), "TileSizeX": float("nan"), "TileSizeY": 9},
], ids=["NaN mean", "infinite mean", "NaN spread", "no spread", "endless count", "no size"])
def test_statistics_that_are_no_numbers_are_counted_anew(data, tmp_path, record):
    plain = prepared(data, tmp_path / "m")[0].data
    (data / "esri_accumulated_stats.json").write_text(json.dumps(record))
    again = prepared(data, tmp_path / "m")[0].data
    assert (again.band_means, again.band_stds, again.tile_size) == (plain.band_means, plain.band_stds, plain.tile_size)


@pytest.mark.parametrize(("bands", "size", "count"), [(1, 33, 4), (7, 32, 2)])
def test_unusual_chips_train(tmp_path, bands, size, count):
    data = write_folder(tmp_path / "data", bands=bands, size=size, count=count)
    result, warnings = train_on(data, tmp_path / "m")
    info = load_package(result["model"]).info
    assert info.bands == list(range(1, bands + 1)) and info.chip_size == size and not warnings


def test_deep_wide_and_mixed_chips_train(data, tmp_path):
    """16 bits, chips that are no squares, and of other sizes than the first."""
    rewrite(data, "images", lambda pixels: pixels.astype(np.uint16) * 200)
    for kind in ("images", "labels"):
        rewrite(data, kind, lambda pixels: np.concatenate([pixels, pixels], axis=2), [1, 2])
    result, _ = train_on(data, tmp_path / "m")
    assert load_package(result["model"]).info.chip_size == SIZE


def test_names_with_spaces_and_other_alphabets(data, tmp_path):
    folder = data.rename(tmp_path / "Straßen und Wege 道路")
    result, _ = train_on(folder, tmp_path / "Modell für 道路")
    assert load_package(result["model"]).info.chip_size == SIZE


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda data: rewrite(data, "images", with_value(9, np.uint8, np.s_[1])), "Band 2 .* has the same value everywhere"),
    (lambda data: rewrite(data, "labels", lambda pixels: pixels + 1), r"hold no 0, .* taken as road \(1, 2\)"),
    (lambda data: rewrite(data, "labels", lambda pixels: pixels * 3, [1]), r"all but 0 are taken as road \(1, 3\)"),
    (lambda data: rewrite(data, "labels", with_value(255, np.uint8)), "255 in the labels .* taken as unknown"),
], ids=["flat band", "no background", "several values", "255"])
def test_what_may_be_wrong_is_said(data, tmp_path, change, sentence):
    change(data)
    _, _, warnings = prepared(data, tmp_path / "m")
    assert len(warnings) == 1
    with pytest.raises(EngineError, match=sentence):
        raise EngineError(warnings[0])


def test_a_broken_georeference_is_none(data, tmp_path):
    for number, place in ((0, Affine(0, 0, 5, 0, 0, 5)), (2, Affine(float("nan"), 0, 5, 0, float("nan"), 5))):
        path = data / "images" / f"{number}.tif"
        with rasterio.open(path) as file:
            pixels = file.read()
        write_raster(path, pixels, transform=place)
    _, _, warnings = prepared(data, tmp_path / "m")
    assert [text for text in warnings if "2 of 4 chips" in text and "no georeference" in text]


def test_a_folder_given_twice_counts_once(data, tmp_path):
    (data / "same").symlink_to(data)
    run, _, warnings = prepared(data, tmp_path / "m", training_data=[str(data), str(data / "same")])
    assert len(run.data.chips) == COUNT and "given twice" in warnings[0]
    run, _, warnings = prepared(data, tmp_path / "n", training_data=[str(data)] * 2, validation_data=[str(data)])
    assert (len(run.split.training), len(run.split.validation)) == (COUNT, COUNT)
    assert any("learning by heart" in text for text in warnings)


def test_cell_sizes_that_are_none(data, tmp_path):
    for size in (-1.0, float("nan"), float("inf")):
        assert "cell size of" in refused(data, tmp_path / "m", cell_size=size)
    (data / "roadsmith.json").write_text('{"cell_metres": [Infinity, 1], "stretch": 5, "bands": ["x"]}')
    run, _, _ = prepared(data, tmp_path / "m")
    assert run.data.cell_metres == pytest.approx((1, 1), abs=0.01) and run.data.bands == [1, 2, 3] and run.data.stretch is None


def test_a_batch_larger_than_the_data(data, tmp_path):
    assert train_on(data, tmp_path / "m", batch_size=10**9, accumulate=10**6)[0]["epochs_run"] == 1


def test_the_model_may_lie_inside_the_training_data_but_not_in_its_place(data, tmp_path):
    for taken in (data, data / "images"):
        assert "is not empty" in refused(data, taken)
    assert train_on(data, data / "model")[0]["epochs_run"] == 1
    (data / "map.txt").unlink()
    assert len(prepared(data, tmp_path / "again")[0].data.chips) == COUNT  # its pictures are not mistaken for chips


def test_a_full_disk_while_the_model_is_written_loses_nothing(data, tmp_path, monkeypatch):
    expected, _ = train_on(data, tmp_path / "unbroken", epochs=2)
    with monkeypatch.context() as patch:
        def full(folder, *others):
            (folder / "half.emd").write_text("half")
            raise OSError(errno.ENOSPC, "No space left on device", str(folder / "half.emd"))

        patch.setattr(train, "write_model_folder", full)
        with pytest.raises(EngineError, match=r"The disk is full while writing .*m: free some space and run again\."):
            train_on(data, tmp_path / "m", epochs=2)
    assert sorted(path.name for path in tmp_path.glob("m*")) == ["m~checkpoint"]
    result, _ = train_on(data, tmp_path / "m", epochs=2, resume=True)
    assert result["valid_loss"] == expected["valid_loss"] and not (tmp_path / "m~checkpoint").exists()
