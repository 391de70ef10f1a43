"""Makes training data and test tiles of Massachusetts Roads (Mnih 2013), as far as they are at hand.

    python benchmarks/accuracy/massachusetts.py SOURCE TARGET

``SOURCE`` holds ``train_crops_512`` (``NNN.png``, ``NNN_mask.png``) and ``tiles_1500`` (``images/N.jpg``, ``labels/N.jpg``), 1 m
a pixel. ``TARGET`` gets ``train`` (the crops, and chips of tiles 1 to 5), ``validation`` (chips of tile 6), ``tuning``
(tile 6 whole, as GeoTIFF) and ``test`` (tiles 8 and 9, likewise). Land outside the flight is white in the images: there the
labels say "unknown" (255). Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning
from skimage.measure import label as connected

CHIP = 512
TRAINING_TILES, VALIDATION_TILES = (1, 2, 3, 4, 5), (6,)
#: Folder of whole tiles: thresholds of networks are chosen on the first, and nothing at all on the second.
WHOLE_TILES = {"tuning": VALIDATION_TILES, "test": (8, 9)}
#: All bands from here on are white; JPEG blurs its rim.
WHITE = 250
#: Fewer white pixels in one piece are a roof.
SMALLEST_VOID = 2000
UNKNOWN = 255
CRS = "EPSG:26986"


def read_pair(image: Path, mask: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return image uint8 (3, H, W) and label uint8 (H, W): 0, 1, or 255 where the image is white."""
    with rasterio.open(image) as file:
        pixels = file.read([1, 2, 3])
    with rasterio.open(mask) as file:
        road = (file.read(1) > 127).astype(np.uint8)
    pieces = connected((pixels >= WHITE).all(axis=0), connectivity=1)
    void = (np.bincount(pieces.ravel()) >= SMALLEST_VOID)[pieces] & (pieces > 0)
    road[void] = UNKNOWN
    return pixels, road


def write(path: Path, pixels: np.ndarray, place: Affine, nodata: int | None = None) -> None:
    """Write (bands, H, W) as GeoTIFF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    bands, height, width = pixels.shape
    with rasterio.open(
        path, "w", driver="GTiff", count=bands, height=height, width=width, dtype="uint8", crs=CRS, transform=place,
        nodata=nodata, compress="deflate",
    ) as file:
        file.write(pixels)


class ChipFolder:
    """Gathers chips as ArcGIS lays them out, side by side from ``north`` on: no two overlap on the ground."""

    def __init__(self, folder: Path, north: float) -> None:
        self._folder, self._north = folder, north
        self._names: list[str] = []

    def add(self, pixels: np.ndarray, road: np.ndarray) -> None:
        """Write one chip, unless no pixel of it is known."""
        if (road == UNKNOWN).all():
            return
        name = f"{len(self._names):04d}.tif"
        place = Affine(1, 0, 1000.0 * len(self._names), 0, -1, self._north)
        write(self._folder / "images" / name, pixels, place)
        write(self._folder / "labels" / name, road[None], place, UNKNOWN)
        self._names.append(name)

    def close(self) -> None:
        """Write the list of chips."""
        lines = [f"images\\{name}  labels\\{name}\n" for name in self._names]
        (self._folder / "map.txt").write_text("".join(lines), encoding="utf-8")
        print(f"{self._folder}: {len(lines)} chips")


def chips_of(pixels: np.ndarray, road: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut a tile into nine chips that cover it, sharing as little as possible."""
    starts = np.linspace(0, road.shape[0] - CHIP, 3).astype(int)
    cuts = [(slice(row, row + CHIP), slice(column, column + CHIP)) for row in starts for column in starts]
    return [(pixels[:, rows, columns], road[rows, columns]) for rows, columns in cuts]


def main() -> None:
    """Write the folders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)
    tiles = options.source / "tiles_1500"

    def tile(number: int) -> tuple[np.ndarray, np.ndarray]:
        mask = next(iter(sorted((tiles / "labels").glob(f"{number}.*"))))
        return read_pair(tiles / "images" / f"{number}.jpg", mask)

    training = ChipFolder(options.target / "train", 900_000)
    for mask in sorted((options.source / "train_crops_512").glob("*_mask.png")):
        training.add(*read_pair(mask.with_name(mask.name.replace("_mask", "")), mask))
    for number in TRAINING_TILES:
        for chip in chips_of(*tile(number)):
            training.add(*chip)
    training.close()
    validation = ChipFolder(options.target / "validation", 800_000)
    for number in VALIDATION_TILES:
        for chip in chips_of(*tile(number)):
            validation.add(*chip)
    validation.close()
    for folder, numbers in WHOLE_TILES.items():
        for number in numbers:
            pixels, road = tile(number)
            place = Affine(1, 0, 100_000 + 2000.0 * number, 0, -1, 900_000)
            write(options.target / folder / f"{number}.tif", pixels, place)
            write(options.target / folder / f"{number}_truth.tif", road[None], place, UNKNOWN)


if __name__ == "__main__":
    main()
