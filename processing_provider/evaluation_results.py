"""What the evaluations give back: files to check, numbers, styles."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from qgis.core import QgsLineSymbol, QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException, QgsSymbol

from .algorithm import tr

#: Right, invented, missed: the same in pixels and in lines.
FOUND_COLOUR, EXTRA_COLOUR, MISSED_COLOUR = "#28a03c", "#dc3228", "#285ae6"
_ERROR_MAP = f"""<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
        <paletteEntry value="0" color="#f0f0eb" alpha="0" label="{{empty}}"/>
        <paletteEntry value="1" color="{FOUND_COLOUR}" alpha="255" label="{{found}}"/>
        <paletteEntry value="2" color="{EXTRA_COLOUR}" alpha="255" label="{{extra}}"/>
        <paletteEntry value="3" color="{MISSED_COLOUR}" alpha="255" label="{{missed}}"/>
      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
"""


def write_error_style(raster: Path) -> None:
    """Write ``NAME.qml`` beside an error map; QGIS finds it whenever it opens the file."""
    labels = {
        "empty": tr("rightly empty"), "found": tr("road found"), "extra": tr("found where there is none"),
        "missed": tr("road missed"),
    }
    style = _ERROR_MAP.format(**{name: escape(text) for name, text in labels.items()})
    raster.with_suffix(".qml").write_text(style, encoding="utf-8")


def line_symbol(colour: str) -> QgsSymbol:
    """Return a line of that colour."""
    return QgsLineSymbol.createSimple({"color": colour, "width": "0.6", "capstyle": "round", "joinstyle": "round"})


def report_path(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
    """Return the absolute path of the report.

    Raises:
        QgsProcessingException: it is no HTML file.
    """
    path = Path(algorithm.parameterAsFileOutput(parameters, name, context)).absolute()
    if path.suffix.lower() not in (".html", ".htm"):
        raise QgsProcessingException(tr("{} must end in .html, not {}.").format(name, path.name))
    return str(path)


def numbers(result: dict[str, Any], keys: dict[str, str]) -> dict[str, float]:
    """Return the scores under their public names; those that the worker could not tell are left out."""
    return {name: result[key] for name, key in keys.items() if result.get(key) is not None}
