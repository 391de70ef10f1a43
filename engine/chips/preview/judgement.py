"""One plain sentence on each figure of the training data: good, or look at this, because …"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from ..reading.folder import TrainingFolder
from .chip_coverage import BLOCK_SIDE
from .quality import Quality

#: Roads of the public data sets cover 4 to 5 % of the pixels (Massachusetts, DeepGlobe, the sample here 2 to 4 %).
_RARE_ROADS, _MANY_ROADS = 0.005, 0.4
_MANY_EMPTY, _MUCH_IGNORED = 0.5, 0.2
#: A network that works at a quarter of the resolution inside sees less than a pixel of a road of 3; one of 30 fills what it
#: looks at. About 8 pixels is what the Massachusetts data have (7).
_NARROW, _WIDE, _FITTING = 3.0, 30.0, 8.0
_FEW_CHIPS, _FEW_BLOCKS = 50, 5
#: Cell sizes of folders that differ by less (share) count as equal.
_SAME_CELL = 0.05


class Mark(Enum):
    """What a judgement comes to."""

    GOOD = "good"
    LOOK = "look"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Judgement:
    """A verdict and its sentence."""

    mark: Mark
    text: str


def good(text: str) -> Judgement:
    """Return a judgement of something in order."""
    return Judgement(Mark.GOOD, text)


def look(text: str) -> Judgement:
    """Return a judgement of something to mend."""
    return Judgement(Mark.LOOK, text)


def unknown(text: str) -> Judgement:
    """Return a judgement of something that the data do not tell."""
    return Judgement(Mark.UNKNOWN, text)


def common_cell(folders: Sequence[TrainingFolder]) -> float:
    """Return the metres of a pixel (mean of both sides), 0 where unknown or not the same in all folders."""
    if not all(folder.cell_size_known for folder in folders):
        return 0.0
    cells = [sum(folder.cell_metres) / 2 for folder in folders]
    return cells[0] if max(cells) <= min(cells) * (1 + _SAME_CELL) else 0.0


def judge_road_share(quality: Quality) -> list[Judgement]:
    """Judge how much road the chips hold, how many hold none, and how much of them is ignored."""
    share, empty = overall_road_share(quality), empty_share(quality)
    if share == 0:
        return [look(
            "No chip that was looked at holds a road, so nothing can be learned: check the road layer, its coordinate system and "
            "which label counts as road."
        )]
    marks = [good(f"{share:.1%} of the pixels are road" + (", as in the public data sets." if share < 0.1 else "."))]
    if share < _RARE_ROADS:
        marks = [look(
            f"Only {share:.2%} of the pixels are road, so training will be slow to find them: export without chips that hold no "
            "road, or check that the road layer is complete."
        )]
    elif share > _MANY_ROADS:
        marks = [look(
            f"{share:.0%} of the pixels are road: look whether road and background are exchanged, or the roads drawn far too "
            "wide."
        )]
    if empty > _MANY_EMPTY:
        marks.append(look(
            f"{empty:.0%} of the chips hold no road: some teach what a road is not, so many mostly cost time; export a smaller "
            "share of them."
        ))
    else:
        marks.append(good(f"{empty:.0%} of the chips hold no road." if empty else "Every chip holds a road."))
    ignored = float(np.mean([chip.ignored_share for chip in quality.chips]))
    if ignored > _MUCH_IGNORED:
        marks.append(look(
            f"{ignored:.0%} of the pixels are ignored, without imagery or label: choose an extent or mask within the imagery."
        ))
    elif ignored:
        marks.append(good(f"{max(ignored, 0.001):.1%} of the pixels are ignored, without imagery or label."))
    return marks


def judge_places(folders: Sequence[TrainingFolder], quality: Quality) -> list[Judgement]:
    """Judge how many chips there are, where they lie, whether they overlap or repeat each other, and their cell sizes."""
    chips = _count(quality.total, "chip")
    marks = [good(f"{chips} in {_count(len(folders), 'folder')}.")]
    if quality.total < _FEW_CHIPS:
        marks = [look(
            f"{chips}: that is few, and a model trained on them knows little but this place; export a larger area, or with a "
            "smaller stride."
        )]
    if quality.placed:
        marks.append(_judge_blocks(quality))
    if quality.placed < quality.total:
        unplaced = quality.total - quality.placed
        chips = _count(unplaced, "chip")
        marks.append(unknown(f"{chips} without georeference: where they lie and whether they overlap is not known."))
    if quality.copies:
        marks.append(look(
            f"{quality.copies} of the {len(quality.chips)} chips looked at are exact copies of another chip: the same area seems "
            "to have been exported twice into one folder; export anew."
        ))
    cells = [sum(folder.cell_metres) / 2 for folder in folders if folder.cell_size_known]
    if len(cells) > 1 and max(cells) > min(cells) * (1 + _SAME_CELL):
        marks.append(look(
            f"The folders have unequal cell sizes, {min(cells):.3g} to {max(cells):.3g} m, so roads look wider in one than in "
            "the other: export them with one cell size."
        ))
    if len({folder.band_count for folder in folders}) > 1:
        marks.append(look(
            "The folders have unequal numbers of bands and cannot be trained together: export them with the same bands."
        ))
    return marks


def _judge_blocks(quality: Quality) -> Judgement:
    blocks = f"{_count(quality.blocks, 'block')} of {BLOCK_SIDE:.0f} × {BLOCK_SIDE:.0f} chips"
    overlap = "none overlaps another one"
    if quality.overlapping:
        overlap = (
            f"{quality.overlapping} of them overlap another one, which the split 'blocks' keeps apart (with the split 'random' "
            "the scores would flatter)"
        )
    if quality.blocks < _FEW_BLOCKS:
        return look(
            f"The chips lie in only {blocks}, so validation has few places to choose from and its scores say little about other "
            f"ground; {overlap}."
        )
    return good(f"The chips are spread over {blocks}; {overlap}.")


def judge_widths(widths: np.ndarray, cell: float) -> Judgement:
    """Judge the widths (pixels) of the labelled roads; ``cell`` in metres, 0 if unknown."""
    if not len(widths):
        return unknown("The width of the roads cannot be told: no road lies well within a chip.")
    median = float(np.median(widths))
    width = f"The labelled roads are {median:.1f} pixels" + (f" ({median * cell:.1f} m)" if cell else "") + " wide"
    if cell:
        advice = f"a cell size of about {_round(median * cell / _FITTING)} m"
    else:
        ratio = _round(max(median, _FITTING) / min(median, _FITTING))
        advice = f"a cell size {ratio} times {'smaller' if median < _FITTING else 'larger'}"
    if median < _NARROW:
        return look(
            f"{width}, too narrow to learn well: export again with {advice}, or draw the roads wider if they are wider in the "
            "imagery."
        )
    if median > _WIDE:
        return look(
            f"{width}, so a chip shows little but road: export again with {advice}, or draw the roads narrower if they are "
            "narrower in the imagery."
        )
    return good(f"{width} (median), within the {_NARROW:.0f} to {_WIDE:.0f} that suit the networks.")


def overall_road_share(quality: Quality) -> float:
    """Return the share of road among the known pixels of all chips that were looked at, 0 to 1."""
    known = sum(chip.known_pixels for chip in quality.chips)
    return sum(chip.road_pixels for chip in quality.chips) / known if known else 0.0


def empty_share(quality: Quality) -> float:
    """Return the share of the chips looked at that hold no road, 0 to 1."""
    return sum(not chip.road_pixels for chip in quality.chips) / len(quality.chips)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _round(value: float) -> str:
    return f"{float(f'{value:.1g}'):g}" if value < 1 else f"{value:.2g}"
