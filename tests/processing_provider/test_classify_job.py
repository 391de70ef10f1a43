"""The parameters of Classify pixels: what becomes of each in the job, how they look, and whether the engine knows them."""

import ast
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import NULL, QgsProcessingContext

pytestmark = pytest.mark.usefixtures("provider")
ROOT = Path(__file__).resolve().parents[2]

#: Parameter: a value that is no default, field of the job, what it is there.
GIVEN = {
    "THRESHOLD": (0.4, "threshold", 0.4),
    "CELL_SIZE": (0.3, "cell_size", 0.3),
    "TILE_SIZE": (768, "tile_size", 768),
    "PADDING": (100, "padding", 100),
    "TEST_TIME_AUGMENTATION": ("8", "test_time_augmentation", 8),
    "MERGE_POLICY": ("max", "merge_policy", "max"),
    "PROBABILITY_FORMAT": ("float32", "probability_format", "float32"),
    "COG": (True, "cog", True),
    "BATCH_SIZE": (3, "batch_size", 3),
    "COMPILE": (True, "compile", True),
    "READER_THREADS": (5, "reader_threads", 5),
    "SCHEDULER": (" tcp://host:8786 ", "scheduler", "tcp://host:8786"),
    "VRT": (True, "vrt", True),
    "MODEL": ("/m/m.dlpk", "model", "/m/m.dlpk"),
}
#: Filled in when the layers are read, and when the outputs are known.
LAYERS = {"INPUT": {"raster", "raster_crs", "raster_copied"}, "EXTENT": {"extent"}, "MASK": {"mask", "mask_layer"},
          "OUTPUT": {"output"}, "PROBABILITY": {"probability"}}


@pytest.fixture
def job(provider):
    """Give a function that returns the job of some parameters as a dict."""
    from roadsmith.processing_provider.classification_job import classification_job

    algorithm = provider.algorithm("classifypixels")

    def build(**parameters):
        job = classification_job(algorithm, {"MODEL": "/m.dlpk", **parameters}, QgsProcessingContext())
        return {name: value for name, value in asdict(job).items() if name != "run_id"}

    return build


def test_defaults_are_those_of_the_job(job):
    from roadsmith.engine.jobs import ClassifyPixels

    expected = asdict(ClassifyPixels(model="/m.dlpk"))
    del expected["run_id"]
    assert job() == expected
    empty = {"THRESHOLD": None, "BATCH_SIZE": NULL, "GPUS": "", "SCHEDULER": None, "TILE_SIZE": ""}
    assert job(**empty) == expected


def test_every_parameter_reaches_the_job(job, provider):
    from roadsmith.engine.jobs import ClassifyPixels, decode_job, encode_job

    definitions = {each.name() for each in provider.algorithm("classifypixels").parameterDefinitions()}
    assert definitions == {*GIVEN, *LAYERS, "DEVICE", "GPUS"}
    result = job(**{name: value for name, (value, _, _) in GIVEN.items()})
    by_layers = set().union(*LAYERS.values())
    assert {name: value for name, value in result.items() if name not in by_layers} == {
        "device": "auto", **{field: value for _, field, value in GIVEN.values()}
    }
    assert {*result, "run_id"} == {each.name for each in fields(ClassifyPixels)}
    sent = ClassifyPixels(**result)
    assert decode_job(encode_job(sent)) == sent


@pytest.mark.parametrize(("device", "gpus", "expected"), [
    ("auto", None, "auto"), ("cpu", "", "cpu"), ("cuda", None, "cuda"), ("mps", None, "mps"), ("auto", "1", "cuda:1"),
    ("cuda", "0, 2", "cuda:0,2"), ("auto", "2;0;2,", "cuda:2,0"), ("auto", " , ", "auto"),
])
def test_device_and_gpus(job, device, gpus, expected):
    assert job(DEVICE=device, GPUS=gpus)["device"] == expected


@given(st.lists(st.integers(0, 999)))
def test_gpus_are_read_as_they_are_written(numbers):
    from roadsmith.processing_provider.classification_checks import gpu_numbers

    assert gpu_numbers(", ".join(map(str, numbers))) == list(dict.fromkeys(numbers))


@pytest.mark.parametrize("text", ["a", "0 1", "1.5", "-1", "²", "cuda:0", "99999"])
def test_text_that_names_no_gpu(text):
    from roadsmith.processing_provider.classification_checks import gpu_numbers

    with pytest.raises(ValueError, match="GPUS holds"):
        gpu_numbers(text)


@pytest.mark.parametrize("text", ["tcp://localhost:8786", "tcp://10.0.0.7:1", "tls://node-1.example.org:8786", "tcp://[::1]:8786/"])
def test_addresses_of_schedulers(provider, text):
    from roadsmith.processing_provider.classification_checks import contradictions

    assert list(contradictions(provider.algorithm("classifypixels"), {"SCHEDULER": text}, QgsProcessingContext())) == []


def _constant(path, name):
    """Return a constant of a worker's file, which cannot be imported here."""
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{path} has no constant {name}")


@pytest.mark.parametrize(("parameter", "path", "constant"), [
    ("TEST_TIME_AUGMENTATION", "engine/classification/augmented.py", "COUNTS"),
    ("MERGE_POLICY", "engine/classification/augmented.py", "POLICIES"),
    ("PROBABILITY_FORMAT", "engine/classification/layers.py", "PROBABILITY_FORMATS"),
])
def test_the_engine_knows_every_choice_and_all_are_offered(provider, parameter, path, constant):
    definition = provider.algorithm("classifypixels").parameterDefinition(parameter)
    assert definition.options() == list(map(str, _constant(path, constant)))


def test_the_dialog_shows_the_most_used_first(provider):
    parameters = provider.algorithm("classifypixels").parameterDefinitions()
    plain = [each.name() for each in parameters if not each.flags() & each.FlagAdvanced]
    assert plain == ["INPUT", "MODEL", "EXTENT", "MASK", "THRESHOLD", "OUTPUT", "PROBABILITY"]
    assert all(each.help() for each in parameters)


@pytest.mark.parametrize("name", ["exporttrainingdata", "trainroadextractor", "classifypixels", "computeaccuracy"])
def test_dialogs_show_no_needless_decimals_and_bounds_as_they_are(provider, name):
    numbers = [each for each in provider.algorithm(name).parameterDefinitions() if each.type() == "number"]
    numbers = [each for each in numbers if each.dataType() == each.Type.Double]
    assert numbers
    for each in numbers:
        decimals = each.metadata()["widget_wrapper"]["decimals"]
        assert decimals < 4 or each.name() in ("LEARNING_RATE", "MIN_DELTA", "WEIGHT_AVERAGE")
        values = [each.minimum(), each.maximum(), each.defaultValue() or 0.0]
        assert [round(value, decimals) for value in values] == values
