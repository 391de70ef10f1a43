"""The ArcGIS API's multi-task road extractor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .gaussian_mask import REFERENCE_THRESHOLD
from .road_extractor import RoadExtractor
from .session_data import RoadData


class MultiTaskRoadExtractor(RoadExtractor):
    """The networks that learn the orientation of roads beside their mask, with the ArcGIS API's names.

    Args:
        data: from ``prepare_data``. backbone: encoder of ``linknet``; the hourglass has its own.
        pretrained_path: model package to go on from; its network and its orientation bins are taken.
        mtl_model: ``hourglass`` or ``linknet``.
        orient_bin_size: degrees. orient_theta: half-width of the orientation band, pixels.
        gaussian_thresh: where the Gaussian ridge about centre lines is cut; counts only with ``centre_lines=True``, otherwise the
            labels' own width is learned.
        settings: as for ``RoadExtractor``.
    """

    model_types = ("hourglass", "linknet")

    def __init__(
        self, data: RoadData, backbone: str | None = None, pretrained_path: str | Path | None = None,
        mtl_model: str = "hourglass", gaussian_thresh: float = REFERENCE_THRESHOLD, orient_bin_size: float = 20,
        orient_theta: float = 8, **settings: Any,
    ) -> None:
        super().__init__(
            data, mtl_model, backbone, pretrained_path, gaussian_thresh=gaussian_thresh, orient_bin_size=float(orient_bin_size),
            orient_theta=float(orient_theta), **settings,
        )
        if gaussian_thresh != REFERENCE_THRESHOLD and not settings.get("centre_lines"):
            data.console.say("gaussian_thresh counts only with centre_lines=True: the labels are learned in their own width.")
