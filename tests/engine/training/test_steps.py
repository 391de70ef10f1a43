from dataclasses import dataclass, replace

import pytest
import torch
from roadsmith.engine.errors import EngineError
from roadsmith.engine.events import Warn
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.training import steps
from roadsmith.engine.training.loader import Batch
from roadsmith.engine.training.metrics import RoadScores
from roadsmith.engine.training.precision import Precision, choose_precision
from roadsmith.engine.training.schedule import make_optimiser
from roadsmith.engine.training.steps import Stepper
from roadsmith.engine.training.world import World
from roadsmith.models.losses import LossSettings, Targets
from roadsmith.models.network import RoadNetwork, RoadOutputs, ScaleOutputs
from roadsmith.models.registry import build

CPU = torch.device("cpu")


class Plain(RoadNetwork):
    """Convolutions without batch norm; ``kind``: road alone (one logit), both tasks, or both at two scales."""

    def __init__(self, kind="both", classes=19):
        super().__init__(kind=kind)
        self.kind, self.has_orientation = kind, kind != "road"
        self.default_loss = "bce_dice" if kind == "road" else "multitask"
        self.hidden = torch.nn.Conv2d(2, 8, 3, padding=1)
        self.scores = torch.nn.Conv2d(8, 1 if kind == "road" else 2 + classes, 1)

    def forward(self, images):
        hidden = self.hidden(images).relu()
        scores = self.scores(hidden)
        if self.kind == "road":
            return RoadOutputs(scores)
        half = self.scores(hidden[..., ::2, ::2])
        coarse = (ScaleOutputs(1, half[:, :2], half[:, 2:]),) if self.kind == "scales" else ()
        return RoadOutputs(scores[:, :2], scores[:, 2:], coarse)


def make_batch(count=2, size=32, road=None, scales=1, orientation=True):
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(0, 2, (count, size, size), generator=generator, dtype=torch.uint8)
    labels = labels if road is None else torch.full_like(labels, road)
    images = torch.rand(count, 2, size, size, generator=generator) * 255
    directions = torch.randint(0, 19, (count, size, size), generator=generator)
    every = [2**scale for scale in range(scales)]
    return Batch(images, Targets(
        tuple(labels[:, ::step, ::step] for step in every), tuple(directions[:, ::step, ::step] for step in every if orientation)
    ))


def make_stepper(network, batch_size=2, rate=3e-3, dtype=None, reporter=None, **changes):
    precision = Precision(CPU, dtype, choose_precision(CPU).scaler)
    return Stepper(
        network, make_optimiser(network, rate), precision, [127.0] * 2, [70.0] * 2, batch_size, reporter or Reporter(), **changes
    )


@pytest.mark.parametrize("dtype", [None, torch.bfloat16])
def test_steps_lower_the_loss_in_every_precision(dtype):
    torch.manual_seed(0)
    network = build("linknet", backbone="resnet18", bands=2)
    stepper = make_stepper(network, dtype=dtype)
    network.train()
    losses = [stepper.train(make_batch()) for _ in range(3)]
    assert losses[-1] < losses[0]
    network.eval()
    scores = RoadScores()
    loss = stepper.validate(make_batch(), scores)
    assert torch.isfinite(torch.tensor(loss)) and 0 < scores.figures()["accuracy"] < 1


@pytest.mark.parametrize("kind", ["road", "both", "scales"])
def test_networks_of_every_kind_learn(kind):
    torch.manual_seed(0)
    stepper = make_stepper(Plain(kind), rate=1e-2)
    batch = make_batch(scales=2, orientation=kind != "road")
    losses = [stepper.train(batch) for _ in range(6)]
    assert losses[-1] < losses[0] and stepper.loss.kind == stepper.network.default_loss


def gradient_free_steps(batch_size, accumulate, count=3):
    torch.manual_seed(3)
    stepper = make_stepper(Plain("scales"), batch_size, accumulate=accumulate)
    batch = make_batch(6, scales=2)
    losses = [stepper.train(batch) for _ in range(count)]
    return losses, torch.cat([each.detach().flatten() for each in stepper.network.parameters()]), stepper


def test_pieces_add_up_to_the_whole_batch():
    losses, weights, whole = gradient_free_steps(6, 1)
    for batch_size, accumulate in ((3, 2), (2, 3), (1, 6), (4, 2)):
        in_pieces, same_weights, stepper = gradient_free_steps(batch_size, accumulate)
        assert in_pieces == pytest.approx(losses, rel=1e-5)
        torch.testing.assert_close(same_weights, weights, rtol=1e-4, atol=1e-5)
        assert stepper.step_size == batch_size * accumulate
    assert whole.step_size == 6


@dataclass
class Memory:
    """Room for so many chips in a backward pass; more fail after half of the gradient is there."""

    chips: int

    def loss(self, outputs, targets, settings, real=steps.training_loss):
        loss = real(outputs, targets, settings)
        if len(targets.road[0]) > self.chips:
            loss.backward(retain_graph=True)
            raise torch.cuda.OutOfMemoryError("full")
        return loss


def test_a_full_memory_changes_the_pieces_but_not_the_step(monkeypatch):
    losses, weights, _ = gradient_free_steps(6, 1)
    events = []
    monkeypatch.setattr(steps, "training_loss", Memory(2).loss)
    torch.manual_seed(3)
    stepper = make_stepper(Plain("scales"), 6, reporter=Reporter(events.append))
    batch = make_batch(6, scales=2)
    assert [stepper.train(batch) for _ in range(3)] == pytest.approx(losses, rel=1e-5)
    torch.testing.assert_close(
        torch.cat([each.detach().flatten() for each in stepper.network.parameters()]), weights, rtol=1e-4, atol=1e-5
    )
    assert stepper.batch_size == 1 and stepper.step_size == 6
    told = [event.text for event in events if isinstance(event, Warn)]
    assert told == [f"The memory is full: going on with {count} chip(s) at a time." for count in (3, 1)]


def test_validation_counts_every_chip_once_though_memory_runs_out(monkeypatch):
    network = Plain()
    whole, pieces = RoadScores(), RoadScores()
    batch = make_batch(5)
    loss = make_stepper(network, 5).validate(batch, whole)
    monkeypatch.setattr(
        steps, "training_loss",
        lambda outputs, targets, settings, real=steps.training_loss: real(outputs, targets, settings)
        if len(targets.road[0]) < 3 else (_ for _ in ()).throw(torch.cuda.OutOfMemoryError("full")),
    )
    stepper = make_stepper(network, 5)
    assert stepper.validate(batch, pieces) == pytest.approx(loss, rel=1e-5)
    assert torch.equal(whole.counts, pieces.counts) and stepper.batch_size == 2


def test_one_chip_too_many_is_explained(monkeypatch):
    monkeypatch.setattr(steps, "training_loss", Memory(0).loss)
    stepper = make_stepper(Plain(), 2)
    with pytest.raises(EngineError, match="smaller chip size") as caught:
        stepper.train(make_batch())
    assert caught.value.kind == "memory"


def test_a_loss_that_is_no_number_leaves_the_weights_alone():
    stepper = make_stepper(Plain(), 1)
    before = [each.detach().clone() for each in stepper.network.parameters()]
    batch = make_batch(2)
    batch.images[1] = float("nan")
    assert stepper.train(batch) != stepper.train(batch)  # NaN is not equal to itself
    assert all(torch.equal(one, two) for one, two in zip(before, stepper.network.parameters()))
    assert all(each.grad is None for each in stepper.network.parameters())


def test_the_loss_is_the_one_asked_for():
    batch = make_batch(orientation=False)
    losses = {
        loss.kind: make_stepper(Plain("road"), loss=loss).validate(batch, RoadScores())
        for loss in (LossSettings("bce_dice"), LossSettings("weighted_bce_dice", positive_weight=5.0), LossSettings("multitask"))
        for _ in [torch.manual_seed(0)]
    }
    assert losses["multitask"] < 0 < losses["bce_dice"] < losses["weighted_bce_dice"]


def test_frozen_weights_stay():
    network = Plain()
    network.hidden.requires_grad_(False)
    stepper = make_stepper(network)
    before = network.hidden.weight.clone(), network.scores.weight.clone()
    stepper.train(make_batch())
    assert torch.equal(network.hidden.weight, before[0]) and not torch.equal(network.scores.weight, before[1])
    assert replace(LossSettings()) == stepper.loss


def test_several_processes_do_not_try_again_when_the_memory_is_full():
    stepper = make_stepper(Plain(), 4)
    stepper.world = World(1, 2)
    with pytest.raises(EngineError, match=r"batch of 4 chips of 32 pixels in 2 processes: choose a smaller batch") as caught:
        stepper._mend(make_batch(), torch.cuda.OutOfMemoryError("full"))
    assert caught.value.kind == "memory"
