"""A workbook in the layout of incoPat, made for the test from stated numbers.

Battery branch: B1 to B12, granted in 2015, and C1 to C10, granted in 2019, which cite them. Quantum
branch: Q1 to Q7. Read on 2024-06-01. Every figure that `EXPECTED` holds follows by hand.
"""

from __future__ import annotations

from export_samples import as_xlsx, table

READ_ON = "2024-06-01"
AS_OF = "2024-06-30"
NUMBERS = {f"B{i}": f"CN1050000{i:02d}B" for i in range(1, 13)}
NUMBERS |= {f"C{i}": f"CN1090000{i:02d}B" for i in range(1, 11)}
NUMBERS |= {f"Q{i}": f"CN1010000{i:02d}B" for i in range(1, 8)} | {
    "Q2": "CN210000002U",
    "Q4": "CN116000004A",
}
MEMBERS = [("battery" if name[0] in "BC" else "quantum", NUMBERS[name]) for name in NUMBERS]
OWNERS = {"B1": "甲", "B2": "甲", "B3": "甲;乙", "B4": "乙", "B5": "乙", "C1": "甲"}
# Who cites whom: six for B1 (one of them of its own owner), two for B2, one for B3.
CITES = {f"C{i}": "B1" for i in range(1, 7)} | {"C7": "B2", "C8": "B2", "C9": "B3"}
PLEDGES = [("Q5", "2022-02-02", 12e6)]  # and one of Q6, whose amount nobody tells
THRESHOLD = 10e6


def _row(name: str) -> dict[str, str]:
    kind, day = {
        "B": ("电池", "2015-03-05"), "C": ("电池", "2019-03-05"), "Q": ("量子", "2020-03-05"),
    }[name[0]]  # fmt: skip
    owner = OWNERS.get(name, {"B": "丙", "C": "丁", "Q": "戊"}[name[0]])
    effect = {"B": "提高了安全性", "C": "降低了生产成本", "Q": "测量精度高"}[name[0]]
    cited = CITES.get(name)
    return {
        "标题": f"一种{kind}{name}",
        "摘要": f"本发明公开了一种{kind}，{effect}。",
        "公开(公告)号": NUMBERS[name],
        "公开(公告)日": day,
        "授权公告日": day,
        "申请号": f"CN2010{100000 + len(name) * 1000 + ord(name[0]) * 10}{name}",
        "申请日": "2012-01-10",
        "专利类型": "发明授权",
        "公开国别": "CN",
        "IPC": "H01M10/0562" if kind == "电池" else "G06N10/40",
        "申请人": ";".join(f"{part}{kind}有限公司" for part in owner.split(";")),
        "申请人类型": ";".join("企业" for _ in owner.split(";")),
        "申请人国别代码": "CN",
        "申请人地址": "310027 浙江省杭州市西湖区浙大路38号" if owner == "乙" else "北京市海淀区1号",
        "发明人": "张三",
        "引证专利": NUMBERS[cited] if cited else "",
        "简单同族": f"{NUMBERS[name][:-1]}A; {NUMBERS[name]}",
        "专利有效性": "有效",
        "法律事件": "",
        "质押期限": "",
        "失效日": "",
    }


CHANGES: dict[str, dict[str, str]] = {
    "B1": {"法律事件": "2020-07-14 中国专利奖银奖"},
    "B4": {"简单同族": "CN105000004A; CN105000004B; US10000004B2; EP3000004B1; WO2013000004A1"},
    "B5": {"简单同族": ""},
    "B6": {"专利有效性": "失效", "失效日": "2020-01-01"},
    "Q1": {"IPC": "G06N10/20", "公开(公告)日": "2013-05-01", "授权公告日": "2013-05-01"},
    "Q2": {"专利类型": "实用新型"},
    "Q3": {"专利有效性": "失效", "失效日": "2023-05-02"},
    "Q4": {"专利类型": "发明申请", "授权公告日": "", "专利有效性": "审中"},
    "Q5": {"质押期限": "2022-02-02至2025-02-01"},
    "Q6": {"质押期限": "2023-02-02至2025-02-01"},
    "Q7": {"简单同族": "CN101000007A; CN101000007B; US20200000007A1"},
}


def workbook() -> bytes:
    """The workbook."""
    return as_xlsx(table([_row(name) | CHANGES.get(name, {}) for name in NUMBERS]))


# valid, strategic (a complete table of G06N10/20), overseas, maintained, pledged, awarded, high
# value; the record of events is taken as complete where the workbook has any of a kind.
_PLAIN = "yes no no no no no no"
EXPECTED = dict.fromkeys(NUMBERS, _PLAIN) | {
    "B1": "yes no no no no yes yes",
    "B4": "yes no yes no no no yes",
    "B5": "yes no undecided no no no undecided",
    "B6": "no no no no no no no",
    "Q1": "yes yes no yes no no yes",
    "Q2": "no no no no no no no",
    "Q3": "no no no no no no no",
    "Q4": "no no no no no no no",
    "Q5": "yes no no no yes no yes",
    "Q6": "yes no no no undecided no undecided",
    "Q7": "yes no undecided no no no undecided",
}
