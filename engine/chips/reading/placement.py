"""Where chips lie, without opening them if it can be helped: folder listings and world files."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from affine import Affine

from ...errors import EngineError
from .image_file import opened

Bounds = tuple[float, float, float, float]

_WORLD_FILE_SUFFIXES = (".tfw", ".pgw", ".jgw", ".wld", ".tifw", ".tiffw", ".jpgw", ".jpegw", ".pngw")
#: Formats that cannot say themselves where they lie.
_NEVER_PLACED = (".png", ".jpg", ".jpeg")
#: Where no image of a sample of this size is georeferenced, no more are opened to ask.
_SAMPLE = 1000


class Listing:
    """The files below a folder; each folder is listed once, however many chips lie in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[Path, dict[str, str]] = {}
        self._names: dict[Path, set[str]] = {}

    def find(self, relative: str) -> Path | None:
        """Return a file named with forward slashes; a name that differs only in its case will do, as it does on Windows."""
        folder = self.root
        *parents, name = PurePosixPath(relative).parts
        for part in parents:
            actual = self.actual_name(folder, part)
            if actual is None:
                return None
            folder = folder / actual
        actual = self.actual_name(folder, name)
        return None if actual is None else folder / actual

    def actual_name(self, folder: Path, name: str) -> str | None:
        """Return how an entry of a folder is spelt, None if there is none."""
        if folder not in self._known:
            try:
                names = sorted(os.listdir(folder))  # noqa: PTH208 (names alone, for folders of 100 000 files)
            except OSError:
                names = []
            self._names[folder] = set(names)
            self._known[folder] = {each.casefold(): each for each in reversed(names)}
        return name if name in self._names[folder] else self._known[folder].get(name.casefold())


def sample(count: int, size: int = _SAMPLE) -> list[int]:
    """Return up to ``size`` places out of ``count``, spread evenly, ascending."""
    return sorted({int(place) for place in np.linspace(0, count - 1, min(size, count))})


def header(image: Path) -> tuple[int, int, Affine]:
    """Return height, width and transform (identity: not georeferenced) of an image.

    Raises:
        EngineError: the file is damaged.
    """
    with opened(image) as dataset:
        return dataset.height, dataset.width, dataset.transform


def place_chips(images: Sequence[Path], listing: Listing, sizes: Sequence[tuple[int, int]]) -> list[Bounds | None]:
    """Return the map rectangle of every chip, None where it is unknown or the georeference gives it no area.

    World files are read first; images without one are opened, unless their format holds no georeference or a sample shows
    that there is none.

    Args:
        sizes: (height, width) of every image, pixels.
    """
    result: list[Bounds | None] = []
    unknown: list[int] = []
    for number, image in enumerate(images):
        transform = _world_file(image, listing)
        result.append(None if transform is None else _true_rectangle(transform, sizes[number]))
        if transform is None and may_be_placed(image, listing):
            unknown.append(number)
    first = [unknown[place] for place in sample(len(unknown))] if unknown else []
    if any(_open_bounds(images[number], sizes[number]) is not None for number in first):
        for number in unknown:
            result[number] = _open_bounds(images[number], sizes[number])
    return result


def may_be_placed(image: Path, listing: Listing) -> bool:
    """Whether an image without world file may be georeferenced all the same: by its format, or by GDAL's side file."""
    if image.suffix.lower() not in _NEVER_PLACED:
        return True
    return listing.actual_name(image.parent, f"{image.name}.aux.xml") is not None


def transform_of(image: Path, listing: Listing) -> Affine:
    """Return the transform of an image from its world file, else from the image; identity if it is not georeferenced."""
    transform = _world_file(image, listing)
    return header(image)[2] if transform is None else transform


def rectangle(transform: Affine, height: int, width: int) -> Bounds:
    """Return left, bottom, right, top of an image in map units, also of a turned one."""
    corners = [transform * (column, row) for column in (0, width) for row in (0, height)]
    xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _open_bounds(image: Path, size: tuple[int, int]) -> Bounds | None:
    transform = header(image)[2]
    return None if transform == Affine.identity() else _true_rectangle(transform, size)


def _true_rectangle(transform: Affine, size: tuple[int, int]) -> Bounds | None:
    """Return the rectangle, None if a broken georeference makes it none."""
    left, bottom, right, top = rectangle(transform, *size)
    return (left, bottom, right, top) if 0 < right - left < math.inf and 0 < top - bottom < math.inf else None


def _world_file(image: Path, listing: Listing) -> Affine | None:
    for suffix in _WORLD_FILE_SUFFIXES:
        name = listing.actual_name(image.parent, image.stem + suffix)
        if name is None:
            continue
        try:
            words = (image.parent / name).read_text(encoding="ascii", errors="replace").split()
            a, d, b, e, c, f = (float(word.replace(",", ".")) for word in words[:6])
        except ValueError:
            continue
        except OSError as error:
            raise EngineError(f"The world file {image.parent / name} cannot be read ({error}).") from error
        # a world file gives the centre of the first pixel
        return Affine(a, b, c, d, e, f) * Affine.translation(-0.5, -0.5)
    return None
