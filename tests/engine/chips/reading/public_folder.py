"""Makes folders of images and masks as public data sets ship them, from the sample imagery."""

from __future__ import annotations

import numpy as np
import rasterio

from .arcgis_folder import sample_chips

DRIVERS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "GTiff", ".TIF": "GTiff", ".tiff": "GTiff"}


def save(path, pixels, **options):
    """Write (bands, height, width) without georeference; GDAL copies into PNG and JPEG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.asarray(pixels)
    with rasterio.open(
        path, "w", driver=DRIVERS[path.suffix], count=len(pixels), dtype=pixels.dtype, height=pixels.shape[1],
        width=pixels.shape[2], **options,
    ) as file:
        file.write(pixels)
    return path


def save_palette(path, values, colours):
    """Write (height, width) numbers with a colour table."""
    with rasterio.open(
        path, "w", driver="GTiff", count=1, dtype="uint8", height=values.shape[0], width=values.shape[1]
    ) as file:
        file.write(values[None])
        file.write_colormap(1, colours)


def build(folder, pattern_image, pattern_mask, count=3, size=64):
    """Write cuts of the sample tile as ``pattern % number``; return images and roads."""
    chips = [(image, road) for image, road, *_ in sample_chips(size, count)]
    for number, (image, road) in enumerate(chips):
        save(folder / (pattern_image % number), image)
        save(folder / (pattern_mask % number), road[None] * np.uint8(255))
    return chips
