"""The parameters of Train refinement stage: what becomes of each in the job, how they look, and whether the engine knows them."""

import json
from dataclasses import asdict

import pytest
from qgis.core import NULL, QgsProcessingContext

from .samples import run
from .test_training_job import GIVEN, _constant

pytestmark = pytest.mark.usefixtures("provider")

#: Of Train road extractor, those that choose a network or what it begins with.
_NOT_HERE = {
    "MODEL_TYPE", "BACKBONE", "PRETRAINED_MODEL", "IMAGENET_WEIGHTS", "WEIGHTS_FILE", "WEIGHT_INIT", "FREEZE", "GAUSSIAN_THRESH",
    "ORIENT_BIN_SIZE", "ORIENT_THETA",
}
#: Parameter: a value that is no default, field of the job, what it is there.
HERE = {
    **{name: given for name, given in GIVEN.items() if name not in _NOT_HERE},
    "MODEL": ("/one/one.emd", "first_model", "/one/one.emd"),
    "BASE_WIDTH": (16, "base_width", 16),
    "LAYERS": (5, "layers", 5),
    "RESIDUAL": ("probability", "residual", "probability"),
    "KEY_PIXEL_THRESHOLD": (0.1, "key_pixel_threshold", 0.1),
    "KEY_PIXEL_WEIGHT": (1.11, "key_pixel_weight", 1.11),
    "MIN_SAMPLE_IOU": (0, "min_sample_iou", 0.0),
    "CORRUPTION": (0.3, "corruption", 0.3),
    "FOLDS": (3, "folds", 3),
    "FOLD_EPOCHS": (4, "fold_epochs", 4),
}


@pytest.fixture
def algorithm(provider):
    return provider.algorithm("trainrefinementstage")


@pytest.fixture
def job(algorithm):
    """Give a function that returns the job of some parameters as a dict."""
    from roadsmith.processing_provider.refinement_job import refinement_job

    def build(**parameters):
        needed = {"MODEL": "/one.dlpk", "TRAINING_DATA": "/data", "OUTPUT": "/model"}
        job = refinement_job(algorithm, {**needed, **parameters}, QgsProcessingContext())
        return {name: value for name, value in asdict(job).items() if name != "run_id"}

    return build


def test_defaults_are_those_of_the_job(job):
    from roadsmith.engine.jobs import TrainRefinementStage

    expected = asdict(TrainRefinementStage(training_data=["/data"], output_folder="/model", first_model="/one.dlpk"))
    del expected["run_id"]
    assert job() == expected
    # the paper's
    assert {name: expected[name] for name in ("base_width", "layers", "key_pixel_threshold", "key_pixel_weight", "min_sample_iou")
            } == {"base_width": 32, "layers": 7, "key_pixel_threshold": 0.05, "key_pixel_weight": 1.03, "min_sample_iou": 0.25}
    assert {name: expected[name] for name in ("batch_size", "learning_rate", "validation_percent", "patience", "loss")
            } == {"batch_size": 8, "learning_rate": 1e-4, "validation_percent": 5.0, "patience": 10, "loss": "key_pixels"}


@pytest.mark.parametrize("empty", [None, "", NULL])
def test_a_number_that_is_left_empty_is_chosen_though_it_has_a_default(job, algorithm, empty):
    result = job(LEARNING_RATE=empty, BATCH_SIZE=empty, BASE_WIDTH=None)
    assert (result["learning_rate"], result["batch_size"], result["base_width"]) == (0.0, 0, 32)
    for name in ("LEARNING_RATE", "BATCH_SIZE"):
        assert algorithm.parameterDefinition(name).flags() & algorithm.parameterDefinition(name).FlagOptional


def test_every_parameter_reaches_the_job(job, algorithm):
    from roadsmith.engine.jobs import TrainRefinementStage, decode_job, encode_job

    assert {each.name() for each in algorithm.parameterDefinitions()} == set(HERE)
    result = job(**{name: value for name, (value, _, _) in HERE.items()})
    given = {field: value for _, field, value in HERE.values()}
    assert {name: result[name] for name in given} == given
    untouched = asdict(TrainRefinementStage())
    assert all(result[name] == untouched[name] for name in set(result) - set(given))
    sent = TrainRefinementStage(**result)
    assert decode_job(encode_job(sent)) == sent


def test_the_engine_knows_every_choice_and_all_are_offered(algorithm):
    offered = {name: algorithm.parameterDefinition(name).options() for name in ("RESIDUAL", "LOSS", "MONITOR")}
    assert offered["RESIDUAL"] == list(_constant("models/cunet.py", "RESIDUALS"))
    assert {each.lower() for each in offered["LOSS"]} == {
        *_constant("models/losses.py", "LOSS_KINDS"), _constant("models/losses.py", "KEY_PIXELS")
    }
    assert set(offered["MONITOR"]) == set(_constant("engine/training/loop.py", "MONITORS"))


def test_the_name_of_models_in_two_stages():
    from roadsmith.processing_provider import model_facts

    assert _constant("models/registry.py", "TWO_STAGE") == model_facts._TWO_STAGE


def test_the_dialog_shows_the_most_used_first(algorithm):
    parameters = algorithm.parameterDefinitions()
    plain = [each.name() for each in parameters if not each.flags() & each.FlagAdvanced]
    assert plain == ["MODEL", "TRAINING_DATA", "EPOCHS", "CHIP_SIZE", "BASE_WIDTH", "OUTPUT"]
    assert all(each.help() for each in parameters if each.name() != "OUTPUT")


def test_the_dialog_can_show_defaults_and_bounds_as_they_are(algorithm):
    shown = 0
    for each in algorithm.parameterDefinitions():
        if each.type() == "number" and each.dataType() == each.Type.Double:
            decimals, shown = each.metadata()["widget_wrapper"]["decimals"], shown + 1
            assert [round(value, decimals) for value in (each.minimum(), each.maximum())] == [each.minimum(), each.maximum()]
            assert each.defaultValue() is None or round(each.defaultValue(), decimals) == each.defaultValue()
    assert shown == 12


def test_outputs_are_those_of_a_training_and_the_first_stage_s_scores(provider, algorithm):
    of_training = {each.name(): each.type() for each in provider.algorithm("trainroadextractor").outputDefinitions()}
    found = {each.name(): each.type() for each in algorithm.outputDefinitions()}
    assert found == {**of_training, "FIRST_IOU": "outputNumber", "FIRST_DICE": "outputNumber"}


LINKNET = {"model_type": "linknet", "arguments": {"bands": 3, "backbone": "resnet34"}}


def two_stages(folder, first=LINKNET):
    """Write the definition of a model in two stages; return its path."""
    record = {
        "model_type": "two_stage", "bands": [1, 2, 3], "cell_metres": [1, 1], "chip_size": 64, "threshold": 0.5,
        "arguments": {"bands": 3, "first": first, "refinement": {"bands": 3}},
    }
    path = folder / "two.emd"
    path.write_text(json.dumps({"Roadsmith": record}))
    return str(path)


def test_what_is_said_of_a_model_in_two_stages(tmp_path):
    from roadsmith.processing_provider.model_facts import read_model_facts

    facts = read_model_facts(two_stages(tmp_path))
    assert facts.stages == 2 and facts.network == "two stages: linknet (resnet34), CUnet"
    assert str(facts).startswith("two stages: linknet (resnet34), CUnet, 1 m per pixel, band(s) 1, 2, 3, chips of 64 pixels")
    for first in ("linknet", {}, {"model_type": "linknet"}, {"model_type": "linknet", "arguments": []}, {"model_type": 7}):
        path = two_stages(tmp_path, first)
        assert read_model_facts(path) is None


@pytest.mark.parametrize(("options", "sentence"), [
    ({"MODEL": "/no/where.dlpk"}, "MODEL names .*, which is no file"),
    ({"MODEL": __file__}, r"of another kind: choose a file that ends in \.dlpk or \.emd"),
    ({"MODEL": two_stages}, r"two\.emd, a model of two stages already: choose the model of one stage"),
    ({"FOLDS": 1}, "One fold leaves no chips to train its network on: choose 0 folds for none, or 2 or more"),
    ({"FOLD_EPOCHS": 3}, "There are epochs for folds, but no folds"),
    ({"FOLDS": 2, "NUM_PROCESSES": 2}, "networks of folds are trained in one process"),
    ({"PRECISION": "float16", "DEVICE": "cpu"}, "The device cpu cannot train in float16"),
    ({"AUGMENTATION": "FILE"}, "from a file, and none is named"),
    ({"AUGMENTATION": "FILE", "AUGMENTATION_FILE": "/no/where.json"}, "AUGMENTATION_FILE names .*, which is no file"),
    ({"VALIDATION_DATA": "{data}"}, "is to be trained and validated on"),
])
def test_contradictions_and_useless_files_are_one_sentence(tmp_path, feedback, algorithm, options, sentence):
    from qgis.core import QgsProcessingException

    (tmp_path / "one.emd").write_text("{}")
    given = {name: value(tmp_path) if callable(value) else str(tmp_path) if value == "{data}" else value
             for name, value in options.items()}
    parameters = {"MODEL": str(tmp_path / "one.emd"), "TRAINING_DATA": str(tmp_path), "OUTPUT": str(tmp_path / "two"), **given}
    with pytest.raises(QgsProcessingException, match=sentence) as caught:
        run("trainrefinementstage", parameters, feedback)
    assert "Traceback" not in str(caught.value)
    # a graphical model runs algorithms without asking whether their parameters fit together
    with pytest.raises(QgsProcessingException, match=sentence):
        algorithm.create().processAlgorithm(parameters, QgsProcessingContext(), feedback)
    assert not (tmp_path / "two").exists()
