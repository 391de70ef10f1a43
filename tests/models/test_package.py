import io
import json
import struct
import zipfile

import pytest
import torch
from roadsmith.models.package import ModelPackageError, PackageInfo, load_package, write_package
from roadsmith.models.registry import MODEL_TYPES, build
from safetensors.torch import load, save

from .small_networks import SMALL


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return build("linknet", backbone="resnet18", bands=2, orientation_classes=5).eval()


@pytest.fixture(scope="module")
def written(network, tmp_path_factory):
    """A package of that network, written once; do not change it."""
    folder = tmp_path_factory.mktemp("models") / "roads"
    folder.mkdir()
    info = PackageInfo(
        model_type="linknet", arguments=network.arguments, bands=[1, 3], band_means=[50.0, 60.5], band_stds=[20.0, 0.0],
        cell_metres=(0.3, 0.31), chip_size=256, attribution="© OpenStreetMap contributors", scores={"dice": 0.9},
        versions={"roadsmith": "0.1"}, stretch={"kind": "percent", "low": [3.0, 4.0], "high": [300.0, 400.5]},
    )
    write_package(folder, "roads", network, info)
    return folder, info


def test_package_round_trip(written, network):
    folder, info = written
    images = torch.randn(1, 2, 64, 64)
    expected = network.road_probability(images).detach()
    for path in (folder, folder / "roads.emd", folder / "roads.dlpk"):
        model = load_package(path, torch.device("cpu"))
        assert model.info == info and not model.network.training
        assert torch.equal(model.network.road_probability(images).detach(), expected)


def test_half_the_size_is_nearly_the_same_network(tmp_path, written, network):
    _, info = written
    images = torch.randn(1, 2, 64, 64)
    packed = load(write_package(tmp_path, "half", network, info, half=True).with_suffix(".safetensors").read_bytes())
    assert {each.dtype for each in packed.values()} == {torch.float16, torch.int64}
    model = load_package(tmp_path / "half.dlpk")
    assert {each.dtype for each in model.network.parameters()} == {torch.float32}
    difference = model.network.road_probability(images) - network.road_probability(images)
    assert 0 < float(difference.detach().abs().max()) < 0.01
    with torch.no_grad():
        too_large = build("efficient_unet", bands=2, **SMALL["efficient_unet"])
        too_large.score.bias.fill_(1e6)
    with pytest.raises(ValueError, match="too large for float16"):
        write_package(tmp_path, "large", too_large, info, half=True)
    assert not (tmp_path / "large.emd").exists()


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_every_network_comes_back_as_it_was(tmp_path, model_type):
    torch.manual_seed(0)
    network = build(model_type, bands=2, **SMALL[model_type])
    images = torch.randn(2, 2, 64, 64)
    network(images)  # running figures of batch normalisation that are not those of a new network
    info = PackageInfo(
        model_type=model_type, arguments=network.arguments, bands=[1, 2], band_means=[0.0, 1.0], band_stds=[1.0, 1.0],
        cell_metres=(1.0, 1.0), chip_size=64,
    )
    model = load_package(write_package(tmp_path, "m", network, info))
    assert type(model.network) is type(network) and model.network.arguments == network.arguments and model.info == info
    assert torch.equal(model.network.road_probability(images), network.eval().road_probability(images))
    name = json.loads((tmp_path / "m.emd").read_text())["ModelName"]
    assert name == ("MultiTaskRoadExtractor" if network.has_orientation else "RoadExtractor")


def test_packages_from_before_widths_were_arguments(tmp_path, written):
    """Their LinkNet has no ``width`` among its arguments."""
    folder, _ = written
    record = json.loads((folder / "roads.emd").read_text(encoding="utf-8"))
    del record["Roadsmith"]["arguments"]["width"]
    model = load_changed(tmp_path, record, (folder / "roads.safetensors").read_bytes())
    assert model.network.arguments["width"] == 64


def test_definition_has_esris_keys_and_the_archive_two_files_at_its_root(written):
    folder, _ = written
    record = json.loads((folder / "roads.emd").read_text(encoding="utf-8"))
    assert record["ModelType"] == "ImageClassification" and record["ModelName"] == "MultiTaskRoadExtractor"
    assert record["ModelFile"] == "roads.safetensors" and record["ExtractBands"] == [0, 2]
    assert record["ImageHeight"] == record["ImageWidth"] == 256 and record["ImageSpaceUsed"] == "MAP_SPACE"
    assert record["Classes"][0]["Value"] == 1 and record["MinCellSize"]["x"] == 0.3
    with zipfile.ZipFile(folder / "roads.dlpk") as archive:
        assert sorted(archive.namelist()) == ["roads.emd", "roads.safetensors"]


def pack(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def parts(written):
    folder, _ = written
    return json.loads((folder / "roads.emd").read_text(encoding="utf-8")), (folder / "roads.safetensors").read_bytes()


def load_changed(tmp_path, record, weights):
    (tmp_path / "m.emd").write_text(json.dumps(record) if isinstance(record, dict) else record)
    if weights is not None:
        (tmp_path / "roads.safetensors").write_bytes(weights)
    return load_package(tmp_path / "m.emd")


@pytest.mark.parametrize(("key", "value"), [
    ("bands", None), ("bands", [0, 1]), ("bands", ["1", "2"]), ("bands", [1]), ("band_means", [1.0]), ("band_means", "ab"),
    ("band_stds", [1, -1]), ("cell_metres", [0, 1]), ("cell_metres", [1]), ("chip_size", True), ("chip_size", 10**9),
    ("threshold", 1.5), ("network_threshold", 0),
    ("network_threshold", "half"), ("arguments", []), ("arguments", {"bands": 3}), ("model_type", 7), ("classes", ["road"]),
    ("scores", {"dice": "good"}), ("versions", []), ("attribution", None), ("format", 99), ("format", "1"),
    ("stretch", []), ("stretch", {"kind": "percent", "low": [1], "high": [2]}),
    ("stretch", {"kind": "percent", "low": ["a", "b"]}),
])
def test_wrong_values_are_refused(tmp_path, parts, key, value):
    record, weights = parts
    record["Roadsmith"][key] = value
    with pytest.raises(ModelPackageError, match=r"m\.emd"):
        load_changed(tmp_path, record, weights)


def test_a_package_from_before_stretches(tmp_path, parts):
    record, weights = parts
    del record["Roadsmith"]["stretch"]
    assert load_changed(tmp_path, record, weights).info.stretch is None


def test_missing_keys_are_named(tmp_path, parts):
    record, weights = parts
    del record["Roadsmith"]["cell_metres"]
    with pytest.raises(ModelPackageError, match="lacks 'cell_metres'"):
        load_changed(tmp_path, record, weights)


@pytest.mark.parametrize(("arguments", "sentence"), [
    ({"bands": 2, "backbone": "vgg"}, "cannot be built"), ({"bands": 2, "spell": 1}, "cannot be built"),
    ({"bands": 2, "backbone": "resnet34"}, "do not fit"), ({"bands": 2, "backbone": "resnet18"}, "do not fit"),
    ({"bands": 2, "backbone": "resnet18", "orientation_classes": 10**12}, "cannot be built|do not fit"),
    ({"bands": 2, "backbone": "resnet18", "orientation_classes": "5"}, "cannot be built"),
    ({"bands": 2, "backbone": ["resnet18"]}, "cannot be built"), ({"bands": 2, "width": 10**12}, "cannot be built"),
])
def test_networks_that_do_not_fit_the_weights(tmp_path, parts, arguments, sentence):
    record, weights = parts
    record["Roadsmith"]["arguments"] = arguments
    with pytest.raises(ModelPackageError, match=sentence):
        load_changed(tmp_path, record, weights)


def bad_weights(weights):
    tensors = load(weights)
    yield "truncated", weights[: len(weights) // 2], "damaged"
    yield "empty", b"", "damaged"
    yield "noise", bytes(range(256)) * 8, "damaged"
    yield "huge header", struct.pack("<Q", 2**60) + b"{}", "damaged"
    yield "tensor missing", save({key: each for key, each in tensors.items() if key != "encoder.conv1.weight"}), "do not fit"
    yield "tensor too many", save({**tensors, "spy": torch.zeros(1)}), "do not fit"
    yield "no numbers", save({**tensors, "encoder.bn1.bias": torch.full((64,), float("nan"))}), "no numbers"


def test_bad_weights(tmp_path, parts):
    record, weights = parts
    for _, content, sentence in bad_weights(weights):
        with pytest.raises(ModelPackageError, match=sentence):
            load_changed(tmp_path, record, content)
    (tmp_path / "roads.safetensors").unlink()
    with pytest.raises(ModelPackageError, match="missing beside"):
        load_changed(tmp_path, record, None)


@pytest.mark.parametrize(("record", "sentence"), [
    ("{", "no JSON"), ("[1]", "no JSON object"), ("\x00", "no JSON"),
    ('{"ModelName": "MultiTaskRoadExtractor", "ModelFile": "Roads.pth"}', "not trained by Roadsmith"),
    ('{"Roadsmith": 1, "ModelFile": "roads.pth"}', "may run code"), ('{"Roadsmith": 1}', "may run code"),
    ('{"Roadsmith": 1, "ModelFile": "../roads.safetensors"}', "outside the package"),
    ('{"Roadsmith": 1, "ModelFile": "/etc/roads.safetensors"}', "outside the package"),
    ('{"Roadsmith": 1, "ModelFile": "roads.safetensors"}', "no JSON object"),
])
def test_bad_definitions(tmp_path, parts, record, sentence):
    with pytest.raises(ModelPackageError, match=sentence):
        load_changed(tmp_path, record, parts[1])


@pytest.mark.parametrize("name", ["../roads.emd", "/roads.emd", "C:/roads.emd", "a/../../roads.emd", "..\\roads.emd"])
def test_unsafe_names_in_the_archive(tmp_path, parts, name):
    with pytest.raises(ModelPackageError, match="unsafe name"):
        load_package(pack(tmp_path / "m.dlpk", {name: json.dumps(parts[0])}))


def test_archives_that_are_none(tmp_path, parts):
    record, weights = parts
    (tmp_path / "noise.dlpk").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "empty.dlpk").write_bytes(b"")
    buffer = io.BytesIO()
    pack(buffer, {"m.emd": json.dumps(record), "roads.safetensors": weights[:100_000]})
    (tmp_path / "half.dlpk").write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    for name in ("noise", "empty", "half"):
        with pytest.raises(ModelPackageError, match=f"{name}.dlpk is no readable model package"):
            load_package(tmp_path / f"{name}.dlpk")
    cases = {"without definition": {"readme.txt": "hello"}, "two": {"a.emd": "{}", "b.emd": "{}"}}
    for files in cases.values():
        with pytest.raises(ModelPackageError, match=r"\.emd files instead of one"):
            load_package(pack(tmp_path / "m.dlpk", files))
    with pytest.raises(ModelPackageError, match="lacks the weights"):
        load_package(pack(tmp_path / "m.dlpk", {"m.emd": json.dumps(record)}))


def test_a_damaged_byte_in_the_archive_is_found(tmp_path, written):
    folder, _ = written
    content = bytearray((folder / "roads.dlpk").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "m.dlpk").write_bytes(content)
    with pytest.raises(ModelPackageError, match="no readable model package"):
        load_package(tmp_path / "m.dlpk")


def test_zip_bombs_are_not_unpacked(tmp_path, parts):
    record, _ = parts
    bomb = pack(tmp_path / "m.dlpk", {"m.emd": json.dumps(record), "roads.safetensors": b"\0" * 2**26})
    with pytest.raises(ModelPackageError, match="too much for a model"):
        load_package(bomb)
    with pytest.raises(ModelPackageError, match="too much for a model"):
        load_package(pack(tmp_path / "n.dlpk", {"m.emd": b" " * (5 * 2**20)}))
    with pytest.raises(ModelPackageError, match="too many"):
        load_package(pack(tmp_path / "o.dlpk", {f"{number}": b"" for number in range(1001)}))


def test_paths_that_hold_no_model(tmp_path, parts):
    with pytest.raises(ModelPackageError, match="does not exist"):
        load_package(tmp_path / "nothing.dlpk")
    with pytest.raises(ModelPackageError, match=r"no \.emd file"):
        load_package(tmp_path)
    for name in ("a.emd", "b.emd"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(ModelPackageError, match=r"2 \.emd files"):
        load_package(tmp_path)
