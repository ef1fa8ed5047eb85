import gzip
import json

import pytest

from foresight.errors import SourceError
from foresight.sources.pages import JOURNAL, PageStore, only_fetch, read_card, write_card


@pytest.fixture
def store(tmp_path):
    return PageStore(tmp_path / "raw" / "arxiv" / "quantum", now=lambda: "2024-06-01T00:00:00Z")


def reopened(store):
    return PageStore(store.folder)


def test_a_page_comes_back_as_it_was(store):
    body = b'{"a": 1}\r\n\xff'
    store.write("page.1.json.gz", body, asked={"params": {"q": "x"}})
    again = reopened(store)
    assert again.read("page.1.json.gz") == body
    assert again.entry("page.1.json.gz")["fetched"] == "2024-06-01T00:00:00Z"
    assert again.entry("page.1.json.gz")["asked"] == {"params": {"q": "x"}}
    assert gzip.decompress((store.folder / "page.1.json.gz").read_bytes()) == body


def test_the_same_page_gives_the_same_bytes(store, tmp_path):
    other = PageStore(tmp_path / "other")
    for one in (store, other):
        one.write("p.gz", b"x" * 1000, asked={})
    assert (store.folder / "p.gz").read_bytes() == (other.folder / "p.gz").read_bytes()


def test_a_page_is_never_replaced(store):
    store.write("p.gz", b"1", asked={})
    with pytest.raises(SourceError, match="never replaced"):
        store.write("p.gz", b"2", asked={})
    assert store.read("p.gz") == b"1"


def test_killed_between_line_and_page(store):
    store.write("1.gz", b"1", asked={})
    store.write("2.gz", b"2", asked={})
    (store.folder / "2.gz").unlink()  # the line was written, the page was not yet there
    again = reopened(store)
    assert again.names() == ["1.gz"]
    again.write("2.gz", b"2", asked={})
    assert reopened(store).names() == ["1.gz", "2.gz"]


@pytest.mark.parametrize("rest", ['{"file": "3.g', '{"file": "3.gz", "bytes": 1, "sha'])
def test_killed_in_the_middle_of_a_line(store, rest):
    store.write("1.gz", b"1", asked={})
    journal = store.folder / JOURNAL
    journal.write_text(journal.read_text() + rest)
    again = reopened(store)
    assert again.names() == ["1.gz"]
    again.write("2.gz", b"2", asked={})
    assert [json.loads(line)["file"] for line in journal.read_text().splitlines()] == [
        "1.gz",
        "2.gz",
    ]


def test_killed_in_the_middle_of_a_page(store):
    store.write("1.gz", b"1", asked={})
    left = store.folder / ".2.gz.abc.part"
    left.write_bytes(b"half")
    again = reopened(store)
    assert again.names() == ["1.gz"]
    again.sweep()
    assert not left.exists()


@pytest.mark.parametrize(
    "damage",
    [b"", b"\x1f\x8b", gzip.compress(b"other", mtime=0)],
    ids=["empty", "cut", "other"],
)
def test_a_damaged_page_is_refused_with_advice(store, damage):
    store.write("1.gz", b"1", asked={})
    (store.folder / "1.gz").write_bytes(damage)
    with pytest.raises(SourceError, match=r"not as it was written\. Remove .*quantum"):
        reopened(store).read("1.gz")


def test_a_damaged_journal_is_refused_with_its_line(store):
    store.write("1.gz", b"1", asked={})
    store.write("2.gz", b"2", asked={})
    journal = store.folder / JOURNAL
    journal.write_text("scribble\n" + journal.read_text())
    with pytest.raises(SourceError, match=r"journal\.jsonl, line 1, cannot be read"):
        reopened(store)


def test_pages_set_aside_are_kept_and_not_named(store):
    for name in ("page.a.1.gz", "page.a.2.gz", "page.b.1.gz"):
        store.write(name, name.encode(), asked={})
    assert store.set_aside("page.a.") == 2
    assert store.names() == reopened(store).names() == ["page.b.1.gz"]
    store.write("page.a.1.gz", b"new", asked={})
    assert store.set_aside("page.a.") == 1
    aside = sorted(p.name for p in (store.folder / "set-aside").iterdir())
    assert aside == ["001.page.a.1.gz", "001.page.a.2.gz", "002.page.a.1.gz"]


def test_a_second_fetch_is_kept_out(tmp_path):
    refused = pytest.raises(SourceError, match="Another fetch is at work")
    with only_fetch(tmp_path), refused, only_fetch(tmp_path):
        pass
    with only_fetch(tmp_path):
        pass


def test_the_card_lists_all_files(store, tmp_path):
    store.write("1.gz", b"1", asked={})
    folder = tmp_path / "raw"
    write_card(folder, {"name": "arxiv", "licence": {"zh": "许可", "en": "licence"}})
    write_card(folder, {"name": "crossref"})
    card = read_card(folder)
    assert set(card["sources"]) == {"arxiv", "crossref"}
    assert card["files"][0]["file"] == "arxiv/quantum/1.gz"
    assert set(card["files"][0]) == {"file", "bytes", "sha256", "fetched"}


def test_files_that_a_person_handed_over_are_left_alone(tmp_path):
    (tmp_path / "card.json").write_text('{"source": "lens", "files": []}')
    with pytest.raises(SourceError, match=r"files that were read.*another --name"):
        write_card(tmp_path, {"name": "arxiv"})
    with pytest.raises(SourceError, match=r"files that were read"):
        read_card(tmp_path)
    assert "lens" in (tmp_path / "card.json").read_text()


def test_a_missing_or_damaged_card_is_said(tmp_path):
    with pytest.raises(SourceError, match="nothing was fetched there"):
        read_card(tmp_path)
    (tmp_path / "card.json").write_text("{")
    with pytest.raises(SourceError, match="cannot be read"):
        read_card(tmp_path)
