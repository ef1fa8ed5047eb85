"""Numbers of a brief followed to the row they come from, and the row to its documents."""

import json
import math
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pandas as pd
from pages import COMMENT, MARKUP, bare, cells

from foresight.brief.wording import COUNTRIES, term
from foresight.settings import Settings

MARK = re.compile(r"\[(S\d+-\d+)\]")
NUMBER = re.compile(r"(?<![A-Za-z0-9_.:/])([−+<>]?)(\d[\d,]*(?:\.\d+)?)(%?)(?![A-Za-z0-9_/])")
NAMES = ("label_zh", "label_en", "org", "city_zh", "city_en", "item_zh", "item_en", "unit_id")
SHORT = "…"
REFERENCE = re.compile(
    r"[Ss]ections? \d+|第 ?\d+ ?节|first \d+ shown|前 ?\d+ ?家|[A-Z][a-z]+[ ，,]+\d{4}"
)
BOUNDS = {0.1, 0.6, 0.75, 0.95, 1, 2, 3, 5, 8, 10, 20, 40, 50, 95}  # of rules that a brief explains
METHODS = "## 11."  # what follows tells of data and settings, not of findings
PRECISION = 1e-9


class Evidence:
    """The files of a brief's folder.

    Parameters
    ----------
    folder : Path
        Of one track.
    lang : {"zh", "en"}
    """

    def __init__(self, folder: Path, lang: str) -> None:
        self.lang = lang
        self.text = COMMENT.sub("", (folder / f"brief.{lang}.md").read_text(encoding="utf-8"))
        self.files = {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}
        self.summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))

    @cached_property
    def claims(self) -> pd.DataFrame:
        return self.files["claims"].set_index("claim_id")

    @cached_property
    def constants(self) -> set[float]:
        """Dates, years and settings: what every sentence may name."""
        numbers = {float(v) for v in Settings().as_dict().values() if isinstance(v, int | float)}
        documents = self.files["documents"]
        last = int(self.files["track_years"]["year"].max())
        years = {*range(int(documents["year"].min()), int(documents["year"].max()) + 1)}
        years |= {*range(last - 12, last + 4)}
        date = self.summary["as_of"].split("-")
        sizes = {float(len(frame)) for frame in self.files.values()}
        dated = {float(y) for y in years} | {float(part) for part in date}
        return numbers | dated | sizes | BOUNDS | self._coverage(documents, last)

    @staticmethod
    def _coverage(documents: pd.DataFrame, last: int) -> set[float]:
        """Documents by kind, office and language, in the spans of years of the first table."""
        spans = [(0, last - 10), (last - 9, last - 5), (last - 4, last), (last + 1, 9999)]
        found: set[float] = set()
        for _, rows in documents.groupby(["kind", "office", "language"], dropna=False):
            found |= {float(rows["year"].between(*span).sum()) for span in spans}
            found.add(float(len(rows)))
        return found

    @cached_property
    def rows_by_name(self) -> dict[str, list[pd.Series]]:
        """Rows of all files by each name that stands in them."""
        found: dict[str, list[pd.Series]] = {}
        for stem, frame in self.files.items():
            if stem == "claims":
                continue
            columns = [name for name in NAMES if name in frame.columns]
            for _, row in frame.iterrows():
                for name in columns:
                    if isinstance(row[name], str):
                        found.setdefault(bare(row[name]), []).append(row)
                if isinstance(row.get("country"), str):
                    name = bare(term(COUNTRIES, row["country"], self.lang))
                    found.setdefault(name, []).append(row)
        ids = {
            (str(row[column]), name)
            for name, rows in found.items()
            for row in rows
            for column in ("unit_id", "topic_id")
            if isinstance(row.get(column), str)
        }
        for unit, name in sorted(ids):  # files that have the id only: indicators, lineage …
            found[name] += [row for row in self._rows_by_id.get(unit, []) if bare(unit) != name]
        return found

    @cached_property
    def _rows_by_id(self) -> dict[str, list[pd.Series]]:
        found: dict[str, list[pd.Series]] = {}
        for stem, frame in self.files.items():
            columns = {"unit_id", "topic_id", "before"} & set(frame.columns)
            if stem not in {"claims", "documents", "topic_years"}:
                for _, row in frame.iterrows():
                    for unit in {row[column] for column in columns if isinstance(row[column], str)}:
                        found.setdefault(unit, []).append(row)
        return found

    def rows(self, line: str) -> list[pd.Series]:
        """Rows of the claims that a line cites, and of the things that it names."""
        plain = bare(MARKUP.sub("", line))
        cited = [self.claims.loc[mark] for mark in MARK.findall(line)]
        named = [row for name, rows in self.rows_by_name.items() if self._names(name, plain)
                 for row in rows]  # fmt: skip
        return cited + named

    @staticmethod
    def _names(name: str, plain: str) -> bool:
        if name in plain:
            return True
        return any(len(part) > 4 and name.startswith(part)
                   for part in re.split(r"[|;；、,（(“‘]", plain.replace(SHORT, SHORT + "|"))
                   for part in [part.removesuffix(SHORT)]
                   if SHORT in plain)  # fmt: skip


def values_of(rows: Iterable[pd.Series]) -> set[float]:
    """Numbers of some rows as a text may show them: as they are, in per cent, as yearly change."""
    found: set[float] = set()
    for row in rows:
        for name, cell in row.items():
            if isinstance(cell, str):
                if name in {"statement_zh", "statement_en", "reason_zh", "reason_en"}:
                    found |= {parsed(m)[0] for m in NUMBER.finditer(cell)}
                elif str(name).endswith(("ids", "_orgs", "leaders")):
                    found.add(float(len(cell.split(";"))))
                continue
            if isinstance(cell, bool) or pd.isna(cell):
                continue
            value = float(cell)
            found |= {value, 100 * value}
            if abs(value) < 20:
                found.add(100 * math.expm1(value))
    return found


def parsed(match: re.Match[str]) -> tuple[float, float]:
    """A printed number and half the unit of its last place."""
    sign, digits, _ = match.groups()
    places = len(digits.partition(".")[2])
    value = float(digits.replace(",", ""))
    return (-value if sign == "−" else value), 0.5 * 10**-places


def untraced(evidence: Evidence) -> tuple[int, list[str]]:
    """How many numbers the findings of a brief hold, and those found in no row behind them."""
    total, lost = 0, []
    body = evidence.text.split(METHODS)[0]
    body = re.sub(r"\|[^\n]*PatentsView[^\n]*", "", body)  # the title of the corpus
    heads: list[str] = []
    for line in body.splitlines():
        if line.startswith(("#", "!", "Table:", "表：", "---", "Figure")) or not line.strip():
            heads = [] if not line.startswith("|") else heads
            continue
        if line.startswith("|") and re.fullmatch(r"[|\s:-]+", line):
            continue
        if line.startswith("|") and not heads:
            heads = cells(line)
            continue
        plain = REFERENCE.sub("", MARK.sub("", MARKUP.sub("", line)))
        names = [name for name in evidence.rows_by_name if re.search(r"\d", name)]
        pool = values_of(evidence.rows(line)) | evidence.constants
        for match in NUMBER.finditer(plain):
            value, half = parsed(match)
            total += 1
            sign = match[1]
            near = any(
                (sign == "<" and v < value) or (sign == ">" and v > value)
                or abs(v - value) <= half + PRECISION * max(1, abs(v))
                for v in pool
            )  # fmt: skip
            inside = any(match[2] in name for name in names if name in bare(plain))
            if not near and not inside:
                lost.append(f"{match[0]} in: {line[:160]}")
    return total, lost


def ids_of(cell: object) -> list[str]:
    """Ids of a cell joined by semicolons."""
    return [one for one in cell.split(";") if one] if isinstance(cell, str) else []


def without_documents(evidence: Evidence) -> list[str]:
    """Rows whose number of documents is not that of the documents that they name."""
    files = evidence.files
    documents = files["documents"].set_index("doc_id")
    lost = []
    counted = {"branches": "n_docs", "organisations": "n_docs", "places": "n_docs",
               "cities": "n_docs", "landmarks": "n_docs", "zhejiang": "n_zhejiang",
               "candidates": "n_docs"}  # fmt: skip
    for stem, column in counted.items():
        for _, row in files[stem].iterrows():
            ids = ids_of(row["doc_ids"])
            number = 0 if pd.isna(row[column]) else int(row[column])
            if stem == "candidates" and row["state"] == "dropped":
                continue
            if len(ids) != number or not set(ids) <= set(documents.index):
                lost.append(f"{stem}: {number} documents, {len(ids)} ids: {row.iloc[0]}")
    last = int(files["track_years"]["year"].max())
    known = documents[documents["year"] <= last]
    members = known.assign(sub=known["sub_directions"].fillna("").str.split(";")).explode("sub")
    sizes = pd.concat([members["sub"].value_counts(), known["topic_id"].value_counts()])
    for unit, number in files["scores"].set_index("unit_id")["n_docs"].items():
        if sizes.get(unit, 0) != number:
            lost.append(f"scores: {number} documents, {sizes.get(unit, 0)} found: {unit}")
    for stem, column in (("track_years", None), ("topic_years", "topic_id")):
        frame = files[stem]
        rows = known if column is None else known.dropna(subset=[column])
        keys = ["year"] if column is None else [column, "year"]
        found = rows.groupby(keys).size()
        printed = frame.set_index(keys)["n_docs"]
        if not printed.equals(found.reindex(printed.index, fill_value=0).astype(printed.dtype)):
            lost.append(f"{stem}: counts differ from the documents")
    return lost + [
        f"claims: {claim} names no document"
        for claim, row in evidence.claims.iterrows()
        if not ids_of(row["doc_ids"])
        and row["value"] != 0
        and row["unit"] != "items"  # of the plan
    ]
