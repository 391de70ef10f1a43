"""The figures of every epoch as TensorBoard's events."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Any

from ..reporter import Reporter
from .checkpoints import checkpoint_folder
from .output import TENSORBOARD_FOLDER

_GROUPS = {"train_loss": "loss", "valid_loss": "loss", "learning_rate": "training", "seconds": "training"}


class TensorBoardLog:
    """Writes events into a folder, begun anew, that ``tensorboard --logdir`` can show meanwhile.

    Needs the package ``tensorboard``; see ``check_extras``.
    """

    def __init__(self, folder: Path, reporter: Reporter) -> None:
        self._folder, self._reporter = folder, reporter
        self._writer: Any = None

    def __enter__(self) -> TensorBoardLog:
        from torch.utils.tensorboard import SummaryWriter

        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._writer = SummaryWriter(str(self._folder))
        except OSError as error:
            self._give_up(error)
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def write_epoch(self, figures: dict[str, float]) -> None:
        """Write the figures of an epoch, each as a curve of its own."""
        if self._writer is None:
            return
        try:
            for name, value in figures.items():
                if name != "epoch":
                    self._writer.add_scalar(f"{_GROUPS.get(name, 'score')}/{name}", value, int(figures["epoch"]))
            self._writer.flush()
        except Exception as error:  # its thread passes on whatever stopped it, and no training is worth less than its log
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._close()
        self._reporter.warning(f"TensorBoard's events in {self._folder} cannot be written ({error}): training goes on without.")

    def _close(self) -> None:
        if self._writer is not None:
            with contextlib.suppress(Exception):
                self._writer.close()
            self._writer = None


def keep_events(final: Path, folder: Path) -> None:
    """Copy the events of the training that writes the package ``final``, if there are any, into ``folder``."""
    events = checkpoint_folder(final) / TENSORBOARD_FOLDER
    if events.is_dir():
        shutil.copytree(events, folder / TENSORBOARD_FOLDER)
