"""The network on one device: tiles in, probabilities out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from ...models.normalisation import normalise
from ...models.package import LoadedModel
from ..devices import bf16_pays
from ..errors import EngineError, is_out_of_memory
from ..reporter import Reporter
from .augmented import merged
from .tiles import ImageTile

#: Tiles per step where memory is not measured: a CPU gains nothing from more.
_BATCH_SIZE = {"cpu": 1, "mps": 4}
#: Most tiles per step on a CUDA GPU, and the share of its free memory that they may take.
_MOST_TILES, _MEMORY_SHARE = 32, 0.6


@dataclass(frozen=True)
class PredictorSettings:
    """How tiles are classified.

    Attributes:
        batch_size: tiles at once, 0 to choose. precision: ``float32``, ``bfloat16`` or ``float16``, empty to choose.
        views, merge_policy: of the test-time augmentation, see ``augmented``.
        compile: let ``torch.compile`` make the network faster.
    """

    batch_size: int = 0
    precision: str = ""
    views: int = 1
    merge_policy: str = "mean"
    compile: bool = False


class RoadPredictor:
    """Runs tiles through a model on a device; halves the batch when the device's memory is too small.

    Every pass has the full batch, filled up if need be: what a tile gives must not depend on how many others are with it.

    Args:
        model: on that device; its weights' layout in memory is changed.
        tile: side of the tiles, pixels.

    Attributes:
        batch_size, precision: in use.
    """

    def __init__(
        self, model: LoadedModel, device: torch.device, tile: int, settings: PredictorSettings, reporter: Reporter
    ) -> None:
        self.model, self.device, self._settings, self._reporter = model, device, settings, reporter
        # a tenth faster on a CPU, a fifth on a GPU
        nn.utils.convert_conv2d_weight_memory_format(model.network, torch.channels_last)
        self.precision = settings.precision or fast_precision(device)
        self._network: Callable[[torch.Tensor], torch.Tensor] = model.network.road_probability
        if settings.compile:
            self._network = _compiled(self._network, self._blank(tile, 1), self._autocast, reporter)
        self.batch_size = settings.batch_size or _BATCH_SIZE.get(device.type) or self._measured_batch(tile)

    def predict(self, tiles: Sequence[ImageTile]) -> list[np.ndarray]:
        """Return the road probability of each tile, (tile, tile) float32.

        Raises:
            Cancelled: the user asked to stop.
            EngineError: not even one tile fits into the device's memory, or the network answers with no numbers.
        """
        answers: list[np.ndarray] = []
        while len(answers) < len(tiles):
            batch = tiles[len(answers) : len(answers) + self.batch_size]
            try:
                answers += self._finite(batch)
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                if self.batch_size == 1:
                    raise EngineError(
                        f"There is too little free memory on the device '{self.device}' for one tile of "
                        f"{tiles[0].window.height} pixels: choose a smaller tile size or another device.", "gpu_memory"
                    ) from error
                self.batch_size //= 2
                self._reporter.log(f"Too little memory on {self.device}: going on with {self.batch_size} tile(s) at once.")
            else:
                continue
            if self.device.type == "cuda":
                torch.cuda.empty_cache()  # after the handler, which keeps the failed pass's memory alive
        return answers

    def _finite(self, tiles: Sequence[ImageTile]) -> list[np.ndarray]:
        """Predict a batch; where half precision overflows, in float32 from here on."""
        answers = self._predict_batch(tiles)
        if np.isfinite(answers).all():
            return list(answers)
        if self.precision != "float32":
            self._reporter.log(f"The network overflows in {self.precision} on {self.device}: going on in float32.")
            self.precision = "float32"
            return self._finite(tiles)
        place = next(tile.window for tile, answer in zip(tiles, answers) if not np.isfinite(answer).all())
        raise EngineError(
            f"The model answers with values that are no numbers at {place}: the raster holds values there that no imagery has; "
            "set them to nodata."
        )

    @torch.inference_mode()
    def _predict_batch(self, tiles: Sequence[ImageTile]) -> np.ndarray:
        """Return (tiles, tile, tile) float32."""
        missing = self.batch_size - len(tiles)
        images, known = (self._on_device([getattr(tile, name) for tile in tiles], missing) for name in ("pixels", "known"))
        images = normalise(images, self.model.info.band_means, self.model.info.band_stds)
        images = images.masked_fill(~known[:, None], 0)  # the mean
        return merged(self._pass, images, self._settings.views, self._settings.merge_policy)[: len(tiles)].cpu().numpy()

    def _pass(self, images: torch.Tensor) -> torch.Tensor:
        self._reporter.check_cancelled()
        with self._autocast():
            return self._network(images.contiguous(memory_format=torch.channels_last)).float()

    def _on_device(self, arrays: Sequence[np.ndarray], missing: int) -> torch.Tensor:
        stacked = torch.from_numpy(np.stack([*arrays, *([arrays[-1]] * missing)]))
        if self.device.type == "cuda":
            return stacked.pin_memory().to(self.device, non_blocking=True)
        return stacked.to(self.device)

    def _autocast(self) -> contextlib.AbstractContextManager[Any]:
        if self.precision == "float32":
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=getattr(torch, self.precision))

    def _blank(self, tile: int, count: int) -> torch.Tensor:
        shape = (count, len(self.model.info.bands), tile, tile)
        return torch.zeros(shape, device=self.device).contiguous(memory_format=torch.channels_last)

    @torch.inference_mode()
    def _measured_batch(self, tile: int) -> int:
        """Return how many tiles the GPU's free memory has room for: a power of two, by what a single one takes."""
        blank = self._blank(tile, 1)
        try:
            with self._autocast():
                self._network(blank)  # chooses its algorithms, allocates what it keeps
                torch.cuda.synchronize(self.device)
                before = torch.cuda.memory_allocated(self.device)
                torch.cuda.reset_peak_memory_stats(self.device)
                self._network(blank)
        except RuntimeError as error:
            if is_out_of_memory(error):
                return 1
            raise
        taken = max(1, torch.cuda.max_memory_allocated(self.device) - before)
        free = torch.cuda.mem_get_info(self.device)[0]
        fitting = max(1, min(_MOST_TILES, int(free * _MEMORY_SHARE / taken)))
        batch: int = 2 ** (fitting.bit_length() - 1)
        return batch


def fast_precision(device: torch.device) -> str:
    """Return the format in which a device classifies best: float16 has three bits more than bf16 and is as fast on NVIDIA."""
    if device.type == "cuda":
        return "float16"
    return "bfloat16" if device.type == "cpu" and bf16_pays() else "float32"


def _compiled(
    network: Callable[[torch.Tensor], torch.Tensor], blank: torch.Tensor,
    autocast: Callable[[], contextlib.AbstractContextManager[Any]], reporter: Reporter,
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the network compiled and tried out; itself, with a warning, where that fails (no compiler, say)."""
    try:
        compiled: Callable[[torch.Tensor], torch.Tensor] = torch.compile(network, dynamic=False)
        with torch.inference_mode(), autocast():
            compiled(blank)
    except Exception as error:  # whatever a compiler can come to
        reason = " ".join(str(error).split())[:200]
        reporter.warning(f"The network could not be compiled and runs as it is ({type(error).__name__}: {reason}).")
        return network
    return compiled
