"""Start the worker from a plugin folder of any name: ``PYTHON engine/bootstrap.py``.

Loads the folder above this one as the package ``roadsmith``. It happens at import, not under ``__main__``, because the data
loader's own processes (Windows, macOS) import this file again before they unpickle anything.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def load_package(root: Path = _ROOT) -> None:
    """Make ``import roadsmith`` mean the folder ``root``, unless it is loaded already."""
    if "roadsmith" in sys.modules:
        return
    spec = importlib.util.spec_from_file_location("roadsmith", root / "__init__.py", submodule_search_locations=[str(root)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{root} is not the Roadsmith package")
    package = importlib.util.module_from_spec(spec)
    sys.modules["roadsmith"] = package
    spec.loader.exec_module(package)


# Python puts this file's folder first on the path, where ``events`` or ``training`` would hide other packages' modules.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent]
load_package()

if __name__ == "__main__":
    from roadsmith.engine.__main__ import main

    sys.exit(main())
