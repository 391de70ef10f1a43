"""Band statistics counted from chips, where no file holds them."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import EngineError
from ..classified_tiles import NODATA_LABEL
from ..statistics import BandAccumulator
from .chip import Chip, read_chip
from .placement import sample

#: Statistics that no file holds are counted from so many chips, spread evenly: their mean is then off by a twentieth of the
#: spread between chips, which no network notices, and large data sets open in seconds.
STATISTICS_CHIPS = 300


def count_statistics(chips: Sequence[Chip], band_count: int) -> list[BandAccumulator]:
    """Count the statistics of each band from up to 300 chips, spread evenly; ignored pixels are left out.

    Raises:
        EngineError: a chip is damaged, has another number of bands, or no chip shows anything.
    """
    bands = [BandAccumulator() for _ in range(band_count)]
    for number in sample(len(chips), STATISTICS_CHIPS):
        image, label = read_chip(chips[number])
        if len(image) != band_count:
            raise EngineError(
                f"The chip {chips[number].image} has {len(image)} band(s), the others {band_count}: "
                "keep chips of different bands in folders of their own."
            )
        for band, values in zip(bands, image):
            band.add(values[label != NODATA_LABEL])
    if not bands[0].count:
        raise EngineError(
            f"The chips in {chips[0].image.parent} show nothing to learn from: every pixel is nodata, no number in one of the "
            "bands, or ignored by its label; check bands, labels and nodata value, and export the training data again."
        )
    return bands
