"""ArcGIS's "Classified Tiles" metadata: ``map.txt``, ``stats.txt``, the model definition template, the accumulated statistics.

Layout and keys: files written by ArcGIS Pro, as public repositories hold them. The statistics are resumable, so that a later
export into the same folder goes on where the earlier one ended.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import EngineError
from .statistics import BandAccumulator, RangeAccumulator

MAP_FILE = "map.txt"
STATS_FILE = "stats.txt"
TEMPLATE_FILE = "esri_model_definition.emd"
ACCUMULATED_FILE = "esri_accumulated_stats.json"
#: What ArcGIS has no place for: cell size in metres, source bands, road width, source.
ROADSMITH_FILE = "roadsmith.json"

ROAD_VALUE = 1
ROAD_NAME = "road"
ROAD_COLOUR = [230, 60, 40]
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
class TileCollection:
    """All that the metadata of a training data folder says; grows chip by chip.

    Attributes:
        chips: (image, label) paths relative to the folder, with forward slashes.
        next_index: number of the next candidate position; skipped positions leave gaps, as in ArcGIS.
        cell_size: x and y size of a pixel in map units. wkid: EPSG code of the map, 0 if it has none.
    """

    band_count: int
    tile_size: int
    cell_size: tuple[float, float]
    wkid: int
    sensor: str = ""
    chips: list[tuple[str, str]] = field(default_factory=list)
    next_index: int = 0
    bands: list[BandAccumulator] = field(default_factory=list)
    features_per_image: RangeAccumulator = field(default_factory=RangeAccumulator)
    feature_areas: RangeAccumulator = field(default_factory=RangeAccumulator)
    images_with_features: int = 0

    def __post_init__(self) -> None:
        if not self.bands:
            self.bands = [BandAccumulator() for _ in range(self.band_count)]

    def add_chip(self, image: str, label: str, areas: list[float]) -> None:
        """Register a chip and the areas (map units²) of the road features in it."""
        self.chips.append((image, label))
        self.features_per_image.add(len(areas))
        self.images_with_features += bool(areas)
        for area in areas:
            self.feature_areas.add(area)

    def write(self, folder: Path) -> None:
        """Write the four metadata files; each appears complete, the map last, so that a reader never sees a gap."""
        _replace(folder / ACCUMULATED_FILE, json.dumps(self._accumulated(), indent=2))
        _replace(folder / TEMPLATE_FILE, json.dumps(self._template(), indent=2))
        _replace(folder / STATS_FILE, self._stats_text())
        lines = ["{}  {}".format(image.replace("/", "\\"), label.replace("/", "\\")) for image, label in self.chips]
        _replace(folder / MAP_FILE, "".join(line + "\n" for line in lines))

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
            "NumClasses": 1,
            "NumTiles": len(self.chips),
            "NumTilesAsDouble": float(len(self.chips)),
            "NextTileIndex": self.next_index,
            "OutputFeatures": True,
            "MetaDataMode": "Classified_Tiles",
            "MinCellSize": self._cell_size_record(),
            "MaxCellSize": self._cell_size_record(),
            "Classes": [{"ClassValue": ROAD_VALUE, "ClassName": ROAD_NAME, "Color": ROAD_COLOUR}],
            "InputRastersProps": [self._raster_record()],
            "BandStatsState": [band.state() for band in self.bands],
            "FeatureStats": {
                "NumClasses": 1,
                "NumImagesTotal": len(self.chips),
                "NumFeaturesTotal": self.feature_areas.count,
                "NumImagesPerClass": [self.images_with_features],
                "NumFeaturesPerClass": [self.feature_areas.count],
                "NumFeaturesPerImage": self.features_per_image.state(),
                "FeatureAreaPerClass": [self.feature_areas.state()],
            },
        }

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
            "Classes": [{"Value": ROAD_VALUE, "Name": ROAD_NAME, "Color": ROAD_COLOUR}],
            "InputRastersProps": self._raster_record(),
            "AllTilesStats": statistics,
        }

    def _stats_text(self) -> str:
        per_image, areas = self.features_per_image, self.feature_areas.state()
        counts = per_image.state()
        header = ("cls name", "cls value", "images", "features", "min size", "mean size", "max size")
        row = (ROAD_NAME, str(ROAD_VALUE), str(self.images_with_features), str(self.feature_areas.count),
               f"{areas['Min']:.2f}", f"{areas['Mean']:.2f}", f"{areas['Max']:.2f}")
        return "\n".join([
            f"images = {len(self.chips)} *{self.band_count}*{self.tile_size}*{self.tile_size}",
            "",
            "Class feature statistics:",
            f"features = {self.feature_areas.count}",
            f"features per image = [min = {counts['Min']:.0f}, mean = {counts['Mean']:.2f}, max = {counts['Max']:.0f}]",
            "classes = 1",
            "".join(f"{text:>14}" for text in header),
            "".join(f"{text:>14}" for text in row),
            "",
        ])


def resume(folder: Path) -> TileCollection:
    """Return the collection an earlier export left in ``folder``.

    Raises:
        EngineError: the metadata is missing, damaged or of another kind of training data.
    """
    record = read_json(folder / ACCUMULATED_FILE)
    try:
        features = record["FeatureStats"]
        cell, raster = record["MinCellSize"], record["InputRastersProps"]
        collection = TileCollection(
            band_count=int(record["NumBands"]),
            tile_size=int(record["TileSizeX"]),
            cell_size=(float(cell["x"]), float(cell["y"])),
            wkid=int(cell["spatialReference"].get("wkid") or 0),
            sensor=str((raster[0] if isinstance(raster, list) else raster).get("SensorName", "")),
            chips=read_map(folder),
            next_index=int(record["NextTileIndex"]),
            bands=[BandAccumulator(state) for state in record["BandStatsState"]],
            features_per_image=RangeAccumulator(features["NumFeaturesPerImage"]),
            feature_areas=RangeAccumulator(features["FeatureAreaPerClass"][0]),
            images_with_features=int(features["NumImagesPerClass"][0]),
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise EngineError(
            f"{folder / ACCUMULATED_FILE} lacks what is needed to append to this folder ({error!r}): export to a new folder."
        ) from error
    return collection


def read_map(folder: Path) -> list[tuple[str, str]]:
    """Return the (image, label) pairs of ``map.txt``: first and last word of each line, slashes either way."""
    try:
        text = (folder / MAP_FILE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{folder / MAP_FILE} cannot be read ({error}).") from error
    rows = [line.replace("\\", "/").split() for line in text.splitlines() if line.strip()]
    short = next((number for number, row in enumerate(rows, 1) if len(row) < 2), None)
    if short is not None:
        raise EngineError(f"{folder / MAP_FILE}, entry {short}, names no label beside the image: export the data again.")
    return [(row[0], row[-1]) for row in rows]


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in ``path``.

    Raises:
        EngineError: the file is missing or holds no JSON object.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise EngineError(f"{path} cannot be read as training data metadata ({error}).") from error
    if not isinstance(record, dict):
        raise EngineError(f"{path} cannot be read as training data metadata: it holds no JSON object.")
    return record


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(f"{path.name}.new")
    partial.write_bytes(text.encode("utf-8"))  # bytes: the same line ends on every system
    partial.replace(path)
