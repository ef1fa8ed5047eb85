"""Static token vectors: the same bits in any company, near to the encoder they come from."""

import math

import joblib
import numpy as np
import pytest

from foresight.errors import RegistryError, SettingsError
from foresight.settings import ENCODERS, Settings
from foresight.topics import distil, static
from foresight.topics.embedding import MultilingualEncoder
from foresight.topics.encoders import CLASSES, encoder_named
from foresight.topics.static import BEGIN, END, StaticEncoder, StaticModel, token_ids

TEXTS = [
    "A solid electrolyte layer for a lithium metal battery and a method of making it.",
    "一种用于锂金属电池的固体电解质层及其制备方法。",
    "Superconducting quantum circuit with tunable couplers between qubits",
    "超导量子比特之间的可调耦合器",
    "",
    "  \t\n ",
    "...!?；。",
    "\x00\ufeff\u200b",
    "Твердотельный аккумулятор с литиевым анодом",
    "リチウムイオン電池用固体電解質",
    "고체 전해질 전지",
    "بطارية ليثيوم",
    "🙂👩‍🔬",
    "\ud800 lone surrogate",
    "qubit " * 30_000,
    "量" * 50_000,
    "=cmd|' /C calc'!A0",
]


@pytest.fixture(scope="module")
def vectors():
    return StaticEncoder().encode(TEXTS)


def test_vectors_have_unit_length_whatever_the_text(vectors):
    assert vectors.shape == (len(TEXTS), 512)
    assert vectors.dtype == np.float32
    assert np.abs(np.linalg.norm(vectors.astype(np.float64), axis=1) - 1).max() < 1e-6


def test_no_text_gives_no_rows():
    assert StaticEncoder().encode([]).shape == (0, 512)


def test_bits_do_not_depend_on_what_is_encoded_beside(vectors, monkeypatch):
    encoder = StaticEncoder()
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert np.array_equal(alone, vectors)
    order = np.random.default_rng(4).permutation(len(TEXTS))
    shuffled = encoder.encode([TEXTS[i] for i in order])
    assert np.array_equal(shuffled, vectors[order])
    crowd = encoder.encode(TEXTS * 40)  # more than a block
    assert np.array_equal(crowd, np.vstack([vectors] * 40))
    monkeypatch.setattr(static, "BLOCK", 3)
    assert np.array_equal(encoder.encode(TEXTS), vectors)


def test_bits_do_not_depend_on_processes(vectors):
    half = len(TEXTS) // 2
    run = joblib.Parallel(n_jobs=2)
    parts = run(joblib.delayed(StaticEncoder().encode)(x) for x in (TEXTS[:half], TEXTS[half:]))
    assert np.array_equal(np.vstack(parts), vectors)


def test_empty_text_reads_as_an_unknown_token_and_word_order_does_not_count():
    assert token_ids("") == [BEGIN, static.UNKNOWN, END]
    assert token_ids("\ud800") == token_ids("?")
    first, second = StaticEncoder().encode(["quantum sensor", "sensor quantum"])
    assert np.array_equal(first, second)


def test_near_to_the_encoder_it_comes_from(vectors):
    full = MultilingualEncoder().encode(TEXTS[:4])
    assert (full * vectors[:4]).sum(axis=1).min() > 0.85


def test_translations_are_nearest():
    en, zh = [0, 2], [1, 3]
    rows = StaticEncoder().encode([TEXTS[i] for i in en + zh])
    likeness = rows[:2] @ rows[2:].T
    assert likeness.argmax(axis=1).tolist() == [0, 1]
    assert likeness.argmax(axis=0).tolist() == [0, 1]


def tiny_model():
    """Four tokens of eight dimensions; the upper layers do nothing but tanh and scaling."""
    fine = np.array([[0x8F, 0x00, 0x77, 0x88], [0x88] * 4, [0x9A] * 4], dtype=np.uint8)
    eye = np.eye(8, dtype=np.float32)
    head = {name: np.zeros((8, 8), dtype=np.float32) for name in static.HEAD}
    return StaticModel(
        fine=fine,
        coarse=np.array([[0b10110000]], dtype=np.uint8),
        place=np.array([0, 1, 2, -1]),
        fine_step=np.array([1.0, 2.0, 0.5], dtype=np.float32),
        coarse_step=np.array([0.25], dtype=np.float32),
        head={**head, "p1": eye, "p3": eye},
    )


def test_unpacked_by_hand():
    rows = tiny_model().vectors(np.array([0, 3, 2]))
    assert rows[0].tolist() == [0.5, 7.5, -7.5, -7.5, -0.5, -0.5, 0.5, 0.5]
    assert rows[1].tolist() == [0.25, -0.25, 0.25, 0.25, -0.25, -0.25, -0.25, -0.25]
    assert rows[2].tolist() == [0.75, 1.25] * 4


def test_sum_scaled_by_root_of_length_by_hand():
    (row,) = tiny_model().encode_ids([[0, 3, 3, 2]])
    sums = [0.5 + 2 * 0.25 + 0.75, 7.5 - 2 * 0.25 + 1.25, -7.5 + 0.5 + 0.75, -7.5 + 0.5 + 1.25,
            -0.5 - 0.5 + 0.75, -0.5 - 0.5 + 1.25, 0.5 - 0.5 + 0.75, 0.5 - 0.5 + 1.25]  # fmt: skip
    z = [math.tanh(max(value / math.sqrt(4), 0.0)) for value in sums]
    expected = np.array(z) / math.sqrt(sum(value**2 for value in z))
    assert np.allclose(row, expected, atol=1e-6)


def test_upper_layers_are_the_encoders_own():
    """The sum of the vectors in context, through our layers, is the encoder's vector."""
    model = static.read_model(static.model_path())
    for text in TEXTS[:4]:
        _, rows = distil.contextual(distil.network(), [token_ids(text)])
        mean = (rows.sum(axis=0) / math.sqrt(len(rows))).astype(np.float32)[np.newaxis]
        ours = static.upper_layers(mean, model.head)
        assert (ours * MultilingualEncoder().encode([text])).sum() > 0.9999


def test_context_of_a_neighbouring_text_is_not_seen():
    network = distil.network()
    first, second = token_ids(TEXTS[0]), token_ids(TEXTS[3])
    _, both = distil.contextual(network, [first, second])
    _, alone = distil.contextual(network, [second])
    assert np.allclose(both[len(first) :], alone, atol=1e-4)


def test_packing_keeps_vectors():
    rng = np.random.default_rng(2)
    rows = rng.standard_normal((50, 512)) * rng.uniform(0.1, 3, (50, 1))
    arrays = distil.pack(rows, np.arange(0, 50, 2))
    model = StaticModel(
        fine=arrays["fine"],
        coarse=arrays["coarse"],
        place=np.array([i // 2 if i % 2 == 0 else -1 - i // 2 for i in range(50)]),
        fine_step=arrays["fine_step"].astype(np.float32),
        coarse_step=arrays["coarse_step"].astype(np.float32),
        head={},
    )
    back = model.vectors(np.arange(50))
    lost = np.square(back - rows).sum(axis=1) / np.square(rows).sum(axis=1)
    assert lost[0::2].max() < 0.02
    assert 0.3 < lost[1::2].mean() < 0.42  # 1 - 2 / pi of normal values is lost by signs


def test_mean_over_contexts_by_hand():
    alone = distil.Contexts(np.array([[2.0], [4.0]]), np.array([1.0, 2.0]))
    seen = distil.Contexts(np.array([[9.0], [0.0]]), np.array([3.0, 0.0]))
    assert distil.token_vectors(alone, seen).tolist() == [[(9 + 2 * 2) / 5], [2.0]]


@pytest.mark.parametrize(
    ("piece", "expected"), [("量子", True), ("▁的", True), ("の量", False), ("▁the", False)]
)
def test_chinese_pieces(piece, expected):
    assert distil.is_chinese(piece) is expected


def test_absent_and_damaged_model_files_are_refused(tmp_path):
    path = tmp_path / static.FILE
    with pytest.raises(RegistryError, match=r"does not exist.*git checkout"):
        static._model(path)
    data = bytearray(static.model_path().read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(RegistryError, match=r"damaged or another version.*git checkout"):
        static._model(path)


def test_another_tokenizer_is_refused(monkeypatch, tmp_path):
    other = tmp_path / "sp.model"
    other.write_bytes(b"another")
    monkeypatch.setattr(static, "tokenizer_path", lambda: other)
    with pytest.raises(RegistryError, match="make env"):
        static.tokenizer.__wrapped__()


def test_encoders_by_name():
    assert tuple(CLASSES) == ENCODERS
    assert [encoder_named(name).name for name in ENCODERS] == list(ENCODERS)
    assert Settings.from_mapping({"encoder": "static-multilingual-1"}).as_dict()["encoder"]
    for wrong in ("static", 1, None, ["static-multilingual-1"]):
        with pytest.raises(SettingsError, match=r"static-multilingual-1, use-multilingual-3"):
            Settings.from_mapping({"encoder": wrong})


def test_every_piece_has_its_own_vector():
    """Two tokens in a hundred: near to the encoder's vector of the token alone or in context."""
    model = static.read_model(static.model_path())
    assert len(model.place) == static.tokenizer().vocab_size()
    assert sorted(model.place) == [*range(-len(model.coarse), 0), *range(len(model.fine))]
    tokens = np.arange(50, len(model.place), 800)
    group = [[BEGIN, int(token), END] for token in tokens]
    _, rows = distil.contextual(distil.network(), group)
    ours, theirs = (
        static.unit_rows(part.astype(np.float32)) for part in (model.vectors(tokens), rows[1::3])
    )
    assert (model.place[tokens] < 0).sum() > 50
    assert (ours * theirs).sum(axis=1).min() > 0.5
