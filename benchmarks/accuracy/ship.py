"""Makes the package that is shipped out of a model that ``train.py`` trained with ``roads.json`` on Massachusetts Roads.

    python benchmarks/accuracy/ship.py MODEL

Weights become float16, who made imagery, labels and first weights is written into it, and ``models/pretrained/roads.dlpk`` is
replaced. Its threshold is that of ``MODEL``: the best on the validation tile. Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from score import ROOT, load_package

ATTRIBUTION = (
    "Imagery: MassGIS, public domain. Labels: © OpenStreetMap contributors, ODbL. Both as Massachusetts Roads (V. Mnih 2013). "
    "Encoder begun with EfficientNet-Lite0's ImageNet weights, Apache-2.0."
)


def main() -> None:
    """Write the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    options = parser.parse_args()
    load_package()
    from roadsmith.models.package import load_package as load_model
    from roadsmith.models.package import write_package

    model = load_model(options.model)
    target = ROOT / "models" / "pretrained" / "roads.dlpk"
    with tempfile.TemporaryDirectory() as folder:
        info = replace(model.info, attribution=ATTRIBUTION)
        made = write_package(Path(folder), target.stem, model.network, info, half=True)
        shutil.copyfile(made, target)
    content = target.read_bytes()
    print(f"{target}: {len(content) / 1e6:.1f} MB, SHA-256 {hashlib.sha256(content).hexdigest()}")
    print(f"threshold {model.info.threshold:g}, scores {model.info.scores}")


if __name__ == "__main__":
    main()
