"""Everything a training leaves, after a real one."""

import json
import re

import pytest
import torch
from roadsmith.engine.events import Log, Warn
from roadsmith.engine.training.metrics import STEPS, RoadScores
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models import registry
from roadsmith.models.package import load_package

from .small_trainings import Listener, TinyNetwork, make_job, write_folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    for package in ("tensorboard", "onnx", "onnxruntime"):
        pytest.importorskip(package)
    root = tmp_path_factory.mktemp("left")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry._NETWORKS, "tiny", TinyNetwork)
        job = make_job(
            write_folder(root / "data", size=32, nodata=True), root / "models" / "m", epochs=3, tensorboard=True, onnx=True,
            learning_rate=0.05, augmentation="none",
        )
        listener = Listener()
        result = train_road_extractor(job, listener.reporter)
        info = load_package(root / "models" / "m").info
    torch.set_num_threads(before)
    return root / "models", listener, result, info


def test_what_is_there(trained):
    models, _, _, _ = trained
    names = sorted(str(each.relative_to(models)).replace("\\", "/") for each in models.rglob("*") if each.is_file())
    assert [re.sub("tfevents.*", "tfevents", name) for name in names] == sorted([
        "m/ModelCharacteristics/error_maps.png", "m/ModelCharacteristics/loss_graph.png",
        "m/ModelCharacteristics/show_results.png", "m/ModelCharacteristics/threshold_sweep.png",
        "m/m.dlpk", "m/m.emd", "m/m.onnx", "m/m.safetensors",
        "m/model_metrics.html", "m/tensorboard/events.out.tfevents", "m/training_log.jsonl",
    ])
    lines = [json.loads(line) for line in (models / "m" / "training_log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3] and "kind" not in lines[0]


def test_the_page_has_all_pictures_and_remarks(trained):
    page = (trained[0] / "m" / "model_metrics.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64") == 4 and "Only 1 chip was there" in page


def test_the_package_has_the_best_threshold_and_says_so(trained):
    _, listener, result, info = trained
    assert 0.05 <= info.threshold <= 0.95
    assert info.scores["dice"] == result["dice"] and info.scores["dice_at_threshold"] >= result["dice"]
    assert any(f"a probability of {info.threshold:.2f} on" in event.text for event in listener.of(Log))


def test_the_onnx_file_was_compared(trained):
    _, listener, _, _ = trained
    assert any("ONNX file written" in event.text for event in listener.of(Log))
    assert not any("ONNX" in event.text for event in listener.of(Warn))


def test_scores_come_back_from_their_counts():
    torch.manual_seed(0)
    scores = RoadScores()
    scores.add(torch.rand(1, 8, 8), torch.randint(0, 2, (1, 8, 8)))
    again = RoadScores.from_counts(scores.counts.tolist())
    assert again.figures() == scores.figures() and again.best_threshold() == scores.best_threshold()
    assert RoadScores.from_counts(scores.counts.tolist(), 0.25).confusion() == scores.confusion(STEPS // 4)
    assert RoadScores.from_counts([]).figures()["dice"] == 0
