"""The page of a training data preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import EngineError
from ...raster.stretch import Stretch
from ...report_page import facts_table, page, picture, safe
from ..metadata_files import ROADSMITH_FILE, read_json
from ..reading.folder import TrainingFolder
from .alignment_judgement import judge_alignment
from .judgement import (
    Judgement,
    Mark,
    common_cell,
    judge_places,
    judge_road_share,
    judge_widths,
    overall_road_share,
)
from .preview_figures import draw_fits, draw_map, draw_road_shares, draw_widths
from .quality import Quality

_MARKS = {Mark.GOOD: "Good.", Mark.LOOK: "Look at this.", Mark.UNKNOWN: "Not known."}
_MOST_FIGURES = 4


def render_page(folders: Sequence[TrainingFolder], quality: Quality, chips_png: bytes, caption: str) -> str:
    """Return the page as HTML that needs no other file; ``caption`` explains the picture of the chips."""
    cell = common_cell(folders)
    widths = np.concatenate([chip.widths for chip in quality.chips])
    shares = np.array([chip.road_share for chip in quality.chips])
    aligned = [_named(judge_alignment(each, folder), folder, folders) for each, folder in zip(quality.alignments, folders)]
    width = judge_widths(widths, cell)
    road, places = judge_road_share(quality), judge_places(folders, quality)
    sections = [
        ("Chips", f"<p>{safe(caption)}</p>" + picture(chips_png, "Chips with their labels laid over")),
        ("Facts", facts_table(training_facts(folders))),
        ("Do the labels lie on the roads?", _verdicts(aligned) + _fits(folders, quality)),
        ("How wide are the roads?", _verdicts([width])
         + (picture(draw_widths(widths, cell), "Widths of the labelled roads") if len(widths) else "")),
        ("How much road is there?", _verdicts(road)
         + picture(draw_road_shares(shares, overall_road_share(quality)), "Chips by their share of road")),
        ("Where are the chips?", _verdicts(places) + _maps(folders)),
    ]
    body = "".join(f"<h2>{safe(heading)}</h2>{content}" for heading, content in sections)
    body = _summary([*aligned, width, *road, *places], quality) + body
    return page("Training data: " + ", ".join(folder.path.name for folder in folders), body)


def training_facts(folders: Sequence[TrainingFolder]) -> dict[str, str]:
    """Return what the table of facts says, label and value of each line."""
    extras = [_extras(folder) for folder in folders]
    facts = {
        "Folders": "; ".join(f"{folder.path} (chips: {len(folder.chips)})" for folder in folders),
        "Chip size": _each(f"{folder.tile_size} × {folder.tile_size} pixels" for folder in folders),
        "Cell size": _each(_cell_size(folder) for folder in folders),
        "Bands": _each(f"{folder.band_count} (source bands {', '.join(map(str, folder.bands))})" for folder in folders),
        "Pixel type": _each(folder.dtype for folder in folders),
        "Classes": _each(_classes(folder) for folder in folders),
        "Imagery": _each(str(extra.get("source", "")) for extra in extras),
        "Stretch": _each(_stretch(folder) for folder in folders),
        "Road width of the export": _each(f"{extra['road_width']:g} m" for extra in extras if extra.get("road_width")),
        "Attribution": _each(folder.attribution for folder in folders),
        "Remarks": " ".join(str(remark) for folder in folders for remark in folder.remarks),
    }
    return {label: value for label, value in facts.items() if value}


def _summary(judgements: Sequence[Judgement], quality: Quality) -> str:
    looked = len(quality.chips)
    sampling = f"All {looked} chips were looked at." if looked > 1 else "The only chip was looked at."
    if looked < quality.total:
        sampling = (
            f"Of {quality.total} chips, {looked} drawn at random were looked at; shares, widths and the place of the labels are "
            "theirs. The map counts all chips."
        )
    troubles = [each for each in judgements if each.mark is Mark.LOOK]
    need = "needs" if len(troubles) == 1 else "need"
    text = f"{len(troubles)} of {len(judgements)} findings {need} a look:" if troubles else "Nothing looks wrong."
    return f"<p>{text}</p>{_verdicts(troubles)}<p>{sampling}</p>"


def _verdicts(judgements: Sequence[Judgement]) -> str:
    return "".join(
        f'<p class="verdict {each.mark.value}"><b>{_MARKS[each.mark]}</b> {safe(each.text)}</p>' for each in judgements
    )


def _named(judgement: Judgement, folder: TrainingFolder, folders: Sequence[TrainingFolder]) -> Judgement:
    """Return the judgement with the folder's name before it, if there are others."""
    return judgement if len(folders) == 1 else replace(judgement, text=f"{folder.path.name}: {judgement.text}")


def _fits(folders: Sequence[TrainingFolder], quality: Quality) -> str:
    told = [(folder.path.name, each) for folder, each in zip(folders, quality.alignments) if each.patches][:_MOST_FIGURES]
    if not told:
        return ""
    return picture(draw_fits(told), "Fit of the labels for every move") + (
        "<p>How much the ground under the labels would differ from both of its sides if they were moved. One clear bright spot "
        "tells where the roads of the imagery are; many spots tell nothing.</p>"
    )


def _maps(folders: Sequence[TrainingFolder]) -> str:
    placed = [folder for folder in folders if any(chip.bounds is not None for chip in folder.chips)]
    if not placed:
        return ""
    note = f"<p>The first {_MOST_FIGURES} of {len(placed)} folders.</p>" if len(placed) > _MOST_FIGURES else ""
    return picture(draw_map(placed[:_MOST_FIGURES]), "Where the chips lie") + note


def _extras(folder: TrainingFolder) -> dict[str, Any]:
    """Return what Export Training Data noted besides ArcGIS's files, empty for folders made elsewhere."""
    try:
        return read_json(folder.path / ROADSMITH_FILE) if (folder.path / ROADSMITH_FILE).is_file() else {}
    except EngineError:
        return {}


def _each(values: Iterable[str]) -> str:
    """Return the distinct values, in their order."""
    return "; ".join(dict.fromkeys(value for value in values if value))


def _cell_size(folder: TrainingFolder) -> str:
    across, down = folder.cell_metres
    return f"{across:.3g} × {down:.3g} m" if folder.cell_size_known else "not known (no georeference)"


def _classes(folder: TrainingFolder) -> str:
    return ", ".join(f"{value} {name}" for value, name in folder.class_names.items())


def _stretch(folder: TrainingFolder) -> str:
    if folder.stretch is None:
        return "none"
    try:
        stretch = Stretch.from_record(folder.stretch)
    except ValueError:
        return "not readable"
    pairs = ", ".join(f"{low:g} to {high:g}" for low, high in zip(stretch.low, stretch.high))
    return f"{stretch.kind}, to 8 bits (source values {pairs})"
