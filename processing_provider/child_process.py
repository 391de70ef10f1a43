"""A child process whose output is read line by line without ever blocking, and which can be stopped with all its children."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO, Any

#: How long lines may still arrive after the process ended, when a grandchild holds its output open (seconds).
_LAST_WORDS = 2.0
#: Steps of niceness of a process that leaves the window its processor time: it gets a quarter of a core that both want.
_NICENESS = 5


def no_window(gently: bool = False) -> dict[str, Any]:
    """Return the option for ``subprocess`` that keeps Windows from opening a console; ``gently``: at a lower priority."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | (subprocess.BELOW_NORMAL_PRIORITY_CLASS if gently else 0)}
    return {}


class ChildProcess:
    """A running command.

    Args:
        command: program and arguments; never a shell line.
        variables: its environment.
        stderr: a file for its error output, None to read it together with its standard output.
        keep_open: descriptors that it inherits (POSIX), such as that of a lock, which is then held until it ends too.
        gently: at a lower priority than this process, which has a window to draw; idle cores are used all the same.

    Raises:
        OSError: the program cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        variables: Mapping[str, str],
        stderr: IO[bytes] | None = None,
        keep_open: Sequence[int] = (),
        gently: bool = False,
    ) -> None:
        self._process = subprocess.Popen(
            list(command),
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if stderr is None else stderr,
            pass_fds=tuple(keep_open) if sys.platform != "win32" else (),
            start_new_session=sys.platform != "win32",  # a group of its own, so that its children can be stopped with it
            **no_window(gently),
        )
        if gently:
            _step_back(self._process.pid)
        self._lines: queue.Queue[str] = queue.Queue()
        self._end_seen = 0.0
        self._reader = threading.Thread(target=self._read, name="roadsmith-reader", daemon=True)
        self._reader.start()

    @property
    def process_id(self) -> int:
        """The number the system gave the process."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative for a signal."""
        return self._process.poll()

    def read_line(self, timeout: float) -> str | None:
        """Return the next line of output, or None if there is none within ``timeout`` seconds."""
        try:
            return self._lines.get(timeout=timeout)
        except queue.Empty:
            return None

    @property
    def ended(self) -> bool:
        """Whether the process is gone and everything it said was read."""
        if self._process.poll() is None or not self._lines.empty():
            return False
        self._end_seen = self._end_seen or time.monotonic()
        if self._reader.is_alive() and time.monotonic() - self._end_seen < _LAST_WORDS:
            return False
        return self._lines.empty()

    def write_line(self, text: str) -> None:
        """Send a line to its standard input; a process that is already gone does not mind."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(text.encode("ascii") + b"\n")
            self._process.stdin.flush()

    def wait(self, timeout: float) -> bool:
        """Return whether the process ended within ``timeout`` seconds."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def terminate(self) -> None:
        """Ask the process and its children to end. Windows knows no asking."""
        self._signal("SIGTERM")

    def kill(self) -> None:
        """End the process and its children at once."""
        self._signal("SIGKILL")

    def close(self) -> None:
        """Let go of the process; one that still runs is killed."""
        if self._process.poll() is None:
            self.kill()
            self.wait(5)
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._reader.join(0.5)
        if not self._reader.is_alive() and self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._lines.put(line.decode("utf-8", "replace").rstrip("\r\n"))

    def _signal(self, name: str) -> None:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if sys.platform == "win32":
                command = ["taskkill", "/F", "/T", "/PID", str(self._process.pid)]
                subprocess.run(command, check=False, capture_output=True, timeout=10, **no_window())
                self._process.kill()
            else:
                os.killpg(self._process.pid, getattr(signal, name))


def _step_back(process_id: int) -> None:
    """Lower the priority of a process that was just started: its first thread's, from which all later ones have theirs."""
    if sys.platform != "win32":  # which was told when it was started
        with contextlib.suppress(OSError):  # it is gone already
            os.setpriority(os.PRIO_PROCESS, process_id, os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS)
