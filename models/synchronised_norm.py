"""Batch normalisation over a batch that several processes share."""

from __future__ import annotations

import torch
from torch import nn

from .shared_batch import batch_sum, group_size, is_shared, own_rank


class SynchronisedBatchNorm2d(nn.BatchNorm2d):
    """``BatchNorm2d`` whose mean and variance are those of the whole batch, also where this process's part has no chip.

    For CPUs: ``torch.nn.SyncBatchNorm`` is faster, and runs on CUDA alone.
    """

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) to the same shape."""
        if not (self.training and is_shared()):
            return super().forward(input)
        values = input.float()
        mean, variance, count = _whole_batch(values)
        self._remember(mean.detach(), variance.detach() * count / (count - 1).clamp_min(1))
        scale = (variance + self.eps).rsqrt()
        if self.weight is not None:
            scale = scale * self.weight
        shift = -mean * scale if self.bias is None else self.bias - mean * scale
        return (values * scale[:, None, None] + shift[:, None, None]).to(input.dtype)

    @torch.no_grad()
    def _remember(self, mean: torch.Tensor, variance: torch.Tensor) -> None:
        """Bring the running statistics forward; ``variance`` is the unbiased one."""
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return
        self.num_batches_tracked.add_(1)
        share = 1.0 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance, share)


def _whole_batch(values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return mean and variance of each channel over all processes, (C,), and of how many values, a scalar."""
    count = values.numel() // values.shape[1]
    if count:
        variance, mean = torch.var_mean(values, (0, 2, 3), correction=0)
    else:  # zeros that depend on the values: the gradient's messages must be sent from here too
        variance = mean = values.sum((0, 2, 3))
    own = torch.cat([values.new_tensor([float(count)]), mean, variance * count])
    others = torch.zeros_like(own)
    # everybody's line of one table, in one message
    table = batch_sum(torch.stack([own if rank == own_rank() else others for rank in range(group_size())]))
    counts, means, squares = table[:, :1], table[:, 1 : 1 + len(mean)], table[:, 1 + len(mean) :]
    total = counts.sum()
    whole = (counts * means).sum(0) / total
    # as Chan, Golub and LeVeque (1979) join variances: the mean square minus the square of the mean would leave rounding errors
    return whole, (squares + counts * (means - whole).square()).sum(0) / total, total


def synchronise_norms(network: nn.Module, on_cuda: bool) -> None:
    """Make the batch norms of a network see the whole batch; parameters, statistics and their names stay as they are."""
    if on_cuda:
        nn.SyncBatchNorm.convert_sync_batchnorm(network)
        return
    for parent in list(network.modules()):
        for name, norm in list(parent.named_children()):
            if type(norm) is nn.BatchNorm2d:
                setattr(parent, name, _synchronised(norm))


def _synchronised(norm: nn.BatchNorm2d) -> SynchronisedBatchNorm2d:
    other = SynchronisedBatchNorm2d(norm.num_features, norm.eps, norm.momentum, norm.affine, norm.track_running_stats)
    # the very same tensors, which the optimiser may hold already
    other.weight, other.bias = norm.weight, norm.bias
    other.running_mean, other.running_var, other.num_batches_tracked = (
        norm.running_mean, norm.running_var, norm.num_batches_tracked
    )
    other.train(norm.training)
    return other
