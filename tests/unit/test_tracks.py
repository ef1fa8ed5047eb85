"""The registry's loader: what it refuses, and what its tables hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from foresight._registry_schema import CLASS_PREFIX
from foresight.concordance import Concordance
from foresight.corpus.terms import is_acronym
from foresight.errors import RegistryError, UnknownTrackError
from foresight.settings import data_dir
from foresight.tracks import (
    TERM_KINDS,
    Registry,
    class_matches,
    class_start,
    load_registry,
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the registry that a test may spoil."""
    target = tmp_path / "tracks"
    shutil.copytree(data_dir() / "tracks", target)
    return target


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "the edit changed nothing"
    path.write_text(after, encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["quantum", "量子科技", "Quantum science and technology", " QUANTUM "]
)
def test_a_track_is_found_by_slug_chinese_or_english_name(registry: Registry, name: str) -> None:
    assert registry.track(name).slug == "quantum"


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("quantm", "quantum"),
        ("graphen", "graphene"),
        ("人工智能", "general-ai"),
        ("hydrogen", "clean-hydrogen"),
    ],
)
def test_an_unknown_track_suggests_the_nearest(
    registry: Registry, name: str, suggested: str
) -> None:
    with pytest.raises(UnknownTrackError, match=f"{name}.*Did you mean {suggested}"):
        registry.track(name)


def test_a_name_like_no_other_lists_all_tracks(registry: Registry) -> None:
    with pytest.raises(UnknownTrackError, match=r"Known are: general-ai, .*eye-health"):
        registry.track("zzzzzz")
    with pytest.raises(UnknownTrackError, match="Known are"):
        registry.track("")


def test_a_sub_direction_is_found_by_id(registry: Registry) -> None:
    assert registry.sub_direction("ccus/storage").literal == ("封存",)
    with pytest.raises(UnknownTrackError, match="ccus/capture"):
        registry.sub_direction("ccus/nothing")


def test_an_unknown_key_names_the_file_and_the_known_keys(folder: Path) -> None:
    edit(folder / "registry" / "11-quantum.yml", lambda text: text + "colour: blue\n")
    with pytest.raises(RegistryError, match=r"11-quantum\.yml.*colour.*name_en, name_zh"):
        load_registry(folder)


def test_an_unknown_key_inside_a_sub_direction_is_refused(folder: Path) -> None:
    edit(
        folder / "registry" / "11-quantum.yml",
        lambda text: text.replace("    kind: direction\n", "    kind: direction\n    heat: 1\n", 1),
    )
    with pytest.raises(RegistryError, match=r"11-quantum\.yml, `sub_directions` 1.*heat.*context_"):
        load_registry(folder)


@pytest.mark.parametrize("name", ["landmarks.yml", "cities.yml", "targets.yml", "concordance.yml"])
def test_an_unknown_key_in_the_other_files_is_refused(folder: Path, name: str) -> None:
    edit(folder / name, lambda text: text + "extra: 1\n")
    with pytest.raises(RegistryError, match=f"{name}.*extra"):
        load_registry(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tier: active_layout", "tier: someday", "one of priority, active_layout"),
        ("number: 11", "number: eleven", "whole number above 0"),
        ("number: 11", "number: 12", "Name it 12-quantum.yml"),
        ("core: [G06N10, ", "core: [G06N10/00, ", "without /00"),
        ("core: [G06N10, ", "core: [H04 quantum, ", "main group"),
        ("en: [quantum dot display", "en: [quantum dot (display)", "bare terms"),
        ("en: [quantum dot display", "en: [qubit", "sought and excluded"),
        ("literal: [量子计算]", "literal: []", "`literal` is empty"),
        ("literal: [量子计算]", "literal: [量子计算, 量子计算]", "without repeats"),
        ("literal: [量子计算]", "literal: 量子计算", "a list of texts"),
        ("id: quantum/quantum-chips", "id: quantum/quantum-computing", "used more than once"),
        ("id: quantum/quantum-chips", "id: chips", "must be quantum/"),
        ("slug: quantum\n", "slug: quantum\nslug: quantum\n", "more than once"),
        ("slug: quantum\n", "slug: [\n", "not readable as YAML"),
        ("name_en: Quantum science and technology", "name_en: yes", "quoted"),
    ],
)
def test_a_malformed_track_is_refused(folder: Path, old: str, new: str, message: str) -> None:
    edit(folder / "registry" / "11-quantum.yml", lambda text: text.replace(old, new, 1))
    with pytest.raises(RegistryError, match=message):
        load_registry(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("landmarks.yml", "tracks: [embodied-ai]", "tracks: [robots]", "robots"),
        ("cities.yml", "track: quantum,", "track: quanta,", "quanta"),
        ("cities.yml", "[next-gen-mobile/6g]", "[quantum/quantum-chips]", "ids of next-gen-mobile"),
        ("cities.yml", "match: exact", "match: guessed", "one of exact"),
        ("concordance.yml", 'since: "2023.01"', 'since: "2023"', "YYYY.MM"),
        ("concordance.yml", ", note_zh: 有机电固体器件", "", "note_zh"),
        ("targets.yml", "number: 100", "number: 0", "above 0"),
    ],
)
def test_a_malformed_companion_file_is_refused(
    folder: Path, name: str, old: str, new: str, message: str
) -> None:
    edit(folder / name, lambda text: text.replace(old, new, 1))
    with pytest.raises(RegistryError, match=message):
        load_registry(folder)


def test_a_missing_file_or_folder_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "targets.yml").unlink()
    with pytest.raises(RegistryError, match=r"targets\.yml is missing"):
        load_registry(folder)
    with pytest.raises(RegistryError, match="no track file"):
        load_registry(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("prefix", "code", "inside"),
    [
        ("G06N", "G06N10/20", True),
        ("G06N", "G06Q10/04", False),
        ("G06F16", "G06F16/00", True),
        ("G06F16", "G06F16/29", True),
        ("G06F16", "G06F161/00", False),
        ("G06F16", "G06F1/16", False),
        ("H01M10/0562", "H01M10/0562", True),
        ("H01M10/056", "H01M10/0562", True),
        ("H01M10/0562", "H01M10/0565", False),
        ("Y02E60/50", "Y02E60/50", True),
        ("H01M2300/0065", "H01M2300/0065", True),
    ],
)
def test_the_prefix_convention(prefix: str, code: str, inside: bool) -> None:
    assert class_matches(prefix, code) is inside
    assert code.startswith(class_start(prefix)) is inside


def test_the_digest_depends_on_content_alone(registry: Registry, folder: Path) -> None:
    assert load_registry(folder).digest == registry.digest
    edit(folder / "registry" / "15-graphene.yml", lambda text: "# a remark\n" + text)
    assert load_registry(folder).digest == registry.digest
    edit(
        folder / "registry" / "15-graphene.yml",
        lambda text: text.replace("graphene film", "graphene foil", 1),
    )
    assert load_registry(folder).digest != registry.digest


def test_interpreted_city_phrases_can_be_left_out(registry: Registry) -> None:
    strict = load_registry(interpreted=False)
    with_all, without = registry.city_fields(), strict.city_fields()
    dropped = with_all[with_all["match"] == "interpreted"]
    assert set(dropped["phrase"]) == {"新型储能", "前沿新材料"}
    assert len(without) == len(with_all) - len(dropped)
    assert "interpreted" not in set(without["match"])
    assert strict.digest != registry.digest


def test_city_fields_name_a_sub_direction_exactly_where_one_is_meant(registry: Registry) -> None:
    fields = registry.city_fields()
    assert (fields["sub_direction"].notna() == (fields["match"] == "sub_direction")).all()
    hangzhou = fields[(fields["city_en"] == "Hangzhou") & (fields["level"] == "active")]
    assert hangzhou["phrase"].tolist() == ["元宇宙", "量子科技", "6G", "商业航天", "原子级制造"]


def test_terms_are_one_row_each_with_known_kinds(registry: Registry) -> None:
    terms = registry.terms()
    assert terms.columns.tolist() == ["track", "sub_direction", "kind", "term"]
    assert set(terms["kind"]) == set(TERM_KINDS)
    assert not terms.duplicated().any()
    assert terms["term"].notna().all()
    known = {sub.id for track in registry.tracks for sub in track.sub_directions}
    assert set(terms["sub_direction"].dropna()) == known
    tracks = terms["sub_direction"].dropna().str.partition("/")[0]
    assert (tracks == terms["track"].loc[tracks.index]).all()


def test_no_term_holds_a_remark(registry: Registry) -> None:
    terms = registry.terms()
    words = terms.loc[~terms["kind"].str.endswith("class"), "term"]
    assert words[words.str.contains(r"[()（）]|->")].tolist() == []
    classes = terms.loc[terms["kind"].str.endswith("class"), "term"]
    assert [code for code in classes if not CLASS_PREFIX.fullmatch(code)] == []
    topics = terms.loc[terms["kind"] == "topic", "term"]
    assert topics.str.fullmatch(r"T\d{5}").all()


def test_ids_are_unique(registry: Registry) -> None:
    ids = [sub.id for track in registry.tracks for sub in track.sub_directions]
    assert len(ids) == len(set(ids)) == 142


# Core classes that were a part of a wider old symbol, or became a part of several: documents of
# the other side come by keywords only. Each was looked at; a new one must be.
KNOWN_GAPS = {
    "quantum/software-algorithms": "G06N10/",
    "quantum/scenario-applications": "G06N10/60",
    "brain-inspired/brain-computer-interface": "A61B5/",
    "ccus/utilisation": "C25B3/26",
    "geoinformation/surveying-remote-sensing": "G06V20/13",
}


def test_a_core_class_that_was_moved_is_sought_under_both_names(registry: Registry) -> None:
    """Documents before and after the move must not vanish from a series."""
    moves = Concordance(registry.concordance)
    parts = [part for track in registry.tracks for part in (*track.sub_directions, track)]
    open_ends = [
        (getattr(part, "id", ""), code) for part in parts for code in moves.gaps(part.classes.core)
    ]
    unknown = [
        (name, code)
        for name, code in open_ends
        if name not in KNOWN_GAPS or not code.startswith(KNOWN_GAPS[name])
    ]
    assert unknown == []
    assert {name for name, _ in open_ends} == set(KNOWN_GAPS), "a gap was closed: take it out"


def test_an_acronym_counts_only_beside_a_class(registry: Registry) -> None:
    """Three capitals mean too much: LLM is a degree too, CNN a broadcaster."""
    terms = registry.terms()
    alone = terms.loc[terms["kind"].isin(["keyword_en", "keyword_zh"]), "term"]
    assert [term for term in alone if term.isalpha() and is_acronym(term)] == []


def test_every_sub_direction_can_be_found(registry: Registry) -> None:
    """Each has Chinese and English keywords, and a class, core or broad."""
    for track in registry.tracks:
        for sub in track.sub_directions:
            assert sub.keywords.en, sub.id
            assert sub.keywords.zh, sub.id
            assert sub.classes.core or sub.classes.broad, sub.id
