"""The cyclic collector, which rests while a program grows."""

import gc
import sys
import threading

import pytest

from autograd.programs.collector import collector_paused


@pytest.fixture
def often():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
    gc.enable()


def test_threads_that_pause_it_at_once_leave_it_awake(often):
    def work():
        for _ in range(3000):
            with collector_paused():
                pass

    for _ in range(5):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert gc.isenabled()


def test_who_switched_it_off_finds_it_off(often):
    gc.disable()
    with collector_paused():
        assert not gc.isenabled()
    assert not gc.isenabled()
