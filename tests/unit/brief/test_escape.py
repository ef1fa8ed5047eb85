from __future__ import annotations

import pytest

from foresight.brief.escape import md_text, plain, shorten, width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("脑机接口 (BCI)", "脑机接口 (BCI)"),
        ("<script>", r"\<script\>"),
        ("{{x}}", r"\{\{x\}\}"),
        ("#import", r"\#import"),
        ('=HYPERLINK("x")', r'\=HYPERLINK("x")'),
        ("[a](b)", r"\[a\](b)"),
        ("a|b", r"a\|b"),
        ("$x^2$", r"\$x\^2\$"),
        ("@cite", r"\@cite"),
        ("C:\\a", r"C:\\a"),
        ("1. item", r"1\. item"),
        ("- item", r"\- item"),
        ("well-known, 3.5 nm", "well-known, 3.5 nm"),
        ("http://a.b", r"http\://a.b"),
        (": caption", r"\: caption"),
    ],
)
def test_markup_is_escaped_and_nothing_else(text: str, expected: str) -> None:
    assert md_text(text) == expected


def test_plain_keeps_one_visible_line() -> None:
    assert plain(" a\r\nb\t\x00c\u2028d ") == "a b c d"
    assert plain("\u202etxt.exe\u202c \u200bx\ufeff") == "txt.exe x"
    assert plain("a\ud800b\ufffe") == "a\ufffdb"


def test_width_counts_chinese_twice() -> None:
    assert width("ab脑机") == 6
    assert width("e\u0301") == 1


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("short", 10, "short"),
        ("neural interface device", 14, "neural…"),
        ("neural interface device", 16, "neural interfac…"),
        ("neural interface device", 18, "neural interface…"),
        ("脑机接口赛道技术预见", 9, "脑机接口…"),
        ("脑机接口", 8, "脑机接口"),
        ("Methylenedioxypyrovalerone", 10, "Methylene…"),
        ("one, two", 5, "one…"),
        ("abc", 1, "…"),
    ],
)
def test_shorten_cuts_at_words(text: str, columns: int, expected: str) -> None:
    assert shorten(text, columns) == expected
    assert width(shorten(text, columns)) <= columns


def test_shorten_refuses_no_width() -> None:
    with pytest.raises(ValueError, match="at least 1, got 0"):
        shorten("a", 0)
