import math

import pytest
import torch
from roadsmith.models.losses import joint_loss, orientation_loss, soft_iou_loss
from roadsmith.models.network import RoadOutputs
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


def test_ignored_pixels_change_neither_loss_nor_gradient():
    generator = torch.Generator().manual_seed(0)
    road, orientation = torch.randn(2, 2, 6, 6, generator=generator), torch.randn(2, 5, 6, 6, generator=generator)
    road_label = torch.randint(0, 2, (2, 6, 6), generator=generator).to(torch.uint8)
    direction = torch.randint(0, 5, (2, 6, 6), generator=generator)
    road_label[:, :, 4:], direction[:, :, 4:] = 255, -1
    whole = [each.clone().requires_grad_() for each in (road, orientation)]
    loss = joint_loss(RoadOutputs(*whole), road_label, direction)
    cut = joint_loss(RoadOutputs(road[..., :4], orientation[..., :4]), road_label[..., :4], direction[..., :4])
    assert float(loss.detach()) == pytest.approx(float(cut), abs=1e-6)
    loss.backward()
    assert all(float(each.grad[..., 4:].abs().max()) == 0 for each in whole)


def test_a_batch_without_a_valid_pixel_has_a_finite_loss():
    label, direction = torch.full((1, 4, 4), 255, dtype=torch.uint8), torch.full((1, 4, 4), -1)
    loss = joint_loss(RoadOutputs(torch.randn(1, 2, 4, 4), torch.randn(1, 3, 4, 4)), label, direction)
    assert math.isfinite(float(loss))


def test_normalise_per_band_and_a_band_without_spread():
    images = torch.tensor([[10, 30], [7, 7]], dtype=torch.uint8).reshape(1, 2, 1, 2)
    result = normalise(images, [20.0, 7.0], [10.0, 0.0])
    assert result.dtype == torch.float32 and result.flatten().tolist() == [-1.0, 1.0, 0.0, 0.0]
