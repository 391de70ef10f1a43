"""Small real inputs for the Processing tests, cut from the sample with QGIS's own tools, and ways to run an algorithm."""

from __future__ import annotations

import math
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsFeature, QgsGeometry, QgsProcessingContext, QgsProject, QgsRasterLayer, QgsVectorLayer

SAMPLES = Path(__file__).resolve().parents[2] / "examples" / "data"
ORTHOPHOTO = SAMPLES / "swellendam_orthophoto.tif"
ROADS = str(SAMPLES / "swellendam_roads.fgb")
#: A corner of the town with a dozen streets: about 460 × 550 m.
TOWN = "20.5215,20.5263,-34.0505,-34.0455 [EPSG:4326]"

EXPORT = {
    "INPUT": str(ORTHOPHOTO), "LABELS": ROADS, "ROAD_WIDTH": 10, "CELL_SIZE": 2.5, "TILE_SIZE": 64, "STRIDE": 32, "EXTENT": TOWN,
}
TRAIN = {
    "BACKBONE": "resnet18", "EPOCHS": 1, "BATCH_SIZE": 4, "LEARNING_RATE": 0.001, "DEVICE": "cpu", "VALIDATION_PERCENT": 20,
}


def run(name, parameters, feedback, context=None):
    """Run an algorithm as the console does, on this thread; return its results."""
    import processing

    context = context or QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return processing.run(f"roadsmith:{name}", parameters, feedback=feedback, context=context)


def raster_layer(path=ORTHOPHOTO):
    layer = QgsRasterLayer(str(path), "imagery")
    assert layer.isValid()
    return layer


def road_layer():
    layer = QgsVectorLayer(ROADS, "roads", "ogr")
    assert layer.isValid()
    return layer


def memory_layer(kind, rows, crs="EPSG:4326", fields=""):
    """A layer that exists nowhere but in QGIS: a row is a geometry as text and its attributes."""
    layer = QgsVectorLayer(f"{kind}?crs={crs}{fields}", "drawn", "memory")
    for text, *attributes in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(text))
        feature.setAttributes(attributes)
        assert layer.dataProvider().addFeature(feature)
    return layer


def town_raster(folder):
    """A corner of the sample, 190 × 210 pixels, as a file of its own."""
    target = folder / "town.tif"
    gdal.Translate(str(target), str(ORTHOPHOTO), srcWin=[900, 820, 190, 210], noData="none").FlushCache()
    return target


@dataclass(frozen=True)
class Pyramid:
    """Web map tiles on disk.

    ``picture`` holds the pixels of the deepest level, whose upper left corner is ``west``, ``north`` in Web Mercator;
    ``cell`` is their width there, and a metre on the ground is ``1 / scale`` units of the map.
    """

    folder: Path
    picture: Path
    west: float
    north: float
    cell: float
    scale: float


def pyramid(folder, zoom=16):
    """Write 2 × 2 tiles of the deepest level and their parent, made of the sample as if it lay on the tiles' lattice."""
    half, tile = 20037508.342789244, 256
    cell = 2 * half / tile / 2**zoom
    column, row = 36504, 39360  # the upper left tile; both even, so that one parent holds all four
    west, north = -half + column * tile * cell, half - row * tile * cell
    picture, tiles = folder / "picture.tif", folder / "tiles"
    gdal.Translate(str(picture), str(ORTHOPHOTO), srcWin=[500, 500, 2 * tile, 2 * tile], noData="none", outputSRS="EPSG:3857",
                   outputBounds=[west, north, west + 2 * tile * cell, north - 2 * tile * cell]).FlushCache()
    cuts = [(zoom, column + x, row + y, [x * tile, y * tile, tile, tile]) for x in (0, 1) for y in (0, 1)]
    for level, tile_column, tile_row, window in [*cuts, (zoom - 1, column // 2, row // 2, [0, 0, 2 * tile, 2 * tile])]:
        target = tiles / str(level) / str(tile_column) / f"{tile_row}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        gdal.Translate(str(target), str(picture), format="PNG", srcWin=window, width=tile, height=tile).FlushCache()
    latitude = math.atan(math.sinh(north / half * math.pi))
    return Pyramid(tiles, picture, west, north, cell, math.cos(latitude))


def web_map(tiles, options=""):
    """The pyramid as an XYZ layer, whose deepest level is 16."""
    layer = QgsRasterLayer(f"type=xyz&url=file://{tiles.folder}/{{z}}/{{x}}/{{y}}.png&zmax=16&zmin=15{options}", "web map", "wms")
    assert layer.isValid()
    return layer


def chip_count(folder):
    return len((Path(folder) / "map.txt").read_text().splitlines())


def cancel_after(feedback, condition):
    """Cancel the feedback as soon as a message makes ``condition(text)`` true; ``feedback.cancelled_at`` says when."""
    feedback.cancelled_at = None

    def look(text):
        if feedback.cancelled_at is None and condition(text):
            feedback.cancelled_at = time.monotonic()
            feedback.cancel()

    feedback.on_text = look


def copy_of(path, target):
    return Path(shutil.copy(path, target))
