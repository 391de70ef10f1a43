"""What can be asked of the engine: one dataclass per job, sent as one line of JSON.

Standard library only: both processes import this file, under different Pythons. Distances are metres, paths are absolute,
coordinate systems travel as WKT, so that neither side needs the other's PROJ database.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, ClassVar

from .events import PROTOCOL


def new_run_id() -> str:
    """Return the name of one run; it is part of every temporary file name, so that leftovers can be found and removed."""
    return uuid.uuid4().hex[:12]


@dataclass
class Job:
    """What every job carries."""

    name: ClassVar[str] = ""
    run_id: str = field(default_factory=new_run_id)


@dataclass
class CheckEnvironment(Job):
    """Import what the engine needs and multiply a matrix on the device."""

    name: ClassVar[str] = "checkenvironment"
    device: str = "auto"


@dataclass
class ExportTrainingData(Job):
    """Cut image chips and road label chips; write them as ArcGIS "Classified Tiles".

    Attributes:
        raster: anything GDAL opens. raster_crs: WKT that overrides the file's own, empty for none.
            raster_copied: whether the file was made for this run, so that only its content tells it from another.
        labels: vector file with lines or polygons, in any CRS. labels_layer: layer in it, empty for the only one.
        label_raster: instead of ``labels``, a raster of whole numbers, 0 for background; any CRS and cell size.
            label_raster_crs, label_raster_copied: as with ``raster``. label_band: 1-based.
        class_field: field of ``labels`` that tells classes apart, whole numbers 1 to 254 or names; empty for one class, road.
            class_names: all that occur in the user's layer, of which ``labels`` may be a part; empty to look in ``labels``.
        road_width: metres to which lines are widened. width_field: field with the width of each line, metres; lines without
            one take that of their class in ``class_widths`` (by class value or name; 0 leaves the class out), and lines of
            other classes ``road_width``.
        mask: vector file with polygons, in any CRS. mask_layer: layer in it. mask_mode: ``inside`` keeps chips wholly inside
            the polygons, ``centre`` chips with their centre inside.
        bands: 1-based; empty for the first three that are not alpha (or fewer if there are fewer).
        extent: xmin, ymin, xmax, ymax in the raster's CRS; empty for the whole raster. Chips lie wholly inside.
        cell_size: metres per pixel of the chips; 0 for the raster's own.
        stretch: ``none`` keeps the raster's depth; ``minmax``, ``percent`` (``stretch_low`` to ``stretch_high``, percent of
            the pixels) and ``deviations`` (mean ± ``stretch_deviations`` standard deviations) make 8 bits, with figures of
            the whole raster; ``auto`` is ``none`` for 8-bit rasters and ``percent`` for others.
        tile_size, stride: pixels.
        no_feature_tiles: ``none`` leaves chips without a road out, ``all`` keeps them, ``share`` keeps ``empty_share``
            (0 to 1) of them, chosen by their position alone.
        rotation_angle: degrees; each chip is repeated at every multiple up to a full turn, 0 for no repetition.
        min_overlap: a feature with less than this share (0 to 1) of its area in a chip is left out of the chip's label.
        max_nodata: chips with a larger share (0 to 1) without imagery are left out.
        nodata_label: what pixels without imagery are in the label: ``ignore`` (255, neither learned nor scored) or
            ``background`` (0, as ArcGIS writes them).
        image_format: TIFF, PNG or JPEG.
        workers: chips are cut by so many threads side by side, 0 to choose; the result does not depend on it.
        attribution: licence and attribution of imagery and roads; every model trained on the chips repeats it.
    """

    name: ClassVar[str] = "exporttrainingdata"
    raster: str = ""
    raster_crs: str = ""
    raster_copied: bool = False
    labels: str = ""
    labels_layer: str = ""
    label_raster: str = ""
    label_raster_crs: str = ""
    label_raster_copied: bool = False
    label_band: int = 1
    class_field: str = ""
    class_names: list[str] = field(default_factory=list)
    road_width: float = 8.0
    width_field: str = ""
    class_widths: dict[str, float] = field(default_factory=dict)
    mask: str = ""
    mask_layer: str = ""
    mask_mode: str = "inside"
    output_folder: str = ""
    bands: list[int] = field(default_factory=list)
    extent: list[float] = field(default_factory=list)
    cell_size: float = 0.0
    stretch: str = "auto"
    stretch_low: float = 2.0
    stretch_high: float = 98.0
    stretch_deviations: float = 2.0
    tile_size: int = 512
    stride: int = 256
    no_feature_tiles: str = "none"
    empty_share: float = 0.2
    rotation_angle: float = 0.0
    min_overlap: float = 0.0
    max_nodata: float = 0.5
    nodata_label: str = "ignore"
    image_format: str = "TIFF"
    workers: int = 0
    attribution: str = ""


@dataclass
class PreviewTrainingData(Job):
    """Show chips of training data with their labels laid over, and figures that tell whether the export is any good.

    Attributes:
        training_data: folders. road_label: as in ``TrainRoadExtractor``.
        output: the page, ``.html``. picture: the chips alone, ``.png``; empty for none.
        rows: rows of chips in the picture. alpha: opacity of the labels, 0 to 1.
        augmented: also show the chips as training varies them.
        seed: the same seed shows the same chips.
    """

    name: ClassVar[str] = "previewtrainingdata"
    training_data: list[str] = field(default_factory=list)
    road_label: str = ""
    output: str = ""
    picture: str = ""
    rows: int = 4
    alpha: float = 0.5
    augmented: bool = True
    seed: int = 42


@dataclass
class TrainRoadExtractor(Job):
    """Learn road mask and road orientation from a training data folder; write a model package.

    Attributes:
        training_data: folders that Export Training Data made here or in ArcGIS, or with pairs of images and masks.
        road_label: which label is road: values (``1``, ``1,3``) or one colour (``#ff0000``); empty for all that is no
            background. cell_size: metres per pixel of chips without georeference, 0 for 1 m; others know it themselves.
        model_type: a name in the registry of ``models``. backbone: encoder, for networks that have a choice.
        pretrained_model: package of ours to go on from; its network is taken, whatever ``model_type`` says. Empty for none.
        backbone_weights: ``.pth`` or ``.safetensors`` with torchvision's names for the encoder; ``imagenet`` to download
            ImageNet's once into ``weights_cache``; empty for random ones. weight_init: what bands beyond RGB begin with:
            ``random``, ``red_band`` or ``all_random``.
        freeze: leave the encoder as it is; for encoders that learned something before.
        batch_size: chips per step, of all processes together, 0 to choose. accumulate: such batches in an optimiser step.
        chip_size: pixels, 0 for the tile size of the data.
        learning_rate: peak of the one cycle, 0 to find one.
        validation_percent: share of the chips kept for validation. split: ``blocks`` (spatial) or ``random``.
        validation_data: folders to validate on instead; all of ``training_data`` is then trained on.
        monitor: ``valid_loss`` or a score; decides the best epoch and early stopping.
        patience: epochs without improvement, one of more than ``min_delta``, before training stops.
        loss: ``multitask``, ``bce_dice`` or ``weighted_bce_dice``; empty for the network's own. positive_weight: of road, in
            the last of these. cldice, skeleton_recall: share and weight of these two, 0 for none.
        augmentation: ``default``, ``none``, ``custom`` (names and values in ``augmentation_table``) or ``file``
            (``augmentation_file``, JSON).
        centre_lines: the labels are lines of no meaningful width: Gaussian ridges of ArcGIS's width are learned instead, cut at
            ``gaussian_thresh`` (higher is thinner).
        orient_bin_size: degrees. orient_theta: half-width of the orientation band, pixels.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``. precision: ``auto``, ``float32``, ``bfloat16``, ``float16``.
        weight_average: keep and validate the moving average of the weights, of which this share (0.9 to 0.9999) stays in a step;
            0 for the weights themselves.
        optimiser: ``adamw`` or ``sgd``. base_width: channels of the first level, for networks that have a choice (unet,
            segnet, resunet, hourglass; of efficient_unet the last level); 0 for the network's own.
        compile: let ``torch.compile`` make the network faster; the first steps take minutes.
        processes: train in so many processes at once, each with a share of every step, on a GPU of its own where there are
            several; 0 for one for each GPU.
        tensorboard: write the figures of every epoch for TensorBoard too. onnx: write the network as ONNX too.
        network_scores: at the end, turn the validation chips' roads into networks and score those too (APLS, TOPO).
        resume: go on with an interrupted training of the same data and settings into the same folder, if there is one.
    """

    name: ClassVar[str] = "trainroadextractor"
    training_data: list[str] = field(default_factory=list)
    road_label: str = ""
    cell_size: float = 0.0
    output_folder: str = ""
    model_type: str = "linknet"
    backbone: str = "resnet34"
    pretrained_model: str = ""
    backbone_weights: str = ""
    weights_cache: str = ""
    weight_init: str = "random"
    freeze: bool = False
    epochs: int = 20
    batch_size: int = 0
    accumulate: int = 1
    chip_size: int = 0
    learning_rate: float = 0.0
    validation_percent: float = 10.0
    split: str = "blocks"
    validation_data: list[str] = field(default_factory=list)
    early_stopping: bool = True
    patience: int = 5
    min_delta: float = 0.001
    monitor: str = "valid_loss"
    loss: str = ""
    positive_weight: float = 1.0
    cldice: float = 0.0
    skeleton_recall: float = 0.0
    augmentation: str = "default"
    augmentation_table: dict[str, str] = field(default_factory=dict)
    augmentation_file: str = ""
    centre_lines: bool = False
    gaussian_thresh: float = 0.76
    orient_bin_size: float = 20.0
    orient_theta: float = 8.0
    seed: int = 42
    device: str = "auto"
    precision: str = "auto"
    optimiser: str = "adamw"
    weight_average: float = 0.0
    base_width: int = 0
    compile: bool = False
    processes: int = 0
    tensorboard: bool = False
    onnx: bool = False
    network_scores: bool = False
    resume: bool = False


@dataclass
class TrainRefinementStage(TrainRoadExtractor):
    """Learn to mend the probability map of a trained model (Li, Comer and Zerubia 2022); write one package of both stages.

    The fields of ``TrainRoadExtractor`` that choose a network, and what it begins with, have no meaning here, but for
    ``base_width``: the channels of the refining network's first level.

    Attributes:
        first_model: package of the first stage, which stays as it is.
        layers: poolings of the refining network. residual: ``logit`` or ``probability``, how the map reaches the output.
        key_pixel_threshold, key_pixel_weight: pixels with a higher first probability weigh so much in the loss.
        min_sample_iou: chips whose first map is worse than that are not learned from.
        corruption: share of the training chips whose first map is spoiled, with erasures and false lines.
        folds: learn from maps of first networks that have not seen the chip: so many are trained for that; 0 for none.
        fold_epochs: of these trainings, 0 for as many as the first model took to its best.
    """

    name: ClassVar[str] = "trainrefinementstage"
    first_model: str = ""
    layers: int = 7
    residual: str = "logit"
    key_pixel_threshold: float = 0.05
    key_pixel_weight: float = 1.03
    min_sample_iou: float = 0.25
    corruption: float = 0.0
    folds: int = 0
    fold_epochs: int = 0
    base_width: int = 32
    loss: str = "key_pixels"
    learning_rate: float = 1e-4
    batch_size: int = 8
    validation_percent: float = 5.0
    patience: int = 10


@dataclass
class ClassifyPixels(Job):
    """Run a model over a raster; write roads as 1, the rest as 0, nodata as 255.

    Attributes:
        raster_copied: whether the file was made for this run, so that only its content tells it from another.
        model: ``.dlpk`` or ``.emd`` of a model package, or its folder.
        extent: xmin, ymin, xmax, ymax in the raster's CRS; empty for the whole raster.
        mask: vector file with polygons, in any CRS; what lies outside them becomes nodata. mask_layer: layer in it.
        cell_size: metres; 0 for the model's own.
        tile_size, padding: pixels; 0 to take the model's chip size (512 at least), and an eighth of the tile.
        batch_size: tiles at once, 0 to choose.
        probability: path of the optional probability raster. probability_format: ``uint8`` (0 to 254) or ``float32``.
        threshold: probability from which a pixel is road; 0 for the model's own.
        test_time_augmentation: 1, 2, 4 or 8 mirror images and quarter turns of each tile are classified.
        merge_policy: what becomes of their probabilities: ``mean``, ``max`` or ``min``.
        device: ``auto`` (all GPUs), ``cpu``, ``cuda``, ``cuda:N``, ``cuda:N,M`` or ``mps``. compile: let ``torch.compile`` make
            the network faster; the first tiles take minutes.
        reader_threads: that read ahead, 0 to choose.
        cog: write cloud-optimised GeoTIFFs.
        scheduler: address of a Dask scheduler (``tcp://host:port``), empty for this machine alone.
        vrt: with a scheduler, leave the workers' blocks as they are, under a VRT, instead of joining them.
    """

    name: ClassVar[str] = "classifypixels"
    raster: str = ""
    raster_crs: str = ""
    raster_copied: bool = False
    model: str = ""
    output: str = ""
    probability: str = ""
    probability_format: str = "uint8"
    extent: list[float] = field(default_factory=list)
    mask: str = ""
    mask_layer: str = ""
    cell_size: float = 0.0
    tile_size: int = 0
    padding: int = 0
    batch_size: int = 0
    threshold: float = 0.0
    test_time_augmentation: int = 1
    merge_policy: str = "mean"
    device: str = "auto"
    compile: bool = False
    reader_threads: int = 0
    cog: bool = False
    scheduler: str = ""
    vrt: bool = False


@dataclass
class RasterToRoadVector(Job):
    """Turn a raster of roads into a road network: lines, nodes and gaps to review in one GeoPackage.

    Attributes:
        raster: a classified raster (0, 1, 255 nodata), a mask, a probability raster (uint8 0-254, nodata 255, or float 0-1), or
            any raster of whole numbers with ``road_label``. raster_crs: WKT that overrides its own.
        road_label: which values of the raster are road, as ``road_label`` of a training; empty to find out.
        probability: probability raster beside a classified one, the evidence for gaps; empty for none, or where ``raster`` is
            one itself. probability_crs: WKT that overrides its own.
        raster_name, probability_name: what messages call them; empty for the files' own names.
        threshold: probability at which a pixel is road; None for what Classify Pixels noted in the raster, else 0.5.
        low_threshold: what hangs together with road goes on down to this probability (hysteresis); None for 0.6 times
            ``threshold``, equal to ``threshold`` for no hysteresis.
        min_dangle: dead ends shorter than this are pruned, metres.
        min_component: networks with less length than this are dropped, metres.
        max_gap: gaps up to this are closed where the evidence is good enough, metres, 0 to close none.
        min_gap_probability: mean probability along a gap that is good enough.
        merge_carriageways: carriageways less than this apart become one road, metres, 0 to keep them apart.
        smoothing: sigma of the smoothing along the line, metres, 0 for none; never more than three pixels.
        simplify: tolerance of the simplification, metres, 0 for none; never more than a pixel.
        travel_times: give roads ``speed_kmh`` and ``travel_time_s`` after their class.
        output: GeoPackage with the layers ``roads``, ``nodes`` and ``gaps``.
        graphml: GraphML file of the same network, empty for none.
        scheduler: address of a Dask scheduler whose workers thin the tiles, empty for this process alone.
    """

    name: ClassVar[str] = "rastertoroadvector"
    raster: str = ""
    raster_crs: str = ""
    road_label: str = ""
    probability: str = ""
    probability_crs: str = ""
    raster_name: str = ""
    probability_name: str = ""
    output: str = ""
    graphml: str = ""
    threshold: float | None = None
    low_threshold: float | None = None
    min_dangle: float = 7.0
    min_component: float = 40.0
    max_gap: float = 30.0
    min_gap_probability: float = 0.15
    merge_carriageways: float = 0.0
    smoothing: float = 2.0
    simplify: float = 0.75
    travel_times: bool = False
    scheduler: str = ""


@dataclass
class ComputeAccuracy(Job):
    """Compare a classified or probability raster with the truth, pixel by pixel; write a report and an error map.

    Attributes:
        prediction: classified (0, 1, 255 nodata) or probability raster (uint8 0-254, nodata 255, or float 0-1).
        truth: raster (any CRS and cell size) or vector file with lines or polygons. truth_layer: layer of a vector file, empty
            for the only one. truth_crs: WKT that overrides a raster's own. truth_label: which of a raster's values are road, as
            ``road_label`` of a training; empty for all but 0 and nodata.
        road_width: metres to which lines are widened. width_field: field with the width of each line, metres.
        mask: vector file with polygons; only what lies inside them counts. mask_layer: layer in it.
        extent: xmin, ymin, xmax, ymax in the prediction's CRS; empty for all of it.
        threshold: probability from which a pixel is road.
        tolerance: metres that a road may lie beside its truth in the relaxed scores; 0 for 3 pixels.
        block_size: side of the squares that are scored one by one, 16 to 4096 pixels.
        imagery: raster that the report shows beneath the errors, empty for none. imagery_crs: WKT that overrides its own.
        prediction_name, truth_name, mask_name: what the report calls them; empty for the files' own names.
        report: HTML file. error_map: raster, empty for none.
    """

    name: ClassVar[str] = "computeaccuracy"
    prediction: str = ""
    prediction_crs: str = ""
    truth: str = ""
    truth_layer: str = ""
    truth_crs: str = ""
    truth_label: str = ""
    road_width: float = 6.0
    width_field: str = ""
    mask: str = ""
    mask_layer: str = ""
    extent: list[float] = field(default_factory=list)
    threshold: float = 0.5
    tolerance: float = 0.0
    block_size: int = 512
    imagery: str = ""
    imagery_crs: str = ""
    prediction_name: str = ""
    truth_name: str = ""
    mask_name: str = ""
    report: str = ""
    error_map: str = ""


@dataclass
class CompareRoadNetworks(Job):
    """Compare two line layers as road networks; write a report, and what was matched, missed and extra.

    Attributes:
        roads, reference: vector files with lines, in any CRS. roads_layer, reference_layer: layers in them.
        mask: vector file with polygons; only what lies inside them counts. mask_layer: layer in it.
        buffer: metres within which roads match. snap: metres within which points of one network are found in the other.
        spacing: metres between the points between which APLS measures routes, and that TOPO starts from.
        weight: ``length`` or ``time``, of the routes. speed_field: field of both layers with km/h; ``default_speed`` where it is
            empty or missing.
        samples: most routes of APLS in each direction, drawn at random from ``seed``; fewer are all taken.
        roads_name, reference_name, mask_name: what the report calls them; empty for the files' own names.
        report: HTML file. output: GeoPackage with the layers ``matched``, ``missed`` and ``extra``, empty for none.
    """

    name: ClassVar[str] = "compareroadnetworks"
    roads: str = ""
    roads_layer: str = ""
    reference: str = ""
    reference_layer: str = ""
    mask: str = ""
    mask_layer: str = ""
    buffer: float = 5.0
    snap: float = 4.0
    spacing: float = 50.0
    weight: str = "length"
    speed_field: str = ""
    default_speed: float = 50.0
    samples: int = 100_000
    seed: int = 0
    roads_name: str = ""
    reference_name: str = ""
    mask_name: str = ""
    report: str = ""
    output: str = ""


_JOBS = {
    job.name: job for job in (
        CheckEnvironment, ExportTrainingData, PreviewTrainingData, TrainRoadExtractor, TrainRefinementStage, ClassifyPixels,
        RasterToRoadVector, ComputeAccuracy, CompareRoadNetworks,
    )
}


def encode_job(job: Job) -> str:
    """Return the job as one line of ASCII JSON, without the line end."""
    return json.dumps({"protocol": PROTOCOL, "job": job.name, "arguments": asdict(job)}, ensure_ascii=True)


def decode_job(line: str) -> Job:
    """Return the job that a line of JSON describes.

    Raises:
        ValueError: the line is no job, comes from another version of the plugin, or an argument has the wrong type.
    """
    try:
        record = json.loads(line)
        job_class, arguments = _JOBS[record["job"]], record["arguments"]
        protocol = record["protocol"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"this is no Roadsmith job: {line[:80]!r}") from error
    if protocol != PROTOCOL:
        raise ValueError(f"the job speaks protocol {protocol}, this worker {PROTOCOL}: restart QGIS after updating the plugin")
    defaults = {each.name: _default(each) for each in fields(job_class)}
    for name, value in arguments.items():
        if name not in defaults:
            raise ValueError(f"job {job_class.name} has no argument {name!r}")
        if not _same_type(value, defaults[name]):
            raise ValueError(f"argument {name} of job {job_class.name} cannot be {value!r}")
    return job_class(**arguments)


def _default(each: Any) -> Any:
    return each.default_factory() if each.default is MISSING else each.default


def _same_type(value: Any, default: Any) -> bool:
    if default is None:  # a number that may be missing
        return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, float):
        return isinstance(value, (int, float))
    return isinstance(value, type(default))
