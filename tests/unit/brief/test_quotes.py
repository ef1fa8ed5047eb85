"""Names in quotation marks."""

import pytest

from foresight.brief.claims.model import quoted


@pytest.mark.parametrize(
    ("name", "lang", "printed"),
    [
        ("固态电池", "zh", "“固态电池”"),
        ("“车路云”一体化发展", "zh", "“‘车路云’一体化发展”"),
        ("solid-state battery", "en", "‘solid-state battery’"),
        ("so-called ‘green’ steel", "en", "‘so-called “green” steel’"),
        ('applications ("AI+")', "en", '‘applications ("AI+")’'),
    ],
)
def test_marks_inside_a_quotation_are_of_the_second_order(name, lang, printed):
    assert quoted(name, lang) == printed
