"""PyTorch's ImageNet weights, downloaded once into a cache folder."""

from __future__ import annotations

import hashlib
import http.client
import os
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from .pretrained import PretrainedWeightsError

#: Where PyTorch publishes them. A mirror inside an organisation can hold the same files.
ADDRESS = "https://download.pytorch.org/models/"
#: torchvision's ``IMAGENET1K_V1`` files, which reproduce the paper; ResNet-18 and 34 have no other. After the dash come the first
#: eight hex digits of the SHA-256 of the content: the rule of ``torch.hub.load_state_dict_from_url(check_hash=True)``.
IMAGENET_FILES = {
    "resnet18": "resnet18-f37072fd.pth",
    "resnet34": "resnet34-b627a593.pth",
    "resnet50": "resnet50-0676ba61.pth",
    "resnet101": "resnet101-63fe2227.pth",
    "resnet152": "resnet152-394f9c45.pth",
}
_PIECE = 2**18
#: The largest, ResNet-152's, has 231 MB.
_MAX_BYTES = 2**30
_TIMEOUT = 30.0

#: Called with the bytes fetched and the bytes of the whole file (0 if the server does not say); may raise to stop the download.
Progress = Callable[[int, int], None]


def imagenet_file(backbone: str, cache: Path, progress: Progress | None = None, address: str = ADDRESS) -> Path:
    """Return the file with the ImageNet weights of ``backbone``; download it into the folder ``cache`` unless it is there.

    It appears under its name only when complete and checked; whatever ``progress`` raises leaves nothing behind.

    Raises:
        PretrainedWeightsError: there are none for this encoder, the download fails, or its content is not what it should be.
    """
    if backbone not in IMAGENET_FILES:
        raise PretrainedWeightsError(
            f"There are no ImageNet weights for '{backbone}': choose one of {', '.join(IMAGENET_FILES)}, or a file of your own."
        )
    path = cache / IMAGENET_FILES[backbone]
    try:
        if path.is_file() and _is_whole(path):
            return path
        cache.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=cache)
    except OSError as error:
        raise PretrainedWeightsError(f"The folder {cache} cannot take the ImageNet weights ({error}): choose another.") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _fetch(address + path.name, file, progress)
        if not _is_whole(temporary, path.name):
            raise PretrainedWeightsError(
                f"The ImageNet weights from {address}{path.name} are not what their name promises: the download was damaged or "
                "changed on its way, so try again, or download the file elsewhere and name it as pretrained weights."
            )
        temporary.replace(path)
    except OSError as error:
        raise PretrainedWeightsError(f"The ImageNet weights cannot be written to {path} ({error}): free disk space.") from error
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _fetch(url: str, file: BinaryIO, progress: Progress | None) -> None:
    """Copy what ``url`` gives into ``file``, in pieces."""
    done = 0
    with _opened(url) as response:
        total = int(response.headers.get("Content-Length") or 0)
        while piece := _next_piece(response, url):
            done += len(piece)
            if done > _MAX_BYTES:
                raise PretrainedWeightsError(f"{url} is larger than any ImageNet weights: the address answers something else.")
            file.write(piece)
            if progress is not None:
                progress(done, total)
    if total and done != total:
        raise _failure(url, "the connection broke off")


def _opened(url: str) -> http.client.HTTPResponse:
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=_TIMEOUT)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _failure(url, error) from error
    return response


def _next_piece(response: http.client.HTTPResponse, url: str) -> bytes:
    try:
        return response.read(_PIECE)
    except (OSError, http.client.HTTPException) as error:
        raise _failure(url, error) from error


def _failure(url: str, reason: object) -> PretrainedWeightsError:
    return PretrainedWeightsError(
        f"The ImageNet weights cannot be downloaded from {url} ({reason}): connect to the internet, or download that file on "
        "another computer and name it as pretrained weights."
    )


def _is_whole(path: Path, name: str = "") -> bool:
    """Return whether the content has the hash that the file's name (or ``name``) carries."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest().startswith(Path(name or path.name).stem.rpartition("-")[2])
