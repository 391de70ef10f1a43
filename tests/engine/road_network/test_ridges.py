"""Gaps that begin and end along roads, so that no dead end looks for the other side."""

from __future__ import annotations

import numpy as np
import pytest
from roadsmith.engine.raster.grid import Window
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.road_network import evidence_ridges
from roadsmith.engine.road_network.evidence_ridges import evidence_ridges as ridges

from . import drawn_masks as masks
from .test_gaps import NOTHING, ROAD, TRACE, closed, consistent, degrees, road, shares

#: Two streets 60 m apart that the raster's edge cuts off, and one from the one to the other.
STREETS = road((-20, 60), (140, 60)) | road((-20, 120), (140, 120))
BETWEEN = road((60, 64.5), (60, 115.5), 8.0) & ~STREETS
HIDDEN = BETWEEN & (np.arange(200) > 75) & (np.arange(200) < 105)


def test_a_street_hidden_from_junction_to_junction_is_found(tmp_path):
    """Stubs of 11 m on both sides are no longer than hairs; here they are hidden as well."""
    pixels = shares(STREETS | BETWEEN, BETWEEN)
    pixels[:, 75:105] = np.minimum(pixels[:, 75:105], TRACE)
    graph, gaps = closed(tmp_path, pixels, max_gap=60.0)
    assert (gaps.closed, degrees(graph)) == (1, [1, 1, 1, 1, 3, 3])
    consistent(graph)
    (bridge,) = [path for path in graph.paths if graph.skeleton.bridged[path[len(path) // 2]]]
    assert np.abs(graph.skeleton.rows[bridge] - 60).max() <= 2
    assert sorted(graph.skeleton.columns[bridge[[0, -1]]].tolist()) == pytest.approx([60, 120], abs=1)
    assert graph.skeleton.radius[bridge] == pytest.approx(5.0, abs=0.6)


@pytest.mark.parametrize("trace", [NOTHING, np.float32(0.14)])
def test_not_without_evidence(tmp_path, trace):
    graph, gaps = closed(tmp_path, shares(STREETS | BETWEEN, BETWEEN, trace), max_gap=60.0)
    assert (gaps.closed, degrees(graph)) == (0, [1, 1, 1, 1])


def test_a_trace_that_breaks_off_leads_nowhere(tmp_path):
    pixels = shares(STREETS | BETWEEN, BETWEEN)
    pixels[:, 84:96] = NOTHING
    _, gaps = closed(tmp_path, pixels, max_gap=60.0)
    assert gaps.closed == 0


def test_not_further_than_the_widest_gap(tmp_path):
    _, gaps = closed(tmp_path, shares(STREETS | BETWEEN, BETWEEN), max_gap=30.0)
    assert gaps.closed == 0


def test_a_dim_median_joins_no_carriageways(tmp_path):
    """A strip 30 m long between roads 8 m apart is no road across."""
    roads = road((52, -20), (52, 220)) | road((68, -20), (68, 220))
    pixels = np.where(roads, ROAD, NOTHING)
    pixels[52:68, 80:110] = np.maximum(pixels[52:68, 80:110], TRACE)
    graph, gaps = closed(tmp_path, pixels)
    assert (gaps.closed, degrees(graph)) == (0, [1, 1, 1, 1])


def test_a_trace_beside_a_corner_is_no_shortcut(tmp_path):
    """Between the legs of a corner the network leads round in a few metres more."""
    roads = road((60, -20), (60, 100)) | road((60, 100), (140, 100))
    pixels = np.where(roads, ROAD, NOTHING)
    rows, columns = np.indices(roads.shape)
    pixels[(np.abs(rows - columns + 26) < 4) & ~roads & (rows > 60) & (columns < 100)] = TRACE
    _, gaps = closed(tmp_path, pixels)
    assert gaps.closed == 0


def test_an_erased_crossing_is_found_whole(tmp_path):
    """The trace touches roads at four places, which all come together again."""
    roads = road((60, -20), (60, 220)) | road((-20, 100), (140, 100))
    hidden = (np.abs(np.arange(200) - 100) < 9)[None] & (np.abs(np.arange(120) - 60) < 9)[:, None]
    graph, _ = closed(tmp_path, shares(roads, hidden))
    assert (graph.components() == graph.components()[0]).all()
    assert (graph.degrees == 1).sum() == 4


def test_the_blocks_leave_no_mark(monkeypatch):
    pixels = np.rint(shares(STREETS | BETWEEN, BETWEEN) * 254).astype(np.uint8)
    raster = masks.in_memory(pixels, kind="probability", low=0.3)

    def found():
        pairs, widths = ridges(raster, (1.0, 1.0), 60.0, 0.15, Reporter())
        return np.column_stack([pairs, widths]).tolist()

    whole = found()
    assert len(whole) == 1
    assert raster.read(Window(60, 90, 1, 1))[0].item() is False
    for size in (16, 33, 90):
        monkeypatch.setattr(evidence_ridges, "_BLOCK", size)
        assert found() == whole
