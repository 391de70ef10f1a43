"""Build the plugin zip: what QGIS needs and nothing else, under the one folder ``roadsmith``."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED_FILES = [".bandit", "__init__.py", "learn.py", "metadata.txt", "LICENSE", "README.md", "CHANGELOG.md", "VERSION"]
SHIPPED_FOLDERS = ["plugin", "processing_provider", "engine", "models"]
SHIPPED_SUFFIXES = {".py", ".svg", ".txt", ".model3", ".html", ".qml", ".qm", ".md"}
#: The road model that comes with the plugin; its model card is beside it, a ``.md``.
SHIPPED_MODELS = "models/pretrained/*.dlpk"
#: The plugin site takes no more.
MAX_BYTES = 25_000_000
#: A fixed date, so that the same sources give the same zip.
DATE = (2020, 1, 1, 0, 0, 0)


def shipped() -> list[Path]:
    """Return the files that belong into the zip, relative to the root."""
    inside = [path for folder in SHIPPED_FOLDERS for path in (ROOT / folder).rglob("*")]
    files = [path for path in inside if path.suffix in SHIPPED_SUFFIXES and "__pycache__" not in path.parts]
    files += [*ROOT.glob(SHIPPED_MODELS), *(ROOT / name for name in SHIPPED_FILES)]
    return sorted(path.relative_to(ROOT) for path in files)


def build(target: Path) -> Path:
    """Write the zip and return its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in shipped():
            entry = zipfile.ZipInfo(f"roadsmith/{path.as_posix()}", DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (ROOT / path).read_bytes())
    if target.stat().st_size > MAX_BYTES:
        sys.exit(f"{target} has {target.stat().st_size:,} bytes; the plugin site takes {MAX_BYTES:,}.")
    return target


if __name__ == "__main__":
    version = (ROOT / "VERSION").read_text(encoding="utf-8").strip()
    result = build(ROOT / "build" / f"roadsmith-{version}.zip")
    print(f"{result}: {result.stat().st_size / 1e6:.2f} MB")
