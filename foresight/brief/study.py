"""What a brief is made from: the results for one track, as plain tables.

`foresight.run` fills a `Study`; plots and briefs only read it. Nothing here computes a figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from foresight.brief.backtest.record import TrackRecord
from foresight.brief.kept import KeptRun
from foresight.corpus.quality import Quality
from foresight.settings import Settings
from foresight.tracks import Registry, Track


@dataclass(frozen=True)
class CorpusCard:
    """What a reader must know about the corpus behind a brief.

    `title`, `licence` and `notes` carry one text per language (`zh`, `en`); the notes name the
    known biases, one sentence each, and stand in every brief. `fields` tells for each of
    `abstract`, `references`, `classes`, `parties`, `organisations`, `countries`, `families`,
    `events` the share of documents (0 to 1) that have it. `years` has the columns year,
    n_docs, n_patents, n_papers. `digest` is the SHA-256 of the corpus tables. In a brief all of
    these are of the complete years, elsewhere of all documents at the as-of date.
    """

    name: str
    title: dict[str, str]
    licence: dict[str, str]
    notes: dict[str, list[str]]
    digest: str
    n_docs: int
    fields: dict[str, float]
    years: pd.DataFrame


@dataclass(frozen=True)
class Retrieval:
    """How sure retrieval is, and who read the sample that says so.

    `agreement` (share equal) and `kappa` (null where chance alone explains all) compare the two
    readings of the `read_twice` documents; `terms_changed` tells that search terms were
    changed after the sample was drawn, so that its figures must not be reported; `doc_ids` are
    the labelled documents.
    """

    quality: Quality
    labelled_by: str
    second_by: str
    read_twice: int
    agreement: float
    kappa: float | None
    terms_changed: bool
    doc_ids: tuple[str, ...]


@dataclass(frozen=True)
class Scoring:
    """How units were scored.

    Attributes
    ----------
    method : str
        Name of the score in a backtest: `shipped` (learned weights), `composite` where there are
        none, `weighted` with the analyst's own.
    n_topics : int
        Topics of the whole corpus that units are compared with.
    horizon : int or None
        Years that p_growth looks ahead; None where no weights could be known at the date.
    base_rate : float or None
        Share of the topics that the weights were learnt from that grew.
    n_units : int or None
        Number of these topics.
    """

    method: str
    n_topics: int
    horizon: int | None = None
    base_rate: float | None = None
    n_units: int | None = None


UNSCORED = Scoring("composite", 0)


@dataclass(frozen=True)
class CompanionFile:
    """A file beside a brief: its path from the brief's folder, and what it is."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True)
class Standing:
    """Who controls each unit, what the province has in it, and what patent navigation says.

    Every table rests on the track's own documents, papers among them.

    Attributes
    ----------
    units : DataFrame, one row per topic, sub-direction and the track, indexed by unit_id
        Columns of `foresight.navigation.standing.unit_control`, `provincial_base` and
        `suggested_form`, and of the route: route (`main_path` | `branch` | `topic`; null where
        there is none), route_id (unit, or newest document of the path), n_route (documents).
    direction : DataFrame, of `foresight.navigation.control.branch_trends`
        Sub-directions and the track.
    strengths : DataFrame, of `foresight.navigation.position.strengths_and_gaps`
        The province against country and world.
    path : DataFrame, of `foresight.navigation.path.path`
    organisations : DataFrame, of `foresight.navigation.organisations.organisations`
        Those of the track as a whole, with local of `foresight.navigation.presence.presence`.
    """

    units: pd.DataFrame
    direction: pd.DataFrame
    strengths: pd.DataFrame
    path: pd.DataFrame
    organisations: pd.DataFrame


NO_ARRIVALS = pd.DataFrame(columns=["doc_id", "delivery", "label", "added", "replaced"])


@dataclass(frozen=True)
class Study:
    """The results for one track, one corpus and one as-of date.

    Every table is sorted and has a fresh index; absent values are null.

    Attributes
    ----------
    track, registry, settings, corpus
    as_of : str
        ISO date of knowledge: nothing published later is in any table.
    first_year, last_year : int
        First year of the track's documents and last complete calendar year at `as_of`.
        Documents of the year that `as_of` cuts short are in `documents`, not in trends.
    previous : str
        ISO date one year before `as_of`: what `earlier` was computed at.
    documents : DataFrame, one row per document of the track, sorted by doc_id
        doc_id, kind, title, published, year, office, language, topic_id (null when the track
        has no topics), sub_directions (";"-joined ids), routes, terms (";"-joined), zhejiang
        (bool; null when the corpus has no party with a place), x, y (map position; null
        without topics).
    members : DataFrame
        unit_id, doc_id: which documents belong to which topic or sub-direction.
    scores : DataFrame, sorted by unit_kind, rank, unit_id
        unit_id, unit_kind (`topic` | `sub_direction`), label_zh, label_en, score (0 to 100),
        score_lo, score_hi, rank (1 = strongest, within unit_kind), rank_lo, rank_hi (95 %
        intervals), p_growth (0 to 1: probability that its share of the corpus grows at least 8 % a
        year over `scoring.horizon` years), stage (`emerging` | `growing` | `maturing` |
        `saturated` | null = cannot be decided), n_docs, growth, vitality, novelty, community
        (components: percentiles 0 to 1; null = missing). Units without a score have no rank and
        come last.
    indicators : DataFrame, long
        unit_id, indicator, value, lo, hi, n. Indicators: growth (yearly log-growth of the
        share of the corpus, shrunk), vitality, novelty (share of documents of the window with
        a first-ever pair of classes), newcomers (share of the window's documents that name an
        organisation new within the window), effective_organisations, countries, top5
        (probability of a rank of five or better), composite (mean of the component percentiles, 0
        to 100).
    topics : DataFrame, one row per topic
        topic_id, label_zh, label_en, words_zh, words_en (";"-joined, most telling first),
        label_zh_source (`documents` | `glossary` | `registry` | `untranslated`), n_docs,
        n_recent (last complete three years), representatives (";"-joined doc_ids, nearest to
        the centre first), n_zhejiang, born (year), colour (number, kept from run to run),
        steadiness, steadiness_lo, steadiness_hi (0 to 1, over refits on bootstrap samples).
    lineage : DataFrame
        year, topic_id, before, fate (birth, continuation, split, merge, death), n_shared,
        share_of_before, share_of_topic; see `foresight.topics.history`.
    past_topics : DataFrame
        topic_id, label_zh, label_en, born, last (years), n_docs (in its last year) of topics that
        no longer are.
    topic_flows : DataFrame
        year, topic_id, next_year, next_topic_id, n_docs: what topics five years apart share.
    topic_similarity : DataFrame, one row per pair of topics
        topic_a, topic_b, similarity (cosine of their mean document vectors, -1 to 1).
    agreement : float or None
        Mean adjusted Rand index of the topics and of refits; None without topics.
    topic_years : DataFrame, table TOPIC_YEARS, topics only, up to `last_year`
    track_years : DataFrame
        year, n_docs, n_corpus, n_patents, n_papers up to `last_year`; zeros are rows.
    sub_direction_years : DataFrame
        unit_id, year, n_docs, n_corpus.
    earlier : DataFrame
        unit_id, rank, score of the sub-directions as computed at `previous`.
    organisations : DataFrame, sorted by n_docs
        org, n_docs, n_recent, first_year (of the organisation in the corpus), new (bool),
        sub_direction (its most frequent one; may be null), doc_ids.
    places : DataFrame
        country (ISO code), n_docs, n_recent, n_placed (documents of the track with a country),
        share (of these), lo, hi,
        doc_ids.
    zhejiang : DataFrame, one row for the track (unit_id = slug) and per sub-direction
        unit_id, n_placed (documents with a known place), n_china, n_zhejiang, share, lo, hi
        (Wilson, share of Zhejiang among placed documents), doc_ids of Zhejiang's documents.
        Empty when the corpus does not tell where in China its documents come from.
    cities : DataFrame, one row per city of the policy that names this track or has documents
        city_zh, city_en, role (`key` | `active` | null), phrase, match, n_docs, doc_ids.
    landmarks : DataFrame, one row per item of the track's landmark families
        family_no, family_zh, family_en, item_zh, item_en, n_docs (null when the registry has
        no search terms for the item), n_recent, doc_ids.
    caveats : list of dict
        {"zh": …, "en": …}: what was left out or could not be done, one sentence each.
    digest : str
        SHA-256 of corpus, registry, settings, code and as-of date: same digest, same bytes.
    retrieval : Retrieval or None
        How sure retrieval is; None where no sample of the corpus has been labelled.
    track_record : TrackRecord or None
        The backtest of the corpus; None where none has been made that looked at nothing after
        `as_of`.
    scoring : Scoring
    exports : tuple of CompanionFile
        What `foresight.brief.exports` wrote; listed in section 11.
    kept : KeptRun or None
        The newest kept results of an earlier date; None where `outputs/` holds none.
    standing : Standing or None
        Who controls each unit, what the province has in it, and what follows; see there.
    arrivals : DataFrame, sorted by delivery and doc_id
        Documents of the track that came by a delivery: doc_id, delivery (number), label, added (ISO
        date), replaced (bool: the corpus had the document before, with other content).
    """

    track: Track
    registry: Registry
    settings: Settings
    corpus: CorpusCard
    as_of: str
    first_year: int
    last_year: int
    previous: str
    documents: pd.DataFrame
    members: pd.DataFrame
    scores: pd.DataFrame
    indicators: pd.DataFrame
    topics: pd.DataFrame
    lineage: pd.DataFrame
    past_topics: pd.DataFrame
    topic_flows: pd.DataFrame
    topic_similarity: pd.DataFrame
    agreement: float | None
    topic_years: pd.DataFrame
    track_years: pd.DataFrame
    sub_direction_years: pd.DataFrame
    earlier: pd.DataFrame
    organisations: pd.DataFrame
    places: pd.DataFrame
    zhejiang: pd.DataFrame
    cities: pd.DataFrame
    landmarks: pd.DataFrame
    caveats: list[dict[str, str]]
    digest: str
    retrieval: Retrieval | None = None
    track_record: TrackRecord | None = None
    scoring: Scoring = field(default=UNSCORED)
    exports: tuple[CompanionFile, ...] = ()
    kept: KeptRun | None = None
    standing: Standing | None = None
    arrivals: pd.DataFrame = field(default_factory=NO_ARRIVALS.copy)

    @property
    def thin(self) -> bool:
        """Whether the track has so few documents that the brief carries the thin-evidence flag."""
        return len(self.documents) < self.settings.thin_docs

    @property
    def kinds(self) -> set[str]:
        """Kinds of documents present: `patent`, `paper` or both."""
        return set(self.documents["kind"].unique())
