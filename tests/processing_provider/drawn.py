"""Drawn imagery of which every pixel is known, roads on it, and a look into the chips that are cut of it.

The imagery is 256 × 256 pixels of 1 m in UTM: band 1 holds the column, band 2 the row, band 3 is 7, band 4 is 200. Chips of
64 pixels without overlap make a lattice of 4 × 4.
"""

from collections import Counter
from pathlib import Path

from osgeo import gdal, osr

from .samples import memory_layer, run

WEST, NORTH, SIDE, TILE = 300_000, 6_230_000, 256, 64
CRS = "EPSG:32734"
#: Fields of ROADS, and roads of three kinds: rows for ``lines``.
KINDS = "&field=kind:integer&field=name:string(20)&field=wide:string(20)"
ROADS = [(32, 0, SIDE, 1, "primary", "6 m"), (96, 0, SIDE, 2, "street", None), (160, 0, SIDE, 3, "track", None)]
ROW, COLUMN = [bytes([row] * SIDE) for row in range(SIDE)], bytes(range(SIDE))


def write_raster(path, bands, kind=gdal.GDT_Byte, cell=1.0, nodata=None):
    """Write bands, each a string of pixels, over the whole area."""
    side = int(SIDE / cell)
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), side, side, len(bands), kind)
    dataset.SetGeoTransform((WEST, cell, 0, NORTH, 0, -cell))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32734)
    dataset.SetProjection(reference.ExportToWkt())
    for number, band in enumerate(bands, 1):
        if nodata is not None:  # first: newer GDALs fill blocks of zeros with it at the end
            dataset.GetRasterBand(number).SetNoDataValue(nodata)
        dataset.GetRasterBand(number).WriteRaster(0, 0, side, side, band)
    return str(path)


def drawn(folder):
    """Write the imagery; return its path."""
    return write_raster(folder / "drawn.tif", [COLUMN * SIDE, b"".join(ROW), bytes([7]) * SIDE**2, bytes([200]) * SIDE**2])


class Exporter:
    """Runs exports of the drawn imagery into folders of their own."""

    def __init__(self, folder, feedback):
        self.folder, self.feedback, self.count = folder, feedback, 0
        self.imagery = drawn(folder)

    def __call__(self, labels=None, **options):
        """Return the folder. ``labels`` is a layer; one road all along row 32 if it is left out."""
        self.count += 1
        parameters = {
            "INPUT": self.imagery, "LABELS": lines([(32, 0, SIDE)]) if labels is None else labels, "ROAD_WIDTH": 4,
            "TILE_SIZE": TILE, "STRIDE": TILE, "WORKERS": 1, "NO_FEATURE_TILES": "ALL_TILES",
            "OUTPUT": str(self.folder / f"data{self.count}"), **options,
        }
        result = run("exporttrainingdata", parameters, self.feedback)
        assert result["TILE_COUNT"] == len(chips(result["OUTPUT"]))
        return result["OUTPUT"]


def lines(rows, fields=""):
    """Horizontal lines: the row of pixels above which each lies, its first and last column, its attributes."""
    return memory_layer("LineString", [
        (f"LineString ({WEST + first} {NORTH - row}, {WEST + last} {NORTH - row})", *attributes)
        for row, first, last, *attributes in rows
    ], CRS, fields)


def square(left, top, right, bottom):
    """A polygon, in pixels."""
    x, y = (WEST + left, WEST + right), (NORTH - top, NORTH - bottom)
    ring = f"{x[0]} {y[0]}, {x[1]} {y[0]}, {x[1]} {y[1]}, {x[0]} {y[1]}, {x[0]} {y[0]}"
    return memory_layer("Polygon", [(f"Polygon (({ring}))",)], CRS)


def chips(folder):
    """Return (image, label) of every chip, as paths, in the order they were written."""
    names = [line.split() for line in (Path(folder) / "map.txt").read_text().splitlines()]
    return [(Path(folder) / image.replace("\\", "/"), Path(folder) / label.replace("\\", "/")) for image, label in names]


def pixels(path, band=1):
    dataset = gdal.Open(str(path))  # a band does not keep its file open
    return dataset.GetRasterBand(band).ReadRaster()


def label_pixels(folder):
    """Return how many pixels each label value has, background left out."""
    counts = Counter()
    for _, label in chips(folder):
        counts.update(pixels(label))
    del counts[0]
    return dict(counts)


def corners(folder):
    """Return the column and row of every chip in the lattice."""
    transforms = [gdal.Open(str(image)).GetGeoTransform() for image, _ in chips(folder)]
    return sorted(((each[0] - WEST) / TILE, (NORTH - each[3]) / TILE) for each in transforms)


def everything(folder):
    """Return the pixels of all chips."""
    return [(gdal.Open(str(image)).ReadRaster(), pixels(label)) for image, label in chips(folder)]
