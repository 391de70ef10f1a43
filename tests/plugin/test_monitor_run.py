"""What the training monitor reads of the runs' folders, without a window."""

import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from roadsmith.plugin.monitor_alive import is_alive
from roadsmith.plugin.monitor_run import TrainingRun
from roadsmith.plugin.monitor_store import RunStore, runs_folder

HEADER = {
    "kind": "run", "started": 1700000000.0, "model_folder": "/models/town", "network": "unet", "epochs": 5, "monitor": "dice",
}
#: Holds the lock of the folder given as its argument, says so, and waits; the lock is taken as the worker takes it.
HOLDER = (
    "import sys, time; from pathlib import Path\n"
    "file = (Path(sys.argv[1]) / 'lock').open('ab')\n"
    "if sys.platform == 'win32':\n"
    "    import msvcrt; file.seek(0); msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)\n"
    "else:\n"
    "    import fcntl; fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
    "print('held', flush=True); time.sleep(60)\n"
)


def write(folder, *records):
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "journal.jsonl").open("a", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record) + "\n")
    return folder


@pytest.fixture
def held():
    """Call with a folder: another process holds its lock until ``kill`` is called on it."""
    started = []

    def hold(folder):
        process = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout.readline().strip() == b"held"
        return process

    yield hold
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def epoch(number, **figures):
    return {"kind": "epoch", "epoch": float(number), "train_loss": 1 / number, "valid_loss": 2 / number, **figures}


def test_only_what_was_added_is_read(tmp_path):
    run = TrainingRun(write(tmp_path / "r", HEADER, epoch(1)))
    assert run.refresh() and run.header["network"] == "unet" and [each["epoch"] for each in run.epochs] == [1]
    (tmp_path / "r" / "journal.jsonl").open("a").write('{"kind": "epoch", "ep')  # half a line
    run.refresh()
    assert len(run.epochs) == 1
    (tmp_path / "r" / "journal.jsonl").open("a").write('och": 2.0, "train_loss": 0.5}\nno json\n[1]\n{"kind": "later version"}\n')
    assert run.refresh() and [each["epoch"] for each in run.epochs] == [1, 2]
    run.refresh()
    assert run.state == "interrupted" and not run.refresh()  # nobody holds the lock


def test_a_long_journal_is_read_in_pieces(tmp_path):
    steps = [{"kind": "step", "epoch": number / 100, "loss": 1.0, "learning_rate": 0.1} for number in range(12000)]
    run = TrainingRun(write(tmp_path / "r", HEADER, *steps))
    pieces, slowest = 0, 0.0
    while len(run.steps) < len(steps):
        started = time.perf_counter()
        assert run.refresh()
        slowest, pieces = max(slowest, time.perf_counter() - started), pieces + 1
    assert pieces > 2 and [each["epoch"] for each in run.steps] == [number / 100 for number in range(12000)]
    assert slowest < 0.5  # of 0.1 that are allowed on a machine of its own


def test_the_state_of_a_process_that_was_killed_is_interrupted(tmp_path, held):
    folder = write(tmp_path / "r", HEADER, epoch(1))
    process = held(folder)
    run = TrainingRun(folder)
    run.refresh()
    run.refresh()
    assert run.state == "running" and run.works and is_alive(folder)
    process.kill()
    process.wait()
    run.refresh()
    assert run.state == "interrupted" and not run.works and not is_alive(folder)


@pytest.mark.parametrize(("lines", "state"), [
    ([{"kind": "writing"}], "writing"), ([{"kind": "end", "state": "finished"}], "finished"),
    ([{"kind": "end", "state": "cancelled", "text": "t"}], "cancelled"), ([{"kind": "end", "state": "failed"}], "failed"),
])
def test_the_states_that_a_run_tells_itself(tmp_path, held, lines, state):
    folder = write(tmp_path / "r", HEADER, *lines)
    if state == "writing":
        held(folder)
    run = TrainingRun(folder)
    run.refresh()
    run.refresh()
    assert run.state == state


def test_the_report_is_there_or_not(tmp_path):
    report = tmp_path / "model_metrics.html"
    run = TrainingRun(write(tmp_path / "r", HEADER, {"kind": "model", "folder": "/models/city", "report": str(report)}))
    run.refresh()
    assert run.name == "city" and run.report is None
    report.touch()
    assert run.report == report


def test_a_request_is_a_file(tmp_path):
    run = TrainingRun(write(tmp_path / "r", HEADER))
    assert run.asked == ""
    run.ask("stop")
    assert (tmp_path / "r" / "request").read_text() == run.asked == "stop"
    run.ask("cancel")
    assert run.asked == "cancel"
    assert sorted(each.name for each in (tmp_path / "r").iterdir()) == ["journal.jsonl", "request"]


# All runs


def test_runs_come_and_go_and_the_newest_is_first(tmp_path, held):
    store = RunStore(tmp_path / "runs")
    assert store.refresh() == set() and store.runs == []
    write(tmp_path / "runs" / "20240101-000000-a", HEADER, {"kind": "end", "state": "finished"})
    (tmp_path / "runs" / "20240103-000000-c").mkdir()  # without a journal yet
    held(write(tmp_path / "runs" / "20240102-000000-b", HEADER))
    assert store.refresh(budget=10) == {"20240101-000000-a", "20240102-000000-b"}
    assert [run.folder.name[-1] for run in store.runs] == ["b", "a"] and [run.works for run in store.runs] == [True, False]
    store.refresh(budget=10)
    assert store.refresh(budget=10) == set()
    write(tmp_path / "runs" / "20240102-000000-b", epoch(1))
    assert store.refresh(budget=10) == {"20240102-000000-b"}
    for file in (tmp_path / "runs" / "20240101-000000-a").iterdir():
        file.unlink()
    (tmp_path / "runs" / "20240101-000000-a").rmdir()
    assert store.refresh(budget=10) == {"20240101-000000-a"} and len(store.runs) == 1


def test_many_runs_are_read_a_few_at_a_time(tmp_path):
    for number in range(30):
        write(tmp_path / f"20240101-0000{number:02}-x", HEADER, {"kind": "end", "state": "finished"})
    store = RunStore(tmp_path)
    store.refresh(budget=0)
    assert [run.folder.name for run in store.runs] == ["20240101-000029-x"]  # the newest, and no more than the time allows
    for _ in range(100):
        store.refresh(budget=0)
    assert len(store.runs) == 30


def test_both_sides_look_in_the_same_folder_and_understand_each_others_lock(tmp_path, monkeypatch):
    """The worker's half is loaded from its file: its package needs NumPy, which QGIS's side must not."""
    path = Path(__file__).resolve().parents[2] / "engine" / "training" / "run_journal_folder.py"
    spec = importlib.util.spec_from_file_location("roadsmith_run_journal_folder", path)
    worker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(worker)
    monkeypatch.delenv("ROADSMITH_RUNS", raising=False)
    for name in ("", str(tmp_path / "state")):
        monkeypatch.setenv("XDG_STATE_HOME", name)
        monkeypatch.setenv("LOCALAPPDATA", name)
        assert runs_folder() == worker.runs_folder()
    monkeypatch.setenv("ROADSMITH_RUNS", str(tmp_path / "runs"))
    folder = worker.new_run_folder("abc")
    assert folder.parent == runs_folder() == tmp_path / "runs" and not is_alive(folder)
    with worker.lock(folder):
        assert is_alive(folder)
        with pytest.raises(OSError):
            worker.lock(folder)
    assert not is_alive(folder)
