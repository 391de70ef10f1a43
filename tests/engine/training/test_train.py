import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from roadsmith.engine.errors import Cancelled, EngineError
from roadsmith.engine.events import Log, Metric, Progress, Warn
from roadsmith.engine.reporter import Reporter
from roadsmith.engine.training import train
from roadsmith.engine.training.train import train_road_extractor
from roadsmith.models import registry
from roadsmith.models.normalisation import normalise
from roadsmith.models.package import load_package

from ..chips.reading.arcgis_folder import build_arcgis_folder
from ..chips.reading.public_folder import build as build_pairs
from .small_trainings import LINKNET, Listener, TinyNetwork, make_job, write_folder


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch):
    monkeypatch.setitem(registry._NETWORKS, "tiny", TinyNetwork)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("chips") / "data", size=32)


@pytest.fixture(scope="module")
def overfitted(tmp_path_factory):
    """A network trained on three chips for some fifty steps."""
    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("overfit")
    listener = Listener()
    job = make_job(
        write_folder(root / "data", nodata=True), root / "models" / "tiny", epochs=24, augmentation="none", monitor="dice",
        **LINKNET,
    )
    return train_road_extractor(job, listener.reporter), listener, root


def test_a_few_chips_are_learnt_in_a_few_steps(overfitted):
    result, _, _ = overfitted
    model = load_package(result["model"])
    pixels = np.random.default_rng(7).integers(0, 60, (1, 3, 64, 64)).astype(np.float32)
    pixels[..., 20:30] += 120
    probability = model.network.road_probability(normalise(torch.from_numpy(pixels), model.info.band_means, model.info.band_stds))
    road = (probability[0] > 0.5).detach().numpy()
    truth = np.zeros((64, 64), bool)
    truth[:, 20:30] = True
    assert 2 * (road & truth).sum() / (road.sum() + truth.sum()) > 0.85
    assert result["dice"] > 0.85


def test_the_package_is_complete(overfitted):
    result, _, root = overfitted
    folder = root / "models" / "tiny"
    assert sorted(each.name for each in folder.iterdir()) == [
        "ModelCharacteristics", "model_metrics.html", "tiny.dlpk", "tiny.emd", "tiny.safetensors", "training_log.jsonl",
    ]
    assert sorted(each.name for each in (folder / "ModelCharacteristics").iterdir()) == [
        "error_maps.png", "loss_graph.png", "show_results.png", "threshold_sweep.png",
    ]
    assert [each.name for each in folder.parent.iterdir()] == ["tiny"]  # no temporary leftovers
    epochs = [json.loads(line) for line in (folder / "training_log.jsonl").read_text().splitlines()]
    assert len(epochs) == result["epochs_run"] == 24
    best = epochs[result["best_epoch"] - 1]
    assert best["dice"] == result["dice"] == max(epoch["dice"] for epoch in epochs)
    page = (folder / "model_metrics.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64") == 4 and "http" not in page.replace("http-equiv", "")
    info = load_package(folder).info
    assert info.cell_metres == pytest.approx((1, 1), abs=0.01) and info.bands == [1, 2, 3] and info.chip_size == 64
    assert 0 < info.threshold < 1 and info.scores["dice"] == result["dice"] and set(info.versions) == {"roadsmith", "torch"}


def test_events_tell_how_it_goes(overfitted):
    result, listener, _ = overfitted
    metrics = listener.of(Metric)
    assert [event.step for event in metrics] == list(range(1, 25))
    assert {"train_loss", "valid_loss", "accuracy", "miou", "dice"} <= set(metrics[0].values)
    assert {(event.name, event.total) for event in metrics} == {("epoch", 24)}
    fractions = [event.fraction for event in listener.of(Progress)]
    assert fractions == sorted(fractions) and any(event.unit == "chips" for event in listener.of(Progress))
    assert result["train_chips"] == 3 and result["validation_chips"] == 1


def test_the_same_seed_gives_the_same_model(data, tmp_path):
    def weights(name, seed):
        result = train_road_extractor(make_job(data, tmp_path / name, **LINKNET, seed=seed), Reporter())
        state = load_package(result["model"]).network.state_dict()
        return result["valid_loss"], torch.cat([each.flatten().double() for each in state.values()])

    state = torch.get_rng_state()
    (loss, first), (loss_again, again), (_, other) = weights("a", 3), weights("b", 3), weights("c", 4)
    assert loss == loss_again and torch.equal(first, again) and not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), state)  # the caller's own random numbers are left alone


@pytest.mark.parametrize("moment", ["first batch", "validation", "writing"])
def test_cancel_leaves_nothing_but_a_checkpoint(data, tmp_path, moment):
    def when(event):
        if moment == "writing":
            return isinstance(event, Progress) and event.text.startswith("Writing")
        text = isinstance(event, Progress) and event.text == "Training"
        return text and event.fraction > (0.05 if moment == "first batch" else 0.3)

    listener = Listener(when)
    with pytest.raises(Cancelled):
        train_road_extractor(make_job(data, tmp_path / "models" / "m", epochs=2, **LINKNET), listener.reporter)
    assert listener.cancel.is_set() and time.monotonic() - listener.cancelled_at < 2
    left = [path.name for path in (tmp_path / "models").iterdir()]
    assert left in ([], ["m~checkpoint"])  # on a fast machine an epoch is over before the first progress is told


def test_cancel_reaches_into_a_step():
    from roadsmith.engine.training.cancelling import cancellable
    from roadsmith.models.registry import build

    network, cancel = build("linknet", backbone="resnet18"), threading.Event()
    reporter = Reporter(cancel=cancel)
    with cancellable(network, reporter):
        outputs = network(torch.zeros(2, 3, 32, 32))
        cancel.set()
        with pytest.raises(Cancelled):
            outputs.road.sum().backward()
        with pytest.raises(Cancelled):
            network(torch.zeros(2, 3, 32, 32))
    cancel.clear()
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in network.modules())


def test_an_earlier_model_is_replaced_only_by_a_complete_one(data, tmp_path, monkeypatch):
    job = make_job(data, tmp_path / "m")
    train_road_extractor(job, Reporter())
    before = (tmp_path / "m" / "m.safetensors").read_bytes()

    def fail(*arguments):
        raise EngineError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(train, "write_model_folder", fail)
        with pytest.raises(EngineError, match="the disk is gone"):
            train_road_extractor(make_job(data, tmp_path / "m", seed=9), Reporter())
    assert (tmp_path / "m" / "m.safetensors").read_bytes() == before
    train_road_extractor(make_job(data, tmp_path / "m", seed=9), Reporter())
    assert (tmp_path / "m" / "m.safetensors").read_bytes() != before
    assert [each.name for each in tmp_path.iterdir()] == ["m"]


@pytest.mark.parametrize("name", ["thesis.docx", "m.emd", "ModelCharacteristics/mine.txt"])
def test_foreign_files_are_never_overwritten(data, tmp_path, name):
    path = tmp_path / "m" / name
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    with pytest.raises(EngineError, match="is not empty"):
        train_road_extractor(make_job(data, tmp_path / "m"), Reporter())
    assert path.read_text() == "{}"


def test_early_stopping(data, tmp_path):
    listener = Listener()
    job = make_job(data, tmp_path / "m", epochs=9, early_stopping=True, patience=2, min_delta=100.0)  # nothing is an improvement
    result = train_road_extractor(job, listener.reporter)
    assert result["epochs_run"] == 3 and any("Stopped early" in event.text for event in listener.of(Log))


def test_a_loss_that_is_no_number_is_explained(data, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "roadsmith.engine.training.steps.training_loss", lambda outputs, targets, settings: outputs.road.sum() * float("nan")
    )
    with pytest.raises(EngineError, match=r"smaller learning rate than 0\.002, for instance 0\.0002"):
        train_road_extractor(make_job(data, tmp_path / "m"), Reporter())
    assert not (tmp_path / "m").exists()


def test_folder_that_may_not_be_written_is_refused_before_training(data):
    events = []
    with pytest.raises(EngineError, match=r"Nothing can be written to /proc/roadsmith: .*Choose another folder"):
        train_road_extractor(make_job(data, "/proc/roadsmith/model"), Reporter(events.append))
    assert not any(isinstance(event, Metric) for event in events)


def test_memory_runs_out(data, tmp_path, monkeypatch):
    from roadsmith.engine.training import steps

    real = steps.training_loss

    def loss(outputs, targets, settings):
        if len(outputs.road) > 1:
            raise torch.cuda.OutOfMemoryError("full")
        return real(outputs, targets, settings)

    monkeypatch.setattr(steps, "training_loss", loss)
    listener = Listener()
    train_road_extractor(make_job(data, tmp_path / "m"), listener.reporter)
    assert [event.text for event in listener.of(Warn)] == ["The memory is full: going on with 1 chip(s) at a time."]
    monkeypatch.setattr(steps, "training_loss", lambda *arguments: (_ for _ in ()).throw(torch.cuda.OutOfMemoryError("full")))
    with pytest.raises(EngineError, match="smaller chip size") as caught:
        train_road_extractor(make_job(data, tmp_path / "n"), Reporter())
    assert caught.value.kind == "memory"


def test_two_folders_and_other_band_counts(data, tmp_path):
    second = write_folder(tmp_path / "second", count=2, size=32)
    result = train_road_extractor(
        make_job(data, tmp_path / "m", training_data=[str(data), str(second)]), Reporter()
    )
    # the second folder lies where the first one does: its chips may not train where the first one's validate
    assert result["train_chips"] + result["validation_chips"] <= 6
    grey = write_folder(tmp_path / "grey", count=2, size=32, bands=1)
    with pytest.raises(EngineError, match=r"of 3 band\(s\).*of 1"):
        train_road_extractor(make_job(data, tmp_path / "n", training_data=[str(data), str(grey)]), Reporter())


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("layout", ["arcgis", "deepglobe", "massachusetts"])
def test_folders_of_others_are_trained_on(tmp_path, layout):
    if layout == "arcgis":
        classes = [{"Value": 1, "Name": "building", "Color": [-1, -1, -1]}, {"Value": 3, "Name": "road", "Color": [-1, -1, -1]}]
        build_arcgis_folder(tmp_path / "data", digits=12, second=True, states="nested", classes=classes, values=(3,))
    else:
        names = ("%d_sat.jpg", "%d_mask.png") if layout == "deepglobe" else ("sat/%d.tiff", "map/%d.tif")
        build_pairs(tmp_path / "data", *names, count=4)
    listener = Listener()
    word, size = ("road", 0.0) if layout == "arcgis" else ("", 0.5 if layout == "deepglobe" else 0.0)
    job = make_job(tmp_path / "data", tmp_path / "m", road_label=word, cell_size=size, **LINKNET)
    result = train_road_extractor(job, listener.reporter)
    assert result["epochs_run"] == 1 and result["train_chips"] + result["validation_chips"] >= 4
    cell = load_package(result["model"]).info.cell_metres
    assert cell == pytest.approx((0.5, 0.5) if layout == "deepglobe" else (1, 1), abs=1e-3)
    # a size that nobody knows is said aloud
    assert any("taken as 1 m" in event.text for event in listener.of(Warn)) == (layout == "massachusetts")


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"training_data": []}, "No training data folder"), ({"training_data": ["/nowhere"]}, "does not exist"),
    ({"model_type": "vnet"}, "there is no network 'vnet'"),
    ({"model_type": "linknet", "backbone": "vgg"}, "there is no backbone 'vgg'"),
    ({"epochs": 0}, "0 epochs"), ({"batch_size": -1}, "batch size -1"), ({"learning_rate": -1.0}, "learning rate -1"),
    ({"monitor": "auc"}, "monitored figure 'auc'"), ({"loss": "hinge"}, "there is no loss 'hinge'"),
    ({"orient_bin_size": 0.0}, "orientation bins"),
    ({"chip_size": 128}, "chip size is 128"), ({"chip_size": 16}, "chip size is 16"), ({"device": "tpu"}, "'tpu'"),
    ({"validation_percent": 0.0}, "validation share"), ({"split": "sorted"}, "no way to split"), ({"seed": -1}, "seed -1"),
    ({"learning_rate": float("nan")}, "learning rate nan"),
])
def test_what_cannot_be_trained_is_one_sentence(data, tmp_path, changes, sentence):
    with pytest.raises(EngineError, match=sentence):
        train_road_extractor(make_job(data, tmp_path / "m", **changes), Reporter())
    assert not (tmp_path / "m").exists()


def test_output_that_is_a_file(data, tmp_path):
    (tmp_path / "m").write_text("")
    with pytest.raises(EngineError, match="is a file"):
        train_road_extractor(make_job(data, tmp_path / "m"), Reporter())


def test_a_learning_rate_is_found_and_shown(data, tmp_path):
    listener = Listener()
    result = train_road_extractor(make_job(data, tmp_path / "m", learning_rate=0.0), listener.reporter)
    said = next(event.text for event in listener.of(Log) if "learning rate" in event.text)
    assert "found is" in said or "showed nothing" in said
    report = Path(result["report"]).read_text(encoding="utf-8")
    assert "Search for a learning rate" in report and (tmp_path / "m" / "ModelCharacteristics" / "learning_rate.png").is_file()
    again = train_road_extractor(make_job(data, tmp_path / "n", learning_rate=0.0), Reporter())
    assert again["valid_loss"] == result["valid_loss"]
    train_road_extractor(make_job(data, tmp_path / "m", learning_rate=1e-3), Reporter())  # its own folder may be replaced


@pytest.mark.parametrize(("model_type", "loss"), [
    ("hourglass", ""), ("resunet", "weighted_bce_dice"), ("dlinknet", "bce_dice"),
])
def test_other_networks_and_losses(tmp_path, model_type, loss):
    data = write_folder(tmp_path / "data", size=64)
    job = make_job(
        data, tmp_path / "m", model_type=model_type, backbone="resnet34", loss=loss, positive_weight=2.0,
        cldice=0.3, accumulate=2, augmentation="custom", augmentation_table={"rotate": "30; 0.5"},
    )
    result = train_road_extractor(job, Reporter())
    model = load_package(result["model"])
    assert model.info.model_type == model_type and np.isfinite(result["valid_loss"])
    assert "rotate -30 to 30" in Path(result["report"]).read_text(encoding="utf-8")


def test_centre_lines_are_learned_at_arcgiss_width(tmp_path):
    data = write_folder(tmp_path / "data", size=64)
    job = make_job(data, tmp_path / "m", centre_lines=True, gaussian_thresh=0.9)
    assert train_road_extractor(job, Reporter())["epochs_run"] == 1


def test_going_on_from_a_package_and_freezing(data, tmp_path):
    first = train_road_extractor(make_job(data, tmp_path / "m", orient_bin_size=30.0, **LINKNET), Reporter())
    before = load_package(first["model"]).network.state_dict()
    job = make_job(data, tmp_path / "n", model_type="unet", pretrained_model=first["model"], freeze=True, learning_rate=1e-4)
    listener = Listener()
    second = load_package(train_road_extractor(job, listener.reporter)["model"])
    assert second.info.model_type == "linknet" and second.network.arguments["orientation_classes"] == 13
    after = second.network.state_dict()
    frozen = [name for name, value in before.items() if name.startswith("encoder.") and "weight" in name and value.ndim > 1]
    assert frozen and all(torch.equal(before[name], after[name]) for name in frozen)
    assert any(not torch.equal(before[name], after[name]) for name in before if name.startswith("road."))
    grey = write_folder(tmp_path / "grey", count=2, size=32, bands=1)
    with pytest.raises(EngineError, match=r"takes 3 band\(s\), the training data have 1"):
        train_road_extractor(make_job(grey, tmp_path / "o", pretrained_model=first["model"]), Reporter())


def test_encoder_weights_from_a_file(data, tmp_path):
    from roadsmith.models.resnet import ResNetEncoder
    from safetensors.torch import save_file

    torch.manual_seed(5)
    encoder = ResNetEncoder("resnet18")
    save_file(encoder.state_dict(), str(tmp_path / "resnet18.safetensors"))
    job = make_job(data, tmp_path / "m", backbone_weights=str(tmp_path / "resnet18.safetensors"), freeze=True, **LINKNET)
    model = load_package(train_road_extractor(job, Reporter())["model"])
    name = "layer1.0.conv1.weight"
    assert torch.equal(model.network.state_dict()[f"encoder.{name}"], encoder.state_dict()[name])
    for changes, sentence in (
        ({"backbone_weights": str(tmp_path / "none.pth")}, "none.pth"),
        ({"backbone_weights": str(tmp_path / "resnet18.safetensors"), "backbone": "resnet34"}, "resnet18.safetensors"),
        ({"backbone_weights": str(tmp_path / "resnet18.safetensors"), "model_type": "unet"}, "has no encoder"),
    ):
        with pytest.raises(EngineError, match=sentence):
            train_road_extractor(make_job(data, tmp_path / "n", **{**LINKNET, **changes}), Reporter())
    assert not (tmp_path / "n").exists()
