import json

import pytest
from roadsmith.engine.errors import EngineError
from roadsmith.engine.training.output import check_output


@pytest.fixture
def package(tmp_path):
    """Names of all that a training may leave."""
    folder = tmp_path / "m"
    for part in ("ModelCharacteristics", "tensorboard"):
        (folder / part).mkdir(parents=True)
    (folder / "m.emd").write_text(json.dumps({"Roadsmith": {}}))
    for name in (
        "m.safetensors", "m.dlpk", "m.onnx", "model_metrics.html", "training_log.jsonl",
        "tensorboard/events.out.tfevents.1.pc.2.0",
        "ModelCharacteristics/loss_graph.png", "ModelCharacteristics/error_maps.png", "ModelCharacteristics/threshold_sweep.png",
        "ModelCharacteristics/show_results.png", "ModelCharacteristics/learning_rate.png",
    ):
        (folder / name).touch()
    return folder


def test_an_earlier_package_may_be_replaced(package):
    check_output(package)


@pytest.mark.parametrize("name", ["other.onnx", "tensorboard/thesis.docx", "ModelCharacteristics/mine.png", "notes.txt"])
def test_a_file_that_is_not_ours_may_not(package, name):
    (package / name).touch()
    with pytest.raises(EngineError, match="is not empty"):
        check_output(package)
