r"""Text functions whose results do not depend on the engine.

Splitting needs no help as long as the separator means itself as a regular expression: Spark splits
by one. Patterns end in `\z`, since `$` also matches before a last line break in Java.
"""

from __future__ import annotations

import ibis.expr.types as ir

# Script Han (Unicode 16); its name is \p{Han} to RE2 and \p{IsHan} to Java.
HAN = (
    "⺀-⺙⺛-⻳⼀-⿕々〇〡-〩〸-〻\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9"
    "\U00016fe2-\U00016fe3\U00016ff0-\U00016ff1\U00020000-\U0002a6df\U0002a700-\U0002b739"
    "\U0002b740-\U0002b81d\U0002b820-\U0002cea1\U0002ceb0-\U0002ebe0\U0002f800-\U0002fa1d"
    "\U00030000-\U0003134a\U00031350-\U000323af"
)


def lower(text: ir.StringValue) -> ir.StringValue:
    """Lower case, letter by letter.

    Engines differ in two letters only: capital sigma at the end of a word and dotted capital I.
    (Letters added in Unicode 16 have a lower case in Spark and none in DuckDB.)
    """
    folded: ir.StringValue = text.translate("Σİ", "σi").lower()
    return folded
