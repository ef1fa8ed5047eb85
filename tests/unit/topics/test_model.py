"""Topics do not depend on order; labels say where their Chinese comes from."""

import itertools

import numpy as np
import pandas as pd
import pytest
from bertopic import BERTopic

from foresight.errors import InsufficientDataError
from foresight.glossary import Glossary
from foresight.provenance import VectorCache
from foresight.topics.embedding import embed
from foresight.topics.labels import label
from foresight.topics.model import fit_topics, number_of_topics


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


def fit(documents, seed=1):
    encoder = BagEncoder()
    vectors = encoder.encode(documents["text"].tolist())
    return fit_topics(documents, vectors, prefix="t", encoder=encoder, seed=seed, n_topics=3)


def test_planted_themes_become_topics(documents):
    model = fit(documents)
    themes = [int(doc[1:]) % 3 for doc in model.documents["doc_id"]]
    table = pd.crosstab(model.documents["topic_id"], pd.Series(themes))
    assert (table > 0).sum().sum() == 3
    assert len(model.documents) == len(documents)


def test_order_of_documents_changes_nothing(documents):
    base = fit(documents)
    shuffled = fit(documents.sample(frac=1, random_state=5).reset_index(drop=True))
    pd.testing.assert_frame_equal(base.documents, shuffled.documents)
    pd.testing.assert_frame_equal(base.topics, shuffled.topics)


def test_the_result_is_a_bertopic_model_that_assigns_new_documents(documents):
    model = fit(documents)
    assert isinstance(model.model, BERTopic)
    numbers, _ = model.model.transform(["a humanoid robot with joint actuator"])
    words = {word for word, _ in model.model.get_topic(int(numbers[0]))}
    assert any("robot" in word for word in words)


def test_too_few_documents_are_refused(documents):
    with pytest.raises(InsufficientDataError, match="too few"):
        fit(documents.head(20))


def test_number_of_topics_grows_with_documents_within_bounds():
    assert [number_of_topics(n) for n in (99, 100, 600, 99_999)] == [0, 2, 10, 14]


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


def test_label_prefers_whole_entries_to_composed_ones_and_phrases_to_words():
    found = label(["carbon tube", "anode", "solid electrolyte", "lithium"], glossary=GLOSSARY)
    assert found.zh == "固体电解质、碳管"
    assert found.en == "solid electrolyte, carbon tube"


def test_label_takes_chinese_from_the_documents_first():
    found = label(["固态电池", "solid electrolyte"], glossary=GLOSSARY)
    assert (found.zh, found.zh_source) == ("固态电池", "documents")
    assert found.en == "solid electrolyte"


def test_untranslated_labels_say_so():
    found = label(["zqx thing"], glossary=GLOSSARY)
    assert (found.zh, found.zh_source) == ("zqx thing", "untranslated")
