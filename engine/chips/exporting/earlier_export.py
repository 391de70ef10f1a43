"""What an earlier export left in the output folder, and whether a new one fits to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import EngineError
from ...jobs import ExportTrainingData
from ...raster.grid import SAME_CELL_SIZE, WorkingGrid
from ...raster.source import RasterSource
from ...raster.stretch import Stretch
from ...reporter import Reporter
from ..classified_tiles import TileCollection, resume
from ..metadata_files import ACCUMULATED_FILE, ROADSMITH_FILE, read_json
from .labels import LabelSource
from .unfinished import metadata_before


@dataclass(frozen=True)
class EarlierExport:
    """The metadata of an output folder that holds chips. ``extras``: what ``roadsmith.json`` says, empty without one."""

    folder: Path
    collection: TileCollection
    extras: dict[str, Any]

    @classmethod
    def find(cls, folder: Path) -> EarlierExport | None:
        """Return what an earlier export left in the folder; None if it is new or empty.

        Raises:
            EngineError: it holds something else.
        """
        if folder.is_file():
            raise EngineError(f"{folder} is a file: choose a folder for the training data.")
        if not folder.is_dir() or not any(folder.iterdir()):
            return None
        if not (folder / ACCUMULATED_FILE).is_file():
            raise EngineError(f"The folder {folder} is not empty and holds no training data: choose a new or empty folder.")
        metadata = metadata_before(folder) or folder
        extras = read_json(metadata / ROADSMITH_FILE) if (metadata / ROADSMITH_FILE).is_file() else {}
        return cls(folder, resume(metadata), extras)

    def stretch_for(self, kind: str, reporter: Reporter) -> Stretch | None:
        """Return the stretch that the folder's chips have, for more of them; ``kind``: the one asked for.

        Raises:
            EngineError: they have another.
        """
        record = self.extras.get("stretch")
        stored = Stretch.from_record(record) if isinstance(record, dict) else None
        there = stored.kind if stored else "none"
        if there != kind:
            raise EngineError(
                f"The folder {self.folder} holds chips with the stretch '{there}', this export would add chips with '{kind}': "
                f"choose the stretch '{there}', or another folder."
            )
        if stored is not None:
            reporter.log("The chips are stretched with the figures of the earlier export into this folder.")
        return stored


def collection_for(
    job: ExportTrainingData, source: RasterSource, grid: WorkingGrid, labels: LabelSource, stretch: Stretch | None,
    earlier: EarlierExport | None,
) -> TileCollection:
    """Return the collection to add to: a new one, or that of an earlier export.

    Raises:
        EngineError: the earlier export has other chips, so that one model could not learn from both.
    """
    if earlier is None:
        cell = (grid.transform.a**2 + grid.transform.d**2) ** 0.5, (grid.transform.b**2 + grid.transform.e**2) ** 0.5
        wkid = source.crs.to_epsg() if source.crs is not None else None
        return TileCollection(
            len(source.bands), job.tile_size, cell, wkid or 0, Path(source.path).stem, labels.from_features, labels.classes
        )
    collection, folder = earlier.collection, earlier.folder
    if (collection.band_count, collection.tile_size) != (len(source.bands), job.tile_size):
        raise EngineError(
            f"The folder {folder} holds chips of {collection.tile_size} pixels and {collection.band_count} bands, this "
            f"export would add {job.tile_size} pixels and {len(source.bands)} bands: choose another folder or the same sizes."
        )
    if collection.from_features != labels.from_features:
        here, there = ("features", "a raster") if labels.from_features else ("a raster", "features")
        raise EngineError(
            f"The folder {folder} holds chips with labels from {there}, these come from {here}: choose another folder."
        )
    stored = earlier.extras.get("cell_metres")
    if stored and any(abs(own / other - 1) > SAME_CELL_SIZE for own, other in zip(grid.cell_metres, stored)):
        raise EngineError(
            f"The folder {folder} holds chips at {stored[0]:.3g} m per pixel, this export would add chips at "
            f"{grid.cell_metres[0]:.3g} m: set the cell size to {stored[0]:.3g}, or choose another folder."
        )
    dtype, wanted = earlier.extras.get("dtype"), "uint8" if stretch else source.dtype.name
    if dtype and np.dtype(dtype).name != wanted:
        raise EngineError(f"The folder {folder} holds {dtype} chips, this export would add {wanted}: choose another folder.")
    known = {each.value for each in collection.classes}
    added = [each for each in labels.classes if each.value not in known]
    # the earlier collection stays as it is: the export may fail
    return replace(
        resume(metadata_before(folder) or folder), classes=sorted([*collection.classes, *added], key=lambda each: each.value)
    )
