"""Training data folders made to measure: drawn roads, known shifts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

from ...conftest import UTM

ORIGIN = Affine(2, 0, 500000, 0, -2, 5000000)  # 2 m cells


def shifted(label, right, down):
    """Move a label (height, width); what it leaves is unknown (255)."""
    moved = np.full_like(label, 255)
    height, width = label.shape
    moved[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)] = label[
        max(0, -down) : height + min(0, -down), max(0, -right) : width + min(0, -right)
    ]
    return moved


def town(size=256, directions="both", seed=0, width=8):
    """Return image (3, size, size) uint8 with bright and dark roads on noisy ground, and their label (size, size)."""
    generator = np.random.default_rng(seed)
    image = generator.normal(110, 12, (3, size, size))
    label = np.zeros((size, size), np.uint8)
    for start in range(30, size - 30, 64):
        for along in ("rows", "columns") if directions == "both" else (directions,):
            place = slice(start, start + width), slice(None)
            place = place if along == "rows" else place[::-1]
            image[(slice(None), *place)] += 50 if start % 128 < 64 else -50
            label[place] = 1
    return np.clip(image, 0, 255).astype(np.uint8), label


def write_folder(folder, chips, georeferenced=True, transforms=None):
    """Write (image, label) pairs as ``map.txt``, ``images`` and ``labels``; 2 m cells side by side from west to east."""
    folder = Path(folder)
    lines = []
    for number, (image, label) in enumerate(chips):
        transform = ORIGIN * Affine.translation(number * label.shape[1], 0) if transforms is None else transforms[number]
        place = {"crs": UTM, "transform": transform} if georeferenced else {}
        for kind, pixels in (("images", image), ("labels", label[None])):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            options = {"nodata": 255} if kind == "labels" else {}
            with rasterio.open(
                folder / kind / f"{number:09d}.tif", "w", driver="GTiff", count=len(pixels), height=pixels.shape[1],
                width=pixels.shape[2], dtype=pixels.dtype, **place, **options,
            ) as file:
                file.write(pixels)
        lines.append(f"images\\{number:09d}.tif  labels\\{number:09d}.tif\n")
    (folder / "map.txt").write_text("".join(lines))
    return folder
