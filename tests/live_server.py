"""A server on the loopback that speaks the reply formats of the live services, faults included.

Every service has the same number of records, one every ten days from 2020-01-05. The words of a
search are not looked at: only its dates, cursor and size. `faults` maps (service, number of the
request to it, from 1) to what goes wrong with that request.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

SERVICES = ("openalex", "arxiv", "crossref", "europepmc", "epo", "uspto", "patentsview")
KEYS = {
    "OPENALEX_API_KEY": "oa-secret",
    "EPO_OPS_KEY": "ops-key",
    "EPO_OPS_SECRET": "ops-secret",
    "USPTO_API_KEY": "odp-secret",
    "PATENTSVIEW_API_KEY": "pv-secret",
}
NO_ABSTRACT, NO_TITLE, ONLY_YEAR = 3, 4, 5  # records with something missing


def day(i):
    return (date(2020, 1, 5) + timedelta(days=10 * i)).isoformat()


def title(i):
    return f"Optically pumped magnetometer number {i} with <i>spin</i> exchange"


def abstract(i):
    return f"We build an atomic magnetometer, {i} of its kind, for magnetocardiography & more."


@dataclass
class Fault:
    """What goes wrong: a status with headers, a cut connection, or another body."""

    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes | None = None
    cut: bool = False
    hold: threading.Event | None = None


@dataclass
class Options:
    """How the services behave throughout."""

    records: int = 25
    repeat: bool = False  # pages of eight begin with the last record of the page before
    loop: bool = False  # the third page gives the cursor of the second again
    same_page: bool = False  # each page is the first one
    expire: bool = False  # cursors of Crossref are refused
    announce: int | None = None  # announce another total
    per_page: int | None = None  # never more per page than this
    token_life: int = 10**6  # requests that a token of the EPO lives


class Server:
    """Runs the services in threads; `url(service)` is the address of one."""

    def __init__(self):
        self.options, self.faults = Options(), {}
        self.seen, self.log, self.tokens = Counter(), [], 0
        self.lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def url(self, service):
        return f"http://127.0.0.1:{self.http.server_port}/{service}"

    def env(self):
        urls = {f"FORESIGHT_{name.upper()}_URL": self.url(name) for name in SERVICES}
        return {**urls, **KEYS}

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    def asked(self, service):
        return [params for name, params in self.log if name == service]


def _handler(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            token(server, self)

        def do_GET(self):
            parts = urlsplit(self.path)
            service, _, path = parts.path.lstrip("/").partition("/")
            params = {k: v[-1] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
            with server.lock:
                server.seen[service] += 1
                number = server.seen[service]
                server.log.append(
                    (service, {**params, "path": path, "headers": dict(self.headers)})
                )
            fault = server.faults.get((service, number)) or server.faults.get(service)
            if fault and fault.hold:
                fault.hold.wait(30)
            if fault and (fault.status != 200 or fault.body is not None):
                self.send(fault.status, fault.body or b'{"error": "no"}', fault.headers)
                return
            status, body, headers = ANSWERS[service](server, params, self.headers)
            self.send(status, body, headers, cut=bool(fault and fault.cut))

        def send(self, status, body, headers, cut=False):
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if cut else body)
                if cut:
                    self.wfile.flush()
                    self.connection.close()
                    self.close_connection = True
            except (BrokenPipeError, ConnectionResetError, ValueError):
                self.close_connection = True

    return Handler


def window(server, since, until):
    found = [i for i in range(server.options.records) if since <= day(i) <= until]
    if server.options.repeat:
        found = [i for i in found for _ in range(1 + (i > 0 and i % 8 == 7))]
    return found


def iso(text):
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"


def portion(server, found, start, size):
    """Numbers of the records of a page, and of the first of the next."""
    options = server.options
    if options.same_page:
        return found[:size], start + size
    size = min(size, options.per_page or size)
    return found[start : start + size], start + size


def total(server, found):
    return len(found) if server.options.announce is None else server.options.announce


def opaque(place):
    return base64.urlsafe_b64encode(f"at:{place}".encode()).decode()


def place_of(cursor):
    return 0 if cursor == "*" else int(base64.urlsafe_b64decode(cursor)[3:])


def as_reply(value, **headers):
    return 200, json.dumps(value).encode(), {"Content-Type": "application/json", **headers}


# --- OpenAlex


def openalex_work(i):
    words = abstract(i).split()
    index = {}
    for position, word in enumerate(words):
        index.setdefault(word, []).append(position)
    return {
        "id": f"https://openalex.org/W{1000 + i}",
        "doi": f"https://doi.org/10.1234/OA.{i}" if i % 3 else None,
        "title": None if i == NO_TITLE else title(i),
        "publication_date": None if i == ONLY_YEAR else day(i),
        "publication_year": int(day(i)[:4]),
        "language": "en",
        "type": "article",
        "is_retracted": i == 7,
        "primary_location": {"is_oa": False, "source": {"id": "https://openalex.org/S1",
                             "display_name": "Journal of Weak Fields", "type": "journal"}},
        "authorships": [
            {
                "author_position": "first",
                "author": {"id": "https://openalex.org/A1", "display_name": f"Li Wei {i}",
                           "orcid": None},
                "institutions": [
                    {"id": "https://openalex.org/I76130692", "display_name": "Zhejiang University",
                     "ror": "https://ror.org/00a2xv884", "country_code": "CN", "type": "education"},
                    {"id": "https://openalex.org/I2", "display_name": "Westlake University",
                     "ror": None, "country_code": "CN", "type": "education"},
                ],
                "countries": ["CN"],
                "raw_author_name": "Wei Li",
                "raw_affiliation_strings": [
                    "Department of Physics, Zhejiang University, Hangzhou 310027, China"
                ],
            },
            {
                "author_position": "last",
                "author": {"id": "https://openalex.org/A2", "display_name": "Ann Smith"},
                "institutions": [],
                "countries": [],
                "raw_author_name": "A. Smith",
                "raw_affiliation_strings": ["NIST, Boulder, CO 80305, USA. ann@nist.gov"],
            },
        ],
        "referenced_works": [f"https://openalex.org/W{1000 + i - 1}", "https://openalex.org/W9"],
        "primary_topic": {"id": "https://openalex.org/T11414", "display_name": "Quantum optics"},
        "topics": [{"id": "https://openalex.org/T11414", "score": 0.99},
                   {"id": "https://openalex.org/T10020", "score": 0.5}],
        "keywords": [{"id": "https://openalex.org/keywords/magnetometer",
                      "display_name": "Magnetometer", "score": 0.7}],
        "abstract_inverted_index": None if i == NO_ABSTRACT else index,
    }  # fmt: skip


def openalex(server, params, _headers):
    if params.get("api_key") != KEYS["OPENALEX_API_KEY"]:
        body = {"error": "Unauthorized", "message": "Invalid API key"}
        return 401, json.dumps(body).encode(), {}
    since = re.search(r"from_publication_date:(\S{10})", params["filter"]).group(1)
    until = re.search(r"to_publication_date:(\S{10})", params["filter"]).group(1)
    found = window(server, since, until)
    start = place_of(params["cursor"])
    some, end = portion(server, found, start, int(params["per_page"]))
    following = opaque(end) if end < len(found) else None
    if server.options.loop and start:
        following = opaque(0)
    meta = {"count": total(server, found), "db_response_time_ms": 9, "page": None,
            "per_page": int(params["per_page"]), "next_cursor": following}  # fmt: skip
    return as_reply({"meta": meta, "results": [openalex_work(i) for i in some], "group_by": []})


# --- arXiv


def arxiv_entry(i):
    doi = f"<arxiv:doi>10.1103/PhysRev.{i}</arxiv:doi>" if i % 2 else ""
    name = "" if i == NO_TITLE else escape(title(i))
    summary = "" if i == NO_ABSTRACT else escape(abstract(i))
    return f"""
  <entry>
    <id>http://arxiv.org/abs/2001.{10000 + i}v2</id>
    <updated>2024-01-01T00:00:00Z</updated>
    <published>{day(i)}T17:59:59Z</published>
    <title>{name}</title>
    <summary>  {summary}
</summary>
    <author>
      <name>Li Wei {i}</name>
      <arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">Zhejiang University, Hangzhou,
 China</arxiv:affiliation>
    </author>
    <author><name>Ann Smith</name></author>
    {doi.replace("<arxiv:doi>", '<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">')}
    <link href="http://arxiv.org/abs/2001.{10000 + i}v2" rel="alternate" type="text/html"/>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="physics.atom-ph"/>
    <category term="physics.atom-ph" scheme="http://arxiv.org/schemas/atom"/>
    <category term="quant-ph" scheme="http://arxiv.org/schemas/atom"/>
  </entry>"""


def arxiv(server, params, _headers):
    days = re.search(r"submittedDate:\[(\d{12}) TO (\d{12})\]", params["search_query"])
    found = window(server, iso(days.group(1)), iso(days.group(2)))
    start, size = int(params["start"]), int(params["max_results"])
    some, _ = portion(server, found, start, size)
    feed = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?search_query" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <updated>2024-10-05T00:00:00-04:00</updated>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{
        total(server, found)
    }</opensearch:totalResults>
  <opensearch:startIndex xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{
        start
    }</opensearch:startIndex>
  <opensearch:itemsPerPage xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{
        size
    }</opensearch:itemsPerPage>{"".join(map(arxiv_entry, some))}
</feed>
"""
    return 200, feed.encode(), {"Content-Type": "application/atom+xml; charset=UTF-8"}


# --- Crossref


def crossref_work(i):
    year, month, first = (int(part) for part in day(i).split("-"))
    parts = [[year]] if i == ONLY_YEAR else [[year, month, first]]
    work = {
        "DOI": f"10.5555/CR.{i}",
        "title": [] if i == NO_TITLE else [title(i)],
        "abstract": f"<jats:title>Abstract</jats:title><jats:p>{escape(abstract(i))}</jats:p>",
        "type": "journal-article",
        "container-title": ["Weak Fields &amp; Co"],
        "published": {"date-parts": parts},
        "issued": {"date-parts": parts},
        "published-print": {"date-parts": [[year + 1]]},
        "author": [
            {"given": "Wei", "family": f"Li {i}", "sequence": "first", "affiliation": [
                {"name": "School of Physics, Zhejiang University, Hangzhou, China"}]},
            {"name": "The Weak Field Collaboration", "sequence": "additional", "affiliation": []},
        ],
        "reference": [
            {"key": "1", "DOI": f"10.5555/cr.{i - 1}", "doi-asserted-by": "publisher",
             "year": "2019"},
            {"key": "2", "unstructured": "A book, 1999", "year": "1999a"},
        ],
        "subject": ["Instrumentation"],
    }  # fmt: skip
    if i == NO_ABSTRACT:
        del work["abstract"]
    return work


def crossref(server, params, _headers):
    limits = dict(part.split(":", 1) for part in params["filter"].split(","))
    found = window(server, limits["from-pub-date"], limits["until-pub-date"])
    cursor = params["cursor"]
    if server.options.expire and cursor != "*":
        body = {"status": "failed", "message-type": "validation-failure",
                "message": [{"type": "cursor", "message": "Cursor is not valid"}]}  # fmt: skip
        return 400, json.dumps(body).encode(), {}
    # Its scroll id is the same for all pages; the place is kept here, as the service does.
    with server.lock:
        key = ("scroll", params["query.bibliographic"], params["filter"])
        start = 0 if cursor == "*" else server.seen[key]
        some, end = portion(server, found, start, int(params["rows"]))
        server.seen[key] = end
    message = {"facets": {}, "next-cursor": "DnF1ZXJ5VGhlbkZldGNo", "items-per-page": 20,
               "total-results": 10**6, "items": [crossref_work(i) for i in some],
               "query": {"start-index": 0, "search-terms": None}}  # fmt: skip
    reply = {"status": "ok", "message-type": "work-list", "message-version": "1.0.0"}
    pool = {"x-rate-limit-limit": "1000", "x-rate-limit-interval": "1s"}
    return as_reply({**reply, "message": message}, **pool)


# --- Europe PMC


def europepmc_result(i):
    return {
        "id": f"3{i:07d}",
        "source": "PPR" if i % 5 == 0 else "MED",
        **({} if i % 5 == 0 else {"pmid": f"3{i:07d}"}),
        **({"doi": f"10.7777/EP.{i}"} if i % 2 else {}),
        "title": "" if i == NO_TITLE else f"{title(i)}.",
        "authorString": "Li W, Smith A.",
        "authorList": {"author": [
            {"fullName": "Li W", "firstName": "Wei", "lastName": "Li", "initials": "W",
             "authorId": {"type": "ORCID", "value": "0000-0001-0000-0000"},
             "authorAffiliationDetailsList": {"authorAffiliation": [
                 {"affiliation": "The Second Affiliated Hospital, Zhejiang University School of "
                  "Medicine, Hangzhou, Zhejiang 310009, China. Electronic address: w@zju.edu.cn."},
                 {"affiliation": "Key Laboratory, Ningbo, China."}]}},
            {"collectiveName": "MEG Group"},
        ]},
        "journalInfo": {"issue": "1", "volume": "2", "yearOfPublication": int(day(i)[:4]),
                        "journal": {"title": "NeuroImage", "issn": "1053-8119"}},
        "pubYear": day(i)[:4],
        **({} if i == NO_ABSTRACT else {
            "abstractText": f"<h4>Background</h4>{escape(abstract(i))}<h4>Results</h4>Good."}),
        "language": "eng",
        "pubTypeList": {"pubType": ["Journal Article", "research-article"]},
        "meshHeadingList": {"meshHeading": [
            {"majorTopic_YN": "Y", "descriptorName": "Magnetoencephalography"}]},
        "keywordList": {"keyword": ["OPM"]},
        **({} if i == ONLY_YEAR else {"firstPublicationDate": day(i)}),
    }  # fmt: skip


def europepmc(server, params, _headers):
    days = re.search(r"FIRST_PDATE:\[(\S{10}) TO (\S{10})\]", params["query"])
    found = window(server, days.group(1), days.group(2))
    cursor = params["cursorMark"]
    start = place_of(cursor)
    some, end = portion(server, found, start, int(params["pageSize"]))
    following = cursor if not some else opaque(end)  # the end: the same cursor again
    if server.options.loop and start:
        following = opaque(int(params["pageSize"]))
    return as_reply({"version": "6.9", "hitCount": total(server, found),
                     "nextCursorMark": following, "request": {"queryString": params["query"]},
                     "resultList": {"result": [europepmc_result(i) for i in some]}})  # fmt: skip


# --- EPO OPS


def epo_document(i):
    name = "" if i == NO_TITLE else (
        f'<invention-title lang="de">Magnetometer {i}</invention-title>'
        f'<invention-title lang="en">{escape(title(i))}</invention-title>'
    )  # fmt: skip
    text = (
        "" if i == NO_ABSTRACT else f'<abstract lang="en"><p>{escape(abstract(i))}</p></abstract>'
    )
    flat, kind = day(i).replace("-", ""), "B" if i % 4 == 0 else "A"
    return f"""
<exchange-document system="ops.epo.org" family-id="{70000000 + i // 2}" country="CN"
 doc-number="{110000000 + i}" kind="{kind}"><bibliographic-data>
<publication-reference><document-id document-id-type="docdb"><country>CN</country><doc-number>{
        110000000 + i
    }</doc-number><kind>{kind}</kind><date>{flat}</date></document-id>
<document-id document-id-type="epodoc"><doc-number>CN{110000000 + i}</doc-number><date>{
        flat
    }</date></document-id></publication-reference>
<classifications-ipcr><classification-ipcr sequence="1"><text>G01R  33/    26            A I
</text></classification-ipcr></classifications-ipcr>
<patent-classifications><patent-classification sequence="1"><classification-scheme office="EP"
 scheme="CPCI"/><section>G</section><class>01</class><subclass>R</subclass><main-group>33</main-group>
<subgroup>26</subgroup><classification-value>I</classification-value></patent-classification>
<patent-classification sequence="2"><classification-scheme office="CN" scheme="CPCI"/>
<section>G</section><class>01</class><subclass>R</subclass><main-group>33</main-group>
<subgroup>26</subgroup><classification-value>A</classification-value></patent-classification>
</patent-classifications>
<application-reference doc-id="1"><document-id document-id-type="docdb"><country>CN</country>
<doc-number>201910000001</doc-number><kind>A</kind><date>20190102</date></document-id>
</application-reference>
<priority-claims><priority-claim sequence="1" kind="national"><document-id
 document-id-type="epodoc"><doc-number>CN201910000001</doc-number><date>20190102</date>
</document-id></priority-claim></priority-claims>
<parties><applicants><applicant sequence="1" data-format="epodoc"><applicant-name><name>UNIV
 ZHEJIANG [CN]</name></applicant-name></applicant><applicant sequence="1" data-format="original">
<applicant-name><name>ZHEJIANG UNIVERSITY</name></applicant-name></applicant></applicants>
<inventors><inventor sequence="1" data-format="epodoc"><inventor-name><name>LI WEI [CN]</name>
</inventor-name></inventor></inventors></parties>{name}
<references-cited><citation cited-phase="search"><patcit num="1"><document-id
 document-id-type="docdb"><country>US</country><doc-number>7642217</doc-number><kind>B2</kind>
<date>20100105</date></document-id></patcit></citation><citation cited-phase="search"><nplcit
 num="2"><text>Some paper</text></nplcit></citation></references-cited>
</bibliographic-data>{text}</exchange-document>"""


def epo(server, params, headers):
    with server.lock:
        server.seen["epo token use"] += 1
        worn = server.seen["epo token use"] > server.options.token_life
    if headers.get("Authorization") != f"Bearer token-{server.tokens}" or worn:
        body = b"<error><code>400</code><message>invalid_access_token</message></error>"
        return 400, body, {}
    days = re.search(r'pd within "(\d{8}) (\d{8})"', params["q"])
    found = window(server, iso(days.group(1)), iso(days.group(2)))
    light = {"X-Throttling-Control": "idle (images=green:200, inpadoc=green:60, other=green:1000, "
             "retrieval=green:200, search=green:6000)"}  # fmt: skip
    if not found:
        body = b"""<?xml version="1.0"?><fault xmlns="http://ops.epo.org">
<code>SERVER.EntityNotFound</code><message>No results found</message></fault>"""
        return 404, body, light
    first, last = (int(part) for part in params["Range"].split("-"))
    some, _ = portion(server, found, first - 1, last - first + 1)
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="/3.2/style/exchange.xsl"?>
<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org"
 xmlns:xlink="http://www.w3.org/1999/xlink"><ops:meta name="elapsed-time" value="21"/>
<ops:biblio-search total-result-count="{total(server, found)}"><ops:query syntax="CQL">q</ops:query>
<ops:range begin="{first}" end="{last}"/><ops:search-result><exchange-documents>{
        "".join(map(epo_document, some))
    }</exchange-documents></ops:search-result></ops:biblio-search></ops:world-patent-data>"""
    return 200, body.encode(), {**light, "Content-Type": "application/exchange+xml"}


def token(server, handler):
    pair = base64.b64encode(f"{KEYS['EPO_OPS_KEY']}:{KEYS['EPO_OPS_SECRET']}".encode()).decode()
    if handler.headers.get("Authorization") != f"Basic {pair}":
        handler.send(401, b'{"ErrorCode": "invalid_client"}', {})
        return
    with server.lock:
        server.tokens += 1
        server.seen["epo token use"] = 0
    reply = {"access_token": f"token-{server.tokens}", "expires_in": "1199", "status": "approved"}
    handler.send(200, json.dumps(reply).encode(), {"Content-Type": "application/json"})


# --- USPTO Open Data Portal


def uspto_application(i):
    granted = i % 3 == 0
    return {
        "applicationNumberText": f"16{i:06d}",
        "applicationMetaData": {
            "inventionTitle": None if i == NO_TITLE else title(i),
            "filingDate": "2019-05-01",
            "earliestPublicationNumber": f"US 2020-{i:07d} A1",
            "earliestPublicationDate": day(i),
            **({"grantDate": "2023-06-06", "patentNumber": f"11{i:06d}"} if granted else {}),
            "applicationTypeCode": "UTL",
            "cpcClassificationBag": ["G01R33/26", "A61B  5/242"],
            "applicantBag": [{"applicantNameText": "ZHEJIANG UNIVERSITY"}],
            "inventorBag": [{"inventorNameText": "Wei Li", "correspondenceAddressBag": [
                {"cityName": "Hangzhou", "countryCode": "CN"}]}],
        },
        "foreignPriorityBag": [{"filingDate": "2018-05-02"}],
    }  # fmt: skip


def uspto(server, params, headers):
    if headers.get("X-API-KEY") != KEYS["USPTO_API_KEY"]:
        return 403, b'{"message": "Forbidden"}', {}
    days = re.search(r"earliestPublicationDate:\[(\S{10}) TO (\S{10})\]", params["q"])
    found = window(server, days.group(1), days.group(2))
    if not found:
        return 404, b'{"code": 404, "message": "No matching records found"}', {}
    some, _ = portion(server, found, int(params["offset"]), int(params["limit"]))
    bag = [uspto_application(i) for i in some]
    return as_reply({"count": total(server, found), "patentFileWrapperDataBag": bag})


# --- PatentsView and services that speak its format


def patentsview_patent(i):
    return {
        "patent_id": f"{10000000 + i}",
        "patent_title": None if i == NO_TITLE else title(i),
        "patent_abstract": None if i == NO_ABSTRACT else abstract(i),
        "patent_date": day(i),
        "patent_type": "utility",
        "wipo_kind": "B2",
        "application": [{"application_id": "14/643719", "filing_date": "2015-03-10"}],
        "cpc_current": [
            {"cpc_sequence": 0, "cpc_group_id": "G01R33/26", "cpc_type": "inventional"},
            {"cpc_sequence": 1, "cpc_group_id": "A61B5/242", "cpc_type": "additional"},
        ],
        "assignees": [{"assignee_organization": "Zhejiang University",
                       "assignee_individual_name_first": None, "assignee_city": "Hangzhou",
                       "assignee_state": None, "assignee_country": "CN", "assignee_sequence": 0}],
        "inventors": [{"inventor_name_first": "Wei", "inventor_name_last": "Li",
                       "inventor_city": "Hangzhou", "inventor_country": "CN",
                       "inventor_state": None, "inventor_sequence": 0}],
    }  # fmt: skip


def patentsview(server, params, headers):
    if headers.get("X-Api-Key") != KEYS["PATENTSVIEW_API_KEY"]:
        return 403, b'{"detail": "Invalid API key"}', {}
    days = [c for c in json.loads(params["q"])["_and"] if "_gte" in c or "_lte" in c]
    found = window(server, days[0]["_gte"]["patent_date"], days[1]["_lte"]["patent_date"])
    options = json.loads(params["o"])
    last = int(options.get("after", 0)) - 10000000
    start = next((place + 1 for place, i in enumerate(found) if i == last), 0)
    some, _ = portion(server, found, start, options["size"])
    patents = [patentsview_patent(i) for i in some]
    return as_reply({"error": False, "count": len(patents), "total_hits": total(server, found),
                     "patents": patents})  # fmt: skip


ANSWERS = {
    "openalex": openalex,
    "arxiv": arxiv,
    "crossref": crossref,
    "europepmc": europepmc,
    "epo": epo,
    "uspto": uspto,
    "patentsview": patentsview,
}
