"""Default styles beside the rasters the tools write, so that roads lie over the imagery at once."""

from __future__ import annotations

from pathlib import Path

_CLASSIFIED = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
        <paletteEntry value="0" color="#000000" alpha="0" label="background"/>
        <paletteEntry value="1" color="#e63c28" alpha="220" label="road"/>
      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
"""


def write_classified_style(raster: Path) -> None:
    """Write ``NAME.qml`` beside a classified raster: background transparent, roads red. QGIS loads it with the raster."""
    raster.with_suffix(".qml").write_text(_CLASSIFIED, encoding="utf-8")
