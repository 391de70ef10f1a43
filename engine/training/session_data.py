"""The training data of a session, as notebooks prepare and look at them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..console import Console, ConsoleFigure
from ..errors import EngineError
from ..jobs import TrainRoadExtractor
from ..plain_errors import plainly
from .loader import epoch_requests
from .preparation import check_parameters, prepare
from .repeatable import repeatable
from .run import Run
from .session import Session
from .session_figures import draw_chips

_COLUMNS = 4
#: The quickest network to make: data are prepared before it is known which network will learn from them.
_STAND_IN = {"model_type": "resunet", "base_width": 2}
#: What data decide about every training of them.
_OF_DATA = {
    "training_data", "validation_data", "road_label", "cell_size", "chip_size", "validation_percent", "split", "seed",
    "augmentation", "augmentation_table", "augmentation_file",
}


class RoadData:
    """Chips opened and split, ready to be learned from.

    Args:
        job: what it says about data, split, batches and augmentation counts. working_dir: where models go that are saved under a
            mere name.

    Attributes:
        classes: names, background first. class_mapping: name of each value. chip_size: pixels. batch_size: chips per step, None
            until a device decides. bands: 1-based, of the source raster. train_count, valid_count: chips.

    Raises:
        EngineError: the parameters or the data cannot be trained with.
    """

    def __init__(self, job: TrainRoadExtractor, working_dir: Path, console: Console) -> None:
        self.job, self.working_dir, self.console = job, working_dir, console
        self._run = self._prepared(job, torch.device("cpu"), _STAND_IN)
        self.path = [Path(folder) for folder in job.training_data]
        self.classes = ["background", "road"]
        self.class_mapping = dict(enumerate(self.classes))
        self.chip_size, self.batch_size = self._run.chip_size, job.batch_size or None
        self.bands = list(self._run.data.bands)
        self.cell_metres = self._run.data.cell_metres
        self.train_count, self.valid_count = len(self._run.split.training), len(self._run.split.validation)
        self._shown = 0

    def __repr__(self) -> str:
        batch = f"batches of {self.batch_size}" if self.batch_size else "batches as the device allows"
        return (
            f"RoadData: {self.train_count} chips to train, {self.valid_count} to validate, {self._run.split.dropped} left out "
            f"(overlap); {self.chip_size} × {self.chip_size} pixels of {self.cell_metres[0]:.3g} m, {len(self.bands)} band(s), "
            f"{batch}; classes: {', '.join(self.classes)}"
        )

    @property
    def dtype(self) -> np.dtype:
        """NumPy's type of the chips."""
        return self._run.reader.read(0)[0].dtype

    @plainly
    def show_batch(self, rows: int = 3, alpha: float = 0.7, **left_out: Any) -> ConsoleFigure:
        """Draw training chips as the network sees them, varied anew in every call, with the roads laid over.

        Args:
            rows: of four chips each. alpha: opacity of the roads, 0 to 1.
        """
        self.console.left_out("show_batch", left_out, {"nodata", "stretch_type", "statistics_type", "imsize", "n_items"})
        if not 1 <= rows <= 25 or not 0 <= alpha <= 1:
            raise EngineError(f"{rows} rows with the opacity {alpha:g} cannot be shown: choose 1 to 25 rows, and 0 to 1.")
        self._shown += 1
        run = self._run
        # the same seed shows the same chips; each call stands for another epoch
        requests = epoch_requests(run.split.training, self.job.seed, self._shown)[: rows * _COLUMNS]
        with contextlib.closing(run.loader()) as loader:
            batch = next(iter(loader.batches(requests, len(requests))))
        images = [image.astype(self.dtype) for image in batch.images.numpy()]
        return draw_chips(images, list(batch.road.numpy()), min(_COLUMNS, len(images)), alpha)

    def session(
        self, settings: Mapping[str, Any], device: torch.device, kind: type[TrainRoadExtractor] = TrainRoadExtractor
    ) -> Session:
        """Return a training of these data with other settings: fields of ``kind``."""
        own = {each.name: getattr(self.job, each.name) for each in fields(self.job) if each.name in _OF_DATA}
        own |= {"batch_size": self.batch_size} if self.batch_size else {}
        # the chips are the same: what was read of them is kept
        run = replace(self._prepared(kind(**own), device, settings), reader=self._run.reader)
        return Session(run, self.console.reporter(self.console.show_logs))

    def _prepared(self, job: TrainRoadExtractor, device: torch.device, settings: Mapping[str, Any]) -> Run:
        job = replace(job, **settings)
        check_parameters(job)
        with repeatable(device, job.seed):
            return prepare(job, device, self.console.reporter())
