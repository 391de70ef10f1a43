"""Whether a model of others fits the data that it is to learn from."""

from __future__ import annotations

from ...models.package_info import PackageInfo
from ..errors import EngineError
from ..reporter import Reporter
from .data import TrainingData


def check_fits(info: PackageInfo, path: str, data: TrainingData, reporter: Reporter) -> None:
    """Warn of differences between a model's own training data and these; raise an ``EngineError`` if none can be learned from."""
    if len(info.bands) != len(data.bands):
        raise EngineError(
            f"The model {path} takes {len(info.bands)} band(s), the training data have {len(data.bands)}: export chips with the "
            "model's bands, or begin without it."
        )
    if (info.stretch is None) != (data.stretch is None):
        reporter.warning(f"The model {path} learned from {'stretched' if info.stretch else 'unstretched'} imagery, these chips "
                         f"are {'stretched' if data.stretch else 'not'}: it has to learn the difference first.")
    ratio = data.cell_metres[0] / info.cell_metres[0]
    if not 0.8 < ratio < 1.25:
        reporter.warning(
            f"The model {path} learned at {info.cell_metres[0]:.3g} m per pixel, these chips have {data.cell_metres[0]:.3g} m: "
            "it has to learn another size of roads first."
        )
