import pytest
from roadsmith.engine.events import Warn
from roadsmith.engine.training.tensorboard_log import TensorBoardLog

from .records import make_record
from .small_trainings import Listener

pytest.importorskip("tensorboard")
EPOCHS = make_record().epochs


def read(folder):
    """The values of every curve by the epoch."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder)).Reload()
    return {tag: {each.step: each.value for each in events.Scalars(tag)} for tag in events.Tags()["scalars"]}


def test_every_figure_is_a_curve(tmp_path):
    with TensorBoardLog(tmp_path / "tensorboard", Listener().reporter) as log:
        log.write_epoch(EPOCHS[0])
        assert read(tmp_path / "tensorboard")["score/dice"] == {1: pytest.approx(0.2)}  # while the training runs
        log.write_epoch(EPOCHS[1])
    curves = read(tmp_path / "tensorboard")
    assert curves["loss/train_loss"] == {1: 1.0, 2: pytest.approx(0.8)}
    assert len(curves) == len(EPOCHS[0]) - 1  # the epoch itself is the axis
    assert {"training/learning_rate", "training/seconds", "loss/valid_loss", "score/relaxed_f1"} <= set(curves)


def test_it_begins_anew(tmp_path):
    for epochs in (EPOCHS, EPOCHS[:1]):
        with TensorBoardLog(tmp_path / "tensorboard", Listener().reporter) as log:
            for epoch in epochs:
                log.write_epoch(epoch)
    assert read(tmp_path / "tensorboard")["score/dice"] == {1: pytest.approx(0.2)}


def test_what_cannot_be_written_costs_the_events_alone(tmp_path):
    (tmp_path / "file").touch()
    listener = Listener()
    with TensorBoardLog(tmp_path / "file" / "tensorboard", listener.reporter) as log:
        for epoch in EPOCHS:
            log.write_epoch(epoch)
    [warning] = listener.of(Warn)
    assert "training goes on" in warning.text
