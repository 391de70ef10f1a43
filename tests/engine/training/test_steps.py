import pytest
import torch
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.training.loader import Batch
from roadsmith.engine.training.metrics import RoadScores
from roadsmith.engine.training.precision import Precision, choose_precision
from roadsmith.engine.training.schedule import make_optimiser
from roadsmith.engine.training.steps import Stepper, full_batches
from roadsmith.models.registry import build


def make_batch(count=2, size=32, road=None):
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(0, 2, (count, size, size), generator=generator, dtype=torch.uint8)
    return Batch(
        torch.rand(count, 2, size, size, generator=generator) * 255, labels if road is None else torch.full_like(labels, road),
        torch.randint(0, 19, (count, size, size), generator=generator),
    )


@pytest.mark.parametrize("dtype", [None, torch.bfloat16])
def test_steps_lower_the_loss_in_every_precision(dtype):
    torch.manual_seed(0)
    network = build("linknet", backbone="resnet18", bands=2)
    device = torch.device("cpu")
    precision = Precision(device, dtype, choose_precision(device).scaler)
    stepper = Stepper(network, make_optimiser(network, 3e-3), precision, [127.0] * 2, [70.0] * 2, 2, Reporter())
    network.train()
    losses = [stepper.train(make_batch()) for _ in range(4)]
    assert losses[-1] < losses[0]
    network.eval()
    scores = RoadScores()
    loss = stepper.validate(make_batch(), scores)
    assert torch.isfinite(torch.tensor(loss)) and 0 < scores.figures()["accuracy"] < 1


def test_batches_without_anything_to_learn_are_left_out():
    batches = [make_batch(2), make_batch(1), make_batch(2, road=255)]
    assert list(full_batches(iter(batches))) == batches[:1]
