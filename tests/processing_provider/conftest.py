"""The fixtures of ``tests/qgis``: a running QGIS, the provider, a feedback that remembers."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


def _load_qgis_fixtures():
    name = "roadsmith_qgis_fixtures"
    if name not in sys.modules:
        path = Path(__file__).resolve().parents[1] / "qgis" / "conftest.py"
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


_fixtures = _load_qgis_fixtures()
if hasattr(_fixtures, "collect_ignore_glob"):
    collect_ignore_glob = _fixtures.collect_ignore_glob
feedback, provider, qgis_app = _fixtures.feedback, _fixtures.provider, _fixtures.qgis_app


@pytest.fixture(scope="session")
def postgis():
    """A PostGIS database with nothing in it; started once, stopped at the end."""
    from .postgis import Postgis, is_installed

    if not is_installed():
        pytest.skip("no PostgreSQL with PostGIS on this machine: see ensure_postgis in tools/machine.py")
    server = Postgis()
    yield server
    server.stop()
