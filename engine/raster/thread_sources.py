"""One raster open in many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from .source import RasterSource


class ThreadSources:
    """One open raster for each thread: GDAL's are not to be shared. Use as a context manager.

    Args:
        open_source: opens the raster; called once in each thread.
    """

    def __init__(self, open_source: Callable[[], RasterSource]) -> None:
        self._open_source, self._own = open_source, threading.local()
        self._open: list[RasterSource] = []

    def own(self) -> RasterSource:
        """Return this thread's raster."""
        if not hasattr(self._own, "source"):
            self._own.source = self._open_source()
            self._open.append(self._own.source)
        source: RasterSource = self._own.source
        return source

    def close(self) -> None:
        """Close them all, once their threads have ended."""
        for source in self._open:
            source.dataset.close()

    def __enter__(self) -> ThreadSources:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
