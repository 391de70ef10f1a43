"""The thinning of a raster as the machines of a cluster are told of it, and the raster opened there."""

from __future__ import annotations

from dataclasses import dataclass

from ..cluster.agreement import SHARED, check_same_version, raster_bytes, roadsmith_version
from ..errors import EngineError
from ..jobs import RasterToRoadVector, new_run_id
from ..raster.grid import WorkingGrid
from ..raster.source import RasterSource
from .evidence import Evidence
from .probability import RoadRaster


@dataclass(frozen=True)
class ThinningRun:
    """All that a worker needs to know; it does not find out anew what the pixels mean, because that may take reading them all.

    Attributes:
        run_id: a name of its own, because workers never go on with a run that was ended, and a job may be run twice.
        kind, high, low, values: as in ``RoadRaster``. cell: metres of a pixel along its row and its column.
        with_evidence: whether the job's probability raster is read beside its raster.
        sizes: grid and bytes of the raster, and of the probability raster beside it.
        version: of Roadsmith.
    """

    run_id: str
    job: RasterToRoadVector
    kind: str
    high: float
    low: float
    values: tuple[int, ...]
    cell: tuple[float, float]
    with_evidence: bool
    sizes: tuple[tuple[WorkingGrid, int], ...]
    version: str

    def open(self) -> RoadRaster:
        """Open the raster, and the probability raster beside it; they close when nobody holds them any more.

        Raises:
            EngineError: this process does not see what the client sees, or has another version.
        """
        check_same_version(self.version)
        sources = [_opened(*each) for each in _files(self.job, self.with_evidence)]
        for source, size in zip(sources, self.sizes):
            if (source.grid(), raster_bytes(source.path)) != size:
                raise EngineError(f"The raster {source.path} is another there than here: {SHARED}.")
        roads, *beside = sources
        evidence = None
        if beside:
            assert roads.crs is not None  # the source refuses rasters without
            evidence = Evidence(beside[0], roads.grid(), roads.crs, self.job.probability_name or self.job.probability)
        return RoadRaster(
            roads, roads.grid(), self.kind, self.high, self.low, self.values, evidence, self.job.merge_carriageways,
            self.job.raster_name or self.job.raster,
        )


def thinning_run(job: RasterToRoadVector, raster: RoadRaster, cell: tuple[float, float]) -> ThinningRun:
    """Describe the thinning of a raster that was opened for ``job``."""
    sizes = []
    for each in _files(job, raster.evidence is not None):
        with RasterSource(*each, bands=[1]) as source:
            sizes.append((source.grid(), raster_bytes(source.path)))
    return ThinningRun(
        new_run_id(), job, raster.kind, raster.high, raster.low, raster.values, cell, raster.evidence is not None, tuple(sizes),
        roadsmith_version(),
    )


def _files(job: RasterToRoadVector, with_evidence: bool) -> list[tuple[str, str]]:
    """Return path and coordinate system of the rasters to read."""
    return [(job.raster, job.raster_crs), *([(job.probability, job.probability_crs)] if with_evidence else [])]


def _opened(path: str, crs: str) -> RasterSource:
    try:
        return RasterSource(path, crs, bands=[1])
    except EngineError as error:
        raise EngineError(f"{error.message.rstrip('.')}: {SHARED}.", error.kind) from error
