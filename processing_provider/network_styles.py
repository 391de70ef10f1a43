"""How a road network looks when QGIS loads it: roads by class over the imagery, nodes by kind, gaps by how likely they are."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFeatureRenderer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsRendererCategory,
    QgsRuleBasedRenderer,
    QgsSimpleLineSymbolLayer,
    QgsSymbol,
)

from .algorithm import tr

#: Around every road, so that it shows over light and dark imagery alike.
_CASING = "45,24,16,230"
_GAP = "255,0,220"
#: Wide roads are drawn over narrow ones, all roads over all casings.
_CASING_PASS, _FIRST_ROAD_PASS = 0, 1


@dataclass(frozen=True)
class _Stroke:
    """A line that is ``metres`` wide on the map, but on the screen no thinner and no thicker than so many millimetres."""

    metres: float
    thinnest: float
    thickest: float

    def properties(self) -> dict[str, str]:
        return {
            "line_width": f"{self.metres:g}",
            "line_width_unit": "RenderMetersInMapUnits",
            "width_map_unit_scale": f"3x:0,0,1,{self.thinnest:g},1,{self.thickest:g}",
            "capstyle": "round",
            "joinstyle": "round",
        }

    def casing(self) -> _Stroke:
        return _Stroke(self.metres * 1.5, self.thinnest + 0.4, self.thickest + 0.6)


#: Class, colour and stroke of a road, narrow ones first. The strokes are narrower than the roads, which are to be seen.
_ROADS = (
    ("track", "255,250,215", _Stroke(1.0, 0.26, 0.7)),
    ("residential", "255,220,70", _Stroke(2.0, 0.4, 1.1)),
    ("secondary", "250,145,30", _Stroke(3.5, 0.55, 1.5)),
    ("primary", "230,50,40", _Stroke(6.0, 0.7, 2.0)),
)
_CLOSED_GAP = _Stroke(0.9, 0.24, 0.6)


def road_renderer() -> QgsFeatureRenderer:
    """Return the style of roads: colour and width by class, closed gaps dashed."""
    labels = {
        "track": tr("Track (under 4 m wide)"), "residential": tr("Residential (4 to 7 m)"),
        "secondary": tr("Secondary (7 to 12 m)"), "primary": tr("Primary (over 12 m)"),
    }
    root = QgsRuleBasedRenderer.Rule(None)
    for number, (name, colour, stroke) in reversed(list(enumerate(_ROADS))):
        symbol = _line((stroke.casing(), _CASING, _CASING_PASS), (stroke, colour, _FIRST_ROAD_PASS + number))
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, f"\"road_class\" = '{name}'", labels[name]))
    dashes = _line((_CLOSED_GAP, _GAP, _FIRST_ROAD_PASS + len(_ROADS)), dash="1.2;1.6")
    root.appendChild(QgsRuleBasedRenderer.Rule(dashes, 0, 0, '"bridged"', tr("With a closed gap")))
    renderer = QgsRuleBasedRenderer(root)
    renderer.setUsingSymbolLevels(True)
    return renderer


def node_renderer() -> QgsFeatureRenderer:
    """Return the style of nodes by their kind."""
    kinds = (
        ("junction", tr("Junction"), "255,255,255", 1.9), ("end", tr("Dead end"), "60,160,255", 1.9),
        ("ring", tr("Beginning of a ring"), "150,150,150", 1.6),
    )
    categories = [QgsRendererCategory(kind, _dot(colour, size), label) for kind, label, colour, size in kinds]
    return QgsCategorizedSymbolRenderer("kind", categories)


def gap_renderer() -> QgsFeatureRenderer:
    """Return the style of gaps to review, the thicker the likelier."""
    root = QgsRuleBasedRenderer.Rule(None)
    for condition, label, stroke in (
        ('"mean_probability" >= 0.3', tr("Likely a road (probability from 0.3)"), _Stroke(3.0, 0.7, 1.1)),
        ('"mean_probability" >= 0.1 AND "mean_probability" < 0.3', tr("Perhaps (0.1 to 0.3)"), _Stroke(2.0, 0.45, 0.8)),
        ('"mean_probability" < 0.1 OR "mean_probability" IS NULL', tr("Little or no evidence"), _Stroke(1.0, 0.25, 0.5)),
    ):
        symbol = _line((stroke.casing(), "255,255,255,150", 0), (stroke, _GAP, 0), dash="2;1.6")
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, condition, label))
    return QgsRuleBasedRenderer(root)


def _line(*layers: tuple[_Stroke, str, int], dash: str = "") -> QgsLineSymbol:
    """Return lines over each other, each with its stroke, colour and rendering pass; ``dash`` is that of the topmost one."""
    symbol = QgsLineSymbol()
    symbol.deleteSymbolLayer(0)
    for number, (stroke, colour, rendering_pass) in enumerate(layers, 1):
        properties = {**stroke.properties(), "line_color": colour}
        if dash and number == len(layers):
            properties.update(use_custom_dash="1", customdash=dash, customdash_unit="MM", capstyle="flat")
        line = QgsSimpleLineSymbolLayer.create(properties)
        line.setRenderingPass(rendering_pass)
        symbol.appendSymbolLayer(line)
    return symbol


def _dot(colour: str, size: float) -> QgsSymbol:
    """Return a dot that is ``size`` millimetres wide at most, and smaller on small maps."""
    return QgsMarkerSymbol.createSimple({
        "name": "circle", "color": colour, "outline_color": "45,24,16", "outline_width": "0.3",
        "size": "5", "size_unit": "RenderMetersInMapUnits", "size_map_unit_scale": f"3x:0,0,1,0.5,1,{size:g}",
    })
