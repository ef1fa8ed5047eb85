"""Any text has a static vector, and company changes no bit of it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.topics.static import StaticEncoder

ANY = st.text(st.characters(), max_size=60)  # lone surrogates and controls among them


@settings(deadline=None, max_examples=60)
@given(st.lists(ANY, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_company_and_order_change_nothing(texts, random):
    encoder = StaticEncoder()
    together = encoder.encode(texts)
    assert np.abs(np.linalg.norm(together.astype(np.float64), axis=1) - 1).max() < 1e-6
    order = list(range(len(texts)))
    random.shuffle(order)
    assert np.array_equal(encoder.encode([texts[i] for i in order]), together[order])
    place = order[0]
    assert np.array_equal(encoder.encode([texts[place]])[0], together[place])
