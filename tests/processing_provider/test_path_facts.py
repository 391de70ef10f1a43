"""What the dialogs say of models and training data folders: the right figures, and one sentence for what is neither."""

import json
import math
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .test_model_facts import RECORD, SAID, dlpk, emd

pytestmark = pytest.mark.usefixtures("provider")
TEMPLATE = {
    "MetaDataMode": "Classified_Tiles", "ImageHeight": 256, "ImageWidth": 256, "AllTilesStats": [{}, {}, {}, {}],
    "MinCellSize": {"x": 0.5, "y": 0.5}, "Classes": [{"Value": 1, "Name": "road"}, {"Value": 2, "Name": "<b>track</b>"}],
}
OWN = {"format": 1, "bands": [4, 3, 2], "cell_metres": [0.4, 0.9], "sources": [{"name": "a"}]}


def about(kind, path):
    from roadsmith.processing_provider.path_facts import path_facts

    return path_facts(kind, str(path))


def folder_of(path, chips=3, template=TEMPLATE, own=None):
    path.mkdir()
    (path / "map.txt").write_text("".join(f"images/{n}.tif  labels/{n}.tif\r\n" for n in range(chips)) + "\r\n")
    (path / "esri_model_definition.emd").write_text(json.dumps(template), encoding="utf-8-sig")
    if own is not None:
        (path / "roadsmith.json").write_text(json.dumps(own, indent=1))
    return path


def test_a_folder_of_ours_says_chips_cell_size_bands_and_classes(tmp_path):
    facts = about("training_data", folder_of(tmp_path / "data", own=OWN))
    assert (facts.text, facts.wrong) == (
        "3 chip(s) of 256 pixels; 0.6 m per pixel; band(s) 4, 3, 2; classes: 1 road, 2 btrackb.", False
    )


def test_a_folder_of_arcgis_says_what_it_knows(tmp_path):
    facts = about("training_data", folder_of(tmp_path / "data"))
    assert facts.text == "3 chip(s) of 256 pixels; 0.5 map units per pixel; band(s) 1, 2, 3, 4; classes: 1 road, 2 btrackb."


def test_the_places_of_many_chips_are_not_read(tmp_path):
    own = {**OWN, "split_blocks": {"chips": {f"images/{number:09}.tif": [0, 1, 2] for number in range(20_000)}}}
    folder = folder_of(tmp_path / "data", chips=20_000, own=own)
    assert (folder / "roadsmith.json").stat().st_size > 2**20
    started = time.perf_counter()
    assert about("training_data", folder).text.startswith("20000 chip(s) of 256 pixels; 0.6 m per pixel; band(s) 4, 3, 2;")
    assert time.perf_counter() - started < 0.5  # 0.02 on a machine of its own


def test_several_folders_have_a_line_each(tmp_path):
    one, two = folder_of(tmp_path / "one", 1, {}), folder_of(tmp_path / "two; too", 2, {})
    assert about("training_data", f"{one}; {tmp_path / 'gone'}").text.splitlines()[0] == "one: 1 chip(s)."
    assert about("training_data", f"{one}; {tmp_path / 'gone'}").wrong
    assert about("training_data", two).text == "2 chip(s)."  # a semicolon in its name
    assert about("training_data", ";".join([str(one)] * 6)).text.splitlines()[4:] == ["… and 2 more."]


def test_pairs_of_images_and_masks_are_counted(tmp_path):
    for name, number in (("images", 3), ("masks", 2), ("notes", 0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "readme.txt").touch()
        for picture in range(number):
            (tmp_path / name / f"{picture}.PNG").touch()
    facts = about("training_data", tmp_path)
    assert not facts.wrong and facts.text.endswith("Images: 3 in images, 2 in masks.")


@pytest.mark.parametrize(("make", "words"), [
    (lambda folder: folder / "gone", "There is no "),
    (lambda folder: folder, "is no training data folder"),
    (lambda folder: Path(__file__), "is a file"),
    (lambda folder: folder_of(folder / "d", template={"MetaDataMode": "PASCAL_VOC_rectangles"}), "kind PASCAL_VOC_rectangles"),
])
def test_what_is_no_training_data_folder(tmp_path, make, words):
    facts = about("training_data", make(tmp_path))
    assert facts.wrong and words in facts.text


def test_a_model_says_what_it_is(tmp_path):
    package = dlpk(tmp_path, [("m.emd", emd(RECORD))])
    for kind in ("model", "first_model", "optional_model"):
        facts = about(kind, f" {package} ")
        assert facts.text.startswith(SAID) and not facts.wrong


def test_no_model_means_the_shipped_one_or_none():
    for kind in ("model", "first_model"):
        facts = about(kind, "")
        assert facts.text.startswith("Empty: the model that comes with Roadsmith is used: ") and "1 m per pixel" in facts.text
        assert "threshold 0" in facts.text and not facts.wrong
    assert about("optional_model", "").text == about("training_data", "").text == ""


def test_a_model_of_two_stages_is_no_first_stage(tmp_path):
    two = {**RECORD, "model_type": "two_stage", "arguments": {"first": RECORD}}
    package = dlpk(tmp_path, [("m.emd", emd(two))])
    assert "two stages already" in about("first_model", package).text and about("first_model", package).wrong
    assert about("model", package).text.startswith("two stages: linknet (resnet34), CUnet") and not about("model", package).wrong


@pytest.mark.parametrize(("name", "content", "words"), [
    ("m.tif", b"II*", "m.tif is no model package: choose a file that ends in .dlpk or .emd"),
    ("m.emd", b'{"ModelName": "MultiTaskRoadExtractor"}', "a model of another program"),
    ("m.dlpk", b"no zip", "no model package that can be read"), ("m.emd", b"[" * 10_000, "no model package that can be read"),
    ("", b"", "no model package that can be read"),
])
def test_what_is_no_model(tmp_path, name, content, words):
    if name:
        (tmp_path / name).write_bytes(content)
    for kind in ("model", "first_model", "optional_model"):
        facts = about(kind, tmp_path / name)
        assert facts.wrong and words in facts.text
    assert about("model", tmp_path / "gone.dlpk").text.startswith("There is no ")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*TEMPLATE, *OWN, "Value", "Name", "x"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(TEMPLATE)), _JSON, max_size=4), st.dictionaries(st.sampled_from(list(OWN)), _JSON))
def test_whatever_the_metadata_say_there_is_a_line_of_text(template, own):
    import tempfile

    from roadsmith.processing_provider.training_facts import read_training_facts

    with tempfile.TemporaryDirectory() as parent:
        folder = folder_of(Path(parent) / "d", 1, {**TEMPLATE, **template}, own)
        facts, text = read_training_facts(str(folder)), about("training_data", folder).text
    assert facts.chips == 1 and facts.chip_size >= 0 and math.isfinite(facts.cell_metres)
    assert text and "\n" not in text and len(text) < 1000
