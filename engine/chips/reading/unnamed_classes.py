"""What the values of labels mean in a "Classified Tiles" folder whose metadata name no class."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..classified_tiles import NODATA_LABEL
from .mask_coding import ValueCoding, levels
from .mask_file import read_mask
from .placement import sample

#: Labels looked at, evenly spread.
_SAMPLE = 32
_SHOWN = 12


def unnamed_classes(folder: Path, labels: Sequence[Path], ignored: int | None) -> tuple[ValueCoding, list[str]]:
    """Decide which values are road: all but 0, and but 255 beside smaller ones, where it is the field's sign for "unknown".

    Args:
        folder: for messages. labels: all of them, in a fixed order.
        ignored: value that the metadata declare to say nothing; None for none.

    Returns:
        The coding, and remarks for the user where the values leave a doubt.

    Raises:
        EngineError: a label is damaged, or holds numbers with fractions.
    """
    found: set[int] = set()
    for place in sample(len(labels), _SAMPLE):
        mask = read_mask(labels[place])
        found |= set(levels(mask.pixels[0])) - {ignored, None if mask.nodata == 0 else mask.nodata}
    roads, remarks = found - {0}, []
    if ignored is None and roads - {NODATA_LABEL} and max(roads) <= NODATA_LABEL:
        ignored = NODATA_LABEL
        if ignored in roads:
            roads.remove(ignored)
            remarks.append(f"The value 255 in the labels of {folder} is taken as unknown: it is neither learned nor scored.")
    if found and 0 not in found:
        remarks.append(
            f"The labels of {folder} hold no 0, which is the background: every pixel is taken as road ({_listed(roads)}). Set "
            "the road label to the values that are road if that is wrong."
        )
    elif len(roads) > 1:
        remarks.append(
            f"The labels of {folder} hold several values and no metadata name them: all but 0 are taken as road "
            f"({_listed(roads)}). Set the road label if only some are."
        )
    return ValueCoding(ignored=ignored), remarks


def _listed(values: set[int]) -> str:
    shown = [str(value) for value in sorted(values)[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else "")
