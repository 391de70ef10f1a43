"""Losses, gradients and statistics of one batch, by one process or by several; run as a script it is one of these."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "engine"))
    __import__("bootstrap")

import torch
from roadsmith.models.losses import LossSettings, Targets, training_loss
from roadsmith.models.network import RoadOutputs, ScaleOutputs
from roadsmith.models.synchronised_norm import synchronise_norms
from torch import distributed, nn

CHIPS, SIZE = 3, 16
#: From where to before where the chips of both processes go.
SHARES = [[(0, 2), (2, 3)], [(0, 3), (3, 3)]]
SETTINGS = [
    LossSettings("multitask", cldice=0.3, skeleton_recall=0.5, skeleton_steps=2),
    LossSettings("bce_dice"),
    LossSettings("weighted_bce_dice", positive_weight=3.0),
]


class Small(nn.Module):
    """Two batch norms, both tasks, two scales."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(inplace=True), nn.Conv2d(6, 6, 3, padding=1, bias=False),
            nn.BatchNorm2d(6, affine=False), nn.ReLU(inplace=True),
        )
        self.scores = nn.Conv2d(6, 2 + 5, 1)

    def forward(self, images):
        hidden = self.body(images)
        scores, half = self.scores(hidden), self.scores(hidden[..., ::2, ::2])
        return RoadOutputs(scores[:, :2], scores[:, 2:], (ScaleOutputs(1, half[:, :2], half[:, 2:]),))


def batch():
    """Images far from 0 with a small spread, on which a careless variance fails; one chip is all but ignored."""
    generator = torch.Generator().manual_seed(1)
    images = 30 + torch.rand(CHIPS, 3, SIZE, SIZE, generator=generator)
    road = torch.randint(0, 2, (CHIPS, SIZE, SIZE), generator=generator, dtype=torch.uint8)
    directions = torch.randint(0, 5, (CHIPS, SIZE, SIZE), generator=generator)
    road[1, 3:] = 255
    directions[1, 3:] = -1
    return images, Targets((road, road[:, ::2, ::2]), (directions, directions[:, ::2, ::2]))


def results(start=0, stop=CHIPS, parallel=False):
    """Return losses, gradients and statistics, from the chips ``start`` to before ``stop``."""
    images, targets = batch()
    images = images[start:stop]
    targets = Targets(tuple(each[start:stop] for each in targets.road), tuple(each[start:stop] for each in targets.orientation))
    found = {}
    for number, settings in enumerate(SETTINGS):
        torch.manual_seed(number)
        network = Small()
        if parallel:
            synchronise_norms(network, on_cuda=False)
        forward = nn.parallel.DistributedDataParallel(network, broadcast_buffers=False) if parallel else network
        loss = training_loss(forward(images), targets, settings)
        loss.backward()
        found[f"{number}.loss"] = loss.detach()
        found.update({f"{number}.gradient.{name}": each.grad for name, each in network.named_parameters()})
        found.update({f"{number}.statistics.{name}": each for name, each in network.named_buffers()})
    return found


if __name__ == "__main__":
    rank, folder = int(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", (folder / "meeting").as_uri(), rank=rank, world_size=2)
    torch.save([results(*shares[rank], parallel=True) for shares in SHARES], folder / f"{rank}.pt")
    distributed.destroy_process_group()
