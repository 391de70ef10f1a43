import collections

import pytest
import torch
from roadsmith.models.efficientnet_lite import EfficientNetLiteEncoder
from roadsmith.models.pretrained import PretrainedWeightsError, load_imagenet_weights
from roadsmith.models.registry import build
from torch.nn import functional


@pytest.mark.parametrize(("size", "published", "last", "deepest"), [
    # the published networks' counts; their last 1×1 convolution has 1280 channels and batch norm, the classifier 1000 classes
    (0, 4_652_008, 1280, 320), (1, 5_416_680, 1280, 320), (2, 6_092_072, 1280, 352),
])
def test_the_encoders_have_the_published_parameters(size, published, last, deepest):
    with torch.device("meta"):
        encoder = EfficientNetLiteEncoder(size)
    count = sum(each.numel() for each in encoder.parameters())
    assert count == published - (deepest * last + 2 * last) - (last * 1000 + 1000) and encoder.channels[-1] == deepest


@pytest.mark.parametrize("kernel", [3, 5])
def test_halving_pads_below_and_to_the_right_first(kernel):
    """As TensorFlow's "same" for even sides: k - 2 rows in all, the odd one below."""
    encoder = EfficientNetLiteEncoder()
    shapes = [(each.depthwise_conv.stride, each.depthwise_conv.kernel_size) for each in encoder.blocks]
    block = encoder.blocks[shapes.index(((2, 2), (kernel, kernel)))]
    middle = block.depthwise_conv.in_channels
    torch.nn.init.ones_(block.depthwise_conv.weight)
    seen = {}
    block.depthwise_conv.register_forward_hook(lambda _m, inputs, output: seen.update(into=inputs[0], out=output))
    torch.nn.init.zeros_(block.expand_conv.weight)
    torch.nn.init.constant_(block.bn0.bias, 1.0)  # what the depthwise convolution sees is 1 everywhere, and 0 in its padding
    block.eval()(torch.zeros(1, block.expand_conv.in_channels, 8, 8))
    before = (kernel - 2) // 2
    expected = functional.pad(torch.ones(1, middle, 8, 8), (before, kernel - 2 - before) * 2)
    assert torch.equal(seen["into"], expected) and seen["out"].shape == (1, middle, 4, 4)
    inside = functional.conv2d(expected[:, :1], torch.ones(1, 1, kernel, kernel), stride=2)
    assert torch.equal(seen["out"][:, :1], inside)


@pytest.fixture(scope="module")
def weights():
    """What a published file of Lite0 holds: names that begin with underscores, and a classifier."""
    torch.manual_seed(1)
    encoder = EfficientNetLiteEncoder()
    tensors = collections.OrderedDict()
    for name, each in encoder.state_dict().items():
        *modules, tensor = name.split(".")
        published = [part if part.isdigit() else f"_{part}" for part in modules]
        tensors[".".join([*published, tensor])] = torch.rand(each.shape) if each.is_floating_point() else each
    tensors["_conv_head.weight"], tensors["_fc.weight"] = torch.zeros(1280, 320, 1, 1), torch.zeros(1000, 1280)
    tensors["_fc.bias"], tensors["_bn1.weight"] = torch.zeros(1000), torch.zeros(1280)
    return tensors


def test_published_files_load_by_name(tmp_path, weights):
    assert "_blocks.3._depthwise_conv.weight" in weights and "_bn0.running_mean" in weights
    torch.save(weights, tmp_path / "lite0.pth")
    network = build("efficient_unet", bands=4)
    load_imagenet_weights(network.encoder, tmp_path / "lite0.pth", "red_band")
    assert torch.equal(network.encoder.blocks[3].depthwise_conv.weight.detach(), weights["_blocks.3._depthwise_conv.weight"])
    first = network.encoder.conv_stem.weight.detach()
    assert torch.equal(first[:, :3], weights["_conv_stem.weight"]) and torch.equal(first[:, 3], first[:, 0])


def test_files_of_another_encoder_are_one_sentence(tmp_path, weights):
    torch.save(weights, tmp_path / "lite0.pth")
    with pytest.raises(PretrainedWeightsError, match="choose the weights of efficientnet_lite1") as caught:
        load_imagenet_weights(EfficientNetLiteEncoder(1), tmp_path / "lite0.pth")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("arguments", [{"size": 3}, {"size": -1}, {"width": 3}, {"width": 0}, {"width": 4096}])
def test_sizes_that_are_none(arguments):
    with pytest.raises(ValueError, match="choose"):
        build("efficient_unet", **arguments)
