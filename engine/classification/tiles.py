"""Image tiles as the network wants them, and its answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import nn

from ...models.normalisation import normalise
from ...models.package import LoadedModel
from ..errors import EngineError, is_out_of_memory
from ..raster.grid import Window, WorkingGrid
from ..raster.source import RasterSource
from ..raster.stretch import Stretch


@dataclass(frozen=True)
class ImageTile:
    """Pixels (bands, tile, tile) float32 in source units; nodata and the outside are filled."""

    window: Window
    pixels: np.ndarray
    valid: np.ndarray


def read_tile(
    source: RasterSource, grid: WorkingGrid, window: Window, fill: Sequence[float], stretch: Stretch | None = None
) -> ImageTile:
    """Read a tile; beyond the raster's edge it is continued by its mirror image, nodata becomes the band's mean.

    A network trained on full chips sees neither black frames nor sudden steps that look like road edges.

    Args:
        fill: mean of each band in the training chips. stretch: what the training chips went through.
    """
    inside = window.clipped(grid.height, grid.width)
    pixels, valid = source.read(grid, inside)
    image = (pixels if stretch is None else stretch.apply(pixels)).astype(np.float32)
    image[:, ~valid] = np.asarray(fill, np.float32)[:, None]
    top, left = inside.row - window.row, inside.column - window.column
    bottom, right = window.height - inside.height - top, window.width - inside.width - left
    if top or bottom or left or right:
        image = np.pad(image, ((0, 0), (top, bottom), (left, right)), mode="symmetric")
        valid = np.pad(valid, ((top, bottom), (left, right)), constant_values=False)
    return ImageTile(window, image, valid)


Item = TypeVar("Item")


def batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Cut a sequence into batches of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


class RoadPredictor:
    """Runs tiles through a model on a device; halves the batch when the device's memory is too small."""

    def __init__(self, model: LoadedModel, device: torch.device, batch_size: int) -> None:
        self.model, self.device, self.batch_size = model, device, batch_size
        # a tenth faster on a CPU, a fifth on a GPU
        nn.utils.convert_conv2d_weight_memory_format(model.network, torch.channels_last)

    def predict(self, tiles: Sequence[ImageTile]) -> list[np.ndarray]:
        """Return the road probability of each tile, (tile, tile) float32.

        Raises:
            EngineError: not even one tile fits into the device's memory.
        """
        try:
            return [answer for batch in batches(tiles, self.batch_size) for answer in self._predict_batch(batch)]
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            if self.batch_size == 1:
                raise EngineError(
                    f"There is too little free memory on the device '{self.device}' for one tile of "
                    f"{tiles[0].window.height} pixels: choose a smaller tile size or another device.", "gpu_memory"
                ) from error
            self.batch_size //= 2
        if self.device.type == "cuda":
            torch.cuda.empty_cache()  # after the handler, which keeps the failed pass's memory alive
        return self.predict(tiles)

    @torch.inference_mode()
    def _predict_batch(self, tiles: Sequence[ImageTile]) -> list[np.ndarray]:
        images = torch.from_numpy(np.stack([tile.pixels for tile in tiles])).to(self.device)
        images = normalise(images, self.model.info.band_means, self.model.info.band_stds)
        with torch.autocast(self.device.type, dtype=torch.float16, enabled=self.device.type == "cuda"):
            probability = self.model.network.road_probability(images.contiguous(memory_format=torch.channels_last))
        return list(probability.float().cpu().numpy())
