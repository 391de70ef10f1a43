"""Raster layers as they reach the worker: a file stays the file, everything else is copied pixel by pixel."""

import http.server
import struct
import threading
import time

import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRectangle,
)

from .samples import ORTHOPHOTO, copy_of, pyramid, raster_layer, town_raster, web_map

pytestmark = pytest.mark.usefixtures("provider")


def path_of(layer, folder, feedback, extent=None, cell_metres=0.0):
    from roadsmith.processing_provider.raster_layers import raster_path, take_raster

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return raster_path(take_raster(layer), extent or QgsRectangle(), cell_metres, folder, context, feedback)


def pixels(path, bands=None):
    """Return the bands of a file as bytes."""
    dataset = gdal.Open(str(path))
    return [dataset.GetRasterBand(band).ReadRaster() for band in bands or range(1, dataset.RasterCount + 1)]


def test_a_file_stays_the_file(tmp_path, feedback):
    assert path_of(raster_layer(), tmp_path, feedback) == str(ORTHOPHOTO)
    assert not feedback.texts()


def test_tiles_are_copied_pixel_by_pixel(tmp_path, feedback):
    """Four tiles of the deepest level, each of one known pattern; an extent that cuts into all four."""
    tiles = pyramid(tmp_path)
    west, north, cell = tiles.west, tiles.north, tiles.cell
    extent = QgsRectangle(west + 100.3 * cell, north - 400.2 * cell, west + 410.9 * cell, north - 50.7 * cell)
    path = path_of(web_map(tiles), tmp_path, feedback, extent)
    copy, whole = gdal.Open(path), gdal.Open(str(tiles.picture))
    assert (copy.RasterXSize, copy.RasterYSize, copy.RasterCount) == (311, 351, 4)
    transform = copy.GetGeoTransform()
    assert (transform[0], transform[3]) == pytest.approx((west + 100 * cell, north - 50 * cell), abs=1e-6)
    assert transform[1] == pytest.approx(cell, rel=1e-12) and QgsRasterLayer(path).crs().authid() == "EPSG:3857"
    for band in (1, 2, 3):
        assert copy.GetRasterBand(band).ReadRaster() == whole.GetRasterBand(band).ReadRaster(100, 50, 311, 351)
    assert set(copy.GetRasterBand(4).ReadRaster()) == {255}
    assert copy.GetRasterBand(4).GetColorInterpretation() == gdal.GCI_AlphaBand
    assert "copying 311 × 351 pixels" in feedback.texts("info")[0]
    assert feedback.progress == sorted(feedback.progress)


def test_large_tiles_have_small_pixels(tmp_path, feedback):
    """``tilePixelRatio=2`` says that tiles have 512 pixels a side."""
    tiles = pyramid(tmp_path)
    extent = QgsRectangle(tiles.west, tiles.north - 10 * tiles.cell, tiles.west + 10 * tiles.cell, tiles.north)
    copy = gdal.Open(path_of(web_map(tiles, "&tilePixelRatio=2"), tmp_path, feedback, extent))
    assert (copy.RasterXSize, copy.RasterYSize) == (20, 20)


def test_a_cell_size_in_metres_is_one_on_the_ground(tmp_path, feedback):
    """Web Mercator stretches by 1/cos(latitude)."""
    tiles = pyramid(tmp_path)
    extent = QgsRectangle(tiles.west, tiles.north - 100 * tiles.cell, tiles.west + 100 * tiles.cell, tiles.north)
    copy = gdal.Open(path_of(web_map(tiles), tmp_path, feedback, extent, 4.0))
    assert copy.GetGeoTransform()[1] == pytest.approx(4.0 / tiles.scale, rel=0.005)


def test_a_world_of_tiles_is_refused_with_its_size(tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match=r"would be copied as 16777216 × 16777216 pixels: set an extent"):
        path_of(web_map(pyramid(tmp_path)), tmp_path, feedback)


def test_a_web_map_without_a_deepest_level_needs_a_cell_size(tmp_path, feedback):
    tiles = pyramid(tmp_path)
    layer = QgsRasterLayer(f"type=xyz&url=file://{tiles.folder}/{{z}}/{{x}}/{{y}}.png&zmin=0", "web map", "wms")
    with pytest.raises(QgsProcessingException, match="'web map' is a service without a resolution: set the cell size"):
        path_of(layer, tmp_path, feedback, QgsRectangle(tiles.west, tiles.north - 1000, tiles.west + 1000, tiles.north))


def test_an_extent_beside_the_layer(tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match="The extent lies outside the layer 'web map'"):
        path_of(web_map(pyramid(tmp_path)), tmp_path, feedback, QgsRectangle(3e7, 0, 3.1e7, 1e6))


def test_copying_is_cancelled_within_two_seconds(tmp_path, feedback):
    from roadsmith.processing_provider.bridge import JobCancelled

    tiles = pyramid(tmp_path)
    cancelled = []

    def cancel(progress):
        if progress > 5 and not cancelled:
            cancelled.append(time.monotonic())
            feedback.cancel()

    feedback.progressChanged.connect(cancel)
    extent = QgsRectangle(tiles.west, tiles.north - 512 * tiles.cell, tiles.west + 512 * tiles.cell, tiles.north)
    with pytest.raises(JobCancelled):
        path_of(web_map(tiles), tmp_path, feedback, extent, 0.05)
    waited = time.monotonic() - cancelled[0]
    print(f"stopped {waited:.2f} s after the cancel")
    assert waited < 4  # two seconds by contract, and some for a loaded machine


def test_a_raster_in_a_database_is_copied_pixel_by_pixel(postgis, tmp_path, feedback):
    town = town_raster(tmp_path)
    postgis.load_raster(town, "copied")
    layer = QgsRasterLayer(postgis.uri("copied", "rast"), "database", "postgresraster")
    path = path_of(layer, tmp_path, feedback)
    assert pixels(path) == pixels(town)
    assert gdal.Open(path).GetGeoTransform() == pytest.approx(gdal.Open(str(town)).GetGeoTransform(), abs=1e-12)


def test_a_nodata_value_the_user_set_is_honoured(tmp_path, feedback):
    """The file has none; the user says in the layer's properties that 90 to 97 is none."""
    town = town_raster(tmp_path)
    layer = raster_layer(town)
    for band in (1, 2, 3):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(90, 97)])
    path = path_of(layer, tmp_path, feedback)
    assert path != str(town)
    copy = gdal.Open(path)
    for band, before in zip((1, 2, 3), pixels(town)):
        nodata = int(copy.GetRasterBand(band).GetNoDataValue())
        after = struct.unpack(f"{len(before)}h", copy.GetRasterBand(band).ReadRaster(buf_type=gdal.GDT_Int16))
        assert {92, 96} <= set(before) and nodata not in set(before) - set(range(90, 98))
        assert list(after) == [nodata if 90 <= value <= 97 else value for value in before]


def test_a_nodata_value_the_user_switched_off(tmp_path, feedback):
    town = town_raster(tmp_path)
    dataset = gdal.Open(str(town), gdal.GA_Update)
    dataset.GetRasterBand(1).SetNoDataValue(90)
    del dataset
    layer = raster_layer(town)
    assert layer.dataProvider().sourceHasNoDataValue(1)
    for band in (1, 2, 3):
        layer.dataProvider().setUseSourceNoDataValue(band, False)
    with pytest.raises(QgsProcessingException, match="'imagery' is switched off"):
        path_of(layer, tmp_path, feedback)


def test_bands_with_different_nodata_values(tmp_path, feedback):
    layer = raster_layer(town_raster(tmp_path))
    for band in (1, 2, 3):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(band, band)])
    with pytest.raises(QgsProcessingException, match="The bands of 'imagery' have different nodata values"):
        path_of(layer, tmp_path, feedback)


def test_opening_options_of_a_layer_count(tmp_path, feedback):
    """A GeoTIFF opened at its overview."""
    town = town_raster(tmp_path)
    gdal.Open(str(town), gdal.GA_Update).BuildOverviews("NEAREST", [2])
    layer = QgsRasterLayer(f"{town}|option:OVERVIEW_LEVEL=0", "overview", "gdal")
    assert layer.isValid() and layer.width() == 95
    assert gdal.Open(path_of(layer, tmp_path, feedback)).RasterXSize == 95


def test_a_layer_without_coordinate_system(tmp_path, feedback):
    layer = raster_layer(copy_of(ORTHOPHOTO, tmp_path / "x.tif"))
    layer.setCrs(QgsCoordinateReferenceSystem())
    with pytest.raises(QgsProcessingException, match="'imagery' has no coordinate system"):
        path_of(layer, tmp_path, feedback)


@pytest.fixture
def server(tmp_path):
    """The pyramid behind a web server on this machine; ``server.refused`` holds paths it answers with an error."""
    tiles = pyramid(tmp_path)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(tiles.folder))

        def do_GET(self):
            if any(self.path.endswith(each) for each in self.server.refused):
                self.send_error(404)
            else:
                super().do_GET()

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.tiles, running.refused = tiles, []
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()


def served(server, ending=".png"):
    url = f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}{ending}"
    tiles = server.tiles
    extent = QgsRectangle(tiles.west, tiles.north - 512 * tiles.cell, tiles.west + 512 * tiles.cell, tiles.north)
    return QgsRasterLayer(f"type=xyz&url={url}&zmax=16&zmin=15", "served", "wms"), extent


def test_tiles_from_a_server(server, tmp_path, feedback):
    """Copied on a background thread, as the dialog does it."""
    from roadsmith.processing_provider.raster_layers import raster_path, take_raster

    layer, extent = served(server)
    taken, paths = take_raster(layer), []
    thread = threading.Thread(
        target=lambda: paths.append(raster_path(taken, extent, 0.0, tmp_path, QgsProcessingContext(), feedback))
    )
    thread.start()
    while thread.is_alive():
        QgsApplication.processEvents()
        time.sleep(0.01)
    assert pixels(paths[0], (1, 2, 3)) == pixels(server.tiles.picture)
    assert not feedback.texts("warning")


def test_tiles_a_server_does_not_send(server, tmp_path, feedback):
    """One of four; then all of them."""
    layer, extent = served(server)
    server.refused.append("/36504/39360.png")
    copy = gdal.Open(path_of(layer, tmp_path, feedback, extent))
    assert copy.GetRasterBand(4).ReadRaster(0, 0, 256, 256) == bytes(256**2)
    assert "25.0% of the copy of 'served' is empty" in feedback.texts("warning")[0]
    server.refused.append(".jpg")
    layer, extent = served(server, ".jpg")  # QGIS keeps the tiles it has seen, so ask for others
    with pytest.raises(QgsProcessingException, match="'served' gave nothing for this area"):
        path_of(layer, tmp_path, feedback, extent)
