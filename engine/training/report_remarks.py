"""What the report says where a training went wrong, or could have gone better: what is off, and what to do."""

from __future__ import annotations

from .best_threshold import holds_road
from .checkpoints import TrainingState

_FEW_CHIPS = 8
#: A validation loss that many times its lowest, in both of the last two epochs, has risen.
_RISE = 1.05


def remarks(record: TrainingState, planned_epochs: int, validation_chips: int, frozen_at_random: bool) -> list[str]:
    """Return the remarks, worst first; plain sentences.

    Args:
        frozen_at_random: the encoder was left at random weights.
    """
    found = []
    if frozen_at_random:
        found.append(
            "The encoder was frozen with random weights, so it learned nothing: give it ImageNet's weights or go on from a "
            "model, or do not freeze it."
        )
    if not holds_road(record):
        found.append(
            "No validation chip holds a road, so the scores of road are 0 and say nothing: use more chips, or a larger "
            "validation percentage."
        )
    elif max(epoch["dice"] for epoch in record.epochs) == 0:
        found.append(
            "No road was found in any epoch (dice 0): the network has not learned yet. Train for more epochs, or with a higher "
            "learning rate; if that does not help, see in the preview of the training data whether the labels lie on the roads."
        )
    elif _overfitted(record):
        found.append(
            "The validation loss rises while the training loss falls: the network learns the training chips by heart. More "
            "chips or more augmentation help; so do fewer epochs. The model is that of the best epoch, not of the last."
        )
    elif record.best["epoch"] == record.epochs[-1]["epoch"] and len(record.epochs) == planned_epochs:
        found.append("The last epoch was the best one: the network was still learning. More epochs will make a better model.")
    if validation_chips < _FEW_CHIPS:
        chips = "1 chip was" if validation_chips == 1 else f"{validation_chips} chips were"
        found.append(
            f"Only {chips} there to validate on, so the scores and the threshold may be far from what other imagery gives: use "
            "more chips, or a larger validation percentage."
        )
    return found


def _overfitted(record: TrainingState) -> bool:
    """Whether the validation loss has risen for good while the training loss fell."""
    losses = [epoch["valid_loss"] for epoch in record.epochs]
    lowest = losses.index(min(losses))
    risen = len(losses) - lowest > 2 and min(losses[-2:]) > _RISE * losses[lowest]
    return risen and record.epochs[-1]["train_loss"] < record.epochs[lowest]["train_loss"]
