"""What the values of a mask mean: from grey values or colours to 0 background, 1 road, 255 ignore."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

import numpy as np

from ...errors import EngineError
from ..classified_tiles import NODATA_LABEL
from .greys import Greys
from .mask_file import Mask

#: Grey masks that are not purely black and white are road from here on: what the DeepGlobe challenge prescribes.
ROAD_FROM = 128
#: Distance in RGB up to which a pixel has a colour: JPEG moves colours by less, the colours of a legend lie further apart.
SAME_COLOUR = 48.0
#: Share of a blurred mask's pixels that may lie far from all known colours: the blur between them.
_NEW_COLOUR_SHARE = 0.05
#: A mask among others that are black and white with noise may hold so many greys between without a second look.
_MIDDLE_SHARE = 0.02


@dataclass(frozen=True)
class ValueCoding:
    """Masks whose numbers are classes.

    Attributes:
        road: values that are road; None: all but background.
        background: values that are not road where ``road`` is None.
        known: all values there may be; None: any.
        ignored: value that says nothing, besides the nodata a file itself declares; None for none.
        raw: whether numbers of a colour table count, not the grey they stand for.
    """

    road: frozenset[int] | None = None
    background: frozenset[int] = frozenset({0})
    known: frozenset[int] | None = None
    ignored: int | None = None
    raw: bool = True

    def decode(self, mask: Mask) -> np.ndarray:
        """Return the label, (height, width) uint8: 0 background, 1 road, 255 ignore.

        Raises:
            EngineError: the mask holds a value that is not known.
        """
        values = mask.pixels[0] if self.raw else _grey(mask)
        unknown = mask.unknown
        if self.known is not None:
            allowed = {*self.known, self.ignored, mask.nodata}
            strange = [value for value in levels(values) if value not in allowed]
            if strange:
                raise EngineError(
                    f"The label {mask.path} holds the value {strange[0]}, the rest of the training data only "
                    f"{_listed(self.known)}: mend that label, or set the road label to the values that are road."
                )
        if self.road is None:
            label = (~np.isin(values, list(self.background))).astype(np.uint8)
        else:
            label = np.isin(values, list(self.road)).astype(np.uint8)
        if self.ignored is not None:
            label[values == self.ignored] = NODATA_LABEL
        if unknown is not None:
            label[unknown] = NODATA_LABEL
        return label


@dataclass(frozen=True)
class GreyCoding:
    """Black and white masks of 8 bits, pure or with the noise of JPEG or of resampling: road from 128 on.

    Attributes:
        pure: whether the masks looked at held nothing but 0 and 255.
    """

    pure: bool = False

    def decode(self, mask: Mask) -> np.ndarray:
        """As ``ValueCoding.decode``; refuses a mask with a distinct grey between black and white."""
        values = _grey(mask)
        if values.dtype != np.uint8:
            raise EngineError(f"The mask {mask.path} is {values.dtype}, the others are uint8: save all masks alike.")
        greys = Greys.of(values)
        if greys.middle > (0.0 if self.pure else _MIDDLE_SHARE * values.size) and not greys.are_noise(mask.lossy):
            raise EngineError(
                f"The mask {mask.path} holds distinct greys between black and white, the masks looked at first do not: "
                "mend that mask, or set the road label to the values that are road."
            )
        label = (values >= ROAD_FROM).astype(np.uint8)
        if (unknown := mask.unknown) is not None:
            label[unknown] = NODATA_LABEL
        return label


@dataclass(frozen=True)
class ColourCoding:
    """Masks whose colours, or blurred greys, are classes: each pixel is of the nearest known colour.

    Attributes:
        road: colours that are road. others: those that are not.
        closed: whether there may be no colour besides these; otherwise what is far from all of them is background.
        lossy: whether pixels between the colours are to be expected.
    """

    road: tuple[tuple[int, int, int], ...]
    others: tuple[tuple[int, int, int], ...]
    closed: bool = False
    lossy: bool = False

    def decode(self, mask: Mask) -> np.ndarray:
        """As ``ValueCoding.decode``."""
        pixels = mask.colours()
        if pixels is None:
            pixels = np.broadcast_to(_grey(mask), (3, *mask.shape))
        pixels = pixels.astype(np.int32)
        nearest = np.full(mask.shape, np.iinfo(np.int32).max, np.int32)
        label = np.zeros(mask.shape, np.uint8)
        for value, colours in ((1, self.road), (0, self.others)):
            for colour in colours:
                distance = sum((band - part) ** 2 for band, part in zip(pixels, colour))
                closer = distance < nearest
                label[closer] = value
                nearest = np.where(closer, distance, nearest)
        far = nearest > SAME_COLOUR**2
        if self.closed and np.count_nonzero(far) > (_NEW_COLOUR_SHARE if self.lossy else 0) * far.size:
            row, column = (int(each[0]) for each in np.nonzero(far))
            raise EngineError(
                f"The mask {mask.path} holds the colour {hexadecimal(pixels[:, row, column])}, which the masks looked at first "
                "do not: mend that mask, or set the road label to the colour that is road."
            )
        if not self.closed and not self.lossy:
            label[far] = 0
        if (unknown := mask.unknown) is not None:
            label[unknown] = NODATA_LABEL
        return label


MaskCoding = Union[ValueCoding, GreyCoding, ColourCoding]


def levels(values: np.ndarray) -> list[int]:
    """Return the distinct values of whole numbers, ascending."""
    if values.dtype in (np.uint8, np.uint16):
        return [int(value) for value in np.flatnonzero(np.bincount(values.ravel()))]
    return [int(value) for value in np.unique(values)]


def hexadecimal(colour: np.ndarray) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#" + "".join(f"{int(part):02x}" for part in colour)


def _grey(mask: Mask) -> np.ndarray:
    values = mask.grey()
    if values is None:
        raise EngineError(f"The mask {mask.path} is coloured, the masks looked at first are grey: save all masks alike.")
    return values


def _listed(values: frozenset[int]) -> str:
    return ", ".join(str(value) for value in sorted(values))
