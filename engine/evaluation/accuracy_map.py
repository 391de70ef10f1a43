"""The error map: where road was found, invented and missed, as a raster that any GIS shows in colour."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from xml.sax.saxutils import escape

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window as FileWindow

from ..errors import EngineError
from ..raster.grid import Window, WorkingGrid
from .pixel_counts import EMPTY, FALSE, HIT, MISSED, UNKNOWN

#: Red, green, blue of what is drawn over imagery.
ERROR_COLOURS = {HIT: (40, 160, 60), FALSE: (220, 50, 40), MISSED: (40, 90, 230)}
#: Of what is rightly empty, which only a style can make transparent: a GeoTIFF's colour table cannot.
_EMPTY_COLOUR = (240, 240, 235, 255)
#: Names of the values, from 0.
ERROR_NAMES = ("rightly empty", "road found", "found where there is none", "road missed")
ERROR_KIND = "errors"
_BLOCK = 512
#: Overviews stop when the smaller side is about one screen tile.
_SMALLEST_OVERVIEW = 256


class ErrorMap:
    """A tiled, compressed uint8 GeoTIFF that is written window by window. Use as a context manager.

    Args:
        path: temporary name. grid: of the prediction. area: the part that is written; its corner is the file's.
    """

    def __init__(self, path: Path, grid: WorkingGrid, area: Window, crs: str) -> None:
        self.path, self._area = path, area
        try:
            self._file = rasterio.open(
                path, "w", driver="GTiff", height=area.height, width=area.width, count=1, dtype="uint8", nodata=UNKNOWN,
                transform=grid.transform_of(area), crs=crs, tiled=True, blockxsize=_BLOCK, blockysize=_BLOCK,
                compress="deflate", bigtiff="if_safer",
            )
        except RasterioError as error:
            raise EngineError(f"The error map {path} cannot be written ({error}).", "disk") from error
        self._file.update_tags(ROADSMITH_KIND=ERROR_KIND)
        table = {value: (*colour, 255) for value, colour in ERROR_COLOURS.items()}
        self._file.write_colormap(1, {EMPTY: _EMPTY_COLOUR, **table, UNKNOWN: (0, 0, 0, 0)})

    def write(self, window: Window, errors: np.ndarray) -> None:
        """Write a window of the grid, uint8 (height, width).

        Windows must start at multiples of 512 pixels from the area's corner: a compressed block that is written twice leaves a
        hole in the file.
        """
        place = FileWindow(window.column - self._area.column, window.row - self._area.row, window.width, window.height)
        try:
            self._file.write(errors, 1, window=place)
        except RasterioError as error:
            raise EngineError(f"{self.path} could not be written: is the disk full? ({error})", "disk") from error

    def finish(self) -> None:
        """Write the overviews and close the file.

        Raises:
            EngineError: the file could not be completed, usually because the disk is full.
        """
        factors: list[int] = []
        while min(self._area.height, self._area.width) / 2 ** (len(factors) + 1) >= _SMALLEST_OVERVIEW:
            factors.append(2 ** (len(factors) + 1))
        # closing and overviews do not always report a full disk: what can be read back is what counts
        try:
            self._file.close()
            if factors:
                with rasterio.open(self.path, "r+") as file:
                    file.build_overviews(factors, Resampling.mode)
            with rasterio.open(self.path) as file:
                file.read(1, window=FileWindow(0, max(0, self._area.height - 1), self._area.width, 1))
        except RasterioError as error:
            raise EngineError(f"{self.path} could not be completed: is the disk full? ({error})", "disk") from error

    def __enter__(self) -> ErrorMap:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not self._file.closed:
            self._file.close()


def write_error_names(raster: Path) -> None:
    """Write the names of the values where GDAL keeps them for a GeoTIFF: in ``RASTER.aux.xml`` beside it."""
    names = "".join(f"<Category>{escape(name)}</Category>" for name in ERROR_NAMES)
    text = f'<PAMDataset><PAMRasterBand band="1"><CategoryNames>{names}</CategoryNames></PAMRasterBand></PAMDataset>\n'
    raster.with_name(f"{raster.name}.aux.xml").write_text(text, encoding="utf-8")
