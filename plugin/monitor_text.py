"""What the training monitor says of a run, in words."""

from __future__ import annotations

import time

from ..processing_provider.algorithm import tr
from ..processing_provider.relay import duration
from .monitor_run import CANCEL, CANCELLED, FAILED, FINISHED, INTERRUPTED, RUNNING, STOP, WRITING, TrainingRun

#: Figures that can be chosen for the second plot, best known first; a training may lack some.
METRICS = ("dice", "miou", "iou", "accuracy", "precision", "recall", "relaxed_f1", "relaxed_precision", "relaxed_recall")
_LOSS = "valid_loss"
#: What the worker calls its epochs; see ``TrainingLoop.run``.
_EPOCHS_PHASE = "Training"


def state_text(run: TrainingRun) -> str:
    """Return the state of a run in one or two words."""
    return {
        RUNNING: tr("running"), WRITING: tr("writing model"), FINISHED: tr("finished"), CANCELLED: tr("cancelled"),
        FAILED: tr("failed"), INTERRUPTED: tr("interrupted"),
    }.get(run.state, run.state)


def doing(run: TrainingRun) -> str:
    """Return what a run does, in a few words: its state, or before the first epoch is complete what comes before that."""
    if run.state != RUNNING or run.epochs:
        return state_text(run)
    if run.steps or run.phase == _EPOCHS_PHASE:
        return tr("first epoch")
    return {
        "": tr("running"), "Reading training data": tr("reading the training data"),
        "Finding a learning rate": tr("searching for a learning rate"),
    }.get(run.phase, run.phase)


def summary(run: TrainingRun) -> str:
    """Return a line on where the run stands: state, epochs, time left."""
    total = run.header.get("epochs", 0)
    state = state_text(run)
    if run.state != RUNNING:
        return tr("{}, {} of {} epochs").format(_as_beginning(state), len(run.epochs), total)
    parts = [tr("{}, epoch {} of {}").format(_as_beginning(state), min(len(run.epochs) + 1, total), total)]
    if _prepares(run):
        parts = [_as_beginning(doing(run))]
    left = run.status.get("seconds_left")
    if isinstance(left, (int, float)) and left >= 1:
        parts.append(tr("{} left").format(duration(left)))
    asked = run.asked
    if asked == STOP:
        parts.append(tr("stopping early…") if run.epochs else tr("stopping after the first epoch…"))
    elif asked == CANCEL:
        parts.append(tr("cancelling…"))
    return ", ".join(parts)


def _prepares(run: TrainingRun) -> bool:
    """Whether a running training has not come to its first epoch; False where it does not say."""
    return not (run.epochs or run.steps) and run.phase not in ("", _EPOCHS_PHASE)


def _as_beginning(text: str) -> str:
    return text[:1].upper() + text[1:]  # not capitalize: German nouns keep theirs


def remark(run: TrainingRun) -> str:
    """Return a sentence on how the run ended and what can be done; empty if there is nothing to say."""
    if run.state == INTERRUPTED:
        return tr("Its process ended without a word. Run the tool again with Resume: it goes on after the last saved epoch.")
    return str(run.end.get("text", ""))


def device_text(run: TrainingRun) -> str:
    """Return the device and, of a running training, its memory in use; empty if not known."""
    memory = run.status.get("memory") if run.works else None
    if not run.device or not isinstance(memory, list):
        return run.device
    used, total = (value / 2**30 for value in memory)
    return tr("{}: {:.1f} of {:.1f} GB memory in use").format(run.device, used, total)


def best_text(run: TrainingRun) -> str:
    """Return the figure that decides, in the epoch where it is best, e.g. ``dice 0.812 (12)``; empty before the first epoch."""
    monitor = str(run.header.get("monitor", _LOSS))
    scored = [epoch for epoch in run.epochs if isinstance(epoch.get(monitor), (int, float))]
    if not scored:
        return ""
    choose = min if monitor == _LOSS else max
    best = choose(scored, key=lambda epoch: epoch[monitor])
    return f"{monitor} {best[monitor]:.3f} ({best['epoch']:.0f})"


def started_text(run: TrainingRun) -> str:
    """Return when the run began, in local time."""
    started = run.header.get("started")
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(started)) if isinstance(started, (int, float)) else ""
