"""Building the plugin's own Python environment: a virtual environment in the user's cache folder, filled by pip or uv."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from .accelerators import Build
from .base_python import BasePython
from .bridge import JobCancelled
from .child_process import ChildProcess
from .environment import REQUIREMENTS, environment_python, home_folder, remove_stamp, required_distributions
from .variables import installer_variables

#: pip's settings that uv has under another name.
_UV_OPTIONS = {
    "PIP_CONSTRAINT": "--constraint",
    "PIP_INDEX_URL": "--index-url",
    "PIP_EXTRA_INDEX_URL": "--extra-index-url",
    "PIP_FIND_LINKS": "--find-links",
}
_CHECK_SECONDS, _TELL_SECONDS = 2.0, 10.0


class EnvironmentBuilder:
    """Makes an environment in ``folder`` and installs packages into it.

    Args:
        folder: the environment. Virtual environments cannot be moved, so it is built where it stays; it has no stamp until
            it was tested, and without one nobody uses it.
        feedback: receives the output and the progress, and is asked whether to stop.
    """

    def __init__(self, folder: Path, feedback: QgsProcessingFeedback) -> None:
        self.folder = folder
        self._feedback = feedback
        self._scratch = folder.parent / "scratch"
        self._span = (0.0, 0.0)
        self._expected = 1.0
        self._uv: str | None = None
        self._variables = installer_variables()
        for name in ("TMPDIR", "TEMP", "TMP"):  # gigabytes of wheels belong on the disk whose space was checked
            self._variables[name] = str(self._scratch)
        self._variables.setdefault("PIP_CACHE_DIR", str(self._scratch / "cache"))
        self._variables.setdefault("UV_CACHE_DIR", str(self._scratch / "uv"))

    def create(self, base: BasePython | None, uv: str | None) -> None:
        """Make an empty environment, wiping whatever was in its place.

        Args:
            base: the Python to build with; None leaves the choice to uv.
            uv: the program uv, None to use venv and pip.
        """
        self.wipe()
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._uv = uv
        self._span = (0.0, 5.0)
        if uv:
            wanted = base.executable if base else f"{sys.version_info.major}.{sys.version_info.minor}"
            self._run([uv, "venv", "--python", wanted, str(self.folder)], "Making the environment")
        else:
            assert base is not None
            self._run([base.executable, "-m", "venv", str(self.folder)], "Making the environment")

    def install(self, build: Build, offline: str = "") -> None:
        """Install PyTorch for the accelerator, then everything else.

        Args:
            build: which PyTorch.
            offline: a folder with wheels, to use that and no network; empty for the network.
        """
        self._expected = build.disk_gb * 0.5e9
        torch = next(line for line in required_distributions() if line.startswith("torch"))
        self._span = (5.0, 65.0)
        if offline:
            self._pip(["--no-index", "--find-links", offline, torch], "Installing PyTorch")
        elif not build.index or not self._try_index(torch, build.index):
            self._pip([torch], "Installing PyTorch")
        self._span = (65.0, 90.0)
        self._expected = 0.6e9
        source = ["--no-index", "--find-links", offline] if offline else []
        self._pip([*source, "-r", str(REQUIREMENTS)], "Installing the other packages")

    def tidy(self) -> None:
        """Remove downloads and temporary files."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def wipe(self) -> None:
        """Remove the environment; downloads are kept for the next try.

        Raises:
            QgsProcessingException: a file is in use.
        """
        if not self.folder.exists():
            return
        try:
            remove_stamp(self.folder)
            shutil.rmtree(self.folder)
        except OSError as error:
            raise QgsProcessingException(
                f"The old environment in {self.folder} cannot be removed ({error.strerror or error}): wait until other "
                "Roadsmith jobs have ended, close other QGIS windows, and run 'Set up environment' again."
            ) from error

    def _try_index(self, torch: str, index: str) -> bool:
        """Return whether PyTorch could be installed from its own index, which has smaller builds than PyPI."""
        # uv has no option for this; it gives up by itself after three tries of 30 seconds.
        patience = [] if self._uv else ["--timeout", "15", "--retries", "0"]
        try:
            self._pip(["--index-url", index, *patience, torch], "Installing PyTorch")
        except QgsProcessingException as error:
            self._feedback.pushInfo(f"{index} did not deliver ({error}); trying the default package index.")
            return False
        return True

    def _pip(self, arguments: Sequence[str], text: str) -> None:
        if not self._uv:
            self._run([*self._pip_command(), "install", "--progress-bar", "off", *arguments], text)
            return
        names = ["PIP_CONSTRAINT"]
        if "--index-url" not in arguments and "--no-index" not in arguments:
            names = list(_UV_OPTIONS)
        extra = [
            word
            for name in names
            for value in self._variables.get(name, "").split()
            for word in (_UV_OPTIONS[name], value)
        ]
        python = str(environment_python(self.folder))
        self._run([self._uv, "pip", "install", "--python", python, *extra, *arguments], text)

    def _pip_command(self) -> list[str]:
        return [str(environment_python(self.folder)), "-X", "utf8", "-m", "pip"]

    def _run(self, command: Sequence[str], text: str) -> None:
        """Run a command, showing what it prints.

        Raises:
            JobCancelled: the user cancelled; the command and its children are dead.
            QgsProcessingException: the command failed.
        """
        self._feedback.setProgressText(text)
        self._feedback.pushCommandInfo(" ".join(command))
        try:
            child = ChildProcess(command, self._variables)
        except OSError as error:
            raise QgsProcessingException(f"{command[0]} cannot be started ({error.strerror or error}).") from error
        error_line = last_line = ""
        growth = _Growth([self.folder, self._scratch])
        try:
            while not child.ended:
                line = child.read_line(0.1)
                if self._feedback.isCanceled():
                    raise JobCancelled
                if line:
                    self._feedback.pushConsoleInfo(line)
                    last_line = line
                    error_line = line if line.lower().startswith("error") else error_line
                self._show(growth, text)
        finally:
            child.close()
        if child.exit_code:
            reason = (error_line or last_line).strip()[:500]
            raise QgsProcessingException(f"{text} failed (exit code {child.exit_code}): {reason}")
        self._feedback.setProgress(self._span[1])

    def _show(self, growth: _Growth, text: str) -> None:
        for written, rate, tell in growth.news():
            start, end = self._span
            self._feedback.setProgress(start + (end - start) * min(0.95, written / self._expected))
            if tell and written > 1e6:
                self._feedback.setProgressText(f"{text}: {written / 1e6:.0f} MB written, {rate / 1e6:.1f} MB/s")


class _Growth:
    """How many bytes a command has written: the one thing pip and uv cannot hide."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._first = folder_size(folders)
        self._started = self._checked = self._told = time.monotonic()

    def news(self) -> Iterator[tuple[int, float, bool]]:
        """Yield bytes, bytes per second and whether it is time to tell the user; nothing if just asked."""
        now = time.monotonic()
        if now - self._checked < _CHECK_SECONDS:
            return
        written = max(0, folder_size(self._folders) - self._first)
        self._checked = time.monotonic()
        tell = now - self._told >= _TELL_SECONDS
        if tell:
            self._told = now
        yield written, written / (now - self._started), tell


def base_of(folder: Path) -> str:
    """Return the Python (or its folder) that the environment in ``folder`` rests on."""
    settings = {}
    for line in (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        settings[name.strip()] = value.strip()
    executable = settings.get("executable", "")
    return executable if Path(executable).is_file() else settings.get("home", "")


def folder_size(folders: Sequence[Path]) -> int:
    """Return the size of all files in ``folders``, in bytes."""
    size, pending = 0, [str(folder) for folder in folders]
    while pending:
        with contextlib.suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_size
    return size


def check_free_space(needed_gb: float) -> None:
    """Raise a ``QgsProcessingException`` if the disk of the environment has too little space left."""
    home = home_folder()
    home.mkdir(parents=True, exist_ok=True)
    free_gb = shutil.disk_usage(home).free / 1e9
    if free_gb < needed_gb:
        raise QgsProcessingException(
            f"The environment needs about {needed_gb:.0f} GB while it is built, and {home} has {free_gb:.1f} GB free: free some "
            "space, or set the variable ROADSMITH_HOME to a folder on another disk."
        )


@contextlib.contextmanager
def building_lock(feedback: QgsProcessingFeedback) -> Iterator[None]:
    """Keep other QGIS windows from building at the same time. The system frees the lock of a process that dies."""
    home = home_folder()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "setup.lock").open("a+b") as file:
        started = time.monotonic()
        while not _try_lock(file):
            if feedback.isCanceled():
                raise JobCancelled
            if time.monotonic() - started > 5:
                raise QgsProcessingException("Another QGIS window is setting up the environment: wait until it is done.")
            time.sleep(0.2)
        yield


def _try_lock(file: IO[Any]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
