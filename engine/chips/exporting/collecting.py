"""From the journal of an export to the finished folder: figures summed in the chips' order, files moved, metadata last."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..classified_tiles import NODATA_LABEL, TileCollection
from ..metadata_files import METADATA_FILES, ROADSMITH_FILE, replace_text
from ..statistics import BandAccumulator, RangeAccumulator
from .cutting import SPLIT_BLOCK_TILES
from .earlier_export import EarlierExport
from .labels import FeatureNotes
from .lattice import ChipLattice
from .unfinished import UnfinishedExport

#: Layout of ``roadsmith.json``.
_FORMAT = 1


@dataclass
class Assembled:
    """What an export has come to.

    Attributes:
        split_blocks: image name to the row and column of its block, for those who split by place.
    """

    chips: int = 0
    road_pixels: int = 0
    valid_pixels: int = 0
    without_imagery: int = 0
    notes: FeatureNotes = field(default_factory=FeatureNotes)
    split_blocks: dict[str, list[int]] = field(default_factory=dict)

    @property
    def road_share(self) -> float:
        """Share of the valid pixels that is road."""
        return self.road_pixels / self.valid_pixels if self.valid_pixels else 0.0


def assemble(lattice: ChipLattice, unfinished: UnfinishedExport, collection: TileCollection, side: int) -> Assembled:
    """Add all chips of the journal to ``collection``, in the order of their positions, whoever cut them when.

    Args:
        side: of the blocks, pixels, as they were cut.
    """
    result = Assembled()
    for _, row in itertools.groupby(lattice.blocks(side), key=lambda block: block.rows.start):
        chips: list[dict[str, Any]] = []
        for block in row:
            record = unfinished[block.number]
            chips += record["chips"]
            result.without_imagery += record["without_imagery"]
            result.notes = result.notes.joined(FeatureNotes(**{kind: frozenset(ids) for kind, ids in record["notes"].items()}))
        for chip in sorted(chips, key=lambda each: each["index"]):
            sizes = {int(value): RangeAccumulator(state) for value, state in chip["sizes"].items()}
            image, label = chip["names"]
            collection.add_chip(image, label, sizes, [BandAccumulator(state) for state in chip["bands"]])
            result.chips += 1
            result.road_pixels += chip["road"]
            result.valid_pixels += chip["valid"]
            result.split_blocks[image] = chip["block"]
    collection.next_index += lattice.count
    return result


def publish(
    unfinished: UnfinishedExport, final: Path, collection: TileCollection, extras: Iterable[tuple[str, Any]], result: Assembled,
    earlier: EarlierExport | None,
) -> None:
    """Give the finished chips their final place: one rename for a new folder, file by file for one that grows.

    A growing folder's metadata is replaced last: until then a reader sees the folder as it was before. A run that dies here can
    be repeated.
    """
    record = _extras_record(dict(extras), result, earlier)
    if earlier is None:
        _write_extras(unfinished.chips, record)
        collection.write(unfinished.chips)
        if final.is_dir():
            final.rmdir()
        unfinished.chips.replace(final)
    else:
        unfinished.keep_metadata(final, METADATA_FILES)
        for kind in ("images", "labels"):
            (final / kind).mkdir(exist_ok=True)
            for path in sorted((unfinished.chips / kind).iterdir()):
                path.replace(final / kind / path.name)
        _write_extras(final, record)
        collection.write(final)
    unfinished.remove()


def _extras_record(own: dict[str, Any], result: Assembled, earlier: EarlierExport | None) -> dict[str, Any]:
    before = earlier.extras if earlier else {}
    sources = [*before.get("sources", []), own["source"]]
    attributions = [text for text in (before.get("attribution"), own["attribution"]) if text]
    blocks = dict(before.get("split_blocks", {}).get("chips", {}))
    number = len(sources) - 1  # rows and columns count on the grid of one source
    blocks.update({image: [number, *place] for image, place in result.split_blocks.items()})
    return {
        "format": _FORMAT,
        "nodata_label": NODATA_LABEL,
        **own,
        "sources": sources,
        "attribution": "; ".join(dict.fromkeys(attributions)),
        "split_blocks": {"side_tiles": SPLIT_BLOCK_TILES, "chips": blocks},
    }


def _write_extras(folder: Path, record: dict[str, Any]) -> None:
    replace_text(folder / ROADSMITH_FILE, json.dumps(record, indent=1))
