"""Reading a mask as it lies on disk: grey values, colours or colour table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import ColorInterp

from ...errors import EngineError
from ...raster.palette import colour_table
from .image_file import opened

#: Channels that differ by no more than this are grey: what JPEG makes of a grey picture stored in colour.
_GREY_SPREAD = 16
#: Share of the pixels that may be off grey: nothing but a broken block or a stray pen stroke.
_OFF_GREY_SHARE = 1e-4
#: Stands for nodata, NaN or any other number, among whole numbers.
_NO_CLASS = -(2.0**31)
_LOSSY_DRIVERS = ("JPEG", "JP2OpenJPEG", "WEBP")


@dataclass(frozen=True)
class Mask:
    """One mask.

    Attributes:
        pixels: (bands, height, width), own dtype, without alpha.
        nodata: value of pixels that say nothing, None if there is none.
        palette: colours (numbers, 4) uint8 of the numbers in a single band, None if it has no colour table.
        lossy: whether the format blurs values.
    """

    path: Path
    pixels: np.ndarray
    nodata: float | None
    palette: np.ndarray | None
    lossy: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.pixels.shape[1], self.pixels.shape[2]

    @property
    def unknown(self) -> np.ndarray | None:
        """Where the file's nodata lies, (height, width) bool; None if it declares none. Nodata 0 is background."""
        if self.nodata is None or self.nodata == 0:
            return None
        return np.asarray(self.pixels[0] == self.nodata)

    def colours(self) -> np.ndarray | None:
        """Return (3, height, width) uint8, None for a mask without colours.

        Raises:
            EngineError: colours of more than 8 bits.
        """
        if self.palette is not None:
            return np.moveaxis(self.palette[:, :3][self.pixels[0]], -1, 0)
        if len(self.pixels) < 3:
            return None
        if self.pixels.dtype != np.uint8:
            raise EngineError(f"The mask {self.path} has colours of {self.pixels.dtype}: save it with 8 bits a channel.")
        return self.pixels[:3]

    def grey(self) -> np.ndarray | None:
        """Return the grey values (height, width) of a mask that is grey, however it is stored; None for a coloured one."""
        colours = self.colours()
        if colours is None:
            return np.asarray(self.pixels[0])
        red, green, blue = colours
        if np.array_equal(red, green) and np.array_equal(green, blue):
            return green
        spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
        return green if np.count_nonzero(spread > _GREY_SPREAD) <= _OFF_GREY_SHARE * spread.size else None


def read_mask(path: Path) -> Mask:
    """Read a mask.

    Raises:
        EngineError: the file is damaged, holds numbers with fractions or complex ones, or nothing but transparency.
    """
    with opened(path) as dataset:
        bands = [band for band, meaning in enumerate(dataset.colorinterp, 1) if meaning != ColorInterp.alpha]
        if not bands:
            raise EngineError(f"The mask {path} has nothing but an alpha band: save it as a picture without transparency.")
        pixels, nodata = _whole_numbers(path, dataset.read(bands), dataset.nodata)
        return Mask(path, pixels, nodata, colour_table(dataset), _is_lossy(dataset))


def _whole_numbers(path: Path, pixels: np.ndarray, nodata: float | None) -> tuple[np.ndarray, float | None]:
    """Return the pixels as whole numbers, and their nodata: pixels that are no number become that too."""
    if pixels.dtype.kind in "iub":
        return pixels, nodata
    if pixels.dtype.kind == "f":
        nothing = np.isnan(pixels)
        if nodata:  # nodata 0 is background
            nothing |= pixels == nodata
        if nothing.any():
            pixels, nodata = np.where(nothing, pixels.dtype.type(_NO_CLASS), pixels), _NO_CLASS
        with np.errstate(invalid="ignore"):
            whole = pixels.astype(np.int64)
        if np.array_equal(whole, pixels):
            return whole, nodata
    raise EngineError(f"The mask {path} holds numbers that are not whole ({pixels.dtype}): save it with a value a class.")


def _is_lossy(dataset: rasterio.DatasetReader) -> bool:
    compression = dataset.compression
    return dataset.driver in _LOSSY_DRIVERS or (compression is not None and "jpeg" in compression.name.lower())
