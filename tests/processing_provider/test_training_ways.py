"""Every network, and every way to begin a training, to go on with one and to end it, with the real worker on tiny chips."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException

from .conftest import _fixtures
from .pairs import definition, model_weights, train, weights, write_pairs
from .samples import TRAIN, cancel_after, run, town_raster
from .test_graphical_models import qgis_process

pytestmark = pytest.mark.usefixtures("provider")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    """Threads that wait for each other at every tiny layer cost more than they bring where other work is going on."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_pairs(tmp_path_factory.mktemp("pairs"))


def said(feedback, text):
    return any(text in each for each in feedback.texts())


def test_u_net_with_validation_data_sgd_and_chips_of_two_sizes(tmp_path, feedback):
    """All five chips are learned from, the larger one in crops; three others in two folders judge."""
    write_pairs(tmp_path / "data", 4)
    data = write_pairs(tmp_path / "data", 1, name="wide", side=192)
    others = [write_pairs(tmp_path / "first", 2, name="v"), write_pairs(tmp_path / "second", 1, name="w")]
    result = train(
        data, tmp_path / "model", feedback, MODEL_TYPE="unet", BASE_WIDTH=2, VALIDATION_DATA="; ".join(others), OPTIMISER="sgd",
        LEARNING_RATE=0.01, MIN_DELTA=0, PRECISION="float32",
    )
    assert said(feedback, "5 chips to train, 3 to validate")
    found = definition(result)
    assert (found["model_type"], found["arguments"]["base"], found["arguments"]["n_pool"]) == ("unet", 2, 7)
    assert found["chip_size"] == 64 and result["THRESHOLD"] == found["threshold"]


def test_d_linknet(data, tmp_path, feedback):
    result = train(data, tmp_path / "model", feedback, MODEL_TYPE="dlinknet", CHIP_SIZE=32)
    assert definition(result)["arguments"]["backbone"] == "resnet18"


def test_resunet_and_the_threshold_it_is_used_with(data, tmp_path, feedback):
    result = train(data, tmp_path / "resunet", feedback, MODEL_TYPE="resunet", BASE_WIDTH=16)
    assert definition(result)["arguments"] == {"bands": 3, "width": 16}
    file = Path(result["MODEL"]).with_suffix(".emd")
    record = json.loads(file.read_text())
    record["Roadsmith"]["threshold"] = 0.31
    file.write_text(json.dumps(record))
    parameters = {"INPUT": str(town_raster(tmp_path)), "MODEL": str(file), "CELL_SIZE": 4, "DEVICE": "cpu"}
    for given, used, sentence in (
        ({}, 0.31, "Threshold: 0.31, the model's own."), ({"THRESHOLD": 0.5}, 0.5, "Threshold: 0.5, as asked for"),
    ):
        answer = run("classifypixels", {**parameters, **given, "OUTPUT": str(tmp_path / f"{used}.tif")}, feedback)
        assert answer["THRESHOLD_USED"] == used and said(feedback, sentence)


def test_the_hourglass_from_a_shell(data, tmp_path):
    """``qgis_process``: no window, no console, text for every value."""
    profile = {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile")}
    assert qgis_process("plugins", "enable", "roadsmith", **profile).returncode == 0
    options = {**TRAIN, "TRAINING_DATA": data, "SPLIT": "random", "MODEL_TYPE": "hourglass", "BASE_WIDTH": 8,
               "ORIENT_BIN_SIZE": 60, "OUTPUT": tmp_path / "my model"}
    call = ["run", "roadsmith:trainroadextractor", "--json", "--", *(f"{name}={value}" for name, value in options.items())]
    answer = qgis_process(*call, **profile)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    result = json.loads(answer.stdout[answer.stdout.index("{"):])["results"]
    assert definition(result)["arguments"].items() >= {"width": 8, "orientation_classes": 7}.items()
    assert result["EPOCHS_RUN"] == 1 and Path(result["REPORT"]).is_file()


def test_a_cancelled_training_is_resumed_and_another_goes_on_from_its_model(data, tmp_path, feedback):
    cancel_after(feedback, lambda text: text.startswith("epoch 2/"))
    interrupted = {"MODEL_TYPE": "segnet", "BASE_WIDTH": 2, "EPOCHS": 12, "EARLY_STOPPING": False}
    assert train(data, tmp_path / "first", feedback, **interrupted).get("MODEL") is None
    assert feedback.cancelled_at is not None, feedback.texts()
    assert not (tmp_path / "first").exists() and (tmp_path / "first~checkpoint").is_dir()

    feedback = _fixtures.Messages()  # the other one stays cancelled
    first = train(data, tmp_path / "first", feedback, **interrupted, RESUME=True)
    assert said(feedback, "Going on after epoch") and first["EPOCHS_RUN"] == 12
    assert not (tmp_path / "first~checkpoint").exists()

    second = train(data, tmp_path / "second", feedback, PRETRAINED_MODEL=first["MODEL"], LEARNING_RATE=1e-7)
    assert definition(second)["arguments"] == definition(first)["arguments"] == {"bands": 3, "width": 2}
    # at such a rate the weights stay where the first training left them; only batch norm's statistics move
    one, other = model_weights(first), model_weights(second)
    for name in one:
        if "running" not in name:
            assert other[name] == pytest.approx(one[name], abs=1e-5), name
    assert one != other


def test_a_frozen_encoder_with_weights_of_a_file(data, tmp_path, feedback):
    """The encoder of the trained model is the file's, to the last bit, its statistics included."""
    file = tmp_path / "resnet18.safetensors"
    make = (
        "import runpy, sys, torch; runpy.run_path(sys.argv[1]); from roadsmith.models.resnet import ResNetEncoder\n"
        "from safetensors.torch import save_file; torch.manual_seed(7); encoder = ResNetEncoder('resnet18')\n"
        "save_file({**encoder.state_dict(), 'fc.bias': torch.zeros(1000)}, sys.argv[2])"
    )
    from roadsmith.processing_provider.environment import find_environment

    command = [find_environment().python, "-c", make, str(ROOT / "engine" / "bootstrap.py"), str(file)]
    subprocess.run(command, check=True, timeout=120, env={**os.environ, "PYTHONPATH": ""})
    result = train(data, tmp_path / "model", feedback, IMAGENET_WEIGHTS="FILE", WEIGHTS_FILE=str(file), FREEZE=True)
    assert said(feedback, "resnet18.safetensors") and said(feedback, "The encoder stays as it is: 11.2 million")
    known, found = weights(file), model_weights(result)
    del known["fc.bias"]
    assert len(known) == 20 * 5 and {name: found[f"encoder.{name}"] for name in known} == known


def test_a_download_without_a_network(data, tmp_path, feedback, monkeypatch):
    monkeypatch.setenv("ROADSMITH_HOME", str(tmp_path / "home"))
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing answers there
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    sentence = failure(feedback, data, tmp_path / "model", BACKBONE="resnet18", IMAGENET_WEIGHTS="DOWNLOAD")
    assert "connect to the internet, or download that file on another computer and name it as pretrained weights" in sentence
    assert "resnet18-f37072fd.pth" in sentence
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def failure(feedback, folder, output, **options):
    """Return the sentence a training fails with; there is one and nothing else, and nothing is left behind."""
    with pytest.raises(QgsProcessingException) as caught:
        train(folder, output, feedback, **options)
    sentence = str(caught.value)
    assert "\n" not in sentence and "Traceback" not in "".join([sentence, *feedback.texts()])
    assert not list(output.parent.glob(f"{output.name}*"))
    return sentence


def one_chip(folder):
    return write_pairs(folder, 1)


def two_bands(folder):
    write_pairs(folder, 4)
    return write_pairs(folder, 1, name="grey", bands=1)


def no_road(folder):
    return write_pairs(folder, mask=[0] * 64)


@pytest.mark.parametrize(("make", "words"), [
    (one_chip, "at least two chips"), (two_bands, "grey0.png has 1 band"), (no_road, "No training chip holds a road"),
])
def test_folders_that_nothing_can_be_learned_from(make, words, tmp_path, feedback):
    assert words in failure(feedback, make(tmp_path / "data"), tmp_path / "model")


def test_validation_data_that_are_not_there(data, tmp_path, feedback):
    sentence = failure(feedback, data, tmp_path / "model", VALIDATION_DATA=str(tmp_path / "nowhere"))
    assert f"{tmp_path / 'nowhere'} does not exist" in sentence
