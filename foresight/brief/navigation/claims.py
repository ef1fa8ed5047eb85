"""Claims of a navigation report: each sentence that carries a number, with its documents."""

from __future__ import annotations

from foresight.brief.claims.model import Claims
from foresight.brief.navigation.claims_direction import (
    cells_claims,
    concentration_claims,
    control_claims,
    core_claims,
    courses_claims,
    retrieval_claims,
    size_claims,
)
from foresight.brief.navigation.claims_position import (
    cities_claims,
    gaps_claims,
    levels_claims,
    recommendations_claims,
    value_claims,
)
from foresight.brief.navigation.tables import NavigationTables

MAKERS = (
    size_claims,
    retrieval_claims,
    courses_claims,
    concentration_claims,
    core_claims,
    control_claims,
    cells_claims,
    levels_claims,
    gaps_claims,
    value_claims,
    cities_claims,
    recommendations_claims,
)


def read_navigation_claims(tables: NavigationTables) -> Claims:
    """All claims of a navigation report, by chapter (3 to 6)."""
    return Claims(claim for maker in MAKERS for claim in maker(tables))
