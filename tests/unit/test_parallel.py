"""Work side by side: order, one process, and a process that joblib replaces."""

import subprocess
import sys

import joblib

from foresight.parallel import side_by_side

GROWING = """
import sys, time, types, warnings
warnings.simplefilter("error")
import joblib
from foresight.parallel import side_by_side

def grow(number):
    kept = sys.modules.setdefault("kept", types.ModuleType("kept"))
    kept.__dict__.setdefault("blocks", []).append(b"x" * 200_000_000)
    time.sleep(1.1)  # joblib looks at the memory of a process once a second
    return number

calls = (joblib.delayed(grow)(number) for number in range(8))
print(sorted(side_by_side(calls, jobs=2)))
"""


def test_results_come_in_the_order_of_the_calls_where_that_is_asked_for():
    for jobs in (1, 2):
        calls = (joblib.delayed(pow)(number, 2) for number in range(6))
        assert list(side_by_side(calls, jobs=jobs, ordered=True)) == [0, 1, 4, 9, 16, 25]
    calls = (joblib.delayed(pow)(number, 2) for number in range(6))
    assert sorted(side_by_side(calls, jobs=2)) == [0, 1, 4, 9, 16, 25]


def test_a_process_that_grows_is_replaced_and_nothing_hangs():
    """joblib warns when it replaces one; as an error in its managing thread that hung the pool."""
    done = subprocess.run(
        [sys.executable, "-c", GROWING], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == str(list(range(8)))
