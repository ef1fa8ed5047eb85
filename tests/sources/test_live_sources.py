import json

import pytest
from live_server import NO_ABSTRACT, NO_TITLE, ONLY_YEAR, SERVICES, Fault, day

from foresight.errors import SettingsError, SourceError
from foresight.sources.http import RefusedError
from foresight.sources.live.registry import SOURCES
from foresight.sources.live.terms import chinese_terms, english_terms, quoted

pytestmark = pytest.mark.usefixtures("small_pages")
GRANTS = {"epo", "uspto"}


def rows(source, table="documents"):
    return source.tables[table].to_pylist()


def by_source_id(source):
    return {row["source_id"]: row for row in rows(source)}


@pytest.mark.usefixtures("one_query")
@pytest.mark.parametrize("name", SERVICES)
class TestEachService:
    def test_all_pages_are_kept_and_read(self, server, fetch, name):
        source = fetch(name)
        report = source.report
        assert (report.rows_in, report.rows_out, report.rows_repeated) == (25, 24, 0)
        assert "no title" in report.refusals[0].reason
        assert report.refusals[0].file.startswith(f"{name}/zero-magnetic-medicine/page.")
        documents = rows(source)
        assert len(documents) == 24
        assert documents[0]["published"] == day(0)
        assert all(row["source"] == name and row["source_id"] for row in documents)
        assert {row["kind"] for row in documents} == {SOURCES[name].kind}
        if name in ("openalex", "crossref", "europepmc"):  # the others' titles have no mark-up
            assert "<i>" not in documents[0]["title"]
        if name not in ("uspto",):
            empty = [row for row in documents if not row["abstract"]]
            assert len(empty) == 1
            assert (
                "magnetometer, 1 of its kind, for magnetocardiography & more."
                in (documents[1]["abstract"])
            )
        pages = [file for file in source.origin if "/page." in file]
        assert len(pages) == 4 + (name == "europepmc")  # which ends by an empty page
        assert NO_ABSTRACT != NO_TITLE

    def test_a_second_run_asks_for_nothing(self, server, fetch, name, monkeypatch):
        first = fetch(name)
        asked = server.seen[name]
        for key in SOURCES[name].service.keys:
            monkeypatch.delenv(key)
        again = fetch(name, today="2025-01-01")
        assert server.seen[name] == asked
        assert rows(again) == rows(first)
        assert again.origin == first.origin

    def test_duplicates_across_pages_are_taken_once_and_counted(self, server, fetch, name):
        server.options.repeat = True
        source = fetch(name)
        assert source.report.rows_out == 24
        assert source.report.rows_repeated == source.counts["records_repeated"] == 3
        ids = [row["doc_id"] for row in rows(source)]
        assert len(set(ids)) == len(ids)

    def test_a_page_that_comes_again_and_again_is_noticed(self, server, fetch, name):
        server.options.same_page = True
        with pytest.raises(SourceError, match=r"gives the page a second time \(page 2"):
            fetch(name)

    def test_interrupted_on_the_third_page_and_resumed(self, server, fetch, name):
        unbroken = fetch(name, folder="unbroken")
        server.seen.clear()
        pages = int(SOURCES[name].boolean)  # one request for the total
        server.faults = {(name, pages + 3): Fault(400)}
        with pytest.raises(RefusedError, match="refuses the request"):
            fetch(name)
        server.log.clear()
        resumed = fetch(name)
        assert rows(resumed) == rows(unbroken)
        assert resumed.counts == unbroken.counts
        assert resumed.origin == unbroken.origin
        # Europe PMC ends by an empty page; Crossref's cursor moves, so its search begins anew.
        assert len(server.asked(name)) == {"europepmc": 3, "crossref": 4}.get(name, 2)

    def test_nothing_found_is_an_empty_answer(self, server, fetch, name):
        server.options.records = 0
        assert rows(fetch(name)) == []

    def test_faults_on_the_way_change_nothing(self, server, fetch, name):
        quiet = fetch(name, folder="quiet")
        server.seen.clear()
        server.faults = {
            (name, 1): Fault(503),
            (name, 3): Fault(cut=True),
            (name, 4): Fault(429, {"Retry-After": "5"}),
            (name, 6): Fault(body=b'{"half": '),
            (name, 7): Fault(body=b"<html>maintenance</html>"),
        }
        noisy = fetch(name)
        assert rows(noisy) == rows(quiet)
        assert len(fetch.said) >= 5

    def test_a_limit_is_kept_and_said(self, server, fetch, name):
        source = fetch(name, limit=10)
        assert source.report.rows_in == 10
        assert "limited to 10 records per track" in source.caveats[0]["en"]
        assert "每个赛道限10条" in source.caveats[0]["zh"]

    def test_a_licence_and_notes_in_both_languages(self, server, fetch, name):
        source = fetch(name)
        assert set(source.licence) == set(source.title) == set(source.notes) == {"zh", "en"}
        assert len(source.notes["zh"]) >= 2
        card = json.loads((fetch.folder / "card.json").read_text())
        assert card["sources"][name]["licence"] == source.licence
        assert card["sources"][name]["done"] == ["zero-magnetic-medicine"]
        assert all(len(file["sha256"]) == 64 for file in card["files"])
        assert all(file["fetched"].endswith("Z") and file["bytes"] for file in card["files"])

    def test_no_key_on_disk(self, server, fetch, name):
        fetch(name)
        for path in fetch.folder.rglob("*"):
            if path.is_file() and path.suffix != ".gz":
                assert "secret" not in path.read_text()


@pytest.mark.usefixtures("one_query")
class TestEachRecord:
    def test_openalex(self, server, fetch):
        source = fetch("openalex")
        found = by_source_id(source)
        assert found["W1000"]["doc_id"] == "openalex:W1000"
        assert found["W1001"]["doc_id"] == "doi:10.1234/oa.1"
        assert found["W1007"]["status"] == "retracted"
        assert found["W1001"]["venue"] == "Journal of Weak Fields"
        year = found[f"W{1000 + ONLY_YEAR}"]["published"]
        assert year == "2020-12-31"
        assert source.counts["dates_completed_documents_published"] == 1
        cited = {(r["citing_id"], r["cited_id"]) for r in rows(source, "references")}
        assert ("doi:10.1234/oa.2", "doi:10.1234/oa.1") in cited
        assert ("doi:10.1234/oa.1", "openalex:W1000") in cited
        assert ("doi:10.1234/oa.1", "openalex:W9") in cited
        parties = [r for r in rows(source, "parties") if r["doc_id"] == "openalex:W1000"]
        assert parties[0] | {"region": None, "org_id": None} == {
            "doc_id": "openalex:W1000",
            "role": "author",
            "position": 0,
            "name": "Li Wei 0",
            "org": "Zhejiang University",
            "country": "CN",
            "region": None,
            "city": "Hangzhou",
            "org_id": None,
        }
        assert (parties[1]["org"], parties[1]["country"]) == ("NIST", "US")
        assert source.counts["affiliations_beyond_first"] == 24
        classes = {(r["scheme"], r["code"], r["primary"]) for r in rows(source, "classes")}
        assert ("openalex_topic", "T11414", True) in classes
        assert ("openalex_topic", "T10020", False) in classes
        assert ("keyword", "Magnetometer", None) in classes

    def test_arxiv(self, server, fetch):
        source = fetch("arxiv")
        found = by_source_id(source)
        assert found["2001.10000"]["doc_id"] == "arxiv:2001.10000"
        assert found["2001.10001"]["doc_id"] == "doi:10.1103/physrev.1"
        party = rows(source, "parties")[0]
        assert (party["org"], party["city"], party["country"]) == (
            "Zhejiang University",
            "Hangzhou",
            "CN",
        )
        assert rows(source, "classes")[0]["code"] == "physics.atom-ph"
        assert rows(source, "classes")[0]["primary"] is True

    def test_crossref(self, server, fetch):
        source = fetch("crossref")
        found = by_source_id(source)
        assert found["10.5555/cr.1"]["venue"] == "Weak Fields & Co"
        assert found["10.5555/cr.5"]["published"] == "2020-12-31"
        reference = rows(source, "references")[1]
        assert (reference["cited_id"], reference["cited_year"]) == ("doi:10.5555/cr.0", 2019)
        assert source.counts["references_without_id"] == 24
        names = [row["name"] for row in rows(source, "parties")[:2]]
        assert names == ["Wei Li 0", "The Weak Field Collaboration"]
        assert any("ranks and does not select" in caveat["en"] for caveat in source.caveats)

    def test_europepmc(self, server, fetch):
        source = fetch("europepmc")
        found = by_source_id(source)
        assert found["PPR:30000000"]["doc_id"] == "europepmc:30000000"
        assert found["MED:30000001"]["doc_id"] == "doi:10.7777/ep.1"
        assert found["MED:30000002"]["doc_id"] == "pmid:30000002"
        assert found["MED:30000002"]["language"] == "en"
        assert not found["MED:30000002"]["title"].endswith(".")
        party = rows(source, "parties")[0]
        assert party["city"] == "Hangzhou"
        assert party["country"] == "CN"
        assert "@" not in json.dumps(rows(source, "parties"))
        assert rows(source, "parties")[1]["name"] == "MEG Group"

    def test_epo(self, server, fetch):
        source = fetch("epo")
        found = by_source_id(source)
        first = found["CN110000000B"]
        assert first["granted"] == first["published"] == day(0)
        assert (first["filed"], first["priority"]) == ("2019-01-02", "2019-01-02")
        assert (first["office"], first["family_id"], first["language"]) == ("CN", "70000000", "en")
        assert found["CN110000001A"]["granted"] is None
        party = rows(source, "parties")[0]
        assert (party["role"], party["org"], party["country"]) == (
            "applicant",
            "UNIV ZHEJIANG",
            "CN",
        )
        classes = [r for r in rows(source, "classes") if r["doc_id"] == "CN110000000B"]
        assert [(r["scheme"], r["code"], r["primary"]) for r in classes] == [
            ("cpc", "G01R33/26", True),
            ("ipc", "G01R33/26", True),
        ]
        reference = rows(source, "references")[0]
        assert (reference["cited_id"], reference["cited_year"]) == ("US7642217B2", 2010)

    def test_uspto(self, server, fetch):
        source = fetch("uspto")
        first = by_source_id(source)["16000000"]
        assert first["doc_id"] == "US20200000000A1"
        assert (first["granted"], first["priority"]) == ("2023-06-06", "2018-05-02")
        assert rows(source, "events")[0]["event"] == "grant"
        party = next(row for row in rows(source, "parties") if row["role"] == "inventor")
        assert (party["name"], party["city"], party["country"]) == ("Wei Li", "Hangzhou", "CN")
        assert "correspondenceAddressBag.cityName" in server.asked("uspto")[0]["fields"]
        assert "addressLineOneText" not in server.asked("uspto")[0]["fields"]

    def test_patentsview(self, server, fetch):
        source = fetch("patentsview")
        first = by_source_id(source)["10000000"]
        assert first["doc_id"] == "US10000000B2"
        assert (first["published"], first["granted"], first["filed"]) == (
            day(0),
            day(0),
            "2015-03-10",
        )
        classes = {(r["code"], r["primary"]) for r in rows(source, "classes")}
        assert classes == {("G01R33/26", True), ("A61B5/242", False)}
        owner, inventor = rows(source, "parties")[:2]
        assert (owner["role"], owner["org"], owner["city"]) == (
            "owner",
            "Zhejiang University",
            "Hangzhou",
        )
        assert (inventor["role"], inventor["name"]) == ("inventor", "Wei Li")


@pytest.mark.usefixtures("one_query")
class TestPaging:
    @pytest.mark.parametrize("name", ["openalex", "europepmc"])
    def test_a_cursor_that_repeats_is_noticed(self, server, fetch, name):
        server.options.loop = True
        with pytest.raises(SourceError, match=r"the (cursor|page).* a second time .*never end"):
            fetch(name)

    def test_what_was_announced_and_not_given_is_said(self, server, fetch):
        server.options.announce = 40
        source = fetch("openalex")
        assert source.caveats[0]["en"] == (
            "OpenAlex gave fewer records than it announced in 1 search(es), 15 in all."
        )

    def test_an_empty_page_before_the_end_is_asked_for_again(self, server, fetch):
        server.options.announce = 40
        with pytest.raises(SourceError, match="an empty page at 25 of 40"):
            fetch("arxiv")

    def test_a_service_that_gives_smaller_pages_is_followed(self, server, fetch):
        server.options.per_page = 5
        assert fetch("openalex").report.rows_in == 25
        assert fetch("arxiv").report.rows_in == 25

    def test_windows_are_halved_until_the_service_gives_all(self, server, fetch, monkeypatch):
        monkeypatch.setattr(type(SOURCES["epo"]), "most", 10)
        source = fetch("epo")
        assert source.report.rows_in == 25
        assert not [c for c in source.caveats if "at most" in c["en"]]
        ranges = {params["q"][-19:] for params in server.asked("epo")}
        assert len(ranges) > 4

    def test_a_day_with_too_many_is_said(self, server, fetch, monkeypatch):
        monkeypatch.setattr(type(SOURCES["epo"]), "most", 10)
        monkeypatch.setattr("live_server.day", lambda i: "2020-01-05")
        source = fetch("epo", until="2020-01-09")
        assert source.report.rows_in == 10
        assert "15 more on single days cannot be had" in source.caveats[0]["en"]

    def test_a_limit_takes_the_same_share_of_each_year(self, server, fetch):
        server.options.records = 100  # 37 in 2020, 36 in 2021, 27 in 2022
        source = fetch("arxiv", limit=50)
        years = [row["published"][:4] for row in rows(source)]
        refused = len(source.report.refusals)
        assert len(years) + refused == 50
        assert years.count("2021") == 18
        assert years.count("2022") in (13, 14)

    def test_an_interrupted_search_with_a_moving_cursor_begins_anew(self, server, fetch):
        unbroken = fetch("crossref", folder="unbroken")
        server.seen.clear()
        server.faults = {("crossref", 3): Fault(400, body=b'{"status":"failed"}')}
        with pytest.raises(RefusedError, match="refuses the request"):
            fetch("crossref")
        resumed = fetch("crossref")
        assert "2 page(s) set aside, begun anew" in fetch.said[0]
        assert rows(resumed) == rows(unbroken)
        assert resumed.origin == unbroken.origin
        aside = list(fetch.folder.rglob("set-aside/*.gz"))
        assert len(aside) == 2

    @pytest.mark.parametrize("fault", [Fault(500), Fault(cut=True), Fault(body=b"{")])
    def test_a_cursor_that_moved_on_unseen_begins_anew(self, server, fetch, fault):
        quiet = fetch("crossref", folder="quiet")
        server.seen.clear()
        server.faults = {("crossref", 3): fault}
        noisy = fetch("crossref")
        assert rows(noisy) == rows(quiet)
        assert noisy.counts == quiet.counts
        assert "2 page(s) set aside, begun anew" in fetch.said[0]
        assert server.seen["crossref"] == 3 + 4

    def test_a_request_turned_away_at_the_door_is_repeated(self, server, fetch):
        server.faults = {("crossref", 3): Fault(429), ("crossref", 4): Fault(503)}
        assert fetch("crossref").report.rows_in == 25
        assert server.seen["crossref"] == 4 + 2

    def test_replies_that_get_lost_again_and_again_end_the_run(self, server, fetch):
        server.faults = {("crossref", n): Fault(cut=True) for n in (2, 4, 6)}
        with pytest.raises(SourceError, match="no whole reply"):
            fetch("crossref")

    def test_a_dead_cursor_within_one_run_is_an_error(self, server, fetch):
        server.options.expire = True
        with pytest.raises(RefusedError, match="refuses the request"):
            fetch("crossref")

    def test_the_token_of_the_epo_is_renewed(self, server, fetch):
        server.options.token_life = 2
        assert fetch("epo").report.rows_in == 25
        assert server.tokens > 1

    def test_a_wrong_secret_of_the_epo_is_said(self, server, fetch, monkeypatch):
        monkeypatch.setenv("EPO_OPS_SECRET", "wrong")
        with pytest.raises(SourceError, match=r"no token for this key.*EPO_OPS_KEY and EPO_OPS_SE"):
            fetch("epo")

    def test_a_service_without_an_address_of_its_own_asks_for_one(self, server, fetch, monkeypatch):
        monkeypatch.delenv("FORESIGHT_PATENTSVIEW_URL")
        with pytest.raises(SettingsError, match=r"no address of its own.*FORESIGHT_PATENTSVIEW_UR"):
            fetch("patentsview")

    def test_a_missing_key_is_said_before_anything_is_asked(self, server, fetch, monkeypatch):
        monkeypatch.delenv("OPENALEX_API_KEY")
        with pytest.raises(SettingsError, match="OPENALEX_API_KEY is not set"):
            fetch("openalex")
        assert not server.log


class TestPlan:
    def test_documents_of_several_searches_are_taken_once(self, server, fetch, registry):
        some = [registry.track(name) for name in ("quantum", "zero-magnetic-medicine")]
        source = fetch("openalex", some=some)
        assert source.report.rows_out == 24
        assert source.report.rows_repeated == source.report.rows_in - 24 - len(
            source.report.refusals
        )
        assert "Quantum science and technology; Zero-magnetic medicine" in source.title["en"]
        assert "量子科技、零磁医疗" in source.title["zh"]

    def test_tracks_can_be_added(self, server, fetch, registry):
        fetch("arxiv")
        asked = server.seen["arxiv"]
        some = [registry.track(name) for name in ("quantum", "zero-magnetic-medicine")]
        fetch("arxiv", some=some)
        assert server.seen["arxiv"] > asked
        first = server.asked("arxiv")[: asked // 2]
        later = server.asked("arxiv")[asked:]
        assert not [a for a in first if a in later]

    def test_another_plan_is_refused(self, server, fetch):
        fetch("arxiv")
        with pytest.raises(SourceError, match=r"begun with another plan.*differ now: since\."):
            fetch("arxiv", since="2021-01-01")
        with pytest.raises(SourceError, match=r"differ now: limit\."):
            fetch("arxiv", limit=5)

    def test_a_folder_of_files_that_were_read_is_left_alone(self, server, fetch):
        fetch.folder.mkdir()
        (fetch.folder / "card.json").write_text('{"source": "lens", "files": []}')
        with pytest.raises(SourceError, match="Give another --name"):
            fetch("arxiv")
        assert not server.log

    def test_an_empty_span_is_refused(self, server, fetch):
        with pytest.raises(SourceError, match="Nothing lies between"):
            fetch("arxiv", since="2030-01-01")

    def test_searches_ask_for_the_registrys_terms(self, server, fetch, registry):
        fetch("openalex", some=[registry.track("quantum")])
        filters = [params["filter"] for params in server.asked("openalex")]
        track = registry.track("quantum")
        topics = "|".join(topic.id for topic in track.openalex_topics)
        assert any(text.startswith(f"topics.id:{topics},") for text in filters)
        words = " ".join(t for t in filters if t.startswith("title_and_abstract.search:("))
        terms = [*english_terms(track), *chinese_terms(track)]
        assert len(terms) > 50
        assert all(quoted(term) in words for term in terms)
        assert any("量子" in term for term in terms)
        assert all("is_paratext:false" in text for text in filters)
        assert all("abstract_inverted_index" in p["select"] for p in server.asked("openalex"))

    @pytest.mark.parametrize("name", SERVICES)
    def test_every_track_has_searches_that_fit(self, name, registry):
        from urllib.parse import urlencode

        from foresight.sources.live.base import Window

        source = SOURCES[name]
        for track in registry.tracks:
            queries = source.queries(track)
            assert queries
            assert len({query.name for query in queries}) == len(queries)
            for query in queries:
                request = source.request(
                    query, Window("2015-01-01", "2025-12-31"), cursor=source.start, size=8
                )
                assert len(urlencode(request.params)) < 7500
