"""What a virtual environment says of itself by its files, without starting its Python."""

from __future__ import annotations

from pathlib import Path


def installed_torch(folder: Path) -> list[str]:
    """Return the requirement that the PyTorch in an environment fulfils, e.g. ``torch==2.13.0+cpu``; empty without one."""
    found = [path for pattern in ("lib/python*/site-packages", "Lib/site-packages") for path in folder.glob(pattern)]
    names = sorted(path.name for site in found for path in site.glob("torch-*.dist-info"))
    return [f"torch=={name[len('torch-'):-len('.dist-info')]}" for name in names[:1]]


def base_of(folder: Path) -> str:
    """Return the Python (or its folder) that the environment in ``folder`` rests on."""
    settings = {}
    for line in (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        settings[name.strip()] = value.strip()
    executable = settings.get("executable", "")
    return executable if Path(executable).is_file() else settings.get("home", "")
