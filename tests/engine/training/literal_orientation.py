"""Orientation truth as the paper defines it, in loops over key points, segments and pixels: slow, and plain to read."""

import math

import numpy as np
from roadsmith.engine.raster.skeleton import skeletonise, trace


def distance_to_segment(p, a, b):
    (px, py), (ax, ay), (bx, by) = p, a, b
    length2 = (bx - ax) ** 2 + (by - ay) ** 2
    if length2 == 0:
        return math.hypot(px - ax, py - ay)
    share = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length2
    if share <= 0:
        return math.hypot(px - ax, py - ay)
    if share >= 1:
        return math.hypot(px - bx, py - by)
    return abs(((ay - py) * (bx - ax) - (ax - px) * (by - ay)) / length2) * math.sqrt(length2)


def ramer_douglas_peucker(points, tolerance):
    if len(points) <= 2:
        return points
    distances = [distance_to_segment(point, points[0], points[-1]) for point in points[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[farthest] <= tolerance:
        return [points[0], points[-1]]
    split = farthest + 1
    return ramer_douglas_peucker(points[: split + 1], tolerance)[:-1] + ramer_douglas_peucker(points[split:], tolerance)


def reduced(label, scale):
    step = 2**scale
    height, width = -(-label.shape[0] // step), -(-label.shape[1] // step)
    return np.array([[label[row * step, column * step] for column in range(width)] for row in range(height)], label.dtype)


def literal_orientation(label, bin_size, theta, scale=0):
    """Classes of a label that is already at its scale."""
    height, width = label.shape
    background = math.ceil(360 / bin_size)
    classes = np.full(label.shape, background, np.int64)
    for path in trace(skeletonise(label == 1)).paths:
        points = [(float(column), float(row)) for row, column in path]
        if len(points) < 2:
            continue
        line = ramer_douglas_peucker(points, {0: 4, 1: 2, 2: 1}[scale])
        (x0, y0), (x1, y1) = line[0], line[-1]
        if x0 * x0 + y0 * y0 < x1 * x1 + y1 * y1:  # begins at the end farther from the origin
            line = line[::-1]
        for (ax, ay), (bx, by) in zip(line, line[1:]):
            length = math.hypot(bx - ax, by - ay)
            if length == 0:
                continue
            ux, uy = (bx - ax) / length, (by - ay) / length
            value = math.floor(((math.degrees(math.atan2(uy, ux)) + 360) % 360) / bin_size)
            for y in range(height):
                for x in range(width):
                    inside = min(ax, bx) - theta <= x <= max(ax, bx) + theta and min(ay, by) - theta <= y <= max(ay, by) + theta
                    if inside and abs(ux * (y - ay) - uy * (x - ax)) <= theta:
                        classes[y, x] = value
    classes[label == 255] = -1
    return classes
