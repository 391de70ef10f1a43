"""The truth on the prediction's grid: from a raster of any grid, or from road lines and areas."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pyproj
from rasterio.enums import Resampling

from ..chips.exporting.lattice import Frame
from ..chips.exporting.road_features import RoadFeatures
from ..chips.label_classes import ROAD_VALUE
from ..chips.reading.road_label import RoadLabel, parse_road_label
from ..errors import EngineError
from ..raster.grid import Window, WorkingGrid
from ..raster.regridding import Regridding
from ..raster.source import RasterSource
from ..reporter import Reporter

#: A truth raster whose cells are smaller than the prediction's by more than this is summed up by majority.
_FINER = 0.75
#: Colours this near (in each of red, green, blue) to the wanted one are it: JPEG changes colours a little.
_SAME_COLOUR = 24
#: Codes of a truth that is being resampled.
_BACKGROUND, _ROAD, _UNKNOWN = 0, 1, 255


class Truth(Protocol):
    """Where the truth comes from."""

    from_features: bool

    def read(self, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """Return road and known, bool (height, width), of a window of the prediction's grid."""

    def tell(self, reporter: Reporter) -> None:
        """Warn of what was seen while reading."""


class TruthFeatures:
    """The truth of a road layer: everything that is no road is known to be none.

    Args:
        features: roads, ready to be drawn on the prediction's grid. name: of the truth, in messages.
    """

    from_features = True

    def __init__(self, features: RoadFeatures, name: str) -> None:
        self._features, self._name = features, name
        self._mended: set[int] = set()
        self._unusable: set[int] = set()
        self._without_width: set[int] = set()

    def read(self, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """Return what lies on a road (the pixel's centre counts); all of it is known."""
        areas = self._features.within(window, window)
        self._mended |= areas.notes.mended
        self._unusable |= areas.notes.unusable
        self._without_width |= areas.notes.without_width
        road = areas.label(Frame(window)) == ROAD_VALUE
        return road, np.ones(road.shape, bool)

    def tell(self, reporter: Reporter) -> None:
        """Warn of features that could not be taken as they are."""
        for ids, what in (
            (self._unusable, "have no usable geometry and were left out"),
            (self._without_width, "have no width of their own and took the road width"),
            (self._mended, "were repaired"),
        ):
            if ids:
                some = ", ".join(map(str, sorted(ids)[:5])) + (" …" if len(ids) > 5 else "")
                reporter.warning(f"{len(ids)} feature(s) of the truth {self._name} {what}: {some}.")


class TruthRaster:
    """The truth of a raster: pixels of the wanted values or colours, else of any value but 0 and nodata.

    Nodata 0 is background; other nodata, and the ground beyond the raster, is unknown. Cells smaller than the prediction's are
    summed up by majority, others taken by the nearest.

    Args:
        source: the raster, open with ``colours`` if ``label`` names colours. grid, crs: of the prediction.
        label: as the user typed it. name: of the truth, in messages.

    Raises:
        EngineError: the label fits no raster.
    """

    from_features = False

    def __init__(self, source: RasterSource, grid: WorkingGrid, crs: pyproj.CRS, label: str, name: str) -> None:
        self._source, self._grid, self._name = source, grid, name
        self._label = truth_label(label, name)
        self._own_grid = source.grid()
        self._regridding = Regridding(source, self._own_grid, crs)
        finer = max(own / wanted for own, wanted in zip(source.cell_metres, grid.cell_metres)) < _FINER
        self._resampling = Resampling.mode if finer else Resampling.nearest
        self._nodata_is_background = source.dataset.nodata == 0
        self._saw_255 = self._saw_others = self._saw_wanted = False

    def read(self, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """Return road and known of a window of the prediction's grid."""
        transform, shape = self._grid.transform_of(window), (window.height, window.width)
        own = self._regridding.window_under(transform, shape)
        if own.is_empty:
            return np.zeros(shape, bool), np.zeros(shape, bool)
        pixels, known = self._source.read(self._own_grid, own, nearest=True)
        if self._nodata_is_background:
            known = np.ones_like(known)
        road = self._wanted(pixels, known, own) & known
        codes = np.where(known, np.where(road, np.uint8(_ROAD), np.uint8(_BACKGROUND)), np.uint8(_UNKNOWN))
        result = self._regridding.carry(codes, own, transform, shape, self._resampling, _UNKNOWN)
        return result == _ROAD, result != _UNKNOWN

    def _wanted(self, pixels: np.ndarray, known: np.ndarray, window: Window) -> np.ndarray:
        if self._label.colours:
            picture = pixels if len(pixels) >= 3 else np.repeat(pixels[:1], 3, axis=0)
            near = np.zeros(known.shape, bool)
            for colour in self._label.colours:
                near |= (np.abs(picture[:3].astype(np.int32) - np.array(colour)[:, None, None]) <= _SAME_COLOUR).all(axis=0)
            self._saw_wanted |= bool((near & known).any())
            return near
        if pixels.dtype.kind == "f" and (pixels != np.rint(pixels)).any():
            raise EngineError(
                f"The truth {self._name} holds numbers with fractions at {window}: a truth is a raster of whole numbers; "
                "reclassify it first."
            )
        if self._label:
            near = np.isin(pixels[0], self._label.values)
            self._saw_wanted |= bool((near & known).any())
            return near
        road: np.ndarray = (pixels != 0).any(axis=0)
        if len(pixels) == 1 and pixels.dtype == np.uint8 and not (self._saw_255 and self._saw_others):
            seen = np.bincount(pixels[0][known], minlength=256)
            self._saw_255 |= bool(seen[255])
            self._saw_others |= bool(seen[1:255].any())
        return road

    def tell(self, reporter: Reporter) -> None:
        """Warn of values that may not mean what was made of them."""
        if self._label and not self._saw_wanted:
            reporter.warning(
                f"None of the road values asked for occurs in the truth {self._name}: it was taken to hold no road; check "
                "the truth label."
            )
        if self._saw_255 and self._saw_others:
            reporter.warning(
                f"The truth {self._name} holds 255 beside other values, and does not declare it as nodata: it was taken "
                "as road. If it means nodata, set it in the layer's properties."
            )


def truth_label(text: str, name: str) -> RoadLabel:
    """Return the user's word for road in a truth raster.

    Raises:
        EngineError: it is a name, which a raster does not have, or broken.
    """
    label = parse_road_label(text)
    if len(label.values) != len(label.names):
        raise EngineError(
            f"The truth label '{text}' is no number: the truth {name} is a raster, so give its values (1 or 1,3) or colours "
            "(#ff0000)."
        )
    return label
