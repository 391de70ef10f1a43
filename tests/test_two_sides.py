"""The walls of the house: QGIS's side and the worker's side meet in two files only, and no room imports one above it.

Reads the import statements; runs in any Python, with nothing installed.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
QGIS_SIDE = ("__init__.py", "plugin", "processing_provider")
WORKER_SIDE = ("learn.py", "engine", "models")
MEETING_PLACES = {"engine.jobs", "engine.events"}

#: Lower rooms have lower numbers.
FLOORS = {
    "models": 0,
    "engine.chips": 1, "engine.raster": 1, "engine.cluster": 1,
    "engine.training": 2, "engine.classification": 2, "engine.road_network": 2, "engine.evaluation": 2,
    "engine.__main__": 3, "learn": 3,
}
#: Rooms on the same floor that may be used by their neighbours: rasters are what chips are cut from, and a training may score the
#: road networks of its validation chips at its end.
_NEIGHBOURS = {
    ("engine.chips", "engine.raster"), ("engine.training", "engine.evaluation"), ("engine.training", "engine.road_network"),
}

STDLIB = set(getattr(sys, "stdlib_module_names", ())) | {"__future__"}
#: What requirements.txt brings, with what those packages need themselves.
WORKER_PACKAGES = {"torch", "numpy", "rasterio", "shapely", "skimage", "scipy", "pyogrio", "pyproj", "safetensors", "matplotlib",
                   "affine", "dask", "distributed", "networkx", "onnx", "onnxruntime"}


def python_files(*places):
    for place in places:
        path = ROOT / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """Yield (line, name, is it ours) of every import, those inside functions too; our own names without ``roadsmith``."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names, level = [alias.name for alias in node.names], 0
        elif isinstance(node, ast.ImportFrom):
            level = node.level
            base = [*package[: len(package) - level + 1]] if level else []
            stem = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
            # "from . import x" may name a module or something inside the package
            names = [f"{stem}.{alias.name}".strip(".") if is_module(f"{stem}.{alias.name}") else stem for alias in node.names]
        else:
            continue
        for name in names:
            ours = bool(level) or name.split(".")[0] == "roadsmith"
            yield node.lineno, re.sub(r"^roadsmith\.?", "", name) if ours else name, ours


def is_module(name):
    path = ROOT.joinpath(*name.strip(".").split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def strangers(path, allowed):
    return [f"{path.relative_to(ROOT)}:{line} imports {name}" for line, name, ours in imports(path)
            if not ours and name.split(".")[0] not in allowed]


def room(name):
    """Return the room a module is in, None for the few files directly in ``engine`` that all rooms share."""
    return next((each for each in sorted(FLOORS, key=len, reverse=True) if name == each or name.startswith(f"{each}.")), None)


def test_there_is_something_to_walk():
    assert len(list(python_files(*QGIS_SIDE))) > 10
    assert len(list(python_files(*WORKER_SIDE))) > 10


@pytest.mark.skipif(not STDLIB - {"__future__"}, reason="this Python does not know the names of its own modules")
def test_the_qgis_side_imports_the_standard_library_and_qgis_only():
    allowed = STDLIB | {"qgis", "processing"}
    found = [each for path in python_files(*QGIS_SIDE) for each in strangers(path, allowed)]
    assert not found


def test_the_qgis_side_knows_of_the_worker_only_jobs_and_events():
    found = [f"{path.relative_to(ROOT)}:{line} imports {name}" for path in python_files(*QGIS_SIDE)
             for line, name, ours in imports(path)
             if ours and name.split(".")[0] in ("engine", "models", "learn") and name not in MEETING_PLACES and name != "engine"]
    assert not found


def test_the_plugin_is_above_the_provider():
    found = [f"{path.relative_to(ROOT)}:{line}" for path in python_files("processing_provider")
             for line, name, ours in imports(path) if ours and name.split(".")[0] == "plugin"]
    assert not found


def test_the_worker_side_never_imports_qgis_or_the_qgis_side():
    banned = {"qgis", "processing", "osgeo", "PyQt5", "PyQt6", "PySide6"}
    found = [f"{path.relative_to(ROOT)}:{line} imports {name}" for path in python_files(*WORKER_SIDE)
             for line, name, ours in imports(path)
             if name.split(".")[0] in (("plugin", "processing_provider") if ours else banned)]
    assert not found


@pytest.mark.skipif(not STDLIB - {"__future__"}, reason="this Python does not know the names of its own modules")
def test_the_worker_imports_only_what_is_required():
    found = [each for path in python_files(*WORKER_SIDE) for each in strangers(path, STDLIB | WORKER_PACKAGES)]
    assert not found


@pytest.mark.skipif(not STDLIB - {"__future__"}, reason="this Python does not know the names of its own modules")
def test_models_import_torch_alone():
    found = [each for path in python_files("models") for each in strangers(path, STDLIB | {"torch", "safetensors", "numpy"})]
    assert not found


@pytest.mark.skipif(not STDLIB - {"__future__"}, reason="this Python does not know the names of its own modules")
@pytest.mark.parametrize("name", ["jobs", "events"])
def test_the_meeting_places_need_the_standard_library_only(name):
    path = ROOT / "engine" / f"{name}.py"
    assert not strangers(path, STDLIB)
    assert {each for _, each, ours in imports(path) if ours} <= MEETING_PLACES


def test_no_room_imports_one_above_or_beside_it():
    found = []
    for path in python_files(*WORKER_SIDE):
        own = room(module_name(path))
        for line, name, ours in imports(path):
            other = room(name)
            if not ours or own is None or other in (None, own) or (own, other) in _NEIGHBOURS:
                continue
            if FLOORS[other] >= FLOORS[own]:
                found.append(f"{path.relative_to(ROOT)}:{line}: {own} imports {other}")
    assert not found


def test_models_stand_alone():
    found = [f"{path.relative_to(ROOT)}:{line} imports {name}" for path in python_files("models")
             for line, name, ours in imports(path) if ours and name.split(".")[0] != "models"]
    assert not found


def test_no_import_of_windows_at_module_level():
    """``qgis.gui`` and ``iface`` at module level break ``qgis_process``."""
    found = []
    for path in python_files("processing_provider"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            text = ast.unparse(node) if isinstance(node, (ast.Import, ast.ImportFrom)) else ""
            if "qgis.gui" in text or "iface" in text or "QtWidgets" in text:
                found.append(f"{path.relative_to(ROOT)}: {text}")
    assert not found
