"""The sample predictions of a training as map layers over the imagery, which follow the training from epoch to epoch."""

from __future__ import annotations

from qgis.core import QgsLayerTreeLayer, QgsProject, QgsRasterLayer

from ..processing_provider.algorithm import tr
from .monitor_run import TrainingRun

#: Custom properties of the layers: folder name of the run, and ``KIND/NUMBER`` of the picture.
_RUN, _PICTURE = "roadsmith/training_run", "roadsmith/training_picture"


def add_to_map(run: TrainingRun, project: QgsProject | None = None) -> list[QgsRasterLayer]:
    """Add truth and prediction of the run's chips in a group on top; those that are there already are left alone.

    Returns:
        The layers that were added.
    """
    project = project or QgsProject.instance()
    there = {layer.customProperty(_PICTURE) for layer in _layers(run, project)}
    added = []
    for number, chip in enumerate(run.pictures):
        if not chip.get("on_map"):
            continue
        for kind, title in (("truth", tr("Truth {}")), ("prediction", tr("Prediction {}"))):
            if f"{kind}/{number}" in there:
                continue
            layer = QgsRasterLayer(str(run.folder / chip[kind]), title.format(number + 1))
            if layer.isValid():
                layer.setCustomProperty(_RUN, run.folder.name)
                layer.setCustomProperty(_PICTURE, f"{kind}/{number}")
                added.append(layer)
    if added:
        project.addMapLayers(added, False)
        name = tr("Training of {}").format(run.name)
        root = project.layerTreeRoot()
        group = root.findGroup(name) or root.insertGroup(0, name)
        # predictions above the truth, that they are compared with
        for layer in sorted(added, key=lambda each: str(each.customProperty(_PICTURE))):
            group.insertChildNode(-1, QgsLayerTreeLayer(layer))
    return added


def follow_on_map(run: TrainingRun, project: QgsProject | None = None) -> int:
    """Let the layers of the run show its last epoch; return how many were changed."""
    changed = 0
    for layer in _layers(run, project or QgsProject.instance()):
        kind, _, number = str(layer.customProperty(_PICTURE)).partition("/")
        if not number.isdigit() or int(number) >= len(run.pictures):
            continue
        source = str(run.folder / run.pictures[int(number)].get(kind, ""))
        if layer.source() != source:
            layer.setDataSource(source, layer.name(), "gdal")
            layer.triggerRepaint()
            changed += 1
    return changed


def _layers(run: TrainingRun, project: QgsProject) -> list[QgsRasterLayer]:
    return [
        layer for layer in project.mapLayers().values()
        if isinstance(layer, QgsRasterLayer) and layer.customProperty(_RUN) == run.folder.name
    ]
