"""ArcGIS's "Classified Tiles" metadata: ``map.txt``, ``stats.txt``, the model definition template, the accumulated statistics.

Layout and keys: files written by ArcGIS Pro, as public repositories hold them. The statistics are resumable, so that a later
export into the same folder goes on where the earlier one ended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import EngineError
from .label_classes import LabelClass, road_class
from .metadata_files import (
    ACCUMULATED_FILE,
    MAP_FILE,
    STATS_FILE,
    TEMPLATE_FILE,
    read_json,
    read_map,
    replace_text,
)
from .statistics import BandAccumulator, RangeAccumulator

#: Label of pixels without imagery. Declared as the label file's nodata, so that ArcGIS reads it as background.
NODATA_LABEL = 255

_PLACEHOLDERS = {
    "Framework": "e.g. PyTorch",
    "ModelConfiguration": "e.g. MultiTaskRoadExtractor",
    "ModelType": "e.g. ImageClassification",
    "ModelFile": "e.g. road_model.safetensors",
    "Description": "e.g. what the model extracts",
    "ExtractBands": "e.g. [0, 1, 2]",
    "DataRange": "e.g. [0.0, 1.0]",
    "ModelPadding": "e.g. 64",
    "BatchSize": "e.g. 8",
    "PerProcessGPUMemoryFraction": "e.g. 0.8",
}


@dataclass
class ClassFigures:
    """What is counted of one class.

    Attributes:
        images: chips that hold it.
        sizes: of its features within the chips, map units²; of its pixels per chip where labels come from a raster.
    """

    images: int = 0
    sizes: RangeAccumulator = field(default_factory=RangeAccumulator)


@dataclass
class TileCollection:
    """All that the metadata of a training data folder says; grows chip by chip.

    Attributes:
        next_index: number of the next candidate position; skipped positions leave gaps, as in ArcGIS.
        cell_size: x and y size of a pixel in map units. wkid: EPSG code of the map, 0 if it has none.
        from_features: whether labels come from features; otherwise from a raster, and pixels are counted.
        chips: (image, label) paths relative to the folder, with forward slashes.
        per_image: of each chip the number of its features; of its classes where labels come from a raster.
        figures: per class value.
    """

    band_count: int
    tile_size: int
    cell_size: tuple[float, float]
    wkid: int
    sensor: str = ""
    from_features: bool = True
    classes: list[LabelClass] = field(default_factory=lambda: [road_class()])
    chips: list[tuple[str, str]] = field(default_factory=list)
    next_index: int = 0
    bands: list[BandAccumulator] = field(default_factory=list)
    per_image: RangeAccumulator = field(default_factory=RangeAccumulator)
    figures: dict[int, ClassFigures] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.bands:
            self.bands = [BandAccumulator() for _ in range(self.band_count)]

    def add_chip(self, image: str, label: str, sizes: Mapping[int, RangeAccumulator], bands: list[BandAccumulator]) -> None:
        """Register a chip.

        Args:
            sizes: per class in the chip, the figures that ``ClassFigures.sizes`` gathers. bands: of the chip's valid pixels.
        """
        self.chips.append((image, label))
        self.per_image.add(sum(each.count for each in sizes.values()) if self.from_features else len(sizes))
        for value, figures in sizes.items():
            known = self.figures.setdefault(value, ClassFigures())
            known.images += 1
            known.sizes.merge(figures)
        for own, other in zip(self.bands, bands):
            own.merge(other)

    def _figures(self) -> list[ClassFigures]:
        return [self.figures.get(each.value, ClassFigures()) for each in self.classes]

    def write(self, folder: Path) -> None:
        """Write the four metadata files; each appears complete, the map last, so that a reader never sees a gap."""
        replace_text(folder / ACCUMULATED_FILE, json.dumps(self._accumulated(), indent=2))
        replace_text(folder / TEMPLATE_FILE, json.dumps(self._template(), indent=2))
        replace_text(folder / STATS_FILE, self._stats_text())
        lines = ["{}  {}".format(image.replace("/", "\\"), label.replace("/", "\\")) for image, label in self.chips]
        replace_text(folder / MAP_FILE, "".join(line + "\n" for line in lines))

    def _cell_size_record(self) -> dict[str, Any]:
        reference = {"wkid": self.wkid, "latestWkid": self.wkid}
        return {"x": self.cell_size[0], "y": self.cell_size[1], "spatialReference": reference}

    def _raster_record(self) -> dict[str, Any]:
        names = [f"Band_{number}" for number in range(1, self.band_count + 1)]
        return {"RasterCount": 1, "SensorName": self.sensor, "BandNames": names}

    def _accumulated(self) -> dict[str, Any]:
        return {
            "Version": 1,
            "NumBands": self.band_count,
            "TileSizeX": self.tile_size,
            "TileSizeY": self.tile_size,
            "NumClasses": len(self.classes),
            "NumTiles": len(self.chips),
            "NumTilesAsDouble": float(len(self.chips)),
            "NextTileIndex": self.next_index,
            "OutputFeatures": self.from_features,
            "MetaDataMode": "Classified_Tiles",
            "MinCellSize": self._cell_size_record(),
            "MaxCellSize": self._cell_size_record(),
            "Classes": [{"ClassValue": each.value, "ClassName": each.name, "Color": each.colour} for each in self.classes],
            "InputRastersProps": [self._raster_record()],
            "BandStatsState": [band.state() for band in self.bands],
            **self._class_record(),
        }

    def _class_record(self) -> dict[str, Any]:
        figures = self._figures()
        common = {
            "NumClasses": len(self.classes), "NumImagesTotal": len(self.chips),
            "NumImagesPerClass": [each.images for each in figures],
        }
        if not self.from_features:
            return {"ClassPixelStats": {
                **common,
                "NumPixelsPerClass": [int(each.sizes.sum) for each in figures],
                "NumClassesPerImage": self.per_image.state(),
                "PixelsPerClass": [each.sizes.state() for each in figures],
            }}
        counts = [each.sizes.count for each in figures]
        return {"FeatureStats": {
            **common,
            "NumFeaturesTotal": sum(counts),
            "NumFeaturesPerClass": counts,
            "NumFeaturesPerImage": self.per_image.state(),
            "FeatureAreaPerClass": [each.sizes.state() for each in figures],
        }}

    def _template(self) -> dict[str, Any]:
        figures = [band.statistics for band in self.bands]
        statistics = [
            {"BandName": f"Band_{number}", "Min": each.minimum, "Max": each.maximum, "Mean": each.mean, "StdDev": each.std}
            for number, each in enumerate(figures, 1)
        ]
        return {
            **_PLACEHOLDERS,
            "ImageHeight": self.tile_size,
            "ImageWidth": self.tile_size,
            "MetaDataMode": "Classified_Tiles",
            "BlackenAroundFeature": False,
            "IsMultidimensional": False,
            "CropTileMode": "Fixed_Size",
            "ImageSpaceUsed": "MAP_SPACE",
            "MinCellSize": self._cell_size_record(),
            "MaxCellSize": self._cell_size_record(),
            "Classes": [{"Value": each.value, "Name": each.name, "Color": each.colour} for each in self.classes],
            "InputRastersProps": self._raster_record(),
            "AllTilesStats": statistics,
        }

    def _stats_text(self) -> str:
        kind, counted = ("feature", "features") if self.from_features else ("pixel", "classes")
        per_image, figures = self.per_image.state(), self._figures()
        total = sum(each.sizes.count for each in figures) if self.from_features else int(sum(each.sizes.sum for each in figures))
        header = ("cls name", "cls value", "images", f"{kind}s", "min size", "mean size", "max size")
        rows = [(each.name, str(each.value), *_table_row(own, self.from_features)) for each, own in zip(self.classes, figures)]
        return "\n".join([
            f"images = {len(self.chips)} *{self.band_count}*{self.tile_size}*{self.tile_size}",
            "",
            f"Class {kind} statistics:",
            f"{kind}s = {total}",
            f"{counted} per image = [min = {per_image['Min']:.0f}, mean = {per_image['Mean']:.2f}, max = {per_image['Max']:.0f}]",
            f"classes = {len(self.classes)}",
            *("".join(f"{text:>14}" for text in row) for row in (header, *rows)),
            "",
        ])


def _table_row(figures: ClassFigures, from_features: bool) -> tuple[str, ...]:
    sizes = figures.sizes.state()
    count = sizes["Count"] if from_features else int(sizes["Sum"])
    return str(figures.images), str(count), *(_size_text(sizes[name]) for name in ("Min", "Mean", "Max"))


def _size_text(value: float) -> str:
    """Return two decimals, or three digits where those would show nothing: square degrees are large."""
    return f"{value:.3g}" if 0 < value < 0.01 else f"{value:.2f}"


def resume(folder: Path) -> TileCollection:
    """Return the collection an earlier export left in ``folder``.

    Raises:
        EngineError: the metadata is missing, damaged or of another kind of training data.
    """
    record = read_json(folder / ACCUMULATED_FILE)
    chips = read_map(folder)
    try:
        from_features = "FeatureStats" in record
        cell, raster = record["MinCellSize"], record["InputRastersProps"]
        classes = [
            LabelClass(int(each["ClassValue"]), str(each["ClassName"]), [int(part) for part in each["Color"]])
            for each in record["Classes"]
        ]
        per_image, figures = _class_figures(record, classes, from_features)
        collection = TileCollection(
            band_count=int(record["NumBands"]),
            tile_size=int(record["TileSizeX"]),
            cell_size=(float(cell["x"]), float(cell["y"])),
            wkid=int(cell["spatialReference"].get("wkid") or 0),
            sensor=str((raster[0] if isinstance(raster, list) else raster).get("SensorName", "")),
            from_features=from_features,
            classes=classes,
            chips=chips,
            next_index=int(record["NextTileIndex"]),
            bands=[BandAccumulator(state) for state in record["BandStatsState"]],
            per_image=per_image,
            figures=figures,
        )
        stored = int(record["NumTiles"])
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise EngineError(
            f"{folder / ACCUMULATED_FILE} lacks what is needed to append to this folder ({error!r}): export to a new folder."
        ) from error
    if stored != len(chips):
        raise EngineError(
            f"The training data folder {folder} is inconsistent: its statistics count {stored} chips, its {MAP_FILE} names "
            f"{len(chips)}. Export to a new folder."
        )
    return collection


def _class_figures(
    record: Mapping[str, Any], classes: list[LabelClass], from_features: bool
) -> tuple[RangeAccumulator, dict[int, ClassFigures]]:
    stats = record["FeatureStats" if from_features else "ClassPixelStats"]
    images = stats["NumImagesPerClass"]
    sizes = stats["FeatureAreaPerClass" if from_features else "PixelsPerClass"]
    per_image = stats["NumFeaturesPerImage" if from_features else "NumClassesPerImage"]
    figures = {
        each.value: ClassFigures(int(images[place]), RangeAccumulator(sizes[place])) for place, each in enumerate(classes)
    }
    return RangeAccumulator(per_image), figures
