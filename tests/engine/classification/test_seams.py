"""No tile border shows on real imagery."""

import numpy as np
import pytest
import rasterio
from affine import Affine
from roadsmith.engine.raster import blending
from roadsmith.models import registry
from roadsmith.models.network import RoadNetwork, RoadOutputs
from torch.nn import functional

from ..conftest import SAMPLES, write_raster
from .toy_models import classify, read, write_model

TILE, PADDING, SIDE = 128, 16, 512


class ToneNetwork(RoadNetwork):
    """Answers how bright a place is beside its whole tile: no two tiles agree where they meet, as with far context."""

    size_multiple = 8

    def forward(self, images):
        grey = functional.avg_pool2d(images.float().mean(dim=1, keepdim=True), 9, stride=1, padding=4, count_include_pad=False)
        return RoadOutputs(grey - grey.mean(dim=(-2, -1), keepdim=True))


def hard_cut(size, overlap, is_first=False, is_last=False):
    """Weights of tiles that are cut in the middle of their overlap, as other tools do."""
    ramp = np.ones(size, np.float32)
    ramp[: 0 if is_first else overlap // 2] = 0
    ramp[size if is_last else size - overlap // 2 :] = 0
    return ramp


@pytest.mark.filterwarnings("ignore:Dataset has no geotransform")
def test_the_mean_step_across_tile_borders_is_no_larger_than_inside(tmp_path, monkeypatch):
    with rasterio.open(SAMPLES / "massachusetts_tile.jpg") as picture:
        pixels = picture.read()[:3, :SIDE, :SIDE]
    raster = write_raster(tmp_path / "image.tif", pixels, transform=Affine(1, 0, 500000, 0, -1, 5000000))
    monkeypatch.setitem(registry._NETWORKS, "tone", ToneNetwork)
    model = write_model(tmp_path, "tone", ToneNetwork(bands=3))

    def steps_at_borders(name):
        """Mean step where tiles begin, end, and in the middle of their overlap, in shares of the mean step elsewhere."""
        classify(raster, model, tmp_path / name, tile_size=TILE, padding=PADDING, probability_format="float32")
        probability = read(tmp_path / name.replace(".", "_p."))
        shares = []
        for axis in (0, 1):
            steps = np.abs(np.diff(probability, axis=axis)).mean(axis=1 - axis)
            offsets = (np.arange(1, SIDE) + PADDING) % (TILE - 2 * PADDING)
            places = (0, PADDING, 2 * PADDING)
            inside = steps[~np.isin(offsets, places)].mean()
            shares += [steps[offsets == place].mean() / inside for place in places]
        return shares

    assert max(steps_at_borders("roads.tif")) <= 1.1  # each is the mean of four or five lines of a picture
    monkeypatch.setattr(blending, "hann_ramp", hard_cut)  # the figures do see a seam where there is one
    assert max(steps_at_borders("cut.tif")) > 3
