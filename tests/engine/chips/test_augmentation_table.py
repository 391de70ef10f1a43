import json

import pytest
from roadsmith.engine.chips.augmentation_settings import DEFAULT, NONE, Range
from roadsmith.engine.chips.augmentation_table import augmentation_settings, from_json, from_table
from roadsmith.engine.errors import EngineError

ARCGIS = {
    "rotate": "30.0; 0.5", "brightness": "(0.4,0.6); 1.0", "contrast": "(0.75,1.5); 1.0", "zoom": "(1.0,1.2); 1.0",
    "crop": "chip_size;1.0;(0,1);(0,1)",
}


def test_arcgis_values_mean_what_they_mean_there():
    settings = from_table(ARCGIS)
    assert settings.rotate == Range(-30, 30, 0.5) and settings.brightness == Range(0.4, 0.6, 1.0)
    assert settings.contrast == Range(0.75, 1.5, 1.0) and settings.zoom == Range(1.0, 1.2, 1.0)
    assert (settings.crop, settings.crop_rows, settings.crop_columns) == (1.0, (0, 1), (0, 1))
    assert settings.dihedral == 0 and settings.hue == NONE.hue  # what is not named does not happen


def test_presets():
    assert augmentation_settings("DEFAULT") == DEFAULT and augmentation_settings("none") == NONE
    assert augmentation_settings("custom", ARCGIS) == from_table(ARCGIS) and augmentation_settings("custom") == NONE
    # ArcGIS's default varies these five
    assert DEFAULT.crop and DEFAULT.dihedral and all(
        getattr(DEFAULT, name).probability for name in ("brightness", "contrast", "zoom")
    )
    with pytest.raises(EngineError, match="no augmentation 'some': choose default"):
        augmentation_settings("some")


def test_files(tmp_path):
    path = tmp_path / "transforms.json"
    ours = {"Rotate": [-5, 10], "hue": 12, "saturation": "(0.8, 1.2); 0.25", "gain": [0.9, 1.1], "dihedral": True,
            "corners": "ignore", "crop": "chip_size; 0.5; (0, 0.5)"}
    for content in (ours, {"Training": ours, "Validation": {}}):
        path.write_text("\ufeff" + json.dumps(content), encoding="utf-8")
        settings = augmentation_settings("file", file=str(path))
        assert settings.rotate == Range(-5, 10, 1.0) and settings.hue == Range(-12, 12, 1.0)
        assert settings.saturation == Range(0.8, 1.2, 0.25) and settings.gain == Range(0.9, 1.1, 1.0)
        assert settings.dihedral == 1 and settings.corners == "ignore"
        assert (settings.crop, settings.crop_rows, settings.crop_columns) == (0.5, (0, 0.5), (0, 1))


@pytest.mark.parametrize(("content", "sentence"), [
    ("{", "is no JSON"), ("[1]", "holds no names and values"), ('{"Training": 3}', "holds no names and values"),
    ("[" * 100_000, "is no JSON"), ('{"rotate": "1"', "is no JSON"),
])
def test_files_that_cannot_be_used(tmp_path, content, sentence):
    path = tmp_path / "transforms.json"
    path.write_text(content)
    with pytest.raises(EngineError, match=sentence):
        from_json(path)
    with pytest.raises(EngineError, match="cannot be read"):
        from_json(tmp_path / "none.json")
    with pytest.raises(EngineError, match="cannot be read"):
        augmentation_settings("file")


@pytest.mark.parametrize(("table", "sentence"), [
    ({"warp": 1}, "no augmentation 'warp': choose among crop, dihedral"),
    ({"rotate": "a lot"}, "'rotate' cannot be 'a lot'"), ({"rotate": "30; 0.5; 1"}, "at most 2 parts"),
    ({"rotate": "30; 1.5"}, r"probability 1.5: choose one from 0"), ({"rotate": "30; often"}, "probability ' often'"),
    ({"rotate": 200}, "cannot go from -200 to 200"), ({"zoom": "(1.2, 1.0)"}, "from 1.2 to 1: .*smaller first"),
    ({"zoom": 0}, "'zoom' cannot go from 0"), ({"brightness": "(0, 1)"}, "'brightness' cannot go from 0 to 1"),
    ({"contrast": [0, 1]}, "'contrast' cannot go from 0"), ({"contrast": True}, "'contrast' cannot be 'True'"),
    ({"contrast": None}, "'contrast' cannot be 'None'"), ({"contrast": [1, 2, 3]}, "'contrast' cannot be"),
    ({"contrast": {"low": 1}}, "'contrast' cannot be"), ({"contrast": ""}, "'contrast' cannot be ''"),
    ({"zoom": float("nan")}, "'zoom' cannot go from nan"), ({"crop": "224; 1.0"}, "size '224': write chip_size"),
    ({"crop": "chip_size; 1; 0.5"}, "'crop' cannot be 'chip_size; 1; 0.5'"),
    ({"crop": "chip_size; 1; (0.9, 0.1)"}, "cannot lie between 0.9 and 0.1"), ({"crop": 2}, "'crop' has the probability 2"),
    ({"dihedral": "yes"}, "'dihedral' cannot have the probability 'yes'"), ({"corners": "black"}, "'corners' cannot be 'black'"),
    ({"rotate": 3, "Rotate ": 4}, "'rotate' is given twice"), ({"dihedral": 1, "dihedral_affine": 1}, "given twice"),
])
def test_what_cannot_be_used_is_one_sentence(table, sentence):
    with pytest.raises(EngineError, match=sentence) as caught:
        from_table(table)
    assert "\n" not in caught.value.message and caught.value.message.endswith(".")
