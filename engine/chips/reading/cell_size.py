"""How large a pixel of the chips is on the ground."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyproj
from pyproj.exceptions import CRSError

from ...errors import EngineError
from ...raster.measure import cell_size_metres
from .chip import Chip
from .classified_metadata import Metadata
from .image_file import opened
from .placement import Listing, transform_of

#: Pixels smaller than this in unknown map units are taken for degrees.
_DEGREES = 1e-3


def find_cell_size(
    chips: Sequence[Chip], listing: Listing, metadata: Metadata, given: float, remarks: list[str]
) -> tuple[tuple[float, float], bool]:
    """Return x and y size of a pixel, metres, and whether it is known: of the folder's record, else of its first placed chip.

    Args:
        given: by the user, for chips without georeference; 0 for none. remarks: gets what the user should know.

    Raises:
        EngineError: ``given`` is no size, or the chips are placed in degrees of an unknown coordinate system or broken.
    """
    if given and not _is_size(given):
        raise EngineError(f"A cell size of {given:g} m cannot be used: choose one above 0, or 0 for that of the chips.")
    placed = next((chip for chip in chips if chip.bounds is not None), None)
    lost = sum(chip.bounds is None for chip in chips)
    if placed is not None and lost:
        remarks.append(f"{lost} of {len(chips)} chips of {metadata.folder} have no georeference: they count as from anywhere.")
    stored = metadata.extras.get("cell_metres")
    if isinstance(stored, list) and len(stored) == 2 and all(_is_size(size) for size in stored):
        if placed is not None or given <= 0:
            return (float(stored[0]), float(stored[1])), True
    elif placed is not None:
        return _measured(placed, listing, metadata, remarks), True
    if given > 0:
        return (given, given), True
    remarks.append(
        f"The chips of {metadata.folder} have no georeference: their pixels are taken as 1 m. "
        "Set the cell size if that is wrong: a model finds roads at the size it learnt them."
    )
    return (1.0, 1.0), False


def _is_size(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value > 0


def _measured(chip: Chip, listing: Listing, metadata: Metadata, remarks: list[str]) -> tuple[float, float]:
    with opened(chip.image) as dataset:
        text = dataset.crs.to_wkt() if dataset.crs else metadata.crs
        height, width = dataset.shape
    transform = transform_of(chip.image, listing)
    try:
        crs = pyproj.CRS.from_user_input(text) if text else None
    except CRSError as error:
        raise EngineError(f"The coordinate system of {chip.image} is not understood: {error}.") from error
    try:
        sizes = cell_size_metres(transform, height, width, crs)
    except EngineError as error:
        raise EngineError(f"The chip {chip.image} cannot be used: {error.message}") from error
    if crs is None and max(sizes) < _DEGREES:
        raise EngineError(
            f"The chip {chip.image} has no coordinate system, and its pixels of {max(sizes):.3g} map units look like degrees: "
            "assign the coordinate system to the chips with 'Assign projection', or export them again."
        )
    if crs is None:
        remarks.append(f"The chips of {metadata.folder} have no coordinate system: their map units are taken as metres.")
    return sizes
