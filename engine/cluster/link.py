"""The line to a Dask cluster: connecting, calling functions of ours over there, and whether all fits together."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from distributed import Client

from ..aside import aside
from ..errors import EngineError
from ..reporter import Reporter
from .agreement import topic

#: How long to wait for the scheduler's answer, and for workers to stop what they are doing at the end, seconds.
_CONNECT_SECONDS, _END_SECONDS = 10.0, 1.5
#: Packages whose versions must agree: tasks travel as Python's pickles.
_SAME_PACKAGES = ("dask", "distributed")


def remote_call() -> Callable[..., Any]:
    """Return a function ``call(module, name, *pickles)`` that runs a function of a module of the engine wherever it is called.

    Being local it travels by value: the scheduler, which unpickles every task, does not need this package.
    """

    def call(module: str, name: str, *arguments: bytes) -> Any:
        import importlib
        import pickle

        return getattr(importlib.import_module(f"roadsmith.engine.{module}"), name)(*map(pickle.loads, arguments))

    return call


def _remote_call_aside() -> Callable[..., Any]:
    """Return the same as a coroutine: what Dask runs on all workers at once must not hold up their talk with the scheduler."""

    async def call(module: str, name: str, *arguments: bytes) -> Any:
        import asyncio
        import importlib
        import pickle

        def work() -> Any:
            return getattr(importlib.import_module(f"roadsmith.engine.{module}"), name)(*map(pickle.loads, arguments))

        return await asyncio.to_thread(work)

    return call


@contextlib.contextmanager
def connected(address: str, module: str, run_id: str, reporter: Reporter) -> Iterator[Client]:
    """Give a client of the scheduler; at the end stop what workers still do for the run, and take leave.

    Args:
        module: of the engine, whose ``end_run(run_id)`` stops a worker.

    Raises:
        Cancelled: the user asked to stop. EngineError: nobody answers, or the scheduler is gone.
    """
    try:
        client = aside(lambda: Client(address, timeout=_CONNECT_SECONDS, set_as_default=False), reporter)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"No Dask scheduler answers at {address}: start it with 'dask scheduler', or look whether the address is right and "
            "no firewall lies between; leave the scheduler empty to work on this computer.", "environment"
        ) from error
    try:
        yield client
    except (OSError, asyncio.TimeoutError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # of a disk
        # Dask's closed connections and vain attempts to connect are OSErrors, too, but none of the system's
        raise scheduler_gone(address) from error
    finally:
        thread = threading.Thread(target=_take_leave, args=(client, module, run_id), name="leave", daemon=True)
        thread.start()
        thread.join(_END_SECONDS)


def _take_leave(client: Client, module: str, run_id: str) -> None:
    """Whoever is gone needs no goodbye."""
    with contextlib.suppress(Exception):  # not every run listens
        client.unsubscribe_topic(topic(run_id))
    with contextlib.suppress(Exception):
        client.run(_remote_call_aside(), module, "end_run", pickle.dumps(run_id), on_error="ignore")
    with contextlib.suppress(Exception):
        client.close(timeout=_END_SECONDS)


def scheduler_gone(address: str) -> EngineError:
    """Return the sentence for a scheduler that was there before."""
    return EngineError(f"The Dask scheduler at {address} is gone: start it and its workers again.", "environment")


def check_versions(versions: Mapping[str, Any]) -> None:
    """Raise an ``EngineError`` if scheduler or workers do not run what the client runs.

    Args:
        versions: as ``Client.get_versions`` returns them.
    """
    own = _versions(versions["client"])
    others = {"the scheduler": versions["scheduler"]}
    others.update({f"the worker {address}": each for address, each in versions["workers"].items()})
    for who, each in others.items():
        theirs = _versions(each)
        for what, wanted in own.items():
            if theirs[what] != wanted:
                raise EngineError(
                    f"The cluster does not fit this computer: {who} has {what} {theirs[what]}, here it is {wanted}: install the "
                    "same version everywhere.", "environment"
                )


def _versions(record: Mapping[str, Any]) -> dict[str, str]:
    python = ".".join(str(record["host"]["python"]).split(".")[:2])  # pickled functions depend on it
    return {"Python": python, **{name: str(record["packages"].get(name)) for name in _SAME_PACKAGES}}


def probe_workers(client: Client, address: str, module: str, run: object, reporter: Reporter) -> list[dict[str, str]]:
    """Let every worker look whether it can take part; return what they are, see ``on_worker.answer_probe``.

    Args:
        address: of the scheduler. module: of the engine, whose ``probe(run)`` looks.

    Raises:
        Cancelled: the user asked to stop. EngineError: one cannot.
    """
    get_versions: Callable[[], Any] = client.get_versions
    check_versions(aside(get_versions, reporter))
    call, argument = _remote_call_aside(), pickle.dumps(run)
    answers = aside(lambda: client.run(call, module, "probe", argument, on_error="return"), reporter)
    found: list[dict[str, str]] = []
    for worker, answer in answers.items():
        if isinstance(answer, OSError):
            continue  # lost at this very moment
        if isinstance(answer, ImportError):
            raise EngineError(missing_package(f"The worker {worker}", answer), "environment")
        if isinstance(answer, BaseException):
            raise EngineError(f"The worker {worker} does not answer as it should ({answer}).", "internal") from answer
        if answer["problem"]:
            raise EngineError(f"The worker {worker} cannot take part. {answer['problem']}")
        found.append(answer)
    hosts = Counter(answer["host"] for answer in found)
    reporter.log(
        f"Cluster {address}: {len(found)} worker(s) on {len(hosts)} machine(s): "
        + "; ".join(sorted({f"{answer['host']} ({hosts[answer['host']]} × {answer['description']})" for answer in found}))
    )
    return found


def missing_package(who: str, error: ImportError) -> str:
    """Return the sentence for a worker that lacks a package, or a module that our version has."""
    if (error.name or "").startswith("roadsmith."):
        return f"{who} has another version of Roadsmith: install the same version everywhere."
    return f"{who} lacks the package '{error.name or error}': install Roadsmith and what it needs on all machines of the cluster."
