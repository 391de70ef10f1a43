import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from roadsmith.models.skeleton_losses import cldice_loss, skeleton_recall_loss, soft_skeleton


def mask_of(*rows):
    return torch.tensor([[float(sign == "#") for sign in row] for row in rows])[None]


def test_skeleton_of_a_band_is_its_middle_line():
    band = torch.zeros(1, 11, 9)
    band[:, 3:8] = 1
    expected = torch.zeros(1, 11, 9)
    expected[:, 5] = 1
    assert torch.equal(soft_skeleton(band, 10), expected)
    assert torch.equal(soft_skeleton(band, 2), expected)
    assert not bool(soft_skeleton(band, 1).any())  # too few steps for half a width of two pixels


def test_skeleton_of_lines_is_the_lines_themselves():
    line = mask_of("......", "#####.", "......", "....#.")
    assert torch.equal(soft_skeleton(line, 5), line)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.1, 0.9))
def test_skeleton_of_a_mask_is_a_part_of_it(seed, share):
    mask = torch.from_numpy((np.random.default_rng(seed).random((1, 12, 12)) < share).astype(np.float32))
    skeleton = soft_skeleton(mask, 6)
    assert set(skeleton.unique().tolist()) <= {0.0, 1.0} and bool((skeleton <= mask).all())
    assert bool(skeleton.any()) == bool(mask.any())


def test_cldice_by_hand():
    truth, found = mask_of(".....", "#####", "....."), mask_of(".....", "##.##", ".....")
    precision, recall = (4 + 1) / (4 + 1), (4 + 1) / (5 + 1)
    assert float(cldice_loss(found, truth, 3)) == pytest.approx(1 - 2 * precision * recall / (precision + recall), abs=1e-6)
    assert float(cldice_loss(truth, truth, 3)) == pytest.approx(0, abs=1e-6)


def test_a_gap_costs_more_than_a_ragged_edge():
    """Of the same number of wrong pixels, those across the road hurt connection, those along its edge do not."""
    truth = torch.zeros(1, 15, 40)
    truth[:, 3:12] = 1
    gap, ragged = truth.clone(), truth.clone()
    gap[:, 3:12, 18:22] = 0
    ragged[:, 3, 2:38] = 0
    for loss in (cldice_loss, skeleton_recall_loss):
        assert float(loss(gap, truth, 6)) > 2 * float(loss(ragged, truth, 6))


def test_skeleton_recall_by_hand():
    truth = torch.zeros(1, 13, 6)
    truth[:, 2:11] = 1  # nine pixels wide: the tube is the five rows around the middle
    found = torch.zeros(1, 13, 6)
    found[:, 6] = 0.5
    assert float(skeleton_recall_loss(found, truth, 8)) == pytest.approx(1 - (0.5 * 6 + 1) / (5 * 6 + 1), abs=1e-6)


def test_without_a_road_nothing_is_missing():
    nothing = torch.zeros(2, 6, 6)
    assert float(skeleton_recall_loss(nothing, nothing, 3)) == 0 and float(cldice_loss(nothing, nothing, 3)) == 0
    assert float(cldice_loss(torch.full((2, 6, 6), 0.9), nothing, 3)) >= 0


def test_gradients_reach_the_gap():
    truth = mask_of(".......", "#######", ".......")
    probability = (truth * 0.9).masked_fill(torch.tensor([False] * 3 + [True] + [False] * 3), 0.1).requires_grad_()
    (cldice_loss(probability, truth, 3) + skeleton_recall_loss(probability, truth, 3)).backward()
    assert float(probability.grad[0, 1, 3]) < 0
