import pytest
import torch
from roadsmith.models.registry import MODEL_TYPES, build
from roadsmith.models.resnet import BACKBONES, ResNetEncoder


def parameter_count(module):
    return sum(each.numel() for each in module.parameters())


@pytest.fixture(autouse=True)
def one_thread():
    """Tiny networks run faster on one thread than on several that wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(("name", "expected"), [
    # torchvision's counts without the classifier (1000 classes on the last width)
    ("resnet18", 11_689_512 - 513_000), ("resnet34", 21_797_672 - 513_000), ("resnet50", 25_557_032 - 2_049_000),
    ("resnet101", 44_549_160 - 2_049_000), ("resnet152", 60_192_808 - 2_049_000),
])
def test_encoders_have_torchvisions_parameters(name, expected):
    with torch.device("meta"):
        encoder = ResNetEncoder(name)
    assert parameter_count(encoder) == expected


def test_encoder_has_torchvisions_names():
    with torch.device("meta"):
        names, deep = (set(ResNetEncoder(name).state_dict()) for name in ("resnet18", "resnet50"))
    assert {"conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight", "layer2.0.downsample.0.weight",
            "layer2.0.downsample.1.bias", "layer4.1.bn2.num_batches_tracked"} <= names
    assert {"layer1.0.downsample.0.weight", "layer4.2.conv3.weight"} <= deep
    assert not any(name.startswith("fc") for name in names)


def test_linknet34_has_the_references_size():
    with torch.device("meta"):
        network = build("linknet", backbone="resnet34", orientation_classes=37)
    assert parameter_count(network) == 22_004_903  # the reference: 22.0 million


@pytest.mark.parametrize("backbone", BACKBONES)
def test_every_backbone_gives_scores_of_the_images_size(backbone):
    with torch.device("meta"):  # shapes alone: no memory, no time
        network = build("linknet", backbone=backbone, bands=4, orientation_classes=19)
        outputs = network(torch.zeros(2, 4, 96, 64))
    assert outputs.road.shape == (2, 2, 96, 64) and outputs.orientation.shape == (2, 19, 96, 64)


@pytest.mark.parametrize(("height", "width"), [(64, 64), (33, 95), (101, 32), (67, 129)])
def test_odd_sizes_keep_their_size(height, width):
    network = build("linknet", backbone="resnet18").eval()
    with torch.no_grad():
        images = torch.randn(1, 3, height, width)
        outputs, probability = network(images), network.road_probability(images)
    assert outputs.road.shape == (1, 2, height, width) and outputs.orientation.shape == (1, 19, height, width)
    assert probability.shape == (1, height, width) and float(probability.min()) >= 0 and float(probability.max()) <= 1
    torch.testing.assert_close(probability, outputs.road.softmax(dim=1)[:, 1])


def test_networks_know_their_arguments():
    for model_type in MODEL_TYPES:
        with torch.device("meta"):
            network = build(model_type, bands=5)
            again = build(model_type, **network.arguments)
        assert network.arguments["bands"] == 5 and again.arguments == network.arguments and network.size_multiple == 32


def test_unknown_names_are_told_the_known_ones():
    with pytest.raises(ValueError, match="linknet"):
        build("unet")
    with pytest.raises(ValueError, match="resnet34"):
        build("linknet", backbone="vgg")
    with pytest.raises(ValueError, match="cannot be built"):
        build("linknet", depth=3)
