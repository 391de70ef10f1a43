"""Images and masks as the public data sets ship them: pairs in one folder, or in two folders beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...errors import EngineError
from ..metadata_files import MAP_FILE

#: Folder of images: folders of masks that go with it (DeepGlobe's and CHN6-CUG's copies, Massachusetts, SpaceNet chips…).
FOLDER_PAIRS: dict[str, tuple[str, ...]] = {
    "images": ("labels", "masks", "gt", "label", "mask", "groundtruth", "annotations", "targets"),
    "image": ("label", "mask", "gt", "labels", "masks", "groundtruth"),
    "imgs": ("masks", "labels", "gt"),
    "img": ("mask", "label", "gt", "ann"),
    "sat": ("map", "mask", "masks", "gt", "label", "labels"),
    "input": ("target", "output", "label", "mask"),
    "inputs": ("targets", "outputs", "labels", "masks"),
    "rgb": ("mask", "masks", "label", "labels", "gt"),
}
#: ``train`` goes with ``train_labels`` beside it, as in the Massachusetts data set's copies.
_FOLDER_SUFFIXES = ("_labels", "_label", "_masks", "_mask", "_gt")
SUFFIXES = (".tif", ".tiff", ".png", ".jpg", ".jpeg", ".vrt")
_MASK_STEM = re.compile(r"[_\- ](masks?|labels?|gt|map|groundtruth)$")
_IMAGE_STEM = re.compile(r"[_\- ](sat|images?|img|rgb)$")


@dataclass(frozen=True)
class Pairs:
    """Images and their masks, in the order of their names.

    Attributes:
        remarks: what was left out, for the user.
    """

    images: list[Path]
    masks: list[Path]
    remarks: list[str]


def find_pairs(folder: Path) -> Pairs:
    """Find the images and masks of a folder without metadata.

    Raises:
        EngineError: there are none, none fit together, more than one fits, or they lie a folder deeper.
    """
    folders = _mask_folders(folder)
    if len(folders) > 1:
        listed = " and ".join(f"{images.name}/{masks.name}" for images, masks in folders)
        raise EngineError(f"{folder} holds more than one set of images and masks: {listed}. Move all but one elsewhere.")
    if folders:
        images, masks = folders[0]
        return _paired(folder, _by_key(_pictures(images), _IMAGE_STEM), _by_key(_pictures(masks), _MASK_STEM))
    pictures = _pictures(folder)
    sides: dict[bool, list[Path]] = {False: [], True: []}
    for path in pictures:
        sides[bool(_MASK_STEM.search(path.stem.casefold()))].append(path)
    if sides[True]:
        return _paired(folder, _by_key(sides[False], _IMAGE_STEM), _by_key(sides[True], _MASK_STEM))
    beside = [masks for masks in _subfolders(folder.parent) if masks.name.casefold() in _beside(folder.name.casefold())]
    if pictures and len(beside) == 1:
        return _paired(folder, _by_key(pictures, _IMAGE_STEM), _by_key(_pictures(beside[0]), _MASK_STEM))
    raise EngineError(_nothing(folder, pictures))


def _mask_folders(folder: Path) -> list[tuple[Path, Path]]:
    """Return the known pairs of subfolders that both hold pictures."""
    there = {path.name.casefold(): path for path in _subfolders(folder)}
    found = [
        (there[images], there[masks]) for images, names in FOLDER_PAIRS.items() if images in there
        for masks in names if masks in there
    ]
    return [(images, masks) for images, masks in found if _pictures(images) and _pictures(masks)]


def _beside(name: str) -> set[str]:
    return {name + suffix for suffix in _FOLDER_SUFFIXES}


def _nothing(folder: Path, pictures: list[Path]) -> str:
    """Return the sentence for a folder without pairs: where they are, or what there should be."""
    deeper = [path.name for path in _subfolders(folder) if _is_layout(path)]
    if deeper:
        listed = ", ".join(deeper)
        return f"The training data lies deeper than {folder}: choose one of its folders {listed} (several can be given together)."
    if folder.name.casefold() in {*FOLDER_PAIRS, *(name for names in FOLDER_PAIRS.values() for name in names)} and _is_layout(
        folder.parent
    ):
        return f"{folder} holds one half of the training data: choose the folder above it, {folder.parent}."
    if pictures:
        return (
            f"{folder} is no training data folder: it holds {len(pictures)} image(s) but no masks, which are named like their "
            "images with _mask at the end, or lie in folders such as images and labels, sat and map, images and gt."
        )
    return (
        f"{folder} is no training data folder: it holds no {MAP_FILE} and no pairs of images and masks. "
        "Choose a folder written by Export Training Data here or in ArcGIS (Classified Tiles), or one with the folders images "
        "and labels."
    )


def _is_layout(folder: Path) -> bool:
    if any(path.name.casefold() == MAP_FILE for path in _entries(folder)) or _mask_folders(folder):
        return True
    pictures = _pictures(folder)
    if any(_MASK_STEM.search(path.stem.casefold()) for path in pictures):
        return True
    names = {path.name.casefold() for path in _subfolders(folder.parent)}
    return bool(pictures) and not names.isdisjoint(_beside(folder.name.casefold()))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []  # a folder beside the chosen one; the chosen one was listed before


def _subfolders(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if path.suffix.lower() not in SUFFIXES and path.is_dir()]


def _pictures(folder: Path) -> list[Path]:
    """Return the pictures in a folder; names that begin with a dot are macOS's and others' own notes."""
    return [path for path in _entries(folder) if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]


def _by_key(paths: Iterable[Path], suffix: re.Pattern[str]) -> dict[str, Path]:
    """Return the pictures by the name they share with their other half."""
    result: dict[str, Path] = {}
    for path in paths:
        key = suffix.sub("", path.stem.casefold())
        if key in result:
            raise EngineError(f"{result[key]} and {path} go by the same name: keep one of them.")
        result[key] = path
    return result


def _paired(folder: Path, images: dict[str, Path], masks: dict[str, Path]) -> Pairs:
    keys = sorted(images.keys() & masks.keys())
    if not keys:
        raise EngineError(
            f"No image of {folder} has a mask of the same name ({len(images)} images, {len(masks)} masks): name them alike, "
            "for instance 12.tif and 12.png, or 12.jpg and 12_mask.png."
        )
    remarks = []
    for kind, other, own in (("image", "mask", images.keys() - masks.keys()), ("mask", "image", masks.keys() - images.keys())):
        if own:
            first = (images if kind == "image" else masks)[min(own)]
            remarks.append(f"{len(own)} {kind}(s) of {folder} have no {other} and are left out, first {first.name}.")
    return Pairs([images[key] for key in keys], [masks[key] for key in keys], remarks)
