"""Reports: what a director, a spreadsheet and a program get to read."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from appraisal.made_up import form, row
from lxml import html
from python_calamine import CalamineWorkbook

from keheng.appraisal.auditing.codes import all_codes
from keheng.appraisal.auditing.damping import damp
from keheng.appraisal.auditing.engine import audit
from keheng.appraisal.auditing.finding import find
from keheng.appraisal.auditing.wording import advice, sentence, source, title
from keheng.appraisal.definitions import load_definition
from keheng.appraisal.reading.loading import load_file
from keheng.appraisal.reading.reader import read_forms
from keheng.appraisal.reporting.markdown import write_markdown
from keheng.appraisal.reporting.page import Unreadable, write_page
from keheng.appraisal.reporting.records import line, record
from keheng.appraisal.reporting.workbook import safe_text, write_workbook

SAMPLES = Path(__file__).parents[3] / "samples"
FORMS = [f for name in ("yunling_2023_services.txt", "yunling_2019_hotline.txt") for f in read_forms(load_file(SAMPLES / name))]
FINDINGS = audit(FORMS)


@pytest.mark.parametrize("code", list(all_codes()))
def test_every_code_speaks_both_languages(code):
    entry = all_codes()[code]
    for part in ("name", "definition", "advice", "example"):
        assert set(entry[part]) == {"zh", "en"}
        assert all(entry[part].values())
    for message in entry["messages"].values():
        assert set(re.findall(r"{(\w+)}", message["zh"])) == set(re.findall(r"{(\w+)}", message["en"]))
    known = load_definition("tolerances.json")["thresholds"]
    assert all(name in known for name in entry["tolerances"])
    accusing = ("造假", "虚报", "违规", "falsif", "fraud", "cheat")
    assert not any(word in json.dumps(entry, ensure_ascii=False) for word in accusing)


def test_every_finding_of_the_samples_has_a_full_sentence():
    for finding in FINDINGS:
        for lang in ("zh", "en"):
            assert "—" not in sentence(finding, lang).replace("（—）", "")
            assert title(finding.code, lang)
            assert advice(finding.code, lang)
        assert source(finding)


def test_a_record_carries_all_a_reviewer_needs():
    (finding,) = [f for f in FINDINGS if f.code == "SC_TOTAL"]
    entry = json.loads(line(finding))
    assert (entry["file"], entry["form_index"], entry["rows"], entry["severity"]) == ("yunling_2023_services.txt", 2, [], "high")
    assert entry["formula"] == "73 + 8.51 = 81.51 ≠ 85.51"
    assert entry["cells"][0]["text"] == "85.51"
    assert record(finding, "en")["detail"].startswith("The scores add up")


def page(lang: str = "zh") -> html.HtmlElement:
    return html.fromstring(write_page(FORMS, FINDINGS, [Unreadable("坏.pdf", "PDF 已损坏", "damaged")], lang=lang))


def test_the_page_asks_nothing_of_the_network():
    text = write_page(FORMS, FINDINGS)
    assert re.findall(r"""(?:src|href)=["']?(?!#)[^\s>"']+""", text) == []
    assert "url(" not in text
    assert "@import" not in text


def test_every_finding_is_on_the_page_and_every_anchor_leads_somewhere():
    tree = page()
    ids = set(tree.xpath("//@id"))
    assert len(tree.xpath("//article")) == len(FINDINGS)
    assert {link[1:] for link in tree.xpath("//a/@href")} <= ids
    assert len(ids) == len(tree.xpath("//@id"))
    assert "PDF 已损坏" in tree.text_content()


def test_the_page_says_the_same_in_english():
    assert "Self-evaluation forms" in page("en").text_content()


def test_printed_text_cannot_break_the_page():
    nasty = form(row('<script>alert("1")</script>', "≥1次", "2次"))
    assert "<script>alert" not in write_page([nasty], audit([nasty]))


def test_the_workbook_links_forms_rows_and_findings():
    book = CalamineWorkbook.from_filelike(BytesIO(write_workbook(FORMS, FINDINGS)))
    forms, rows, findings = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert (len(forms), len(rows), len(findings)) == (1 + len(FORMS), 1 + sum(len(f.rows) for f in FORMS), 1 + len(FINDINGS))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_becomes_a_formula(text):
    assert safe_text(text) == f"'{text}"
    book = CalamineWorkbook.from_filelike(BytesIO(write_workbook([form(row(text))], [])))
    assert book.get_sheet_by_name(book.sheet_names[1]).to_python()[1][5] == f"'{text}"


def test_markdown_lists_every_finding_and_escapes_pipes():
    text = write_markdown(FORMS, FINDINGS)
    assert sum(line.startswith("| ") and "code" not in line for line in text.splitlines()) == len(FINDINGS)
    assert "甲\\|乙" in write_markdown([form(project="甲|乙")], [])


def test_the_same_finding_on_many_forms_is_one_card():
    forms = [form(form_index=number) for number in (1, 2, 3)]
    findings = [find(each, "META_NO_YEAR") for each in forms]
    (card,) = damp(findings)
    assert [other.form_index for other in card.others] == [2, 3]
    assert len(damp(findings[:2])) == 2


def test_a_soft_finding_folds_under_the_hard_one_that_explains_it():
    of = form()
    hard, soft, other = find(of, "NARR_COPY"), find(of, "NARR_EMPTY"), find(form(form_index=2), "NARR_EMPTY")
    cards = damp([soft, hard, other])
    assert [(card.finding, card.folded) for card in cards] == [(hard, (soft,)), (other, ())]
    rows = find(of, "ACT_EQ_TARGET", rows=of.rows[:1]), find(of, "SAT_NO_EVID", rows=of.rows[1:2])
    assert [card.folded for card in damp(rows)] == [(), ()]
