"""From the files of the parts to one raster: under one roof as a GDAL virtual raster, then copied, with overviews."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window as FileWindow

from ..aside import aside
from ..errors import EngineError
from ..raster.grid import Window, tile_windows
from ..reporter import Reporter
from .layers import CLASS_COLOURS, Layer, category_names
from .part_files import part_file
from .parts import Part
from .raster_output import BLOCK, check_written, create

#: Overviews stop when the smaller side is about one screen tile.
_SMALLEST_OVERVIEW = 256
#: Pixels that are copied at a time.
_COPY_ROWS, _COPY_COLUMNS = 2 * BLOCK, 20 * BLOCK
#: Processor cores write and reduce together.
_ALL_CORES = {"GDAL_NUM_THREADS": "ALL_CPUS"}


def write_vrt(
    path: Path, folder: Path, layer: Layer, parts: Iterable[Part], records: Mapping[int, Mapping[str, Any]], area: Window,
    transform: Affine, crs: str,
) -> None:
    """Write a virtual raster of the parts' files; a part without a file is nodata.

    Args:
        path: ``.vrt``. folder: of the files; the virtual raster names them relative to itself and can be moved with them.
        transform: of the area. crs: WKT.
    """
    sources = []
    for part in parts:
        if layer.kind in records[part.number]["bytes"]:
            window, (name, is_relative) = part.window, _named_from(path, part_file(folder, layer, part.number))
            size = f'xSize="{window.width}" ySize="{window.height}"'
            place = f'xOff="{window.column - area.column}" yOff="{window.row - area.row}"'
            sources.append(
                f'<SimpleSource><SourceFilename relativeToVRT="{is_relative:d}">{escape(name)}</SourceFilename>'
                f'<SourceBand>1</SourceBand><SourceProperties RasterXSize="{window.width}" RasterYSize="{window.height}" '
                f'DataType="{_gdal_type(layer)}" BlockXSize="{BLOCK}" BlockYSize="{BLOCK}"/>'
                f'<SrcRect xOff="0" yOff="0" {size}/><DstRect {place} {size}/></SimpleSource>'
            )
    colours = ""
    if layer.is_classes:
        entries = (CLASS_COLOURS.get(value, (0, 0, 0, 0)) for value in range(256))
        table = "".join(f'<Entry c1="{red}" c2="{green}" c3="{blue}" c4="{alpha}"/>' for red, green, blue, alpha in entries)
        colours = f"<ColorInterp>Palette</ColorInterp>{category_names()}<ColorTable>{table}</ColorTable>"
    tags = "".join(f'<MDI key="{key}">{value}</MDI>' for key, value in layer.tags.items())
    geotransform = ", ".join(repr(float(each)) for each in transform.to_gdal())
    path.write_text(
        f'<VRTDataset rasterXSize="{area.width}" rasterYSize="{area.height}"><SRS dataAxisToSRSAxisMapping="1,2">{escape(crs)}'
        f"</SRS><GeoTransform>{geotransform}</GeoTransform><Metadata>{tags}</Metadata>"
        f'<VRTRasterBand dataType="{_gdal_type(layer)}" band="1"><NoDataValue>{layer.nodata:g}</NoDataValue>{colours}'
        f"{''.join(sources)}</VRTRasterBand></VRTDataset>\n", encoding="utf-8",
    )


def _named_from(path: Path, file: Path) -> tuple[str, bool]:
    """Return how a virtual raster names a file, and whether that is relative to it."""
    try:
        return Path(os.path.relpath(file, path.parent)).as_posix(), True
    except ValueError:  # another drive of Windows
        return str(file), False


def join_parts(vrt: Path, target: Path, layer: Layer, cog: bool, reporter: Reporter) -> None:
    """Copy a virtual raster into one GeoTIFF with overviews, cloud-optimised if wanted.

    Args:
        target: temporary name. reporter: its phase is the share of this raster.

    Raises:
        Cancelled: the user asked to stop. EngineError: a part cannot be read, or the disk is full.
    """
    resampling = Resampling.mode if layer.is_classes else Resampling.average
    try:
        with rasterio.Env(**_ALL_CORES):
            if cog:
                options = {
                    "COMPRESS": "DEFLATE", "LEVEL": layer.compression.get("zlevel", 6), "BLOCKSIZE": BLOCK,
                    "PREDICTOR": "YES" if layer.dtype == "float32" else "NO",
                    "OVERVIEW_RESAMPLING": resampling.name.upper(), "BIGTIFF": "IF_SAFER", "NUM_THREADS": "ALL_CPUS",
                }
                aside(lambda: rasterio.shutil.copy(vrt, target, driver="COG", **options), reporter)
                target.with_name(f"{target.name}.aux.xml").unlink(missing_ok=True)  # the class names; the caller writes them
            else:
                factors = _copy(vrt, target, layer, reporter)
                if factors:
                    aside(lambda: _add_overviews(target, factors, resampling), reporter)
        check_written(target)
        reporter.progress(1, 1)
    except RasterioError as error:
        raise EngineError(f"{target} could not be completed: is the disk full? ({error})", "disk") from error


def _copy(vrt: Path, target: Path, layer: Layer, reporter: Reporter) -> list[int]:
    """Copy block by block; return the factors of the overviews that the raster needs."""
    with rasterio.open(vrt) as source:
        area = Window(0, 0, source.height, source.width)
        windows: Sequence[Window] = list(tile_windows(area, _COPY_ROWS, _COPY_COLUMNS))
        with create(
            target, layer, source.height, source.width, source.transform, source.crs.to_wkt(), num_threads="all_cpus"
        ) as file:
            for done, window in enumerate(windows):
                reporter.progress(done, len(windows))
                place = FileWindow(window.column, window.row, window.width, window.height)
                file.write(source.read(1, window=place), 1, window=place)
    factors: list[int] = []
    while min(area.height, area.width) / 2 ** (len(factors) + 1) >= _SMALLEST_OVERVIEW:
        factors.append(2 ** (len(factors) + 1))
    return factors


def _add_overviews(target: Path, factors: list[int], resampling: Resampling) -> None:
    with rasterio.Env(**_ALL_CORES), rasterio.open(target, "r+") as file:
        file.build_overviews(factors, resampling)


def _gdal_type(layer: Layer) -> str:
    return {"uint8": "Byte", "float32": "Float32"}[layer.dtype]
