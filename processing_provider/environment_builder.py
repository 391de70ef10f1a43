"""Building the plugin's own Python environment: a virtual environment in the user's cache folder, filled by pip or uv."""

from __future__ import annotations

import shutil
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from .accelerators import Build
from .base_python import BasePython
from .bridge import JobCancelled
from .child_process import ChildProcess
from .environment import REQUIREMENTS, environment_python, remove_stamp, required_distributions
from .folder_growth import Growth
from .install_failures import explain_install
from .installed import installed_torch
from .proxy import proxy_variables, without_credentials
from .translation import tr
from .variables import installer_variables

#: pip's settings that uv has under another name.
_UV_OPTIONS = {
    "PIP_CONSTRAINT": "--constraint",
    "PIP_INDEX_URL": "--index-url",
    "PIP_EXTRA_INDEX_URL": "--extra-index-url",
    "PIP_FIND_LINKS": "--find-links",
}
#: PyTorch that loads on the Windows machines where the newest one does not (failure catalogue); needs Python 3.12 or older.
KNOWN_GOOD = "torch==2.5.1"
#: Space that PyPI's PyTorch for Linux needs while it is installed (3.0 GB of wheels, 7 GB unpacked).
PYPI_DISK_GB = 12
#: How much of what an installer prints is looked through for the cause of a failure (lines).
_MEMORY_LINES = 200


class EnvironmentBuilder:
    """Makes an environment in ``folder`` and installs packages into it.

    Args:
        folder: the environment. Virtual environments cannot be moved, so it is built where it stays; it has no stamp until
            it was tested, and without one nobody uses it.
        feedback: receives the output and the progress, and is asked whether to stop.
        lock: descriptor of the lock that keeps others from building, for the installers to hold too.
    """

    def __init__(self, folder: Path, feedback: QgsProcessingFeedback, lock: int | None = None) -> None:
        self.folder = folder
        self._feedback = feedback
        self._scratch = folder.parent / "scratch"
        self._span = (0.0, 0.0)
        self._expected = 1.0
        self._uv: str | None = None
        self._offline = False
        self._kept_open = () if lock is None else (lock,)
        self._variables = {**installer_variables(), **proxy_variables()}
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
        if self._scratch.exists():
            self._feedback.pushInfo(tr("An earlier set-up was interrupted; what it downloaded is used."))
        try:
            self._scratch.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise QgsProcessingException(
                tr("{} cannot be made ({}): choose another cache folder in Settings > Options > Roadsmith.").format(
                    self._scratch, error.strerror or error
                )
            ) from error
        self._uv = uv
        self._span = (0.0, 5.0)
        if uv:
            wanted = base.executable if base else f"{sys.version_info.major}.{sys.version_info.minor}"
            self._run([uv, "venv", "--python", wanted, str(self.folder)], tr("Making the environment"))
        else:
            assert base is not None
            self._run([base.executable, "-m", "venv", str(self.folder)], tr("Making the environment"))

    def install(self, build: Build, offline: str = "", torch: str = "") -> None:
        """Install PyTorch for the accelerator, then everything else beside it.

        Args:
            build: which PyTorch.
            offline: a folder with wheels, to use that and no network; empty for the network.
            torch: the version, such as ``torch==2.5.1``; empty for any that the package list allows.
        """
        self._offline = bool(offline)
        self._expected = build.disk_gb * 0.5e9
        torch = torch or next(line for line in required_distributions() if line.startswith("torch"))
        self._span = (5.0, 65.0)
        if offline:
            self._pip(["--no-index", "--find-links", offline, torch], tr("Installing PyTorch"))
        elif not build.index or not self._try_index(torch, build.index):
            self._pip([torch], tr("Installing PyTorch"))
        self._span = (65.0, 90.0)
        self._expected = 0.6e9
        source = ["--no-index", "--find-links", offline] if offline else []
        # the very PyTorch that is there now: no other package may bring another one from the default index
        self._pip([*source, *installed_torch(self.folder), "-r", str(REQUIREMENTS)], tr("Installing the other packages"))

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
                tr("The old environment in {} cannot be removed ({}): wait until other Roadsmith jobs have ended, close other "
                   "QGIS windows, and run 'Set up environment' again.").format(self.folder, error.strerror or error)
            ) from error

    def _try_index(self, torch: str, index: str) -> bool:
        """Return whether PyTorch could be installed from its own index, which has smaller builds than PyPI."""
        # uv has no option for this; it gives up by itself after three tries of 30 seconds.
        patience = [] if self._uv else ["--timeout", "15", "--retries", "0"]
        try:
            self._pip(["--index-url", index, *patience, torch], tr("Installing PyTorch"))
        except QgsProcessingException as error:
            self._feedback.pushInfo(tr("{} did not deliver ({}); trying the default package index.").format(index, error))
            self._check_space_for_pypi()
            return False
        return True

    def _check_space_for_pypi(self) -> None:
        """PyPI's PyTorch for Linux is the one with CUDA, whatever the computer has.

        Raises:
            QgsProcessingException: the disk has no room for it.
        """
        if sys.platform != "linux" or self._expected >= PYPI_DISK_GB * 0.5e9:
            return
        free_gb = shutil.disk_usage(self._scratch.parent).free / 1e9
        if free_gb < PYPI_DISK_GB:
            raise QgsProcessingException(
                tr("download.pytorch.org cannot be reached, and PyPI's PyTorch needs {} GB, of which {:.1f} GB are free: allow "
                   "download.pytorch.org in firewall and proxy, or name a folder with the wheels.").format(PYPI_DISK_GB, free_gb)
            )
        self._feedback.pushWarning(tr("The default index has PyTorch for Linux with CUDA only: up to 3 GB are downloaded."))

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
        self._feedback.pushCommandInfo(without_credentials(" ".join(command)))
        try:
            child = ChildProcess(command, self._variables, keep_open=self._kept_open)
        except OSError as error:
            sentence = tr("{} cannot be started ({}).").format(command[0], error.strerror or error)
            raise QgsProcessingException(sentence) from error
        lines: deque[str] = deque(maxlen=_MEMORY_LINES)
        growth = Growth([self.folder, self._scratch])
        try:
            while not child.ended:
                line = child.read_line(0.1)
                if self._feedback.isCanceled():
                    raise JobCancelled
                if line:
                    self._feedback.pushConsoleInfo(without_credentials(line))
                    lines.append(line)
                self._show(growth, text)
        finally:
            child.close()
        if child.exit_code:
            raise QgsProcessingException(explain_install(text, lines, child.exit_code, self._offline))
        self._feedback.setProgress(self._span[1])

    def _show(self, growth: Growth, text: str) -> None:
        for written, rate, tell in growth.news():
            start, end = self._span
            self._feedback.setProgress(start + (end - start) * min(0.95, written / self._expected))
            if tell and written > 1e6:
                self._feedback.setProgressText(tr("{}: {:.0f} MB written, {:.1f} MB/s").format(text, written / 1e6, rate / 1e6))
