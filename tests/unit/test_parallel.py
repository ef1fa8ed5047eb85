"""Work side by side: order, one process, and a process that joblib replaces."""

import os
import subprocess
import sys
import threading

import joblib
import pytest

from foresight.errors import SettingsError
from foresight.parallel import environment, here, read_jobs, side_by_side

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


@pytest.mark.parametrize("text", ["dask://127.0.0.1:8786", "dask://[::1]:80", "dask://n-1.lan:1"])
def test_an_address_of_a_scheduler_is_taken_as_it_is(text):
    assert read_jobs(text) == text
    assert here(text) == 1


def test_a_number_of_processes_is_a_number():
    assert read_jobs("12") == 12
    assert here(12) == 12


@pytest.mark.parametrize(
    "text", ["0", "-1", "two", "", "dask://", "dask://h", "dask://h:0", "dask://h:99999",
             "tcp://h:8786", "dask://h:8786/x", "2.5"],
)  # fmt: skip
def test_anything_else_is_refused_and_the_message_says_what_is_meant(text):
    with pytest.raises(SettingsError, match=r"dask://host:port.*got"):
        read_jobs(text)


def test_variables_are_put_back_when_the_last_that_needs_them_is_through(monkeypatch):
    monkeypatch.setenv("FORESIGHT_X", "before")
    monkeypatch.delenv("FORESIGHT_Y", raising=False)
    inside, leave = threading.Event(), threading.Event()

    def other():
        with environment({"FORESIGHT_X": "1", "FORESIGHT_Y": "2"}):
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    with environment({"FORESIGHT_X": "1"}):
        assert os.environ["FORESIGHT_X"] == "1"
    assert os.environ["FORESIGHT_X"] == "1"  # the other thread still needs it
    leave.set()
    with environment({"FORESIGHT_X": "3"}):  # waits for its turn
        assert os.environ["FORESIGHT_X"] == "3"
        assert "FORESIGHT_Y" not in os.environ
    thread.join()
    assert os.environ["FORESIGHT_X"] == "before"
