"""Eight chips of real imagery with their road masks, for networks to learn by heart."""

from pathlib import Path

import numpy as np
import rasterio
import torch
from roadsmith.models.losses import Targets

DATA = Path(__file__).resolve().parent.parent.parent / "examples" / "data"
SIDE = 64
#: Upper left corners (row, column) on the tile; roads cover a fifth of each chip, in several directions.
CORNERS = [(0, 448), (0, 960), (192, 960), (512, 1216), (576, 960), (576, 1408), (704, 640), (832, 1280)]
DIRECTIONS = 4


def real_chips():
    """Return normalised images (8, 3, 64, 64) and road labels (8, 64, 64) uint8."""
    with rasterio.open(DATA / "massachusetts_tile.jpg") as file:
        picture = file.read().astype(np.float32)
    with rasterio.open(DATA / "massachusetts_tile_mask.png") as file:
        mask = (file.read(1) > 127).astype(np.uint8)
    windows = [(slice(row, row + SIDE), slice(column, column + SIDE)) for row, column in CORNERS]
    images = torch.from_numpy(np.stack([picture[:, rows, columns] for rows, columns in windows]))
    images = (images - images.mean(dim=(0, 2, 3), keepdim=True)) / images.std(dim=(0, 2, 3), keepdim=True)
    return images, torch.from_numpy(np.stack([mask[rows, columns] for rows, columns in windows]))


def targets_of(road, with_orientation):
    """Targets at three scales; the direction is a made-up one for each chip, ``DIRECTIONS`` where there is no road."""
    direction = torch.where(road == 1, torch.arange(len(road))[:, None, None] % DIRECTIONS, DIRECTIONS)
    scaled = [tuple(each[:, :: 2**scale, :: 2**scale].contiguous() for scale in range(3)) for each in (road, direction)]
    return Targets(scaled[0], scaled[1] if with_orientation else ())


def dice(prediction, truth):
    return 2 * float((prediction & truth).sum()) / float(prediction.sum() + truth.sum())
