import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.models.losses import (
    LOSS_KINDS,
    LossSettings,
    Targets,
    batch_dice_loss,
    orientation_loss,
    soft_iou_loss,
    training_loss,
)
from roadsmith.models.network import RoadOutputs, ScaleOutputs
from roadsmith.models.normalisation import normalise


def logits_of(road_probability):
    """Two-class logits (1, 2, H, W) whose softmax gives these probabilities of road."""
    road = torch.tensor(road_probability)
    return torch.stack([torch.log(1 - road), torch.log(road)])[None]


def test_soft_iou_by_hand():
    # one row of two pixels, truth road | background, probabilities 0.8 | 0.4
    loss = soft_iou_loss(logits_of([[0.8, 0.4]]), torch.tensor([[[1, 0]]]))
    road = 0.8 / (0.8 + 0.4 + 1 - 0.8)
    background = 0.6 / (0.2 + 0.6 + 1 - 0.6)
    assert float(loss) == pytest.approx(-(road + background) / 2, abs=1e-6)


def test_soft_iou_is_the_mean_over_images_not_over_pixels():
    sure = logits_of([[0.999, 0.001]])
    wrong = logits_of([[0.001, 0.999]])
    label = torch.tensor([[[1, 0]]])
    both = soft_iou_loss(torch.cat([sure, wrong]), label.repeat(2, 1, 1))
    assert float(both) == pytest.approx((float(soft_iou_loss(sure, label)) + float(soft_iou_loss(wrong, label))) / 2, abs=1e-6)


def test_orientation_cross_entropy_by_hand():
    logits = torch.tensor([0.0, 1.0, 2.0]).reshape(1, 3, 1, 1).repeat(1, 1, 1, 2)
    expected = math.log(1 + math.e + math.e**2)
    loss = orientation_loss(logits, torch.tensor([[[0, 2]]]))
    assert float(loss) == pytest.approx((expected + expected - 2) / 2, abs=1e-6)


def one_logit(road_probability):
    """One-logit scores (1, 1, H, W) whose sigmoid gives these probabilities of road."""
    return torch.logit(torch.tensor(road_probability))[None, None]


def road_targets(label):
    return Targets((torch.tensor([label], dtype=torch.uint8),))


def test_one_logit_and_two_give_the_same_soft_iou():
    label = torch.tensor([[[1, 0, 255]]])
    expected = soft_iou_loss(logits_of([[0.8, 0.4, 0.9]]), label)
    assert float(soft_iou_loss(one_logit([[0.8, 0.4, 0.9]]), label)) == pytest.approx(float(expected), abs=1e-6)


def test_dice_is_taken_over_the_whole_batch():
    probability, truth = torch.tensor([[[0.8, 0.4]], [[0.2, 0.1]]]), torch.tensor([[[1.0, 0.0]], [[0.0, 0.0]]])
    assert float(batch_dice_loss(probability, truth)) == pytest.approx(1 - 2 * 0.8 / (0.8 + 0.4 + 0.2 + 0.1 + 1), abs=1e-6)
    assert float(batch_dice_loss(truth, truth)) == 0
    assert float(batch_dice_loss(probability, torch.zeros_like(truth))) == 1


def test_cross_entropy_and_dice_by_hand():
    outputs, targets = RoadOutputs(one_logit([[0.8, 0.4, 0.7]])), road_targets([[1, 0, 255]])
    dice = 1 - 2 * 0.8 / (0.8 + 0.4 + 1)
    plain = (-math.log(0.8) - math.log(0.6)) / 2
    weighted = (-3 * math.log(0.8) - math.log(0.6)) / 2
    assert float(training_loss(outputs, targets, LossSettings("bce_dice"))) == pytest.approx(plain + dice, abs=1e-6)
    found = training_loss(outputs, targets, LossSettings("weighted_bce_dice", positive_weight=3.0))
    assert float(found) == pytest.approx(weighted + dice, abs=1e-6)
    two = training_loss(RoadOutputs(logits_of([[0.8, 0.4, 0.7]])), targets, LossSettings("bce_dice"))
    assert float(two) == pytest.approx(plain + dice, abs=1e-6)


def test_scales_and_tasks_are_added_with_equal_weights():
    torch.manual_seed(0)
    road, orientation = ([torch.randn(2, channels, 8 >> k, 8 >> k) for k in range(3)] for channels in (2, 5))
    labels = tuple(torch.randint(0, 2, (2, 8 >> k, 8 >> k)) for k in range(3))
    directions = tuple(torch.randint(0, 5, (2, 8 >> k, 8 >> k)) for k in range(3))
    coarse = tuple(ScaleOutputs(k, road[k], orientation[k]) for k in (2, 2, 1))
    found = training_loss(RoadOutputs(road[0], orientation[0], coarse), Targets(labels, directions), LossSettings("multitask"))
    expected = sum(soft_iou_loss(road[k], labels[k]) + orientation_loss(orientation[k], directions[k]) for k in (0, 2, 2, 1))
    assert float(found) == pytest.approx(float(expected), abs=1e-5)
    without = training_loss(RoadOutputs(road[0], orientation[0], coarse), Targets(labels), LossSettings("multitask"))
    assert float(without) == pytest.approx(sum(float(soft_iou_loss(road[k], labels[k])) for k in (0, 2, 2, 1)), abs=1e-5)
    whole = training_loss(
        RoadOutputs(road[0], orientation[0]), Targets(labels[:1], directions[:1]), LossSettings("multitask")
    )
    assert float(whole) == pytest.approx(
        float(soft_iou_loss(road[0], labels[0]) + orientation_loss(orientation[0], directions[0])), abs=1e-5
    )


def test_scales_without_targets_are_an_error():
    outputs = RoadOutputs(torch.zeros(1, 2, 8, 8), torch.zeros(1, 5, 8, 8), (ScaleOutputs(2, torch.zeros(1, 2, 2, 2), None),))
    label, direction = torch.zeros(1, 8, 8, dtype=torch.uint8), torch.zeros(1, 8, 8, dtype=torch.int64)
    with pytest.raises(ValueError, match="1/4"):
        training_loss(outputs, Targets((label,)), LossSettings())
    coarse = (ScaleOutputs(1, torch.zeros(1, 2, 4, 4), torch.zeros(1, 5, 4, 4)),)
    with pytest.raises(ValueError, match="1/2"):
        training_loss(outputs._replace(coarse=coarse), Targets((label, label[:, ::2, ::2]), (direction,)), LossSettings())


def test_skeleton_losses_are_mixed_and_added_at_the_whole_size_alone():
    from roadsmith.models.skeleton_losses import cldice_loss, skeleton_recall_loss

    torch.manual_seed(0)
    scores, label = torch.randn(1, 1, 12, 12), torch.zeros(1, 12, 12, dtype=torch.uint8)
    label[:, 3:8] = 1
    outputs = RoadOutputs(scores, coarse=(ScaleOutputs(1, torch.randn(1, 1, 6, 6), None),))
    targets = Targets((label, label[:, ::2, ::2]))
    probability, truth = scores[:, 0].sigmoid(), label.float()
    plain = float(training_loss(outputs, targets, LossSettings("bce_dice")))
    cl, recall = float(cldice_loss(probability, truth, 4)), float(skeleton_recall_loss(probability, truth, 4))
    dice = float(batch_dice_loss(probability, truth))
    found = float(training_loss(outputs, targets, LossSettings("bce_dice", cldice=0.3, skeleton_recall=0.5, skeleton_steps=4)))
    assert found == pytest.approx(plain - 0.3 * dice + 0.3 * cl + 0.5 * recall, abs=1e-5)


@pytest.mark.parametrize("arguments", [
    {"kind": "focal"}, {"positive_weight": 0.0}, {"positive_weight": float("nan")}, {"cldice": 1.5}, {"cldice": float("nan")},
    {"skeleton_recall": -1.0}, {"skeleton_steps": 0},
])
def test_settings_that_make_no_sense(arguments):
    with pytest.raises(ValueError, match="choose"):
        LossSettings(**arguments)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(LOSS_KINDS), st.sampled_from([1, 2]), st.sampled_from([0.0, 0.4]), st.floats(0, 1))
def test_ignored_pixels_change_neither_loss_nor_gradients(seed, kind, channels, skeleton, share):
    generator = torch.Generator().manual_seed(seed)
    sizes = [(8, 7), (4, 4)]
    scores = [torch.randn(2, classes, *size, generator=generator) for size in sizes for classes in (channels, 4)]
    ignored = [torch.rand(2, *size, generator=generator) < share for size in sizes]
    labels = tuple(torch.randint(0, 2, (2, *size), generator=generator).to(torch.uint8).masked_fill(mask, 255)
                   for size, mask in zip(sizes, ignored))
    directions = tuple(torch.randint(0, 4, (2, *size), generator=generator).masked_fill(mask, -1)
                       for size, mask in zip(sizes, ignored))
    what = LossSettings(kind, positive_weight=2.0, cldice=skeleton, skeleton_recall=skeleton, skeleton_steps=3)

    def loss_and_gradients(inputs):
        leaves = [each.clone().requires_grad_() for each in inputs]
        outputs = RoadOutputs(leaves[0], leaves[1], (ScaleOutputs(1, leaves[2], leaves[3]),))
        loss = training_loss(outputs, Targets(labels, directions), what)
        loss.backward()
        return loss.detach(), [each.grad for each in leaves]

    changed = [torch.where(mask.unsqueeze(1), torch.randn(each.shape, generator=generator) * 1000, each)
               for each, mask in zip(scores, [ignored[0], ignored[0], ignored[1], ignored[1]])]
    loss, gradients = loss_and_gradients(scores)
    other_loss, other_gradients = loss_and_gradients(changed)
    assert bool(torch.isfinite(loss)) and torch.equal(loss, other_loss)
    for gradient, other, mask in zip(gradients, other_gradients, [ignored[0], ignored[0], ignored[1], ignored[1]]):
        assert torch.equal(gradient, other) and not bool(gradient.masked_select(mask.unsqueeze(1)).any())


@pytest.mark.parametrize("kind", LOSS_KINDS)
def test_what_is_no_number_at_ignored_pixels_stays_there(kind):
    scores = torch.randn(1, 2, 4, 4)
    scores[..., 0] = float("nan")
    scores.requires_grad_()
    label = torch.ones(1, 4, 4, dtype=torch.uint8)
    label[..., 0] = 255
    loss = training_loss(RoadOutputs(scores), Targets((label,)), LossSettings(kind, cldice=0.5, skeleton_recall=1.0))
    loss.backward()
    assert math.isfinite(float(loss.detach())) and bool(torch.isfinite(scores.grad).all()) and not bool(scores.grad[..., 0].any())


def test_a_loss_over_a_part_is_that_of_the_part_alone():
    generator = torch.Generator().manual_seed(0)
    road, orientation = torch.randn(2, 2, 6, 6, generator=generator), torch.randn(2, 5, 6, 6, generator=generator)
    road_label = torch.randint(0, 2, (2, 6, 6), generator=generator).to(torch.uint8)
    direction = torch.randint(0, 5, (2, 6, 6), generator=generator)
    road_label[:, :, 4:], direction[:, :, 4:] = 255, -1
    for kind in LOSS_KINDS:
        whole = training_loss(RoadOutputs(road, orientation), Targets((road_label,), (direction,)), LossSettings(kind))
        part = RoadOutputs(road[..., :4], orientation[..., :4]), Targets((road_label[..., :4],), (direction[..., :4],))
        assert float(whole) == pytest.approx(float(training_loss(*part, LossSettings(kind))), abs=1e-6)


def test_a_batch_without_a_valid_pixel_has_a_finite_loss():
    label, direction = torch.full((1, 4, 4), 255, dtype=torch.uint8), torch.full((1, 4, 4), -1)
    outputs = RoadOutputs(torch.randn(1, 2, 4, 4), torch.randn(1, 3, 4, 4))
    for kind in LOSS_KINDS:
        assert math.isfinite(float(training_loss(outputs, Targets((label,), (direction,)), LossSettings(kind, 2.0, 0.5, 1.0))))


def test_normalise_per_band_and_a_band_without_spread():
    images = torch.tensor([[10, 30], [7, 7]], dtype=torch.uint8).reshape(1, 2, 1, 2)
    result = normalise(images, [20.0, 7.0], [10.0, 0.0])
    assert result.dtype == torch.float32 and result.flatten().tolist() == [-1.0, 1.0, 0.0, 0.0]
