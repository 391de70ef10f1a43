"""The parameters of Train road extractor: what becomes of each in the job, how they look, and whether the engine knows them."""

import ast
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import NULL, QgsProcessingContext, QgsProcessingParameters

pytestmark = pytest.mark.usefixtures("provider")
ROOT = Path(__file__).resolve().parents[2]

#: Parameter: a value that is no default, field of the job, what it is there.
GIVEN = {
    "TRAINING_DATA": ("/a;/b", "training_data", ["/a", "/b"]),
    "ROAD_LABEL": (" 1,3 ", "road_label", "1,3"),
    "CELL_SIZE": (0.3, "cell_size", 0.3),
    "MODEL_TYPE": ("dlinknet", "model_type", "dlinknet"),
    "BACKBONE": ("resnet50", "backbone", "resnet50"),
    "BASE_WIDTH": (8, "base_width", 8),
    "PRETRAINED_MODEL": ("/m/m.dlpk", "pretrained_model", "/m/m.dlpk"),
    "WEIGHTS_FILE": ("/w.safetensors", "backbone_weights", "/w.safetensors"),
    "WEIGHT_INIT": ("RED_BAND", "weight_init", "red_band"),
    "FREEZE": (True, "freeze", True),
    "EPOCHS": (7, "epochs", 7),
    "BATCH_SIZE": (3, "batch_size", 3),
    "ACCUMULATE": (4, "accumulate", 4),
    "CHIP_SIZE": (96, "chip_size", 96),
    "LEARNING_RATE": (0.002, "learning_rate", 0.002),
    "OPTIMISER": ("sgd", "optimiser", "sgd"),
    "WEIGHT_AVERAGE": (0.99, "weight_average", 0.99),
    "VALIDATION_DATA": ("/v; /w", "validation_data", ["/v", "/w"]),
    "VALIDATION_PERCENT": (25, "validation_percent", 25.0),
    "SPLIT": ("random", "split", "random"),
    "EARLY_STOPPING": (False, "early_stopping", False),
    "PATIENCE": (9, "patience", 9),
    "MIN_DELTA": (0, "min_delta", 0.0),
    "MONITOR": ("relaxed_f1", "monitor", "relaxed_f1"),
    "LOSS": ("WEIGHTED_BCE_DICE", "loss", "weighted_bce_dice"),
    "POSITIVE_WEIGHT": (3, "positive_weight", 3.0),
    "CLDICE": (0.4, "cldice", 0.4),
    "SKELETON_RECALL": (1, "skeleton_recall", 1.0),
    "AUGMENTATION": ("CUSTOM", "augmentation", "custom"),
    "AUGMENTATION_PARAMETERS": (["rotate", "30; 0.5"], "augmentation_table", {"rotate": "30; 0.5"}),
    "AUGMENTATION_FILE": ("/t.json", "augmentation_file", "/t.json"),
    "CENTRE_LINES": (True, "centre_lines", True),
    "GAUSSIAN_THRESH": (0.9, "gaussian_thresh", 0.9),
    "ORIENT_BIN_SIZE": (10, "orient_bin_size", 10.0),
    "ORIENT_THETA": (5, "orient_theta", 5.0),
    "SEED": (0, "seed", 0),
    "DEVICE": ("cpu", "device", "cpu"),
    "PRECISION": ("bfloat16", "precision", "bfloat16"),
    "NUM_PROCESSES": (2, "processes", 2),
    "COMPILE": (True, "compile", True),
    "TENSORBOARD": (True, "tensorboard", True),
    "ONNX": (True, "onnx", True),
    "NETWORK_SCORES": (True, "network_scores", True),
    "RESUME": (True, "resume", True),
    "OUTPUT": ("/o/model", "output_folder", "/o/model"),
}


@pytest.fixture
def job(provider, monkeypatch):
    """Give a function that returns the job of some parameters as a dict."""
    from roadsmith.processing_provider.training_job import training_job

    monkeypatch.setenv("ROADSMITH_HOME", "/home of roadsmith")
    algorithm = provider.algorithm("trainroadextractor")

    def build(**parameters):
        job = training_job(algorithm, {"TRAINING_DATA": "/data", "OUTPUT": "/model", **parameters}, QgsProcessingContext())
        return {name: value for name, value in asdict(job).items() if name != "run_id"}

    return build


def test_defaults_are_those_of_the_job(job):
    from roadsmith.engine.jobs import TrainRoadExtractor

    expected = asdict(TrainRoadExtractor(
        training_data=["/data"], output_folder="/model", weights_cache=str(Path("/home of roadsmith/weights"))
    ))
    del expected["run_id"]
    assert job() == expected
    empty = {"LEARNING_RATE": None, "WEIGHTS_FILE": "", "AUGMENTATION_PARAMETERS": [], "BATCH_SIZE": NULL, "VALIDATION_DATA": "",
             "BASE_WIDTH": None, "NUM_PROCESSES": NULL}
    assert job(**empty) == expected


def test_every_parameter_reaches_the_job(job, provider):
    from roadsmith.engine.jobs import TrainRoadExtractor, decode_job, encode_job

    definitions = {each.name() for each in provider.algorithm("trainroadextractor").parameterDefinitions()}
    assert definitions == {*GIVEN, "IMAGENET_WEIGHTS", "SHIPPED_MODEL"}
    result = job(IMAGENET_WEIGHTS="FILE", **{name: value for name, (value, _, _) in GIVEN.items()})
    assert result == {"weights_cache": result["weights_cache"], **{field: value for _, field, value in GIVEN.values()}}
    assert {*result, "run_id"} == {each.name for each in fields(TrainRoadExtractor)}
    sent = TrainRoadExtractor(**result)
    assert decode_job(encode_job(sent)) == sent


@pytest.mark.parametrize(("options", "weights"), [
    ({"IMAGENET_WEIGHTS": "NONE"}, ""), ({"IMAGENET_WEIGHTS": "DOWNLOAD"}, "imagenet"),
    ({"IMAGENET_WEIGHTS": "FILE", "WEIGHTS_FILE": "/w.pth"}, "/w.pth"),
])
def test_weights_of_the_backbone(job, options, weights):
    assert job(**options)["backbone_weights"] == weights


def _constant(path, name):
    """Return a constant of a worker's file, which cannot be imported here."""
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id == name:
            value = node.value
            if isinstance(value, ast.Dict):  # a key that is a name stands for what nobody chooses
                return [ast.literal_eval(each) for each in value.keys if isinstance(each, ast.Constant)]
            return ast.literal_eval(value)
    raise AssertionError(f"{path} has no constant {name}")


@pytest.mark.parametrize(("parameter", "path", "constant"), [
    ("MODEL_TYPE", "models/registry.py", "_NETWORKS"), ("BACKBONE", "models/pretrained_download.py", "IMAGENET_FILES"),
    ("WEIGHT_INIT", "models/pretrained.py", "BAND_SCHEMES"), ("MONITOR", "engine/training/loop.py", "MONITORS"),
    ("LOSS", "models/losses.py", "LOSS_KINDS"), ("AUGMENTATION", "engine/chips/augmentation_table.py", "KINDS"),
    ("PRECISION", "engine/training/precision.py", "PRECISIONS"), ("OPTIMISER", "engine/training/schedule.py", "OPTIMISERS"),
])
def test_the_engine_knows_every_choice_and_all_are_offered(provider, parameter, path, constant):
    definition = provider.algorithm("trainroadextractor").parameterDefinition(parameter)
    offered = {each.lower() for each in definition.options()} - ({"default"} if parameter == "LOSS" else set())
    assert offered == set(_constant(path, constant))


def test_the_dialog_shows_the_most_used_first(provider):
    parameters = provider.algorithm("trainroadextractor").parameterDefinitions()
    plain = [each.name() for each in parameters if not each.flags() & each.FlagAdvanced]
    main = ["TRAINING_DATA", "SHIPPED_MODEL", "MODEL_TYPE", "BACKBONE", "IMAGENET_WEIGHTS", "EPOCHS", "CHIP_SIZE", "OUTPUT"]
    assert plain == main
    assert all(each.help() for each in parameters if each.name() != "OUTPUT")


def test_the_dialog_can_show_defaults_and_bounds_as_they_are(provider):
    shown = 0
    for each in provider.algorithm("trainroadextractor").parameterDefinitions():
        if each.type() == "number" and each.dataType() == each.Type.Double:
            decimals, shown = each.metadata()["widget_wrapper"]["decimals"], shown + 1
            assert [round(value, decimals) for value in (each.minimum(), each.maximum())] == [each.minimum(), each.maximum()]
            assert each.defaultValue() is None or round(each.defaultValue(), decimals) == each.defaultValue()
    assert shown == 11


def test_a_network_has_a_backbone_or_a_width(provider):
    from roadsmith.processing_provider import training_parameters as offered

    assert sorted(offered.WITH_BACKBONE + offered.WITH_BASE_WIDTH) == sorted(offered.MODEL_TYPES)
    assert set(offered.WITH_ENCODER) <= set(offered.MODEL_TYPES)


def table(provider, value):
    """Return the augmentations of a parameter's value, read by QGIS first."""
    from roadsmith.processing_provider.name_values import augmentation_table

    definition = provider.algorithm("trainroadextractor").parameterDefinition("AUGMENTATION_PARAMETERS")
    assert definition.checkValueIsAcceptable(value)
    parameters = {"AUGMENTATION_PARAMETERS": value}
    return augmentation_table(QgsProcessingParameters.parameterAsMatrix(definition, parameters, QgsProcessingContext()))


CROP = "chip_size; 1.0; (0, 1); (0, 1)"


@pytest.mark.parametrize("value", [
    ["rotate", "30; 0.5", "crop", CROP, "", "", NULL, None], f"rotate,30; 0.5,crop,{CROP}", f"rotate=30; 0.5,crop={CROP}",
    ["rotate=30; 0.5", f"crop = {CROP}"],
])
def test_every_way_of_writing_augmentations(provider, value):
    assert table(provider, value) == {"rotate": "30; 0.5", "crop": CROP}


@pytest.mark.parametrize("value", [None, "", [], ["", ""], [None, NULL]])
def test_no_augmentations(provider, value):
    assert table(provider, value) == {}


values = st.one_of(
    st.integers(0, 99).map(lambda low: f"({low}, {low + 1}); 0.5"), st.floats(0, 9).map(lambda each: f"{each:.2f}; 1.0"),
    st.integers(0, 9).map(lambda low: f"[{low}, {low + 2}]"),
)


@given(written=st.dictionaries(st.sampled_from(["zoom", "rotate", "hue", "gain", "contrast"]), values, min_size=1))
def test_table_and_text_mean_the_same(provider, written):
    cells = [cell for pair in written.items() for cell in pair]
    text = ",".join(f"{name}={value}" for name, value in written.items())
    assert table(provider, cells) == table(provider, text) == written
