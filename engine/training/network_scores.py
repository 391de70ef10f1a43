"""Network scores of a training: the roads of the validation chips as networks, held against those of their labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from ..evaluation.scores import harmonic_mean
from ..reporter import Reporter
from .chip_networks import ChipScores, Reach, score_chip
from .figures import candidates, road_probability
from .loader import BatchLoader, Request
from .metrics import RoadScores
from .run import Run


@dataclass(frozen=True)
class NetworkScores:
    """Scores over all chips, 0 to 1, each the mean over the metres of road it is about.

    Attributes:
        apls: harmonic mean of ``label_to_roads`` (missing links) and ``roads_to_label`` (false links).
        relaxed_f1: of pixels, at the model's threshold, with three pixels to spare.
        chips: how many were looked at. label_km, roads_km: length of both networks. reach: the distances.
    """

    apls: float
    label_to_roads: float
    roads_to_label: float
    topo_precision: float
    topo_recall: float
    topo_f1: float
    completeness: float
    correctness: float
    relaxed_f1: float
    chips: int
    label_km: float
    roads_km: float
    reach: Reach

    def figures(self) -> dict[str, float]:
        """Return the scores by name."""
        names = ("apls", "topo_precision", "topo_recall", "topo_f1", "completeness", "correctness")
        return {
            **{name: getattr(self, name) for name in names}, "apls_label_to_roads": self.label_to_roads,
            "apls_roads_to_label": self.roads_to_label, "relaxed_f1_at_threshold": self.relaxed_f1,
        }


def score_networks(
    run: Run, loader: BatchLoader, validation: Sequence[Request], threshold: float, reporter: Reporter
) -> NetworkScores | None:
    """Score the network's roads on at most 64 validation windows, evenly spread; None if no label holds a road long enough.

    Args:
        threshold: probability from which a pixel is road.

    Raises:
        EngineError: a chip cannot be read.
        Cancelled: the user asked to stop.
    """
    chosen, data, scores = candidates(validation), run.data, RoadScores(threshold)
    chips = []
    for number, batch in enumerate(loader.batches(chosen, 1)):
        reporter.progress(number, len(chosen), number, "chips")
        probability = road_probability(run.network, batch, data.band_means, data.band_stds, run.device)
        label = batch.road[0].numpy()
        scores.add(torch.from_numpy(probability)[None], batch.road)
        chips.append(score_chip(probability, label, threshold, data.cell_metres, run.job.seed, reporter))
    reporter.progress(1, 1)
    return pooled(chips, scores.figures()["relaxed_f1"], Reach.of(data.cell_metres))


def pooled(chips: Sequence[ChipScores], relaxed_f1: float, reach: Reach) -> NetworkScores | None:
    """Return the scores over all chips, each chip counting by its metres of road; None if no label has any.

    Each half of APLS, and TOPO's precision and recall, are weighted by the length of the network they start from; the harmonic
    means are taken of the sums, so that a chip without road in one of the two counts once and not twice.
    """
    label, roads = sum(each.reference for each in chips), sum(each.roads for each in chips)
    if not label:
        return None

    def mean(total: float, name: str, weight: str) -> float:
        return math.fsum(getattr(each, name) * getattr(each, weight) for each in chips) / total if total else 0.0

    forth, back = mean(label, "forth", "reference"), mean(roads, "back", "roads")
    precision, recall = mean(roads, "precision", "roads"), mean(label, "recall", "reference")
    return NetworkScores(
        harmonic_mean(forth, back), forth, back, precision, recall, harmonic_mean(precision, recall),
        sum(each.found for each in chips) / label, sum(each.matched for each in chips) / roads if roads else 0.0,
        relaxed_f1, len(chips), label / 1000, roads / 1000, reach,
    )
