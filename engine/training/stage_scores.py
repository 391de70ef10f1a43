"""What the second of two stages changed: both stages' roads on the validation chips, held against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ...models.normalisation import normalise
from ...models.two_stage import TwoStageNetwork
from ..reporter import Reporter
from .error_maps import confusion
from .loader import Batch, BatchLoader, Request
from .metrics import RoadScores
from .run import Run


@dataclass(frozen=True)
class ChangedChip:
    """A validation window, its name for people, and its IoU of road at 0.5 after each stage."""

    request: Request
    name: str
    first_iou: float
    second_iou: float

    @property
    def gain(self) -> float:
        """By how much the second stage is better."""
        return self.second_iou - self.first_iou


@dataclass(frozen=True)
class StageScores:
    """Scores of both stages at 0.5 on all validation windows, and every window that holds a road."""

    first: RoadScores
    second: RoadScores
    chips: list[ChangedChip]

    def figures(self) -> dict[str, float]:
        """Return the first stage's scores, as ``first_iou`` and so on, for the package beside the second's."""
        names = ("precision", "recall", "dice", "iou", "relaxed_f1")
        return {f"first_{name}": self.first.figures()[name] for name in names}

    def most_changed(self, count: int) -> tuple[list[ChangedChip], list[ChangedChip]]:
        """Return the chips that gained most and those that lost most, most first, at most ``count`` each."""
        ranked = sorted(self.chips, key=lambda chip: -chip.gain)
        better = [chip for chip in ranked[:count] if chip.gain > 0]
        return better, [chip for chip in ranked[::-1][:count] if chip.gain < 0]


def score_stages(run: Run, loader: BatchLoader, validation: Sequence[Request], reporter: Reporter) -> StageScores | None:
    """Score both stages of the run's network; None where it has only one.

    Raises:
        EngineError: a chip cannot be read.
        Cancelled: the user asked to stop.
    """
    if not isinstance(run.network, TwoStageNetwork):
        return None
    scores, chips = (RoadScores(), RoadScores()), []
    windows = Counter(request.chip for request in validation)
    for number, (request, batch) in enumerate(zip(validation, loader.batches(validation, 1))):
        reporter.progress(number, len(validation), number, "chips")
        maps = stage_maps(run.network, run, batch)
        label = batch.road[0].numpy()
        for each, probability in zip(scores, maps):
            each.add(probability[None], batch.road)
        if (label == 1).any():
            before, after = (confusion(probability.numpy(), label, 0.5).figures()["iou"] for probability in maps)
            name = run.data.chips[request.chip].image.stem
            place = f" ({request.row}, {request.column})" if windows[request.chip] > 1 else ""
            chips.append(ChangedChip(request, name + place, before, after))
    return StageScores(*scores, chips)


@torch.inference_mode()
def stage_maps(network: TwoStageNetwork, run: Run, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the probability maps (H, W) of both stages, float32 on the CPU, of a batch's first chip."""
    images = normalise(batch.images[:1].to(run.device), run.data.band_means, run.data.band_stds)
    outputs = network(images)
    assert outputs.first is not None
    return outputs.first[0].float().cpu(), network.road_logit(outputs)[0].sigmoid().float().cpu()
