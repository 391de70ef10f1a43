"""Translations of what users read in QGIS: ``processing_provider/translations/roadsmith_LANGUAGE.ts``, compiled to ``.qm``.

    make translations                          every .ts is brought up to date and compiled
    python3 tools/translations.py fr           the same, after beginning one into French if there is none

A .ts keeps what is translated, takes up new texts as unfinished and drops those that are gone. The texts are read out of the
source: literals within ``tr(…)`` and ``tr_noop(…)``, labels and help texts of the graphical models. Needs Qt's lrelease.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "processing_provider" / "translations"
CONTEXT = "Roadsmith"
_SOURCES = ("plugin", "processing_provider")
_MODELS = "processing_provider/graphical_models"
#: Names of Qt's compiler for translations on different systems; all versions write the same format.
_COMPILERS = ("lrelease", "lrelease-qt6", "lrelease-qt5", "lrelease6", "pyside6-lrelease")
_COMPILER_FOLDERS = ("/usr/lib/qt6/bin", "/usr/lib/qt5/bin", "/opt/homebrew/opt/qttools/bin")
_MARKS = ("tr", "tr_noop")
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'


def collect(root: Path) -> dict[str, list[str]]:
    """Return every text to translate with the files it stands in (relative to ``root``), in the order of file and line.

    Raises:
        ValueError: a call of ``tr`` whose text cannot be read out of the source; a sentence that says where and what to do.
    """
    found: dict[str, list[str]] = {}
    paths = [path for folder in _SOURCES for path in sorted((root / folder).rglob("*.py"))]
    for path in [*paths, *sorted((root / _MODELS).glob("*.model3"))]:
        name = path.relative_to(root).as_posix()
        texts = marked_texts(path.read_text(encoding="utf-8"), name) if path.suffix == ".py" else _model_texts(path)
        for text in texts:
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def marked_texts(source: str, name: str) -> Iterator[str]:
    """Yield the texts that Python source gives to ``tr`` and ``tr_noop``, by line.

    Raises:
        ValueError: see ``collect``.
    """
    calls = [node for node in ast.walk(ast.parse(source, name)) if isinstance(node, ast.Call) and _mark(node)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        text = call.args[0] if len(call.args) == 1 and not call.keywords else None
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
            yield text.value
        elif _mark(call) == "tr_noop" or not _is_marked_elsewhere(text):
            raise ValueError(
                f"{name}, line {call.lineno}: {ast.unparse(call)} cannot be translated: write one literal inside, with .format "
                "outside, or mark the constant with tr_noop where it is made."
            )


def _mark(call: ast.Call) -> str:
    """Return ``tr`` or ``tr_noop`` if that is what is called, also of an object; else nothing."""
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    return name if name in _MARKS else ""


def _is_marked_elsewhere(text: ast.AST | None) -> bool:
    """Whether an argument may be a constant, or the text of a model: anything but words put together on the spot."""
    if isinstance(text, ast.Call):
        return getattr(text.func, "attr", "") not in ("format", "join", "replace")
    return isinstance(text, (ast.Name, ast.Attribute, ast.Subscript, ast.BoolOp))


def _model_texts(path: Path) -> Iterator[str]:
    """Yield labels and help texts of a graphical model's parameters and results."""
    definitions = ElementTree.parse(path).getroot().find("Option[@name='parameterDefinitions']")
    for definition in definitions if definitions is not None else ():
        for name in ("description", "help"):
            option = definition.find(f"Option[@name='{name}']")
            text = option.get("value", "") if option is not None else ""
            if text:
                yield text


def read_ts(path: Path) -> dict[str, str]:
    """Return what a .ts translates, finished or not; texts without a translation are left out."""
    messages = ElementTree.parse(path).getroot().iter("message")
    pairs = ((message.findtext("source", ""), message.findtext("translation", "")) for message in messages)
    return {source: translation for source, translation in pairs if translation}


def write_ts(path: Path, texts: dict[str, list[str]], translations: dict[str, str]) -> None:
    """Write a .ts as Qt Linguist writes it, without line numbers, which change with every line of code.

    Args:
        path: ``…/roadsmith_LANGUAGE.ts``.
        texts: what ``collect`` returned.
        translations: by text; those of other texts are dropped.
    """
    lines = [f'<TS version="2.1" language="{language_of(path)}" sourcelanguage="en">', "<context>", f"    <name>{CONTEXT}</name>"]
    for text, places in texts.items():
        translation = translations.get(text, "")
        state = "" if translation else ' type="unfinished"'
        lines.append("    <message>")
        lines += [f'        <location filename="../../{place}"/>' for place in places]
        lines += [
            f"        <source>{_quoted(text)}</source>", f"        <translation{state}>{_quoted(translation)}</translation>",
            "    </message>",
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((_HEAD + "\n".join([*lines, "</context>", "</TS>"]) + "\n").encode())


def language_of(path: Path) -> str:
    """Return the language in the name of a .ts, such as ``de`` or ``pt_BR``."""
    return path.stem.partition("_")[2]


def compile_ts(path: Path) -> Path:
    """Compile a .ts and return the .qm beside it; what is not translated stays English in QGIS."""
    target = path.with_suffix(".qm")
    program = _compiler()
    if program is None:
        sys.exit("Qt's program lrelease is missing: install qttools5-dev-tools or qt6-l10n-tools (Debian, Ubuntu), or qttools.")
    answer = subprocess.run([program, "-silent", str(path), "-qm", str(target)], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        sys.exit(f"{path} cannot be compiled: {(answer.stderr or answer.stdout).strip()}")
    return target


def _compiler() -> str | None:
    """Return the path of lrelease, None if it is not installed."""
    found = [shutil.which(name) for name in _COMPILERS] + [shutil.which("lrelease", path=place) for place in _COMPILER_FOLDERS]
    return next(filter(None, found), None)


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})


def main(languages: list[str]) -> None:
    """Bring all translations up to date, those into new ``languages`` too."""
    try:
        texts = collect(ROOT)
    except ValueError as error:
        sys.exit(str(error))
    for language in languages:
        if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", language):
            sys.exit(f"'{language}' is no language: write it as Qt does, such as fr or pt_BR.")
    paths = {*FOLDER.glob("roadsmith_*.ts"), *(FOLDER / f"roadsmith_{language}.ts" for language in languages)}
    for path in sorted(paths):
        known = read_ts(path) if path.exists() else {}
        write_ts(path, texts, known)
        compile_ts(path)
        print(f"{path.relative_to(ROOT)}: {sum(text in known for text in texts)} of {len(texts)} texts translated")


if __name__ == "__main__":
    main(sys.argv[1:])
