"""These tests need QGIS's programs; the engine's Python has none."""

import os

if "QGIS_PROCESS" not in os.environ:
    collect_ignore_glob = ["test_*.py"]
