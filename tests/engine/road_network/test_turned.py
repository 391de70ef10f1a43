"""A mask turned or mirrored gives the network turned or mirrored."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely

from .networks import drawn_roads, extract, furthest, ray

SHAPE = (160, 140)
TURNS = [turn for turn in itertools.product(range(4), (False, True)) if turn != (0, False)]


def turned(mask, quarters, mirrored):
    mask = np.rot90(mask, quarters)
    return mask[:, ::-1] if mirrored else mask


def turned_back(points, quarters, mirrored):
    """Places (x, y) in a turned mask as those in the mask it was."""
    x, y = np.asarray(points).T
    width, height = SHAPE[::-1] if quarters % 2 == 0 else SHAPE
    if mirrored:
        x = width - x
    for _ in range(quarters):  # against a turn to the left
        x, y = height - y, x
        width, height = height, width
    return np.column_stack([x, y])


def through(degrees, at=(70.0, 80.0)):
    return [ray(degrees + 180, start=at), ray(degrees, start=at)]


def arm(degrees, at=(70.0, 80.0)):
    return [at, ray(degrees, start=at)]


NETWORKS = {
    "cross": ([through(10), through(80)], 7),
    "T": ([through(17), arm(107)], 8),
    "X": ([through(27), through(67)], 8),
    "Y": ([arm(20), arm(140), arm(260)], 8),
    "grid": ([through(12, (40, 50)), through(12, (100, 110)), through(102, (40, 50)), through(102, (100, 110))], 7),
}


@pytest.mark.parametrize(("quarters", "mirrored"), TURNS)
@pytest.mark.parametrize("name", NETWORKS)
def test_turned_networks(name, quarters, mirrored):
    """Junctions to within 0.6 pixels, lines to 0.75: the skeleton itself keeps only that close."""
    mask = drawn_roads(SHAPE, *NETWORKS[name])
    straight, other = extract(mask), extract(turned(mask, quarters, mirrored))
    assert other.degrees == straight.degrees
    assert len(other.lines) == len(straight.lines)
    junctions = turned_back(other.junctions, quarters, mirrored)
    apart = np.hypot(*(junctions[:, None] - straight.junctions).transpose(2, 0, 1))
    assert apart.min(axis=0).max() < 0.75
    lines = [shapely.transform(line, lambda points: turned_back(points, quarters, mirrored)) for line in other.lines]
    assert max(furthest(lines, list(straight.lines)), furthest(straight.lines, lines)) < 0.75


@pytest.mark.parametrize(("quarters", "mirrored"), TURNS)
def test_turned_dead_ends(quarters, mirrored):
    """A dead end lies on the same line; how far along it thinning goes is a matter of a pixel or two."""
    mask = drawn_roads(SHAPE, [[(30, 40), (110, 90)]], 7)
    straight, other = extract(mask), extract(turned(mask, quarters, mirrored))
    (line,) = (shapely.transform(line, lambda points: turned_back(points, quarters, mirrored)) for line in other.lines)
    first, last = shapely.get_coordinates(straight.lines[0])[[0, -1]]
    longer = np.array([2 * first - last, 2 * last - first])
    assert furthest([line], [longer]) < 0.5
    assert shapely.hausdorff_distance(line, straight.lines[0]) < 2
