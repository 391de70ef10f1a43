"""The metadata of an export beside that of ArcGIS's: the same keys with values of the same kind."""

import pytest

from ..reading.arcgis_folder import build_arcgis_folder
from .exports import export, record


def kinds(value):
    """What a value is made of, whatever it says: keys and types, of lists the first element's."""
    if isinstance(value, dict):
        return {key: kinds(each) for key, each in value.items()}
    if isinstance(value, list):
        return [kinds(each) for each in value[:1]]
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.parametrize("name", ["esri_model_definition.emd", "esri_accumulated_stats.json"])
def test_keys_and_kinds_are_arcgiss(noise_raster, road_lines, tmp_path, name):
    export(noise_raster, road_lines, tmp_path / "ours")
    build_arcgis_folder(tmp_path / "arcgis")
    ours, theirs = (kinds(record(tmp_path / folder, name)) for folder in ("ours", "arcgis"))
    differ = {key: (ours.get(key), theirs.get(key)) for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]}
    assert not differ
    # a list of names for the user's information, of which only the first and the last are known
    assert all(key.startswith("WellKnownBandNames") for key in theirs.keys() - ours.keys()) and not ours.keys() - theirs.keys()
