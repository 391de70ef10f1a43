import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from roadsmith.models.layers import ThinningConvolution, crop, half, initialise_by_fan_in, pad_to_multiple
from torch import nn

SIZES = st.integers(1, 20)


@given(SIZES, SIZES, st.sampled_from([1, 2, 8, 32]))
def test_padding_is_a_mirror_at_the_lower_and_right_edge(height, width, multiple):
    image = torch.arange(height * width, dtype=torch.float32).reshape(1, 1, height, width)
    padded = pad_to_multiple(image, multiple)
    down, right = -height % multiple, -width % multiple
    expected = np.pad(image[0, 0].numpy(), ((0, down), (0, right)), mode="reflect")
    assert np.array_equal(padded[0, 0].numpy(), expected)
    assert torch.equal(crop(padded, (height, width)), image)


@given(st.integers(1, 1000))
def test_half_is_what_a_strided_convolution_leaves(size):
    length = nn.Conv1d(1, 1, 3, 2, 1)(torch.zeros(1, 1, size)).shape[-1]
    assert half((size, size)) == (length, length)


@pytest.mark.parametrize("layer", [
    nn.Conv2d(64, 64, 3, padding=1), nn.ConvTranspose2d(64, 64, 4, 2, 1, bias=False), nn.Conv2d(128, 32, 1),
])
def test_fan_in_keeps_the_strength_of_a_signal(layer):
    torch.manual_seed(0)
    initialise_by_fan_in(layer)
    with torch.no_grad():
        out = layer(torch.randn(1, layer.in_channels, 32, 32))[..., 4:-4, 4:-4]
    assert float(out.square().mean()) == pytest.approx(2.0, rel=0.15)  # ReLU then takes the half of it


@pytest.mark.parametrize("size", [(7, 8), (16, 16), (1, 5)])
def test_thinning_is_a_strided_convolution(size):
    ours = ThinningConvolution(8, 16, 2)
    theirs = torch.nn.Conv2d(8, 16, 1, 2)
    theirs.load_state_dict(ours.state_dict())
    images = torch.randn(2, 8, *size)
    torch.testing.assert_close(ours(images), theirs(images))
