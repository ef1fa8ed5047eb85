"""Documents of regions and units, from counts."""

import pandas as pd


def frames(cells):
    """members and regions from {(region, unit): number of documents}."""
    members, regions = [], []
    for (region, unit), count in cells.items():
        for place in range(count):
            doc = f"{region}-{unit}-{place}"
            members.append((unit, doc))
            regions.append((doc, region))
    return (
        pd.DataFrame(members, columns=["unit_id", "doc_id"]),
        pd.DataFrame(regions, columns=["doc_id", "region"]),
    )
