"""CUnet: the second network of Li, Comer and Zerubia, *A Two-Stage Road Segmentation Approach for Remote Sensing Images* (2022).

It sees the image and the probability map that a first network made of it, and learns what to change in the map: it mends broken
roads and drops false ones. Written from the paper; what the paper leaves open is said here.
"""

from __future__ import annotations

import torch
from torch import nn

from .network import road_logit
from .unet import UNet

#: How the map reaches the output. ``logit``: added to the result in logits, so that a network that says nothing returns the map.
#: ``probability``: the map itself is added before the sigmoid, the paper's drawing read literally.
RESIDUALS = ("logit", "probability")
#: Maps are taken for no surer than this, in logits ±3.9: what the first network overlooked for certain can still be found.
SURE = 0.02


class CUnet(nn.Module):
    """A U-Net of image bands and probability map, with a skip from the map to the output.

    The paper has seven layers from 32 channels: seven poolings here, the width capped at 512 as in ``UNet``. Its last layer
    begins with zeros.

    Args:
        bands: bands of the images.
        base, n_pool, max_width, norm: as for ``UNet``.
        residual: one of ``RESIDUALS``.

    Raises:
        ValueError: an argument is out of range.
    """

    def __init__(
        self, bands: int = 3, base: int = 32, n_pool: int = 7, max_width: int | None = 512, norm: str | None = "bn",
        residual: str = "logit",
    ) -> None:
        super().__init__()
        if residual not in RESIDUALS:
            raise ValueError(f"there is no residual {residual!r}: choose {' or '.join(RESIDUALS)}")
        self.residual = residual
        self.body = UNet(bands + 1, base, n_pool, max_width, norm)
        nn.init.zeros_(self.body.score.weight)
        if self.body.score.bias is not None:
            nn.init.zeros_(self.body.score.bias)

    def forward(self, images: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
        """Return the logit of road, (N, 1, H, W) float32.

        Args:
            images: normalised, (N, bands, H, W). first: probability of road by the first network, (N, H, W) float32.
        """
        seen = torch.cat([images, (2.0 * first - 1.0).to(images.dtype)[:, None]], dim=1)
        change = road_logit(self.body(seen).road)
        carried = first.float().clamp(SURE, 1.0 - SURE).logit() if self.residual == "logit" else first.float()
        return (change + carried)[:, None]

    @property
    def size_multiple(self) -> int:
        """Image sides that are a multiple of this need no mirroring."""
        return self.body.size_multiple
