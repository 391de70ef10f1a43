"""What is in a file or folder that a parameter names, in a sentence or two: what the tools' dialogs show beneath it.

Reads files, which may take its time on a network drive: not to be called in the window's own thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .model_facts import is_of_another_program, read_model_facts
from .shipped_model import about_shipped_model, shipped_model
from .training_facts import MAP_FILE, TrainingFacts, read_training_facts
from .translation import tr

#: What a parameter takes: a model, or nothing for the shipped one; one of a single stage; a model, or nothing for none; folders.
MODEL, FIRST_MODEL, OPTIONAL_MODEL, TRAINING_DATA = "model", "first_model", "optional_model", "training_data"

_PACKAGES = (".dlpk", ".emd")
_MOST_FOLDERS, _MOST_BANDS = 4, 20


@dataclass(frozen=True)
class PathFacts:
    """What is shown: ``text``, empty for nothing; ``wrong`` where the path is of no use to the tool."""

    text: str = ""
    wrong: bool = False


def path_facts(kind: str, path: str) -> PathFacts:
    """Return what is to be said of ``path``, the value of a parameter of ``kind``, one of the constants above."""
    path = path.strip()
    try:
        return _KINDS[kind](path)
    except OSError as error:
        return PathFacts(tr("{} cannot be read ({}).").format(path, error.strerror or error), True)


def _about_model(path: str) -> PathFacts:
    if path:
        return _about_package(path)
    missing = about_shipped_model()
    if missing:
        return PathFacts(missing, True)
    facts = read_model_facts(shipped_model())
    return PathFacts(tr("Empty: the model that comes with Roadsmith is used: {}.").format(facts))


def _about_first_model(path: str) -> PathFacts:
    facts = read_model_facts(path) if path else None
    if facts is not None and facts.stages > 1:
        return PathFacts(tr("{} is a model of two stages already: choose the one of one stage that it was made from.").format(
            Path(path).name
        ), True)
    return _about_model(path)


def _about_optional_model(path: str) -> PathFacts:
    return _about_package(path) if path else PathFacts()


def _about_package(path: str) -> PathFacts:
    facts, file = read_model_facts(path), Path(path)
    if facts is not None:
        return PathFacts(f"{facts}.")
    if not file.exists():
        sentence = tr("There is no {}: choose the .dlpk or .emd of a model package.").format(path)
    elif file.is_file() and file.suffix.lower() not in _PACKAGES:
        sentence = tr("{} is no model package: choose a file that ends in .dlpk or .emd.").format(file.name)
    elif is_of_another_program(path):
        sentence = tr("{} is a model of another program: choose a package that a training of Roadsmith wrote.").format(file.name)
    else:
        sentence = tr("{} is no model package that can be read: copy it again, or choose another one.").format(file.name)
    return PathFacts(sentence, True)


def _about_training_data(text: str) -> PathFacts:
    # a folder may have a semicolon in its name
    paths = [text] if not text or Path(text).is_dir() else [part.strip() for part in text.split(";") if part.strip()]
    found = [_about_folder(path) for path in paths[:_MOST_FOLDERS] if path]
    lines = [facts.text if len(found) == 1 else f"{Path(path).name}: {facts.text}" for path, facts in zip(paths, found)]
    if len(paths) > len(found) > 0:
        lines.append(tr("… and {} more.").format(len(paths) - len(found)))
    return PathFacts("\n".join(lines), any(facts.wrong for facts in found))


def _about_folder(path: str) -> PathFacts:
    folder = Path(path)
    if not folder.exists():
        return PathFacts(tr("There is no {}: choose a folder that Export training data wrote.").format(path), True)
    if not folder.is_dir():
        return PathFacts(tr("{} is a file: choose the folder that Export training data wrote.").format(folder.name), True)
    facts = read_training_facts(path)
    if facts.kind:
        sentence = tr("Training data of the kind {}: export it again with the metadata format Classified Tiles.")
        return PathFacts(sentence.format(facts.kind), True)
    if facts.chips:
        return PathFacts(f"{_described(facts)}.")
    if facts.pictures:
        counts = ", ".join(f"{number} in {name}" if name else str(number) for name, number in facts.pictures.items())
        return PathFacts(tr("No {}: read as pairs of images and masks. Images: {}.").format(MAP_FILE, counts))
    sentence = tr("{} is no training data folder: it holds no chips. Choose one that Export training data wrote.")
    return PathFacts(sentence.format(folder.name), True)


def _described(facts: TrainingFacts) -> str:
    parts = [tr("{} chip(s)").format(facts.chips)]
    if facts.chip_size:
        parts[0] = tr("{} chip(s) of {} pixels").format(facts.chips, facts.chip_size)
    if facts.cell_metres:
        parts.append(tr("{:.3g} m per pixel").format(facts.cell_metres))
    elif facts.cell_units:
        parts.append(tr("{:.3g} map units per pixel").format(facts.cell_units))
    if facts.bands:
        bands = ", ".join(map(str, facts.bands[:_MOST_BANDS])) + (", …" if len(facts.bands) > _MOST_BANDS else "")
        parts.append(tr("band(s) {}").format(bands))
    if facts.classes:
        parts.append(tr("classes: {}").format(", ".join(facts.classes)))
    return "; ".join(parts)


_KINDS: dict[str, Callable[[str], PathFacts]] = {
    MODEL: _about_model, FIRST_MODEL: _about_first_model, OPTIONAL_MODEL: _about_optional_model,
    TRAINING_DATA: _about_training_data,
}
