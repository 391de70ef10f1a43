"""A training that can go on: everything the next epoch depends on, in one file that appears complete or not at all.

Safetensors with JSON in its header, no pickle. What is drawn at random depends on seed, epoch and chip alone, so no state of
a random generator needs to be kept.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from ..errors import EngineError
from ..reporter import Reporter
from .averaging import WeightAverage
from .optimiser_state import put_together, take_apart

_FILE = "checkpoint.safetensors"
_NOTE = "READ ME.txt"
_NOTE_TEXT = (
    "This training was interrupted. Run Train road extractor again with the same settings, the same output folder and Resume:\n"
    "it goes on after the last complete epoch. Or delete this folder.\n"
)
_FORMAT = 2
#: Between two checkpoints at least so many times what writing one takes.
_PAUSE = 20.0
_DAMAGE = (
    OSError, SafetensorError, LookupError, ValueError, TypeError, AttributeError, RuntimeError, StopIteration, ArithmeticError,
)
#: How systems say that the disk is full; safetensors passes on their words alone.
_FULL = ("no space left", "not enough space", "quota exceeded", "os error 28", "os error 112", "os error 122")


@dataclass
class TrainingState:
    """Where a training stands after an epoch.

    Attributes:
        epochs: figures of every epoch run, ``epoch`` counted from 1. best: those of the best one; empty before the first.
        best_weights: state of the network after the best epoch, on the CPU. best_counts: ``RoadScores.counts`` of it.
        reference, waited: for early stopping: the figure to beat, and for how many epochs it has not been beaten.
        batch_size: chips in memory at once, perhaps halved for lack of it. step_size: chips in an optimiser step.
        learning_rate: of the training, given or found. search: the curve of the search, if there was one.
    """

    epochs: list[dict[str, float]] = field(default_factory=list)
    best: dict[str, float] = field(default_factory=dict)
    best_weights: dict[str, torch.Tensor] = field(default_factory=dict)
    best_counts: list[float] = field(default_factory=list)
    reference: float = math.inf
    waited: int = 0
    batch_size: int = 0
    step_size: int = 0
    learning_rate: float = 0.0
    search: dict[str, Any] | None = None


def checkpoint_folder(final: Path) -> Path:
    """Return where a training that writes the package ``final`` keeps its checkpoint."""
    return final.with_name(f"{final.name}~checkpoint")


class Checkpoints:
    """The checkpoint of one training.

    Args:
        final: folder of the model package. fingerprint: text that two trainings share if they would go the same way.
        reporter: is warned where a checkpoint that is due cannot be written, and the training goes on; None: it ends there.
    """

    def __init__(self, final: Path, fingerprint: str, reporter: Reporter | None = None) -> None:
        self.folder = checkpoint_folder(final)
        self._path = self.folder / _FILE
        self._fingerprint = fingerprint
        self._reporter, self._warned = reporter, False
        self._last, self._cost = -math.inf, 0.0

    def exists(self) -> bool:
        """Whether an interrupted training left a checkpoint."""
        return self._path.is_file()

    def save_if_due(
        self, network: torch.nn.Module, optimiser: torch.optim.Optimizer, scaler: Any, state: TrainingState,
        average: WeightAverage | None = None,
    ) -> None:
        """Write the checkpoint, unless the last one is so fresh that writing would slow the training by more than 5 %.

        Raises:
            EngineError: it cannot be written, and there is no reporter to warn.
        """
        started = time.monotonic()
        if started - self._last < _PAUSE * self._cost:
            return
        try:
            self.save(network, optimiser, scaler, state, average)
            self._warned = False
        except EngineError as error:
            if self._reporter is None:
                raise
            if not self._warned:
                self._reporter.warning(f"{error.message} The training goes on, but Resume could not go on from here.")
            self._warned = True
        self._last = time.monotonic()
        self._cost = self._last - started

    def save(
        self, network: torch.nn.Module, optimiser: torch.optim.Optimizer, scaler: Any, state: TrainingState,
        average: WeightAverage | None = None,
    ) -> None:
        """Write the checkpoint in place of the last one, which stays until the new one is complete.

        Raises:
            EngineError: it cannot be written; the last one is as it was.
        """
        tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
        tensors.update({f"best.{name}": value for name, value in state.best_weights.items()})
        if average is not None:
            tensors.update({f"average.{name}": value for name, value in average.network.state_dict().items()})
        moments, numbers = take_apart(optimiser)
        tensors.update({f"optimiser.{name}": value for name, value in moments.items()})
        record = {
            "format": _FORMAT, "fingerprint": self._fingerprint, "optimiser": numbers, "scaler": scaler.state_dict(),
            "epochs": state.epochs, "best_epoch": state.best.get("epoch"), "best_counts": state.best_counts,
            "reference": _json_number(state.reference),
            "waited": state.waited, "batch_size": state.batch_size, "step_size": state.step_size,
            "learning_rate": state.learning_rate, "search": state.search, "averaged": 0 if average is None else average.steps,
        }
        on_cpu = {name: value.detach().to("cpu", copy=True).contiguous() for name, value in tensors.items()}
        try:
            self._write(on_cpu, record)
        except (OSError, SafetensorError) as error:
            words = (getattr(error, "strerror", None) or str(error)).splitlines()[0]
            is_full = any(phrase in words.lower() for phrase in _FULL)
            raise EngineError(
                f"The checkpoint {self._path} cannot be written: "
                + ("the disk is full; free some space." if is_full else f"{words}; check the folder and its disk."), "disk"
            ) from error

    def _write(self, tensors: dict[str, torch.Tensor], record: dict[str, Any]) -> None:
        partial = self._path.with_suffix(".new")
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            (self.folder / _NOTE).write_text(_NOTE_TEXT, encoding="utf-8")
            save_file(tensors, str(partial), metadata={"roadsmith": json.dumps(record)})
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            partial.replace(self._path)
        except BaseException:
            with contextlib.suppress(OSError):
                partial.unlink()  # half a file takes the space that is missing
            raise

    def load(
        self, network: torch.nn.Module, optimiser: torch.optim.Optimizer, scaler: Any, average: WeightAverage | None = None
    ) -> TrainingState:
        """Put network, optimiser, scaler and average back to where they were; return the rest.

        Raises:
            EngineError: the checkpoint is damaged, or belongs to a training with other settings or data, or to another version.
        """
        try:
            record, tensors = self._read()
            if record["fingerprint"] != self._fingerprint:
                raise EngineError(
                    f"The interrupted training in {self.folder} had other settings or data: run it with those, or without "
                    "Resume."
                )
            network.load_state_dict(_below(tensors, "network."))
            put_together(optimiser, _below(tensors, "optimiser."), record["optimiser"])
            scaler.load_state_dict(record["scaler"])
            if average is not None:
                average.network.load_state_dict(_below(tensors, "average."))
                average.steps = int(record["averaged"])
            epochs, reference, best_weights = record["epochs"], record["reference"], _below(tensors, "best.")
            if best_weights.keys() != network.state_dict().keys():
                raise ValueError("the best epoch's weights are incomplete")
            return TrainingState(
                epochs, next(epoch for epoch in epochs if epoch["epoch"] == record["best_epoch"]), best_weights,
                record["best_counts"], math.inf if reference is None else float(reference), int(record["waited"]),
                int(record["batch_size"]), int(record["step_size"]), float(record["learning_rate"]), record["search"],
            )
        except _DAMAGE as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise EngineError(
                f"The checkpoint {self._path} is damaged ({reason}): run the training without Resume."
            ) from error

    def remove(self) -> None:
        """Remove the checkpoint: the training is complete, or begins anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
        with safe_open(str(self._path), framework="pt", device="cpu") as file:
            record = json.loads((file.metadata() or {})["roadsmith"])
            if record["format"] != _FORMAT:
                raise EngineError(
                    f"The interrupted training in {self.folder} was begun with another version of Roadsmith: run it without "
                    "Resume, or with that version."
                )
            return record, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping


def _below(tensors: Mapping[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name[len(prefix):]: value for name, value in tensors.items() if name.startswith(prefix)}


def _json_number(value: float) -> float | None:
    return value if math.isfinite(value) else None
