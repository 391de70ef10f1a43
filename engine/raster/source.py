"""Reading windows of any raster that GDAL opens, at the raster's own or another cell size."""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import pyproj
import rasterio
from affine import Affine
from pyproj.exceptions import CRSError
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window as SourceWindow

from ..errors import EngineError
from .grid import SAME_CELL_SIZE, Window, WorkingGrid
from .measure import cell_size_metres
from .palette import colour_table, read_colours

#: Bands taken when none are chosen: red, green, blue in nearly all orthophotos.
_DEFAULT_BAND_COUNT = 3


class RasterSource:
    """A raster open for reading. Use as a context manager.

    Args:
        path: anything GDAL opens.
        crs: WKT (or any text pyproj takes) that replaces the file's own coordinate system; empty to keep the file's.
        bands: 1-based bands to read, in that order; empty for the first three that are not alpha.
        needs_crs: whether to refuse a raster without coordinate system.
        colours: whether a raster with a colour table is the picture it shows, three bands of 8 bits, and not its numbers.

    Attributes:
        band_count: how many bands there are to choose from.

    Raises:
        EngineError: the file is no raster, lacks a coordinate system or a band, is not laid out on the map, or holds complex
            numbers.
    """

    def __init__(
        self, path: str | Path, crs: str = "", bands: Sequence[int] = (), needs_crs: bool = True, colours: bool = False
    ) -> None:
        self.path = str(path)
        self._was_file = Path(self.path).is_file()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                self.dataset = rasterio.open(self.path)
        except RasterioError as error:
            raise EngineError(
                f"The raster {self.path} cannot be opened: check that the file exists and is an image ({error})."
            ) from error
        try:
            if needs_crs:
                self._check_georeference()
            self.crs = self._find_crs(crs, needs_crs)
            self._colour_table = colour_table(self.dataset) if colours else None
            self.band_count: int = self.dataset.count if self._colour_table is None else 3
            self.bands = self._find_bands(bands)
            self.transform: Affine = self.dataset.transform
            self.height: int = self.dataset.height
            self.width: int = self.dataset.width
            self.dtype = self._find_dtype()
            complete = all(MaskFlags.all_valid in flags for flags in self.dataset.mask_flag_enums)
            self._is_complete = complete and self._colour_table is None
            self.cell_metres = cell_size_metres(self.transform, self.height, self.width, self.crs)
        except BaseException:
            self.dataset.close()
            raise

    def _check_georeference(self) -> None:
        """Refuse rasters that no grid lays on the map."""
        if self.dataset.transform != Affine.identity():
            return
        for kind, there in (("ground control points", self.dataset.gcps[0]), ("an RPC sensor model", self.dataset.rpcs)):
            if there:
                raise EngineError(
                    f"The raster {self.path} is placed by {kind} only, not by a grid: run 'Warp (reproject)' on it "
                    "(Raster > Projections) and use the result."
                )
        if self.dataset.crs:
            raise EngineError(
                f"The raster {self.path} has a coordinate system but no position: give it one with the Georeferencer "
                "(Layer > Georeferencer) and use the result."
            )

    def _find_dtype(self) -> np.dtype:
        if self._colour_table is not None:
            return np.dtype(np.uint8)
        names = {self.dataset.dtypes[band - 1] for band in self.bands}
        if any(name.startswith("complex") for name in names):
            raise EngineError(
                f"The raster {self.path} holds complex numbers (radar): compute their amplitude first and use that."
            )
        return np.result_type(*(np.dtype(name) for name in names))

    def _find_crs(self, override: str, needs_crs: bool) -> pyproj.CRS | None:
        text = override or (self.dataset.crs.to_wkt() if self.dataset.crs else "")
        if not text:
            if needs_crs:
                raise EngineError(
                    f"The raster {self.path} has no coordinate system: assign the right one to the layer "
                    "(Layer > Set CRS), or to the file with 'Assign projection'."
                )
            return None
        try:
            return pyproj.CRS.from_user_input(text)
        except CRSError as error:
            raise EngineError(f"The coordinate system of {self.path} is not understood: {error}.") from error

    def _find_bands(self, bands: Sequence[int]) -> tuple[int, ...]:
        count = self.band_count
        if self._colour_table is not None and list(bands) in ([], [1]):
            return 1, 2, 3
        if bands:
            missing = [band for band in bands if not 1 <= band <= count]
            if missing:
                raise EngineError(f"The raster {self.path} has {count} band(s); there is no band {missing[0]}.")
            return tuple(bands)
        data_bands = [band for band, meaning in enumerate(self.dataset.colorinterp, 1) if meaning != ColorInterp.alpha]
        if not data_bands:
            raise EngineError(f"The raster {self.path} has no image band.")
        return tuple(data_bands[:_DEFAULT_BAND_COUNT])

    def grid(self, cell_size: float | tuple[float, float] = 0.0) -> WorkingGrid:
        """Return the working grid of that cell size in metres (one, or along x and y); 0 for the raster's own grid."""
        wanted = cell_size if isinstance(cell_size, tuple) else (cell_size, cell_size)
        scale_x, scale_y = (
            1.0 if target <= 0 or abs(target / own - 1) <= SAME_CELL_SIZE else target / own
            for target, own in zip(wanted, self.cell_metres)
        )
        return WorkingGrid(
            # whole pixels only: one that reached over the raster's edge would be resampled differently from window to window
            height=max(1, math.floor(self.height / scale_y + 1e-6)),
            width=max(1, math.floor(self.width / scale_x + 1e-6)),
            transform=self.transform * Affine.scale(scale_x, scale_y),
            scale_x=scale_x,
            scale_y=scale_y,
            cell_metres=(self.cell_metres[0] * scale_x, self.cell_metres[1] * scale_y),
        )

    @property
    def is_striped(self) -> bool:
        """Whether the file holds whole rows, so that a window costs as much as all the rows it lies in."""
        return bool(self.dataset.block_shapes[0][1] >= self.width)

    def read(self, grid: WorkingGrid, window: Window, nearest: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Read a window of a working grid.

        Args:
            window: may reach over the edge; what lies outside is 0 and not valid.
            nearest: take the nearest pixel instead of interpolating (class values).

        Returns:
            Pixels (bands, height, width) in the raster's dtype and valid (height, width) bool: False outside the raster,
            on nodata, under alpha 0 and where a float pixel is not finite.

        Raises:
            EngineError: the file breaks off or a block of it cannot be decoded.
        """
        pixels = np.zeros((len(self.bands), window.height, window.width), self.dtype)
        valid = np.zeros((window.height, window.width), bool)
        inside = window.clipped(grid.height, grid.width)
        if inside.is_empty:
            return pixels, valid
        block = self._block(grid, inside, nearest)
        mask = self._mask(grid, inside)
        if np.issubdtype(self.dtype, np.inexact):
            finite = np.isfinite(block).all(axis=0)
            nodata = self.dataset.nodata
            if nodata is not None and np.isfinite(nodata):
                # GDAL's mask wants nodata in every band; measurements that miss in one band are no measurements
                finite &= (block != self.dtype.type(nodata)).all(axis=0)
            mask &= finite
            block = np.where(finite, block, 0)
        part = _part(inside, window)
        valid[part] = mask
        pixels[(slice(None), *part)] = block
        return pixels, valid

    def _block(self, grid: WorkingGrid, inside: Window, nearest: bool) -> np.ndarray:
        resampling = Resampling.nearest if nearest or grid.is_native else Resampling.bilinear
        shape = (len(self.bands), inside.height, inside.width)
        source_window = self._source_window(grid, inside)
        with self._explained(inside):
            if self._colour_table is not None:
                chosen = self._colour_table[:, [band - 1 for band in self.bands]]
                return read_colours(self.dataset, chosen, source_window, shape, resampling)
            block: np.ndarray = self.dataset.read(
                self.bands, window=source_window, out_shape=shape, resampling=resampling, out_dtype=self.dtype
            )
        return block

    def read_valid(self, grid: WorkingGrid, window: Window) -> np.ndarray:
        """Return only the valid mask that ``read`` gives, (height, width) bool."""
        if np.issubdtype(self.dtype, np.inexact):
            return self.read(grid, window)[1]
        valid = np.zeros((window.height, window.width), bool)
        inside = window.clipped(grid.height, grid.width)
        if not inside.is_empty:
            valid[_part(inside, window)] = self._mask(grid, inside)
        return valid

    def _mask(self, grid: WorkingGrid, inside: Window) -> np.ndarray:
        shape = (inside.height, inside.width)
        if self._is_complete:
            return np.ones(shape, bool)
        with self._explained(inside):
            mask = self.dataset.dataset_mask(
                window=self._source_window(grid, inside), out_shape=shape, resampling=Resampling.nearest
            )
            if self._colour_table is not None:
                numbers = self.dataset.read(
                    1, window=self._source_window(grid, inside), out_shape=shape, resampling=Resampling.nearest
                )
                mask = np.where(self._colour_table[numbers, 3] > 0, mask, 0)
        return np.asarray(mask) > 0

    def _source_window(self, grid: WorkingGrid, inside: Window) -> SourceWindow:
        """Return the source pixels under grid pixels, never past the file's edge (rounding; rasters under one grid pixel)."""
        row, column = inside.row * grid.scale_y, inside.column * grid.scale_x
        height = min(inside.height * grid.scale_y, self.height - row)
        width = min(inside.width * grid.scale_x, self.width - column)
        return SourceWindow(column, row, width, height)

    @contextlib.contextmanager
    def _explained(self, inside: Window) -> Iterator[None]:
        """Say where the file is broken."""
        try:
            yield
        except RasterioError as error:
            if self._was_file and not Path(self.path).is_file():
                raise EngineError(
                    f"The raster {self.path} cannot be read any more: it was moved or deleted, or its drive is no longer "
                    "connected. Bring it back and run again.", "disk"
                ) from error
            raise EngineError(
                f"The raster {self.path} cannot be read at {inside}: the file is damaged or incomplete; "
                f"copy or download it again ({error})."
            ) from error

    def __enter__(self) -> RasterSource:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.dataset.close()


def _part(inside: Window, window: Window) -> tuple[slice, slice]:
    """Return where ``inside`` lies in ``window``."""
    row, column = inside.row - window.row, inside.column - window.column
    return slice(row, row + inside.height), slice(column, column + inside.width)
