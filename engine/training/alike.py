"""Whether one model can learn from two training data folders."""

from __future__ import annotations

from ..chips.reading.folder import TrainingFolder
from ..errors import EngineError
from ..reporter import Reporter

#: Folders whose pixels differ in size by more than this share get a warning.
_CELL_SIZE_WARNING = 0.1


def check_alike(first: TrainingFolder, other: TrainingFolder, reporter: Reporter) -> None:
    """Compare a folder with the first one; warn of what a model can bear.

    Raises:
        EngineError: their pixels mean different things: other numbers of bands, 8 bits and more, stretched and not.
    """
    if other.band_count != first.band_count:
        raise EngineError(
            f"{first.path} has chips of {first.band_count} band(s), {other.path} of {other.band_count}: "
            "train with folders that have the same bands."
        )
    if (first.dtype == "uint8") != (other.dtype == "uint8"):
        raise EngineError(
            f"{first.path} has chips of {first.dtype}, {other.path} of {other.dtype}: "
            "export the deeper one again with a stretch to 8 bits, or train with chips of the same kind."
        )
    if (first.stretch is None) != (other.stretch is None):
        stretched, plain = (other, first) if first.stretch is None else (first, other)
        raise EngineError(
            f"The chips of {stretched.path} were stretched to 8 bits, those of {plain.path} were not, and a model treats all "
            "rasters alike: export both with a stretch, or both without."
        )
    if first.stretch != other.stretch:
        reporter.warning(
            f"{other.path} was stretched with other figures than {first.path}: the model will record those of the latter, "
            "and rasters of the former will look a little different to it."
        )
    if first.dtype != other.dtype:
        reporter.warning(
            f"{other.path} has chips of {other.dtype}, {first.path} of {first.dtype}: check that the same value means the same."
        )
    if first.bands != other.bands:
        reporter.warning(
            f"{other.path} was cut from the bands {_listed(other.bands)}, {first.path} from {_listed(first.bands)}: the model "
            "will record the latter; check that the bands show the same colours."
        )
    if any(abs(own / wanted - 1) > _CELL_SIZE_WARNING for own, wanted in zip(other.cell_metres, first.cell_metres)):
        reporter.warning(
            f"{other.path} has pixels of {other.cell_metres[0]:.3g} m, {first.path} of {first.cell_metres[0]:.3g} m: "
            "the model will record the latter, and may find fewer roads at either."
        )


def _listed(bands: list[int]) -> str:
    return ", ".join(map(str, bands))
