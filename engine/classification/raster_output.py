"""Writing the classified and the probability raster as rows arrive."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import TracebackType
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.errors import RasterioIOError
from rasterio.windows import Window as FileWindow

from ..errors import EngineError
from ..reporter import Reporter

NODATA = 255
#: Probabilities 0-1 are stored as 0-254.
PROBABILITY_SCALE = 254
CLASS_NAMES = ("background", "road")
_CLASS_COLOURS = {0: (0, 0, 0, 0), 1: (230, 60, 40, 255), NODATA: (0, 0, 0, 0)}
_BLOCK = 512
#: Overviews stop when the smaller side is about one screen tile.
_SMALLEST_OVERVIEW = 256


class RowWriter:
    """A tiled, compressed, single-band uint8 GeoTIFF that takes any number of rows at a time.

    Rows are gathered to whole blocks, because a compressed block that is written twice leaves a hole in the file.

    Args:
        path: temporary name; ``kind`` (``classified`` or ``probability``) is stored as the tag ``ROADSMITH_KIND``.
    """

    def __init__(self, path: Path, height: int, width: int, transform: Affine, crs: str, kind: str) -> None:
        self.path, self._kind = path, kind
        self._height, self._width = height, width
        options: dict[str, Any] = {
            "driver": "GTiff", "height": height, "width": width, "count": 1, "dtype": "uint8", "nodata": NODATA,
            "transform": transform, "crs": crs, "tiled": True, "blockxsize": _BLOCK, "blockysize": _BLOCK,
            "compress": "deflate", "bigtiff": "if_safer",
        }
        self._file = rasterio.open(path, "w", **options)
        self._file.update_tags(ROADSMITH_KIND=kind)
        if kind == "classified":
            self._file.write_colormap(1, _CLASS_COLOURS)
        self._pending: list[np.ndarray] = []
        self._pending_rows = self._written = 0

    def write(self, rows: np.ndarray) -> None:
        """Take (rows, width) uint8; the file grows by whole blocks."""
        self._pending.append(rows)
        self._pending_rows += len(rows)
        if self._pending_rows >= _BLOCK:
            self._flush(self._pending_rows // _BLOCK * _BLOCK)

    def _flush(self, count: int) -> None:
        rows = np.concatenate(self._pending) if self._pending else np.zeros((0, self._width), np.uint8)
        if count:
            try:
                self._file.write(rows[:count], 1, window=FileWindow(0, self._written, self._width, count))
            except RasterioIOError as error:
                raise EngineError(f"{self.path} could not be written: is the disk full? ({error})", "disk") from error
        self._written += count
        self._pending, self._pending_rows = [rows[count:]], len(rows) - count

    def finish(self) -> None:
        """Write the last rows and the overviews, and close the file.

        Raises:
            EngineError: the file could not be completed, usually because the disk is full.
        """
        self._flush(self._pending_rows)
        self._file.close()
        factors: list[int] = []
        while min(self._height, self._width) / 2 ** (len(factors) + 1) >= _SMALLEST_OVERVIEW:
            factors.append(2 ** (len(factors) + 1))
        # closing and overviews do not always report a full disk: what can be read back is what counts
        try:
            with rasterio.open(self.path, "r+") as file:
                if factors:
                    file.build_overviews(factors, Resampling.mode if self._kind == "classified" else Resampling.average)
            with rasterio.open(self.path) as file:
                file.read(1, window=FileWindow(0, max(0, self._height - 1), self._width, 1))
        except (RasterioIOError, rasterio.errors.RasterioError) as error:
            raise EngineError(f"{self.path} could not be completed: is the disk full? ({error})", "disk") from error

    def __enter__(self) -> RowWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._file.closed:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._file.close()


class AreaOutputs:
    """The rasters of one run, and how much road is on them.

    Args:
        classified: takes the classes. probability: takes the probabilities, None if not wanted.
        threshold: probability at which a pixel is road.
    """

    def __init__(self, classified: RowWriter, probability: RowWriter | None, threshold: float) -> None:
        self._classified, self._probability, self._threshold = classified, probability, threshold
        self.road_pixels = self.valid_pixels = 0

    def write(self, probability: np.ndarray, valid: np.ndarray) -> None:
        """Take the next rows: probabilities (rows, width) float32 0-1 and valid (rows, width) bool."""
        classes = to_classes(probability, valid, self._threshold)
        self._classified.write(classes)
        if self._probability is not None:
            self._probability.write(to_bytes(probability, valid))
        self.road_pixels += int((classes == 1).sum())
        self.valid_pixels += int(valid.sum())

    def finish(self, reporter: Reporter) -> None:
        """Complete the files."""
        for writer in (self._classified, self._probability):
            reporter.check_cancelled()
            if writer is not None:
                writer.finish()

    @property
    def road_share(self) -> float:
        """Share of the valid pixels that is road; 0 if none is valid."""
        return self.road_pixels / self.valid_pixels if self.valid_pixels else 0.0


def write_category_names(raster: Path) -> None:
    """Write the class names where GDAL keeps them for a GeoTIFF: in ``RASTER.aux.xml`` beside it."""
    names = "".join(f"<Category>{escape(name)}</Category>" for name in CLASS_NAMES)
    text = f'<PAMDataset><PAMRasterBand band="1"><CategoryNames>{names}</CategoryNames></PAMRasterBand></PAMDataset>\n'
    raster.with_name(f"{raster.name}.aux.xml").write_text(text, encoding="utf-8")


def to_classes(probability: np.ndarray, valid: np.ndarray, threshold: float) -> np.ndarray:
    """Return (rows, width) uint8: 1 where the probability reaches the threshold, 0 elsewhere, 255 where not valid."""
    return np.where(valid, (probability >= threshold).astype(np.uint8), np.uint8(NODATA))


def to_bytes(probability: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Return (rows, width) uint8: the probability scaled to 0-254, 255 where not valid."""
    scaled = np.rint(np.clip(probability, 0, 1) * PROBABILITY_SCALE).astype(np.uint8)
    return np.where(valid, scaled, np.uint8(NODATA))
