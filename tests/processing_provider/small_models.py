"""Model packages of tiny networks, made by the worker's Python: one that answers the same everywhere, one with random weights."""

import json
import subprocess
import zipfile
from pathlib import Path

#: What ``steady`` answers everywhere; as ``uint8``.
ANSWER, ANSWER_AS_BYTE = 0.8, 203

_MAKE = """
import importlib.util, math, pathlib, sys
root, folder, cell = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), float(sys.argv[3])
spec = importlib.util.spec_from_file_location("bootstrap", root / "engine" / "bootstrap.py")
spec.loader.exec_module(importlib.util.module_from_spec(spec))
import torch
from roadsmith.models.package import PackageInfo, write_package
from roadsmith.models.registry import build
torch.manual_seed(7)
for name in ("steady", "random"):
    network = build("resunet", bands=3, width=2).eval()
    with torch.no_grad():
        if name == "steady":
            network.score.weight.zero_()
            network.score.bias.fill_(math.log(4))
        else:
            network.score.weight.mul_(30)
    (folder / name).mkdir()
    write_package(folder / name, name, network, PackageInfo(
        model_type="resunet", arguments=network.arguments, bands=[1, 2, 3], band_means=[127.0] * 3, band_stds=[60.0] * 3,
        cell_metres=(cell, cell), chip_size=64, threshold=0.7, scores={"iou": 0.4, "iou_at_threshold": 0.525, "dice": 0.689},
    ))
"""


def make_models(folder, cell_size):
    """Write both packages; return the paths of their .dlpk by name."""
    from roadsmith.processing_provider.environment import find_environment
    from roadsmith.processing_provider.variables import worker_variables

    environment = find_environment()
    root = Path(__file__).resolve().parents[2]
    subprocess.run(
        [environment.python, "-c", _MAKE, str(root), str(folder), str(cell_size)], check=True,
        env=worker_variables(environment.source == "qgis", user_site=environment.source != "own"),
    )
    return {name: str(folder / name / f"{name}.dlpk") for name in ("steady", "random")}


def with_cell_size(model, folder, cell_size):
    """Copy a package, with another cell size; return the path of its .dlpk."""
    target = folder / Path(model).name
    with zipfile.ZipFile(model) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(".emd"):
                definition = json.loads(content)
                definition["Roadsmith"]["cell_metres"] = [cell_size, cell_size]
                content = json.dumps(definition).encode()
            archive.writestr(name, content)
    return str(target)
