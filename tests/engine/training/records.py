"""Trainings that are over, made up, for the tests of what they leave."""

from __future__ import annotations

import torch
from roadsmith.engine.training.checkpoints import TrainingState
from roadsmith.engine.training.metrics import RoadScores


def counted(probabilities, labels, threshold=0.5):
    """Scores of pixels with these probabilities and labels."""
    scores = RoadScores(threshold)
    scores.add(torch.tensor([[probabilities]], dtype=torch.float32), torch.tensor([[labels]]))
    return scores


def make_record(dices=(0.2, 0.4), train=(1.0, 0.8), valid=(1.1, 0.9), best=None, counts=None):
    """A training with the dice, training and validation loss of each epoch; the best epoch is that of the lowest loss."""
    epochs = [
        {
            "epoch": float(number), "train_loss": train_loss, "valid_loss": valid_loss, "accuracy": 0.9, "dice": dice,
            "miou": 0.5, "iou": 0.3, "relaxed_f1": 0.6, "learning_rate": 1e-3, "seconds": 2.5,
        }
        for number, (dice, train_loss, valid_loss) in enumerate(zip(dices, train, valid), 1)
    ]
    number = best or 1 + min(range(len(valid)), key=lambda each: valid[each])
    counts = counted([0.3, 0.6, 0.1, 0.9], [1, 1, 0, 0]).counts.tolist() if counts is None else counts
    return TrainingState(epochs, epochs[number - 1], best_counts=counts, learning_rate=1e-3)
