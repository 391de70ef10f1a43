"""Classes of roads by their width on the raster, and how fast one drives on them."""

from __future__ import annotations

import numpy as np

#: Class of a road and the speed on it, km/h, narrow roads first: what CRESI gives roads of one lane each way without a measured
#: speed (20, 25, 35 and 45 miles per hour).
SPEEDS = {"track": 32.0, "residential": 40.0, "secondary": 56.0, "primary": 72.0}
#: Metres from which a road is residential and secondary, and above which it is primary.
_RESIDENTIAL, _SECONDARY, _PRIMARY = 4.0, 7.0, 12.0


def road_classes(width: np.ndarray) -> np.ndarray:
    """Return the class of every road, object (n,) of text, from its width in metres (n,).

    ``track`` below 4 m, ``residential`` below 7 m, ``secondary`` up to 12 m, ``primary`` above. The width is that of the road on
    the raster: a model that was trained on labels 10 m wide finds no tracks.
    """
    rank = np.searchsorted([_RESIDENTIAL, _SECONDARY], width, side="right") + (width > _PRIMARY)
    return np.array(list(SPEEDS), dtype=object)[rank]


def travel_time_columns(classes: np.ndarray, lengths: np.ndarray) -> dict[str, np.ndarray]:
    """Return ``speed_kmh`` (of the class) and ``travel_time_s`` (of the length in metres), float64 (n,) each."""
    speed = np.array([SPEEDS[each] for each in classes.tolist()], np.float64)
    return {"speed_kmh": speed, "travel_time_s": lengths / (speed / 3.6)}
