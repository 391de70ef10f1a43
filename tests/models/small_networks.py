"""Narrow forms of every network, for tests that compute."""

SMALL = {
    "hourglass": {"width": 8, "blocks": 1, "orientation_classes": 5},
    "linknet": {"backbone": "resnet18", "width": 8, "orientation_classes": 5},
    "unet": {"base": 4, "n_pool": 4},
    "segnet": {"width": 4},
    "resunet": {"width": 4},
    "dlinknet": {"backbone": "resnet18", "width": 8},
    "efficient_unet": {"width": 4},
}
