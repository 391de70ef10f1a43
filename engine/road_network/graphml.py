"""The same network as GraphML, for networkx, igraph, Gephi and the like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyproj
import shapely

from ..errors import EngineError
from ..raster.writing import atomic_output
from ..reporter import Reporter
from .graph import CANCEL_EVERY
from .layers import Features

#: Endings that a GraphML file may have.
ENDINGS = (".graphml", ".xml")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
#: GraphML's name of a column's type, by NumPy's kind of it.
_TYPES = {"b": "boolean", "i": "long", "f": "double", "O": "string"}


def checked_graphml_path(path: str) -> Path:
    """Return the path of a GraphML file.

    Raises:
        EngineError: it ends in something else.
    """
    if Path(path).suffix.lower() not in ENDINGS:
        raise EngineError(f"The graph is written as GraphML: {path} must end in .graphml.")
    return Path(path)


def write_graphml(path: Path, run_id: str, crs: pyproj.CRS, roads: Features, nodes: Features, reporter: Reporter) -> None:
    """Write the network as an undirected multigraph, complete or not at all, piece by piece.

    Nodes have their ``node_id`` as id, the other columns as attributes, and ``x`` and ``y``; edges have their ``edge_id`` as id,
    so that parallel ones can be told apart, the other columns but the node numbers as attributes, and ``geometry`` as WKT. The
    graph's attribute ``crs`` is the coordinate system of both. These names are OSMnx's.

    Args:
        roads, nodes: as for ``write_network``: roads have the columns ``edge_id``, ``from_node`` and ``to_node``, nodes have
            ``node_id``.

    Raises:
        EngineError: the file cannot be written.
        Cancelled: the user asked to stop.
    """
    lines, edges = roads
    points, columns = nodes
    x, y = shapely.get_coordinates(points).reshape(-1, 2).T
    node_data = {"x": x, "y": y, **{name: each for name, each in columns.items() if name != "node_id"}}
    edge_data = {name: each for name, each in edges.items() if name not in ("edge_id", "from_node", "to_node")}
    with atomic_output(path, run_id) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        file.write('<key id="crs" for="graph" attr.name="crs" attr.type="string"/>\n')
        keys = [_declare(file, "node", node_data), _declare(file, "edge", {**edge_data, "geometry": lines})]
        authority = crs.to_authority()
        system = ":".join(authority) if authority else crs.to_wkt()
        file.write(f'<graph edgedefault="undirected">\n<data key="crs">{escape(system)}</data>\n')
        for part in _parts(len(points), reporter):
            heads = [f'<node id="{number}">' for number in columns["node_id"][part].tolist()]
            _write(file, heads, keys[0], [_texts(each[part]) for each in node_data.values()], "node")
        for part in _parts(len(lines), reporter):
            named = zip(*(edges[name][part].tolist() for name in ("edge_id", "from_node", "to_node")))
            heads = [f'<edge id="{number}" source="{first}" target="{second}">' for number, first, second in named]
            _write(file, heads, keys[1], [*(_texts(each[part]) for each in edge_data.values()), _well_known(lines[part])], "edge")
        file.write("</graph>\n</graphml>\n")


def _parts(count: int, reporter: Reporter) -> Iterator[slice]:
    for start in range(0, count, CANCEL_EVERY):
        reporter.check_cancelled()
        yield slice(start, start + CANCEL_EVERY)


def _declare(file: IO[str], owner: str, columns: dict[str, np.ndarray]) -> list[str]:
    """Write what attributes the nodes or edges have; return their keys."""
    keys = [quoteattr(f"{owner}_{name}") for name in columns]
    for key, (name, values) in zip(keys, columns.items()):
        file.write(f'<key id={key} for="{owner}" attr.name={quoteattr(name)} attr.type="{_TYPES[values.dtype.kind]}"/>\n')
    return keys


def _write(file: IO[str], heads: list[str], keys: list[str], columns: list[list[str]], owner: str) -> None:
    for head, values in zip(heads, zip(*columns)):
        data = "".join(f"<data key={key}>{value}</data>" for key, value in zip(keys, values))
        file.write(f"{head}{data}</{owner}>\n")


def _texts(values: np.ndarray) -> list[str]:
    """Return values as XML Schema writes them, numbers to the last bit."""
    if values.dtype.kind == "b":
        return ["true" if each else "false" for each in values.tolist()]
    return [escape(str(each)) for each in values.tolist()]


def _well_known(lines: np.ndarray) -> list[str]:
    """Return lines as WKT, to the last bit (GEOS rounds the last digits), so that they end where their nodes are."""
    texts = [f"{x!r} {y!r}" for x, y in shapely.get_coordinates(lines).tolist()]
    ends = np.cumsum(shapely.get_num_points(lines)).tolist()
    return [f"LINESTRING ({', '.join(texts[start:end])})" for start, end in zip([0, *ends], ends)]
