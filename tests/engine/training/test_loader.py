import re
import threading

import numpy as np
import pytest
import torch
from roadsmith.engine.chips.augmentation_settings import DEFAULT, NONE
from roadsmith.engine.chips.reading.folder import Chip
from roadsmith.engine.errors import EngineError
from roadsmith.engine.training.data import ChipReader
from roadsmith.engine.training.loader import BatchLoader, Request, epoch_requests, validation_requests
from roadsmith.engine.training.targets import TargetSettings, make_targets

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


THREE_SCALES = TargetSettings(scales=3)


def collect(chips, requests, threads, batch_size=2, augmentation=DEFAULT, targets=THREE_SCALES):
    loader = BatchLoader(ChipReader(chips, 2), 32, targets, [7.0, 9.0], threads, augmentation)
    batches = list(loader.batches(requests, batch_size))
    loader.close()
    return batches


def test_threads_change_nothing(chips):
    requests = epoch_requests(range(7), 5, 1)
    alone, together = collect(chips, requests, 0), collect(chips, requests, 3)
    assert len(alone) == len(together) == 4
    for one, two in zip(alone, together):
        assert torch.equal(one.images, two.images) and len(one.targets.road) == len(one.targets.orientation) == 3
        for kind, same_kind in zip(one.targets, two.targets):
            assert all(torch.equal(scale, same_scale) for scale, same_scale in zip(kind, same_kind))


def test_epochs_differ_and_repeat():
    first, again, second = (epoch_requests(range(9), 5, epoch) for epoch in (1, 1, 2))
    assert first == again != second and sorted(each.chip for each in second) == list(range(9))


def test_a_chip_named_twice_comes_as_two_variants(chips):
    requests = epoch_requests([0, 0, 3], 5, 1)
    first = {request.chip: request for request in reversed(requests)}
    assert first[0].seed == (5, 1, 0) and first[3].seed == (5, 1, 3)  # what each has where it is named once
    batch = collect(chips, [request for request in requests if request.chip == 0], 0)[0]
    assert not torch.equal(batch.images[0], batch.images[1])
    assert epoch_requests([0, 0, 3], 5, 1) == requests != epoch_requests([0, 0, 3], 5, 2)


@pytest.mark.parametrize("augmentation", [DEFAULT, NONE])
def test_batches_have_the_promised_shapes_and_ignored_pixels_are_filled(chips, augmentation):
    for batch in collect(chips, epoch_requests(range(7), 0, 1), 1, 7, augmentation):
        assert batch.images.shape == (7, 2, 32, 32) and batch.images.dtype == torch.float32
        assert batch.road.shape == (7, 32, 32) and batch.road.dtype == torch.uint8
        for scale, (road, orientation) in enumerate(zip(*batch.targets)):
            assert road.shape == orientation.shape == (7, 32 >> scale, 32 >> scale)
            assert road.dtype == torch.uint8 and orientation.dtype == torch.int64
            assert torch.equal(orientation == -1, road == 255)
        ignored = batch.road == 255
        assert ignored.any()
        assert (batch.images[:, 0][ignored] == 7).all() and (batch.images[:, 1][ignored] == 9).all()


def test_targets_are_made_after_the_chip_was_varied(chips):
    for batch in collect(chips, epoch_requests(range(6), 3, 1), 0, 3):
        for number in range(3):
            expected = make_targets(batch.road[number].numpy(), THREE_SCALES)
            for kind, truth in zip(batch.targets, expected):
                assert all(np.array_equal(scale[number], own) for scale, own in zip(kind, truth))


def test_networks_without_orientation_get_none(chips):
    batch = collect(chips, epoch_requests(range(7), 0, 1), 1, 7, targets=TargetSettings(orientation=False))[0]
    assert batch.targets.orientation == () and len(batch.targets.road) == 1


def test_parts_of_a_batch_have_all_their_targets(chips):
    batch = collect(chips, epoch_requests(range(7), 0, 1), 0, 7)[0]
    part = batch.part(2, 5).to(torch.device("cpu"))
    assert torch.equal(part.images, batch.images[2:5]) and torch.equal(part.targets.road[1], batch.targets.road[1][2:5])
    assert torch.equal(part.targets.orientation[2], batch.targets.orientation[2][2:5]) and len(batch.part(5, 99).images) == 2


def test_what_is_read_stays_as_it_is(chips):
    reader = ChipReader(chips, 2)
    before = [tuple(each.copy() for each in reader.read(chip)) for chip in range(7)]
    loader = BatchLoader(reader, 32, TargetSettings(), [7.0, 9.0], 2, DEFAULT)
    list(loader.batches([*epoch_requests(range(7), 0, 1), *validation_requests(reader, range(7), 32)], 4))
    loader.close()
    for chip, (image, label) in enumerate(before):
        assert np.array_equal(reader.read(chip)[0], image) and np.array_equal(reader.read(chip)[1], label)


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


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_a_chip_that_cannot_be_read_is_reported_in_its_place(chips, threads):
    chips[4].image.write_bytes(b"no image")
    loader = BatchLoader(ChipReader(chips, 2), 32, TargetSettings(), [7.0, 9.0], threads)
    batches = loader.batches([Request(chip) for chip in range(6)], 2)
    assert len(next(batches).images) == len(next(batches).images) == 2
    with pytest.raises(EngineError, match=re.escape(str(chips[4].image))):
        next(batches)
    loader.close()


@pytest.mark.parametrize("threads", [1, 3])
def test_stopping_early_leaves_no_thread(chips, threads):
    before = threading.active_count()
    loader = BatchLoader(ChipReader(chips, 2), 32, TargetSettings(), [7.0, 9.0], threads, DEFAULT)
    batches = loader.batches([Request(chip % 6) for chip in range(60)], 4)
    next(batches)
    batches.close()
    assert len(list(loader.batches([Request(0)], 1))) == 1  # the loader itself goes on
    loader.close()
    assert threading.active_count() == before
