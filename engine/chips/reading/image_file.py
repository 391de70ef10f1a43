"""Opening and reading image chips."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from ...errors import EngineError


@contextlib.contextmanager
def opened(path: Path) -> Iterator[rasterio.DatasetReader]:
    """Open a chip for reading; what goes wrong in the block, too, is one sentence with its name."""
    try:
        with warnings.catch_warnings(), rasterio.Env(**_options(path)):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as dataset:
                yield dataset
    except RasterioError as error:
        raise EngineError(
            f"The chip {path} cannot be read: it is damaged or no image; copy or export the training data again ({error})."
        ) from error


def _options(path: Path) -> dict[str, str]:
    # else GDAL lists the folder for each of thousands of chips beside each other
    options = {"GDAL_DISABLE_READDIR_ON_OPEN": "TRUE"}
    if path.suffix.lower() == ".png" and not _has_end(path):
        # GDAL's fast way to read a PNG (3.10) gives a truncated one as zeros, without a word; its other way takes twice the time
        options["GDAL_PNG_WHOLE_IMAGE_OPTIM"] = "NO"
    return options


def _has_end(png: Path) -> bool:
    try:
        with png.open("rb") as file:
            file.seek(max(0, png.stat().st_size - 12))  # the last chunk: length, name, checksum
            return b"IEND" in file.read()
    except OSError:
        return True  # GDAL says it better


def has_alpha(dataset: rasterio.DatasetReader) -> bool:
    """Whether a band is marked as alpha."""
    return ColorInterp.alpha in dataset.colorinterp


def read_image(path: Path, drop_alpha: bool) -> tuple[np.ndarray, np.ndarray | None]:
    """Read an image chip.

    Args:
        drop_alpha: whether a band marked as alpha is transparency; otherwise it is imagery like the others.

    Returns:
        Pixels (bands, height, width) in their own dtype, and hidden (height, width) bool: True under alpha, mask or nodata;
        None if the file declares none of them.

    Raises:
        EngineError: the file is damaged, has no band but alpha, or holds complex numbers or numbers of a colour table.
    """
    with opened(path) as dataset:
        meanings = dataset.colorinterp
        if ColorInterp.palette in meanings:
            raise EngineError(f"The chip {path} has a colour table: convert the images to RGB first.")
        bands = [band for band, meaning in enumerate(meanings, 1) if not (drop_alpha and meaning == ColorInterp.alpha)]
        if not bands:
            raise EngineError(f"The chip {path} has no image band, only alpha: export the training data again.")
        pixels = dataset.read(bands)
        if pixels.dtype.kind == "c":
            raise EngineError(f"The chip {path} holds complex numbers: export the amplitude, or each part as a band of its own.")
        flags = dataset.mask_flag_enums[0]
        if MaskFlags.all_valid in flags or (MaskFlags.alpha in flags and not drop_alpha):
            return pixels, None
        hidden = dataset.dataset_mask() == 0
        if MaskFlags.nodata in flags and pixels.dtype.kind == "f":
            # GDAL's mask wants nodata in every band; measurements that miss in one band are no measurements
            hidden |= (pixels == pixels.dtype.type(dataset.nodata)).any(axis=0)
        return pixels, hidden
