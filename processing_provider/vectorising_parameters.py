"""The parameters of Raster to road vector."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .algorithm import tr
from .parameter_kinds import number
from .parameters import advanced, explained
from .settings import read_options
from .vectorising_names import VectorisingNames


def vectorising_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters in the order of the dialog: the most used ones, then those under "Advanced parameters"."""
    rare = [*_evidence_parameters(), *_geometry_parameters(), *_other_parameters()]
    return [*_main_parameters(), *(advanced(parameter) for parameter in rare), *_result_parameters()]


def vectorising_outputs() -> list[QgsProcessingOutputNumber]:
    """Return the numbers that a run gives back."""
    names = VectorisingNames
    return [
        QgsProcessingOutputNumber(names.LENGTH_KM, tr("Length of all roads (km)")),
        QgsProcessingOutputNumber(names.EDGE_COUNT, tr("Number of lines")),
        QgsProcessingOutputNumber(names.GAP_COUNT, tr("Number of gaps to review")),
        QgsProcessingOutputNumber(names.CLOSED_GAP_COUNT, tr("Number of closed gaps")),
    ]


def _main_parameters() -> list[QgsProcessingParameterDefinition]:
    names = VectorisingNames
    return [
        explained(
            QgsProcessingParameterRasterLayer(names.INPUT, tr("Classified or probability raster")),
            tr("A raster from Classify pixels, or any road mask (0 and 1, 0 and 255) or probability (0–1, or 0–254 in 8 bits). "
               "Probabilities make the better network: they say where a gap may be closed."),
        ),
        explained(
            QgsProcessingParameterRasterLayer(names.PROBABILITY, tr("Probability raster beside a classified one"), None, True),
            tr("The evidence for gaps, where the input is a classified raster or a mask. Empty where the input holds "
               "probabilities itself."),
        ),
        explained(
            number(names.THRESHOLD, tr("Threshold"), None, 0.001, 1.0),
            tr("Probability from which a pixel is road; without effect on classified rasters. Empty: the one that Classify "
               "pixels noted in its probability raster, the threshold it was given or else the model's own for networks; "
               "0.5 in other rasters."),
        ),
        explained(
            number(names.MIN_DANGLE, tr("Shortest dead end (metres)"), 7.0, 0.0, 10000.0),
            tr("Dead ends shorter than this, or than one and a half road widths, are removed; 0 for none. The winners of "
               "the SpaceNet road challenges used 10 m; 7 m keeps more short streets."),
        ),
        explained(
            number(names.MAX_GAP, tr("Longest gap to close (metres)"), 30.0, 0.0, 100.0),
            tr("Gaps up to this are closed where direction and probabilities speak for it; 0 to close none. What is not closed "
               "but plausible goes to the layer of gaps."),
        ),
        explained(
            number(names.MIN_COMPONENT, tr("Shortest separate network (metres)"), 40.0, 0.0, 100000.0),
            tr("Roads that touch no other and are shorter in all than this are removed; 0 for none."),
        ),
    ]


def _evidence_parameters() -> list[QgsProcessingParameterDefinition]:
    names = VectorisingNames
    return [
        explained(
            QgsProcessingParameterString(names.ROAD_LABEL, tr("Road label"), None, optional=True),
            tr("Which values of a raster of classes are road: 1, or 1,3. Empty: found out from the raster."),
        ),
        explained(
            number(names.LOW_THRESHOLD, tr("Low threshold"), None, 0.001, 1.0),
            tr("What hangs together with road goes on down to this probability, so that a road does not break where it is weak. "
               "Empty: 0.6 times the threshold. The threshold itself: no such thing."),
        ),
        explained(
            number(names.MIN_GAP_PROBABILITY, tr("Least probability along a closed gap"), 0.15, 0.0, 1.0),
            tr("Mean probability that the pixels along a gap need for it to be closed."),
        ),
        explained(
            number(names.MERGE_CARRIAGEWAYS, tr("Merge carriageways closer than (metres)"), 0.0, 0.0, 50.0),
            tr("The two carriageways of a road become one line if they run side by side within this distance. 0: both stay."),
        ),
    ]


def _geometry_parameters() -> list[QgsProcessingParameterDefinition]:
    names = VectorisingNames
    return [
        explained(
            number(names.SMOOTHING, tr("Smoothing (metres)"), 2.0, 0.0, 100.0),
            tr("How far the stairs of the pixels are smoothed along the line; 0 for none."),
        ),
        explained(
            number(names.SIMPLIFY, tr("Simplification (metres)"), 0.75, 0.0, 100.0),
            tr("How far the simplified line may lie from the smoothed one; 0 for none."),
        ),
    ]


def _other_parameters() -> list[QgsProcessingParameterDefinition]:
    names = VectorisingNames
    return [
        explained(
            QgsProcessingParameterBoolean(names.TRAVEL_TIMES, tr("Add speeds and travel times"), False),
            tr("Adds speed_kmh, after the road's class, and travel_time_s: a rough guess, for routing by time."),
        ),
        explained(
            QgsProcessingParameterString(names.SCHEDULER, tr("Dask scheduler"), read_options().scheduler or None, optional=True),
            tr("Address of a Dask cluster that thins the tiles, such as tcp://192.168.1.5:8786; its machines must reach the "
               "raster under the same path. Empty: this computer."),
        ),
    ]


def _result_parameters() -> list[QgsProcessingParameterDefinition]:
    names, kinds = VectorisingNames, QgsProcessing.SourceType
    return [
        QgsProcessingParameterFeatureSink(names.OUTPUT, tr("Roads"), kinds.TypeVectorLine),
        explained(
            QgsProcessingParameterFeatureSink(names.NODES, tr("Nodes"), kinds.TypeVectorPoint, None, True, False),
            tr("Junctions and dead ends, with the numbers that the roads name as from_node and to_node."),
        ),
        explained(
            QgsProcessingParameterFeatureSink(names.GAPS, tr("Gaps to review"), kinds.TypeVectorLine, None, True, False),
            tr("Where a road may go on but the evidence does not suffice, the likeliest first."),
        ),
        explained(
            QgsProcessingParameterFileDestination(
                names.GRAPHML, tr("Graph (GraphML)"), tr("GraphML files (*.graphml *.xml)"), None, True, False
            ),
            tr("The same network for networkx, igraph, Gephi and the like."),
        ),
    ]
