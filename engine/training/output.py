"""The folder of the model package: what may be replaced, and replacing it only when the new one is complete."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ..errors import EngineError
from ..raster.writing import atomic_output, check_writable
from .run_journal import journal_of_model

REPORT_FILE = "model_metrics.html"
LOG_FILE = "training_log.jsonl"
FIGURES_FOLDER = "ModelCharacteristics"
LOSS_GRAPH, SAMPLE_RESULTS, RATE_SEARCH = "loss_graph.png", "show_results.png", "learning_rate.png"
ERROR_MAPS, THRESHOLD_SWEEP, STAGE_CHANGES = "error_maps.png", "threshold_sweep.png", "stage_changes.png"
TENSORBOARD_FOLDER = "tensorboard"

_PACKAGE_SUFFIXES = {".emd", ".safetensors", ".dlpk", ".onnx"}
_FIGURES = {LOSS_GRAPH, SAMPLE_RESULTS, RATE_SEARCH, ERROR_MAPS, THRESHOLD_SWEEP, STAGE_CHANGES}
#: File systems take 255 bytes; temporary names are longer than the folder's own.
_LONGEST_NAME = 200
#: How the names of TensorBoard's files begin.
_EVENTS = "events.out.tfevents"


def check_output(final: Path) -> None:
    """Raise an ``EngineError`` if the package cannot be written to ``final``, before hours of training are lost."""
    if final.name in ("", ".", ".."):
        raise EngineError(f"'{final}' is no folder name: choose a new folder for the model.")
    if len(os.fsencode(final.name)) > _LONGEST_NAME:
        raise EngineError(f"The folder name {final.name[:40]}… is too long: choose one of at most {_LONGEST_NAME} letters.")
    if final.exists() and not final.is_dir():
        raise EngineError(f"{final} is a file: choose a new folder for the model.")
    if final.is_dir() and any(final.iterdir()) and not _is_own_package(final):
        raise EngineError(
            f"The folder {final} is not empty and holds something other than a model trained by Roadsmith: "
            "choose a new or empty folder, so that nothing is overwritten."
        )
    check_writable(final.parent)


@contextlib.contextmanager
def package_output(final: Path, run_id: str) -> Iterator[Path]:
    """Give a temporary folder (made here) that becomes ``final`` at the end; an earlier package there stays until then."""
    former = final.with_name(f"{final.name}~{run_id}.former")
    try:
        with journal_of_model(run_id, final, final / REPORT_FILE), atomic_output(final, run_id) as partial:
            partial.mkdir()
            yield partial
            check_output(final)  # it may have been filled in the meantime
            if final.is_dir() and any(final.iterdir()):
                final.replace(former)
    except BaseException:
        if former.exists() and not final.exists():
            former.replace(final)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _is_own_package(folder: Path) -> bool:
    """Whether the folder holds one of our packages and no file that we would not have written."""
    definitions = list(folder.glob("*.emd"))
    if len(definitions) != 1:
        return False
    own = {REPORT_FILE, LOG_FILE, FIGURES_FOLDER, TENSORBOARD_FOLDER}
    own |= {definitions[0].stem + suffix for suffix in _PACKAGE_SUFFIXES}
    if any(each.name not in own for each in folder.iterdir()):
        return False
    figures, events = folder / FIGURES_FOLDER, folder / TENSORBOARD_FOLDER
    if figures.is_dir() and any(each.name not in _FIGURES for each in figures.iterdir()):
        return False
    if events.is_dir() and any(not each.name.startswith(_EVENTS) for each in events.iterdir()):
        return False
    try:
        record = json.loads(definitions[0].read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and "Roadsmith" in record
