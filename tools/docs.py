"""Make the documentation: a page for each tool into ``docs/algorithms``, then the whole as a web site into ``build/site``."""

from __future__ import annotations

import os
import subprocess
import sys

from machine import BUILD, ROOT, ensure_qgis, fail, qgis_environment, say

MKDOCS = "mkdocs>=1.6,<2"


def main() -> None:
    """Write the pages and build the site."""
    _, python = ensure_qgis()
    plugins = os.pathsep.join(filter(None, [str(BUILD / "plugins"), os.environ.get("PYTHONPATH", "")]))
    command = [_python_with("docs", [python, "--system-site-packages"], "pytest"), str(ROOT / "tools" / "algorithm_pages.py")]
    if subprocess.call(command, env={**qgis_environment(), "PYTHONPATH": plugins}) != 0:
        fail("The pages of the tools could not be made, see above.")
    site = _python_with("site", [sys.executable], MKDOCS)
    command = [site, "-m", "mkdocs", "build", "--strict", "-q", "-f", str(ROOT / "mkdocs.yml")]
    if subprocess.call(command) != 0:
        fail("The site could not be built, see above.")
    say(f"Open {BUILD / 'site' / 'index.html'}.")


def _python_with(name: str, base: list[str], package: str) -> str:
    """Return the Python of an environment under ``build/`` that has a package from PyPI."""
    folder = BUILD / f"{name}-environment"
    python = folder / "bin" / "python"
    module = package.partition(">")[0]
    if not python.exists() or subprocess.call([str(python), "-c", f"import {module}"], stderr=subprocess.DEVNULL) != 0:
        subprocess.check_call([base[0], "-m", "venv", "--clear", *base[1:], str(folder)])
        subprocess.check_call([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", package])
    return str(python)


if __name__ == "__main__":
    main()
