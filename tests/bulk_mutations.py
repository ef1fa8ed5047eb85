"""Damage to the records of whole data sets: bytes, values of JSON, cells of rows."""

import copy
import json
import random

PIECES = [
    b'"', b"{", b"}", b"[", b"]", b",", b":", b"\t", b"\n", b"\r", b"\x00", b"\xff", b"\xc3",
    b"null", b"[]", b"{}", b"-1", b"1e999", b"NaN", b"true", b"\\", b"\\u0000", b"\\ud800",
    b"9" * 40, "固\u2028\u202e".encode(), b"&lt;", b"<b>", b";", b"/",
]  # fmt: skip
TEXTS = [
    "", " ", "\n", "\x00", "a\x00b", "\ud800", "固体", "\u2028\u3000", "<b>", "&amp;", "&#x110000;",
    "&#0;", "1", "-1", "1e999", "99999999999999999999", "true", "null", "[]", "{}", "a;b", "a\tb",
    "a\nb", '"', '"a', "\\", "2020-02-31", "0000-01-01", "9999-12-31", "20200101", "2020", "10.1/x",
    "https://doi.org/10.1000/A;B", "10.1000/\x01", "doi:10.1000/(x)", "x" * 5000, "W1", "T1", "W",
    "Mon, 2 Apr 2007 19:18:42 GMT", "Mon, 31 Feb 2007 19:18:42 GMT", "US-1-A", "D1", "ZZ123", "CN",
]  # fmt: skip
NUMBERS = [0, -1, 1, 2**31, 2**63 - 1, 2**63, -(2**64), 10**30, 0.5, 1e300, float("inf"), 2020]
OTHERS = [None, None, True, False, [], {}, [None], [[]], {"a": {}}, {"": None}]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Bytes with some of them changed, dropped, doubled or put in."""
    found = bytearray(data)
    for _ in range(rng.randrange(1, 8)):
        place = rng.randrange(len(found) + 1)
        size = rng.randrange(1, 40)
        turn = rng.randrange(4)
        if turn == 0:
            found[place : place + 1] = bytes([rng.randrange(256)])
        elif turn == 1:
            del found[place : place + size]
        elif turn == 2:
            found[place:place] = found[place : place + size]
        else:
            found[place:place] = rng.choice(PIECES)
    return bytes(found)


def odd_text(text: str, rng: random.Random) -> str:
    """Another text, or this one with a character changed, dropped or put in."""
    if not text or rng.random() < 0.5:
        return rng.choice(TEXTS)
    place = rng.randrange(len(text) + 1)
    end = place + rng.randrange(3)
    return text[:place] + rng.choice(TEXTS) * rng.randrange(2) + text[end:]


def odd_value(value, rng: random.Random):
    """Something else in the place of a value of JSON."""
    turn = rng.randrange(4)
    if turn == 0 and isinstance(value, str):
        return odd_text(value, rng)
    if turn == 1:
        return copy.deepcopy(rng.choice(OTHERS))
    if turn == 2:
        return rng.choice(NUMBERS)
    if turn == 3 and value is not None:
        return rng.choice([[value], [value, value], {"a": value}, str(value), [value, None]])
    return rng.choice(TEXTS)


def odd_record(record, rng: random.Random):
    """A copy of a record with some of its values, keys and items changed."""
    made = copy.deepcopy(record)
    for _ in range(rng.randrange(1, 4)):
        node = made
        while True:  # down to some place
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = rng.choice(keys)
            inner = node[key]
            if isinstance(inner, (dict, list)) and inner and rng.random() < 0.7:
                node = inner
                continue
            turn = rng.randrange(6)
            if turn == 0:
                del node[key]
            elif turn == 1 and isinstance(node, dict):
                node[odd_text(key, rng)] = node.pop(key)
            elif turn == 2 and isinstance(node, list):
                node.insert(rng.randrange(len(node) + 1), inner)
            else:
                node[key] = odd_value(inner, rng)
            break
    return made


def odd_line(record, rng: random.Random) -> bytes:
    """A record as a line, damaged in its bytes or in its values, or in both."""
    changed = odd_record(record, rng) if rng.random() < 0.7 else record
    text = json.dumps(changed, ensure_ascii=rng.random() < 0.5)
    data = text.encode("utf-8", "surrogatepass")
    if changed is record or rng.random() < 0.1:
        data = damaged(data, rng)
    elif rng.random() < 0.1:  # a key twice
        data = data[:-1] + b", " + data[1:]
    return data
