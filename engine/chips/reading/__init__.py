"""Reading training data folders: ours, ArcGIS's, and pairs of images and masks."""
