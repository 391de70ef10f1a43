"""The plugin zip, as the plugin site and a fresh QGIS see it."""

import importlib.util
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("roadsmith_package_tool", ROOT / "tools" / "package.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool.build(tmp_path_factory.mktemp("zip") / "roadsmith.zip")


def test_the_zip_passes_the_plugin_sites_gates(archive):
    with zipfile.ZipFile(archive) as file:
        names = file.namelist()
    assert archive.stat().st_size < 25_000_000
    assert all(name.startswith("roadsmith/") and ".." not in name and "\\" not in name for name in names)
    assert {"roadsmith/__init__.py", "roadsmith/metadata.txt", "roadsmith/LICENSE"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".so", ".pth", ".safetensors"))]
    assert not [name for name in names if "/tests/" in name or "/build/" in name]
    models = {"extractroads", "trainandextract", "preparelabels"}
    assert {f"roadsmith/processing_provider/graphical_models/{name}.model3" for name in models} <= set(names)
    # compiled translations, without their sources
    languages = {path.stem for path in (ROOT / "processing_provider" / "translations").glob("*.ts")}
    assert "roadsmith_de" in languages and not [name for name in names if name.endswith(".ts")]
    assert {f"roadsmith/processing_provider/translations/{name}.qm" for name in languages} <= set(names)
    # the shipped road model and its model card, and no weights of anything else
    pretrained = ROOT / "models" / "pretrained"
    shipped = {path.name for path in pretrained.iterdir() if path.suffix in (".dlpk", ".md")}
    assert {f"roadsmith/models/pretrained/{name}" for name in shipped} <= set(names)
    assert [name for name in names if name.endswith(".dlpk")] == ["roadsmith/models/pretrained/roads.dlpk"]


def test_a_fresh_profile_runs_the_sample(archive, tmp_path):
    plugins = tmp_path / "profile" / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(archive) as file:
        file.extractall(plugins)
    environment = {**os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile"), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("QGIS_PLUGINPATH", None)  # the checkout must not stand in for the zip

    def qgis_process(*arguments):
        command = [os.environ["QGIS_PROCESS"], *map(str, arguments)]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)

    assert qgis_process("plugins", "enable", "roadsmith").returncode == 0
    listed = qgis_process("list").stdout
    tools = ("exporttrainingdata", "trainroadextractor", "classifypixels", "extractroads", "trainandextract", "preparelabels")
    for name in tools:
        assert f"roadsmith:{name}" in listed
    data = ROOT / "examples" / "data"
    image, model = data / "swellendam_orthophoto.tif", tmp_path / "model" / "model.dlpk"
    steps = {
        "exporttrainingdata": {
            "INPUT": image, "LABELS": data / "swellendam_roads.fgb", "TILE_SIZE": 128, "STRIDE": 128, "OUTPUT": tmp_path / "data",
        },
        "trainroadextractor": {
            "TRAINING_DATA": tmp_path / "data", "BACKBONE": "resnet18", "EPOCHS": 1, "CHIP_SIZE": 64,
            "LEARNING_RATE": 0.001, "OUTPUT": model.parent,
        },
        "classifypixels": {
            "INPUT": image, "MODEL": model, "EXTENT": "20.5215,20.5263,-34.0505,-34.0455 [EPSG:4326]",
            "OUTPUT": tmp_path / "roads.tif",
        },
        # with nothing but imagery: the shipped model finds the roads
        "extractroads": {
            "INPUT": image, "EXTENT": "20.5215,20.5263,-34.0505,-34.0455 [EPSG:4326]", "OUTPUT": tmp_path / "roads.gpkg",
        },
    }
    for name, parameters in steps.items():
        answer = qgis_process("run", f"roadsmith:{name}", "--", *(f"{key}={value}" for key, value in parameters.items()))
        assert answer.returncode == 0, answer.stdout + answer.stderr
        assert Path(parameters["OUTPUT"]).exists()
