"""A road model in two stages, in notebooks; the ArcGIS API has none."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ...models.registry import TWO_STAGE
from ..errors import EngineError
from ..jobs import TrainRefinementStage
from ..plain_errors import plainly
from .road_extractor import RoadExtractor
from .session_data import RoadData


class TwoStageRoadExtractor(RoadExtractor):
    """A second network, CUnet, that learns to mend the probability map of a trained model (Li, Comer and Zerubia 2022).

    Args:
        data: from ``prepare_data``. first_model: a trained extractor, or a model package; it stays as it is.
        pretrained_path: package of two stages whose second one is to learn further, instead of ``first_model``.
        settings: further parameters of the tool Train Refinement Stage, such as ``key_pixel_weight=1.05``, ``base_width=16``,
            ``layers=6``, ``corruption=0.3``.

    Raises:
        EngineError: the first model cannot be refined, or does not fit the data.
    """

    job_kind = TrainRefinementStage
    default_rate = TrainRefinementStage.learning_rate
    #: the networks of folds are trained by the tool alone
    _decided = RoadExtractor._decided | {"folds", "fold_epochs"}
    model_types = (TWO_STAGE,)

    @plainly
    def __init__(
        self, data: RoadData, first_model: RoadExtractor | str | Path | None = None, pretrained_path: str | Path | None = None,
        **settings: Any,
    ) -> None:
        if (first_model is None) == (pretrained_path is None):
            raise EngineError("Give TwoStageRoadExtractor the first_model to refine, or the pretrained_path to go on from.")
        with tempfile.TemporaryDirectory() as folder:
            if isinstance(first_model, RoadExtractor):
                first_model = first_model.package(Path(folder))
            given = {} if first_model is None else {"first_model": str(Path(first_model).expanduser())}
            super().__init__(data, TWO_STAGE, None, pretrained_path, **given, **settings)
