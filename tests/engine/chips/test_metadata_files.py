import pytest
from roadsmith.engine.chips.metadata_files import MAP_FILE, read_map
from roadsmith.engine.errors import EngineError


@pytest.mark.parametrize(("line", "pair"), [
    ("images\\0.tif  labels\\0.tif", ("images/0.tif", "labels/0.tif")),
    ("images\\0.tif labels\\0.tif", ("images/0.tif", "labels/0.tif")),
    ("images\\0.tif\tlabels\\0.tif", ("images/0.tif", "labels/0.tif")),
    ("images\\0.tif images2\\0.tif  labels\\0.tif", ("images/0.tif", "labels/0.tif")),
    ("images\\my chip 1.tif  labels\\my chip 1.tif", ("images/my chip 1.tif", "labels/my chip 1.tif")),
])
def test_a_line_names_an_image_and_a_label(tmp_path, line, pair):
    (tmp_path / MAP_FILE).write_text(f"{line}\r\n\r\n", encoding="utf-8-sig")
    assert read_map(tmp_path) == [pair]


def test_a_line_without_label(tmp_path):
    (tmp_path / MAP_FILE).write_text("images/0.tif  labels/0.tif\nimages/1.tif\n")
    with pytest.raises(EngineError, match="entry 2, names no label"):
        read_map(tmp_path)
