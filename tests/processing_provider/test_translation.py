"""Another language than English: the German texts are complete, QGIS shows them, and nothing but texts changes."""

import importlib.util
import json
import os
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QLocale
from roadsmith.processing_provider.translation import install_translator, remove_translator, tr, translation_file

from .samples import run

ROOT = Path(__file__).resolve().parents[2]
TS = ROOT / "processing_provider" / "translations" / "roadsmith_de.ts"
LANGUAGES = sorted(path.stem.partition("_")[2] for path in TS.parent.glob("roadsmith_*.ts"))

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("roadsmith_translations_tool", ROOT / "tools" / "translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def german_texts(tool):
    return tool.read_ts(TS)


@pytest.fixture
def language(provider):
    """Give QGIS a system of another language, and load the plugin's translation into it; English again at the end."""
    former, kept = QLocale(), []

    def choose(name):
        QLocale.setDefault(QLocale(name))
        kept.append(install_translator())
        return kept[-1]

    yield choose
    QLocale.setDefault(former)
    for each in kept:
        remove_translator(each)
    assert tr("Threshold") == "Threshold"


def placeholders(text):
    """What ``.format`` fills in, with its format; numbered, so that a translation may change the order by numbers."""
    found = [(name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None]
    return sorted((name or str(number), spec) for number, (name, spec) in enumerate(found))


def test_every_text_is_translated_and_none_too_many(tool, german_texts):
    texts = tool.collect(ROOT)
    assert len(texts) > 700
    assert [text for text in texts if text not in german_texts] == [], "translate these in roadsmith_de.ts: make translations"
    assert [text for text in german_texts if text not in texts] == [], "run: make translations"
    assert 'type="' not in TS.read_text(encoding="utf-8")  # unfinished, obsolete, vanished
    # words that are the same in German are few
    assert sum(text == german_texts[text] for text in texts) < 30


@pytest.mark.parametrize("name", LANGUAGES)
def test_placeholders_and_markup_are_those_of_the_english_text(tool, name):
    for english, other in tool.read_ts(TS.with_name(f"roadsmith_{name}.ts")).items():
        assert re.findall(r"</?\w+>", english) == re.findall(r"</?\w+>", other), other
        assert [english[:1].isspace(), english[-1:].isspace()] == [other[:1].isspace(), other[-1:].isspace()], other
        if '{"' not in english:  # JSON, which nothing is filled into
            assert placeholders(english) == placeholders(other), other


@pytest.mark.parametrize("name", LANGUAGES)
def test_what_qgis_loads_says_what_the_translators_wrote(tool, language, name):
    language(name)
    texts = tool.read_ts(TS.with_name(f"roadsmith_{name}.ts"))
    assert texts
    assert {text: tr(text) for text in texts} == texts, "run: make translations"


@pytest.mark.parametrize(("locale", "name"), [
    ("de", "roadsmith_de.qm"), ("de_AT", "roadsmith_de.qm"), ("de-CH", "roadsmith_de.qm"), ("de_DE.UTF-8", "roadsmith_de.qm"),
    ("en_US", None), ("C", None), ("", None), ("xx", None), ("den", None),
])
def test_the_nearest_language_is_taken(locale, name):
    found = translation_file(locale)
    assert (found.name if found else None) == name


def test_an_unknown_language_is_english(language, provider):
    assert language("eo") is None
    assert provider.algorithm("classifypixels").displayName() == "Classify pixels (roads)"


def test_a_translation_is_taken_away_again(language):
    translator = language("de_AT")
    assert tr("Threshold") == "Schwellenwert" and tr("") == "" and tr("no text of ours") == "no text of ours"
    remove_translator(translator)
    assert tr("Threshold") == "Threshold"


def texts_and_names(provider):
    """Return what users read of all algorithms, and what scripts and models go by."""
    texts, names = [], []
    for each in sorted(provider.algorithms(), key=lambda algorithm: algorithm.name()):
        own = each.create()
        texts += [own.displayName(), own.shortDescription(), own.shortHelpString(), own.group(), ",".join(own.tags())]
        names += [own.id(), own.groupId()]
        for parameter in own.parameterDefinitions():
            texts += [parameter.description(), parameter.help()]
            options = parameter.options() if parameter.type() == "enum" else []
            names.append((parameter.name(), parameter.type(), repr(parameter.defaultValue()), options))
            names.append([bool(parameter.flags() & each) for each in (parameter.Flag.FlagOptional, parameter.Flag.FlagAdvanced)])
        for output in own.outputDefinitions():
            texts.append(output.description())
            names.append((output.name(), output.type()))
    return texts, names


def test_tools_speak_german_and_are_called_as_before(provider, language, german_texts):
    english, names = texts_and_names(provider)
    language("de")
    german, german_names = texts_and_names(provider)
    assert german_names == names
    assert german == [german_texts[text] if text else "" for text in english]
    assert {"Straßen extrahieren", "Schrittweite (Pixel)", "Lernrate", "Arbeitsabläufe", "Zu prüfende Lücken"} <= set(german)


def test_dialogs_open_in_german(provider, language):
    from processing.gui.AlgorithmDialog import AlgorithmDialog
    from qgis.PyQt.QtWidgets import QLabel
    from roadsmith.plugin.options_page import OptionsPage
    from roadsmith.plugin.setup_dialog import SetupDialog

    language("de")
    for algorithm in provider.algorithms():
        dialog = AlgorithmDialog(algorithm.create())
        assert algorithm.displayName() in dialog.windowTitle()
        dialog.close()
        dialog.deleteLater()
    page = OptionsPage()
    assert "Speichergrenze" in [label.text() for label in page.findChildren(QLabel)]
    setup = SetupDialog()
    assert setup.windowTitle() == "Roadsmith einrichten"
    setup.reject()
    page.deleteLater()


def roads(folder):
    """A file with one road of 92.4 m: 0.001° at 34° south."""
    line = {"type": "LineString", "coordinates": [[20.5, -34.0], [20.501, -34.0]]}
    feature = {"type": "Feature", "properties": {"speed": "50"}, "geometry": line}
    path = folder / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_a_graphical_model_runs_in_german(tmp_path, feedback, language):
    language("de")
    saved = {"INPUT": str(roads(tmp_path)), "TARGET_CRS": "EPSG:32734", "ROAD_WIDTH": 8, "OUTPUT": str(tmp_path / "areas.gpkg")}
    areas = QgsVectorLayer(run("preparelabels", saved, feedback)["OUTPUT"], "areas", "ogr")
    assert areas.featureCount() == 1
    # a strip 8 m wide with round ends
    assert next(areas.getFeatures()).geometry().area() == pytest.approx(92.4 * 8 + 3.14159 * 16, rel=0.02)


def test_a_job_runs_in_a_german_qgis(tmp_path):
    """The plugin as QGIS finds it, in a new profile whose options say German: sentences are German, names and values are not."""
    settings = tmp_path / "profile" / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True)
    ini = "[locale]\noverrideFlag=true\nuserLocale=de\n\n[PythonPlugins]\nroadsmith=true\nprocessing=true\n"
    settings.write_text(ini, encoding="utf-8")
    given = {"ROADS": roads(tmp_path), "REFERENCE": roads(tmp_path), "WEIGHT": "TIME", "SPEED_FIELD": "speed",
             "REPORT": tmp_path / "report.html", "MATCHED": tmp_path / "matched.gpkg"}
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile")}
    command = [os.environ.get("QGIS_PROCESS", "qgis_process"), "run", "roadsmith:compareroadnetworks", "--"]
    command += [f"{name}={value}" for name, value in given.items()]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "„roads“ wird gelesen" in answer.stdout
    results = dict(line.split(":\t", 1) for line in answer.stdout.splitlines() if ":\t" in line)
    assert [float(results[name]) for name in ("APLS", "COMPLETENESS")] == pytest.approx([1.0, 1.0])
    fields = QgsVectorLayer(results["MATCHED"].partition("|")[0], "matched", "ogr").fields().names()
    assert {"length_m", "source_id"} <= set(fields)


def test_sentences_of_what_went_wrong_are_german(monkeypatch, tmp_path, language):
    from roadsmith.processing_provider import base_python, environment_plan
    from roadsmith.processing_provider.environment import missing_environment, why_missing
    from roadsmith.processing_provider.exit_codes import explain_exit
    from roadsmith.processing_provider.install_failures import explain_install

    language("de")
    monkeypatch.delenv("ROADSMITH_PYTHON", raising=False)
    monkeypatch.setenv("ROADSMITH_HOME", str(tmp_path))
    monkeypatch.setattr("roadsmith.processing_provider.environment._qgis_python_with_packages", lambda: None)
    assert why_missing() == "Roadsmith braucht eine Python-Umgebung mit PyTorch, und noch gibt es keine."
    assert missing_environment().startswith(why_missing()) and "Einstellungen > Optionen > Roadsmith" in missing_environment()
    assert "(Zugriffsverletzung)" in explain_exit(0xC0000005, tmp_path / "x.log")
    assert str(tmp_path / "x.log") in explain_exit(-11, tmp_path / "x.log")
    sentence = explain_install(tr("Installing PyTorch"), ["timed out"], 1)
    assert sentence.startswith("Installation von PyTorch fehlgeschlagen (Exit-Code 1): timed out. Die Ursache: ")
    assert "pypi.org" in sentence and "{" not in sentence
    # what the code itself reads in a sentence is there in every language
    intel = base_python.BasePython("x", (3, 12, 0), 64, True, "x", "darwin", "x86_64")
    monkeypatch.setattr(base_python, "_candidates", lambda: ["x"])
    monkeypatch.setattr(base_python, "probe", lambda executable: intel)
    monkeypatch.setattr(environment_plan.shutil, "which", lambda name: "/bin/uv")
    assert "Intel-Macs" in environment_plan._choose_base("")[2]


#: In a process of its own: the session's provider must stay.
_LOAD_AND_UNLOAD = f"""
import sys
sys.path.insert(0, {str(ROOT / 'tests' / 'qgis')!r})
import conftest
conftest.start_qgis()
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QLocale
QLocale.setDefault(QLocale("de_AT"))
import importlib.util
spec = importlib.util.spec_from_file_location("bootstrap", {str(ROOT / 'engine' / 'bootstrap.py')!r})
spec.loader.exec_module(importlib.util.module_from_spec(spec))
import roadsmith
from roadsmith.processing_provider.translation import tr
plugin = roadsmith.classFactory(None)
said = [tr("Threshold")]
plugin.initProcessing()
plugin.initProcessing()
said.append(QgsApplication.processingRegistry().algorithmById("roadsmith:extractroads").parameterDefinition("INPUT").description())
plugin.unload()
print("SAID", said + [tr("Threshold")])
"""


def test_the_plugin_loads_its_language_once_and_takes_it_away():
    answer = subprocess.run(
        [sys.executable, "-c", _LOAD_AND_UNLOAD], capture_output=True, text=True, timeout=120, check=False,
    )
    assert "SAID ['Threshold', 'Bilddaten', 'Threshold']" in answer.stdout, answer.stdout + answer.stderr
