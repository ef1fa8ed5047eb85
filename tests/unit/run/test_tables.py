"""What is known of places, and what is not."""

import pandas as pd

from foresight.run.tables import zhejiang_documents


def places(*rows):
    frame = pd.DataFrame(rows, columns=["doc_id", "country", "zhejiang", "stated"])
    return frame.astype({"zhejiang": bool, "stated": bool})


def test_documents_that_do_not_say_where_in_china_are_not_counted():
    known, local = zhejiang_documents(
        places(
            ("a", "CN", True, True),
            ("b", "CN", False, True),
            ("c", "CN", False, False),
            ("d", "US", False, True),
        )
    )
    assert (known, local) == ({"a", "b", "d"}, {"a"})


def test_a_document_with_one_address_in_the_province_counts_whatever_else_it_lacks():
    rows = [("a", "CN", True, True), ("a", "CN", False, False), ("b", "CN", False, True)]
    known, local = zhejiang_documents(places(*rows))
    assert (known, local) == ({"a", "b"}, {"a"})


def test_nothing_is_known_where_most_chinese_addresses_name_no_province():
    rows = [("a", "CN", False, False), ("b", "CN", False, False), ("c", "CN", True, True)]
    assert zhejiang_documents(places(*rows, ("d", "US", False, True))) == (set(), set())


def test_a_corpus_without_chinese_documents_knows_that_none_is_local():
    assert zhejiang_documents(places(("d", "US", False, True))) == ({"d"}, set())
