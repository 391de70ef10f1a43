"""The parameters about which chips are written, attribution, and parameters that contradict each other."""

import json
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException, QgsRasterLayer

from .drawn import KINDS, ROADS, SIDE, Exporter, chips, corners, label_pixels, lines, write_raster

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def export(tmp_path, feedback):
    return Exporter(tmp_path, feedback)


def test_chips_without_roads(export):
    """A road in the first of four rows of chips."""
    assert len(chips(export(NO_FEATURE_TILES="ONLY_TILES_WITH_FEATURES"))) == 4
    assert len(chips(export(NO_FEATURE_TILES="SHARE_OF_EMPTY_TILES", EMPTY_SHARE=0))) == 4
    assert len(chips(export(NO_FEATURE_TILES="SHARE_OF_EMPTY_TILES", EMPTY_SHARE=100))) == 16
    some = [corners(export(NO_FEATURE_TILES="SHARE_OF_EMPTY_TILES", EMPTY_SHARE=50)) for _ in range(2)]
    assert some[0] == some[1] and 4 < len(some[0]) < 16


def test_rotation_angle_repeats_every_chip(export):
    """Quarter turns of a square lie on the square: each of the 16 chips comes four times."""
    assert len(chips(export(ROTATION_ANGLE=90))) == 64


def test_chips_without_imagery(export, tmp_path):
    """40 of the first chip's 64 columns are nodata."""
    row = bytes([0] * 40 + [9] * (SIDE - 40))
    holes = write_raster(tmp_path / "holes.tif", [row * SIDE], nodata=0)
    assert len(chips(export(INPUT=holes))) == 12
    kept = export(INPUT=holes, MAX_NODATA=70)
    assert len(chips(kept)) == 16 and label_pixels(kept) == {255: 40 * SIDE, 1: 4 * (SIDE - 40)}
    background = export(INPUT=holes, MAX_NODATA=70, NODATA_LABEL="BACKGROUND")
    assert label_pixels(background) == {1: 4 * (SIDE - 40)}


def attribution(folder):
    return json.loads((Path(folder) / "roadsmith.json").read_text())["attribution"]


def test_attribution_is_given_or_taken_from_the_layers(export):
    raster, roads = QgsRasterLayer(export.imagery, "drawn"), lines([(32, 0, SIDE)])
    for layer, rights in ((raster, ["© Land survey, CC BY 4.0"]), (roads, ["© OpenStreetMap contributors"])):
        metadata = layer.metadata()
        metadata.setRights(rights)
        layer.setMetadata(metadata)
    assert attribution(export()) == ""
    assert attribution(export(roads, INPUT=raster)) == "© Land survey, CC BY 4.0; © OpenStreetMap contributors"
    assert attribution(export(roads, INPUT=raster, ATTRIBUTION="mine")) == "mine"


@pytest.mark.parametrize(("options", "sentence"), [
    ({"LABELS": None}, "There are no labels"),
    ({"LABEL_RASTER": "INPUT"}, "There are two kinds of labels"),
    ({"LABELS": None, "LABEL_RASTER": "INPUT", "CLASS_FIELD": "kind"}, "CLASS_FIELD names a field, but a label raster has none"),
    ({"CLASS_WIDTHS": "a=3"}, "The classes have widths, but no class field"),
    ({"CLASS_FIELD": "kind", "CLASS_WIDTHS": "1=wide"}, "The width of class '1' is 'wide'"),
    ({"CLASS_FIELD": "kind", "CLASS_WIDTHS": [1, 3, 1, 4]}, "Class '1' has two widths"),
    ({"CLASS_FIELD": "kind", "CLASS_WIDTHS": [1, 3, 2]}, "The width of class '2' is ''"),
    ({"CLASS_FIELD": "sort"}, "has no field 'sort'; it has: kind, name, wide"),
    ({"STRIDE": 65}, "The stride is larger than the tile size"),
    ({"STRETCH": "PERCENT", "STRETCH_LOW": 98, "STRETCH_HIGH": 2}, "The stretch goes from 98 to 2 percent"),
    ({"LABEL_BAND": 3, "LABELS": None, "LABEL_RASTER": "INPUT", "BANDS": [9]}, "(?i)band"),
])
def test_contradictions_are_one_sentence(export, options, sentence):
    options = {name: export.imagery if value == "INPUT" else value for name, value in options.items()}
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        export(lines(ROADS, KINDS), **options)
    assert "Traceback" not in str(caught.value)


def test_the_dialog_shows_the_most_used_first(provider):
    parameters = provider.algorithm("exporttrainingdata").parameterDefinitions()
    plain = [each.name() for each in parameters if not each.flags() & each.FlagAdvanced]
    assert plain == ["INPUT", "LABELS", "ROAD_WIDTH", "EXTENT", "CELL_SIZE", "TILE_SIZE", "STRIDE", "OUTPUT"]
    assert all(each.help() for each in parameters if each.name() != "OUTPUT")
