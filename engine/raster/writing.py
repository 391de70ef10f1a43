"""Files that appear complete or not at all: everything is written under a temporary name and renamed at the end."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ..errors import EngineError


def partial_path(final: Path, run_id: str) -> Path:
    """Return the temporary name beside ``final`` (same disk, so that the rename is atomic); its suffix is kept."""
    return final.with_name(f"{final.stem}~{run_id}{final.suffix}")


def check_writable(folder: Path) -> None:
    """Raise an ``EngineError`` if no file can be made in ``folder`` (created if missing), before hours of work are lost."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".roadsmith-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or error
        raise EngineError(f"Nothing can be written to {folder}: {reason}. Choose another folder.", "disk") from error


@contextlib.contextmanager
def explained_disk_errors(target: Path) -> Iterator[None]:
    """Turn the system's refusals to write ``target`` into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EngineError(f"The disk is full while writing {target}: free some space and run again.", "disk") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise EngineError(f"{target} may not be written ({error.strerror}): choose another place.", "disk") from error
        raise


@contextlib.contextmanager
def atomic_output(final: Path, run_id: str) -> Iterator[Path]:
    """Give a temporary path to write to; rename it to ``final`` at the end, remove it on any error.

    Works for a file or a folder (which the block makes itself). An existing ``final`` file is replaced only when the new
    one is complete.
    """
    check_writable(final.parent)
    partial = partial_path(final, run_id)
    try:
        with explained_disk_errors(final):
            yield partial
            if partial.is_dir() and final.is_dir():
                final.rmdir()  # only an empty folder may be replaced; anything else raises
            partial.replace(final)
    except BaseException:
        remove_partial(partial)
        raise


def remove_partial(partial: Path) -> None:
    """Remove a temporary file or folder and the side files GDAL may have put beside it."""
    if partial.is_dir():
        shutil.rmtree(partial, ignore_errors=True)
        return
    for leftover in [partial, *partial.parent.glob(f"{partial.name}.*"), *partial.parent.glob(f"{partial.name}-*")]:
        with contextlib.suppress(OSError):
            leftover.unlink()
