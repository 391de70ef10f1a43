"""The graphical models that come with the provider: as algorithms, by ``qgis_process``, in the background, as files."""

import importlib.util
import os
import subprocess
import time
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)

from .drawn import CRS, NORTH, drawn, square
from .samples import EXPORT, cancel_after, memory_layer, run
from .small_models import make_models

pytestmark = pytest.mark.usefixtures("provider")
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "processing_provider" / "graphical_models"
NAMES = ["extractroads", "preparelabels", "trainandextract"]


def qgis_process(*arguments, **variables):
    program = os.environ.get("QGIS_PROCESS", "qgis_process")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables}
    command = [program, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="module")
def steady(provider, tmp_path_factory):
    """The path of a model that says road, with 0.8, wherever it looks."""
    return make_models(tmp_path_factory.mktemp("models"), 1.0)["steady"]


@pytest.fixture
def extract(steady, tmp_path, feedback):
    """Give a function that extracts roads where a strip of 10 × 200 m lets the model look."""
    imagery = drawn(tmp_path)

    def call(**options):
        parameters = {"INPUT": imagery, "MODEL": steady, "MASK": square(20, 100, 220, 110), "OUTPUT": "memory:"}
        return run("extractroads", {**parameters, **options}, feedback)

    return call


def read(name):
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(FOLDER / f"{name}.model3"))
    return model


def described(model):
    """All that a model's file says, but for what a newer QGIS adds."""
    description = model.toVariant()
    description.pop("internal_version", None)
    return description


def test_the_files_are_what_the_generator_writes_of_the_algorithms_parameters(tmp_path, monkeypatch):
    """Fails when a parameter that a model borrows has changed: run tools/graphical_models.py then."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("roadsmith_graphical_models_tool", ROOT / "tools" / "graphical_models.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    written = {path.stem: path for path in tool.write_models(tmp_path)}
    assert sorted(written) == sorted(path.stem for path in FOLDER.glob("*.model3")) == NAMES
    for name, path in written.items():
        fresh = QgsProcessingModelAlgorithm()
        assert fresh.fromFile(str(path))
        assert described(fresh) == described(read(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_source_of_every_child_exists(name):
    model = read(name)
    inputs = {each.name() for each in model.parameterDefinitions() if not each.isDestination()}
    used = set()
    for child in model.childAlgorithms().values():
        for parameter, sources in child.parameterSources().items():
            known = child.algorithm().parameterDefinition(parameter) is not None
            assert known or parameter in ("METHOD", "SEPARATE_DISJOINT")  # QGIS 3.22 passes over what it does not know
            for source in sources:
                if source.parameterName():
                    used.add(source.parameterName())
                elif source.expression():
                    used |= {each for each in inputs if f"@{each}" in source.expression()}
                elif source.outputChildId():
                    other = model.childAlgorithm(source.outputChildId()).algorithm()
                    assert other.outputDefinition(source.outputName()) is not None
    assert used == inputs
    valid, problems = model.validate()
    assert valid, problems


@pytest.mark.parametrize("name", NAMES)
def test_they_look_like_other_algorithms(provider, name):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"roadsmith:{name}")
    assert algorithm.id() == f"roadsmith:{name}" and algorithm.group() and algorithm.shortDescription()
    assert Path(algorithm.svgIconPath()).name == f"{name}.svg"
    for each in algorithm.parameterDefinitions():
        assert each.description() and ":" not in each.name()
        assert each.help() or each.isDestination()
    needed = [each.name() for each in algorithm.parameterDefinitions() if not each.flags() & each.FlagOptional
              and each.defaultValue() is None]
    assert needed == {
        "extractroads": ["INPUT", "OUTPUT"], "preparelabels": ["INPUT", "OUTPUT"],
        "trainandextract": ["INPUT", "LABELS", "OUTPUT", "MODEL_FOLDER"],
    }[name]
    sentence = provider.algorithm(name).shortHelpString()
    assert read(name).helpContent()["ALG_DESC"] == sentence


def test_its_parameters_reach_the_steps_and_its_results_are_written(extract, tmp_path):
    files = {name: str(tmp_path / f"{name}.tif") for name in ("CLASSIFIED", "PROBABILITY")}
    result = extract(MIN_COMPONENT=300, THRESHOLD=0.75, NODES="memory:", GAPS="memory:", **files)
    assert result["EDGE_COUNT"] == 0 and result["OUTPUT"].featureCount() == 0
    assert result["THRESHOLD_USED"] == pytest.approx(0.75) and result["NODES"].isValid() and result["GAPS"].isValid()
    for name, path in files.items():
        assert result[name] == path and Path(path).is_file()


def test_a_childs_sentence_is_the_models(extract, tmp_path):
    with pytest.raises(QgsProcessingException, match=r"^The model .*nowhere\.dlpk does not exist: choose"):
        extract(MODEL=str(tmp_path / "nowhere.dlpk"), OUTPUT=str(tmp_path / "roads.gpkg"))
    assert not (tmp_path / "roads.gpkg").exists()


@pytest.mark.parametrize(("said", "reported", "sentence"), [
    ("Error encountered while running Classify pixels (roads): There is: no disk.", "", "There is: no disk."),  # QGIS 3.38
    ("Error encountered while running Classify pixels (roads)", "There is: no disk.", "There is: no disk."),  # QGIS 3.22
    ("Something else", "", "Something else"),
])
def test_the_sentence_is_found_in_what_every_qgis_says(said, reported, sentence):
    from roadsmith.processing_provider.shipped_models import _sentence

    assert _sentence(QgsProcessingException(said), read("extractroads"), reported) == sentence


def test_a_damaged_file_leaves_the_other_algorithms_alone(tmp_path, monkeypatch):
    from roadsmith.processing_provider import shipped_models

    for path in FOLDER.glob("*.model3"):
        (tmp_path / path.name).write_bytes(path.read_bytes()[: 1000 if path.stem == "extractroads" else None])
    monkeypatch.setattr(shipped_models, "_FOLDER", tmp_path)
    assert sorted(each.name() for each in shipped_models.graphical_models()) == ["preparelabels", "trainandextract"]


def test_cancelled_it_has_no_results(extract, tmp_path, feedback):
    cancel_after(feedback, lambda text: text.startswith("Worker process"))
    assert extract(OUTPUT=str(tmp_path / "roads.gpkg")) == {}
    assert feedback.cancelled_at is not None and not (tmp_path / "roads.gpkg").exists()


def test_roads_of_a_strip_in_the_background(steady, tmp_path, feedback):
    """The model sees road all over a strip: one line along its middle, and nothing elsewhere.

    It is run as the toolbox does: layers are touched on the main thread, which must not wait for the model meanwhile.
    """
    project = QgsProject.instance()
    context = QgsProcessingContext()
    context.setProject(project)
    imagery, mask = drawn(tmp_path), square(20, 100, 220, 110)
    project.addMapLayer(mask)
    sink = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", project)
    parameters = {"INPUT": imagery, "MODEL": steady, "MASK": mask.id(), "OUTPUT": sink}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("roadsmith:extractroads")
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    answers = []
    task.executed.connect(lambda well, results: answers.append((well, results)))
    QgsApplication.taskManager().addTask(task)
    end = time.monotonic() + 120
    while not answers and time.monotonic() < end:
        QgsApplication.processEvents()
        time.sleep(0.01)
    ((well, results),) = answers
    assert well and results["EDGE_COUNT"] == 1
    # the skeleton of a strip ends half its width before it, and is drawn on to its end
    assert results["LENGTH_KM"] == pytest.approx(0.2, abs=0.011)
    assert results["THRESHOLD_USED"] == pytest.approx(0.7)  # the model's own, handed on
    # what nobody asked for is no result
    assert not {"CLASSIFIED", "PROBABILITY", "NODES", "GAPS"} & set(results)
    assert feedback.progress == sorted(feedback.progress) and feedback.progress[-1] > 90
    (layer_id,) = context.layersToLoadOnCompletion()
    details = context.layersToLoadOnCompletion()[layer_id]
    assert layer_id == results["OUTPUT"] and details.name == "Roads" and details.postProcessor() is not None
    (road,) = context.temporaryLayerStore().mapLayer(layer_id).getFeatures()
    assert road["width_m"] == pytest.approx(10, abs=1) and road["mean_probability"] == pytest.approx(0.8, abs=0.01)
    assert all(abs(point.y() - (NORTH - 105)) < 1 for point in road.geometry().asPolyline())
    project.removeAllMapLayers()


def geojson(folder):
    """A file with one road of about 111 m along a meridian, drawn with a point twice."""
    path = folder / "roads.geojson"
    points = [[21.0, -34.0], [21.0, -34.0], [21.0, -33.999]]
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Long Street"}, '
        f'"geometry": {{"type": "LineString", "coordinates": {points}}}}}]}}', encoding="utf-8",
    )
    return path


def test_labels_of_a_geojson_file(tmp_path, feedback):
    result = run("preparelabels", {
        "INPUT": str(geojson(tmp_path)), "TARGET_CRS": CRS, "ROAD_WIDTH": 10, "OUTPUT": "memory:", "LINES": "memory:",
    }, feedback)
    (line,), (area,) = result["LINES"].getFeatures(), result["OUTPUT"].getFeatures()
    assert result["LINES"].crs().authid() == result["OUTPUT"].crs().authid() == CRS
    length = line.geometry().length()
    assert length == pytest.approx(110.9, abs=0.5)
    # a strip and two halves of a circle, which QGIS draws with few corners
    assert area.geometry().area() == pytest.approx(10 * length + 25 * 3.14, abs=5)
    assert area["name"] == line["name"] == "Long Street"


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2263", ""])
def test_labels_are_widened_in_metres_or_not_at_all(crs, feedback):
    """Degrees and feet are no metres."""
    lines = memory_layer("LineString", [("LineString (21 -34, 21 -33.9)",)])
    with pytest.raises(QgsProcessingException, match=r"choose (a projected one|the imagery's)|TARGET_CRS"):
        run("preparelabels", {"INPUT": lines, "TARGET_CRS": crs, "OUTPUT": "memory:"}, feedback)


def test_a_new_process_trains_from_the_shipped_model_and_a_file_runs_by_itself(tmp_path):
    profile = {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile")}
    assert qgis_process("plugins", "enable", "roadsmith", **profile).returncode == 0
    # the sample at a fraction of its resolution is enough to chain
    parameters = {
        **{name: EXPORT[name] for name in ("INPUT", "LABELS", "EXTENT")}, "ROAD_WIDTH": 20, "CELL_SIZE": 4, "TILE_SIZE": 64,
        "EPOCHS": 1, "BATCH_SIZE": 8, "LEARNING_RATE": 0.0001, "VALIDATION_PERCENT": 20, "DEVICE": "cpu",
        "MODEL_FOLDER": tmp_path / "my model", "OUTPUT": tmp_path / "roads.gpkg", "PROBABILITY": tmp_path / "probability.tif",
    }
    given = [f"{key}={value}" for key, value in parameters.items()]
    answer = qgis_process("run", "roadsmith:trainandextract", "--", *given, **profile)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"MODEL:\t{tmp_path / 'my model' / 'my model.dlpk'}" in answer.stdout
    assert "Begins with the model that comes with Roadsmith: " in answer.stdout
    assert QgsVectorLayer(str(parameters["OUTPUT"]), "roads", "ogr").isValid()
    assert (tmp_path / "probability.tif").is_file()

    target = tmp_path / "areas.gpkg"
    given = [f"INPUT={geojson(tmp_path)}", f"TARGET_CRS={CRS}", "ROAD_WIDTH=10", f"buffer:Road areas={target}",
             f"reproject:Road lines={tmp_path / 'lines.gpkg'}"]
    answer = qgis_process("run", FOLDER / "preparelabels.model3", "--", *given, **profile)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert QgsVectorLayer(str(target), "areas", "ogr").featureCount() == 1


def test_the_designer_gets_a_copy(provider):
    """The toolbox's context menu offers it for our models alone; what it opens has no file that saving would overwrite."""
    from processing.gui.ProviderActions import ProviderContextMenuActions
    from processing.modeler.ModelerDialog import ModelerDialog
    from roadsmith.processing_provider.designer_action import offer_designer, withdraw_designer

    action = offer_designer()
    assert action in ProviderContextMenuActions.actions
    enabled = {}
    for each in (*provider.algorithms(), QgsApplication.processingRegistry().algorithmById("native:buffer")):
        action.setData(each, None)
        enabled[each.name()] = action.isEnabled()
    assert sorted(name for name, is_enabled in enabled.items() if is_enabled) == NAMES
    action.setData(provider.algorithm("extractroads"), None)
    action.execute()
    (designer,) = ModelerDialog.dlgs
    assert sorted(designer.model().childAlgorithms()) == ["classify", "vectorise"] and not designer.model().sourceFilePath()
    designer.close()
    ModelerDialog.dlgs.clear()
    withdraw_designer(action)
    assert action not in ProviderContextMenuActions.actions
