"""Several threads cutting chips; what comes out does not depend on how many."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from ...raster.source import RasterSource
from ...raster.thread_sources import ThreadSources
from ...reporter import Reporter
from .cutting import Cutting, cut_block
from .lattice import Block
from .unfinished import UnfinishedExport


def cut_side_by_side(
    cutting: Cutting, open_source: Callable[[], RasterSource], side: int, workers: int, unfinished: UnfinishedExport,
    reporter: Reporter,
) -> None:
    """Cut all blocks that are not done yet and note each in the journal.

    Threads, not processes: reading, compressing and drawing let go of Python's lock.

    Args:
        side: of the blocks, pixels. workers: number of threads.

    Raises:
        Cancelled: the user asked to stop; what is done is noted.
    """
    blocks = list(cutting.lattice.blocks(side))
    waiting = iter([block for block in blocks if block.number not in unfinished])
    sources = ThreadSources(open_source)
    pool = ThreadPoolExecutor(workers, "chips")
    running: dict[Future[dict[str, Any]], int] = {}
    done, chips = len(unfinished), 0

    def cut(block: Block) -> dict[str, Any]:
        return cut_block(cutting, sources.own(), block, reporter)

    try:
        # one block more than threads, so that none waits for this one
        running.update({pool.submit(cut, block): block.number for block in itertools.islice(waiting, workers + 1)})
        while running:
            finished, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=lambda each: each.exception() is not None):  # what succeeded is noted first
                record = future.result()
                unfinished.note(running.pop(future), record)
                done, chips = done + 1, chips + len(record["chips"])
                running.update({pool.submit(cut, block): block.number for block in itertools.islice(waiting, 1)})
            reporter.progress(done, len(blocks), amount=chips, unit="chips")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        sources.close()
