"""Reading the files of a model package from a folder or a zip that may come from anyone."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

#: Limits on what is read into memory; the largest usual network here, D-LinkNet101, has 1 GB of weights, an .emd a few KB.
_MAX_DEFINITION_BYTES = 4 * 2**20
_MAX_WEIGHTS_BYTES = 4 * 2**30
_MAX_MEMBERS = 1000
#: Float weights shrink by a few per cent; something that unpacks to a hundred times its size was made to fill the memory.
_MAX_RATIO = 100
_SUFFIX = ".safetensors"


class ModelPackageError(ValueError):
    """A file is no model package that can be used; the message says which, why and what to do."""


@dataclass(frozen=True)
class PackageFiles:
    """The two files that matter. ``source`` is the path the user gave, for messages."""

    definition: dict[str, Any]
    weights: bytes
    source: str


def read_files(path: Path) -> PackageFiles:
    """Read definition and weights of the package at ``path`` (.dlpk, .emd or folder).

    Raises:
        ModelPackageError: it is no such thing, is damaged, or is not safe to unpack.
    """
    try:
        if path.is_dir():
            return _from_folder(path)
        if not path.is_file():
            raise ModelPackageError(f"The model {path} does not exist: choose a .dlpk or .emd file, or a model folder.")
        if path.suffix.lower() == ".emd":
            return _from_definition(path)
        return _from_archive(path)
    except (OSError, MemoryError) as error:
        raise ModelPackageError(f"The model {path} cannot be read ({error}): check the file and its permissions.") from error


def _from_folder(folder: Path) -> PackageFiles:
    found = sorted(each for each in folder.iterdir() if each.suffix.lower() == ".emd")
    if len(found) != 1:
        what = "no .emd file" if not found else f"{len(found)} .emd files"
        raise ModelPackageError(f"The folder {folder} holds {what}: choose the folder, .dlpk or .emd of one model.")
    return _from_definition(found[0])


def _from_definition(path: Path) -> PackageFiles:
    if path.stat().st_size > _MAX_DEFINITION_BYTES:
        raise ModelPackageError(f"{path} is too large for a model definition: choose the .emd of a model package.")
    record = _parse(path.read_bytes(), str(path))
    weights = path.parent / _weights_name(record, str(path))
    if not weights.is_file():
        raise ModelPackageError(f"The weights {weights.name} are missing beside {path}: keep both files together.")
    if weights.stat().st_size > _MAX_WEIGHTS_BYTES:
        raise ModelPackageError(f"The weights {weights} are larger than any network here: they belong to something else.")
    return PackageFiles(record, weights.read_bytes(), str(path))


def _from_archive(path: Path) -> PackageFiles:
    try:
        with zipfile.ZipFile(path) as archive:
            members = _safe_members(archive, path)
            definitions = [name for name in members if name.lower().endswith(".emd")]
            if len(definitions) != 1:
                raise ModelPackageError(
                    f"{path} holds {len(definitions)} .emd files instead of one: choose a model trained by Roadsmith."
                )
            record = _parse(_read_member(archive, members[definitions[0]], _MAX_DEFINITION_BYTES, path), str(path))
            folder = PurePosixPath(definitions[0]).parent
            name = str(folder / _weights_name(record, str(path)))
            if name not in members:
                raise ModelPackageError(f"{path} lacks the weights {name} that its definition names: copy the package again.")
            return PackageFiles(record, _read_member(archive, members[name], _MAX_WEIGHTS_BYTES, path), str(path))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        # RuntimeError is what zipfile says of a password, NotImplementedError of a compression it lacks
        raise ModelPackageError(
            f"{path} is no readable model package ({error}): choose a .dlpk written by Roadsmith, or copy it again."
        ) from error


def _safe_members(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name; refuse an archive that reaches outside itself, though nothing is ever unpacked to disk."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > _MAX_MEMBERS:
        raise ModelPackageError(f"{path} holds {len(infos)} files, too many for a model package: choose another file.")
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
            raise ModelPackageError(f"{path} holds a file with the unsafe name {info.filename!r}: do not use this package.")
    return {info.filename: info for info in infos}


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int, path: Path) -> bytes:
    """Unpack one member in memory; its real size is checked too, because the declared one may lie."""
    if info.file_size > limit or info.file_size > max(2**20, _MAX_RATIO * info.compress_size):
        raise ModelPackageError(
            f"{path} unpacks {info.filename} to {info.file_size / 2**20:.0f} MB, too much for a model: do not use this package."
        )
    with archive.open(info) as member:
        content = member.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise ModelPackageError(f"{path} is damaged: {info.filename} is shorter than declared. Copy the package again.")
    return content


def _parse(content: bytes, source: str) -> dict[str, Any]:
    try:
        record = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ModelPackageError(f"The model definition of {source} is no JSON ({error}): copy the package again.") from error
    if not isinstance(record, dict):
        raise ModelPackageError(f"The model definition of {source} is no JSON object: copy the package again.")
    return record


def _weights_name(record: dict[str, Any], source: str) -> str:
    """Return the name of the weights beside the definition."""
    name = record.get("ModelFile")
    if "Roadsmith" not in record:
        kind = record.get("ModelName") if isinstance(record.get("ModelName"), str) else "unknown"
        raise ModelPackageError(
            f"{source} was not trained by Roadsmith (model '{kind}', weights {name!r}): its network is not known here. "
            "Choose a model trained by Roadsmith, or train one from the same training data."
        )
    if not isinstance(name, str) or not name.lower().endswith(_SUFFIX):
        raise ModelPackageError(f"{source} names no {_SUFFIX} weights but {name!r}, which may run code: train the model again.")
    if name in ("", _SUFFIX) or any(sign in name for sign in "/\\:\0"):
        raise ModelPackageError(f"{source} names weights outside the package ({name!r}): do not use this package.")
    return name
