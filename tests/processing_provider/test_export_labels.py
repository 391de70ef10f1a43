"""The parameters about labels and about where chips are cut, end to end on drawn imagery with known answers."""

import json
from pathlib import Path

import pytest

from .drawn import CRS, KINDS, NORTH, ROADS, SIDE, WEST, Exporter, chips, corners, label_pixels, lines, square, write_raster

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def export(tmp_path, feedback):
    return Exporter(tmp_path, feedback)


def test_road_width(export):
    assert label_pixels(export(ROAD_WIDTH=6)) == {1: 6 * SIDE}


def test_width_field(export):
    """"6 m" is 6; lines without a width take the width for all."""
    assert label_pixels(export(lines(ROADS, KINDS), WIDTH_FIELD="wide")) == {1: (6 + 4 + 4) * SIDE}


def test_class_field_of_numbers_and_of_names(export):
    assert label_pixels(export(lines(ROADS, KINDS), CLASS_FIELD="kind")) == {1: 4 * SIDE, 2: 4 * SIDE, 3: 4 * SIDE}
    folder = export(lines(ROADS[:2], KINDS), CLASS_FIELD="name")
    assert label_pixels(folder) == {1: 4 * SIDE, 2: 4 * SIDE}
    definition = json.loads((Path(folder) / "esri_model_definition.emd").read_text())
    assert [(each["Value"], each["Name"]) for each in definition["Classes"]] == [(1, "primary"), (2, "street")]


@pytest.mark.parametrize("widths", [["1", "8", "2", "10", "3", "0", "", ""], "1=8,2=10,3=0"])
def test_widths_of_classes(export, widths):
    """From the dialog's table and from a shell; a class of width 0 is left out."""
    labels = lines(ROADS, KINDS)
    assert label_pixels(export(labels, CLASS_FIELD="kind", CLASS_WIDTHS=widths)) == {1: 8 * SIDE, 2: 10 * SIDE}


def test_width_field_goes_before_the_widths_of_classes(export):
    labels = lines(ROADS, KINDS)
    counts = label_pixels(export(labels, CLASS_FIELD="name", WIDTH_FIELD="wide", CLASS_WIDTHS="primary=20,street=10,track=2"))
    assert counts == {1: 6 * SIDE, 2: 10 * SIDE, 3: 2 * SIDE}


def test_label_raster_and_its_band(export, tmp_path):
    """Cells of 2 m: 32 × 32 of them are 64 × 64 pixels. 0 is background."""
    half = SIDE // 2
    first, second = bytes(half**2), bytearray(half**2)
    for row in range(32):
        second[row * half:row * half + 32] = bytes([5]) * 32
    labels = write_raster(tmp_path / "labels.tif", [first, bytes(second)], cell=2.0)
    assert label_pixels(export(LABELS=None, LABEL_RASTER=labels, LABEL_BAND=2)) == {5: 64 * 64}


def test_mask_and_its_mode(export):
    """The mask ends at column 100: the second column of chips, 64 to 128, has its centre inside."""
    mask = square(0, 0, 100, SIDE)
    assert {column for column, _ in corners(export(MASK=mask))} == {0}
    assert {column for column, _ in corners(export(MASK=mask, MASK_MODE="CENTRE"))} == {0, 1}


def test_extent_and_cell_size(export):
    extent = f"{WEST + 64},{WEST + 256},{NORTH - 192},{NORTH} [{CRS}]"
    assert corners(export(EXTENT=extent)) == [(column, row) for column in (1, 2, 3) for row in (0, 1, 2)]
    assert len(chips(export(CELL_SIZE=2))) == 4


def test_min_overlap(export):
    """48 of 64 columns of the area lie in the first chip, 16 in the second."""
    area = square(16, 10, 80, 20)
    assert label_pixels(export(area)) == {1: 640}
    assert label_pixels(export(area, MIN_OVERLAP=0.5)) == {1: 480}
