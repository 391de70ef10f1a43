"""Export Training Data: from a raster and roads to a training data folder."""
