"""What a reader sees of topics: words of families, one row per topic."""

import numpy as np
import pandas as pd
import pytest

from foresight.topics.describe import describe_topics
from foresight.topics.history import fit_history

WIDGETS = ("glass widget", "steel widget", "resin widget")
KINDS = ("solid electrolyte", "humanoid robot", "contact lens")


@pytest.fixture(scope="module")
def documents():
    """Sixty documents of each kind, fifteen of them one family: the same title and text."""
    rows = []
    for number in range(180):
        kind = KINDS[number % 3]
        family = number >= 135
        title = f"Patented {kind} gadget" if family else f"{kind} no {number}"
        text = f"{title}. The {kind} and a {WIDGETS[number % 3] if family else f'part q{number}x'}"
        rows.append((f"D{number:03d}", text, title, 2000 + number // 18))
    return pd.DataFrame(rows, columns=["doc_id", "text", "title", "year"])


def describe(documents):
    rng = np.random.default_rng(0)
    vectors = np.eye(8)[np.arange(180) % 3] + 0.05 * rng.standard_normal((180, 8))
    vectors = vectors.astype(np.float32)
    history = fit_history(
        documents, vectors, prefix="t", last_year=2009, random_state=0, n_topics=3
    )
    return describe_topics(history, documents, vectors, random_state=0)


@pytest.fixture(scope="module")
def found(documents):
    return describe(documents)


def test_topics_are_told_by_their_own_phrases(found):
    assert sorted(words[0] for words in found.topics["words"]) == sorted(KINDS)
    assert found.topics["n_docs"].tolist() == [60, 60, 60]


def test_a_family_counts_once(found):
    """Its phrases stand in a quarter of the topic's documents, all with the same text."""
    listed = {word for words in found.topics["words"] for word in words}
    assert not any("widget" in word or "gadget" in word for word in listed)


def test_a_family_may_change_a_few_words(documents, found):
    """One more word in each text of the family does not make its phrases count."""
    changed = documents.assign(
        text=[
            f"{text}; variant w{number}x" if title.startswith("Patented") else text
            for number, (text, title) in enumerate(
                zip(documents["text"], documents["title"], strict=True)
            )
        ]
    )
    again = describe(changed)
    assert again.topics["words"].tolist() == found.topics["words"].tolist()


def test_a_topic_that_is_one_family_is_called_by_its_title(documents):
    lenses = np.arange(180) % 3 == 2
    changed = documents.assign(
        text=documents["text"].mask(lenses, "Coated contact lens. A contact lens with a coat"),
        title=documents["title"].mask(lenses, "Coated contact lens"),
    )
    words = describe(changed).topics["words"].tolist()
    assert ["coated contact lens"] in words
    assert all(words)
