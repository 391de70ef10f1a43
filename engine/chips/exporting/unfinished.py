"""An export in progress: its chips so far and a journal of what is done, in a folder of its own beside the output."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from ...unfinished import Unfinished, unfinished_folder

_CHIPS = "data"
_BEFORE = "before"
_NOTE_TEXT = (
    "This export of training data was interrupted. Run Export training data again with the same settings and the same output\n"
    "folder: it goes on where it ended. Or delete this folder.\n"
)


def metadata_before(final: Path) -> Path | None:
    """Return the folder with the metadata as it was, if a run died while it was adding its chips to ``final``."""
    before = unfinished_folder(final) / _BEFORE
    return before if before.is_dir() else None


class UnfinishedExport(Unfinished):
    """The journal of one export into the folder ``final``, whose chips ``fingerprint`` tells from those of another.

    Attributes:
        chips: where the chips go; becomes the output folder if that is new.

    Raises:
        EngineError: another run works on the same output.
    """

    def __init__(self, final: Path, fingerprint: str) -> None:
        super().__init__(final, fingerprint, _NOTE_TEXT)
        self.chips = self.folder / _CHIPS

    def keep_metadata(self, final: Path, names: Sequence[str]) -> None:
        """Keep copies of an output's metadata files, so that a run that dies while adding to it can be repeated."""
        before = self.folder / _BEFORE
        if before.is_dir():
            return  # the first run's copies; the files themselves may have changed since
        partial = self.folder / f"{_BEFORE}.new"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for name in names:
            if (final / name).is_file():
                shutil.copy2(final / name, partial / name)
        partial.replace(before)
