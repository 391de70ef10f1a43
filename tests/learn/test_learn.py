import importlib.util
import re
import traceback

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from roadsmith.engine.training.loop import TrainingLoop
from roadsmith.learn import (
    EngineError,
    MultiTaskRoadExtractor,
    RoadExtractor,
    TwoStageRoadExtractor,
    classify_pixels,
    prepare_data,
)
from roadsmith.models.package import load_package

from ..engine.conftest import write_raster


@pytest.fixture(scope="module")
def data(chips, tmp_path_factory):
    return prepare_data(chips, val_split_pct=0.25, batch_size=2, transforms=False, working_dir=tmp_path_factory.mktemp("work"))


@pytest.fixture
def model(data):
    return MultiTaskRoadExtractor(data, mtl_model="tiny", device="cpu")


def weights(model):
    return torch.cat([each.flatten() for each in model._session.run.network.state_dict().values()])


def state(model):
    return model._session.run.network.state_dict()


def table(text):
    """The printed rows, as lists of words."""
    return [line.split() for line in text.splitlines() if re.match(r"epoch|\d", line)]


def interrupt_in(monkeypatch, epoch):
    real = TrainingLoop._train_epoch

    def interrupted(loop, number):
        if number == epoch:
            raise KeyboardInterrupt
        return real(loop, number)

    monkeypatch.setattr(TrainingLoop, "_train_epoch", interrupted)


def test_data_tell_what_they_are(data, chips):
    assert data.classes == ["background", "road"] and data.class_mapping == {0: "background", 1: "road"}
    assert (data.chip_size, data.batch_size, data.bands, data.path) == (32, 2, [1, 2, 3], [chips])
    assert data.train_count + data.valid_count == 8 and data.valid_count == 2
    assert "6 chips to train, 2 to validate" in repr(data) and "32 × 32 pixels of 1 m" in repr(data)


def test_several_folders_and_arcgis_arguments(chips, tmp_path, capsys):
    from ..engine.training.small_trainings import write_folder

    other = write_folder(tmp_path / "other", size=32)
    data = prepare_data(
        [chips, str(other)], class_mapping={0: "NoData", 1: "road"}, chip_size=32, batch_size=4, seed=1, collate_fn=None,
        dataset_type="Classified_Tiles", num_workers=0,
    )
    assert data.train_count + data.valid_count <= 12 and data.train_count > 6
    assert "prepare_data leaves out collate_fn, num_workers" in capsys.readouterr().out


def test_a_batch_is_shown_as_training_sees_it(data):
    figure = data.show_batch(rows=1, alpha=1.0)
    assert isinstance(figure, Figure) and len(figure.axes) == 4
    shown = np.asarray(figure.axes[0].get_images()[0].get_array())
    red = (np.abs(shown - np.array([230, 60, 40]) / 255) < 1e-3).all(axis=2)
    assert shown.shape == (32, 32, 3) and red.sum() == 5 * 32  # the road of every chip is 5 pixels wide
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_the_table_is_that_of_the_arcgis_api(model, capsys):
    model.fit(2, lr=1e-3)
    header, *rows = table(capsys.readouterr().out)
    assert header == ["epoch", "train_loss", "valid_loss", "accuracy", "miou", "dice", "time"]
    assert [row[0] for row in rows] == ["0", "1"]
    recorded = model._session.record.epochs
    for row, figures in zip(rows, recorded):
        assert [float(cell) for cell in row[1:6]] == pytest.approx([figures[name] for name in header[1:6]], abs=1e-6)
        assert re.fullmatch(r"\d\d:\d\d", row[6])


def test_fitting_again_goes_on_from_the_present_weights(model, capsys):
    model.fit(1, lr=1e-3)
    between = weights(model).clone()
    capsys.readouterr()
    model.fit(2, lr=1e-12)
    assert torch.allclose(weights(model), between, atol=1e-6)
    assert [row[0] for row in table(capsys.readouterr().out)] == ["epoch", "0", "1"]  # numbered anew, as there
    record = model._session.record
    assert [each["epoch"] for each in record.epochs] == [1, 2, 3] and record.best in record.epochs[1:]
    axes = model.plot_losses().axes[0]
    assert list(axes.get_lines()[0].get_xdata()) == [1, 2, 3]


def test_learning_makes_the_loss_smaller_and_the_scores_agree(model):
    before = model.mIOU(mean=True)
    model.fit(8, lr=2e-2, monitor="miou")
    ious = model.mIOU()
    assert list(ious) == ["background", "road"] and model.mIOU(mean=True) == pytest.approx(sum(ious.values()) / 2)
    best = model._session.record.best
    assert model.mIOU(mean=True) == pytest.approx(best["miou"]) and model.accuracy() == pytest.approx(best["accuracy"])
    assert best["miou"] > before and best["valid_loss"] < model._session.record.epochs[0]["valid_loss"]


def test_the_same_seed_gives_the_same_model(data):
    def trained():
        model = MultiTaskRoadExtractor(data, mtl_model="tiny", device="cpu")
        model.fit(2, lr=1e-3)
        return weights(model)

    torch.manual_seed(1)
    first = trained()
    torch.manual_seed(2)
    assert torch.equal(first, trained())


def test_the_search_for_a_rate_leaves_the_network_alone(model):
    before = weights(model).clone()
    rate = model.lr_find(allow_plot=False)
    assert 1e-7 <= rate <= 1e-2 and torch.equal(weights(model), before)
    assert model._session.record.search["suggestion"] == rate


def test_an_interrupt_keeps_the_best_weights(model, monkeypatch, capsys):
    interrupt_in(monkeypatch, 3)
    model.fit(5, lr=1e-3)
    record = model._session.record
    assert len(record.epochs) == 2
    best = torch.cat([each.flatten() for each in record.best_weights.values()])
    assert torch.equal(weights(model), best)
    assert f"Interrupted: the model has the weights of epoch {record.best['epoch'] - 1:.0f}" in capsys.readouterr().out


def test_an_interrupt_in_the_first_epoch_changes_nothing(model, monkeypatch, capsys):
    before = weights(model).clone()
    interrupt_in(monkeypatch, 1)
    model.fit(5, lr=1e-3)
    assert torch.equal(weights(model), before) and "weights it had before" in capsys.readouterr().out


def test_the_last_epoch_is_kept_on_request(model):
    model.fit(3, lr=1e-3, checkpoint=False)
    record = model._session.record
    assert record.best is record.epochs[-1] and model.mIOU(mean=True) == pytest.approx(record.epochs[-1]["miou"])


def test_early_stopping_stops(model, capsys):
    model.fit(20, lr=1e-12, early_stopping=True)
    text = capsys.readouterr().out
    assert len(table(text)) == 1 + 6 and "Stopped early" in text  # the first epoch and five without improvement


def test_a_saved_model_finds_the_same_roads(model, data, tmp_path, chips):
    model.fit(3, lr=2e-2)
    path = model.save("roads")
    assert path == data.working_dir / "models" / "roads" / "roads.dlpk" and (path.parent / "model_metrics.html").is_file()
    opened = load_package(path)
    pixels = torch.rand(1, 3, 32, 32)
    own = model._session.run.network
    with torch.no_grad():
        assert torch.allclose(own.road_probability(pixels), opened.network.road_probability(pixels), atol=1e-6)
    with pytest.raises(EngineError, match="overwrite=True"):
        model.save("roads")
    model.save("roads", overwrite=True, publish=False)

    raster = chips / "images" / "0.tif"
    classify_pixels(raster, model, tmp_path / "by_model.tif", device="cpu")
    classify_pixels(raster, path, tmp_path / "by_package.tif", device="cpu")
    assert (tmp_path / "by_model.tif").read_bytes() == (tmp_path / "by_package.tif").read_bytes()


def test_unsaved_weights_can_be_used_and_reloaded(model, data, tmp_path):
    model.fit(1, lr=2e-2)
    model.save(tmp_path / "first")
    first = weights(model).clone()
    model.fit(1, lr=2e-2)
    assert not torch.equal(weights(model), first)
    raster = write_raster(tmp_path / "dark.tif", np.zeros((3, 40, 40), np.uint8))
    result = classify_pixels(raster, model, tmp_path / "out.tif", device="cpu")
    assert result["megapixels"] == pytest.approx(40 * 40 / 1e6)
    model.load(tmp_path / "first")
    assert torch.equal(weights(model), first)


def test_a_model_opened_again_goes_on_learning(model, data, tmp_path):
    model.fit(2, lr=2e-2)
    path = model.save(tmp_path / "roads")
    again = MultiTaskRoadExtractor.from_model(path, data, device="cpu")
    assert torch.equal(weights(again), weights(model)) and again.mIOU() == pytest.approx(model.mIOU())
    again.fit(1, lr=1e-2)
    assert not torch.equal(weights(again), weights(model))

    alone = MultiTaskRoadExtractor.from_model(path)
    assert "opened without data" in repr(alone)
    with pytest.raises(EngineError, match="opened without data"):
        alone.fit(1)
    raster = write_raster(tmp_path / "dark.tif", np.zeros((3, 40, 40), np.uint8))
    assert classify_pixels(raster, alone, tmp_path / "alone.tif", device="cpu")["output"] == str(tmp_path / "alone.tif")


def test_results_show_truth_and_prediction(model):
    model.fit(4, lr=2e-2)
    figure = model.show_results(rows=2, alpha=1.0, thresh=0.5)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["truth", "prediction", "", ""]
    truth, found = (np.asarray(axes.get_images()[0].get_array()) for axes in figure.axes[:2])
    red = np.array([230, 60, 40]) / 255
    assert (np.abs(truth - red) < 1e-3).all(axis=2).sum() == 5 * 32
    assert not np.array_equal(truth, found) or model.accuracy() == 1


def test_the_encoder_can_be_held_still(data):
    model = RoadExtractor(data, "linknet", backbone="resnet18", device="cpu")
    encoder = list(model._session.run.network.encoder_parameters())
    model.freeze()
    assert encoder and not any(each.requires_grad for each in encoder)
    model.unfreeze()
    assert all(each.requires_grad for each in encoder)


@pytest.mark.parametrize(("arguments", "sentence"), [
    ({"path": "nowhere"}, "nowhere"),
    ({"path": []}, "No training data folder"),
    ({"chip_size": 16}, "chip size is 16"),
    ({"chip_size": 64}, "tiles of the training data have 32"),
    ({"val_split_pct": 0}, "validation share is 0"),
    ({"resize_to": 100}, "leave resize_to out"),
    ({"dataset_type": "PASCAL_VOC"}, "Classified Tiles"),
    ({"transforms": ([], [])}, "fastai"),
    ({"transforms": {"rotat": 3}}, "no augmentation 'rotat'"),
    ({"batchsize": 4}, "knows no 'batchsize'"),
    ({"seed": -1}, "seed -1"),
    ({"class_mapping": {1: "road"}, "road_label": "1"}, "keep one"),
])
def test_bad_data_get_one_sentence(chips, arguments, sentence):
    with pytest.raises(EngineError, match=sentence) as caught:
        prepare_data(**{"path": chips, "val_split_pct": 0.25, **arguments})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("arguments", "sentence"), [
    ({"mtl_model": "unet"}, "choose hourglass, linknet"),
    ({"mtl_model": "tiny", "orient_bin_size": 0}, "orientation bins"),
    ({"mtl_model": "tiny", "epochs": 3}, "no setting 'epochs'"),
    ({"mtl_model": "tiny", "device": "cuda:99"}, "GPU"),
    ({"mtl_model": "linknet", "backbone": "vgg"}, "no backbone 'vgg'"),
    ({"pretrained_path": "nowhere.dlpk"}, "nowhere.dlpk"),
])
def test_bad_models_get_one_sentence(data, arguments, sentence):
    with pytest.raises(EngineError, match=sentence):
        MultiTaskRoadExtractor(data, **arguments)


@pytest.mark.parametrize(("call", "sentence"), [
    (lambda model: model.fit(0, lr=1e-3), "0 epochs"),
    (lambda model: model.fit(1, lr=slice(1e-5, 1e-3)), "one learning rate"),
    (lambda model: model.fit(1, lr=1e-3, one_cycle=False), "one cycle"),
    (lambda model: model.fit(1, lr=1e-3, monitor="loss"), "monitored figure 'loss'"),
    (lambda model: model.fit(1, lr=1e-3, checkpoint="all"), "checkpoint=True"),
    (lambda model: model.save("early"), "nothing to save yet"),
    (lambda model: model.plot_losses(), "fit the model first"),
    (lambda model: model.show_results(rows=0), "1 to 25 rows"),
    (lambda model: model.freeze(), "no encoder to freeze"),
    (lambda model: model.load("nowhere"), "nowhere"),
])
def test_bad_calls_get_one_sentence(model, call, sentence):
    before = weights(model).clone()
    with pytest.raises(EngineError, match=sentence):
        call(model)
    assert torch.equal(weights(model), before)


def test_the_traceback_ends_at_the_face(data):
    with pytest.raises(EngineError) as caught:
        MultiTaskRoadExtractor(data, mtl_model="nothing")
    files = [frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    assert not any("session" in name or "preparation" in name for name in files)


def test_what_nobody_foresaw_keeps_its_traceback(model, monkeypatch):
    def broken(*arguments):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(TrainingLoop, "_train_epoch", broken)
    with pytest.raises(ZeroDivisionError):
        model.fit(1, lr=1e-3)


def test_a_batch_that_cannot_be_shown_gets_one_sentence(data):
    with pytest.raises(EngineError, match="1 to 25 rows"):
        data.show_batch(rows=0)


def test_figures_for_tensorboard_are_written_where_it_is_installed(model, data):
    if importlib.util.find_spec("tensorboard") is None:
        with pytest.raises(EngineError, match=r"pip install .*tensorboard"):
            model.fit(1, lr=1e-3, tensorboard=True)
        return
    model.fit(1, lr=1e-3, tensorboard=True)
    assert [each.name[:10] for each in (data.working_dir / "training_log" / "fit_1").iterdir()] == ["events.out"]


def test_a_second_stage_mends_a_first(data, model, tmp_path):
    """From an extractor in hand, trained, saved, opened again, and classified with; the first stage stays as it is."""
    two = TwoStageRoadExtractor(data, model, base_width=4, layers=2, min_sample_iou=0.0, device="cpu")
    before = {name: value.clone() for name, value in state(two).items()}
    two.fit(1)
    after = state(two)
    moved = {name for name in after if not torch.equal(after[name], before[name])}
    assert moved and all(name.startswith("refinement.") for name in moved)
    first = state(model)
    assert all(torch.equal(after[f"first.{name}"], value) for name, value in first.items())
    path = two.save(tmp_path / "two")
    again = TwoStageRoadExtractor.from_model(path, data, device="cpu")
    assert state(again).keys() == after.keys() and all(torch.equal(state(again)[name], after[name]) for name in after)
    assert 0 <= again.mIOU(mean=True) <= 1
    with pytest.raises(EngineError, match="has no setting 'folds'"):
        TwoStageRoadExtractor(data, model, folds=2)
    with pytest.raises(EngineError, match="Give TwoStageRoadExtractor the first_model to refine"):
        TwoStageRoadExtractor(data)
    with pytest.raises(EngineError, match="has no network 'two_stage'"):
        RoadExtractor.from_model(path)
