"""Tiles through a model into a raster."""
