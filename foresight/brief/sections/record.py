"""Section 10: how the score would have done in the past, beside simple rules."""

from __future__ import annotations

from foresight.brief.backtest.record import TrackRecord
from foresight.brief.backtest.words import (
    figure_cell,
    figure_name,
    gain_cell,
    method_name,
)
from foresight.brief.claims.record import SHOWN
from foresight.brief.sections.blocks import Page, bullets, call_out, heading, table


def track_record(page: Page) -> list[str]:
    """Section 10."""
    record = page.study.track_record
    blocks = [heading(2, page.pick("10. 以往表现", "10. Track record"))]
    if record is None:
        return [*blocks, _none(page)]
    blocks.append(call_out(page.claim("record:verdict")))
    blocks.append(page.claim("record:scope"))
    blocks += _table(page, record)
    blocks += page.figure("skill", _caption(page, record))
    return blocks + bullets(_notes(page, record))


def _none(page: Page) -> str:
    study, own = page.study, ""
    if study.scoring.method == "weighted":
        pairs = ", ".join(f"{name}: {value}" for name, value in study.settings.weights.items())
        own = f" --set 'settings={{weights: {{{pairs}}}}}'"
    command = f"`foresight backtest --corpus {study.corpus.name}{own}`"
    return page.pick(
        "本语料在此时点尚未开展回溯检验，得分能否预示后续增长未经验证，排名宜作现状描述使用，"
        f"不宜当作预测；检验命令：{command}（较早时点另加 `--as-of`）。",
        "No backtest has been run on this corpus as of this date: that the score foretells "
        "anything is unproven. Read the ranking as a description, not as a forecast. To run one: "
        f"{command} (with `--as-of` for an earlier date).",
    )


def _table(page: Page, record: TrackRecord) -> list[str]:
    lang = page.lang
    spoke = record.method in record.spoke
    rows = []
    for method in [*([record.method] if spoke else []), *record.baselines]:
        own = method == record.method
        name = f"{method_name(method, lang)} {page.claims.mark(f'record:{method}')}"
        cells = [figure_cell(record.figure(method, one), one, lang) for one in SHOWN]
        if spoke:
            gain = record.gain(record.method, method, "spearman")
            cells.append("" if own else gain_cell(gain, "spearman", lang))
        rows.append([f"**{name}**" if own else name, *cells])
    heads = [page.pick("方法", "Method"), *(figure_name(one, lang) for one in SHOWN)]
    if spoke:
        heads.append(page.pick("得分与其秩相关之差", "Score less it, Spearman"))
    return table(
        heads,
        rows,
        widths=[5, *(4 for _ in heads[1:])],
        right=range(1, len(heads)),
        caption=page.caption(
            "得分与各基线的以往表现（括号内为 95% 区间；粗体之差整个区间在零的一侧）",
            "The score and the baselines in the past (95% intervals in brackets; differences in "
            "bold lie wholly on one side of zero)",
        ),
    )


def _caption(page: Page, record: TrackRecord) -> str:
    name = method_name(record.method, page.lang)
    rival = "" if record.rival is None else method_name(record.rival, page.lang)
    return page.pick(
        f"逐个截止年与其后实际涨幅的秩相关：{name}与表现最好的基线“{rival}”（竖线为 95% 区间）",
        f"Spearman correlation with the rise after each cut-off: {name} and the best baseline, "
        f"{rival} (95% intervals)",
    )


def _notes(page: Page, record: TrackRecord) -> list[str]:
    corpus = record.metrics["corpus"]
    notes = [
        page.claim("record:base_rate"),
        *page.claim_list("record:control:"),
        page.pick(
            "检验单元是全语料的技术主题，不是本赛道的主题或细分方向；表现最好的基线事后选出，"
            "对得分从严。",
            "Units tested are topics of the whole corpus, not those of this track. The best "
            "baseline was chosen after the fact, which is hard on the score.",
        ),
    ]
    if record.method != "shipped":
        notes.append(
            page.pick(
                "检验中的加权得分与本简报同法，分项以语料所载为准，可多于本简报。",
                "The weighted score is made as in this brief, from whatever components the corpus "
                "bears, which may be more than here.",
            )
        )
    notes.append(
        page.pick(
            f"全文见 `outputs/{corpus}/backtest/report.zh.html`；本节数字出自同一文件夹的 "
            "`results.csv`，`claims.csv` 以“文件#方法@截止年”注明所据各行。",
            f"In full: `outputs/{corpus}/backtest/report.en.html`. Numbers of this section rest on "
            "`results.csv` beside it; `claims.csv` names the rows as file#method@cut-off.",
        )
    )
    return notes
