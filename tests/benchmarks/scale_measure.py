"""Running a stage as a process of its own: seconds, memory of its whole tree, disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

LIMIT = 8 << 30  # bytes of memory that a stage may hold
EVERY = 0.5  # seconds between looks
_GROUPS = Path("/sys/fs/cgroup")


def tree_memory(pid: int) -> int:
    """Proportional set size (bytes) of a process and all below it."""
    total = 0
    for one in [pid, *_below(pid)]:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):  # it has ended
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return total


def _below(pid: int) -> Iterator[int]:
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in tasks.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in children:
            yield child
            yield from _below(child)


def folder_size(folder: Path) -> int:
    """Bytes of the files of a folder."""
    total = 0
    for root, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118 (quick)
            except FileNotFoundError:
                continue
    return total


@contextmanager
def memory_group() -> Iterator[Path | None]:
    """A control group below our own with the limit; None where the system does not let us."""
    own = next(
        (line.split(":", 2)[2] for line in Path("/proc/self/cgroup").read_text().splitlines()
         if ":memory:" in line), None,
    )  # fmt: skip
    folder = _GROUPS / "memory" / (own or "").lstrip("/") / f"scale-{os.getpid()}"
    try:
        if own is None:
            raise FileNotFoundError  # another version of control groups, or none
        folder.mkdir()
        (folder / "memory.limit_in_bytes").write_text(str(LIMIT))
    except OSError:
        yield None
        return
    try:
        yield folder
    finally:
        folder.rmdir()


def measured(stage: str, *arguments: str, disk: Path) -> dict[str, object]:
    """Run a stage of `scale_stages.py`.

    Returns
    -------
    dict
        What the stage prints, and: seconds, cpu_s (processor time of the tree), peak_bytes
        (proportional set size of the tree, looked at twice a second), capped (whether the limit
        was enforced by a control group), disk_bytes and disk_peak_bytes (what the folder grew by),
        load (before, after).
    """
    program = Path(__file__).with_name("scale_stages.py")
    command = [sys.executable, str(program), stage, *arguments]
    before, start = os.getloadavg(), time.perf_counter()
    there = folder_size(disk)
    times = os.times()
    with memory_group() as group:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if group is not None:
            (group / "cgroup.procs").write_text(str(child.pid))
        peaks = {"memory": 0, "disk": 0}
        done = Event()

        def look() -> None:
            number = 0
            while not done.wait(EVERY):
                peaks["memory"] = max(peaks["memory"], tree_memory(child.pid))
                if number % 10 == 0:
                    peaks["disk"] = max(peaks["disk"], folder_size(disk))
                number += 1

        looker = Thread(target=look, daemon=True)
        looker.start()
        printed, _ = child.communicate()
        done.set()
        looker.join()
    seconds, after = time.perf_counter() - start, os.times()
    if child.returncode:
        msg = f"stage {stage} ended with {child.returncode}"
        raise RuntimeError(msg)
    size = folder_size(disk)
    cpu = after.children_user + after.children_system - times.children_user - times.children_system
    return {
        **json.loads(printed.splitlines()[-1]),
        "stage": stage,
        "seconds": seconds,
        "cpu_s": cpu,
        "peak_bytes": peaks["memory"],
        "capped": group is not None,
        "disk_bytes": size - there,
        "disk_peak_bytes": max(size, peaks["disk"]) - there,
        "load": [before[0], os.getloadavg()[0]],
    }
