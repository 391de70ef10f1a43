"""One of several processes that train together; ``torchrun`` starts it: on one machine for the worker, on several by hand.

    torchrun --nnodes=2 --nproc-per-node=4 --rdzv-backend=c10d --rdzv-endpoint=HOST:PORT engine/train_process.py JOB.json

``JOB.json`` holds a job as the worker takes it: ``{"protocol": 1, "job": "trainroadextractor", "arguments": {…}}``. Data and
output folder must be the same on all machines. The leading process writes events to its standard output as the worker does.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from pathlib import Path

#: Set by the worker: the end of the standard input means that it is gone.
WATCH_VARIABLE = "ROADSMITH_END_WITH_INPUT"


def _end_with_input() -> None:
    while os.read(0, 1):
        pass
    os._exit(3)


if __name__ == "__main__":
    if os.environ.get(WATCH_VARIABLE):  # before anything heavy is imported: whoever cancels waits two seconds
        threading.Thread(target=_end_with_input, name="watch", daemon=True).start()
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    importlib.import_module("bootstrap")
    # at once, without waiting for what a process that failed left behind in its libraries
    os._exit(importlib.import_module("roadsmith.engine.training.process").main(sys.argv[1:]))
