"""How many threads to compute with. Standard library only."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path


def available_cores() -> int:
    """The physical cores that this process may run on: two threads on the same core hinder each other."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    cores = set()
    for cpu in os.sched_getaffinity(0):
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        try:
            cores.add(siblings.read_text())
        except OSError:
            cores.add(str(cpu))
    return len(cores)


def free_cores() -> int:
    """The available cores that nothing else keeps busy right now, at least one.

    llama.cpp's threads spin while they wait for one another: on a core that is busy with something else, two threads
    were found ten times slower than one. The 1-minute load is no guide, since an earlier run of our own counts in it.
    """
    cores = available_cores()
    running = []
    for _ in range(3):
        try:
            # the fourth field is "runnable/all" threads, this one among the runnable
            running.append(int(Path("/proc/loadavg").read_text().split()[3].split("/")[0]) - 1)
        except (OSError, ValueError, IndexError):
            return cores
        time.sleep(0.002)
    return max(1, min(cores, cores - round(statistics.median(running))))
