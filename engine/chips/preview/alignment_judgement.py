"""What the place of the labels on the imagery means, in a sentence."""

from __future__ import annotations

from math import atan2, degrees, hypot

from ..reading.folder import TrainingFolder
from .alignment import REACH, Alignment, Verdict
from .judgement import Judgement, good, look, unknown

_COMPASS = ("east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east")
_ON_SCREEN = ("right", "upper right", "top", "upper left", "left", "lower left", "bottom", "lower right")


def judge_alignment(alignment: Alignment, folder: TrainingFolder) -> Judgement:
    """Judge whether the labels lie on the roads of the imagery."""
    if alignment.verdict is Verdict.UNKNOWN:
        return unknown(
            "Whether the labels are shifted against the imagery cannot be told: too few roads, too little contrast, labels of "
            f"another place, or a shift beyond {REACH} pixels. Judge by the chips above."
        )
    cell, placed = folder.cell_metres if folder.cell_size_known else None, folder.georeferenced
    where = _describe(alignment.shift, cell, placed)
    across = " (all roads run about one way, so only the shift across them can be told)" if alignment.across_only else ""
    evidence = (
        f"{alignment.patches} stretches of road were compared; {alignment.agreement:.0%} of repeated draws from them agree."
    )
    if alignment.verdict is Verdict.SHIFTED:
        back = _describe((-alignment.shift[0], -alignment.shift[1]), cell, placed)
        return look(
            f"The labels look shifted by about {where}{across}: move the roads {back}, or check the coordinate systems of "
            f"imagery and roads, and export again. {evidence}"
        )
    if hypot(*alignment.shift) < 1:
        return good(f"No shift between labels and imagery was seen{across}. {evidence}")
    return good(
        f"No certain shift between labels and imagery was seen: about {where}{across}, where less than {alignment.tolerance:.1f} "
        f"pixels (about a third of the roads' width) does little harm. {evidence}"
    )


def _describe(shift: tuple[float, float], cell: tuple[float, float] | None, placed: bool) -> str:
    """Return a shift (pixels right, down) as length and direction in words."""
    right, down = shift
    length = f"{hypot(right, down):.1f} pixels"
    if cell is not None:
        right, down = right * cell[0], down * cell[1]
        length = f"{hypot(right, down):.1f} m ({length})"
    sector = round(degrees(atan2(-down, right)) / 45) % 8
    return f"{length} to the {_COMPASS[sector] if placed else _ON_SCREEN[sector]}"
