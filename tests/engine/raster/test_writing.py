import errno
from pathlib import Path

import pytest
from roadsmith.engine.errors import EngineError
from roadsmith.engine.raster.writing import atomic_output, check_writable, partial_path


def test_file_appears_complete_or_not_at_all(tmp_path):
    final = tmp_path / "new folder" / "out put.txt"
    with atomic_output(final, "run") as partial:
        partial.write_text("one")
        assert not final.exists() and partial == partial_path(final, "run")
    assert final.read_text() == "one"
    with pytest.raises(RuntimeError), atomic_output(final, "run") as partial:
        partial.write_text("half")
        raise RuntimeError
    assert final.read_text() == "one" and list(final.parent.iterdir()) == [final]


def test_folder_output_replaces_only_an_empty_folder(tmp_path):
    final = tmp_path / "out"
    final.mkdir()
    with atomic_output(final, "run") as partial:
        partial.mkdir()
        (partial / "a").touch()
    assert (final / "a").exists()
    with pytest.raises(OSError, match="not empty"), atomic_output(final, "run") as partial:
        partial.mkdir()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("code", "sentence"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "may not be written")])
def test_refusals_of_the_system_are_explained(tmp_path, code, sentence):
    with pytest.raises(EngineError, match=sentence), atomic_output(tmp_path / "x", "run"):
        raise OSError(code, "system text")


def test_place_that_cannot_be_written():
    with pytest.raises(EngineError, match="Choose another folder"):
        check_writable(Path("/proc/roadsmith"))
