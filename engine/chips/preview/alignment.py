"""Do the labels lie on the roads of the imagery? The shift, in pixels, at which they fit best, and how sure that is.

Straight pieces of the labelled roads are cut across: profiles of the imagery at right angles, averaged along the piece. A road
shows as a ribbon that differs from both of its sides in the same sense, brighter here and darker there, so only the size of the
contrast counts. A piece tells nothing along itself; pieces of several directions together tell both components.

Whether to believe the best shift is asked of the data: patches of ground are drawn again and again with replacement (bootstrap,
Efron 1979), and a shift counts only if the draws agree on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from affine import Affine

from ..classified_tiles import NODATA_LABEL
from ..label_classes import ROAD_VALUE
from .road_pieces import ribbon_response, road_pieces

#: Largest shift looked for, pixels in any direction.
REACH = 12
#: Overlapping chips show the same road again; one patch of ground of this side (pixels) is one witness.
_PATCH = 64
#: Fewer witnesses agree by chance or are off together: of two Massachusetts chips (11 witnesses), 8 of 140 shifts were told
#: wrongly.
_FEWEST_PATCHES = 16
_DRAWS = 200
#: Labels shifted by a third of the road's width still cover half of label and road together; OpenStreetMap roads, 1 to 3 m off
#: one by one, were off by 1.1 and 1.3 m all together on the two samples. Pixels; no less than this.
_LEAST_TOLERANCE = 2.0
#: The roads of a few chips may be off together: with n witnesses the tolerance is larger by this over n.
_DOUBT = 8.0
_NEAR, _AGREED = 2.0, 0.9  # pixels; share of the draws that must be so near to the best shift
#: Roads count as running one way only if this little of their length (share) shows the other component.
_ONE_WAY = 0.1


class Verdict(Enum):
    """What can be said of the labels' place."""

    ALIGNED = "aligned"
    SHIFTED = "shifted"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Alignment:
    """How the labels lie on the imagery.

    Attributes:
        shift: how far the labels lie east and south of the imagery's roads, pixels; of images without georeference right and
            down. The best guess even where ``verdict`` is unknown.
        tolerance: shifts shorter than this (pixels) are no cause for alarm.
        agreement: share of the draws that found the shift, 0 to 1. patches: patches of ground that were asked.
        across_only: all roads run about one way, so only the component across them is known.
        fit: float64 (2 × REACH + 1, 2 × REACH + 1), how well the labels fit if they are moved by (row − REACH, column − REACH).
    """

    verdict: Verdict
    shift: tuple[float, float]
    tolerance: float
    agreement: float
    patches: int
    across_only: bool
    fit: np.ndarray


@dataclass
class AlignmentSearch:
    """Takes in chips one by one; memory grows with the ground they cover, about 3 KB for 64 × 64 pixels with roads."""

    _fits: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)
    _directions: np.ndarray = field(default_factory=lambda: np.zeros((2, 2)))
    _widths: list[float] = field(default_factory=list)

    def add(self, image: np.ndarray, label: np.ndarray, ground: Affine) -> None:
        """Take in a chip.

        Args:
            image: (bands, height, width), any dtype. label: (height, width) uint8: 0 background, 1 road, 255 ignore.
            ground: from column and row of the chip to its place in pixels east and south of anywhere; chips turned against
                north are understood. Chips of unknown place need places of their own.
        """
        known = label != NODATA_LABEL
        if not (label == ROAD_VALUE).any():
            return
        pixels = np.nan_to_num(image.astype(np.float32), posinf=0, neginf=0)
        spread = pixels[:, known].std(axis=1)
        pixels = (pixels - pixels[:, known].mean(axis=1)[:, None, None]) / np.maximum(spread, 1e-6)[:, None, None]
        turn = np.array([[ground.a, ground.b], [ground.d, ground.e]])
        for piece in road_pieces(label == ROAD_VALUE):
            response = ribbon_response(pixels, known, piece, REACH)
            if response is None:
                continue
            normal = turn @ piece.normal[::-1]
            normal /= np.hypot(*normal)
            east, south = ground * (piece.centre[1] + 0.5, piece.centre[0] + 0.5)
            patch = int(east // _PATCH), int(south // _PATCH)
            down, right = np.mgrid[-REACH : REACH + 1, -REACH : REACH + 1]
            offsets = right * normal[0] + down * normal[1]
            fit = np.interp(offsets, np.arange(-REACH, REACH + 1), response, left=0, right=0).astype(np.float32)
            self._fits[patch] = self._fits.get(patch, np.float32(0)) + fit * np.float32(np.sqrt(piece.length))
            self._directions += piece.length * np.outer(normal, normal)
            self._widths.append(piece.width)

    def result(self, seed: int) -> Alignment:
        """Return what the chips say together; the same chips and seed say the same."""
        size = 2 * REACH + 1
        tolerance = max(_LEAST_TOLERANCE, float(np.median(self._widths or [0])) / 3) * (1 + _DOUBT / max(1, len(self._fits)))
        if not self._fits:
            return Alignment(Verdict.UNKNOWN, (0.0, 0.0), tolerance, 0.0, 0, False, np.zeros((size, size)))
        fits = np.stack([self._fits[patch] for patch in sorted(self._fits)]).reshape(len(self._fits), -1)
        total = fits.sum(axis=0, dtype=np.float64).reshape(size, size)
        candidates, across_only = self._candidates()
        fits = fits[:, candidates]
        down, right = np.divmod(np.flatnonzero(candidates), size)
        moves = np.column_stack([right, down]) - REACH
        best = moves[np.argmax(fits.sum(axis=0, dtype=np.float64))]
        generator = np.random.default_rng(seed)
        weights = generator.multinomial(len(fits), np.full(len(fits), 1 / len(fits)), _DRAWS).astype(np.float32)
        drawn = moves[np.argmax(weights @ fits, axis=1)]
        agreement = float((np.hypot(*(drawn - best).T) <= _NEAR).mean())
        move = best.astype(float) if across_only else best + _between_pixels(total, best)
        far = float((np.hypot(*drawn.T) >= tolerance - 0.5).mean())  # draws fall on whole pixels
        verdict = Verdict.UNKNOWN
        if len(fits) >= _FEWEST_PATCHES and agreement >= _AGREED and np.hypot(*best) < REACH - 0.5:
            is_far = far >= _AGREED and np.hypot(*move) >= tolerance
            verdict = Verdict.SHIFTED if is_far else Verdict.ALIGNED
        # where the labels must go is the opposite of where they lie
        shift = (0.0 - float(move[0]), 0.0 - float(move[1]))
        return Alignment(verdict, shift, tolerance, agreement, len(fits), across_only, total)

    def _candidates(self) -> tuple[np.ndarray, bool]:
        """Return which shifts can be told apart, bool over the flattened grid, and whether only those across one direction."""
        down, right = np.mgrid[-REACH : REACH + 1, -REACH : REACH + 1]
        candidates = np.hypot(down, right) <= REACH
        shares, axes = np.linalg.eigh(self._directions)
        across_only = bool(shares[0] < _ONE_WAY * shares.sum())
        if across_only:
            along = axes[:, 0]
            candidates &= np.abs(right * along[0] + down * along[1]) <= 0.5
        return candidates.ravel(), across_only


def _between_pixels(fit: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Return how far the top of the parabola through the best shift and its neighbours lies beside it, pixels (x, y)."""
    row, column = best[1] + REACH, best[0] + REACH
    beside = np.zeros(2)
    for axis, (before, after) in enumerate((((row, column - 1), (row, column + 1)), ((row - 1, column), (row + 1, column)))):
        if all(0 <= index < len(fit) for index in (*before, *after)):
            bend = fit[before] - 2 * fit[row, column] + fit[after]
            if bend < 0:
                beside[axis] = np.clip((fit[before] - fit[after]) / (2 * bend), -0.5, 0.5)
    return beside
