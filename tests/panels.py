"""Tables of yearly counts written out in a line."""

import pandas as pd

from foresight.tables import TOPIC_YEARS


def years_table(units, totals, *, first):
    """Table TOPIC_YEARS of units (name to counts, all patents) from the year `first` on."""
    rows = [
        (unit, first + place, count, totals[place], count, 0)
        for unit, counts in units.items()
        for place, count in enumerate(counts)
    ]
    return pd.DataFrame(rows, columns=TOPIC_YEARS.names)
