"""Toolbox entry: two road networks against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
)

from ..engine import jobs
from .algorithm import GROUP_EVALUATION, RoadsmithAlgorithm, tr
from .evaluation_inputs import SPEED, write_lines, write_polygons
from .evaluation_names import ComparisonNames
from .evaluation_parameters import comparison_parameters
from .evaluation_results import (
    EXTRA_COLOUR,
    FOUND_COLOUR,
    MISSED_COLOUR,
    line_symbol,
    numbers,
    report_path,
)
from .layer_copy import copy_layer
from .parameters import is_given, temporary_folder
from .styles import ResultStyle


class CompareRoadNetworks(ComparisonNames, RoadsmithAlgorithm):
    """Compares two line layers as road networks."""

    NAME = "compareroadnetworks"
    GROUP = GROUP_EVALUATION
    ICON = "compareroadnetworks"

    def displayName(self) -> str:
        return tr("Compare road networks")

    def tags(self) -> list[str]:
        words = tr("road,network,graph,APLS,TOPO,completeness,correctness,quality,change,OpenStreetMap,conflation,validation")
        return words.split(",")

    def shortDescription(self) -> str:
        return tr("Tells how well two road networks agree, in metres of road and in routes.")

    def shortHelpString(self) -> str:
        return tr(
            "<p>Compares two line layers as networks: how much road is matched, missed and extra (completeness, correctness, "
            "quality), whether routes through both are equally long (APLS), whether both are connected alike (TOPO), and whether "
            "they have the same junctions.</p>"
            "<p>The layers may have any coordinate systems. Matched roads come out green, missed ones blue, extra ones red; the "
            "report explains each score. No model is needed: compare OpenStreetMap with a survey, or last year's roads with this "
            "year's.</p>"
            "<p><b>Mind:</b> where one layer ends earlier than the other, everything beyond is missed or extra: give a mask of "
            "the ground that both cover.</p>"
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in comparison_parameters():
            self.addParameter(parameter)
        for name, (_, text) in self.SCORES.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(text)))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        # made here: they belong to the main thread
        colours = {self.MATCHED: FOUND_COLOUR, self.MISSED: MISSED_COLOUR, self.EXTRA: EXTRA_COLOUR}
        self._styles = {name: ResultStyle(line_symbol(colour)) for name, colour in colours.items()}
        return super().prepareAlgorithm(parameters, context, feedback)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        wanted = [name for name in self._styles if is_given(parameters, name)]
        with temporary_folder() as folder:
            job = self._job(parameters, context)
            has_field = is_given(parameters, self.SPEED_FIELD)
            field = self.parameterAsString(parameters, self.SPEED_FIELD, context) if has_field else ""
            speeds = []
            for name, what in ((self.ROADS, tr("road layer")), (self.REFERENCE, tr("reference"))):
                target = folder / f"{name.lower()}.gpkg"
                source = self._source(parameters, name, context)
                speeds.append(write_lines(source, what, field, target, context, feedback))
                setattr(job, name.lower(), str(target))
                setattr(job, f"{name.lower()}_layer", "roads")
                setattr(job, f"{name.lower()}_name", source.sourceName())
            job.speed_field = SPEED if any(speeds) else ""
            if is_given(parameters, self.MASK):
                job.mask, job.mask_layer = str(folder / "mask.gpkg"), "mask"
                mask = self._source(parameters, self.MASK, context)
                write_polygons(mask, Path(job.mask), context, feedback)
                job.mask_name = mask.sourceName()
            job.output = str(folder / "compared.gpkg") if wanted else ""
            result = self.run_job(job, [path for path in (job.report, job.output) if path], feedback)
            outputs: dict[str, Any] = {}
            for name in wanted:
                layer = copy_layer(self, Path(job.output), name.lower(), parameters, name, context, feedback)
                self._styles[name].attach(layer, context)
                outputs[name] = layer
        return {
            self.REPORT: job.report, **outputs, **numbers(result, {name: key for name, (key, _) in self.SCORES.items()}),
        }

    def _job(self, parameters: dict[str, Any], context: QgsProcessingContext) -> jobs.CompareRoadNetworks:
        """Return the job without its inputs."""
        return jobs.CompareRoadNetworks(
            buffer=self.parameterAsDouble(parameters, self.BUFFER, context),
            snap=self.parameterAsDouble(parameters, self.SNAP, context),
            spacing=self.parameterAsDouble(parameters, self.SPACING, context),
            weight=self.parameterAsEnumString(parameters, self.WEIGHT, context).lower(),
            default_speed=self.parameterAsDouble(parameters, self.DEFAULT_SPEED, context),
            samples=self.parameterAsInt(parameters, self.SAMPLES, context),
            seed=self.parameterAsInt(parameters, self.SEED, context),
            report=report_path(self, parameters, self.REPORT, context),
        )

    def _source(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsProcessingFeatureSource:
        source = self.parameterAsSource(parameters, name, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, name))
        return source
