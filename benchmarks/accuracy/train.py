"""Trains one network on the data that ``massachusetts.py`` made, and prints every epoch.

    python benchmarks/accuracy/train.py DATA OUTPUT '{"model_type": "dlinknet", "epochs": 30}'

The last argument is any fields of the job ``TrainRoadExtractor`` (``engine/jobs.py``), or a JSON file of them, such as
``roads.json``, the recipe of the model that is shipped. Trained on ``DATA/train``; the best epoch
is chosen on ``DATA/validation``. Processor time is printed at the end of each line, in seconds. Run it with the worker's Python.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from score import load_package

COLUMNS = ("train_loss", "valid_loss", "accuracy", "miou", "dice", "learning_rate", "seconds")


def settings(text: str) -> dict[str, Any]:
    """Return the fields in JSON text, or in the file of that name."""
    if not text.lstrip().startswith("{"):
        text = Path(text).read_text(encoding="utf-8")
    return dict(json.loads(text))


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("output")
    parser.add_argument("settings", type=settings)
    options = parser.parse_args()
    load_package()
    from roadsmith.engine.events import Log, Metric, Warn
    from roadsmith.engine.jobs import TrainRoadExtractor
    from roadsmith.engine.reporter import Reporter
    from roadsmith.engine.training.train import train_road_extractor

    def say(event: Any) -> None:
        if isinstance(event, (Log, Warn)):
            print(event.text, flush=True)
        elif isinstance(event, Metric):
            cells = " | ".join(f"{event.values[name]:.4g}" for name in COLUMNS)
            print(f"| {event.step} | {cells} | {time.process_time():.0f} |", flush=True)

    job = TrainRoadExtractor(
        training_data=[str(options.data / "train")], validation_data=[str(options.data / "validation")],
        output_folder=options.output, **options.settings,
    )
    result = train_road_extractor(job, Reporter(say))
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
