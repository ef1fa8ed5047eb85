"""Speed beside a peer's, in the same run on the same input: `make benchmarks`.

Nothing timed is asserted; that the results agree is.
"""

import os
import time

import pytest

from foresight.corpus.store import open_corpus
from foresight.errors import CorpusError


@pytest.fixture(scope="session")
def sample():
    """The default corpus."""
    try:
        return open_corpus("sample")
    except CorpusError as error:
        pytest.skip(f"the default corpus is not built: {error}")


@pytest.fixture(scope="session")
def cores():
    return len(os.sched_getaffinity(0))


def timed(work, *arguments, **options):
    """Seconds of a call, and what it gave."""
    start = time.perf_counter()
    result = work(*arguments, **options)
    return time.perf_counter() - start, result


@pytest.fixture
def clock():
    return timed


@pytest.fixture
def report(request):
    """Print lines under the benchmark's name."""

    def write(*lines):
        text = "\n".join([f"== {request.node.name}", *(f"   {line}" for line in lines)])
        print("\n" + text)  # noqa: T201 (its purpose)

    return write
