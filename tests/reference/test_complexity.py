"""Specialisation, relatedness and complexity against the package econcomplex."""

import econcomplex
import numpy as np
import pandas as pd
import pytest
from econcomplex.complexity.eigenvector import eci_pci_eigenvector

from foresight.indicators.complexity import complexity, presence, proximity, relatedness_density
from foresight.indicators.complexity import reflections as by_reflections
from foresight.indicators.specialisation import rta


def tables():
    rng = np.random.default_rng(31)
    for _ in range(12):
        shape = (int(rng.integers(6, 14)), int(rng.integers(8, 30)))
        values = rng.poisson(rng.gamma(0.6, 8, size=shape)) + (rng.random(shape) < 0.2)
        regions = [f"r{i}" for i in range(shape[0])]
        yield pd.DataFrame(values, index=regions, columns=[f"t{i}" for i in range(shape[1])])


def aligned(ours, theirs):
    """Theirs, turned as ours: the sign of an eigenvector is a convention."""
    return theirs * np.sign(float(ours @ theirs))


def test_agreement_to_nine_digits():
    for counts in tables():
        theirs = econcomplex.rca(counts)
        assert rta(counts).to_numpy() == pytest.approx(theirs.to_numpy(), abs=1e-9)
        has = presence(counts)
        assert (has.astype(float) == econcomplex.rca(counts, binary=True)).all(axis=None)
        phi = proximity(has)
        other = econcomplex.proximity(counts, compute="product")["product"]
        assert phi.to_numpy() == pytest.approx(other.to_numpy(), abs=1e-9)
        density = relatedness_density(has, phi=phi)
        assert density.to_numpy() == pytest.approx(
            econcomplex.relatedness_density(counts).to_numpy(), abs=1e-9
        )
        for ours, theirs in (
            (complexity(has), eci_pci_eigenvector(counts)),
            (
                by_reflections(has, steps=16),
                econcomplex.method_of_reflections(counts, iterations=16, tol=None),
            ),
        ):
            assert np.abs(ours[0]["eci"] - theirs[0]).max() < 1e-9
            assert np.abs(ours[1]["pci"] - aligned(ours[1]["pci"], theirs[1])).max() < 1e-9


def test_reflections_approach_the_eigenvector():
    for counts in tables():
        has = presence(counts)
        eci = complexity(has)[0]["eci"]
        far, near = (np.abs(by_reflections(has, steps=n)[0]["eci"] - eci).max() for n in (2, 24))
        assert near < far
