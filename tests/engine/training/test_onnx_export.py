import json

import numpy as np
import pytest
import torch
from roadsmith.engine.events import Log, Warn
from roadsmith.engine.training import onnx_export
from roadsmith.engine.training.onnx_export import SourceToProbability, export_graph, largest_difference, write_onnx
from roadsmith.models.normalisation import normalise
from roadsmith.models.package import PackageInfo, write_package
from roadsmith.models.registry import MODEL_TYPES, build

from .small_trainings import Listener

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

#: Narrow forms, so that the tests are quick; the layers are those of the whole networks.
SMALL = {
    "hourglass": {"width": 8, "blocks": 1, "orientation_classes": 5},
    "linknet": {"backbone": "resnet18", "width": 8, "orientation_classes": 5},
    "unet": {"base": 4, "n_pool": 4},
    "segnet": {"width": 4},
    "resunet": {"width": 4},
    "dlinknet": {"backbone": "resnet18", "width": 8}, "efficient_unet": {"width": 8},
}
MEANS, STDS = [400.0, 700.0], [90.0, 0.0]


def trained(model_type):
    """A network whose batch norms have seen something and whose scores are neither all 0 nor all 1."""
    torch.manual_seed(1)
    network = build(model_type, bands=2, **SMALL[model_type])
    for _ in range(3):
        network(2 * torch.randn(2, 2, 64, 64))
    return network.eval()


def source_images(count, height, width):
    return torch.from_numpy(np.random.default_rng(count).normal(500, 150, (count, 2, height, width)).astype(np.float32))


def run(path, images):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(["road_probability"], {"images": images.numpy()})[0]


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_every_network_gives_the_same_probabilities(tmp_path, model_type):
    network = trained(model_type)
    graph = SourceToProbability(network, MEANS, STDS)
    export_graph(graph, tmp_path / "m.onnx")
    assert not any(module.training for module in graph.modules())
    step = network.size_multiple
    for count, height, width in ((1, 2 * step, 3 * step), (3, 4 * step, 2 * step)):
        images = source_images(count, height, width)
        with torch.no_grad():
            wanted = network.road_probability(normalise(images, MEANS, STDS)).numpy()
        found = run(tmp_path / "m.onnx", images)
        assert found.dtype == np.float32 and found.shape == (count, height, width)
        assert np.abs(found - wanted).max() < 1e-4
        assert wanted.std() > 1e-3  # something there is to be equal


@pytest.fixture
def package(tmp_path):
    network = trained("resunet")
    info = PackageInfo(
        model_type="resunet", arguments=network.arguments, bands=[4, 1], band_means=MEANS, band_stds=STDS,
        cell_metres=(0.5, 0.25), chip_size=50, threshold=0.37, attribution="© someone", versions={"roadsmith": "1.2"},
        stretch={"kind": "percent", "low": [1.0, 2.0], "high": [300.0, 400.0]},
    )
    write_package(tmp_path, "m", network, info)
    return tmp_path


def test_the_file_says_what_must_be_known_to_use_it(package):
    listener = Listener()
    write_onnx(package, "m", source_images(2, 50, 50), listener.reporter)  # no multiple of 8
    assert not listener.of(Warn) and "differ by at most" in listener.of(Log)[0].text
    content = onnx.load(str(package / "m.onnx"))
    onnx.checker.check_model(content)
    facts = {each.key: each.value for each in content.metadata_props}
    assert facts["bands"] == "4,1" and facts["cell_size_metres"] == "0.5,0.25" and facts["threshold"] == "0.37"
    assert facts["attribution"] == "© someone" and facts["roadsmith_version"] == "1.2" and facts["size_multiple"] == "8"
    assert "multiples of 8" in facts["description"] and json.loads(facts["stretch"])["high"] == [300.0, 400.0]
    shape = [each.dim_param or each.dim_value for each in content.graph.input[0].type.tensor_type.shape.dim]
    assert shape == ["batch", 2, "height", "width"]


def test_a_file_that_computes_something_else_is_told(package):
    """The comparison sees a file made of another network."""
    graph, other = (SourceToProbability(trained("resunet"), MEANS, stds) for stds in (STDS, [30.0, 1.0]))
    export_graph(other, package / "m.onnx")
    assert largest_difference(package / "m.onnx", graph, source_images(1, 32, 32)) > 1e-3


def test_failing_costs_the_file_not_the_model(package, monkeypatch):
    def fail(graph, path):
        path.write_bytes(b"half a file")
        raise RuntimeError("no such operator\nand much more")

    monkeypatch.setattr(onnx_export, "export_graph", fail)
    listener = Listener()
    write_onnx(package, "m", source_images(1, 32, 32), listener.reporter)
    [warning] = listener.of(Warn)
    assert "no such operator" in warning.text and "\n" not in warning.text
    assert sorted(each.name for each in package.iterdir()) == ["m.dlpk", "m.emd", "m.safetensors"]


def test_a_difference_is_a_warning(package, monkeypatch):
    monkeypatch.setattr(onnx_export, "largest_difference", lambda *arguments: 0.25)
    listener = Listener()
    write_onnx(package, "m", source_images(1, 32, 32), listener.reporter)
    assert "0.25" in listener.of(Warn)[0].text and (package / "m.onnx").is_file()
