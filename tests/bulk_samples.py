"""Small files in the layouts of the whole data sets, as their publishers document them."""

import gzip
import io
import json
import random
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

WORDS = ("solid electrolyte lithium battery cell interface sulfide conductor anode cathode film "
         "growth stable cycle rate thermal model study of the in for with and").split()  # fmt: skip


def work(number, rng, **changes):
    """A work of the OpenAlex snapshot; about 3 kB, as the real ones are."""
    words = [rng.choice(WORDS) + (str(rng.randrange(900)) if rng.random() < 0.4 else "")
             for _ in range(120)]  # fmt: skip
    index = {}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    people = [
        {
            "author_position": "middle",
            "author": {"id": f"https://openalex.org/A{number}{k}", "display_name": f"Li Author{k}"},
            "institutions": [
                {"id": "https://openalex.org/I76130692", "display_name": "Zhejiang University",
                 "country_code": "CN", "type": "education"}
            ] if k != 2 else [],
            "countries": ["CN"],
            "raw_author_name": f"L. Author{k}",
            "raw_affiliation_strings": [
                f"Dept {rng.randrange(99)}, Zhejiang University, Hangzhou 310027, China"
            ],
        }
        for k in range(rng.randrange(1, 6))
    ]  # fmt: skip
    made = {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.1000/Work{number}" if number % 3 else None,
        "title": f"Study {number} of {words[0]} {words[1]}",
        "display_name": f"Study {number}",
        "publication_year": 2000 + number % 25,
        "publication_date": f"{2000 + number % 25}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        "language": "en",
        "type": "article",
        "is_retracted": False,
        "is_paratext": False,
        "cited_by_count": rng.randrange(50),
        "primary_location": {"source": {"display_name": "Journal of Cells"}},
        "authorships": people,
        "referenced_works": [
            f"https://openalex.org/W{rng.randrange(number + 1)}" for _ in range(rng.randrange(30))
        ],
        "primary_topic": {"id": "https://openalex.org/T10018", "score": 0.9},
        "topics": [{"id": "https://openalex.org/T10018"}, {"id": "https://openalex.org/T11472"}],
        "keywords": [{"id": "https://openalex.org/keywords/battery", "display_name": "Battery"}],
        "abstract_inverted_index": index if number % 5 < 3 else None,
        "counts_by_year": [{"year": 2024, "cited_by_count": 3}],
        "updated_date": "2024-11-02T00:00:00",
    }
    return {**made, **changes}


ODD_WORKS = (
    {"title": "Solid <i>state</i>   &amp; more\u2003words", "doi": "https://doi.org/10.1002/A;2-Q"},
    {"title": None, "display_name": "By its display name"},
    {"title": "", "display_name": None},
    {"title": " \n ", "display_name": "Second"},
    {"publication_date": None},
    {"publication_date": None, "publication_year": None},
    {"publication_date": "2020-02-31"},
    {"publication_date": "soon"},
    {"id": None},
    {"id": "https://openalex.org/"},
    {"id": "W77"},
    {"is_retracted": True, "language": None, "type": " book  chapter "},
    {"primary_location": None, "authorships": None, "topics": [], "primary_topic": None},
    {"primary_topic": {"id": "https://openalex.org/T9"}},
    {"topics": "none", "keywords": [None, {"display_name": " "}, {"display_name": "<b>K</b>"}]},
    {"referenced_works": [None, "x", "https://openalex.org/W3", "https://openalex.org/W3"]},
    {"abstract_inverted_index": {"b": [1, 3], "<jats:p>a": [0, 2]}},
    {"abstract_inverted_index": {}},
    {"abstract_inverted_index": []},
    {"authorships": [
        {"author": None, "raw_author_name": " R  Name ", "institutions": None,
         "raw_affiliation_strings": ["CERN, Geneva, Switzerland; x"]},
        {"author": {"display_name": None}, "institutions": [], "countries": []},
        {"author": {"display_name": "Two"}, "countries": ["DE", "CN"],
         "institutions": [{"display_name": "Siemens  AG", "country_code": None},
                          {"display_name": "X", "country_code": "FR"}],
         "raw_affiliation_strings": ["Elsewhere, Paris, France", "Siemens AG, Munich"]},
    ]},
)  # fmt: skip


def works(count=40, seed=1):
    """Lines of works: ordinary ones, odd ones, a repetition."""
    rng = random.Random(seed)  # noqa: S311 (test data)
    made = [work(number, rng) for number in range(1, count + 1)]
    made += [work(1000 + place, rng, **odd) for place, odd in enumerate(ODD_WORKS)]
    return [*made, made[3]]


def as_lines(records):
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode()


BAD_LINES = b'{"id": \n\n[1, 2]\n"text"\n{"id": "\xff"}\n'


def arxiv_records():
    """Records of arXiv's metadata."""
    made = [
        {
            "id": f"{701 + number:04d}.{number:05d}" if number else "hep-th/9901001",
            "submitter": "Someone",
            "authors": "A. Ä. Émile and B. Li",
            "title": f"Qubits and\n  their number {number}",
            "comments": "12 pages",
            "journal-ref": "Phys.Rev.D76:013009,2007" if number % 2 else None,
            "doi": f"10.1103/PhysRevD.76.{number}" if number % 2 else None,
            "report-no": None,
            "categories": "quant-ph cs.LG  quant-ph",
            "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
            "abstract": "  We show that qubits\ncan be counted &lt; 5.\n",
            "versions": [
                {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
                {"version": "v2", "created": "Tue, 24 Jul 2012 20:10:27 GMT"},
            ],
            "update_date": "2012-07-25",
            "authors_parsed": [["Émile", "A. Ä.", ""], ["Li", "B.", "Jr", "Zhejiang Univ"]],
        }
        for number in range(30)
    ]
    made[5]["versions"] = []
    made[6]["title"] = None
    made[7]["id"] = None
    return [*made, made[0]]


def _local(**texts):
    return [{"text": text, "language": lang, "truncated": False} for lang, text in texts.items()]


def _code(*codes):
    return [{"code": c, "inventive": i == 0, "first": i == 0, "tree": []}
            for i, c in enumerate(codes)]  # fmt: skip


def google_rows():
    """Rows of Google's table `publications`."""
    base = {
        "country_code": "CN", "kind_code": "A", "family_id": "61000001",
        "title_localized": _local(zh="固态电池电解质", en="Solid battery electrolyte"),
        "abstract_localized": _local(en="An electrolyte.", zh="一种电解质。"),
        "publication_date": 20190702, "filing_date": 20180101, "priority_date": 20180101,
        "grant_date": 0, "inventor": ["LI WEI"],
        "inventor_harmonized": [{"name": "LI WEI", "country_code": "CN"}],
        "assignee_harmonized": [{"name": "ZHEJIANG UNIV", "country_code": "CN"},
                                {"name": "LI WEI", "country_code": "CN"}],
        "cpc": _code("H01M10/0562", "Y02E60/10"), "ipc": _code("H01M10/0562"),
        "citation": [{"publication_number": "US-7642217-B2", "npl_text": "", "type": "P"},
                     {"publication_number": "", "npl_text": "Li, doi 10.1000/Abc.", "type": ""},
                     {"publication_number": "", "npl_text": "a book", "type": ""}],
    }  # fmt: skip

    def row(number, **changes):
        return {**base, "publication_number": number, **changes}

    return [
        row("CN-110000001-A"),
        row("CN-110000001-B", kind_code="B", publication_date=20210301, grant_date=20210301),
        row("CN-203572336-U", kind_code="U"),
        row("US-7642217-B2", country_code="US", kind_code="B2", family_id="-1",
            title_localized=_local(en="Cell &amp; <b>stack</b>"), grant_date=20100105,
            abstract_localized=[], citation=None, cpc=None),
        row("JP-5123456-B2", country_code="JP", title_localized=[]),
        row("EP-3000001-A1", country_code="EP", publication_date=0),
        row("DE-102014009903-A1", country_code="DE",
            title_localized=_local(de="Zelle"), abstract_localized=_local(de="Eine Zelle.")),
        row("CN-110000001-A", title_localized=_local(en="Again")),
        row("nonsense"),
    ]  # fmt: skip


def google_file(path, rows=None):
    pq.write_table(pa.Table.from_pylist(google_rows() if rows is None else rows), path)
    return path


# Table to columns and rows; a row's cells stand between tabs, as in the files.
PATENTSVIEW_TABLES = {
    "g_patent": (
        "patent_id patent_type patent_date patent_title wipo_kind num_claims withdrawn filename",
        (
            '10000001\tutility\t2018-06-19\t"Battery ""solid"" cell"\tB2\t12\t0\tipg.xml\n'
            '10000002\tutility\t2018-06-19\t"Multi\n'
            'line title"\tB1\t3\t0\tipg.xml\n'
            "D800001\tdesign\t2017-10-17\tChair\tS1\t1\t0\tipg.xml\n"
            "10000003\tutility\t2018-06-26\t\tB2\t1\t0\tipg.xml\n"
            "10000004\tutility\t\tNo date\tB2\t1\t0\tipg.xml\n"
            "9000001\tutility\t2015-04-07\tWithdrawn\tB2\t1\t1\tipg.xml\n"
            "10000001\tutility\t2018-06-19\tRepeated\tB2\t12\t0\tipg.xml\n"
        ),
    ),
    "g_patent_abstract": (
        "patent_id patent_abstract",
        "10000001\tA cell with a solid electrolyte.\n",
    ),
    "g_application": (
        "application_id patent_id patent_application_type filing_date series_code",
        "15000001\t10000001\t15\t2017-01-03\t15\n15000002\t10000002\t15\t2074-01-03\t15\n",
    ),
    "g_cpc_current": (
        "patent_id cpc_sequence cpc_section cpc_class cpc_subclass cpc_group cpc_type",
        (
            "10000001\t0\tH\tH01\tH01M\tH01M10/0562\tinventional\n"
            "10000001\t1\tY\tY02\tY02E\tY02E60/10\tadditional\n"
            "10000001\t2\tH\tH01\tH01M\tH01M10/0562\tadditional\n"
            "99\t0\tH\tH01\tH01M\tH01M10/0562\tinventional\n"
        ),
    ),
    "g_us_patent_citation": (
        (
            "patent_id citation_sequence citation_patent_id citation_date record_name wipo_kind "
            "citation_category"
        ),
        (
            "10000002\t0\t10000001\t2018-06-19\tLi\tB2\tcited by examiner\n"
            "10000002\t1\t7642217\t2010-01-05\tSmith\tB2\tcited by applicant\n"
            "10000002\t2\t20200012345\t\tX\tA1\tcited by applicant\n"
        ),
    ),
    "g_other_reference": (
        "patent_id other_reference_sequence other_reference_text",
        (
            "10000001\t0\tLi et al., J. Cells 2010, doi: 10.1000/Abc.\n"
            "10000001\t1\tA book without a number\n"
        ),
    ),
    "g_assignee_disambiguated": (
        (
            "patent_id assignee_sequence assignee_id disambig_assignee_individual_name_first "
            "disambig_assignee_individual_name_last disambig_assignee_organization assignee_type "
            "location_id"
        ),
        "10000001\t0\ta\t\t\tZhejiang University\t3\tl1\n10000002\t0\tb\tWei\tLi\t\t5\tl2\n",
    ),
    "g_inventor_disambiguated": (
        (
            "patent_id inventor_sequence inventor_id disambig_inventor_name_first "
            "disambig_inventor_name_last gender_code location_id"
        ),
        "10000001\t1\tx\tBo\tWang\tM\tl1\n10000001\t0\ty\tWei\tLi\tM\tl1\n",
    ),
    "g_location_disambiguated": (
        "location_id disambig_city disambig_state disambig_country latitude longitude",
        "l1\tHangzhou\t\tCN\t30.2\t120.1\nl2\tSan Jose\tCA\tUS\t37.3\t-121.9\n",
    ),
}
PATENTSVIEW = {
    name: "\t".join(columns.split()) + "\n" + rows
    for name, (columns, rows) in PATENTSVIEW_TABLES.items()
}


def zipped(name, data):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.tsv", data)
    return stream.getvalue()


def patentsview_folder(folder, **changes):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**PATENTSVIEW, **changes}.items():
        if text is not None:
            data = text if isinstance(text, bytes) else text.encode()
            (folder / f"{name}.tsv.zip").write_bytes(zipped(name, data))
    return folder


def snapshot_folder(folder):
    lines = as_lines(works())
    half = lines.index(b"\n", len(lines) // 2) + 1
    for day, data in (("2024-01-01", lines[:half]), ("2024-02-01", lines[half:] + BAD_LINES)):
        part = folder / f"updated_date={day}" / "part_000.gz"
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(gzip.compress(data))
    return folder
