"""The scans that the plugin site runs over every upload: any finding keeps a version from being published."""

import hashlib
import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The plugin's folder, out of its zip."""
    spec = importlib.util.spec_from_file_location("roadsmith_package_tool", ROOT / "tools" / "package.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    folder = tmp_path_factory.mktemp("zip")
    with zipfile.ZipFile(tool.build(folder / "roadsmith.zip")) as archive:
        archive.extractall(folder)
    return folder / "roadsmith"


def scan(program, folder, *arguments):
    command = [sys.executable, "-m", program, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def findings(folder):
    answer = scan("bandit", folder, "--ini", ".bandit", "-q", "-f", "json", "-r", ".")
    record = json.loads(answer.stdout)
    assert not record["errors"]
    return [f"{each['test_id']} {each['filename']}:{each['line_number']}" for each in record["results"]]


def secrets(folder):
    return json.loads(scan("detect_secrets", folder, "scan", "--all-files", ".").stdout)["results"]


def test_bandit_finds_nothing(shipped):
    assert findings(shipped) == []


def test_no_secret_is_shipped(shipped):
    assert secrets(shipped) == {}


def test_the_scans_see(shipped, tmp_path):
    (tmp_path / ".bandit").write_bytes((shipped / ".bandit").read_bytes())
    key = hashlib.sha256(b"").hexdigest()
    (tmp_path / "bad.py").write_text(f"import pickle\nKEY = '{key}'\npickle.loads(b'')\n")
    assert findings(tmp_path) == ["B301 ./bad.py:3"]
    assert list(secrets(tmp_path)) == ["bad.py"]


def test_what_the_site_asks_of_the_metadata(shipped):
    text = (shipped / "metadata.txt").read_text(encoding="utf-8")
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith((" ", "#")))
    for name in ("name", "description", "about", "version", "author", "email", "homepage", "tracker", "repository"):
        assert values[name].strip(), name
    assert (values["qgisMinimumVersion"], values["qgisMaximumVersion"]) == ("3.22", "4.99")
    assert values["hasProcessingProvider"] == "yes"
    assert "supportsQt6" not in values
    assert values["version"] == (shipped / "VERSION").read_text(encoding="utf-8").strip()
    assert "plugin" not in values["name"].lower()
