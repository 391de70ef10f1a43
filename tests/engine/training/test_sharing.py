from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from roadsmith.engine.training.loader import Request
from roadsmith.engine.training.sharing import own_pieces, pieces, shared_batches, training_batches
from roadsmith.engine.training.world import ALONE, World

from .test_steps import make_batch


class NumberedLoader:
    """Makes batches whose images hold the number of their chip."""

    def batches(self, requests, batch_size):
        for start in range(0, len(requests), batch_size):
            group = requests[start : start + batch_size]
            batch = make_batch(len(group), 2)
            yield batch._replace(images=torch.tensor([float(each.chip) for each in group])[:, None, None, None])


def numbers(batch):
    return batch.images.flatten().tolist()


@pytest.mark.parametrize(("total", "size", "expected"), [
    (6, 6, [6]), (7, 6, [3, 4]), (5, 2, [2, 3]), (3, 2, [3]), (4, 1, [1, 1, 1, 1]), (1, 4, [1]), (9, 4, [3, 3, 3]),
])
def test_pieces_are_even_and_leave_no_chip_alone(total, size, expected):
    cut = pieces(total, size)
    assert [stop - start for start, stop in cut] == expected and cut[0][0] == 0 and cut[-1][1] == total


@pytest.mark.parametrize(("count", "size", "expected"), [
    (8, 2, [(0, 4), (4, 8)]), (7, 3, [(0, 3), (3, 5), (5, 7)]), (1, 2, [(0, 1), (1, 1)]), (5, 1, [(0, 5)]),
])
def test_shares_are_even_and_in_order(count, size, expected):
    assert [World(rank, size).share(count) for rank in range(size)] == expected


@given(st.integers(1, 40), st.integers(2, 9), st.integers(1, 3), st.integers(1, 5))
def test_the_processes_together_hold_every_piece_as_one_process_would(count, batch_size, accumulate, size):
    requests = [Request(number) for number in range(count)]
    step = batch_size * accumulate
    alone = list(shared_batches(NumberedLoader(), requests, step, batch_size))
    worlds = [World(rank, size) for rank in range(size)]
    parts = [list(shared_batches(NumberedLoader(), requests, step, batch_size, world)) for world in worlds]
    assert all(len(part) == len(alone) for part in parts)
    for number, (whole, chips) in enumerate(alone):
        assert all(part[number][1] == chips for part in parts)
        for piece, (start, stop) in enumerate(pieces(chips, batch_size)):
            held = []
            for world, part in zip(worlds, parts):
                first, last, whole_piece = own_pieces(chips, batch_size, world)[piece]
                assert whole_piece == stop - start
                held += numbers(part[number][0].part(first, last))
            assert held == numbers(whole)[start:stop]


def test_one_process_gets_the_loaders_own_batches():
    requests = [Request(number) for number in range(5)]
    assert [(numbers(batch), chips) for batch, chips in shared_batches(NumberedLoader(), requests, 2, 2, ALONE)] == [
        ([0.0, 1.0], 2), ([2.0, 3.0], 2), ([4.0], 1),
    ]


def test_batches_without_anything_to_learn_are_left_out():
    made = [make_batch(2), make_batch(2, road=255), make_batch(1)]

    class Loader:
        def batches(self, requests, batch_size):
            return iter(made)

    requests = [Request(number) for number in range(5)]
    assert [batch for batch, _ in training_batches(Loader(), requests, 2, 2)] == made[:1]
