import numpy as np
import pytest
import torch
from roadsmith.engine.chips.reading.folder import Chip
from roadsmith.engine.errors import EngineError
from roadsmith.engine.training.data import ChipReader
from roadsmith.engine.training.loader import BatchLoader, epoch_requests, validation_requests

from ..conftest import write_raster


@pytest.fixture
def chips(tmp_path):
    """Six 48-pixel chips, their left quarter ignored, and one of 20 pixels."""
    generator = np.random.default_rng(0)
    made = []
    for number, size in enumerate([48] * 6 + [20]):
        label = (generator.random((size, size)) > 0.7).astype(np.uint8)
        label[:, : size // 4] = 255
        image = write_raster(tmp_path / f"i{number}.tif", generator.integers(0, 255, (2, size, size), dtype=np.uint8))
        made.append(Chip(image, write_raster(tmp_path / f"l{number}.tif", label[None], nodata=255), None))
    return made


def collect(chips, requests, threads, batch_size=2):
    loader = BatchLoader(ChipReader(chips, 2), 32, 20, 8, [7.0, 9.0], threads)
    batches = list(loader.batches(requests, batch_size))
    loader.close()
    return batches


def test_threads_change_nothing(chips):
    requests = epoch_requests(range(7), 5, 1, True)
    alone, together = collect(chips, requests, 0), collect(chips, requests, 3)
    assert len(alone) == len(together) == 4
    assert all(torch.equal(one, two) for pair in zip(alone, together) for one, two in zip(*pair))


def test_epochs_differ_and_repeat():
    first, again, second = (epoch_requests(range(9), 5, epoch, True) for epoch in (1, 1, 2))
    assert first == again != second and sorted(each.chip for each in second) == list(range(9))


@pytest.mark.parametrize("augmentation", [True, False])
def test_batches_have_the_promised_shapes_and_ignored_pixels_are_filled(chips, augmentation):
    for batch in collect(chips, epoch_requests(range(7), 0, 1, augmentation), 1, 7):
        assert batch.images.shape == (7, 2, 32, 32) and batch.images.dtype == torch.float32
        assert batch.road.shape == (7, 32, 32) and batch.road.dtype == torch.uint8
        assert batch.orientation.shape == (7, 32, 32) and batch.orientation.dtype == torch.int64
        ignored = batch.road == 255
        assert ignored.any() and torch.equal(batch.orientation == -1, ignored)
        assert (batch.images[:, 0][ignored] == 7).all() and (batch.images[:, 1][ignored] == 9).all()


def test_validation_windows_cover_the_chip_as_it_is(chips):
    reader = ChipReader(chips, 2)
    requests = validation_requests(reader, [0], 32)
    assert [(each.row, each.column) for each in requests] == [(0, 0), (0, 16), (16, 0), (16, 16)]
    image, label = reader.read(0)
    batch = collect(chips, requests, 0, 4)[0]
    assert np.array_equal(batch.road[3].numpy(), label[16:, 16:])
    valid = label[16:, 16:] != 255
    assert np.array_equal(batch.images[3].numpy()[:, valid], image[:, 16:, 16:][:, valid])


def test_chips_with_other_bands_and_values_that_are_no_numbers(chips, tmp_path):
    with pytest.raises(EngineError, match=r"has 2 band\(s\), the others 3"):
        ChipReader(chips, 3).read(0)
    pixels = np.ones((2, 48, 48), np.float32)
    pixels[1, 20, 20] = np.nan
    write_raster(chips[0].image, pixels)
    batch = collect(chips, validation_requests(ChipReader(chips, 2), [0], 48)[:1], 0)[0]
    assert torch.isfinite(batch.images).all()
