"""Reading texts out of the source, keeping translations up to date, and that no text escapes."""

import ast
import importlib.util
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: What shows its texts to the user.
_SPEAKING = re.compile(
    r"QgsProcessing(Exception|Parameter\w+|Output\w+)|JobFailed|ValueError|push(Info|Warning)|reportError|setProgressText|explained|number|"
    r"choice|optional_file|Q(Label|PushButton|GroupBox)|addRow|addTab|set(Text|ToolTip|PlaceholderText|WindowTitle|Title|"
    r"SpecialValueText|AccessibleName|Description|Help)"
)


@pytest.fixture
def tool(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("roadsmith_translations_tool", ROOT / "tools" / "translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "FOLDER", tmp_path / "processing_provider" / "translations")
    return module


def test_texts_are_read_by_line_wherever_they_are_marked(tool):
    source = (
        'LATER = {"a": tr_noop("kept"), "b": (1, tr_noop("in a tuple"))}\n'
        'def f(self, x):\n'
        '    say(tr("first {} "\n'
        '           "and second").format(x), self.tr("third"), tr(LATER["a"]), tr(x), tr(x.help()), tr(x or LATER))\n'
    )
    assert list(tool.marked_texts(source, "x.py")) == ["kept", "in a tuple", "first {} and second", "third"]


@pytest.mark.parametrize("call", [
    'tr(f"a {b}")', 'tr("a {}".format(b))', 'tr("a " + b)', 'tr("a %s" % b)', 'tr("")', 'tr()', 'tr_noop(a)', 'tr(" ".join(a))',
])
def test_texts_that_nobody_could_translate_are_refused(tool, call):
    with pytest.raises(ValueError, match=r"^x\.py, line 2: .* write one literal inside") as error:
        list(tool.marked_texts(f"\nsay({call})\n", "x.py"))
    assert "\n" not in str(error.value)


def project(folder, *lines):
    """A plugin with these lines in its one file, and one graphical model."""
    for name in ("plugin", "processing_provider/graphical_models", "processing_provider/translations"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "plugin" / "window.py").write_text("\n".join(lines), encoding="utf-8")
    (folder / "processing_provider" / "graphical_models" / "a.model3").write_text(
        '<!DOCTYPE model><Option type="Map"><Option name="parameterDefinitions" type="Map"><Option name="X" type="Map">'
        '<Option name="description" value="Roads &amp; ways"/><Option name="help" value=""/><Option name="name" value="X"/>'
        "</Option></Option></Option>", encoding="utf-8",
    )


def test_an_update_keeps_what_is_translated_and_drops_what_is_gone(tool, tmp_path):
    path = tmp_path / "processing_provider" / "translations" / "roadsmith_pt_BR.ts"
    project(tmp_path, 'a = tr("Old")', 'b = tr("A <b>\\"quoted\\"</b> & one")')
    tool.write_ts(path, tool.collect(tmp_path), {"Old": "Velho", 'A <b>"quoted"</b> & one': 'Um <b>"citado"</b>'})
    assert 'language="pt_BR"' in path.read_text(encoding="utf-8")
    project(tmp_path, 'c = tr("New")', 'b = tr("A <b>\\"quoted\\"</b> & one")')
    texts = tool.collect(tmp_path)
    assert list(texts) == ["New", 'A <b>"quoted"</b> & one', "Roads & ways"]
    tool.write_ts(path, texts, tool.read_ts(path))
    written = path.read_bytes()
    assert tool.read_ts(path) == {'A <b>"quoted"</b> & one': 'Um <b>"citado"</b>'}
    assert written.count(b'<translation type="unfinished"></translation>') == 2 and b"Velho" not in written
    tool.write_ts(path, texts, tool.read_ts(path))
    assert path.read_bytes() == written


def test_a_new_language_is_begun_and_compiled(tool, tmp_path, capsys):
    if tool._compiler() is None:
        pytest.skip("no lrelease on this machine: the package qttools5-dev-tools has it")
    project(tmp_path, 'a = tr("One")')
    tool.main(["fr"])
    assert "roadsmith_fr.ts: 0 of 2 texts translated" in capsys.readouterr().out
    assert (tmp_path / "processing_provider" / "translations" / "roadsmith_fr.qm").is_file()


def test_what_is_wrong_is_said_in_one_sentence(tool, tmp_path, monkeypatch):
    project(tmp_path, 'a = tr("One")')
    with pytest.raises(SystemExit, match="'French' is no language: write it as Qt does"):
        tool.main(["French"])
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tool, "_COMPILER_FOLDERS", ())
    with pytest.raises(SystemExit, match="lrelease is missing: install"):
        tool.main(["fr"])


def words(node):
    """The words that an argument shows as they stand; ``tr("…")``, names and markup are none."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    found = re.findall(r"[^\W\d_]{3,}", " ".join(texts))
    return found if isinstance(node, ast.JoinedStr) or any(" " in text for text in texts) else []


def test_no_text_is_shown_as_it_stands():
    """Names of parameters, choices and files have no spaces; what has, and f-strings with words, must go through ``tr``."""
    assert words(ast.parse('f"{a} is empty"', mode="eval").body) and words(ast.parse('"Not there"', mode="eval").body)
    offenders = []
    for path in [*(ROOT / "plugin").glob("*.py"), *(ROOT / "processing_provider").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if _SPEAKING.fullmatch(name) and any(words(each) for each in node.args):
                offenders.append(f"{path.name}:{node.lineno}: {ast.unparse(node)[:100]}")
    assert offenders == []


def test_nothing_is_translated_on_import():
    """No translation is loaded then: ``tr`` belongs into functions."""
    early = []
    for path in [*(ROOT / "plugin").glob("*.py"), *(ROOT / "processing_provider").glob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        later = {id(inner) for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))
                 for part in ([*node.body] if isinstance(node, ast.FunctionDef) else [node.body]) for inner in ast.walk(part)}
        early += [f"{path.name}:{node.lineno}" for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in later
                  and getattr(node.func, "id", "") == "tr"]
    assert early == []


def test_lrelease_is_found_where_systems_put_it(tool, tmp_path, monkeypatch):
    program = tmp_path / "lrelease"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(tool, "_COMPILER_FOLDERS", (str(tmp_path),))
    assert tool._compiler() == shutil.which("lrelease", path=str(tmp_path)) is not None
