import pytest
import torch
from roadsmith.models.losses import LossSettings, training_loss
from roadsmith.models.registry import MODEL_TYPES, build, network_arguments, uses_backbone
from roadsmith.models.resnet import BACKBONES, ResNetEncoder

from .chips import targets_of
from .small_networks import SMALL


def parameter_count(module):
    return sum(each.numel() for each in module.parameters())


@pytest.mark.parametrize(("name", "expected"), [
    # torchvision's counts without the classifier (1000 classes on the last width)
    ("resnet18", 11_689_512 - 513_000), ("resnet34", 21_797_672 - 513_000), ("resnet50", 25_557_032 - 2_049_000),
    ("resnet101", 44_549_160 - 2_049_000), ("resnet152", 60_192_808 - 2_049_000),
])
def test_encoders_have_torchvisions_parameters(name, expected):
    with torch.device("meta"):
        encoder = ResNetEncoder(name)
    assert parameter_count(encoder) == expected


@pytest.mark.parametrize(("name", "tensors"), [
    ("resnet18", 122), ("resnet34", 218), ("resnet50", 320), ("resnet101", 626), ("resnet152", 932)
])
def test_encoders_have_torchvisions_number_of_tensors(name, tensors):
    with torch.device("meta"):
        assert len(ResNetEncoder(name).state_dict()) == tensors - 2  # without the classifier's weight and bias


def test_encoders_have_torchvisions_names_and_shapes():
    with torch.device("meta"):
        basic, deep = (
            {key: tuple(each.shape) for key, each in ResNetEncoder(name).state_dict().items()}
            for name in ("resnet34", "resnet50")
        )
    assert basic.items() >= {
        "conv1.weight": (64, 3, 7, 7), "bn1.running_mean": (64,), "layer1.2.conv2.weight": (64, 64, 3, 3),
        "layer2.0.downsample.0.weight": (128, 64, 1, 1), "layer2.0.downsample.1.bias": (128,), "layer3.5.bn2.running_var": (256,),
        "layer4.2.bn2.num_batches_tracked": (),
    }.items()
    assert deep.items() >= {
        "layer1.0.downsample.0.weight": (256, 64, 1, 1), "layer2.0.conv2.weight": (128, 128, 3, 3),
        "layer3.5.conv1.weight": (256, 1024, 1, 1), "layer4.2.conv3.weight": (2048, 512, 1, 1), "layer4.2.bn3.weight": (2048,),
    }.items()
    assert "layer1.0.downsample.0.weight" not in basic and not any(name.startswith("fc") for name in [*basic, *deep])


#: The reference's counts in millions, and the exact ones that follow from its layers.
COUNTS = [
    ("hourglass", {"orientation_classes": 37}, "28.96", 28_958_044),
    ("linknet", {"orientation_classes": 37}, "22.00", 22_004_903),
    ("dlinknet", {}, "31.10", 31_096_129),
    ("dlinknet", {"backbone": "resnet50"}, "217.65", 217_645_089),
    ("dlinknet", {"backbone": "resnet101"}, "236.64", 236_637_217),
    ("unet", {"base": 8, "max_width": None, "norm": None}, "39.50", 39_500_929),
    ("unet", {"base": 32, "max_width": None, "norm": None}, "631.94", 631_938_049),
    ("unet", {"base": 8, "n_pool": 6, "max_width": None, "norm": None}, "9.88", 9_875_585),
    ("unet", {"base": 32, "n_pool": 6, "max_width": None, "norm": None}, "157.97", 157_969_409),
    ("unet", {"base": 8, "n_pool": 3, "max_width": None, "norm": None}, "0.15", 153_089),
    ("unet", {"base": 32, "n_pool": 3, "max_width": None, "norm": None}, "2.44", 2_441_729),
    ("unet", {"norm": None}, "57.83", 57_827_329),
    ("unet", {"n_pool": 6, "norm": None}, "41.83", 41_834_497),
    ("segnet", {}, "29.44", 29_443_585),
    ("resunet", {}, "8.22", 8_220_993),
    ("efficient_unet", {}, "4.90", 4_898_628),
]


@pytest.mark.parametrize(("model_type", "arguments", "millions", "exact"), COUNTS)
def test_networks_have_the_references_size(model_type, arguments, millions, exact):
    with torch.device("meta"):
        count = parameter_count(build(model_type, **arguments))
    assert count == exact and f"{count / 1e6:.2f}" == millions


#: What each layer puts out for 2 images of 256 × 192 pixels and 4 bands: channels and the factor by which it is smaller.
LAYERS = {
    "hourglass": {
        "stem.0": (64, 2), "stem.3": (64, 2), "stem.4": (64, 4), "stem.6": (128, 4), "stacks.0.skip": (128, 4),
        "stacks.0.inner.down": (128, 16), "stacks.1.inner.inner.down": (128, 32), "stacks.1.inner.inner.split_road": (128, 32),
        "stacks.0.inner.up_orientation": (128, 16), "stacks.1.up_road": (128, 8), "road.0.features": (128, 4),
        "road.0.score": (2, 4), "orientation.1.score": (19, 4), "feedback.0": (128, 4), "final_road.decoder": (64, 2),
        "final_road.half_score": (2, 2), "final_orientation.half_score": (19, 2), "final_orientation.final_conv3": (19, 1),
    },
    "linknet": {
        "encoder.conv1": (64, 2), "encoder.layer1": (64, 4), "encoder.layer2": (128, 8), "encoder.layer3": (256, 16),
        "encoder.layer4": (512, 32), "road.decoder4": (256, 16), "road.decoder3": (128, 8), "road.decoder2": (64, 4),
        "orientation.decoder1": (64, 2), "road.final_conv3": (2, 1), "orientation.final_conv3": (19, 1),
    },
    "unet": {
        "down.0": (32, 1), "down.1": (64, 2), "down.4": (512, 16), "down.6": (512, 64), "centre": (512, 128),
        "upsample.0": (512, 64), "up.0": (512, 64), "up.3": (256, 8), "up.6": (32, 1), "score": (1, 1),
    },
    "segnet": {
        "encoder.0": (64, 1), "encoder.1": (128, 2), "encoder.2": (256, 4), "encoder.3": (512, 8), "encoder.4": (512, 16),
        "decoder.0": (512, 16), "decoder.1": (256, 8), "decoder.2": (128, 4), "decoder.3": (64, 2), "decoder.4": (64, 1),
        "score": (1, 1),
    },
    "resunet": {
        "down1": (64, 1), "down2": (128, 2), "down3": (256, 4), "bridge": (512, 8), "up3": (256, 4), "up2": (128, 2),
        "up1": (64, 1), "score": (1, 1),
    },
    "dlinknet": {
        "encoder.layer1": (64, 4), "encoder.layer4": (512, 32), "centre.dilated.3": (512, 32), "centre": (512, 32),
        "decoder4": (256, 16), "decoder1": (64, 2), "final_deconv1": (32, 1), "final_conv3": (1, 1),
    },
    "efficient_unet": {
        "encoder.conv_stem": (32, 2), "encoder.blocks.0": (16, 2), "encoder.blocks.2": (24, 4), "encoder.blocks.4": (40, 8),
        "encoder.blocks.10": (112, 16), "encoder.blocks.15": (320, 32), "narrow": (192, 32), "dilated.3": (192, 32),
        "up.0": (96, 16), "up.1": (64, 8), "up.2": (48, 4), "up.3": (32, 2), "score": (4, 2),
    },
}


def run_and_watch(network, images, names):
    """The shape of what each named layer puts out."""
    shapes, modules = {}, dict(network.named_modules())
    hooks = [
        modules[name].register_forward_hook(lambda _m, _i, output, name=name: shapes.__setitem__(name, tuple(output.shape)))
        for name in names
    ]
    outputs = network(images)
    for hook in hooks:
        hook.remove()
    return outputs, shapes


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_layers_have_the_references_widths_and_scales(model_type):
    # U-Net: seven poolings need 256 × 256
    height, width = 256, 256 if model_type == "unet" else 192
    on = "cpu" if model_type == "segnet" else "meta"  # shapes alone: no memory, no time; un-pooling needs real positions
    with torch.device(on), torch.no_grad():
        arguments = {"orientation_classes": 19} if "orientation_classes" in network_arguments(model_type) else {}
        network = build(model_type, bands=4, **arguments).eval()
        if on == "cpu":
            height, width = 64, 32
        images = torch.zeros(1, 4, height, width)
        outputs, shapes = run_and_watch(network, images, LAYERS[model_type])
    final = {name: size for name, size in shapes.items() if name.endswith("final_conv3") and "." in name}
    expected = {name: (1, channels, height // by, width // by) for name, (channels, by) in LAYERS[model_type].items()}
    for name in final:  # the head without padding computes beyond the edge; what is left over is cut
        assert shapes.pop(name)[1] == expected.pop(name)[1]
    assert shapes == expected
    assert outputs.road.shape == (1, 2 if network.has_orientation else 1, height, width)
    if network.has_orientation:
        assert outputs.orientation.shape == (1, 19, height, width)
    else:
        assert outputs.orientation is None and outputs.coarse == ()


def test_unet_capped_and_uncapped():
    with torch.device("meta"):
        uncapped = build("unet", base=8, max_width=None, norm=None)
    assert uncapped.centre[0].out_channels == 1024 and uncapped.size_multiple == 128
    assert not any(isinstance(each, torch.nn.BatchNorm2d) for each in uncapped.modules())


@pytest.mark.parametrize(("backbone", "expected"), [("resnet18", 4), ("resnet34", 4), ("resnet50", 5), ("resnet101", 5)])
def test_dlinknet_dilates_further_on_wide_encoders(backbone, expected):
    with torch.device("meta"):
        network = build("dlinknet", backbone=backbone)
    assert [each.dilation[0] for each in network.centre.dilated] == [1, 2, 4, 8, 16][:expected]
    assert network.arguments["dilated_convolutions"] == expected


@pytest.mark.parametrize("model_type", ["linknet", "dlinknet"])
@pytest.mark.parametrize("backbone", BACKBONES)
def test_every_backbone_gives_scores_of_the_images_size(model_type, backbone):
    with torch.device("meta"):
        outputs = build(model_type, backbone=backbone, bands=4)(torch.zeros(2, 4, 96, 64))
    assert outputs.road.shape[-2:] == (96, 64)


@pytest.mark.parametrize("model_type", MODEL_TYPES)
@pytest.mark.parametrize(("height", "width", "bands"), [(64, 64, 1), (33, 95, 3), (101, 32, 5)])
def test_odd_sizes_and_any_number_of_bands(model_type, height, width, bands):
    network = build(model_type, bands=bands, **SMALL[model_type]).eval()
    with torch.no_grad():
        images = torch.randn(1, bands, height, width)
        outputs, probability = network(images), network.road_probability(images)
    assert outputs.road.shape[-2:] == (height, width)
    assert probability.shape == (1, height, width) and float(probability.min()) >= 0 and float(probability.max()) <= 1
    by_hand = outputs.road.softmax(dim=1)[:, 1] if outputs.road.shape[1] == 2 else outputs.road[:, 0].sigmoid()
    torch.testing.assert_close(probability, by_hand)
    torch.testing.assert_close(network.road_logit(outputs).sigmoid(), by_hand)


def test_the_hourglass_predicts_at_a_quarter_twice_at_half_and_at_the_whole_size():
    with torch.no_grad():
        outputs = build("hourglass", **SMALL["hourglass"]).eval()(torch.randn(1, 3, 67, 130))
    assert [each.scale for each in outputs.coarse] == [2, 2, 1]
    for each in outputs.coarse:
        size = -(-67 // 2**each.scale), -(-130 // 2**each.scale)
        assert each.road.shape == (1, 2, *size) and each.orientation.shape == (1, 5, *size)


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_every_parameter_gets_a_finite_gradient(model_type):
    torch.manual_seed(0)
    network = build(model_type, **SMALL[model_type])
    road = (torch.rand(2, 64, 64) < 0.3).to(torch.uint8)
    targets = targets_of(road, network.has_orientation)
    training_loss(network(torch.randn(2, 3, 64, 64)), targets, LossSettings(network.default_loss)).backward()
    for name, each in network.named_parameters():
        assert each.grad is not None and bool(torch.isfinite(each.grad).all()), name
    reached = [bool(each.grad.any()) for name, each in network.named_parameters() if name.endswith("weight")]
    assert all(reached)


@pytest.mark.parametrize("model_type", MODEL_TYPES)
def test_half_precision_and_other_memory_layout(model_type):
    torch.manual_seed(0)
    network = build(model_type, **SMALL[model_type]).eval()
    images = torch.randn(1, 3, 64, 64)
    expected = network.road_probability(images).detach()
    network.to(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        found = network.road_probability(images.contiguous(memory_format=torch.channels_last))
    assert found.dtype == torch.float32 and float((found - expected).abs().mean()) < 0.01


def test_networks_know_their_arguments():
    for model_type in MODEL_TYPES:
        with torch.device("meta"):
            network = build(model_type, bands=5)
            again = build(model_type, **network.arguments)
        assert network.arguments["bands"] == 5 and again.arguments == network.arguments
        assert set(network.arguments) == set(network_arguments(model_type))
    assert [each for each in MODEL_TYPES if uses_backbone(each)] == ["linknet", "dlinknet"]


def test_what_can_be_frozen():
    with torch.device("meta"):
        networks = {model_type: build(model_type) for model_type in MODEL_TYPES}
    counts = {name: sum(each.numel() for each in network.encoder_parameters()) for name, network in networks.items()}
    assert counts["hourglass"] == 0 and counts["linknet"] == counts["dlinknet"] == 21_797_672 - 513_000
    for name in ("unet", "segnet", "resunet"):
        assert 0 < counts[name] < parameter_count(networks[name])


def test_unknown_names_are_told_the_known_ones():
    for ask in (build, uses_backbone, network_arguments):
        with pytest.raises(ValueError, match="hourglass, linknet"):
            ask("vnet")
    with pytest.raises(ValueError, match="resnet34"):
        build("linknet", backbone="vgg")
    with pytest.raises(ValueError, match="cannot be built"):
        build("linknet", depth=3)


@pytest.mark.parametrize(("model_type", "arguments"), [
    ("unet", {"n_pool": 10**9}), ("unet", {"base": 0}), ("unet", {"norm": "gn"}), ("unet", {"base": 64, "max_width": 32}),
    ("hourglass", {"stacks": 0}), ("hourglass", {"depth": 10**6}), ("hourglass", {"blocks": 10**9}), ("hourglass", {"width": 6}),
    ("segnet", {"width": "64"}), ("resunet", {"width": -1}), ("dlinknet", {"dilated_convolutions": 10**9}),
    ("linknet", {"width": True}),
])
def test_absurd_arguments_are_refused_at_once(model_type, arguments):
    with torch.device("meta"), pytest.raises(ValueError, match="choose"):
        build(model_type, **arguments)
