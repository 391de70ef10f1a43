"""Each network, made narrow, learns eight real chips by heart: encoder, decoder, head and loss hang together."""

import pytest
import torch
from roadsmith.models.losses import LossSettings, training_loss
from roadsmith.models.registry import MODEL_TYPES, build
from torch import nn

from .chips import DIRECTIONS, dice, real_chips, targets_of

#: Narrow forms and their learning rates.
NARROW = {
    "hourglass": ({"width": 32, "depth": 2, "blocks": 1, "orientation_classes": DIRECTIONS + 1}, 1e-2),
    "linknet": ({"backbone": "resnet18", "width": 32, "orientation_classes": DIRECTIONS + 1}, 5e-3),
    "unet": ({"base": 8, "n_pool": 3}, 5e-3),
    "segnet": ({"width": 8}, 1e-2),
    "resunet": ({"width": 8}, 1e-2),
    "dlinknet": ({"backbone": "resnet18", "width": 32}, 5e-3),
    "efficient_unet": ({"width": 16}, 5e-3),
}
MOST_STEPS, WARM_UP, ENOUGH = 120, 10, 0.957


def settle_normalisation(network, images):
    """Take the batch's own mean and spread as the running ones: so few steps leave them far behind."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    network.train()
    with torch.no_grad():
        network(images)
    network.eval()


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_eight_real_chips_are_learned_by_heart(model_type):
    arguments, rate = NARROW[model_type]
    torch.manual_seed(0)
    network = build(model_type, **arguments).train()
    images, road = real_chips()
    targets, settings = targets_of(road, network.has_orientation), LossSettings(network.default_loss)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate)
    warm_up = torch.optim.lr_scheduler.LinearLR(optimiser, 0.1, total_iters=WARM_UP)
    for _ in range(MOST_STEPS):
        outputs = network(images)
        if dice(network.road_logit(outputs) > 0, road == 1) > ENOUGH:
            break
        optimiser.zero_grad()
        training_loss(outputs, targets, settings).backward()
        optimiser.step()
        warm_up.step()
    settle_normalisation(network, images)
    with torch.no_grad():
        found = network.road_probability(images) > 0.5
    assert dice(found, road == 1) > 0.95
