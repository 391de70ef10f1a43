"""Probability maps spoiled on purpose, so that the second of two stages learns to mend what the first one's training hid.

On the chips that a network learned from its map is better than anywhere else. As in the refinement of Batra et al. (2019, its
pre-training on corrupted masks), pieces of road are erased and false roads are drawn; here by degrees, as networks err.
"""

from __future__ import annotations

import numpy as np

#: Erasures and false roads on a chip of 512² pixels; on others in proportion to their area, one at least.
_ERASURES, _FALSE_ROADS, _AREA = 8, 4, 512**2
#: Pixels: half the width of an erasure and of a false road, from to; the length of a false road, from to.
_ERASURE_RADIUS, _ROAD_RADIUS, _ROAD_LENGTH = (4.0, 12.0), (1.5, 5.0), (20.0, 150.0)
#: What share of the probability an erasure takes, and of what lacks to 1 a false road adds, from to.
_TAKEN, _ADDED = (0.7, 1.0), (0.3, 0.9)


def draw_spoiling(label: np.ndarray, share: float, generator: np.random.Generator) -> np.ndarray:
    """Return how a chip's map is spoiled, float32 (H, W): -1..0 what share is taken away, 0..1 what share of the rest is added.

    Erasures run from one road pixel to another, so that they cut roads lengthwise and across; false roads run anywhere.

    Args:
        label: (H, W), 1 for road. share: probability that the chip is spoiled at all.
    """
    spoiling = np.zeros(label.shape, np.float32)
    if generator.random() >= share:
        return spoiling
    scale = label.size / _AREA
    for _ in range(max(1, round(_FALSE_ROADS * scale))):
        start = generator.random(2) * label.shape
        angle, length = generator.random() * 2 * np.pi, generator.uniform(*_ROAD_LENGTH)
        end = start + length * np.array([np.sin(angle), np.cos(angle)])
        spoiling[_beside(label.shape, start, end, generator.uniform(*_ROAD_RADIUS))] = generator.uniform(*_ADDED)
    road = np.column_stack(np.nonzero(label == 1))
    for _ in range(max(1, round(_ERASURES * scale)) if len(road) else 0):
        start, end = road[generator.integers(len(road), size=2)]
        # short ones: a gap that leaves nothing to go by cannot be mended
        end = start + (end - start) * min(1.0, _ROAD_LENGTH[0] / max(1.0, float(np.hypot(*(end - start)))))
        spoiling[_beside(label.shape, start, end, generator.uniform(*_ERASURE_RADIUS))] = -generator.uniform(*_TAKEN)
    return spoiling


def _beside(shape: tuple[int, ...], start: np.ndarray, end: np.ndarray, radius: float) -> np.ndarray:
    """Return which pixels lie within ``radius`` of the line between two places (row, column), bool ``shape``."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    along = np.subtract(end, start, dtype=np.float64)
    share = ((rows - start[0]) * along[0] + (columns - start[1]) * along[1]) / max(1e-9, float(along @ along))
    share = np.clip(share, 0.0, 1.0)
    near: np.ndarray = np.hypot(rows - start[0] - share * along[0], columns - start[1] - share * along[1]) <= radius
    return near
