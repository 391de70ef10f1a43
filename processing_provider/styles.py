"""How results look when QGIS loads them: roads over the imagery at once, with nothing to click."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import ClassVar

from qgis.core import (
    QgsFeatureRenderer,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsSingleSymbolRenderer,
    QgsSymbol,
)

from .translation import tr

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_CLASSIFIED = _HEAD + """<qgis styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
        <paletteEntry value="0" color="#000000" alpha="0" label="{background}"/>
        <paletteEntry value="1" color="#e63c28" alpha="220" label="{road}"/>
      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
"""


def _probability_style(certain: int) -> str:
    """Return the style of probabilities from 0 to ``certain``; opacity grows with them, so that the imagery shows elsewhere."""
    colours = ((0, "#ffe650", 0), (0.25, "#ffc83c", 60), (0.5, "#ff8c28", 160), (1, "#e61e1e", 240))
    items = "".join(
        f'<item value="{share * certain:g}" color="{colour}" alpha="{alpha}" label="{share:g}"/>'
        for share, colour, alpha in colours
    )
    return _HEAD + f"""<qgis styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor=""
        classificationMin="0" classificationMax="{certain}">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" minimumValue="0" maximumValue="{certain}" clip="0">
          {items}
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
  </pipe>
</qgis>
"""


CLASSIFIED, PROBABILITY, FLOAT_PROBABILITY = "classified", "probability", "float probability"
_RASTER_STYLES = {CLASSIFIED: _CLASSIFIED, PROBABILITY: _probability_style(254), FLOAT_PROBABILITY: _probability_style(1)}


def write_raster_style(raster: Path, kind: str) -> None:
    """Write ``NAME.qml`` beside a raster of one of the kinds above; QGIS finds it whenever it opens the file."""
    style = _RASTER_STYLES[kind].format(background=escape(tr("background")), road=escape(tr("road")))
    raster.with_suffix(".qml").write_text(style, encoding="utf-8")


class ResultStyle(QgsProcessingLayerPostProcessorInterface):
    """Gives a result layer its style when Processing loads it.

    Processing loads results without the style file beside them, and does not own this object: it is kept here until the
    layer is there.

    Args:
        look: of a vector layer: its renderer, or the one symbol of all features; None for the style file beside a raster.
    """

    _kept: ClassVar[list[ResultStyle]] = []

    def __init__(self, look: QgsSymbol | QgsFeatureRenderer | None = None) -> None:
        super().__init__()
        self._renderer = QgsSingleSymbolRenderer(look) if isinstance(look, QgsSymbol) else look

    def postProcessLayer(self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> None:
        """Set the renderer of a vector layer, or the style file beside a raster; called by QGIS on the main thread."""
        if self._renderer is not None:
            layer.setRenderer(self._renderer.clone())
        else:
            layer.loadDefaultStyle()
        layer.triggerRepaint()

    def attach(self, layer_id: str, context: QgsProcessingContext) -> None:
        """Ask Processing to call this object when it loads the layer; nothing happens if it will not load it."""
        if context.willLoadLayerOnCompletion(layer_id):
            self._kept[:] = [*self._kept[-20:], self]
            context.layerToLoadOnCompletionDetails(layer_id).setPostProcessor(self)
