"""A training that can go on: everything the next epoch depends on, in one file that appears complete or not at all.

Safetensors with JSON in its header, no pickle. What is drawn at random depends on seed, epoch and chip alone, so no state of
a random generator needs to be kept.
"""

from __future__ import annotations

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

_FILE = "checkpoint.safetensors"
_NOTE = "READ ME.txt"
_NOTE_TEXT = (
    "This training was interrupted. Run Train road extractor again with the same settings, the same output folder and Resume:\n"
    "it goes on after the last complete epoch. Or delete this folder.\n"
)
_FORMAT = 2
#: Between two checkpoints at least so many times what writing one takes.
_PAUSE = 20.0
_DAMAGE = (OSError, SafetensorError, LookupError, ValueError, TypeError, AttributeError, RuntimeError, StopIteration)


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
    """

    def __init__(self, final: Path, fingerprint: str) -> None:
        self.folder = checkpoint_folder(final)
        self._path = self.folder / _FILE
        self._fingerprint = fingerprint
        self._last, self._cost = -math.inf, 0.0

    def exists(self) -> bool:
        """Whether an interrupted training left a checkpoint."""
        return self._path.is_file()

    def save_if_due(
        self, network: torch.nn.Module, optimiser: torch.optim.Optimizer, scaler: Any, state: TrainingState
    ) -> None:
        """Write the checkpoint, unless the last one is so fresh that writing would slow the training by more than 5 %."""
        started = time.monotonic()
        if started - self._last < _PAUSE * self._cost:
            return
        self.save(network, optimiser, scaler, state)
        self._last = time.monotonic()
        self._cost = self._last - started

    def save(
        self, network: torch.nn.Module, optimiser: torch.optim.Optimizer, scaler: Any, state: TrainingState
    ) -> None:
        """Write the checkpoint in place of the last one, which stays until the new one is complete."""
        tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
        tensors.update({f"best.{name}": value for name, value in state.best_weights.items()})
        moments, numbers = _split(optimiser.state_dict()["state"])
        tensors.update(moments)
        record = {
            "format": _FORMAT, "fingerprint": self._fingerprint, "optimiser": numbers, "scaler": scaler.state_dict(),
            "epochs": state.epochs, "best_epoch": state.best.get("epoch"), "best_counts": state.best_counts,
            "reference": _json_number(state.reference),
            "waited": state.waited, "batch_size": state.batch_size, "step_size": state.step_size,
            "learning_rate": state.learning_rate, "search": state.search,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / _NOTE).write_text(_NOTE_TEXT, encoding="utf-8")
        partial = self._path.with_suffix(".new")
        on_cpu = {name: value.detach().to("cpu", copy=True).contiguous() for name, value in tensors.items()}
        save_file(on_cpu, str(partial), metadata={"roadsmith": json.dumps(record)})
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(self._path)

    def load(self, network: torch.nn.Module, optimiser: torch.optim.Optimizer, scaler: Any) -> TrainingState:
        """Put network, optimiser and scaler back to where they were; return the rest.

        Raises:
            EngineError: the checkpoint is damaged, or belongs to a training with other settings or data.
        """
        try:
            record, tensors = self._read()
            if record["fingerprint"] != self._fingerprint:
                raise EngineError(
                    f"The interrupted training in {self.folder} had other settings or data: run it with those, or without "
                    "Resume."
                )
            network.load_state_dict(_below(tensors, "network."))
            _restore_optimiser(optimiser, _below(tensors, "optimiser."), record["optimiser"])
            scaler.load_state_dict(record["scaler"])
            epochs, reference = record["epochs"], record["reference"]
            return TrainingState(
                epochs, next(epoch for epoch in epochs if epoch["epoch"] == record["best_epoch"]), _below(tensors, "best."),
                record["best_counts"], math.inf if reference is None else float(reference), int(record["waited"]),
                int(record["batch_size"]), int(record["step_size"]), float(record["learning_rate"]), record["search"],
            )
        except _DAMAGE as error:
            raise EngineError(
                f"The checkpoint {self._path} is damaged ({str(error).splitlines()[0]}): run the training without Resume."
            ) from error

    def remove(self) -> None:
        """Remove the checkpoint: the training is complete, or begins anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read(self) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
        with safe_open(str(self._path), framework="pt", device="cpu") as file:
            record = json.loads((file.metadata() or {})["roadsmith"])
            if record["format"] != _FORMAT:
                raise ValueError(f"format {record['format']}")
            return record, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping


def _split(states: Mapping[int, Mapping[str, Any]]) -> tuple[dict[str, torch.Tensor], dict[str, dict[str, float]]]:
    """Take an optimiser's state apart into tensors and plain numbers, by the parameter's number."""
    tensors: dict[str, torch.Tensor] = {}
    numbers: dict[str, dict[str, float]] = {}
    for number, values in states.items():
        for name, value in values.items():
            if isinstance(value, torch.Tensor):
                tensors[f"optimiser.{number}.{name}"] = value
            elif value is not None:
                numbers.setdefault(str(number), {})[name] = value
    return tensors, numbers


@torch.no_grad()
def _restore_optimiser(
    optimiser: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor], numbers: Mapping[str, Mapping[str, float]],
) -> None:
    parameters = [each for group in optimiser.param_groups for each in group["params"]]
    states: dict[int, dict[str, Any]] = {int(number): dict(values) for number, values in numbers.items()}
    for name, value in tensors.items():
        number, key = name.split(".", 1)
        parameter = parameters[int(number)]
        if value.shape == parameter.shape:
            # laid out in memory as the parameter is: a fused step goes through both side by side without looking at strides
            states.setdefault(int(number), {})[key] = torch.empty_like(parameter).copy_(value)
        else:
            states.setdefault(int(number), {})[key] = value
    optimiser.load_state_dict({"state": states, "param_groups": optimiser.state_dict()["param_groups"]})


def _below(tensors: Mapping[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name[len(prefix):]: value for name, value in tensors.items() if name.startswith(prefix)}


def _json_number(value: float) -> float | None:
    return value if math.isfinite(value) else None
