"""Specialisation, relatedness and complexity: worked answers, empty rows, ties, refusals."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from foresight.errors import InsufficientDataError, TableError
from foresight.indicators.complexity import (
    complexity,
    complexity_interval,
    presence,
    proximity,
    reflections,
    relatedness_density,
)
from foresight.indicators.specialisation import gamma_mass, rta, specialisation, symmetric


def golden():
    """20 of region r's 100 documents are of technology t, as are 50 of all 1,000."""
    return pd.DataFrame({"t": [20, 30], "other": [80, 870]}, index=["r", "rest"])


def test_rta_and_symmetric_index_of_the_worked_example():
    ratio = rta(golden())
    assert ratio.loc["r", "t"] == pytest.approx(4.0)
    assert symmetric(ratio).loc["r", "t"] == pytest.approx(0.6)


def test_shrunken_index_by_hand():
    found = specialisation(golden(), mass=5.0).iloc[0]
    assert (found["region"], found["technology"]) == ("r", "t")
    assert found["n_expected"] == pytest.approx(5.0)
    assert found["rta_shrunk"] == pytest.approx((20 + 5) / (5 + 5))
    assert found["rta_lo"] == pytest.approx(gamma.ppf(0.025, 25, scale=1 / 10))
    assert found["rsi_lo"] == pytest.approx((found["rta_lo"] - 1) / (found["rta_lo"] + 1))
    assert found["p_above"] == pytest.approx(gamma.sf(1, 25, scale=1 / 10))


def test_one_document_in_a_small_region_is_no_strength():
    found = specialisation(pd.DataFrame({"a": [1, 40], "b": [1, 900]}, index=["x", "y"]), mass=2.0)
    first = found.iloc[0]
    assert first["rta"] > 10
    assert first["rta_shrunk"] < 2
    assert first["rta_lo"] < 1


def test_the_planted_mass_is_recovered():
    rng = np.random.default_rng(6)
    expected = rng.uniform(2, 40, size=3000)
    theta = rng.gamma(4.0, 1 / 4.0, size=3000)
    found = gamma_mass(rng.poisson(theta * expected).astype(float), expected)
    assert found == pytest.approx(4.0, rel=0.1)


def test_nothing_gives_missing_not_zero():
    counts = pd.DataFrame({"a": [3, 0, 2], "b": [1, 0, 5], "c": [0, 0, 0]}, index=list("xyz"))
    found = specialisation(counts).set_index(["region", "technology"])
    assert found.loc["y", "rta":].isna().all(axis=None)
    assert found.xs("c", level="technology").loc[:, "rta":].isna().all(axis=None)
    assert found.loc[("x", "c"), "n_docs"] == 0
    assert not presence(counts).loc["y"].any()
    nothing = specialisation(counts * 0)
    assert nothing["rta_shrunk"].isna().all()


@pytest.mark.parametrize("bad", [np.nan, -1.0, np.inf])
def test_counts_that_are_none_are_refused(bad):
    with pytest.raises(TableError, match="0 or more"):
        rta(golden().astype(float).replace(20, bad))


def test_a_region_twice_is_refused():
    with pytest.raises(TableError, match="twice"):
        rta(pd.concat([golden(), golden()]))


def test_an_index_of_exactly_one_is_present():
    # every row alike: all RTA are 1 up to rounding
    counts = pd.DataFrame([[1, 2, 3], [0.1, 0.2, 0.3], [7, 14, 21]])
    assert presence(counts).all(axis=None)


def test_density_of_the_worked_example():
    names = ["t", "a", "b", "c"]
    phi = pd.DataFrame(0.0, index=names, columns=names)
    for name, value in (("a", 0.6), ("b", 0.3), ("c", 0.1)):
        phi.loc["t", name] = phi.loc[name, "t"] = value
        phi.loc[name, name] = 1.0  # the diagonal is not read
    phi.loc["t", "t"] = 1.0
    has = pd.DataFrame([[False, True, False, True]], index=["r"], columns=names)
    assert relatedness_density(has, phi=phi).loc["r", "t"] == pytest.approx(70.0)
    own = has.assign(t=True)  # the technology itself does not count
    assert relatedness_density(own, phi=phi).loc["r", "t"] == pytest.approx(70.0)
    with pytest.raises(TableError, match="lacks 1 technologies"):
        relatedness_density(has, phi=phi.drop(columns="b"))


def test_proximity_by_hand():
    has = pd.DataFrame({"a": [1, 1, 1, 0], "b": [1, 1, 0, 0], "c": [0, 0, 0, 1], "d": [0] * 4})
    phi = proximity(has)
    assert phi.loc["a", "b"] == pytest.approx(2 / 3)
    assert phi.loc["a", "c"] == 0.0
    assert phi.loc["d"].tolist() == [0.0] * 4
    assert np.diag(phi).tolist() == [0.0] * 4
    assert relatedness_density(has, phi=phi)["d"].isna().all()


def nested():
    """Each region has all that the next has, and one more: complexity must follow diversity."""
    names = ["r0", "r1", "r2", "r3"]
    return pd.DataFrame(np.tri(4, 5, 1).astype(bool), index=names, columns=list("abcde"))


def test_a_nested_table_is_ordered_by_diversity_and_rarity():
    for method in (complexity, reflections):
        regions, technologies = method(nested())
        assert regions["eci"].is_monotonic_increasing
        assert technologies.loc[["b", "c", "d", "e"], "pci"].is_monotonic_increasing
        assert regions["eci"].mean() == pytest.approx(0.0, abs=1e-12)
        assert regions["eci"].std(ddof=0) == pytest.approx(1.0)
        assert regions["diversity"].tolist() == [2, 3, 4, 5]
        assert technologies["ubiquity"].tolist() == [4, 4, 3, 2, 1]


def test_pci_is_the_mean_eci_of_the_regions_that_have_it():
    has = nested()
    regions, technologies = complexity(has)
    mean = (has.T.to_numpy() @ regions["eci"].to_numpy()) / has.sum().to_numpy()
    assert np.corrcoef(mean, technologies["pci"])[0, 1] == pytest.approx(1.0)


def test_empty_regions_have_no_score_and_change_none():
    with_empty = pd.concat([nested(), pd.DataFrame(False, index=["no"], columns=list("abcde"))])
    regions, _ = complexity(with_empty.assign(z=False))
    assert np.isnan(regions.loc["no", "eci"])
    assert regions.loc["no", "diversity"] == 0
    assert regions["eci"].dropna().tolist() == pytest.approx(
        complexity(nested())[0]["eci"].tolist()
    )


def test_tables_without_an_order_are_refused():
    apart = pd.DataFrame(np.kron(np.eye(2), np.ones((2, 2))).astype(bool))
    with pytest.raises(InsufficientDataError, match="2 parts"):
        complexity(apart)
    with pytest.raises(InsufficientDataError, match="three of each"):
        complexity(nested().iloc[:2])
    with pytest.raises(InsufficientDataError, match="tied"):
        complexity(pd.DataFrame(~np.eye(4, dtype=bool)))  # all regions stand alike
    with pytest.raises(InsufficientDataError, match="score alike"):
        reflections(pd.DataFrame(np.ones((3, 4), dtype=bool)))
    with pytest.raises(TableError, match="even number"):
        reflections(nested(), steps=3)
    with pytest.raises(TableError, match="True and False"):
        proximity(pd.DataFrame({"a": [0.5, 1]}))


def test_the_interval_holds_the_estimate_and_narrows_with_counts():
    rng = np.random.default_rng(12)
    counts = pd.DataFrame(2 + 4 * np.tri(8, 12, 4).astype(int) + rng.integers(0, 2, (8, 12)))
    few = complexity_interval(counts, rng=np.random.default_rng(1), draws=60)
    many = complexity_interval(counts * 50, rng=np.random.default_rng(1), draws=60)
    assert (many["eci_hi"] - many["eci_lo"]).mean() < (few["eci_hi"] - few["eci_lo"]).mean() / 2
    assert (many["eci_lo"] <= many["eci"]).all()
    assert many["eci"].to_numpy() == pytest.approx(few["eci"].to_numpy())  # scale changes nothing
    assert (few["n_draws"] <= 60).all()
    assert (few["n_docs"] == counts.sum(axis=1)).all()
