import pandas as pd
import pytest

from foresight import tables
from foresight.corpus.hits import TERM_COLUMNS
from foresight.corpus.select import KEPT, contains_any, match_tracks
from foresight.errors import RegistryError


def terms(*rows):
    """Terms from (kind, term[, sub_direction[, track]])."""
    full = [(*row, *(None, "battery")[len(row) - 2 :]) for row in rows]
    frame = pd.DataFrame(full, columns=["kind", "term", "sub_direction", "track"], dtype="str")
    return frame[list(TERM_COLUMNS)]


@pytest.fixture
def match(make):
    def run(texts, rows, codes=()):
        docs = pd.DataFrame(
            {"doc_id": list(texts), "title": list(texts.values()), "kind": "patent"}
        ).assign(published="2001-01-01")
        given = pd.DataFrame(
            [(*code, "cpc")[:3] for code in codes], columns=["doc_id", "code", "scheme"]
        )
        corpus = make(documents=docs, classes=given.astype("str"))
        return match_tracks(corpus, terms(*rows))

    return run


def found(frame):
    return set(frame[["doc_id", "route", "term"]].itertuples(index=False, name=None))


def test_core_class_alone_is_enough(match):
    rows = match({"d": "x"}, [("core_class", "H01M10/05")], [("d", "H01M10/0562")])
    assert found(rows) == {("d", "class", "H01M10/05")}


@pytest.mark.parametrize(
    ("prefix", "code", "under"),
    [
        ("G06F16", "G06F16/35", True),
        ("G06F16", "G06F16", True),
        ("G06F16/", "G06F16/35", True),
        ("G06F16", "G06F161/00", False),
        ("G06N", "G06N3/08", True),
        ("H01M10/05", "H01M10/0562", True),
        ("H01M10/0562", "H01M10/05", False),
        ("h01m 10/05", "H01M 10/0562", True),
        ("H01M1", "H01M10/05", False),
        ("B60", "B60L50/60", True),
    ],
)
def test_prefixes(match, prefix, code, under):
    rows = match({"d": "x"}, [("core_class", prefix)], [("d", code)])
    assert (len(rows) == 1) is under


def test_classes_of_other_schemes_are_not_codes(match):
    assert match({"d": "x"}, [("core_class", "G06")], [("d", "G06N3/08", "keyword")]).empty


def test_broad_class_needs_a_word_of_the_same_track(match):
    rows = [
        ("broad_class", "H01M4"),
        ("keyword_en", "lithium battery", "battery/solid"),
        ("context_en", "electrolyte"),
        ("keyword_en", "telescope", None, "space"),
    ]
    codes = [(doc, "H01M4/36") for doc in ("none", "key", "context", "foreign")]
    texts = {
        "none": "an apparatus",
        "key": "A lithium battery",
        "context": "An electrolyte",
        "foreign": "A telescope",
        "loose": "An electrolyte",
    }
    result = match(texts, rows, codes)
    assert found(result) == {
        ("key", "class", "H01M4"),
        ("key", "keyword", "lithium battery"),
        ("context", "class", "H01M4"),
        ("context", "keyword", "electrolyte"),
        ("foreign", "keyword", "telescope"),
    }
    by_term = result.set_index(["doc_id", "term"])["sub_direction"]
    assert by_term["key", "lithium battery"] == "battery/solid"
    assert pd.isna(by_term["key", "H01M4"])


def test_context_counts_beside_a_core_class(match):
    rows = [("core_class", "H01M4"), ("context_en", "electrolyte")]
    result = match({"d": "electrolytes"}, rows, [("d", "H01M4/36")])
    assert found(result) == {("d", "class", "H01M4"), ("d", "keyword", "electrolyte")}


@pytest.mark.parametrize(
    ("kind", "term"),
    [("exclude_en", "toy"), ("exclude_zh", "玩具"), ("exclude_class", "A63H")],
)
def test_exclusion_wins_over_every_route_of_its_track_only(match, kind, term):
    rows = [
        (kind, term),
        ("core_class", "H01M10"),
        ("keyword_en", "battery"),
        ("topic", "T10"),
        ("keyword_en", "battery", None, "other"),
    ]
    codes = [("d", "H01M10/05"), ("d", "A63H1/00"), ("d", "T10", "openalex_topic")]
    result = match({"d": "toys with a battery 玩具"}, rows, codes)
    assert set(result["track"]) == {"other"}


@pytest.mark.parametrize(
    ("term", "text", "hit"),
    [
        ("solid state battery", "Solid-State Batteries!", True),
        ("solid-state batteries", "a solid state battery", True),
        ("micro-LED", "MicroLED panel", True),
        ("micro-LED", "micro LEDs", True),
        ("carbon fibre", "CARBON FIBER", True),
        ("carbon fiber", "carbon fibres", True),
        ("polymerization", "polymerisation", True),
        ("data centre", "data centers", True),
        ("LED", "an LED lamp", True),
        ("LED", "two LEDs", True),
        ("LED", "led by a guide", False),
        ("ion", "a lion", False),
        ("fuel cell", "fuel; cell", True),
        ("fuel cell", "fuel cellar", False),
        ("neural network", "a neural\nnetwork", True),
        ("C.*", "cat", False),
        ("naive", "naïve", True),
    ],
)
def test_english_terms(match, term, text, hit):
    assert (len(match({"d": text}, [("keyword_en", term)])) == 1) is hit
    assert contains_any(pd.Series([text]), en=[term]).tolist() == [hit]


@pytest.mark.parametrize(
    ("term", "text", "hit"),
    [
        ("大模型", "基于大 模型的方法", True),
        ("AI大模型", "一种ＡＩ大模型", True),
        ("大模型", "大型模具", False),
        ("AIGC", "基于AIGC的方法", True),
        ("6G", "面向6G网络", True),
        ("氢", "绿氢", True),
        ("氢", "绿电", False),
        ("锂,钠", "一种锂，钠电池", True),
        ("锂,钠", "一种锂；钠电池", False),
        ("大模型", "大,模型", False),
        ("大模型", "方法；大模型", True),
        ("电池", "锂电池", True),
        ("电池", "电、池", False),
    ],
)
def test_chinese_terms(match, term, text, hit):
    assert (len(match({"d": text}, [("keyword_zh", term)])) == 1) is hit
    assert contains_any(pd.Series([text]), zh=[term]).tolist() == [hit]


def test_a_phrase_does_not_span_title_and_abstract(make):
    docs = pd.DataFrame(
        {"doc_id": ["d"], "kind": "paper", "title": "fuel", "abstract": "cell"}
    ).assign(published="2001-01-01")
    corpus = make(documents=docs)
    assert match_tracks(corpus, terms(("keyword_en", "fuel cell"))).empty


def test_topics_match_with_and_without_their_address(match):
    codes = [("a", "T10", "openalex_topic"), ("b", "https://openalex.org/T10", "openalex_topic")]
    codes.append(("c", "T100", "openalex_topic"))
    rows = match({"a": "x", "b": "x", "c": "x"}, [("topic", "T10")], codes)
    assert found(rows) == {("a", "topic", "T10"), ("b", "topic", "T10")}


def test_one_term_in_two_lists_is_one_row_each_sub_direction(match):
    rows = [
        ("keyword_en", "AIGC", "s1"),
        ("keyword_zh", "AIGC", "s1"),
        ("keyword_en", "AIGC", "s2"),
    ]
    assert len(match({"d": "AIGC"}, rows)) == 2


def test_the_result_keeps_its_contract_and_order(match):
    texts = {f"d{n}": "battery and fuel cell" for n in range(5)}
    result = match(texts, [("keyword_en", "fuel cell"), ("keyword_en", "battery")])
    tables.check(result, tables.TRACK_MATCHES)
    assert list(result.columns) == tables.TRACK_MATCHES.names
    assert result.equals(tables.sort(result, tables.TRACK_MATCHES.key))


def test_matches_are_kept_and_the_oldest_removed(make):
    docs = pd.DataFrame({"doc_id": ["d"], "kind": "paper", "title": "battery"})
    corpus = make(documents=docs.assign(published="2001-01-01"))
    one = match_tracks(corpus, terms(("keyword_en", "battery")))
    (first,) = corpus.folder.glob("matches-*.parquet")
    again = match_tracks(corpus, terms(("keyword_en", "battery")))
    pd.testing.assert_frame_equal(one, again)
    for name in ("telescope", "antenna", "robot", "sensor"):
        assert match_tracks(corpus, terms(("keyword_en", name))).empty
    kept = list(corpus.folder.glob("matches-*.parquet"))
    assert len(kept) == KEPT
    assert first not in kept


def test_terms_and_inputs_are_checked_and_not_changed(make):
    docs = pd.DataFrame({"doc_id": ["d"], "kind": "paper", "title": "battery"})
    corpus = make(documents=docs.assign(published="2001-01-01"))
    given = terms(("keyword_en", "battery"))
    copy = given.copy()
    match_tracks(corpus, given)
    pd.testing.assert_frame_equal(given, copy)
    with pytest.raises(RegistryError, match="unknown kind"):
        match_tracks(corpus, terms(("keyword", "battery")))
    with pytest.raises(RegistryError, match=r"lack the column\(s\) term"):
        match_tracks(corpus, given.drop(columns="term"))


def test_contains_any_keeps_the_index_and_takes_null_for_empty():
    texts = pd.Series(["fuel cells", None], index=["x", "y"])
    assert contains_any(texts, en=["fuel cell"]).to_dict() == {"x": True, "y": False}
    assert not contains_any(texts).any()


def test_broad_class_and_word_must_be_of_one_sub_direction(match):
    rows = [
        ("broad_class", "H01M4", "battery/a"),
        ("context_en", "electrolyte", "battery/a"),
        ("context_en", "telescope", "battery/b"),
        ("context_en", "battery", None),
    ]
    texts = {"same": "An electrolyte", "other": "A telescope", "track": "A battery"}
    result = match(texts, rows, [(doc, "H01M4/36") for doc in texts])
    assert set(result["doc_id"]) == {"same", "track"}
