"""Load the checkout as the package ``roadsmith``, whatever its folder is called."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _load_package() -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("roadsmith_bootstrap", ROOT / "engine" / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    assert "roadsmith" in sys.modules


_load_package()


def _leave_the_users_runs_alone() -> None:
    """Let the training monitor's journals go where nobody looks; workers that tests start inherit it."""
    folder = tempfile.mkdtemp(prefix="roadsmith-test-runs-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["ROADSMITH_RUNS"] = folder


_leave_the_users_runs_alone()


def _patient_hypothesis() -> None:
    """Let examples take their time: on a busy machine a slow draw says nothing about the code.

    They are the same in every run, so that a change is judged by what it changes; ``ROADSMITH_EXPLORE=1`` looks for new ones.
    """
    from hypothesis import HealthCheck, settings

    explores = bool(os.environ.get("ROADSMITH_EXPLORE"))
    calm = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    settings.register_profile("patient", deadline=None, suppress_health_check=calm, derandomize=not explores)
    settings.load_profile("patient")


_patient_hypothesis()
