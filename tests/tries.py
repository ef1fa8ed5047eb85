"""How many inputs the tests with damaged files try, and what share of them must get through."""

import os


def tries(usual: int) -> int:
    """The number in FORESIGHT_FUZZ, or the usual one."""
    return int(os.environ.get("FORESIGHT_FUZZ", str(usual)))


def at_least(share: float, number: int) -> float:
    """Give a share of a number of tries, less three standard deviations: few vary by chance."""
    return share * number - 3 * (number * share * (1 - share)) ** 0.5
