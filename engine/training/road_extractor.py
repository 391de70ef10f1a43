"""The road extractors of the ArcGIS API on our own networks: made from prepared data, trained, looked at, saved, opened again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from ...models.package import load_package
from ...models.registry import MODEL_TYPES
from ...models.resnet import BACKBONES
from ..console import ConsoleFigure, show_now
from ..devices import choose_device
from ..errors import EngineError
from ..extras import check_extras
from ..jobs import TrainRoadExtractor
from ..plain_errors import plainly
from .best_threshold import best_threshold
from .loop import MONITORS
from .metrics import Confusion
from .session import Session
from .session_data import RoadData
from .session_figures import draw_losses, draw_rates, draw_results
from .tensorboard_log import TensorBoardLog

_Own = TypeVar("_Own", bound="RoadExtractor")
#: What is decided with the data, or by ``fit`` and ``save``.
_ELSEWHERE = {
    "run_id", "training_data", "validation_data", "road_label", "cell_size", "split", "validation_percent", "chip_size",
    "augmentation", "augmentation_table", "augmentation_file", "output_folder", "epochs", "learning_rate", "monitor",
    "early_stopping", "tensorboard", "onnx", "resume", "processes",
}
_SAVE_LEFT_OUT = {"framework", "publish", "gis", "compute_metrics", "save_optimizer", "save_inference_file"}
_MOST_ROWS = 25


class RoadExtractor:
    """A road network and its training.

    Args:
        data: from ``prepare_data``. model_type: one of ``model_types``. backbone: encoder, for networks that have a choice.
        pretrained_path: model package to go on from; its network is taken, whatever ``model_type`` says.
        settings: further parameters of the tool Train Road Extractor, such as ``device="cuda"``, ``loss="bce_dice"``,
            ``backbone_weights="imagenet"``, ``patience=10``.

    Raises:
        EngineError: the network cannot be made so, or does not fit the data.
    """

    job_kind: type[TrainRoadExtractor] = TrainRoadExtractor
    #: highest learning rate of ``fit`` where none is given; None to search for one
    default_rate: float | None = None
    #: fields of the job that are decided elsewhere, or make no sense in hand
    _decided = _ELSEWHERE
    model_types: tuple[str, ...] = MODEL_TYPES
    supported_backbones = BACKBONES
    available_metrics = MONITORS

    @plainly
    def __init__(
        self, data: RoadData, model_type: str = "dlinknet", backbone: str | None = None,
        pretrained_path: str | Path | None = None, **settings: Any,
    ) -> None:
        pretrained = str(Path(pretrained_path).expanduser()) if pretrained_path else ""
        kind = TrainRoadExtractor if pretrained else self.job_kind
        known = {each.name for each in fields(kind)} - self._decided
        unknown = sorted(set(settings) - known)
        if unknown:
            raise EngineError(
                f"{type(self).__name__} has no setting '{unknown[0]}': choose among {', '.join(sorted(known))}, or look "
                "whether it belongs to prepare_data, fit or save."
            )
        if not pretrained:
            self._check_type(model_type)
        device = choose_device(settings.get("device", "auto"))
        wanted = {"model_type": model_type, "backbone": backbone or "resnet34", "pretrained_model": pretrained, **settings}
        self._session: Session | None = data.session(wanted, device, kind)
        self._console = data.console
        #: the package that holds the present weights, if there is one
        self._package: Path | None = None
        self._data: RoadData | None = data
        self._fits = 0
        self._check_type(self._session.run.job.model_type)

    @classmethod
    @plainly
    def from_model(cls: type[_Own], emd_path: str | Path, data: RoadData | None = None, **settings: Any) -> _Own:
        """Open a model package (``.dlpk``, ``.emd`` or its folder): with data to go on training, without them to classify."""
        path = Path(emd_path).expanduser()
        info = load_package(path).info
        if data is not None:
            opened = cls(data, pretrained_path=path, **settings)
        else:
            opened = cls.__new__(cls)
            opened._check_type(info.model_type)
            opened._session = opened._data = None
        opened._package = path
        return opened

    def __repr__(self) -> str:
        name = type(self).__name__
        if self._session is None:
            return f"{name} of {self._package}, opened without data: classify_pixels can use it"
        job, epochs = self._session.run.job, len(self._session.record.epochs)
        return f"{name}: {job.model_type}{f', {job.backbone}' if job.backbone else ''}; {epochs} epoch(s) trained here"

    @plainly
    def lr_find(self, allow_plot: bool = True) -> float:
        """Search for a learning rate and return it; a notebook shows the curve, unless ``allow_plot`` is False."""
        session = self._in_hand()
        curve = session.find_rate()
        self._console.clear()
        if allow_plot:
            show_now(draw_rates(session.record.search or {}))
        if not curve.found:
            self._console.say(f"The search showed nothing: {curve.suggestion:g} is a usual rate.")
        return curve.suggestion

    @plainly
    def fit(
        self, epochs: int = 10, lr: float | None = None, one_cycle: bool = True, early_stopping: bool = False,
        checkpoint: bool = True, tensorboard: bool = False, monitor: str = "valid_loss",
    ) -> None:
        """Train, and print the table of epochs; called again it goes on from the present weights.

        Interrupted (the notebook's stop button), it keeps the weights of the best epoch so far.

        Args:
            epochs: most of them. lr: highest learning rate of the one cycle; None for ``default_rate``, or to search for one.
            early_stopping: stop when ``monitor`` has not improved by more than 0.001 for five epochs.
            checkpoint: end with the weights of the best epoch; False ends with those of the last.
            tensorboard: write the figures of every epoch for TensorBoard too, into ``training_log``.
            monitor: one of ``available_metrics``.
        """
        session = self._in_hand()
        _check_fit(lr, one_cycle, checkpoint)
        lr = self.default_rate if lr is None else lr
        rate = self.lr_find(allow_plot=False) if lr is None else float(lr)
        done, job = len(session.record.epochs), session.run.job
        with contextlib.ExitStack() as stack:
            listeners = [self._table()]
            if tensorboard:
                check_extras(replace(job, tensorboard=True))
                folder = self._prepared().working_dir / "training_log" / f"fit_{self._fits + 1}"
                listeners.append(stack.enter_context(TensorBoardLog(folder, self._console.reporter())).write_epoch)
            complete = session.fit(epochs, rate, job.patience if early_stopping else 0, monitor, checkpoint, tuple(listeners))
        self._console.clear()
        self._fits += 1
        learned = len(session.record.epochs) > done
        if learned:
            self._package = None
        if not complete:
            kept = f"of epoch {session.record.best['epoch'] - 1 - done:.0f}, the best so far" if learned else "it had before"
            self._console.say(f"Interrupted: the model has the weights {kept}.")

    @plainly
    def freeze(self) -> None:
        """Hold the encoder still in the fits to come; for one that learned something before."""
        self._in_hand().freeze(True)

    @plainly
    def unfreeze(self) -> None:
        """Let the encoder learn in the fits to come."""
        self._in_hand().freeze(False)

    @plainly
    def plot_losses(self) -> ConsoleFigure:
        """Draw training and validation loss of all epochs so far."""
        record = self._in_hand().record
        if not record.epochs:
            raise EngineError("There are no losses to draw yet: fit the model first.")
        return draw_losses(record.epochs, record.best["epoch"])

    @plainly
    def mIOU(self, mean: bool = False, show_progress: bool = True) -> dict[str, float] | float:
        """Return the IoU of each class on the validation chips, or with ``mean`` their mean."""
        counted = self._counted()
        if mean:
            return counted.figures()["miou"]
        background = Confusion(counted.empty, counted.missed, counted.false, counted.hits)
        return {"background": background.figures()["iou"], "road": counted.figures()["iou"]}

    @plainly
    def accuracy(self) -> float:
        """Return the share of the validation chips' pixels that are classified rightly."""
        return self._counted().figures()["accuracy"]

    @plainly
    def show_results(self, rows: int = 2, alpha: float = 0.6, thresh: float | None = None) -> ConsoleFigure:
        """Draw validation chips with the true roads (left) and those found (right).

        Args:
            rows: a chip each, from much road to little. alpha: opacity of the roads.
            thresh: probability from which a pixel is road; None for the model's own, which Classify Pixels uses as well.
        """
        if not 1 <= rows <= _MOST_ROWS or not 0 <= alpha <= 1 or not (thresh is None or 0 < thresh < 1):
            raise EngineError(f"show_results takes 1 to {_MOST_ROWS} rows, an alpha from 0 to 1 and a thresh between 0 and 1.")
        session = self._in_hand()
        threshold = best_threshold(session.record) if thresh is None else thresh
        return draw_results(session.results(rows), self._prepared().dtype, alpha, threshold)

    @plainly
    def save(self, name_or_path: str | Path, overwrite: bool = False, **left_out: Any) -> Path:
        """Write the model package that Classify Pixels takes; return the path of its ``.dlpk``.

        Args:
            name_or_path: a mere name goes into ``models`` in the data's ``working_dir``.
            overwrite: replace a model that is there.
        """
        self._console.left_out("save", left_out, _SAVE_LEFT_OUT)
        final = self._place(name_or_path)
        if not overwrite and final.is_dir() and any(final.iterdir()):
            raise EngineError(f"There is a model in {final} already: choose another name, or overwrite=True.")
        self._in_hand().save(final)
        self._console.clear()
        self._package = final / f"{final.name}.dlpk"
        return self._package

    @plainly
    def load(self, name_or_path: str | Path) -> None:
        """Take the weights of a saved model with the same network; a name or path as for ``save``."""
        path = Path(name_or_path).expanduser()
        path = path if path.exists() else self._place(name_or_path)
        self._in_hand().load(path)
        self._package = path

    def package(self, folder: Path) -> Path:
        """Return a package of the present weights: the one they were saved in or opened from, else a new one in ``folder``."""
        return self._package or self._in_hand().write_weights(folder)

    def _counted(self) -> Confusion:
        counted = self._in_hand().score().confusion()
        self._console.clear()
        return counted

    def _place(self, name_or_path: str | Path) -> Path:
        path = Path(name_or_path).expanduser()
        return self._prepared().working_dir / "models" / path if path == Path(path.name) else path

    def _check_type(self, model_type: str) -> None:
        if model_type not in self.model_types:
            raise EngineError(f"{type(self).__name__} has no network '{model_type}': choose {', '.join(self.model_types)}.")

    def _table(self) -> Callable[[dict[str, float]], None]:
        self._console.header()
        return lambda figures: self._console.row(round(figures["epoch"]) - 1, figures)

    def _prepared(self) -> RoadData:
        self._in_hand()
        assert self._data is not None
        return self._data

    def _in_hand(self) -> Session:
        if self._session is None:
            raise EngineError("The model was opened without data: open it with from_model(path, data) for that.")
        return self._session


def _check_fit(lr: object, one_cycle: bool, checkpoint: object) -> None:
    if not one_cycle:
        raise EngineError("fit always runs one cycle of the learning rate: leave one_cycle out.")
    if not isinstance(checkpoint, bool):
        raise EngineError("fit ends with the weights of one epoch: choose checkpoint=True (the best) or False (the last).")
    if lr is not None and (isinstance(lr, bool) or not isinstance(lr, (int, float)) or not lr > 0):
        raise EngineError("fit takes one learning rate for all layers: give a number above 0, such as that of lr_find().")
