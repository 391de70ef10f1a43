"""Every parameter of Raster to road vector reaches the job; what means nothing is refused before anything runs."""

from dataclasses import asdict

import pytest
from qgis.core import NULL, QgsProcessingContext

pytestmark = pytest.mark.usefixtures("provider")

#: Parameter: (what the user gives, field of the job, what it holds then).
GIVEN = {
    "ROAD_LABEL": (" 1,3 ", "road_label", "1,3"),
    "THRESHOLD": (0.6, "threshold", 0.6),
    "LOW_THRESHOLD": (0.2, "low_threshold", 0.2),
    "MIN_DANGLE": (7.5, "min_dangle", 7.5),
    "MAX_GAP": (20.0, "max_gap", 20.0),
    "MIN_GAP_PROBABILITY": (0.25, "min_gap_probability", 0.25),
    "MIN_COMPONENT": (100.0, "min_component", 100.0),
    "MERGE_CARRIAGEWAYS": (25.0, "merge_carriageways", 25.0),
    "SMOOTHING": (1.0, "smoothing", 1.0),
    "SIMPLIFY": (0.5, "simplify", 0.5),
    "TRAVEL_TIMES": (True, "travel_times", True),
    "SCHEDULER": (" tcp://host:8786 ", "scheduler", "tcp://host:8786"),
    "GRAPHML": ("/tmp/n.graphml", "graphml", "/tmp/n.graphml"),
}
#: What becomes of layers, and of the results.
LAYERS = {
    "INPUT": {"raster", "raster_crs", "raster_name"}, "PROBABILITY": {"probability", "probability_crs", "probability_name"},
    "OUTPUT": {"output"}, "NODES": set(), "GAPS": set(),
}


@pytest.fixture
def job(provider):
    from roadsmith.processing_provider.vectorising_job import vectorising_job

    algorithm = provider.algorithm("rastertoroadvector")

    def build(**parameters):
        found = asdict(vectorising_job(algorithm, parameters, QgsProcessingContext()))
        return {name: value for name, value in found.items() if name != "run_id"}

    return build


def test_defaults_are_those_of_the_job(job):
    from roadsmith.engine.jobs import RasterToRoadVector

    expected = asdict(RasterToRoadVector())
    del expected["run_id"]
    assert job() == expected
    assert job(LOW_THRESHOLD=None, ROAD_LABEL="", SCHEDULER=None, GRAPHML=NULL) == expected


def test_every_parameter_reaches_the_job(job, provider):
    from roadsmith.engine.jobs import RasterToRoadVector, decode_job, encode_job

    definitions = {each.name() for each in provider.algorithm("rastertoroadvector").parameterDefinitions()}
    assert definitions == {*GIVEN, *LAYERS}
    result = job(**{name: value for name, (value, _, _) in GIVEN.items()})
    by_layers = set().union(*LAYERS.values())
    assert {name: value for name, value in result.items() if name not in by_layers} == {
        field: value for _, field, value in GIVEN.values()
    }
    sent = RasterToRoadVector(**result)
    assert decode_job(encode_job(sent)) == sent


def test_public_names(provider):
    algorithm = provider.algorithm("rastertoroadvector")
    assert algorithm.groupId() == "roadnetwork"
    assert [each.name() for each in algorithm.parameterDefinitions()] == [
        "INPUT", "PROBABILITY", "THRESHOLD", "MIN_DANGLE", "MAX_GAP", "MIN_COMPONENT", "ROAD_LABEL", "LOW_THRESHOLD",
        "MIN_GAP_PROBABILITY", "MERGE_CARRIAGEWAYS", "SMOOTHING", "SIMPLIFY", "TRAVEL_TIMES", "SCHEDULER", "OUTPUT", "NODES",
        "GAPS", "GRAPHML",
    ]
    assert {each.name() for each in algorithm.outputDefinitions()} == {
        "OUTPUT", "NODES", "GAPS", "GRAPHML", "LENGTH_KM", "EDGE_COUNT", "GAP_COUNT", "CLOSED_GAP_COUNT",
    }
    assert all(each.help() for each in algorithm.parameterDefinitions() if each.name() != "OUTPUT")
    optional = [each for each in algorithm.parameterDefinitions() if each.name() in ("NODES", "GAPS", "GRAPHML")]
    assert len(optional) == 3 and not any(each.createByDefault() for each in optional)


@pytest.mark.parametrize(("parameters", "sentence"), [
    ({"THRESHOLD": 0.4, "LOW_THRESHOLD": 0.5}, "The low threshold of 0.5 is higher than the threshold of 0.4: choose 0.4"),
    ({"SCHEDULER": "localhost"}, "'localhost' is no address of a Dask scheduler: write it as tcp://host:port"),
    ({"SCHEDULER": "tcp://host:99999"}, "is no address of a Dask scheduler"),
    ({"GRAPHML": "/tmp/network.gpkg"}, "choose a name that ends in .graphml, not /tmp/network.gpkg"),
    ({"MIN_GAP_PROBABILITY": 1.5}, "MIN_GAP_PROBABILITY"),
    ({"MAX_GAP": -1}, "MAX_GAP"),
])
def test_what_means_nothing_is_refused(provider, parameters, sentence, tmp_path):
    from .drawn_town import write_town

    algorithm = provider.algorithm("rastertoroadvector")
    given = {"INPUT": write_town(tmp_path / "town.tif"), "OUTPUT": "memory:", **parameters}
    allowed, said = algorithm.checkParameterValues(given, QgsProcessingContext())
    assert not allowed and sentence in said


@pytest.mark.parametrize("text", ["", "tcp://localhost:8786", "tls://node-1.example.org:1", "tcp://[::1]:8786/"])
def test_addresses_of_schedulers(text):
    from roadsmith.processing_provider.scheduler_address import address_problem

    assert address_problem(text) == ""
