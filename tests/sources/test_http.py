import email.utils
import gzip

import httpx
import numpy as np
import pytest
from live_server import Fault

from foresight.errors import SettingsError, SourceError
from foresight.sources.http import Client, RefusedError, Request, user_agent
from foresight.sources.live.base import as_json
from foresight.sources.live.registry import SOURCES
from foresight.sources.rates import pace, retry_after

WORKS = Request(
    "works",
    {
        "filter": "x,from_publication_date:2020-01-01,to_publication_date:2020-12-31",
        "per_page": "5",
        "cursor": "*",
    },
)


def ask(client, request=WORKS):
    return client.fetch(request, check=as_json)


def test_a_sound_reply_comes_as_it_was_sent(server, make_client):
    assert as_json(ask(make_client("openalex")))["meta"]["count"] == 25
    sent = server.asked("openalex")[0]
    assert sent["headers"]["User-Agent"].startswith("Foresight/")
    assert sent["api_key"] == "oa-secret"


def test_the_contact_is_named_and_checked(monkeypatch):
    monkeypatch.setenv("FORESIGHT_CONTACT", "lab@example.org")
    assert user_agent().endswith("mailto:lab@example.org)")
    monkeypatch.setenv("FORESIGHT_CONTACT", "no address\r\nX: y")
    with pytest.raises(SettingsError, match="FORESIGHT_CONTACT must be a mail address"):
        user_agent()


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(server, make_client, clock, status):
    server.faults = {("openalex", 1): Fault(status), ("openalex", 2): Fault(status)}
    client = make_client("openalex")
    assert as_json(ask(client))
    assert client.requests == 3
    assert 1 <= clock.slept[0] <= 2
    assert 2 <= clock.slept[1] <= 4


def test_retry_after_in_seconds_and_as_a_date(server, make_client, clock):
    later = email.utils.formatdate(clock.now() + 100, usegmt=True)
    server.faults = {
        ("openalex", 1): Fault(429, {"Retry-After": "7"}),
        ("openalex", 2): Fault(503, {"Retry-After": later}),
    }
    said = []
    ask(make_client("openalex", say=said.append))
    assert 7 <= clock.slept[0] <= 8
    assert 92 <= clock.slept[1] <= 94
    assert "answers 429" in said[0]
    assert "(2 of 6)" in said[0]


def test_a_wait_beyond_patience_ends_the_run_with_advice(server, make_client, clock):
    server.faults = {"openalex": Fault(429, {"Retry-After": "7200"}, b'{"error":"budget"}')}
    with pytest.raises(RefusedError, match=r"asks to wait 120 minutes.*budget.*same command"):
        ask(make_client("openalex"))
    assert clock.slept == []
    assert server.seen["openalex"] == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(500, body=b"<html>oops</html>"), r"answers 500 and says: <html>oops</html>"),
        (Fault(cut=True), r"no whole reply"),
        (Fault(body=b'{"results": ['), r"not what it should be \(not JSON"),
        (Fault(body=b"\xff\xfe"), r"not what it should be \(not JSON"),
        (Fault(body=b"[" * 100_000), r"not what it should be \(not JSON"),
    ],
)
def test_attempts_are_limited(server, make_client, fault, words):
    server.faults = {"openalex": fault}
    with pytest.raises(SourceError, match=rf"{words}.*attempt 6 of 6.*run the same command"):
        ask(make_client("openalex"))
    assert server.seen["openalex"] == 6


@pytest.mark.parametrize("fault", [Fault(cut=True), Fault(body=b'{"results"')])
def test_a_cut_or_broken_reply_is_asked_for_again(server, make_client, fault):
    server.faults = {("openalex", 1): fault}
    assert as_json(ask(make_client("openalex")))["results"]
    assert server.seen["openalex"] == 2


def test_compressed_replies_are_unpacked_and_damaged_ones_asked_for_again(server, make_client):
    packed = gzip.compress(b'{"fine": true}')
    headers = {"Content-Encoding": "gzip"}
    server.faults = {
        ("openalex", 1): Fault(headers=headers, body=packed[:-20]),
        ("openalex", 2): Fault(headers=headers, body=b"\x1f\x8bnonsense"),
        ("openalex", 3): Fault(headers=headers, body=packed),
    }
    client = make_client("openalex")
    assert ask(client) == b'{"fine": true}'
    assert client.requests == 3


def test_a_refused_key_is_said_without_the_key(server, make_client, monkeypatch):
    monkeypatch.setenv("OPENALEX_API_KEY", "wrong-secret")
    with pytest.raises(
        RefusedError, match=r"refuses access \(401.*Check OPENALEX_API_KEY"
    ) as found:
        ask(make_client("openalex"))
    assert "secret" not in str(found.value)
    assert server.seen["openalex"] == 1


def test_a_key_never_stands_in_a_message_of_the_connection(make_client, monkeypatch, server):
    monkeypatch.setenv("FORESIGHT_OPENALEX_URL", "http://127.0.0.1:9")
    with pytest.raises(SourceError, match=r"no whole reply from http://127\.0\.0\.1:9") as found:
        ask(make_client("openalex"))
    assert "oa-secret" not in str(found.value)
    assert "oa-secret" not in str(found.value.__cause__)


def test_a_missing_key_is_named(make_client, monkeypatch):
    monkeypatch.delenv("USPTO_API_KEY", raising=False)
    with pytest.raises(SettingsError, match=r"USPTO_API_KEY is not set.*data\.uspto\.gov"):
        make_client("uspto")


def test_403_that_means_too_fast_passes(server, make_client):
    fault = Fault(403, body=b'{"error": "Rate limit exceeded; slow down"}')
    server.faults = {("openalex", 1): fault}
    assert ask(make_client("openalex"))
    server.faults = {("openalex", 3): Fault(403, body=b"Forbidden")}
    with pytest.raises(RefusedError, match="refuses access"):
        ask(make_client("openalex"))


def test_other_refusals_and_moves_are_said(server, make_client):
    server.faults = {
        ("openalex", 1): Fault(400, body=b'{"error": "Invalid filter"}'),
        ("openalex", 2): Fault(301, {"Location": "https://new.example/works"}, b"moved"),
    }
    with pytest.raises(RefusedError, match=r"refuses the request \(400.*Invalid filter"):
        ask(make_client("openalex"))
    with pytest.raises(
        RefusedError, match=r"moved to 'https://new\.example.*FORESIGHT_OPENALEX_URL"
    ):
        ask(make_client("openalex"))


def test_an_address_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("FORESIGHT_ARXIV_URL", "ftp://x")
    with pytest.raises(SettingsError, match="FORESIGHT_ARXIV_URL must be an http or https address"):
        SOURCES["arxiv"].service.url()


def test_requests_keep_the_services_pace(server, make_client, clock):
    client = make_client("arxiv")
    request = SOURCES["arxiv"].request
    from foresight.sources.live.base import Query, Window

    window = Window("2020-01-01", "2020-12-31")
    for _ in range(3):
        client.fetch(request(Query("q", "all:x"), window, cursor="0", size=2), check=len)
    assert clock.slept == [3.0, 3.0]


def test_a_slow_service_is_not_waited_for_twice(server, make_client, clock):
    client = make_client("openalex")
    ask(client)
    clock.time += 60
    ask(client)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"x-rate-limit-limit": "50", "x-rate-limit-interval": "1s"}, 0.02),
        ({"x-rate-limit-limit": "0", "x-rate-limit-interval": "1s"}, 0),
        ({"x-rate-limit-limit": "?", "x-rate-limit-interval": "1s"}, 0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 30),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000040"}, 40),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": "30"}, 0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "-1"}, 0),
    ],
)
def test_pace_of_rate_headers(headers, seconds):
    assert pace(httpx.Headers(headers), now=1_700_000_000.0) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "seconds"), [("3", 3), ("0.5", 0.5), ("soon", None), ("", None), ("-4", None)]
)
def test_retry_after(text, seconds):
    assert retry_after({"retry-after": text}, now=0.0) == seconds
    assert retry_after({}, now=0.0) is None
    assert retry_after({"retry-after": "500"}, now=0.0, unit=0.001) == 0.5


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("idle (images=green:200, search=green:30)", 2.0),
        ("busy (images=green:100, search=yellow:10)", 6.0),
        ("overloaded (search=black:0)", 60.0),
        ("idle (images=green:200)", 0.0),
        ("", 0.0),
    ],
)
def test_pace_of_the_epo(text, seconds):
    assert SOURCES["epo"].pace(httpx.Headers({"X-Throttling-Control": text})) == seconds


def test_the_epo_counts_its_waits_in_milliseconds(server, make_client, clock):
    headers = {"Retry-After": "90000"}
    server.faults = {("epo", 1): Fault(403, headers, b"<code>CLIENT.RobotDetected</code>")}
    request = Request("rest-services/x", {"q": 'pd within "20200101 20201231"', "Range": "1-2"})
    make_client("epo").fetch(request, check=len)
    assert 90 <= clock.slept[0] <= 91


def test_refusals_of_the_epo_that_pass():
    throttled = SOURCES["epo"].throttled
    assert throttled(403, {}, b"<code>CLIENT.RobotDetected</code>")
    assert throttled(403, {"x-rejection-reason": "IndividualQuotaPerHour"}, b"")
    assert not throttled(403, {"x-rejection-reason": "RegisteredQuotaPerWeek"}, b"")
    assert not throttled(401, {}, b"RobotDetected")


def test_waits_come_from_the_generator(server, clock):
    def waits(seed):
        clock.slept.clear()
        server.faults = {"arxiv": Fault(500)}
        rng = np.random.default_rng(seed)
        service = SOURCES["arxiv"].service
        options = {"sleep": clock.sleep, "clock": clock.now, "now": clock.now}
        with Client(service, rng=rng, **options) as client, pytest.raises(SourceError):
            client.fetch(Request("query"), check=len)
        return list(clock.slept)

    assert waits(1) == waits(1)
    assert waits(1) != waits(2)
