"""Makes the package that is shipped out of a model that ``train.py`` trained with ``roads.json`` on Massachusetts Roads.

    python benchmarks/accuracy/ship.py DATA MODEL

Weights become float16, who made imagery, labels and first weights is written into it, and ``models/pretrained/roads.dlpk`` is
replaced. Its threshold is that of ``MODEL``: the best F1 on the validation tile; that from which its roads are drawn has the best
APLS on ``DATA/tuning``. Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from connectivity import connectivity
from score import ROOT, load_package, predicted, whole_tiles

ATTRIBUTION = (
    "Imagery: MassGIS, public domain. Labels: © OpenStreetMap contributors, ODbL. Both as Massachusetts Roads (V. Mnih 2013). "
    "Encoder begun with EfficientNet-Lite0's ImageNet weights, Apache-2.0."
)


#: Probabilities from which roads are drawn, tried out.
CANDIDATES = [round(0.05 * step, 2) for step in range(4, 15)]


def best_for_networks(model: str, tuning: Path) -> float:
    """Return the candidate whose roads agree best with the truth's on whole tiles, by APLS; prints all."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        tiles = predicted(model, whole_tiles(tuning), 1, folder)
        found = {each: connectivity(tiles, each, folder) for each in CANDIDATES}
    for each, figures in found.items():
        print(f"{each:.2f}: " + ", ".join(f"{name} {figure:.4f}" for name, figure in figures.items()), flush=True)
    return max(found, key=lambda each: found[each]["apls"])


def main() -> None:
    """Write the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("model")
    options = parser.parse_args()
    load_package()
    from roadsmith.models.package import load_package as load_model
    from roadsmith.models.package import write_package

    model = load_model(options.model)
    drawn_from = best_for_networks(options.model, options.data / "tuning")
    target = ROOT / "models" / "pretrained" / "roads.dlpk"
    with tempfile.TemporaryDirectory() as folder:
        info = replace(model.info, attribution=ATTRIBUTION, network_threshold=drawn_from)
        made = write_package(Path(folder), target.stem, model.network, info, half=True)
        shutil.copyfile(made, target)
    content = target.read_bytes()
    print(f"{target}: {len(content) / 1e6:.1f} MB, SHA-256 {hashlib.sha256(content).hexdigest()}")
    print(f"threshold {model.info.threshold:g}, for networks {drawn_from:g}, scores {model.info.scores}")


if __name__ == "__main__":
    main()
