"""Small exports in the layouts of their services, with made-up records."""

# ruff: noqa: E501, ISC004  -- rows of tables stand as they are

from __future__ import annotations

import base64
import csv
import html
import io
import json
import zlib
from collections.abc import Sequence

import openpyxl

INCOPAT = [
    {
        "标题": "一种固态电池电解质及其制备方法",
        "摘要": "本发明公开了一种固态电池电解质。",
        "公开(公告)号": "CN110000001B",
        "公开(公告)日": "2021-03-05",
        "申请号": "CN201910000001.2",
        "申请日": "20190110",
        "首次公开日": "2019.07.12",
        "授权公告日": "2021年3月5日",
        "专利类型": "发明授权",
        "公开国别": "CN",
        "IPC": "H01M10/0562; H01M10/052",
        "IPC主分类": "H01M10/0562",
        "CPC": "H01M10/0562；Y02E60/10",
        "申请人": "浙江大学；宁波新材料有限公司",
        "标准化申请人": "浙江大学; 宁波新材料",
        "第一申请人": "浙江大学",
        "申请人类型": "大专院校; 企业",
        "申请人国别代码": "CN",
        "申请人省市代码": "浙江; 33",
        "中国申请人地市": "杭州市; 宁波市",
        "中国申请人区县": "西湖区; 慈溪市",
        "申请人地址": "310027 浙江省杭州市西湖区浙大路38号",
        "当前权利人": "宁波新材料有限公司",
        "发明人": "张三；李四; 王 小明",
        "第一发明人": "张三",
        "发明人数量": "3",
        "引证专利": "US7642217B2; CN108000002A",
        "被引证专利": "CN115000003A",
        "引证科技文献": "Li et al., Nature 2018, doi: 10.1038/s41586-018-0001-1",
        "简单同族": "CN110000001A; CN110000001B; US11000001B2",
        "简单同族ID": "D0001",
        "优先权日": "",
        "最早优先权日": "2018-12-01",
        "专利有效性": "有效",
        "当前法律状态": "授权",
        "法律事件": "2019-07-12 公开;2021-03-05 授权;2022-02-02 质押合同登记的生效;2023-02-02 注销质押",
        "转让执行日": "2021-06-01; 2022.07.02",
        "许可合同备案日期": "20220101",
        "质押期限": "2022-02-02至2025-02-01",
        "诉讼次数": "1",
        "被引证次数": "17",
        "合享价值度": "9",
    },
    {
        "标题": "一种无人机用电池盒",
        "公开(公告)号": "CN210000002U",
        "公开(公告)日": "2020/06/09",
        "申请号": "CN201920000002.7",
        "申请日": "2019-08-01",
        "专利类型": "实用新型",
        "申请人": "赵六",
        "发明人": "赵六",
        "专利有效性": "失效",
        "失效日": "2022-08-01",
    },
    {
        "标题": "一种钙钛矿太阳能电池",
        "摘要": "本申请涉及钙钛矿。",
        "公开(公告)号": "CN112000003A",
        "公开(公告)日": "44208",  # a spreadsheet's number for 2021-01-12
        "申请号": "CN202010000003.1",
        "申请日": "2020年8月3日",
        "专利类型": "发明申请",
        "公开国别": "中国",
        "IPC": "H01L51/42",
        "申请人": "钱七; 义乌光电科技有限公司",
        "申请人类型": "个人; 企业",
        "中国申请人地市": "金华市",
        "申请人省市代码": "33",
        "发明人": "钱七",
        "专利有效性": "失效",
        "当前法律状态": "撤回",
        "失效日": "2022-09-30",
    },
    {
        "标题": "灯具",
        "公开(公告)号": "CN306000004S",
        "公开(公告)日": "2020-09-01",
        "专利类型": "外观设计",
        "申请人": "杭州灯具有限公司",
        "发明人": "孙八",
    },
]
PATSNAP = [
    {
        "序号": "1",
        "公开(公告)号": "CN110000001B",
        "标题": "一种固态电池电解质及其制备方法",
        "摘要": "本发明公开了一种固态电池电解质。",
        "申请号": "CN201910000001.2",
        "申请日": "2019-01-10",
        "授权日": "2021-03-05",
        "公开(公告)日": "2021-03-05",
        "专利类型": "授权发明",
        "法律状态/事件": "授权 | 权利转移 | 质押",
        "简单法律状态": "有效",
        "[标]当前申请(专利权)人": "宁波新材料有限公司",
        "[标]原始申请(专利权)人": "浙江大学 | 宁波新材料有限公司",
        "当前申请(专利权)人州/省": "浙江",
        "当前申请(专利权)人地市": "宁波市",
        "当前申请(专利权)人区县": "慈溪市",
        "原始申请(专利权)人州/省": "浙江 | 浙江",
        "原始申请(专利权)人地址": "浙江省杭州市西湖区浙大路38号 | 浙江省宁波市慈溪市",
        "发明人": "张, 三|李, 四|SMITH, JOHN",
        "当前发明人": "张, 三|李, 四|SMITH, JOHN",
        "发明人数量": "3",
        "IPC分类号": "H01M10/0562 | H01M10/052",
        "IPC主分类号": "H01M10/0562",
        "CPC分类号": "H01M10/0562",
        "受理局": "中国",
        "被引用专利数量": "17",
        "权利转移生效日": "2021-06-01",
        "许可生效日": "2022-01-01",
        "失效日": "",
    },
    {
        "序号": "2",
        "公开(公告)号": "CN210000002U",
        "标题": "一种无人机用电池盒",
        "申请日": "20190801",
        "公开(公告)日": "2020.06.09",
        "专利类型": "实用新型",
        "发明人": "赵, 六",
    },
]


def table(records: Sequence[dict[str, str]], extra: Sequence[str] = ()) -> list[list[str]]:
    """Header and rows; `extra` columns hold a filler."""
    names = list(dict.fromkeys(name for record in records for name in record))
    names += [name for name in extra if name not in names]
    rows = [[r.get(n, f"其他{i}" if n in extra else "") for n in names]
            for i, r in enumerate(records)]  # fmt: skip
    return [names, *rows]


def wide(rows: list[list[str]]) -> list[list[str]]:
    """The same with full-width brackets in the header, as other exports have it."""
    return [[name.replace("(", "（").replace(")", "）") for name in rows[0]], *rows[1:]]


def as_csv(
    rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig", delimiter: str = ","
) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def as_xlsx(*sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet{number + 1}")
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_html(rows: Sequence[Sequence[str]]) -> bytes:
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows
    )
    return f"<html><body><table>{cells}</table></body></html>".encode()


LENS_PATENTS = [
    ["#", "Jurisdiction", "Kind", "Display Key", "Lens ID", "Publication Date", "Publication Year",
     "Application Date", "Priority Numbers", "Earliest Priority Date", "Title", "Abstract",
     "Applicants", "Inventors", "Owners", "Document Type", "Simple Family Members",
     "CPC Classifications", "IPCR Classifications", "NPL Resolved Lens ID(s)", "Legal Status",
     "Cited by Patent Count"],
    ["1", "US", "B2", "US 9000001 B2", "001-000-000-000-001", "2017-12-05", "2017", "2016-01-02",
     "US 201562000001 P", "2015-01-02", "Solid <i>electrolyte</i>", "A solid.", "ACME CORP;;DOE JOHN",
     "DOE JOHN;;ROE JANE", "ACME CORP (2017-01-05)", "Granted Patent",
     "001-000-000-000-001;;001-000-000-000-002", "H01M10/05;;H01M10/05;;Y02E60/10",
     "H01M10/05", "099-000-000-000-001", "ACTIVE", "5"],
    ["2", "US", "A1", "US 2016/0123456 A1", "001-000-000-000-002", "2016-07-01", "2016",
     "2016-01-02", "", "", "Solid electrolyte", "", "ACME CORP", "DOE JOHN", "",
     "Patent Application", "001-000-000-000-001;;001-000-000-000-002", "H01M10/05", "", "", "PENDING",
     "9"],
]  # fmt: skip
LENS_WORKS = [
    ["Lens ID", "Title", "Date Published", "Publication Year", "Publication Type", "Source Title",
     "Author/s", "Abstract", "Keywords", "PMID", "DOI", "References"],
    ["099-000-000-000-001", "A paper", "2015-03-01", "2015", "journal article", "Energy", "A B; C D",
     "Text.", "battery; solid", "NA", "10.1000/ABC", "099-000-000-000-002"],
    ["099-000-000-000-002", "Older", "", "2010", "journal article", "Energy", "A B", "", "", "", "",
     ""],
]  # fmt: skip
LENS_LINE = {
    "lens_id": "001-000-000-000-003", "jurisdiction": "CN", "doc_number": "102000003", "kind": "A",
    "date_published": "2011-10-05", "lang": "zh", "publication_type": "PATENT_APPLICATION",
    "biblio": {
        "application_reference": {"date": "2011-04-11"},
        "priority_claims": {"earliest_claim": {"date": "2011-04-11"}},
        "invention_title": [{"text": "Bio-oil", "lang": "en"}, {"text": "生物油", "lang": "zh"}],
        "parties": {
            "applicants": [{"residence": "CN", "extracted_name": {"value": "UNIV ZHEJIANG"}}],
            "inventors": [{"sequence": 1, "extracted_name": {"value": "SHURONG WANG"}}],
        },
        "classifications_ipcr": {"classifications": [{"symbol": "C07C39/04"}]},
        "references_cited": {"citations": [
            {"patcit": {"document_id": {"jurisdiction": "CN", "doc_number": "101000001",
                                        "kind": "A", "date": "2010-09-15"}}},
            {"nplcit": {"text": "GUO", "lens_id": "122-047-960-484-789",
                        "external_ids": ["10.1016/s1004-9541(09)60186-5"]}},
        ]},
    },
    "families": {"simple_family": {"members": [{"lens_id": "001-000-000-000-003"}]}},
    "legal_status": {"granted": True, "grant_date": "2013-09-25", "patent_status": "ACTIVE"},
    "abstract": [{"text": "About oil.", "lang": "en"}],
}  # fmt: skip
LENS_WORK_LINE = {
    "lens_id": "099-000-000-000-009", "title": "Work", "date_published": "2019-05-01T00:00:00",
    "external_ids": [{"type": "doi", "value": "10.1000/W"}], "source": {"title": "Energy"},
    "authors": [{"first_name": "Ann", "last_name": "Lee", "affiliations": [
        {"name": "Zhejiang University", "country_code": "CN"}]}],
    "references": [{"lens_id": "099-000-000-000-001"}], "keywords": ["solid"],
    "abstract": "On work.", "publication_type": "journal article",
}  # fmt: skip
WOS = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Toh, ML
   Aria, M
AF Toh, Ming Liang
   Aria, Massimo
TI Mapping the application of things: a
   second line
SO SURVEY REVIEW
LA English
DT Article
DE Word; GIS
AB This study presents.
C1 [Toh, Ming Liang] Univ Technol Sarawak, Sch Built Environm, Sibu 96000, Sarawak, Malaysia.
   [Aria, Massimo] Zhejiang Univ, Dept Phys, Hangzhou 310027, Peoples R China.
CR Anselin L, 2006, GEOGR ANAL, V38, P5, DOI 10.1111/j.0016-7363.2005.00671.x
   Old A, 1999, J THINGS, V7, P11
   Nobody X, 2001, SOME BOOK
J9 SURV REV
PD MAR
PY 2020
VL 12
BP 100
DI 10.1080/XYZ
UT WOS:000001
ER

PT J
AU Old, A
AF Old, Ann
TI Old thing
SO JOURNAL OF THINGS
J9 J THINGS
PY 1999
VL 7
BP 11
C1 MIT, CAMBRIDGE, MA 02139 USA.
UT WOS:A1999
ER

EF
"""
WOS_TAB = "\t".join(["PT", "AU", "AF", "TI", "SO", "DE", "C1", "CR", "PY", "DI", "UT"]) + "\n" + (
    "\t".join(["J", "Lee, A; Ma, B", "Lee, Ann; Ma, Bo", "A tab paper", "ENERGY", "solid; state",
               "[Lee, Ann; Ma, Bo] Zhejiang Univ, Hangzhou, Peoples R China",
               "Old A, 1999, J THINGS, V7, P11; Roe B, 2000, X, V1, P2", "2021", "10.1000/TAB",
               "WOS:000002"]) + "\n")  # fmt: skip
SCOPUS = [
    ["Authors", "Author full names", "Title", "Year", "Source title", "DOI", "Cited by",
     "Affiliations", "Authors with affiliations", "Abstract", "Author Keywords", "References",
     "Language of Original Document", "Document Type", "EID"],
    ["Wu H.; Li R.", "Wu, Haowei (58737453200); Li, Ran (57212752229)", "Soil", "2024", "Science",
     "10.1016/J.X", "326", "Zhejiang University, Hangzhou, China",
     "Wu H., Department of Soil, Zhejiang University, Hangzhou, China; "
     "Li R., Acme Inc., Boston, United States",
     "Soil text", "carbon; soil",
     "Cheng M.; Xue Y., Burden, of disease, Spine, 50, (2025); Alone, X, 1, (2010)", "English",
     "Review", "2-s2.0-1"],
    ["Doe J.", "Doe, J. (1)", "No doi", "2020", "Science", "", "0", "", "", "[No abstract available]",
     "", "", "English", "Article", "2-s2.0-2"],
]  # fmt: skip
OPENALEX = [
    ["id", "doi", "title", "publication_date", "publication_year", "language", "type", "is_retracted",
     "referenced_works", "abstract", "authorships.author.display_name", "authorships.institutions",
     "authorships.countries", "topics.id", "primary_topic.id", "keywords.display_name",
     "cited_by_count", "primary_location.source.display_name"],
    ["https://openalex.org/W1", "https://doi.org/10.1000/ONE", "One", "2021-05-14", "2021", "en",
     "article", "False", "https://openalex.org/W2|https://openalex.org/W3", "Text", "A B|C D",
     "{'id': 'I1', 'display_name': \"Queen's University\", 'country_code': 'CA'}|"
     "{'id': 'I2', 'display_name': 'Zhejiang University', 'country_code': 'CN'}", "CA|CN",
     "https://openalex.org/T10|https://openalex.org/T11", "https://openalex.org/T10", "x|y", "99",
     "Journal"],
    ["https://openalex.org/W2", "", "Two", "2020-01-01", "2020", "en", "article", "True", "", "", "E F",
     "", "US|CN", "", "", "", "1", ""],
]  # fmt: skip
RIS = """TY  - JOUR
TI  - A title
 that goes on
AU  - Doe, John
AU  - 张, 三
PY  - 2004/03/05/
JO  - Energy
DO  - 10.1000/RIS
KW  - solid
KW  - state
AB  - Text.
N1  - note
ER  -

TY  - PAT
TI  - A patent
AU  - Smith, John
M1  - US 7642217 B2
PY  - 2010/01/05
ER  -
"""
BIBTEX = r"""@article{one,
  title = {A {N}ice \"{u}ber title},
  author = {Doe, John and M{\"u}ller, \"Ozg\"ur},
  year = 2001, month = mar, journal = {Energy}, doi = {10.1000/BIB},
  keywords = {solid, state}, abstract = {Text.}
}
@inproceedings{two, title = "Two", author = "Roe, Jane", year = {2003}, booktitle = {Conf}}
@article{one, title = {Another under the same key}, year = {2005}}
"""
CNKI_REFWORKS = """RT Journal Article
SR 1
A1 张三;李四;
AD 浙江大学材料学院;宁波大学;
T1 固态电池研究进展
JF 电池
YR 2020
FD 2020-05-20
IS 05
OP 1-8
K1 固态电池;电解质
AB 综述。
SN 1000-1234
LA 中文;
DS CNKI
LK https://kns.cnki.net/kcms/detail/detail.aspx?dbcode=CJFD&filename=DIAN202005001

RT Dissertation/Thesis
A1 王五
AD 浙江大学
T1 硕士论文
YR 2018
K1 电池
"""
CNKI_ENDNOTE = """%0 Journal Article
%A 张三
%A 李四
%+ 浙江大学;
%T 固态电池研究进展
%J 电池
%D 2020
%N 05
%K 固态电池;电解质
%X 综述。
%W CNKI

%0 Patent
%A 赵六
%+ 宁波新材料有限公司
%T 一种电池
%D 2021-03-05
%M CN110000001B
"""
CNKI_NOTE = """{Reference Type}: Journal Article
{Title}: 固态电池研究进展
{Author}: 张三;李四;
{Author Address}: 浙江大学;
{Journal}: 电池
{Year}: 2020
{Keywords}: 固态电池;电解质
{Abstract}: 综述。
"""
CNKI_OWN = """SrcDatabase-来源库: 期刊
Title-题名: 固态电池研究进展
Author-作者: 张三;李四
Organ-单位: 浙江大学
Source-文献来源: 电池
Keyword-关键词: 固态电池;;电解质
Summary-摘要: 综述。
PubTime-发表时间: 2020-05-20 11:12
DOI-DOI: 10.1000/cn.1

SrcDatabase-来源库: 硕士
Title-题名: 硕士论文
Author-作者: 王五
PubTime-发表时间: 2018-06-01
"""
CNKI_TABLE = [
    ["SrcDatabase-来源库", "Title-题名", "Author-作者", "Organ-单位", "Source-文献来源",
     "Keyword-关键词", "Summary-摘要", "PubTime-发表时间"],
    ["期刊", "固态电池研究进展", "张三; 李四", "浙江大学", "电池", "固态电池;;电解质", "综述。",
     "2020-05-20 11:12"],
]  # fmt: skip
DERWENT_TEXT = """FN Clarivate Analytics Web of Science
VR 1.0
PT P
PN CN110000001-A; WO2020000001-A1; CN110000001-B
TI Solid electrolyte useful in battery
AU ZHANG S
   LI X
AE UNIV ZHEJIANG (UYZH-C)
   ACME CORP (ACME-N)
GA 2019A12345
AB NOVELTY - Solid.
DC L03
IP H01M-010/0562; H01M-010/052
PD CN110000001-A   12 Jul 2019   H01M-010/0562   201960   Pages: 10   Chinese
   WO2020000001-A1   02 Jan 2020   H01M-010/0562   202005   Pages: 20   Chinese
   CN110000001-B   05 Mar 2021   H01M-010/0562   202122   Pages: 10   Chinese
AD CN110000001-A    CN10000001    10 Jan 2019
PI CN10000001    10 Jan 2019
CP    CN110000001-A
   US7642217-B2   ACME CORP (ACME-N)   SMITH J
UT DIIDW:2019A12345
ER

EF
"""
DERWENT_TABLE = [
    ["Derwent Innovation export"],
    ["Publication Number", "Title - DWPI", "Title", "Abstract - DWPI", "Assignee/Applicant",
     "Inventor", "Publication Date", "Application Date", "Priority Date", "IPC - Current",
     "CPC - Current", "INPADOC Family ID", "Cited Refs - Patent", "Count of Citing Patents",
     "Dead/Alive"],
    ["CN110000001B", "Solid electrolyte useful in battery", "Electrolyte", "NOVELTY - Solid.",
     "UNIV ZHEJIANG | Acme Corp", "Zhang, San | Li, Xi", "2021-03-05", "2019-01-10",
     "2018-12-01 | 2019-01-10", "H01M001005620000 | H01M0010052", "H01M10/0562", "55555",
     "US7642217B2 | CN108000002A", "4", "Alive"],
]  # fmt: skip
PATENTSVIEW_LINE = {
    "patent_number": "9000001", "patent_title": "Cooling", "patent_abstract": "A reactor.",
    "patent_date": "2018-03-27", "applications": [{"app_date": "2014-04-02"}],
    "inventors": [{"inventor_first_name": "Jane", "inventor_last_name": "Roe",
                   "inventor_country": "US", "inventor_city": "Boston"}],
    "assignees": [{"assignee_organization": "Acme Inc", "assignee_country": "US"}],
    "cited_patents": [{"cited_patent_number": "2969308"}, {"cited_patent_number": None}],
    "cpcs": [{"cpc_subgroup_id": "G21B1/05"}, {"cpc_group_id": "H05H"}],
}  # fmt: skip
PATENTSVIEW = [
    ["pgpub_id", "cpc_group", "cpc_type", "filing_date", "patent_type", "published_date",
     "wipo_kind", "application_title", "application_abstract", "disambig_city", "disambig_country",
     "disambig_assignee_organization", "cpc_subclasses"],
    ["20140044226", "G21B1/23", "inventional", "2013-10-18", "utility", "2014-02-13", "A1", "Laser",
     "A laser.", "Fairfax", "US", "Logos LLC", "G21B;G21C"],
    ["20140044227", "G21B1/05", "inventional", "2013-10-19", "utility", "2014-02-13", "A1", "Plasma",
     "A plasma.", "Tokyo", "JP", "", "G21B"],
]  # fmt: skip
CITATIONS = [["citing", "cited"], ["9000001", "3005767"], ["1234567", "3005767"], ["", "1"]]
CNIPA = [
    ["申请号", "申请日", "公开（公告）号", "公开（公告）日", "发明名称", "IPC分类号",
     "申请（专利权）人", "发明人", "摘要", "优先权号", "申请人所在国（省）"],
    ["CN201910000001.2", "2019.01.10", "CN110000001A", "2019.07.12", "一种电池", "H01M10/0562",
     "浙江大学", "张三;李四", "本发明公开了一种电池。", "", "浙江;33"],
    ["CN201910000002.2", "2019.01.11", "CN110000002A", "2019.07.12", "一种电极", "H01M4/13",
     "宁波大学", "王五", "本发明公开了一种电极。", "", "浙江;33"],
    ["CN201910000003.2", "2019.01.12", "CN110000003A", "2019.07.19", "一种隔膜", "H01M50/40",
     "三星公司", "金，秀", "本发明公开了一种隔膜。", "", "韩国;KR"],
]  # fmt: skip
CSL = "to title\t本文研究了电池。\t电池研究\nto category\t电极材料的制备\t化学\nto keywords\t本文研究了电解质。\t电解质_电池\n"
# A workbook of Excel 97 (no library here writes the format): one patent, a date, a number.
XLS = zlib.decompress(base64.b85decode(
    'c-rk)Ur1A76#sp9ckT~!ZfgcA$PltJg@y#Z=(H>$@Zwr%MX+hE42Q<h2Yt!1Jw*`pV$q9W54~6s^gpP#9ty1<f'
    '+CnjPdx>N5xU#?&hBKc0tY1+_jmcuJ?DJqJKwqYeE;s9oAsurZdJ~s0L`!<qdQQNrxR2hIl%*}*LBI}?sh7=iF'
    'E~sof27M#lzC)Hkm`2?|CS=sXiqNe4ug!C!q}u#sh1JT^vJ?kTEn76}U<oH!3(PAJd~uH!!`ymXDaWu;x6|CbC'
    'V7!<Y?ebvunwd{C+3Iya=>yWHk2Yl0}pGdYS+T@YDYD_WB$dJ^lbqFQxf8kErX_+UIK<uY7@6F5X@=;&x@YfHm'
    'V$)3hHJpg>o&FUusQ@^%)0n&e8ski+>Z>J;{>MtoOFb+M&lO#ohx?9ao<Vb%!J{(-cATP|akcF*(a?%Eo2qS9O'
    '6XAUa9Qs0}K=CPVfoL3AILFM(i2K+Bt%RIwFGhcKiP(;jSi%MD)`G$9j9{x3A`o?GRl0WkU6)gC6TGZ=RxB%}J'
    'l$MG`%uQbmnWTvVq3ia<yA*-XDG^=agH{-;cSx62OXzn3u^4<8ilEqN*(jtn4V#;Rm@j1^^*<VYdgygX72>soa'
    'NeD>Zg(MI<z^D-$H!qbNF6$>SJgt@iXo7WB!>pp()hR2G~dK<u!qNQ7^7smbf3v-G#9@y=PkS%R*&WJVxxgv8$'
    'G0Nls0ImuXg#Z$~Ukit(<pl7%G8vZRuv8lJ^(JPY=0HS7g@mic&0kqYwa!^PXu|ClzXS_~WMQzoui@!<}??3TQ'
    'PfD<N6m@r|&gb5QS)+vN>n6~giGJB+!heMn3UuTI*#{5n4-(o+8=o+Sv%02X<IE*AliyA*0VHG)FVwG)j{|hC$'
    'srMuX(93ZQ6g__FV@u>e&#D`G{@xTSw*O2qasK1}e*%+s?_&'
))  # fmt: skip
_PATSNAP = table(PATSNAP)

SAMPLES: dict[str, list[tuple[str, bytes]]] = {
    "bibtex": [("a.bib", BIBTEX.encode())],
    "cnipa": [("a.csv", as_csv(CNIPA, "gb18030")), ("a.xls", as_html(CNIPA))],
    "cnki": [
        ("a.txt", CNKI_REFWORKS.encode()), ("b.txt", CNKI_ENDNOTE.encode("gb18030")),
        ("c.txt", CNKI_NOTE.encode("utf-8-sig")), ("d.txt", CNKI_OWN.encode("utf-16")),
        ("e.xlsx", as_xlsx(CNKI_TABLE)), ("f.xls", as_html(CNKI_TABLE)),
    ],
    "csl": [("a.tsv", CSL.encode())],
    "derwent": [("a.txt", DERWENT_TEXT.encode()), ("b.csv", as_csv(DERWENT_TABLE))],
    "himmpat": [("a.csv", as_csv(_PATSNAP, "gbk"))],
    "incopat": [
        ("a.xlsx", as_xlsx(table(INCOPAT))), ("b.csv", as_csv(wide(table(INCOPAT)), "gbk")),
        ("c.xls", XLS),
    ],
    "lens": [
        ("a.csv", as_csv(LENS_PATENTS)), ("b.csv", as_csv(LENS_WORKS)),
        ("c.jsonl", "\n".join(json.dumps(x) for x in (LENS_LINE, LENS_WORK_LINE)).encode()),
    ],
    "openalex": [("a.csv", as_csv(OPENALEX))],
    "patentsview": [
        ("a.csv", as_csv(PATENTSVIEW)), ("b.jsonl", ("\n".join(json.dumps({**PATENTSVIEW_LINE, "patent_number": f"900000{i}"}) for i in range(3))).encode()),
    ],
    "patsnap": [("a.xlsx", as_xlsx(_PATSNAP)), ("b.csv", as_csv(_PATSNAP, "utf-16"))],
    "ris": [("a.ris", RIS.encode())],
    "scopus": [("a.csv", as_csv(SCOPUS))],
    "wos": [("a.txt", WOS.encode()), ("b.txt", WOS_TAB.encode("utf-16"))],
}  # fmt: skip
