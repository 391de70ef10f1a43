"""What QGIS reads of a model package: the right figures of a good one, nothing of any other."""

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("provider")
RECORD = {
    "model_type": "linknet", "arguments": {"backbone": "resnet34", "bands": 3}, "bands": [4, 3, 2], "cell_metres": [0.4, 0.9],
    "chip_size": 512, "threshold": 0.42, "scores": {"iou": 0.5, "dice": 0.6, "dice_at_threshold": 0.66, "recall": None},
}
SAID = "linknet (resnet34), 0.6 m per pixel, band(s) 4, 3, 2, chips of 512 pixels, threshold 0.42; on its validation chips: "


def read(path):
    from roadsmith.processing_provider.model_facts import read_model_facts

    return read_model_facts(str(path))


def emd(record):
    return json.dumps({"Roadsmith": record}).encode()


def dlpk(folder, members):
    with zipfile.ZipFile(folder / "m.dlpk", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return folder / "m.dlpk"


def written(folder, content):
    path = folder / "m.emd"
    path.write_bytes(content)
    return path


def test_a_package_as_zip_definition_and_folder(tmp_path):
    archive = dlpk(tmp_path, [("m.safetensors", b"weights"), ("m.emd", emd(RECORD))])
    for path in (archive, written(tmp_path, emd(RECORD)), tmp_path):
        facts = read(path)
        assert facts.cell_size == pytest.approx(0.6)  # the square as large as 0.4 m × 0.9 m
        assert str(facts) == SAID + "IoU 0.5, F1 0.66"


def test_scores_may_be_missing(tmp_path):
    for scores in ({}, None, [1], {"iou": "high", "dice": True}, {"iou": 10**400}):
        assert str(read(written(tmp_path, emd({**RECORD, "scores": scores})))) == SAID.partition(";")[0]


def test_names_cannot_bring_markup_or_lines_into_the_log(tmp_path):
    facts = read(written(tmp_path, emd({**RECORD, "model_type": "<a href='x'>\nlinknet</a>" + "x" * 500})))
    assert str(facts).startswith("a hrefxlinknetaxxx") and len(str(facts)) < 250


@pytest.mark.parametrize(("key", "value"), [
    ("cell_metres", [0, 1]), ("cell_metres", [float("nan"), 1]), ("cell_metres", [-1, -1]), ("cell_metres", [1e300, 1e300]),
    ("cell_metres", []), ("cell_metres", "11"), ("cell_metres", [True, True]), ("bands", None), ("bands", ["1"]),
    ("arguments", []), ("bands", [0]), ("bands", [1e300]), ("chip_size", "512"),
    ("threshold", None), ("threshold", float("inf")), ("model_type", 7), ("chip_size", 10**400),
])
def test_values_that_cannot_be(tmp_path, key, value):
    assert read(written(tmp_path, emd({**RECORD, key: value}))) is None


def test_files_that_are_no_package_of_ours(tmp_path):
    assert read(tmp_path / "nowhere.dlpk") is None and read(tmp_path) is None
    foreign = b'{"ModelName": "MultiTaskRoadExtractor"}'
    for content in (b"", b"{", b"[]", foreign, b'{"Roadsmith": []}', b"[" * 100_000, b"\xff\xfe"):
        assert read(written(tmp_path, content)) is None
    for content in (b"", b"PK\x03\x04", b"no zip"):
        (tmp_path / "m.dlpk").write_bytes(content)
        assert read(tmp_path / "m.dlpk") is None


def test_packages_made_to_harm(tmp_path):
    blank = b" " * (5 * 2**20)  # 5 MB that are 5 KB in the archive, before a good definition
    assert read(dlpk(tmp_path, [("m.emd", blank + emd(RECORD))])) is None
    assert read(dlpk(tmp_path, [("a.emd", emd(RECORD)), ("b.emd", emd(RECORD))])) is None
    assert read(dlpk(tmp_path, [("m.emd", emd(RECORD)), *((f"{number}", b"") for number in range(1000))])) is None
    good = dlpk(tmp_path, [("../../m.emd", emd(RECORD))])  # read in memory alone: names reach nowhere
    assert read(good) is not None and {path.name for path in tmp_path.parent.iterdir()} & {"m.emd"} == set()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(RECORD)), inner, max_size=3), max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(RECORD)), _JSON, max_size=4))
def test_whatever_a_definition_says_the_cell_size_is_one_or_there_is_none(changes):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        facts = read(written(Path(folder), emd({**RECORD, **changes})))
    assert facts is None or (0.0001 <= facts.cell_size <= 100_000 and "\n" not in str(facts) and len(str(facts)) < 600)
