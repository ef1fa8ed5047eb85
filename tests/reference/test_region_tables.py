"""Specialisation, space and density through the tables of regions, against econcomplex."""

import econcomplex
import numpy as np
import pandas as pd
import pytest
from econcomplex.complexity.eigenvector import eci_pci_eigenvector

from foresight.navigation.regions import (
    region_counts,
    region_density,
    region_track,
    technology_space,
)


def documents(rng, *, regions, units, size):
    """Documents of one to three units and one or two regions each, unevenly spread."""
    weight = rng.gamma(0.5, size=(regions, units)) + 0.02
    members, places = [], []
    for number in range(size):
        doc = f"d{number:04d}"
        home = int(rng.integers(regions))
        count = int(rng.integers(1, 4))
        chosen = rng.choice(units, size=count, replace=False, p=_shares(weight[home]))
        members += [(f"t{unit:02d}", doc) for unit in chosen]
        places += [(doc, f"r{home}")]
        if rng.random() < 0.2:
            places.append((doc, f"r{(home + 1) % regions}"))
    return (
        pd.DataFrame(members, columns=["unit_id", "doc_id"]),
        pd.DataFrame(places, columns=["doc_id", "region"]),
    )


def _shares(row):
    return row / row.sum()


@pytest.mark.parametrize("counting", ["whole", "fractional"])
@pytest.mark.parametrize("seed", range(4))
def test_agreement_to_nine_digits(seed, counting):
    rng = np.random.default_rng(seed)
    members, places = documents(rng, regions=9, units=14, size=400)
    crossed = members.merge(places, on="doc_id")
    crossed["weight"] = 1.0
    if counting == "fractional":
        crossed["weight"] /= crossed.groupby(["doc_id", "unit_id"])["region"].transform("size")
    counts = crossed.pivot_table(  # counted anew, by another road
        index="region", columns="unit_id", values="weight", aggfunc="sum", fill_value=0.0
    )
    pd.testing.assert_frame_equal(
        region_counts(members, places, counting=counting), counts, check_names=False
    )
    table = region_track(members, places, counting=counting)
    ours = table.pivot(index="region", columns="unit_id", values="rta")
    assert ours.to_numpy() == pytest.approx(econcomplex.rca(counts).to_numpy(), abs=1e-9)

    space = technology_space(counts, min_docs=0)
    phi = econcomplex.proximity(counts, compute="product")["product"]
    assert space.phi.to_numpy() == pytest.approx(phi.to_numpy(), abs=1e-9)
    eci, pci = eci_pci_eigenvector(counts)
    assert np.abs(space.regions["eci"] - eci).max() < 1e-9
    theirs = pci * np.sign(float(space.units["pci"] @ pci))  # the sign is a convention
    assert np.abs(space.units["pci"] - theirs).max() < 1e-9

    found = region_density(table, space=space, of=counts.index, rng=rng, draws=5)
    near = found.pivot(index="region", columns="unit_id", values="density")
    theirs = econcomplex.relatedness_density(counts)
    assert near.to_numpy() == pytest.approx(theirs.to_numpy(), abs=1e-9)
