"""Legal events and states of patents, from the columns and texts of exports."""

from __future__ import annotations

import re

from foresight.sources import dates, texts

# What ends an event, is only asked for, or is about someone's name is not the event.
_NOT = re.compile(r"注销|解除|未生效|撤销质押|请求|变更前|视为未|恢复|驳回无效|维持有效|维持专利权")
_EVENTS = (
    ("pledge", re.compile(r"质押|出质|\bpledge", re.IGNORECASE)),
    ("license", re.compile(r"许可|\blicen[cs]", re.IGNORECASE)),
    ("transfer", re.compile(r"转让|权利转移|权的转移|\btransfer|\bassignment", re.IGNORECASE)),
    ("litigation", re.compile(r"诉讼|\blitigation", re.IGNORECASE)),
    ("invalidation", re.compile(r"无效|\binvalid", re.IGNORECASE)),
    ("award", re.compile(r"专利奖|\baward", re.IGNORECASE)),
    ("renewal", re.compile(r"续展|续费|缴纳年费|\brenew", re.IGNORECASE)),
    (
        "lapse",
        re.compile(
            r"终止|未缴年费|未缴纳年费|期限届满|期限届|专利权届满|放弃专利权|避免重复授权|权利丧失|"
            r"\blapse|\bexpir",
            re.IGNORECASE,
        ),
    ),
    ("grant", re.compile(r"授权|\bgrant", re.IGNORECASE)),
)
_PART = re.compile(r"[;；|\n\r]+|(?<=[\u4e00-\u9fff])[,，、](?=\s*(?:19|20)\d{2})")
_INACTIVE = (
    "无效|失效|终止|撤回|驳回|放弃|届满|未缴|discontinued|expired|inactive|lapsed|withdrawn|"
    "revoked|rejected|ceased|dead"
)
_STATES = (
    ("inactive", _INACTIVE),
    ("pending", "审中|在审|审查|公开|公布|未确认|pending|filed|application"),
    ("active", "有效|授权|权利恢复|active|granted|patented|alive|in force"),
)
EVENT_STATES = frozenset({"litigation", "transfer", "license", "pledge", "invalidation"})


def state(text: str | None) -> str | None:
    """`active`, `inactive` or `pending` for what an export says of a patent's force.

    None where it says nothing that we know. The state is that of the day of the export.

    >>> state("有效"), state("无效"), state("DISCONTINUED"), state("实质审查")
    ('active', 'inactive', 'inactive', 'pending')
    """
    flat = texts.tidy(text)
    if flat is None:
        return None
    for name, pattern in _STATES:
        if re.search(pattern, flat, re.IGNORECASE):
            return name
    return None


def event_of(text: str) -> str | None:
    """The event that a phrase names, or None."""
    if _NOT.search(text):
        return None
    return next((event for event, pattern in _EVENTS if pattern.search(text)), None)


def read_events(text: str | None) -> tuple[list[tuple[str, str]], list[str]]:
    """Read a text that lists events, with or without dates.

    Parameters
    ----------
    text : str or None
        "2021-03-05 授权; 20230506 质押合同登记的生效", or "授权 | 权利转移".

    Returns
    -------
    (list of (date, event), list of event)
        Dated events; events that are named without a date.
    """
    dated: list[tuple[str, str]] = []
    undated: list[str] = []
    for part in _PART.split(text or ""):
        event = event_of(part)
        if event is None:
            continue
        days = dates.find_dates(part)
        if days:
            dated.append((days[0], event))
        else:
            undated.append(event)
    return dated, undated
