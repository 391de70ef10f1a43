"""The bridge against workers that behave, misbehave and die. They are small scripts that speak the protocol by hand."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest
from roadsmith.engine.jobs import CheckEnvironment
from roadsmith.processing_provider import bridge, variables
from roadsmith.processing_provider.environment import Environment, qgis_python
from roadsmith.processing_provider.exit_codes import explain_exit

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")

PROLOGUE = """
import json, os, signal, sys, threading, time
def say(event, **values):
    print(json.dumps({"event": event, **values}), flush=True)
job = json.loads(sys.stdin.readline())
run_id = job["arguments"]["run_id"]
say("hello", protocol=1, python="3", process_id=os.getpid())
"""


@pytest.fixture(autouse=True)
def logs(tmp_path, monkeypatch):
    """The folder of the workers' logs, some of which are kept."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(bridge.tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def run(tmp_path, feedback):
    """Run a job in a worker made of the given lines."""

    def run_worker(body, outputs=(), folder=tmp_path, prologue=PROLOGUE, job=None, **options):
        folder.mkdir(exist_ok=True)
        script = folder / "worker.py"
        script.write_text(prologue + body, encoding="utf-8")
        return bridge.run_job(job or CheckEnvironment(), feedback, qgis_python(), outputs, worker=script, **options)

    return run_worker


def cancel_when(feedback, text):
    feedback.on_text = lambda said: feedback.cancel() if text in said else None


def alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process_id}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def test_result_progress_and_messages_reach_the_user(run, feedback):
    outputs = run("""
say("progress", fraction=0.25, text="Reading")
say("progress", fraction=0.5, text="Classifying", rate=12.5, unit="megapixels", seconds_left=125)
say("log", text="two bands")
say("log", text="threads: 2", level="debug")
say("warning", text="no georeference")
say("metric", step=3, values={"valid_loss": 0.25})
say("result", outputs={"TILES": 7})
""")
    assert outputs == {"TILES": 7}
    assert [round(value) for value in feedback.progress] == [25, 50, 100]
    assert feedback.texts("text") == ["Reading", "Classifying: 12.5 megapixels/s, 2 min 5 s left"]
    assert "two bands" in feedback.texts("info")
    assert "threads: 2" in feedback.texts("debug")
    assert feedback.texts("warning") == ["no georeference"]
    assert "step 3: valid_loss 0.25" in feedback.texts("info")


def test_a_thousand_progress_events_are_one_line_in_the_log(run, feedback):
    run("""
for i in range(1000):
    say("progress", fraction=i / 1000, text="Classifying", rate=1.0, unit="chips", seconds_left=9)
say("result")
""")
    assert len(feedback.texts("text")) == 1


def test_failure_is_one_sentence_and_its_traceback_goes_to_the_console(run, feedback):
    with pytest.raises(bridge.JobFailed, match=r"^The raster is empty\.$") as caught:
        run("""say("error", message="The raster is empty.", error_kind="input", details="Traceback: x")\nsys.exit(1)""")
    assert caught.value.kind == "input"
    assert "Traceback: x" in feedback.texts("console")


def test_garbage_on_the_output_is_no_event(run, feedback):
    assert run("""
print("Hello from libfoo"); print("{}"); print('{"event": 5}'); print("[1]"); print("null")
sys.stdout.buffer.write(b"\\xff\\xfe\\x00\\n"); sys.stdout.flush()
say("from the future", x=1)
say("result", outputs={"A": 1})
""") == {"A": 1}
    assert "Hello from libfoo" in feedback.texts("debug")


def test_death_with_an_exit_code_names_the_last_line_and_the_log(run):
    with pytest.raises(bridge.JobFailed, match="exit code 3") as caught:
        run("""print("first line\\nlibfoo.so: cannot open", file=sys.stderr)\nsys.exit(3)""")
    assert "libfoo.so: cannot open" in str(caught.value)
    log = Path(str(caught.value).rpartition(" is in ")[2].rstrip("."))
    assert "first line" in log.read_text()


@posix
@pytest.mark.parametrize(("name", "words"), [("SIGKILL", "memory"), ("SIGSEGV", "crashed"), ("SIGABRT", "crashed"),
                                             ("SIGILL", "processor")])
def test_death_by_signal_is_explained(run, name, words):
    with pytest.raises(bridge.JobFailed, match=words):
        run(f"os.kill(os.getpid(), signal.{name}); time.sleep(5)")


@pytest.mark.parametrize(("code", "words"), [(137, "memory"), (0xC0000005, "crashed"), (0xC0000135, "Visual C"),
                                             (0xC000012D - 2**32, "memory"), (139, "crashed"), (None, "exit code None")])
def test_exit_codes_of_shells_and_windows_are_explained(tmp_path, code, words):
    assert words in explain_exit(code, tmp_path / "none.log")


def test_silence_is_ended(run):
    started = time.monotonic()
    with pytest.raises(bridge.JobFailed, match="no sign of life"):
        run("time.sleep(60)", silence_limit=0.7)
    assert time.monotonic() - started < 3


def test_heartbeats_break_the_silence(run):
    assert run("""
for i in range(8):
    time.sleep(0.2); say("heartbeat")
say("result", outputs={"A": 1})
""", silence_limit=1.0) == {"A": 1}


def test_cancel_is_respected_and_no_error(run, feedback):
    cancel_when(feedback, "working")
    started = time.monotonic()
    with pytest.raises(bridge.JobCancelled):
        run("""
say("log", text="working")
assert json.loads(sys.stdin.readline()) == {"command": "cancel"}
say("stopped", text="Kept the checkpoint of epoch 3.")
""")
    assert time.monotonic() - started < 1.5
    assert "Kept the checkpoint of epoch 3." in feedback.texts("info")


@posix
def test_a_worker_that_ignores_cancel_is_killed_with_its_children(run, feedback):
    cancel_when(feedback, "working")
    started = time.monotonic()
    with pytest.raises(bridge.JobCancelled):
        run("""
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
say("log", text=f"child {child}")
say("log", text="working")
while True:
    say("heartbeat"); time.sleep(0.1)
""")
    assert time.monotonic() - started < 3.3
    child = int(next(text for text in feedback.texts("info") if text.startswith("child")).split()[1])
    for _ in range(50):
        if not alive(child):
            return
        time.sleep(0.02)
    pytest.fail("the worker's child outlived it")


def test_a_stop_from_elsewhere_is_a_failure(run):
    with pytest.raises(bridge.JobFailed, match="other than QGIS"):
        run("""say("stopped")""")


@posix
def test_a_dead_workers_leftovers_are_removed(run, tmp_path):
    job = CheckEnvironment()
    folder = tmp_path / "model"
    folder.mkdir()
    keep = [tmp_path / "roads.tif", tmp_path / "roads~other.tif", folder / "old.emd"]
    for path in keep:
        path.write_text("x")
    with pytest.raises(bridge.JobFailed):
        run(f"""
for name in ("roads~%s.tif", "roads~%s.tif.aux.xml", "model/weights~%s.safetensors"):
    open({str(tmp_path)!r} + "/" + name % run_id, "w").close()
os.makedirs({str(tmp_path)!r} + "/chips~%s/images" % run_id)
os.kill(os.getpid(), signal.SIGKILL); time.sleep(5)
""", outputs=[str(tmp_path / "roads.tif"), str(folder), ""], folder=tmp_path / "elsewhere", job=job)
    assert all(path.exists() for path in keep)
    assert not list(tmp_path.rglob(f"*~{job.run_id}*"))


def test_another_protocol_is_refused(run):
    with pytest.raises(bridge.JobFailed, match="restart QGIS"):
        run("time.sleep(60)", prologue=PROLOGUE.replace("protocol=1", "protocol=99"))


def test_something_that_is_no_worker_is_refused(run):
    with pytest.raises(bridge.JobFailed, match="no Roadsmith worker"):
        run("""print('{"event": "result", "outputs": {}}', flush=True); time.sleep(60)""", prologue="import time\n")


def test_paths_may_have_spaces_and_letters_beyond_ascii(run, tmp_path):
    output = tmp_path / "Straße nach Żywiec – 道路.tif"
    folder = tmp_path / "plügin földer 道"
    body = """say("result", outputs={"OUTPUT": job["arguments"]["device"], "FILE": __file__})"""
    outputs = run(body, folder=folder, job=CheckEnvironment(device=str(output)), outputs=[str(output)])
    assert outputs == {"OUTPUT": str(output), "FILE": str(folder / "worker.py")}


@pytest.mark.parametrize("content", [None, "not a program"])
def test_an_interpreter_that_cannot_start_is_named(feedback, tmp_path, content):
    python = tmp_path / "python"
    if content:
        python.write_text(content)
    with pytest.raises(bridge.JobFailed, match="Set up environment") as caught:
        bridge.run_job(CheckEnvironment(), feedback, str(python))
    assert str(python) in str(caught.value)
    assert caught.value.kind == "environment"


def test_the_log_of_a_good_run_is_removed(run, logs):
    run("""print("chatter", file=sys.stderr); say("result")""")
    assert not list(logs.iterdir())


def test_qgis_variables_do_not_reach_the_worker(run, monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH", "LD_LIBRARY_PATH",
                 "LD_PRELOAD", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH", "PIP_TARGET"):
        monkeypatch.setenv(name, "/nowhere")
    before = dict(os.environ)
    seen = run("""say("result", outputs=dict(os.environ))""")
    assert not [name for name, value in seen.items() if value == "/nowhere"]
    assert seen["PYTHONUTF8"] == seen["PYTHONSAFEPATH"] == "1"
    assert dict(os.environ) == before


def test_qgis_own_python_keeps_its_libraries(monkeypatch):
    monkeypatch.setenv("GDAL_DATA", "/usr/share/gdal")
    assert variables.worker_variables(qgis_python=True)["GDAL_DATA"] == "/usr/share/gdal"
    assert "PYTHONNOUSERSITE" not in variables.worker_variables(qgis_python=True)
    assert variables.worker_variables()["PYTHONNOUSERSITE"] == "1"


def test_a_job_may_run_in_a_background_thread(run):
    results = []
    thread = threading.Thread(target=lambda: results.append(run("""say("result", outputs={"A": 1})""")))
    thread.start()
    thread.join(20)
    assert results == [{"A": 1}]


@posix
@pytest.mark.parametrize(("window", "steps"), [(None, 0), (object(), 5)])
def test_beside_a_window_the_worker_steps_back(run, monkeypatch, window, steps):
    """All of it: the threads that it starts, and its own children."""
    import qgis.utils

    monkeypatch.setattr(qgis.utils, "iface", window)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    found = run("""
import subprocess
seen = [os.getpriority(os.PRIO_PROCESS, 0)]
thread = threading.Thread(target=lambda: seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
thread.start()
thread.join()
code = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
seen.append(int(subprocess.check_output([sys.executable, "-c", code])))
say("result", outputs={"seen": seen})
""")["seen"]
    assert found == [min(19, own + steps)] * 3


def test_waiting_threads_of_a_worker_sleep_unless_the_user_wants_otherwise(monkeypatch):
    from roadsmith.processing_provider import variables

    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert variables.worker_variables()["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    assert variables.worker_variables()["OMP_WAIT_POLICY"] == "ACTIVE"


def test_the_environment_decides_about_the_user_site(feedback, tmp_path):
    script = tmp_path / "worker.py"
    script.write_text(PROLOGUE + """say("result", outputs={"alone": os.environ.get("PYTHONNOUSERSITE")})""")
    seen = [
        bridge.run_job(CheckEnvironment(), feedback, Environment(qgis_python(), source), worker=script)["alone"]
        for source in ("own", "setting")
    ]
    assert seen == ["1", None]
