"""What a run is to do, before any pixel is classified: the same on every machine that takes part."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace

from ...models.package import LoadedModel
from ..errors import EngineError
from ..jobs import ClassifyPixels
from ..raster.blending import TileLattice
from ..raster.grid import Window, WorkingGrid
from ..raster.source import RasterSource
from ..raster.stretch import Stretch
from ..reporter import Reporter
from ..unfinished import file_state
from .checks import check_bands, check_cell_size, check_size, warn_cell_size, warn_values
from .layers import CLASSIFIED, PROBABILITY, Layer
from .mask_area import MaskArea
from .tiles import TileReader

#: Smallest tile by default: larger than the training chips, because a border costs accuracy and time.
_DEFAULT_TILE = 512
#: Neighbouring tiles that are read in one go; all of a row, up to so many pixels, where the file holds whole rows.
_RUN, _RUN_PIXELS = 4, 10_000
#: What tells where and how fast, but not what: other figures here are no other result.
_NOT_IN_RESULT = (
    "run_id", "raster", "model", "output", "probability", "mask", "batch_size", "device", "compile", "reader_threads", "cog",
    "scheduler", "vrt",
)


@dataclass(frozen=True)
class Plan:
    """The work.

    Attributes:
        crs: of the result, WKT. lattice: tiles over the area asked for. reader: how tiles are read; ``run`` at a time.
        threshold: probability from which a pixel is road. layers: of the result, the classes first.
        model_digest: fingerprint of the network and what its package says.
        fingerprint: text that two plans share if and only if their results are the same (but for what other processors round
            differently).
    """

    grid: WorkingGrid
    crs: str
    lattice: TileLattice
    reader: TileReader
    run: int
    is_striped: bool
    threshold: float
    layers: tuple[Layer, ...]
    model_digest: str
    fingerprint: str

    @property
    def area(self) -> Window:
        """The pixels of the result."""
        return self.lattice.area

    @property
    def key(self) -> str:
        """Short name of the fingerprint: where its parts go, whoever may still be at work on others of the same output."""
        return hashlib.blake2b(self.fingerprint.encode(), digest_size=4).hexdigest()


def open_raster(job: ClassifyPixels, model: LoadedModel) -> RasterSource:
    """Open the raster with the model's bands."""
    return RasterSource(job.raster, job.raster_crs, model.info.bands, colours=True)


def make_plan(job: ClassifyPixels, model: LoadedModel, reporter: Reporter) -> Plan:
    """Look at raster, mask and model; warn of what will not work well.

    Raises:
        EngineError: raster and model do not fit, or something cannot be read.
    """
    info = model.info
    with RasterSource(job.raster, job.raster_crs, colours=True) as probe:
        check_bands(job.raster, probe.band_count, info)
    with open_raster(job, model) as source:
        grid = source.grid(job.cell_size or info.cell_metres)
        area = grid.window_of(job.extent) if job.extent else grid.whole
        if area.is_empty:
            raise EngineError("The extent lies outside the raster: choose one that touches it.")
        check_cell_size(job, source, info)
        check_size(area, grid)
        stretch = Stretch.from_record(info.stretch) if info.stretch else None
        warn_cell_size(job, source, info, reporter)
        warn_values(source, grid, area, stretch, info, reporter)
        assert source.crs is not None  # the source refuses rasters without one
        mask = MaskArea(job.mask, job.mask_layer, grid, source.crs) if job.mask else None
        if mask is not None and not mask.touches(area):
            raise EngineError(f"The mask layer {job.mask} lies outside the raster or the extent: choose one that touches it.")
        lattice = _lattice(job, model, area, grid)
        run = max(1, _RUN_PIXELS // lattice.stride) if source.is_striped else _RUN
        crs, is_striped = source.crs.to_wkt(), source.is_striped
    threshold = _threshold(job, model, reporter)
    drawn_from = job.threshold or model.info.network_threshold or threshold
    layers = (CLASSIFIED, *([replace(PROBABILITY[job.probability_format], threshold=drawn_from)] if job.probability else []))
    settings = {name: value for name, value in asdict(job).items() if name not in _NOT_IN_RESULT}
    digest = model_digest(model)
    identity = [
        settings, bool(job.probability), threshold, asdict(lattice), file_state(job.raster, job.raster_copied),
        mask.digest if mask else "", digest,
    ]
    fingerprint = json.dumps(identity, sort_keys=True)
    reader = TileReader(grid, area, mask, stretch)
    return Plan(grid, crs, lattice, reader, run, is_striped, threshold, layers, digest, fingerprint)


def _lattice(job: ClassifyPixels, model: LoadedModel, area: Window, grid: WorkingGrid) -> TileLattice:
    multiple = model.network.size_multiple
    tile = job.tile_size or max(model.info.chip_size, _DEFAULT_TILE)
    tile = max(multiple, math.ceil(tile / multiple) * multiple)
    padding = min(job.padding, tile // 4) if job.padding else tile // 8
    return TileLattice(tile, padding, area, grid.height, grid.width)


def _threshold(job: ClassifyPixels, model: LoadedModel, reporter: Reporter) -> float:
    """Return the probability from which a pixel is road, and log where it comes from."""
    own = model.info.threshold
    if job.threshold:
        reporter.log(f"Threshold: {job.threshold:.3g}, as asked for; the model's own is {own:.3g}.")
        return job.threshold
    reporter.log(f"Threshold: {own:.3g}, the model's own.")
    return own


def model_digest(model: LoadedModel) -> str:
    """Return a fingerprint of the network and what its package says."""
    digest = hashlib.blake2b(json.dumps(asdict(model.info), sort_keys=True, default=str).encode(), digest_size=16)
    for name, tensor in model.network.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
