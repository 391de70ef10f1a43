"""Cutting, flipping, turning and zooming a training chip, image and label alike."""

from __future__ import annotations

import math

import numpy as np

from .classified_tiles import NODATA_LABEL

#: Weight of ignored pixels in an interpolated one from which it is ignored itself; above the rounding of the places.
_TRACE = 1e-3


def pad_to(image: np.ndarray, label: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Enlarge a chip smaller than ``size`` at the lower and right edge: the image by repetition, the label by "ignore"."""
    down, right = max(0, size - label.shape[0]), max(0, size - label.shape[1])
    if not (down or right):
        return image, label
    label = np.pad(label, ((0, down), (0, right)), constant_values=NODATA_LABEL)
    return np.pad(image, ((0, 0), (0, down), (0, right)), mode="edge"), label


def dihedral(image: np.ndarray, label: np.ndarray, variant: int) -> tuple[np.ndarray, np.ndarray]:
    """Turn a chip by ``variant % 4`` quarters, and mirror it first if ``variant`` (0..7) is 4 or more."""
    if variant >= 4:
        image, label = image[:, :, ::-1], label[:, ::-1]
    return np.rot90(image, variant % 4, axes=(1, 2)), np.rot90(label, variant % 4)


def hide_ignored(
    image: np.ndarray, label: np.ndarray, fill: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return copies whose ignored pixels hold a harmless value.

    Args:
        image: (bands, height, width), any dtype. label: (height, width) uint8, 255 ignored; pixels with a value that is no
            number are ignored as well.
        fill: (bands,) what ignored pixels hold afterwards; None for the mean of each band's other pixels.

    Returns:
        Image float32, label uint8, and where it is ignored, (height, width) bool; None for nowhere.
    """
    with np.errstate(over="ignore"):  # what float32 cannot hold is no measurement: infinite, and ignored below
        pixels = np.array(image, np.float32)
    ignored = label == NODATA_LABEL
    if not np.issubdtype(image.dtype, np.integer):
        ignored |= ~np.isfinite(pixels).all(axis=0)
    if not ignored.any():
        return pixels, np.array(label), None
    if fill is None:
        seen = ~ignored
        fill = pixels[:, seen].mean(axis=1) if seen.any() else np.zeros(len(pixels))
    pixels[:, ignored] = np.asarray(fill, np.float32)[:, None]
    return pixels, np.where(ignored, np.uint8(NODATA_LABEL), label), ignored


def source_window(
    shape: tuple[int, int], size: int, centre: tuple[float, float], angle: float, zoom: float
) -> tuple[slice, slice]:
    """Return the rows and columns of a chip that a turned and zoomed window needs, with a margin for interpolation."""
    turn = math.radians(angle)
    half = (abs(math.cos(turn)) + abs(math.sin(turn))) * size / zoom / 2 + 2
    rows, columns = (
        slice(max(0, math.floor(middle - half)), min(length, math.ceil(middle + half) + 1))
        for middle, length in zip(centre, shape)
    )
    return rows, columns


def turned_window(
    image: np.ndarray, label: np.ndarray, size: int, centre: tuple[float, float], angle: float, zoom: float, corners: str
) -> tuple[np.ndarray, np.ndarray]:
    """Cut a window that is turned against the chip and has pixels of another size.

    Args:
        image: (bands, height, width) float32, finite. label: (height, width) uint8.
        size: side of the window, its own pixels.
        centre: row and column of its middle in the chip, pixel centres counted from 0.
        angle: degrees by which what is seen turns, counter-clockwise. zoom: size of the chip's pixels in the window.
        corners: ``reflect`` shows the chip's mirror image beyond its edge, ``ignore`` has label 255 there.

    Returns:
        Image (bands, size, size) float32, bilinear; label (size, size) uint8, nearest, 255 wherever an ignored pixel has any
        part in the image.
    """
    # PyTorch's sampler is three times as fast as SciPy's or scikit-image's, and takes all bands at once
    import torch
    from torch.nn import functional

    height, width = label.shape
    turn = math.radians(angle)
    along, across = 2 * math.cos(turn) / zoom, 2 * math.sin(turn) / zoom
    steps = (np.arange(size) - (size - 1) / 2)[None, :]
    # places as shares of the half sides, -1..1; rows run downwards: what is seen turns the other way than the places looked at
    places = np.empty((1, size, size, 2), np.float32)
    places[0, ..., 0] = np.float32((2 * centre[1] + 1 + along * steps) / width - 1) + np.float32(-across * steps.T / width)
    places[0, ..., 1] = np.float32((2 * centre[0] + 1 + across * steps) / height - 1) + np.float32(along * steps.T / height)
    grid = torch.from_numpy(places)

    def looked_up(bands: np.ndarray, mode: str, beyond: str) -> np.ndarray:
        values = torch.from_numpy(np.ascontiguousarray(bands, np.float32))[None]
        return np.asarray(functional.grid_sample(values, grid, mode, beyond, align_corners=False)[0])

    # beyond an edge with ignored corners any value will do that does not shine through at the edge
    beyond = "reflection" if corners == "reflect" else "border"
    pixels = looked_up(image, "bilinear", beyond)
    classes = (looked_up(label[None] == 1, "nearest", beyond)[0] > 0.5).astype(np.uint8)
    ignored = label == NODATA_LABEL
    if corners == "ignore" or ignored.any():
        counting = looked_up(~ignored[None], "bilinear", "zeros" if corners == "ignore" else beyond)[0]
        classes[counting < 1.0 - _TRACE] = NODATA_LABEL
    return pixels, classes
