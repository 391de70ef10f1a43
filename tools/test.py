"""Everything a change must pass: ruff, mypy, engine and worker tests, Processing tests in the real QGIS.

``test.py lint`` stops after ruff and mypy. Test tools live in two environments under ``build/``: one sees what the worker
sees, the other what QGIS's Python sees; neither the user's environment nor QGIS's is touched.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from machine import BUILD, ROOT, ensure_postgis, ensure_qgis, ensure_worker_python, fail, qgis_environment, say

WORKER_TESTS = ["tests/engine", "tests/models", "tests/learn"]
QGIS_TESTS = ["tests/plugin", "tests/processing_provider", "tests/test_two_sides.py", "tests/test_qt6.py", "tests/tools"]


def run(title: str, command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a command and end here if it fails."""
    say(f"\n== {title}")
    started = time.monotonic()
    if subprocess.call(command, cwd=ROOT, env=environment or dict(os.environ)) != 0:
        fail(f"{title}: failed, see above.")
    say(f"== {title}: passed in {time.monotonic() - started:.0f} s")


def run_together(jobs: list[tuple[str, list[str], dict[str, str]]]) -> None:
    """Run commands at the same time, show what each printed when it is over, and end here if any failed.

    Either suite keeps about one core busy.
    """
    started = time.monotonic()
    running = []
    for title, command, environment in jobs:
        log = BUILD / f"{title.split(',')[0].split(' ')[0].lower()}-tests.log"
        with log.open("wb") as file:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT)
        running.append((title, log, process))
    say(f"\n== {' and '.join(title for title, _, _ in running)}, at the same time")
    failed = []
    while running:
        for each in [each for each in running if each[2].poll() is not None]:
            title, log, process = each
            running.remove(each)
            say(f"\n== {title}")
            sys.stdout.write(log.read_text(encoding="utf-8", errors="replace"))
            ended = "passed" if process.returncode == 0 else "failed"
            say(f"== {title}: {ended} after {time.monotonic() - started:.0f} s")
            failed += [title] if process.returncode else []
        time.sleep(0.2)
    if failed:
        fail(f"{' and '.join(failed)}: failed, see above.")


def test_environment(folder: Path, python: str, sees: str | None, packages: list[str]) -> str:
    """Return the Python of a test environment made from ``python``, with pip packages of its own.

    Args:
        sees: site-packages folder it also looks into; None for the system's packages.
    """
    own = folder / "bin" / "python"
    complete = folder / "complete"
    lists = [Path(each).read_text(encoding="utf-8") for each in packages if each.endswith(".txt")]
    wanted = "\n".join([python, str(sees), *packages, *lists])
    if own.exists() and complete.is_file() and complete.read_text(encoding="utf-8") == wanted:
        return str(own)
    flags = ["--system-site-packages"] if sees is None else []
    subprocess.check_call([python, "-m", "venv", "--clear", *flags, str(folder)])
    if sees is not None:
        (next((folder / "lib").glob("python*")) / "site-packages" / "worker.pth").write_text(f"{sees}\n", encoding="utf-8")
    subprocess.check_call([str(own), "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages])
    complete.write_text(wanted, encoding="utf-8")
    return str(own)


def type_check(python: str) -> None:
    """Run mypy over the checkout as the package ``roadsmith``, whatever the checkout is called."""
    view = BUILD / "mypy"
    (view / "roadsmith").mkdir(parents=True, exist_ok=True)
    for name in ("__init__.py", "plugin", "processing_provider", "engine", "models", "learn.py"):
        if not (view / "roadsmith" / name).is_symlink():
            (view / "roadsmith" / name).symlink_to(ROOT / name)
    command = [python, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(BUILD / "mypy-cache")]
    run("mypy", command, {**os.environ, "MYPYPATH": str(view)})


def main() -> None:
    """Run the tests."""
    program, python = ensure_qgis()
    ensure_postgis()
    worker_python = ensure_worker_python(program)
    site_packages = subprocess.check_output(
        [worker_python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    ).strip()
    requirements = ["-r", str(ROOT / "tests" / "requirements.txt")]
    extras = ["-r", str(ROOT / "tests" / "requirements_worker.txt"), "-c", str(ROOT / "constraints.txt")]
    worker_tests = test_environment(BUILD / "test-worker", worker_python, site_packages, [*requirements, *extras])
    run("ruff", [worker_tests, "-m", "ruff", "check", "."])
    type_check(worker_tests)
    if "lint" in sys.argv[1:]:
        return
    scanners = ["-r", str(ROOT / "tests" / "requirements_qgis.txt")]
    qgis_tests = test_environment(BUILD / "test-qgis", python, None, [*requirements, *scanners])
    environment = {**qgis_environment(), "ROADSMITH_PYTHON": worker_python, "QGIS_PROCESS": program}
    run_together([
        ("Engine, models and worker", [worker_tests, "-m", "pytest", *WORKER_TESTS], dict(os.environ)),
        ("Plugin and Processing in QGIS", [qgis_tests, "-m", "pytest", *QGIS_TESTS], environment),
    ])


if __name__ == "__main__":
    main()
