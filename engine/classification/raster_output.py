"""Writing single-band GeoTIFFs as rows arrive, and making sure that they were written."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import RasterioError, RasterioIOError
from rasterio.windows import Window as FileWindow

from ..errors import EngineError
from .layers import CLASS_COLOURS, Layer

#: Side of a compressed block, pixels.
BLOCK = 512


def create(path: Path, layer: Layer, height: int, width: int, transform: Affine, crs: str, **more: Any) -> Any:
    """Open a new tiled, compressed GeoTIFF for writing; it says of what kind it is.

    Args:
        crs: WKT. more: creation options.
    """
    options: dict[str, Any] = {
        "driver": "GTiff", "height": height, "width": width, "count": 1, "dtype": layer.dtype, "nodata": layer.nodata,
        "transform": transform, "crs": crs, "tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK,
        "bigtiff": "if_safer", **layer.compression, **more,
    }
    file = rasterio.open(path, "w", **options)
    file.update_tags(**layer.tags)
    if layer.is_classes:
        file.write_colormap(1, CLASS_COLOURS)
    return file


def check_written(path: Path) -> None:
    """Raise an ``EngineError`` if a block of a GeoTIFF is missing: closing a file does not always report a full disk."""
    try:
        size = path.stat().st_size
        with rasterio.open(path) as file:
            rows, columns = -(-file.height // BLOCK), -(-file.width // BLOCK)
            for row in range(rows):
                for column in range(columns):
                    place = [file.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", bidx=1) for what in ("OFFSET", "SIZE")]
                    if None in place or sum(map(int, place)) > size:
                        raise EngineError(f"{path} could not be completed: is the disk full? Free some space.", "disk")
    except (OSError, RasterioError) as error:
        raise EngineError(f"{path} could not be completed: is the disk full? Free some space ({error}).", "disk") from error


class RowWriter:
    """A GeoTIFF that takes any number of rows at a time.

    Rows are gathered to whole blocks, because a compressed block that is written twice leaves a hole in the file.

    Args:
        path: temporary name. more: creation options.
    """

    def __init__(self, path: Path, layer: Layer, height: int, width: int, transform: Affine, crs: str, **more: Any) -> None:
        self.path, self._width, self._dtype = path, width, layer.dtype
        self._file = create(path, layer, height, width, transform, crs, **more)
        self._pending: list[np.ndarray] = []
        self._pending_rows = self._written = 0

    def write(self, rows: np.ndarray) -> None:
        """Take (rows, width) pixels; the file grows by whole blocks.

        Raises:
            EngineError: they could not be written, usually because the disk is full.
        """
        self._pending.append(rows)
        self._pending_rows += len(rows)
        if self._pending_rows >= BLOCK:
            self._flush(self._pending_rows // BLOCK * BLOCK)

    def _flush(self, count: int) -> None:
        rows = np.concatenate(self._pending) if self._pending else np.zeros((0, self._width), self._dtype)
        if count:
            try:
                self._file.write(rows[:count], 1, window=FileWindow(0, self._written, self._width, count))
            except RasterioIOError as error:
                raise EngineError(
                    f"{self.path} could not be written: is the disk full? Free some space ({error}).", "disk"
                ) from error
        self._written += count
        self._pending, self._pending_rows = [rows[count:]], len(rows) - count

    def finish(self) -> None:
        """Write the last rows and close the file.

        Raises:
            EngineError: the file could not be completed, usually because the disk is full.
        """
        self._flush(self._pending_rows)
        try:
            self._file.close()
        except RasterioError as error:
            raise EngineError(f"{self.path} could not be completed: is the disk full? ({error})", "disk") from error
        check_written(self.path)

    def __enter__(self) -> RowWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._file.closed:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._file.close()
