"""Test-time augmentation, mask, formats of the results, and what is said about inputs that do not fit."""

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
import torch
from rasterio.enums import ColorInterp
from roadsmith.engine.classification.augmented import merged
from roadsmith.engine.classification.tiles import TileReader
from roadsmith.engine.devices import choose_devices
from roadsmith.engine.errors import EngineError
from roadsmith.engine.events import Warn
from roadsmith.engine.raster.grid import Window
from roadsmith.engine.reporter import Reporter
from roadsmith.models import registry
from roadsmith.models.network import RoadOutputs

from ..conftest import write_raster
from .toy_models import TinyNetwork, assert_same, classify, cut_small, read, write_model


def write_mask(path, shapes, crs="EPSG:32633"):
    kind = "Polygon" if all(each.geom_type == "Polygon" for each in shapes) else "Unknown"
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(shapes, object)), [np.arange(len(shapes))], ["id"], layer="mask", geometry_type=kind,
        crs=crs, driver="GPKG",
    )
    return str(path)


def warnings_of(events):
    return [event.text for event in events if isinstance(event, Warn)]


def test_each_view_of_a_tile_is_turned_back():
    """A predictor that answers the place of each pixel in the tile it sees: eight different views, worked out by hand."""
    images = torch.arange(6.0).reshape(1, 1, 2, 3)
    seen = []

    def predict(views):
        seen.append(views[0, 0].tolist())
        return views[:, 0] * 10

    for count in (1, 2, 4, 8):
        assert torch.equal(merged(predict, images, count, "mean"), images[:, 0] * 10)
    assert seen[-8:] == [
        [[0, 1, 2], [3, 4, 5]], [[2, 1, 0], [5, 4, 3]], [[3, 4, 5], [0, 1, 2]], [[5, 4, 3], [2, 1, 0]],
        [[0, 3], [1, 4], [2, 5]], [[2, 5], [1, 4], [0, 3]], [[3, 0], [4, 1], [5, 2]], [[5, 2], [4, 1], [3, 0]],
    ]


def test_views_are_merged_as_asked():
    """The top left corner answers 1: after two mirrorings each end of the top row has been it once."""

    def corner(views):
        answers = torch.zeros_like(views[:, 0])
        answers[:, 0, 0] = 1
        return answers

    images = torch.zeros(1, 3, 2, 3)
    top = {policy: merged(corner, images, 2, policy)[0].tolist()[0] for policy in ("mean", "max", "min")}
    assert top == {"mean": [0.5, 0, 0.5], "max": [1, 0, 1], "min": [0, 0, 0]}
    assert merged(corner, images, 8, "mean")[0].tolist() == [[0.25, 0, 0.25], [0.25, 0, 0.25]]


@pytest.mark.parametrize("policy", ["mean", "max", "min"])
def test_a_network_that_does_not_mind_turning_gives_the_same_with_eight_views(noise_raster, brightness_model, tmp_path, policy):
    for views in (1, 8):
        classify(noise_raster, brightness_model, tmp_path / f"{views}.tif", test_time_augmentation=views, merge_policy=policy)
    one, other = (read(tmp_path / f"{views}_p.tif").astype(int) for views in (1, 8))
    assert np.abs(one - other).max() <= 1


def test_the_mask_changes_nothing_inside_it(noise_raster, model, tmp_path, monkeypatch):
    """Two polygons, one in degrees' worth of another system, overlapping parts and tiles; a hole is outside."""
    cut_small(monkeypatch)
    left, top = 500000, 5000000
    ring = shapely.Polygon(
        [(left + 20, top - 10), (left + 140, top - 10), (left + 140, top - 120), (left + 20, top - 120)],
        [[(left + 60, top - 50), (left + 80, top - 50), (left + 80, top - 70), (left + 60, top - 70)]],
    )
    box = shapely.box(left + 300, top - 290, left + 330, top - 250)
    classify(noise_raster, model, tmp_path / "whole.tif")
    read_before = []
    original = TileReader._tile
    monkeypatch.setattr(TileReader, "_tile", lambda *each: (read_before.append(each[1:3]), original(*each))[1])
    classify(noise_raster, model, tmp_path / "masked.tif", mask=write_mask(tmp_path / "mask.gpkg", [ring, box]))
    expected = np.zeros((300, 400), bool)
    expected[10:120, 20:140] = True
    expected[50:70, 60:80] = False
    expected[250:290, 300:330] = True
    for suffix in ("", "_p"):
        masked, whole = read(tmp_path / f"masked{suffix}.tif"), read(tmp_path / f"whole{suffix}.tif")
        np.testing.assert_array_equal(masked, np.where(expected, whole, 255))
    asked = {window for window, pixels in read_before if pixels is not None}
    # tiles begin at -8, 40, 88, …: these two hold none of the polygons, the last one is the box's alone
    assert Window(136, -8, 64, 64) not in asked and Window(40, 232, 64, 64) not in asked and Window(232, 280, 64, 64) in asked
    assert len(asked) == 4 * 3 + 2 * 2


def test_a_mask_in_another_system_and_one_that_misses(noise_raster, model, tmp_path):
    shape = shapely.box(500100, 4999800, 500200, 4999900)
    here = write_mask(tmp_path / "here.gpkg", [shape])
    longitude, latitude = 15.0, 45.1527  # beside the raster's corner
    classify(noise_raster, model, tmp_path / "here.tif", mask=here)
    import pyproj

    to_degrees = pyproj.Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    dense = shapely.segmentize(shape, 1.0)
    degrees = shapely.transform(dense, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])))
    classify(noise_raster, model, tmp_path / "degrees.tif", mask=write_mask(tmp_path / "deg.gpkg", [degrees], "EPSG:4326"))
    assert_same(tmp_path / "here.tif", tmp_path / "degrees.tif")
    assert (read(tmp_path / "here.tif") != 255).sum() == 100 * 100
    far = write_mask(tmp_path / "far.gpkg", [shapely.Point(longitude + 1, latitude).buffer(0.01)], "EPSG:4326")
    with pytest.raises(EngineError, match="lies outside the raster"):
        classify(noise_raster, model, tmp_path / "far.tif", mask=far)
    line = write_mask(tmp_path / "line.gpkg", [shapely.LineString([(500000, 4999900), (500100, 4999900)])])
    with pytest.raises(EngineError, match="holds no polygon"):
        classify(noise_raster, model, tmp_path / "line_out.tif", mask=line)


def test_tiles_without_imagery_are_not_classified(model, tmp_path, monkeypatch):
    pixels = np.zeros((3, 300, 300), np.uint8)
    pixels[:, 200:210, 100:110] = 90
    seen, forward = [], TinyNetwork.forward
    monkeypatch.setattr(TinyNetwork, "forward", lambda self, images: (seen.append(len(images)), forward(self, images))[1])
    classify(write_raster(tmp_path / "holes.tif", pixels, nodata=0), model, tmp_path / "roads.tif")
    # tiles begin at -8, 40, 88, … : two by two hold the square, rows 184 and 136 (to 199) do not both
    assert sum(seen) == 2
    assert (read(tmp_path / "roads.tif") != 255).sum() == 100


@pytest.mark.parametrize("cog", [False, True])
def test_results_are_complete_rasters(noise_raster, model, tmp_path, monkeypatch, cog):
    big = np.tile(read(noise_raster), (3, 2, 2))
    raster = write_raster(tmp_path / "big.tif", big)
    cut_small(monkeypatch, rows=200, columns=300)
    classify(raster, model, tmp_path / "roads.tif", cog=cog, tile_size=256, padding=32)
    for suffix, kind in (("", "classified"), ("_p", "probability")):
        with rasterio.open(tmp_path / f"roads{suffix}.tif") as file, rasterio.open(raster) as image:
            assert (file.shape, file.transform, file.crs) == (image.shape, image.transform, image.crs)
            assert (file.nodata, file.tags()["ROADSMITH_KIND"], file.overviews(1)) == (255, kind, [2])
            assert file.tags().get("ROADSMITH_THRESHOLD") == (None if kind == "classified" else "0.5")
            assert file.profile["tiled"] and file.profile["compress"] == "deflate"
            assert (file.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG") == cog
            if kind == "classified":
                assert file.colormap(1)[1] == (230, 60, 40, 255) and file.colorinterp[0] == ColorInterp.palette
    assert "<Category>road</Category>" in (tmp_path / "roads.tif.aux.xml").read_text()
    assert {path.name for path in tmp_path.iterdir()} == {"noise.tif", "big.tif", "roads.tif", "roads.tif.aux.xml", "roads_p.tif"}


@pytest.mark.parametrize(("own", "asked", "noted"), [(None, 0.0, "0.5"), (0.35, 0.0, "0.35"), (0.35, 0.62, "0.62")])
def test_where_roads_are_best_drawn_is_noted(noise_raster, tmp_path, monkeypatch, own, asked, noted):
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)
    model = write_model(tmp_path, "tiny", TinyNetwork(), network_threshold=own)
    classify(noise_raster, model, tmp_path / "roads.tif", threshold=asked)
    with rasterio.open(tmp_path / "roads_p.tif") as file:
        assert file.tags()["ROADSMITH_THRESHOLD"] == noted


def test_float_probabilities(noise_raster, model, tmp_path):
    image = read(noise_raster)
    image[:20] = 0
    raster = write_raster(tmp_path / "hole.tif", np.stack([image] * 3), nodata=0)
    for name in ("uint8", "float32"):
        classify(raster, model, tmp_path / f"{name}.tif", probability_format=name)
    exact, rounded = read(tmp_path / "float32_p.tif"), read(tmp_path / "uint8_p.tif")
    with rasterio.open(tmp_path / "float32_p.tif") as file:
        assert (file.dtypes[0], file.nodata) == ("float32", -1)
    hole = rounded == 255
    assert hole[:20].all() and (exact[hole] == -1).all()
    np.testing.assert_array_equal(np.rint(exact[~hole] * 254), rounded[~hole])


@pytest.mark.parametrize(("make", "sentence"), [
    (lambda noise: noise.astype(np.uint16) * 40, "has values up to 10160"),
    (lambda noise: noise // 8, "Band 1 of the raster has values of 15."),
    (lambda noise: (noise // 50) + 120, "expect poor roads"),
    (lambda noise: (noise / 255).astype(np.float32), "Band 1 of the raster has values of 0."),
])
def test_values_unlike_those_of_the_training_imagery_are_a_warning(noise_raster, model, tmp_path, make, sentence):
    said = []
    with rasterio.open(noise_raster) as file:
        pixels = make(file.read())
    classify(write_raster(tmp_path / "other.tif", pixels), model, tmp_path / "roads.tif", Reporter(said.append))
    assert any(sentence in text for text in warnings_of(said))


def test_values_like_those_of_the_training_imagery_are_none(noise_raster, model, tmp_path):
    said = []
    classify(noise_raster, model, tmp_path / "roads.tif", Reporter(said.append))
    with rasterio.open(noise_raster) as file:  # 8 bits in 16
        wide = write_raster(tmp_path / "wide.tif", file.read().astype(np.uint16))
    classify(wide, model, tmp_path / "wide_out.tif", Reporter(said.append))
    assert warnings_of(said) == []
    assert_same(tmp_path / "roads.tif", tmp_path / "wide_out.tif")


@pytest.mark.parametrize(("cell", "asked", "sentence"), [
    (1.5, 0.0, "cannot be found"), (0.6, 0.0, "averaged away"), (1.2, 0.0, ""), (1.0, 2.0, "this run uses 2 m"), (1.5, 1.0, ""),
])
def test_other_cell_sizes_are_a_warning(noise_raster, model, tmp_path, cell, asked, sentence):
    from affine import Affine

    said = []
    with rasterio.open(noise_raster) as file:
        raster = write_raster(
            tmp_path / "cells.tif", file.read(), transform=Affine(cell, 0, 500000, 0, -cell, 5000000)
        )
    classify(raster, model, tmp_path / "roads.tif", Reporter(said.append), cell_size=asked)
    assert len(warnings_of(said)) == bool(sentence) and all(sentence in text for text in warnings_of(said))


def test_a_raster_too_coarse_for_roads(noise_raster, model, tmp_path):
    from affine import Affine

    with rasterio.open(noise_raster) as file:
        raster = write_raster(tmp_path / "world.tif", file.read(), transform=Affine(1000, 0, 0, 0, -1000, 5000000))
    with pytest.raises(EngineError, match=r"pixels of \d+ m, the model was trained at 1 m: no road of that size"):
        classify(raster, model, tmp_path / "roads.tif")
    with pytest.raises(EngineError, match=r"At cells of 0\.001 m the area has 1\.2e\+17 pixels"):
        classify(raster, model, tmp_path / "roads.tif", cell_size=0.001)
    assert classify(raster, model, tmp_path / "roads.tif", cell_size=1000.0)["megapixels"] == pytest.approx(0.12)


@pytest.mark.parametrize(("options", "sentence"), [
    ({"test_time_augmentation": 3}, "test-time augmentation cannot be '3': choose 1, 2, 4 or 8"),
    ({"merge_policy": "median"}, "merge policy cannot be 'median'"),
    ({"probability_format": "int8"}, "probability format cannot be 'int8'"),
    ({"cell_size": -1.0}, "cell size cannot be -1"), ({"batch_size": -2}, "batch size cannot be -2"),
    ({"vrt": True}, "there is no cluster: name a Dask scheduler"),
    ({"vrt": True, "scheduler": "tcp://host:8786", "cog": True}, "are no cloud-optimised GeoTIFF"),
    ({"vrt": True, "scheduler": "tcp://host:8786"}, r"roads.tif in \.vrt"),
])
def test_settings_that_mean_nothing(noise_raster, model, tmp_path, options, sentence):
    with pytest.raises(EngineError, match=sentence):
        classify(noise_raster, model, tmp_path / "roads.tif", **options)


def test_the_imagery_is_not_overwritten(noise_raster, model):
    before = noise_raster.read_bytes()
    with pytest.raises(EngineError, match="would overwrite the imagery"):
        classify(noise_raster, model, noise_raster)
    assert noise_raster.read_bytes() == before


def test_one_file_for_both_results(noise_raster, model, tmp_path):
    with pytest.raises(EngineError, match="cannot be one file"):
        classify(noise_raster, model, tmp_path / "roads.tif", probability=str(tmp_path / "roads.tif"))


def test_values_that_no_imagery_has_are_a_sentence(tmp_path, monkeypatch):
    """Beyond float32 the network's sums are infinite, and their differences are no numbers."""
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)
    network = TinyNetwork()
    network.layers[0].weight.data *= 1e4
    model = write_model(tmp_path, "tiny", network)
    pixels = np.full((3, 80, 80), 90, np.float32)
    pixels[:, 40, 40] = 3e38
    raster = write_raster(tmp_path / "extreme.tif", pixels)
    with pytest.raises(EngineError, match=r"no numbers at rows .*set them to nodata"):
        classify(raster, model, tmp_path / "roads.tif")


def test_devices_that_can_be_asked_for():
    assert choose_devices("cpu") == [torch.device("cpu")]
    if not torch.cuda.is_available():
        for wanted in ("cuda", "cuda:0,1"):
            with pytest.raises(EngineError, match="No NVIDIA GPU"):
                choose_devices(wanted)
    with pytest.raises(EngineError, match="is no device"):
        choose_devices("cpu,gpu")


def test_a_network_that_cannot_be_compiled_runs_as_it_is(noise_raster, model, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise RuntimeError("no compiler here")

    said = []
    monkeypatch.setattr(torch, "compile", refuse)
    classify(noise_raster, model, tmp_path / "compiled.tif", Reporter(said.append), compile=True)
    assert any("could not be compiled" in text and "no compiler here" in text for text in warnings_of(said))
    classify(noise_raster, model, tmp_path / "plain.tif")
    assert_same(tmp_path / "compiled.tif", tmp_path / "plain.tif")


def test_overflow_in_half_precision_is_answered_with_float32(noise_raster, model, tmp_path, monkeypatch):
    class OverflowingNetwork(TinyNetwork):
        """Knows no answer in bf16."""

        def forward(self, images):
            road = self.layers(images)
            return RoadOutputs(road * float("nan") if road.dtype == torch.bfloat16 else road)

    said = []
    monkeypatch.setattr("roadsmith.engine.classification.predictor.bf16_pays", lambda: False)
    classify(noise_raster, model, tmp_path / "plain.tif")
    monkeypatch.setitem(registry._NETWORKS, "tiny", OverflowingNetwork)
    monkeypatch.setattr("roadsmith.engine.classification.predictor.bf16_pays", lambda: True)
    classify(noise_raster, model, tmp_path / "roads.tif", Reporter(said.append))
    assert any("overflows in bfloat16 on cpu: going on in float32" in getattr(event, "text", "") for event in said)
    assert_same(tmp_path / "roads.tif", tmp_path / "plain.tif")
