"""CSL, the Chinese Scientific Literature tasks: abstracts, titles and keywords without dates.

Tab-separated lines without a header: the task, the text, what is to be found. Only lines that
hold a title can become documents, and only with a date given for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from foresight.errors import SourceError
from foresight.sources import papers, texts
from foresight.sources.base import SourceTables
from foresight.sources.encoding import read_text
from foresight.sources.records import DEFAULTS, Collector, Options, Record, Source, tidy_record

SOURCE = Source(
    "csl",
    {"zh": "CSL 中文科技文献任务集", "en": "CSL, Chinese Scientific Literature tasks"},
    {"zh": "CSL 数据集，Apache-2.0 许可。", "en": "CSL data set, Apache-2.0 licence."},
    {
        "zh": ["任务集没有日期，只能用于分词、标签与编码检验，不能用于趋势。"],
        "en": ["The tasks have no dates: for words, labels and encodings, not for trends."],
    },
)
PARTS = 3  # task, text, answer
_TASKS = {
    "to title": ("abstract", "title"),
    "to category": ("title", None),
    "to keywords": ("abstract", "keywords"),
    "to discipline": ("abstract", None),
}


def read_csl(paths: Sequence[Path], *, options: Options = DEFAULTS) -> SourceTables:
    """Read the task files of CSL.

    Raises
    ------
    SourceError
        If a file is none of these tasks, or no row becomes a document.
    """
    collector = Collector(SOURCE, options)
    for path in paths:
        text, encoding = read_text(path)
        if text.split("\t", 1)[0].strip() not in _TASKS:
            msg = (
                f"{path.name} is no task file of CSL: its first line begins with {text[:30]!r}, "
                f"expected {', '.join(_TASKS)} and a tab. Check the format."
            )
            raise SourceError(msg)
        collector.note(encoding)
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            parts = line.split("\t")
            if len(parts) != PARTS or parts[0].strip() not in _TASKS:
                collector.refuse(path.name, number, "not a task, a text and an answer")
            else:
                collector.take(path.name, number, partial(_record, *parts))
    return collector.finish(paths)


def _record(task: str, text: str, answer: str) -> Record:
    given = dict(zip(_TASKS[task.strip()], (text, answer), strict=True))
    title = texts.tidy(given.get("title"))
    doc_id, own, aka = papers.paper_id("csl", doi=None, source_id=None, title=title, year=None)
    record = Record(
        doc_id, "paper", title, None, "csl", own, abstract=given.get("abstract"), aka=aka
    )
    record.classes = papers.keywords(texts.split_list(given.get("keywords"), "_;"))
    return tidy_record(record)
