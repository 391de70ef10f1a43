import threading

import numpy as np
import pytest
import rasterio
import torch
from roadsmith.engine.classification.classify import classify_pixels
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Progress, Warn
from roadsmith.engine.jobs import ClassifyPixels
from roadsmith.engine.raster.stretch import Stretch
from roadsmith.engine.reporter import Reporter
from roadsmith.models import registry
from roadsmith.models.package import ModelPackageError

from ..conftest import ORTHOPHOTO, write_raster
from .toy_models import BrightnessNetwork, TinyNetwork, read, write_model


def classify(raster, model, output, reporter=None, **options):
    options = {"tile_size": 128, "padding": 16, "device": "cpu", **options}
    job = ClassifyPixels(raster=str(raster), model=str(model), output=str(output), **options)
    return classify_pixels(job, reporter or Reporter())


def test_the_raster_says_what_it_is(noise_raster, model, tmp_path):
    result = classify(noise_raster, model, tmp_path / "roads.tif", probability=str(tmp_path / "p.tif"))
    with rasterio.open(tmp_path / "roads.tif") as roads, rasterio.open(noise_raster) as image:
        assert (roads.shape, roads.transform, roads.crs) == (image.shape, image.transform, image.crs)
        assert (roads.dtypes[0], roads.nodata, roads.tags()["ROADSMITH_KIND"]) == ("uint8", 255, "classified")
        assert roads.colormap(1)[1][:3] == (230, 60, 40) and roads.profile["tiled"]
        classes = roads.read(1)
    assert "<Category>road</Category>" in (tmp_path / "roads.tif.aux.xml").read_text()
    probability = read(tmp_path / "p.tif")
    assert set(np.unique(classes)) <= {0, 1} and probability.max() <= 254
    # the threshold is applied to the probability itself, the stored one is rounded to 1/254
    assert (classes[probability > 128] == 1).all() and (classes[probability < 126] == 0).all()
    assert result["road_share"] == pytest.approx(classes.mean())


@pytest.mark.parametrize("extent", [(500100, 4999790, 500260, 4999930), (500000, 4999950, 500399, 5000000)])
def test_the_extent_changes_no_pixel(noise_raster, model, tmp_path, extent):
    classify(noise_raster, model, tmp_path / "whole.tif", probability=str(tmp_path / "whole_p.tif"))
    classify(noise_raster, model, tmp_path / "part.tif", probability=str(tmp_path / "part_p.tif"), extent=list(extent))
    left, top = int(extent[0]) - 500000, 5000000 - int(extent[3])
    part = read(tmp_path / "part_p.tif").astype(int)
    whole = read(tmp_path / "whole_p.tif").astype(int)[top : top + part.shape[0], left : left + part.shape[1]]
    assert part.shape == (int(extent[3] - extent[1]), int(extent[2] - extent[0]))
    assert np.abs(part - whole).max() <= 1  # the last bits of a sum may differ, never the tiles


def test_batches_change_no_pixel(noise_raster, model, tmp_path):
    for size in (1, 5):
        classify(noise_raster, model, tmp_path / f"{size}.tif", probability=str(tmp_path / f"p{size}.tif"), batch_size=size)
    assert np.abs(read(tmp_path / "p1.tif").astype(int) - read(tmp_path / "p5.tif")).max() <= 1


@pytest.mark.parametrize(("tile", "padding"), [(64, 0), (64, 16), (128, 8), (512, 64)])
def test_every_pixel_comes_back_in_its_place_whatever_the_tiles(noise_raster, tmp_path, monkeypatch, tile, padding):
    monkeypatch.setitem(registry._NETWORKS, "brightness", BrightnessNetwork)
    package = write_model(tmp_path, "brightness", BrightnessNetwork(bands=3))
    classify(noise_raster, package, tmp_path / "roads.tif", probability=str(tmp_path / "p.tif"), tile_size=tile, padding=padding)
    expected = 254 / (1 + np.exp(-(read(noise_raster).astype(float) - 127) / 60))
    assert np.abs(read(tmp_path / "p.tif") - expected).max() <= 0.51


def test_full_memory_halves_the_batch_and_gives_the_same_pixels(noise_raster, model, tmp_path, monkeypatch):
    classify(noise_raster, model, tmp_path / "whole.tif", probability=str(tmp_path / "p.tif"), batch_size=4)
    answer, most = TinyNetwork.forward, []

    def refuse_large_batches(self, images):
        most.append(len(images))
        if len(images) > 1:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")
        return answer(self, images)

    monkeypatch.setattr(TinyNetwork, "forward", refuse_large_batches)
    classify(noise_raster, model, tmp_path / "tight.tif", probability=str(tmp_path / "tight_p.tif"), batch_size=4)
    assert max(most) == 4 and np.abs(read(tmp_path / "p.tif").astype(int) - read(tmp_path / "tight_p.tif")).max() <= 1
    monkeypatch.setattr(TinyNetwork, "forward", lambda self, images: (_ for _ in ()).throw(RuntimeError("out of memory")))
    with pytest.raises(EngineError, match="too little free memory on the device 'cpu'"):
        classify(noise_raster, model, tmp_path / "none.tif")
    assert not (tmp_path / "none.tif").exists()


def test_a_real_network(noise_raster, tmp_path):
    torch.manual_seed(3)
    package = write_model(tmp_path, "linknet", registry.build("linknet", backbone="resnet18", bands=3, orientation_classes=19))
    result = classify(noise_raster, package, tmp_path / "roads.tif", extent=[500000, 4999900, 500100, 5000000], tile_size=64)
    assert 0 <= result["road_share"] <= 1 and read(tmp_path / "roads.tif").shape == (100, 100)


def test_nodata_stays_nodata(model, tmp_path):
    pixels = np.random.default_rng(1).integers(1, 255, (3, 200, 260), dtype=np.uint8)
    pixels[:, :90, :120] = 0
    raster = write_raster(tmp_path / "holes.tif", pixels, nodata=0)
    classify(raster, model, tmp_path / "roads.tif", probability=str(tmp_path / "p.tif"))
    for path in ("roads.tif", "p.tif"):
        hole = read(tmp_path / path) == 255
        assert hole[:90, :120].all() and hole.sum() == 90 * 120


@pytest.mark.parametrize(("asked", "used", "sentence"), [
    (0.0, 0.25, "Threshold: 0.25, the model's own."), (0.6, 0.6, "Threshold: 0.6, as asked for; the model's own is 0.25."),
])
def test_the_threshold_is_the_models_own_unless_asked_for(tmp_path, monkeypatch, asked, used, sentence):
    """Brightness 127 is a probability of 0.5 to this network, 67 one of 0.27, 7 one of 0.12, 187 one of 0.73."""
    monkeypatch.setitem(registry._NETWORKS, "brightness", BrightnessNetwork)
    package = write_model(tmp_path, "brightness", BrightnessNetwork(bands=3), threshold=0.25)
    row = np.repeat(np.array([7, 67, 127, 187], np.uint8), 4)
    raster, said = write_raster(tmp_path / "steps.tif", np.tile(row, (3, 16, 1))), []
    result = classify(raster, package, tmp_path / "roads.tif", Reporter(said.append), threshold=asked)
    # the steps' middles, away from where tiles are resampled or padded
    assert read(tmp_path / "roads.tif")[8, 1::4].tolist() == [int(each >= used) for each in (0.12, 0.27, 0.5, 0.73)]
    assert result["threshold"] == used and result["road_share"] == pytest.approx(0.75 if used == 0.25 else 0.25)
    assert sentence in [event.text for event in said if isinstance(event, Log)]


def test_all_nodata_is_a_warning(model, tmp_path):
    events = []
    raster = write_raster(tmp_path / "none.tif", np.zeros((3, 100, 100), np.uint8), nodata=0)
    classify(raster, model, tmp_path / "roads.tif", Reporter(events.append))
    assert (read(tmp_path / "roads.tif") == 255).all()
    assert any(isinstance(event, Warn) and "nothing but nodata" in event.text for event in events)


def test_the_image_is_brought_to_the_models_cell_size(model, tmp_path):
    events = []
    result = classify(ORTHOPHOTO, model, tmp_path / "roads.tif", Reporter(events.append), extent=[20.51, -34.04, 20.515, -34.035])
    with rasterio.open(tmp_path / "roads.tif") as roads:
        metres = roads.res[0] * 92_395, roads.res[1] * 110_923
        assert metres == pytest.approx((1, 1), abs=0.01)
        assert roads.bounds[0] <= 20.51 and roads.bounds[2] >= 20.515
    assert result["megapixels"] == pytest.approx(0.005 * 92_395 * 0.005 * 110_923 / 1e6, rel=0.02)
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions) and fractions[-1] >= 0.97


def test_the_training_chips_stretch_is_repeated(tmp_path, monkeypatch):
    """Deep imagery through a model of stretched chips gives what the same imagery gives that was stretched by hand."""
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)
    torch.manual_seed(3)
    network, record = TinyNetwork(), {"kind": "percent", "low": [300.0, 400.0, 500.0], "high": [2000.0, 2500.0, 3000.0]}
    deep = np.random.default_rng(1).integers(200, 3200, (3, 100, 120)).astype(np.uint16)
    by_hand = write_raster(tmp_path / "hand.tif", Stretch.from_record(record).apply(deep))
    raster = write_raster(tmp_path / "deep.tif", deep)
    plain = write_model(tmp_path, "tiny", network)
    expected = classify(by_hand, plain, tmp_path / "a.tif", probability=str(tmp_path / "pa.tif"))
    (tmp_path / "stretched").mkdir()
    stretched = write_model(tmp_path / "stretched", "tiny", network, stretch=record)
    found = classify(raster, stretched, tmp_path / "b.tif", probability=str(tmp_path / "pb.tif"))
    assert found["road_share"] == expected["road_share"]
    with rasterio.open(tmp_path / "pa.tif") as one, rasterio.open(tmp_path / "pb.tif") as other:
        np.testing.assert_array_equal(one.read(), other.read())
    events = []
    classify(by_hand, stretched, tmp_path / "c.tif", Reporter(events.append))
    assert any(isinstance(event, Warn) and "has 8 bits" in event.text for event in events)


def test_tiny_raster(model, tmp_path):
    raster = write_raster(tmp_path / "tiny.tif", np.full((3, 5, 3), 90, np.uint8))
    classify(raster, model, tmp_path / "roads.tif")
    assert read(tmp_path / "roads.tif").shape == (5, 3)


def test_overviews_of_a_large_raster(model, tmp_path):
    pixels = np.zeros((3, 600, 700), np.uint8)
    classify(write_raster(tmp_path / "large.tif", pixels, nodata=0), model, tmp_path / "roads.tif")
    with rasterio.open(tmp_path / "roads.tif") as roads:
        assert roads.overviews(1) == [2]


def bad_inputs(tmp_path, noise_raster, model):
    foreign = tmp_path / "model.dlpk"
    foreign.write_bytes(b"PK but no zip")
    cut = write_raster(tmp_path / "cut.tif", np.random.default_rng(0).integers(0, 255, (3, 300, 400), dtype=np.uint8))
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    grey = write_raster(tmp_path / "grey.tif", np.ones((1, 80, 80), np.uint8))
    bare = write_raster(tmp_path / "bare.tif", np.ones((3, 80, 80), np.uint8), crs=None)
    out = tmp_path / "out" / "roads.tif"
    return {
        "model.dlpk": (noise_raster, foreign, out, {}),
        "nothing.dlpk": (noise_raster, tmp_path / "nothing.dlpk", out, {}),
        "damaged or incomplete": (cut, model, out, {}),
        "has 1: choose imagery": (grey, model, out, {}),
        "has no coordinate system": (bare, model, out, {}),
        "outside the raster": (noise_raster, model, out, {"extent": [0, 0, 1, 1]}),
        "Nothing can be written": (noise_raster, model, "/proc/roadsmith/roads.tif", {}),
        "'tpu' is no device": (noise_raster, model, out, {"device": "tpu"}),
        "threshold cannot be 1.5": (noise_raster, model, out, {"threshold": 1.5}),
        "threshold cannot be nan": (noise_raster, model, out, {"threshold": float("nan")}),
    }


@pytest.mark.parametrize("sentence", [
    "model.dlpk", "nothing.dlpk", "damaged or incomplete", "has 1: choose imagery", "has no coordinate system",
    "outside the raster", "Nothing can be written", "'tpu' is no device", "threshold cannot be 1.5", "threshold cannot be nan",
])
def test_bad_input_is_one_sentence_and_leaves_nothing(sentence, tmp_path, noise_raster, model):
    raster, package, output, options = bad_inputs(tmp_path, noise_raster, model)[sentence]
    with pytest.raises((EngineError, ModelPackageError), match=sentence) as caught:
        classify(raster, package, output, probability=str(output).replace("roads.tif", "p.tif"), **options)
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "out").glob("*"))


def test_cancel_leaves_an_older_result_alone(noise_raster, model, tmp_path):
    output = tmp_path / "roads.tif"
    output.write_bytes(b"older")
    cancel, seen = threading.Event(), []

    def stop_after_a_while(event):
        seen.append(event)
        if isinstance(event, Progress) and event.fraction > 0.2:
            cancel.set()

    with pytest.raises(Cancelled):
        classify(noise_raster, model, output, Reporter(stop_after_a_while, cancel), tile_size=64, padding=8)
    assert output.read_bytes() == b"older"
    # parts that were finished before the cancel are kept to go on from
    assert {path.name for path in tmp_path.iterdir()} - {"roads.tif~unfinished"} == {"noise.tif", "roads.tif"}
