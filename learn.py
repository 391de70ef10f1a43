"""The engine in notebooks and scripts, with the names of the ArcGIS API: from imagery to a model to roads.

    from roadsmith.learn import MultiTaskRoadExtractor, prepare_data

    data = prepare_data("training_data", batch_size=4)
    data.show_batch()
    model = MultiTaskRoadExtractor(data, mtl_model="linknet")
    model.fit(20, lr=model.lr_find())
    model.save("road_model")

It runs in the worker's Python, which has torch, never inside QGIS; see ``docs/notebooks.md``. Whatever a user can mend ends as
an ``EngineError`` of one sentence.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar, Union

from .engine.chips.exporting.export import export_training_data as _export
from .engine.classification.classify import classify_pixels as _classify
from .engine.console import Console
from .engine.errors import EngineError
from .engine.jobs import ClassifyPixels, ExportTrainingData, Job, RasterToRoadVector, TrainRoadExtractor
from .engine.plain_errors import plainly
from .engine.reporter import Reporter
from .engine.road_network.vectorise import raster_to_road_vector as _vectorise
from .engine.training.multi_task_road_extractor import MultiTaskRoadExtractor
from .engine.training.road_extractor import RoadExtractor
from .engine.training.session_data import RoadData
from .engine.training.two_stage_road_extractor import TwoStageRoadExtractor

__all__ = [
    "EngineError", "MultiTaskRoadExtractor", "RoadData", "RoadExtractor", "TwoStageRoadExtractor", "classify_pixels",
    "export_training_data", "prepare_data", "raster_to_road_vector",
]

PathLike = Union[str, Path]
_AnyJob = TypeVar("_AnyJob", bound=Job)
#: Of the ArcGIS API, without a meaning for roads or for the way chips are read here.
_LEFT_OUT = {"collate_fn", "num_workers", "stratify", "imagery_type", "rgb_bands", "norm_pct"}


@plainly
def prepare_data(
    path: PathLike | Sequence[PathLike], class_mapping: Mapping[int, str] | None = None, chip_size: int | None = None,
    val_split_pct: float = 0.1, batch_size: int | None = None, transforms: Any = None, seed: int = 42,
    dataset_type: str | None = None, resize_to: int | None = None, working_dir: PathLike | None = None, *,
    split: str = "blocks", validation_path: PathLike | Sequence[PathLike] | None = None, road_label: str = "",
    cell_size: float = 0.0, **left_out: Any,
) -> RoadData:
    """Open training data, set validation chips aside, and say how chips are cut, varied and batched.

    Args:
        path: a folder that Export Training Data made here or in ArcGIS, or with pairs of images and masks; or several.
        class_mapping: values in the labels that are road, with their names; None for all but background.
        chip_size: pixels; None for the tile size of the data. batch_size: chips per step; None for what the device allows.
        val_split_pct: share of the chips kept for validation, 0 to 1.
        transforms: None for the default augmentation, False for none, a dict of ArcGIS's names and values
            (``{"rotate": "30; 0.5"}``), or the path of a JSON file of these.
        seed: of split, weights and augmentation; the same seed gives the same model.
        working_dir: where models are saved; None for the first folder of ``path``.
        split: ``blocks`` validates on ground that is never trained on; ``random``, as in ArcGIS, flatters where chips overlap.
        validation_path: folders to validate on instead. road_label, cell_size: as in the tool Train Road Extractor.

    Raises:
        EngineError: one sentence on what cannot be trained with.
    """
    console = Console()
    console.left_out("prepare_data", left_out, _LEFT_OUT)
    if dataset_type not in (None, "Classified_Tiles", "ClassifiedTiles"):
        raise EngineError(f"Roads are learned from Classified Tiles, not '{dataset_type}': leave dataset_type out.")
    if resize_to is not None:
        raise EngineError("Classified Tiles are not resized, in ArcGIS neither: leave resize_to out, or choose a chip_size.")
    if class_mapping and road_label:
        raise EngineError("Both class_mapping and road_label say what is road: keep one of them.")
    folders = _paths(path)
    if not folders:
        raise EngineError("No training data folder was given: choose one that Export Training Data made.")
    job = TrainRoadExtractor(
        training_data=folders, validation_data=_paths(validation_path), road_label=road_label or _road_values(class_mapping),
        cell_size=cell_size, chip_size=chip_size or 0, batch_size=batch_size or 0, validation_percent=100 * val_split_pct,
        split=split, seed=seed, **_augmentation(transforms),
    )
    return RoadData(job, Path(working_dir or folders[0]).expanduser(), console)


@plainly
def export_training_data(raster: PathLike, labels: PathLike, output_folder: PathLike, **settings: Any) -> dict[str, Any]:
    """Cut chips and road labels out of imagery and a road layer.

    Args:
        settings: further fields of ``engine.jobs.ExportTrainingData``, such as ``road_width=8``, ``tile_size=256``.

    Returns:
        ``output``, ``tile_count``, ``road_share``.
    """
    return _run(ExportTrainingData, _export, raster=raster, labels=labels, output_folder=output_folder, **settings)


@plainly
def classify_pixels(raster: PathLike, model: RoadExtractor | PathLike, output: PathLike, **settings: Any) -> dict[str, Any]:
    """Find roads in a raster of any size.

    Args:
        model: an extractor with its present weights, or a model package.
        settings: further fields of ``engine.jobs.ClassifyPixels``, such as ``probability="probability.tif"``.

    Returns:
        ``output``, ``probability``, ``road_share``, ``megapixels``.
    """
    with tempfile.TemporaryDirectory() as folder:
        package = model.package(Path(folder)) if isinstance(model, RoadExtractor) else model
        return _run(ClassifyPixels, _classify, raster=raster, model=package, output=output, **settings)


@plainly
def raster_to_road_vector(raster: PathLike, output: PathLike, **settings: Any) -> dict[str, Any]:
    """Turn a classified or probability raster into a road network, a GeoPackage with the layers ``roads`` and ``nodes``.

    Args:
        settings: further fields of ``engine.jobs.RasterToRoadVector``, such as ``min_dangle=20``.

    Returns:
        ``output``, ``length_km``, ``edge_count``, ``node_count``, ``component_count``.
    """
    return _run(RasterToRoadVector, _vectorise, raster=raster, output=output, **settings)


def _run(kind: type[_AnyJob], work: Callable[[_AnyJob, Reporter], dict[str, Any]], **settings: Any) -> dict[str, Any]:
    known = {each.name for each in fields(kind)}
    unknown = sorted(set(settings) - known)
    if unknown:
        raise EngineError(f"There is no setting '{unknown[0]}': choose among {', '.join(sorted(known - {'run_id'}))}.")
    plain = {name: str(value.expanduser()) if isinstance(value, Path) else value for name, value in settings.items()}
    console = Console()
    try:
        return work(kind(**plain), console.reporter())
    finally:
        console.clear()


def _paths(path: PathLike | Sequence[PathLike] | None) -> list[str]:
    several = [path] if isinstance(path, (str, Path)) else path or []
    return [str(Path(each).expanduser()) for each in several]


def _road_values(class_mapping: Mapping[int, str] | None) -> str:
    values = [str(value) for value in class_mapping or () if str(value) != "0"]
    return ",".join(values)


def _augmentation(transforms: Any) -> dict[str, Any]:
    if transforms is None or transforms is True:
        return {}
    if transforms is False:
        return {"augmentation": "none"}
    if isinstance(transforms, Mapping):
        return {"augmentation": "custom", "augmentation_table": dict(transforms)}
    if isinstance(transforms, (str, Path)):
        return {"augmentation": "file", "augmentation_file": str(Path(transforms).expanduser())}
    raise EngineError(
        "transforms takes None (default), False (none), a dict such as {'rotate': '30; 0.5'}, or a JSON file of these: lists of "
        "fastai's transforms have no meaning here."
    )
