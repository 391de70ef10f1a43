"""A drawn town of which every street is known: four along and four across, 55 m apart, 5, 5, 14 and 3 m wide.

256 × 256 pixels of 1 m in UTM. All of it hangs together; one street can be given a weak part of 12 m between two crossings.
"""

from osgeo import gdal

from .drawn import NORTH, WEST, write_raster

SIDE = 256
#: Middle rows (and, turned, columns) of the streets and their widths in pixels.
STREETS = [(45, 5), (100, 5), (155, 14), (210, 3)]
#: Columns of the weak part of the street along row 100.
GAP = slice(66, 78)


def town(value=1, background=0, weak=None):
    """Return the pixels, row by row, streets being ``value``; the gap is ``weak`` if that is given."""
    rows = [bytearray([background]) * SIDE for _ in range(SIDE)]
    for middle, width in STREETS:
        first, last = middle - width // 2, middle - width // 2 + width
        for across in range(first, last):
            rows[across][10 : SIDE - 10] = bytes([value]) * (SIDE - 20)
            for row in rows[10 : SIDE - 10]:
                row[across] = value
    if weak is not None:
        for row in rows[95:106]:
            row[GAP] = bytes([weak if each == value else each for each in row[GAP]])
    return b"".join(bytes(row) for row in rows)


def write_town(path, value=1, background=0, weak=None, nodata=None):
    return write_raster(path, [town(value, background, weak)], gdal.GDT_Byte, nodata=nodata)


def write_probabilities(path, weak):
    """Write the town as Classify pixels does: streets are 252 of 254, but for the weak part; some noise in a corner."""
    noise = bytes(range(20))
    pixels = noise + town(252, weak=weak)[len(noise) :]
    return write_raster(path, [pixels], gdal.GDT_Byte, nodata=255)


def place(column, row):
    """Return the map coordinates of a pixel's middle."""
    return WEST + column + 0.5, NORTH - row - 0.5
