"""The chain ladder and its standard error against the published answer of Mack (1993)."""

import numpy as np
import pandas as pd
import pytest

from foresight.indicators.nowcast import reporting_delay

# Taylor & Ashe (1983); reserves and standard errors in Mack (1993), doi:10.2143/AST.23.2.2005092
INCREMENTS = """
357848 766940 610542 482940 527326 574398 146342 139950 227229 67948
352118 884021 933894 1183289 445745 320996 527804 266172 425046
290507 1001799 926219 1016654 750816 146923 495992 280405
310608 1108250 776189 1562400 272482 352053 206286
443160 693190 991983 769488 504851 470639
396132 937085 847498 805037 705960
440832 847631 1131398 1063269
359480 1061648 1443370
376686 986608
344014
"""
ERRORS = [75_535, 121_699, 133_549, 261_406, 411_010, 558_317, 875_328, 971_258, 1_363_155]


def triangle():
    rows = [[float(x) for x in line.split()] for line in INCREMENTS.split("\n") if line]
    return pd.DataFrame([row + [np.nan] * (10 - len(row)) for row in rows], index=range(1, 11))


def test_the_published_reserve_and_standard_errors():
    found = reporting_delay(triangle(), window=None, revisions=0)
    assert (found["estimate"] - found["n_seen"]).sum() == pytest.approx(18_680_856, abs=1)
    assert found["se"].to_numpy()[1:] == pytest.approx(ERRORS, abs=1)


def test_the_share_public_is_the_product_of_reverse_hazards():
    """The same from Lawless's definition, document by document."""
    rng = np.random.default_rng(5)
    cohort, delay = rng.integers(0, 12, 4000), rng.geometric(0.4, 4000) - 1
    last, longest = 11, 6
    seen = (cohort + delay <= last) & (delay <= longest)
    cohort, delay = cohort[seen], delay[seen]
    counts = np.full((12, longest + 1), np.nan)
    for c in range(12):
        for x in range(longest + 1):
            if c + x <= last:
                counts[c, x] = ((cohort == c) & (delay == x)).sum()
    found = reporting_delay(pd.DataFrame(counts, index=range(12)), window=None, revisions=0)
    for c in range(12):
        share = 1.0
        for x in range(min(last - c, longest) + 1, longest + 1):
            able = cohort + x <= last
            share *= 1 - (able & (delay == x)).sum() / (able & (delay <= x)).sum()
        assert found.loc[c, "reported"] == pytest.approx(share, rel=1e-12)
