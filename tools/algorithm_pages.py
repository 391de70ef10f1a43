"""Write a page for each tool, made of the tool's own texts, into ``docs/algorithms``.

    make docs

Run with QGIS's Python (``tools/docs.py`` does). The pages are kept with the sources, so that they can be read where those lie; a
test fails when they no longer say what the tools do.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterDefinition, QgsProcessingProvider

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "algorithms"
_HEAD = "<!-- Made from the tool's own texts by `make docs`; change those. -->\n\n"
#: What kinds of parameters are called here; the others have QGIS's names.
_KINDS = {
    "boolean": "yes or no", "number": "number", "distance": "length", "enum": "choice", "string": "text",
    "file": "file or folder", "raster": "raster layer", "source": "vector layer", "vector": "vector layer", "field": "field",
    "extent": "extent", "crs": "coordinate system", "matrix": "table", "multilayer": "several layers", "band": "band",
    "sink": "vector layer, written",
    "rasterDestination": "raster, written", "vectorDestination": "vector layer, written", "fileDestination": "file, written",
    "folderDestination": "folder, written",
}


def page(algorithm: QgsProcessingAlgorithm) -> str:
    """Return the page of a tool, Markdown."""
    parts = [
        _HEAD, f"# {algorithm.displayName()}\n\n", f"`{algorithm.id()}`, in the toolbox under *{algorithm.group()}*\n\n",
        f"{algorithm.shortDescription()}\n\n", f"{algorithm.shortHelpString()}\n\n", "## Parameters\n\n",
    ]
    shown = [each for each in algorithm.parameterDefinitions() if not each.flags() & each.Flag.FlagHidden]
    rare = [each for each in shown if each.flags() & each.Flag.FlagAdvanced]
    parts.append(_table([each for each in shown if each not in rare]))
    if rare:
        parts += ["### Advanced parameters\n\n", _table(rare)]
    if algorithm.outputDefinitions():
        parts += ["## Results\n\n", "| name | what it is |\n|---|---|\n"]
        parts += [f"| `{each.name()}` | {_cell(each.description())} |\n" for each in algorithm.outputDefinitions()]
    return "".join(parts).rstrip("\n") + "\n"


def _table(parameters: list[QgsProcessingParameterDefinition]) -> str:
    rows = [
        f"| `{each.name()}` | {_cell(each.description())} | {_kind(each)} | {_cell(_default(each))} | {_cell(each.help())} |\n"
        for each in parameters
    ]
    return "".join(["| name | label | kind | default | |\n|---|---|---|---|---|\n", *rows, "\n"])


def _kind(parameter: QgsProcessingParameterDefinition) -> str:
    kind = _KINDS.get(parameter.type(), parameter.type())
    if parameter.type() == "enum":
        kind += ": " + ", ".join(parameter.options())
    return _cell(kind + (", may be empty" if parameter.flags() & parameter.Flag.FlagOptional else ""))


def _default(parameter: QgsProcessingParameterDefinition) -> str:
    value: Any = parameter.defaultValue()
    if parameter.isDestination() or value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if parameter.type() == "enum" and isinstance(value, int):
        return str(parameter.options()[value])
    return f"{value:g}" if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    """Return a text that stays within one cell of a table."""
    return " ".join(text.replace("|", "\\|").split())


def pages(provider: QgsProcessingProvider) -> dict[str, str]:
    """Return file name and content of every page, the list of all tools among them."""
    algorithms = sorted(provider.algorithms(), key=lambda each: (each.group(), each.displayName()))
    found = {f"{each.name()}.md": page(each) for each in algorithms}
    lines = [_HEAD, "# The tools\n\n", "| group | tool | |\n|---|---|---|\n"]
    lines += [
        f"| {each.group()} | [{each.displayName()}]({each.name()}.md) | {_cell(each.shortDescription())} |\n"
        for each in algorithms
    ]
    return {**found, "README.md": "".join(lines)}


def main() -> None:
    """Write the pages of the checkout's own provider."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "qgis"))
    from conftest import register_provider

    FOLDER.mkdir(parents=True, exist_ok=True)
    made = pages(register_provider())
    for path in FOLDER.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, content in made.items():
        (FOLDER / name).write_text(content, encoding="utf-8")
    print(f"{len(made)} pages in {FOLDER}")


if __name__ == "__main__":
    main()
