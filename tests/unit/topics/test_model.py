"""Topics do not depend on order; labels say where their Chinese comes from."""

import itertools

import numpy as np
import pandas as pd
import pytest
from bertopic import BERTopic
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from foresight.errors import InsufficientDataError
from foresight.glossary import Glossary
from foresight.provenance import VectorCache
from foresight.topics.bertopic import as_bertopic
from foresight.topics.embedding import embed
from foresight.topics.labels import label, label_topics
from foresight.topics.model import TopicModel, admissible_numbers


class BagEncoder:
    """Vectors from letter pairs: cheap, and near for texts that share words."""

    name = "bag"

    def encode(self, texts):
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for at, text in enumerate(texts):
            for a, b in itertools.pairwise(text):
                rows[at, (ord(a) * 31 + ord(b)) % 64] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


THEMES = ("solid electrolyte layer lithium", "humanoid robot joint actuator", "contact lens cornea")


@pytest.fixture(scope="module")
def documents():
    rng = np.random.default_rng(0)
    rows = [
        (f"D{i:03d}", f"{THEMES[i % 3]} variant {rng.integers(1000)} {THEMES[i % 3]}")
        for i in range(180)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "text"])


@pytest.fixture(scope="module")
def vectors(documents):
    return BagEncoder().encode(documents["text"].tolist())


def fit(documents, vectors, **options):
    return TopicModel(n_topics=3, **options).fit(vectors, ids=documents["doc_id"].tolist())


def test_planted_themes_become_topics(documents, vectors):
    model = fit(documents, vectors)
    themes = [int(doc[1:]) % 3 for doc in model.ids_]
    assert adjusted_rand_score(themes, model.labels_) == 1.0


def test_order_of_documents_changes_nothing(documents, vectors):
    base = fit(documents, vectors)
    order = np.random.default_rng(5).permutation(len(documents))
    shuffled = fit(documents.iloc[order], vectors[order])
    assert np.array_equal(base.labels_[order], shuffled.labels_)
    assert np.array_equal(base.reduced_[order], shuffled.reduced_)
    assert np.array_equal(base.cluster_centers_, shuffled.cluster_centers_)


def test_number_of_threads_changes_nothing(documents, vectors):
    with threadpool_limits(limits=1):
        one = fit(documents, vectors)
    with threadpool_limits(limits=4):
        four = fit(documents, vectors)
    assert np.array_equal(one.labels_, four.labels_)
    assert np.array_equal(one.cluster_centers_, four.cluster_centers_)


def test_new_documents_go_to_the_topic_that_they_are_like(documents, vectors):
    model = fit(documents, vectors)
    assert np.array_equal(model.predict(vectors), model.labels_)
    robot = BagEncoder().encode(["a humanoid robot with joint actuator"])
    assert model.predict(robot)[0] == model.labels_[1]


def test_topics_are_numbered_by_falling_size(documents, vectors):
    rows = np.r_[0:180:3, 1:120:3, 2:60:3]  # 60, 40 and 20 documents of the themes
    model = fit(documents.iloc[rows], vectors[rows])
    assert np.bincount(model.labels_).tolist() == [60, 40, 20]


def test_the_result_is_a_bertopic_model_with_the_same_topics(documents, vectors):
    model = fit(documents, vectors)
    found = as_bertopic(model, documents["text"].tolist(), vectors, encoder=BagEncoder())
    assert isinstance(found, BERTopic)
    assert np.array_equal(found.topics_, model.labels_)
    numbers, _ = found.transform(["a humanoid robot with joint actuator"])
    words = {word for word, _ in found.get_topic(int(numbers[0]))}
    assert any("robot" in word for word in words)
    over_time = found.topics_over_time(documents["text"].tolist(), [2000, 2001, 2002] * 60)
    assert set(over_time["Timestamp"]) == {2000, 2001, 2002}
    assert len(found.hierarchical_topics(documents["text"].tolist())) == 2


def test_too_few_documents_are_refused(documents, vectors):
    with pytest.raises(InsufficientDataError, match="too few"):
        fit(documents.head(20), vectors[:20])
    with pytest.raises(InsufficientDataError, match="clusters were asked"):
        TopicModel(n_topics=1).fit(vectors, ids=documents["doc_id"].tolist())


def test_numbers_that_are_tried_grow_with_the_documents_within_bounds():
    assert admissible_numbers(99) == []
    assert admissible_numbers(100) == [3]
    assert admissible_numbers(240) == [6, 7, 8]
    assert admissible_numbers(1_400) == [9, 10, 11, 12, 13, 14]
    assert admissible_numbers(99_999) == [14]
    assert admissible_numbers(3_000, most=200)[0] == 20
    assert admissible_numbers(3_000, most=200)[-1] == 100
    assert len(admissible_numbers(3_000, most=200)) == 12


def test_topics_continue_from_given_ones(documents, vectors):
    """Starting from a partition into two keeps two, though three are planted."""
    start = np.where(np.arange(len(documents)) % 3 == 0, 0, 1)
    start[::7] = -1
    model = TopicModel().fit(vectors, start, ids=documents["doc_id"].tolist())
    assert len(model.cluster_centers_) == 2
    again = model.refit(3)
    assert len(again.cluster_centers_) == 3
    assert len(model.cluster_centers_) == 2


def test_embedding_is_cached_and_in_the_order_asked_for(tmp_path):
    cache = VectorCache(tmp_path / "bag")
    texts = ["alpha", "beta", "alpha", "gamma"]
    first = embed(texts, encoder=BagEncoder(), cache=cache)
    assert np.array_equal(first, BagEncoder().encode(texts))

    class Refusing(BagEncoder):
        def encode(self, texts):
            raise AssertionError("should come from the cache")

    again = embed(texts[::-1], encoder=Refusing(), cache=cache)
    assert np.array_equal(again, first[::-1])


def test_cache_says_what_is_missing(tmp_path):
    with pytest.raises(KeyError, match="1 of 1"):
        VectorCache(tmp_path).read(["nothing"])


GLOSSARY = Glossary(
    {
        "solid electrolyte": "固体电解质",
        "lithium": "锂",
        "anode": "负极",
        "carbon": "碳",
        "tube": "管",
    }
)


def test_label_translates_through_the_glossary():
    found = label(["solid electrolyte", "zqx thing", "lithium"], glossary=GLOSSARY)
    assert found.zh == "固体电解质、锂"
    assert found.zh_source == "glossary"
    assert found.en == "solid electrolyte, lithium"


def test_label_lets_whole_entries_overtake_and_shows_one_single_word():
    found = label(["carbon tube", "solid electrolyte", "anode", "lithium"], glossary=GLOSSARY)
    assert found.zh == "固体电解质、碳管、负极"
    assert found.en == "solid electrolyte, carbon tube, anode"


def test_label_shows_one_of_two_phrases_with_the_same_translation():
    same = Glossary(terms={"electrolyte solution": "电解液", "electrolytic solution": "电解液"})
    found = label(["electrolyte solution", "electrolytic solution"], glossary=same)
    assert (found.zh, found.en) == ("电解液", "electrolyte solution")


def test_topics_that_would_begin_alike_begin_with_their_own_phrase():
    words = [["solid electrolyte", "carbon tube"], ["solid electrolyte", "anode"], ["lithium"]]
    found = label_topics(words, glossary=GLOSSARY)
    assert [name.en for name in found] == [
        "carbon tube, solid electrolyte", "anode, solid electrolyte", "lithium",
    ]  # fmt: skip
    assert found[0].zh == "碳管、固体电解质"
    assert label_topics([[], ["lithium"]], glossary=GLOSSARY)[0].en == ""


def test_label_takes_chinese_from_the_documents_first():
    found = label(["固态电池", "solid electrolyte"], glossary=GLOSSARY)
    assert (found.zh, found.zh_source) == ("固态电池", "documents")
    assert found.en == "solid electrolyte"


def test_untranslated_labels_say_so():
    found = label(["zqx thing"], glossary=GLOSSARY)
    assert (found.zh, found.zh_source) == ("zqx thing", "untranslated")
