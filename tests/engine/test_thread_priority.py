"""Threads that step back."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from roadsmith.engine.thread_priority import step_back


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own on Linux alone")
def test_a_thread_steps_back_and_no_other():
    def niceness():
        return os.getpriority(os.PRIO_PROCESS, 0)  # of the calling thread

    before = niceness()
    with ThreadPoolExecutor(1, initializer=step_back) as pool:
        assert pool.submit(niceness).result() == min(before + 5, 19)
    assert niceness() == before
