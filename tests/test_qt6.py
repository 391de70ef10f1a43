"""What the QGIS side takes from Qt is there under Qt 6 too, which QGIS 4 is built on.

PyQt6's own type stubs are read, nothing of it is run: QGIS 3 in the same process would not survive two versions of Qt.
"""

from __future__ import annotations

import ast
import importlib.metadata
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
QT = "qgis.PyQt"
FOLDERS = ("plugin", "processing_provider")
FILES = sorted(path for each in FOLDERS for path in (ROOT / each).rglob("*.py") if "__pycache__" not in path.parts)
#: Gone, or wrong without a word, under PyQt6.
FORBIDDEN = {"exec_": "exec", "print_": "print"}


@cache
def stubs():
    """Module of PyQt6: its classes and functions, each class with its members and bases."""
    folder = Path(str(importlib.metadata.distribution("PyQt6").locate_file("PyQt6")))
    return {path.stem: members(ast.parse(path.read_text(encoding="utf-8"))) for path in folder.glob("*.pyi")}


def members(tree):
    """Name: None, or of a class (members, names of its bases)."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = (members(node), [ast.unparse(base).split(".")[-1] for base in node.bases])
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = None
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    found[target.id] = None
    return found


def has(entry, chain):
    """Whether a class, or one that it is made of, has the members ``chain``, one inside the other."""
    if not chain or entry is None:
        return True
    own, bases = entry
    if chain[0] in own:
        return has(own[chain[0]], chain[1:])
    return any(has(module[base], chain) for base in bases for module in stubs().values() if base in module)


def imported(tree):
    """Yield (line, module of Qt, name, whether it stands in a ``try`` that another import follows)."""
    tried = {child for node in ast.walk(tree) if isinstance(node, ast.Try) for child in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{QT}."):
            for alias in node.names:
                yield node.lineno, node.module.split(".")[-1], alias, node in tried


def chain_of(node):
    """Return the names of ``A.b.c``, or nothing for what does not begin with a name."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


def of_older_qgis(tree):
    """Return the nodes that only an older QGIS gets to: ``new if Qgis.versionInt() >= … else old``."""
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.IfExp) and "Qgis.versionInt() >=" in ast.unparse(node.test)]
    return {each for node in asked for each in ast.walk(node.orelse)}


def problems(text):
    """Return what PyQt6 would not find in the source of a module."""
    tree, known, missing = ast.parse(text), {}, []
    old = of_older_qgis(tree)
    for line, module, alias, is_tried in imported(tree):
        if alias.name in stubs().get(module, {}):
            known[alias.asname or alias.name] = stubs()[module][alias.name]
        elif not is_tried:
            missing.append(f"line {line}: {module}.{alias.name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
            missing.append(f"line {node.lineno}: .{node.attr}, say .{FORBIDDEN[node.attr]}")
        if isinstance(node, ast.Import) and any(alias.name.startswith("PyQt") for alias in node.names):
            missing.append(f"line {node.lineno}: PyQt without qgis")
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PyQt"):
            missing.append(f"line {node.lineno}: PyQt without qgis")
        chain = chain_of(node)
        if node not in old and chain and chain[0] in known and not has(known[chain[0]], chain[1:]):
            missing.append(f"line {node.lineno}: {'.'.join(chain)}")
    return missing


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_qt6_has_it(path):
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["Qt.AlignLeft", "QMessageBox.Ok", "QDialog().exec_()", "QDialog.Accepted", "Qt.ItemDataRole.NoSuchRole", "QWidget.noSuch()"],
)
def test_what_qt6_lacks_is_found(line):
    source = f"from qgis.PyQt.QtCore import Qt\nfrom qgis.PyQt.QtWidgets import QDialog, QMessageBox, QWidget\n{line}\n"
    assert len(problems(source)) == 1


@pytest.mark.parametrize(
    "line", ["Qt.AlignmentFlag.AlignLeft", "QMessageBox.StandardButton.Ok", "QDialog.show", "QDialog().exec()"]
)
def test_what_qt6_has_passes(line):
    assert problems(f"from qgis.PyQt.QtCore import Qt\nfrom qgis.PyQt.QtWidgets import QDialog, QMessageBox\n{line}\n") == []


def test_a_class_that_moved_is_found():
    assert problems("from qgis.PyQt.QtWidgets import QAction\n")
    either = "try:\n    from qgis.PyQt.QtGui import QAction\nexcept ImportError:\n    from qgis.PyQt.QtWidgets import QAction\n"
    assert not problems(either)
