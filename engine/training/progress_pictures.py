"""What the network makes of a few validation chips after each epoch, as small PNG files that lie on the map.

``image_N.png`` and ``truth_N.png`` are written once, ``prediction_N_epoch_E.png`` after every epoch in place of the former one.
Truth and prediction are a colour whose opacity is the probability of road, so that imagery beneath them shows through.
"""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import rasterio
import torch
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from torch.nn import functional

from ...models.normalisation import normalise
from .figures import candidates, displayed
from .loader import Batch, BatchLoader, Request
from .run import Run
from .steps import Stepper

#: Chips that are shown, and the longest side of their pictures, pixels.
_CHIPS, _SIDE = 4, 256
#: Colours of truth and prediction, red, green, blue.
_TRUTH, _PREDICTION = (90, 200, 250), (255, 140, 0)


class _Place(NamedTuple):
    transform: Affine
    crs: Any


class _Shown(NamedTuple):
    batch: Batch
    place: _Place | None


class ProgressPictures:
    """Draws the same chips after every epoch: up to four, from much road to little.

    Args:
        folder: where to, exists.
        run: whose chips they are; their georeference becomes that of the pictures.
        stepper: whose network is asked, in the number format it trains in.
        validation: windows of the validation chips.
    """

    def __init__(
        self, folder: Path, run: Run, stepper: Stepper, loader: BatchLoader, validation: Sequence[Request]
    ) -> None:
        self._folder, self._data, self._stepper, self._loader = folder, run.data, stepper, loader
        self._validation = validation
        self._shown: list[_Shown] = []

    def draw(self, epoch: int) -> list[dict[str, Any]]:
        """Write the predictions of the network as it is; return the names of each chip's files, and whether they lie on a map.

        Raises:
            OSError: a file cannot be written. Cancelled: the user asked to stop.
        """
        if not self._shown:
            self._choose()
        self._stepper.judged.eval()
        chips: list[dict[str, Any]] = []
        for number, shown in enumerate(self._shown):
            name = f"prediction_{number}_epoch_{epoch}.png"
            self._write(name, _coloured(self._probability(shown.batch), _PREDICTION), shown.place)
            chips.append({
                "image": f"image_{number}.png", "truth": f"truth_{number}.png", "prediction": name,
                "on_map": shown.place is not None,
            })
        self._remove_former({chip["prediction"] for chip in chips})
        return chips

    def _choose(self) -> None:
        """Choose the chips and write what does not change."""
        chosen = candidates(self._validation)
        shares = [float((batch.road == 1).float().mean()) for batch in self._loader.batches(chosen, 1)]
        order = sorted(range(len(chosen)), key=lambda number: -shares[number])
        count = min(_CHIPS, len(order))
        requests = [chosen[order[number * len(order) // count]] for number in range(count)]
        for number, (request, batch) in enumerate(zip(requests, self._loader.batches(requests, 1))):
            place = self._place(request, batch.road.shape[-1])
            step = _step(batch.road.shape[-1])
            image = displayed(batch.images[0, :, ::step, ::step].numpy())
            self._write(f"image_{number}.png", np.moveaxis(np.rint(255 * image), -1, 0).astype(np.uint8), place)
            self._write(f"truth_{number}.png", _coloured(_smaller((batch.road == 1).float()[0]), _TRUTH), place)
            self._shown.append(_Shown(batch, place))

    @torch.no_grad()  # not inference mode: autocast would keep weights that the next step cannot learn through
    def _probability(self, batch: Batch) -> np.ndarray:
        """Return the probability of road of the batch's only chip, float32 (height, width), at the size of the pictures."""
        precision = self._stepper.precision
        images = normalise(batch.images.to(precision.device), self._data.band_means, self._data.band_stds)
        with precision.autocast():
            probability = self._stepper.judged.road_probability(images)
        return _smaller(probability[0].float().cpu())

    def _place(self, request: Request, size: int) -> _Place | None:
        """Return where the window lies, None for a chip without a place on a map."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                with rasterio.open(self._data.chips[request.chip].image) as file:
                    transform, crs = file.transform, file.crs
        except (RasterioError, OSError):
            return None
        if not crs or transform.is_identity:
            return None
        scale = float(_step(size))
        return _Place(transform * Affine.translation(request.column, request.row) * Affine.scale(scale, scale), crs)

    def _write(self, name: str, pixels: np.ndarray, place: _Place | None) -> None:
        """Write uint8 (bands, height, width)."""
        where = {"transform": place.transform, "crs": place.crs} if place is not None else {}
        _, height, width = pixels.shape
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                with rasterio.open(
                    self._folder / name, "w", driver="PNG", count=len(pixels), height=height, width=width, dtype="uint8", **where
                ) as file:
                    file.write(pixels)
        except RasterioError as error:
            raise OSError(str(error)) from error

    def _remove_former(self, kept: set[str]) -> None:
        for path in self._folder.glob("prediction_*.png"):
            if path.name not in kept:
                for each in (path, path.with_name(f"{path.name}.aux.xml")):
                    with contextlib.suppress(OSError):  # somebody looks at it
                        each.unlink()


def _step(size: int) -> int:
    return math.ceil(size / _SIDE)


def _smaller(values: torch.Tensor) -> np.ndarray:
    """Return the means of squares of (height, width), so that neither side is longer than a picture's."""
    step = _step(values.shape[-1])
    return np.asarray(functional.avg_pool2d(values[None, None], step, ceil_mode=True)[0, 0])


def _coloured(opacity: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Return red, green, blue and alpha, uint8 (4, height, width), of an opacity of 0 to 1."""
    alpha = np.rint(255 * np.clip(np.nan_to_num(opacity), 0, 1)).astype(np.uint8)
    return np.stack([*(np.full_like(alpha, value) for value in colour), alpha])
