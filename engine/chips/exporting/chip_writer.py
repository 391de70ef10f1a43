"""Writing image and label chips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine

from ..classified_tiles import NODATA_LABEL

_FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    # level 1 takes a third of the time of GDAL's 6, and a tenth more space (aerial imagery, 512 px chips)
    "TIFF": (".tif", {"driver": "GTiff", "compress": "deflate", "zlevel": 1, "tfw": "YES"}),
    "PNG": (".png", {"driver": "PNG", "worldfile": "YES"}),
    "JPEG": (".jpg", {"driver": "JPEG", "worldfile": "YES", "quality": 95}),
}
IMAGE_FORMATS = tuple(_FORMATS)


class ChipWriter:
    """Writes chips into ``images`` and ``labels`` below ``folder``. Safe to use from threads.

    Args:
        image_format: TIFF, PNG or JPEG; labels are always TIFF, because a lossy label is no label.
        crs: WKT. ignores_nodata: whether 255 in a label is declared as its nodata.
    """

    def __init__(self, folder: Path, image_format: str, crs: str, ignores_nodata: bool) -> None:
        self._folder = folder
        self._suffix, self._image_options = _FORMATS[image_format]
        self._label_options = dict(_FORMATS["TIFF"][1])
        if ignores_nodata:
            self._label_options["nodata"] = NODATA_LABEL
        self._crs = rasterio.crs.CRS.from_wkt(crs)
        for kind in ("images", "labels"):
            (folder / kind).mkdir(parents=True, exist_ok=True)

    def write(self, stem: str, transform: Affine, image: np.ndarray, label: np.ndarray) -> tuple[str, str]:
        """Write one chip; return the names of its image and its label relative to the folder.

        Args:
            image: (bands, height, width). label: (height, width) uint8.
        """
        image_name, label_name = f"images/{stem}{self._suffix}", f"labels/{stem}.tif"
        self._write(self._folder / image_name, transform, image, self._image_options)
        self._write(self._folder / label_name, transform, label[None], self._label_options)
        return image_name, label_name

    def _write(self, path: Path, transform: Affine, pixels: np.ndarray, options: dict[str, Any]) -> None:
        if options["driver"] == "GTiff" and len(pixels) not in (1, 3):
            options = {**options, "photometric": "MINISBLACK", "alpha": "NO"}  # or GDAL takes a fourth band of 8 bits for alpha
        with rasterio.open(
            path, "w", count=len(pixels), dtype=pixels.dtype, height=pixels.shape[1], width=pixels.shape[2],
            transform=transform, crs=self._crs, **options,
        ) as file:
            file.write(pixels)
