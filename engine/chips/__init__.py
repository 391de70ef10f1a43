"""Training chips: export, the training data folder on disk, augmentation, spatial splits."""
