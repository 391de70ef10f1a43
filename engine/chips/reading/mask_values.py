"""The values and colours that masks hold, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from ...errors import EngineError
from .greys import MAX_EXACT, NEAR_END, Greys, flat
from .mask_coding import SAME_COLOUR
from .mask_file import Mask
from .road_label import RoadLabel

#: Blurred colours with a smaller share of the flat areas are noise.
_MIN_SHARE = 5e-4
_MAX_VALUES = 4096
Colour = tuple[int, int, int]


@dataclass
class MaskValues:
    """What the masks looked at hold: greys, colours, numbers of a colour table, each with its count of pixels.

    Attributes:
        flat: colours of the pixels inside areas.
    """

    count: int = 0
    lossy: bool = False
    coloured: bool = False
    eight_bits: bool = True
    greys: Counter[int] = field(default_factory=Counter)
    colours: Counter[Colour] = field(default_factory=Counter)
    flat: Counter[Colour] = field(default_factory=Counter)
    eight_bit_greys: Greys = field(default_factory=lambda: Greys(np.zeros(256, np.int64), 0, 0))
    numbers: Counter[int] | None = None

    def add(self, mask: Mask) -> None:
        """Count the values of a mask."""
        self.count += 1
        self.lossy |= mask.lossy
        self.eight_bits &= mask.pixels.dtype == np.uint8
        valid = None if mask.unknown is None else ~mask.unknown
        grey = mask.grey()
        if grey is not None:
            self.greys.update(_counts(grey, valid))
            if len(self.greys) > _MAX_VALUES:
                raise EngineError(f"The mask {mask.path} holds over {_MAX_VALUES} values: it is no mask; check the folder.")
        else:
            self.coloured = True
        if grey is not None and grey.dtype == np.uint8:
            self.eight_bit_greys += Greys.of(grey if valid is None else np.where(valid, grey, 0))
            inside = flat(grey[None], NEAR_END)
            self.flat.update(_as_colours(_counts(grey, inside if valid is None else valid & inside)))
            self.colours.update(_as_colours(_counts(grey, valid)))
        elif grey is None:
            colours = mask.colours()
            assert colours is not None  # what is not grey has colours
            inside = flat(colours, NEAR_END)
            self.flat.update(_colour_counts(colours, inside if valid is None else valid & inside))
            self.colours.update(_colour_counts(colours, valid))
        if mask.palette is not None:
            self.numbers = self.numbers or Counter()
            self.numbers.update(_counts(mask.pixels[0], valid))

    def shows(self, wanted: RoadLabel) -> bool:
        """Whether there is a road among what was found."""
        if wanted.colours:
            return all(nearest_colour(colour, self.colours) is not None for colour in wanted.colours)
        if wanted:
            there = self.numbers if self.coloured and self.numbers else self.greys
            return all(value in there for value in wanted.values)
        return self.coloured or any(self.greys.keys() - {0})

    def clusters(self) -> Counter[Colour]:
        """Return the colours, those that noise spread about gathered again; most frequent first."""
        if len(self.colours) <= MAX_EXACT:
            return Counter(dict(self.colours.most_common()))
        colours = sorted(self.flat, key=lambda colour: (-self.flat[colour], colour))
        points, counts = np.array(colours), np.array([self.flat[colour] for colour in colours])
        least = _MIN_SHARE * counts.sum()
        result: Counter[Colour] = Counter()
        left = np.ones(len(points), bool)
        while left.any():
            centre = int(left.argmax())  # the most frequent that is left
            members = left & (np.square(points - points[centre]).sum(axis=1) <= SAME_COLOUR**2)
            if counts[members].sum() >= least:
                result[colours[centre]] = int(counts[members].sum())
            left &= ~members
        return Counter(dict(result.most_common()))


def _counts(values: np.ndarray, valid: np.ndarray | None) -> dict[int, int]:
    values = values.ravel() if valid is None else values[valid]
    if values.dtype in (np.uint8, np.uint16):
        histogram = np.bincount(values)
        return {int(value): int(histogram[value]) for value in np.flatnonzero(histogram)}
    found, counts = np.unique(values, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist()))


def _as_colours(greys: dict[int, int]) -> dict[Colour, int]:
    return {(value, value, value): count for value, count in greys.items()}


def _colour_counts(colours: np.ndarray, valid: np.ndarray | None) -> dict[Colour, int]:
    red, green, blue = (band.astype(np.int32) for band in colours)
    counts = _counts((red << 16) | (green << 8) | blue, valid)
    return {(value >> 16, value >> 8 & 255, value & 255): count for value, count in counts.items()}


def nearest_colour(colour: Colour, among: Counter[Colour]) -> Colour | None:
    """Return the colour that counts as the same, None if there is none."""
    if not among:
        return None
    colours = list(among)
    distances = np.square(np.array(colours) - np.array(colour)).sum(axis=1)
    return colours[int(distances.argmin())] if distances.min() <= SAME_COLOUR**2 else None
