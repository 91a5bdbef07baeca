"""Files of every format, good and broken: a document, or one clear reason why not."""

import codecs
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pypdfium2
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reading.loading import load, load_file
from keheng.appraisal.reading.reader import read_forms
from keheng.appraisal.writing.write import FORMATS, write_form

SAMPLES = Path(__file__).parents[3] / "samples"


def texts(document) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in document.lines if line.cells]


@pytest.mark.parametrize("data", [
    "项目\t名称".encode(), codecs.BOM_UTF8 + "项目\t名称".encode(), "项目\t名称".encode("gb18030"), codecs.BOM_UTF16_LE + "项目\t名称".encode("utf-16-le"),
])  # fmt: skip
def test_text_in_the_usual_encodings(data):
    assert texts(load(data, "a.txt")) == [["项目", "名称"]]


def test_tabs_and_pipes_make_grids_and_form_feeds_pages():
    document = load("甲｜乙｜\n丙|丁\n\f戊\t\t己".encode(), "a.txt")
    assert texts(document) == [["甲", "乙", ""], ["丙|丁"], ["戊", "", "己"]]
    assert [(line.number, line.page, line.gridded) for line in document.lines] == [(1, 1, True), (2, 1, False), (3, 2, True)]


@pytest.mark.parametrize(("data", "code"), [
    (b"", "empty"), (b" \n\t", "empty"), (b"\x00\x01\x02binary", "format"), (b"%PDF-1.4 broken", "damaged"), (b"PK\x03\x04broken", "damaged"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", "damaged"), (b"\xff\xfe\x00", "format"), (b"\x81\x20\xff\xff", "format"),
])  # fmt: skip
def test_a_broken_file_names_its_reason(data, code):
    with pytest.raises(UnreadableError) as caught:
        load(data, "坏文件.bin")
    assert (caught.value.code, caught.value.file) == (code, "坏文件.bin")
    assert caught.value.zh
    assert caught.value.en


def archive(**entries: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        for name, text in entries.items():
            packed.writestr(name.replace("__", "/"), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"), [(archive(photo="x"), "format"), (archive(word__document="x"), "damaged"), (archive(xl__workbook="x"), "damaged")]
)
def test_archives_that_are_no_documents(data, code):
    with pytest.raises(UnreadableError) as caught:
        load(data, "a.zip")
    assert caught.value.code == code


def test_a_bomb_is_not_expanded(monkeypatch):
    monkeypatch.setattr("keheng.appraisal.reading.loading._LARGEST_EXPANDED", 10)
    with pytest.raises(UnreadableError) as caught:
        load(archive(word__document="x" * 11), "a.docx")
    assert caught.value.code == "too-large"


def test_files_that_cannot_be_opened(tmp_path, monkeypatch):
    with pytest.raises(UnreadableError) as missing:
        load_file(tmp_path / "没有.txt")
    assert missing.value.code == "missing"
    large = tmp_path / "大.txt"
    large.write_bytes(b"12345")
    assert texts(load_file(large)) == [["12345"]]
    monkeypatch.setattr("keheng.appraisal.reading.loading._LARGEST", 4)
    with pytest.raises(UnreadableError) as refused:
        load_file(large, "大文件")
    assert (refused.value.code, refused.value.file) == ("too-large", "大文件")


PAGE = """<html><head><meta charset=utf-8><style>p{}</style><script>1</script></head><body><h1>自评表</h1>前言<br>说明
<table><tr><th rowspan=2>一级</th><td colspan=2>甲 <b>乙</b></td></tr><tr><td>丙</td><td>丁</td></tr></table>结尾</body></html>"""


def test_web_pages_give_grids_with_spans():
    assert texts(load(PAGE.encode(), "a.html")) == [["自评表"], ["前言"], ["说明"], ["一级", "甲乙", ""], ["", "丙", "丁"], ["结尾"]]


def test_spans_that_are_no_numbers_count_as_one():
    assert texts(load("<table><tr><td colspan=x>甲</td><td rowspan=''>乙</td></tr></table>".encode(), "a.html")) == [["甲", "乙"]]


def test_spreadsheets_show_numbers_as_people_write_them():
    out = BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["项目", 12.0, 0.5])
    sheet.write_datetime(1, 0, datetime(2023, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001 -- a date cell has no zone
    book.close()
    assert texts(load(out.getvalue(), "a.xlsx"))[0] == ["项目", "12", "0.5"]
    assert texts(load(out.getvalue(), "a.xlsx"))[1][0] == "2023-05-01"


def test_word_documents_keep_their_order_and_merged_cells_once():
    document = docx.Document()
    document.add_paragraph("标题")
    grid = document.add_table(rows=2, cols=2)
    grid.cell(0, 0).merge(grid.cell(1, 0)).text = "一级"
    grid.cell(0, 1).text, grid.cell(1, 1).text = "甲", "乙"
    document.add_paragraph("")
    out = BytesIO()
    document.save(out)
    assert texts(load(out.getvalue(), "a.docx")) == [["标题"], ["一级", "甲"], ["", "乙"]]


def pdf_of(layout: str = "sh-2023") -> bytes:
    forms = read_forms(load_file(SAMPLES / "yunling_2023_services.txt"))[:1]
    return write_form(forms, layout, "pdf")


def test_a_pdf_without_text_is_a_scan(tmp_path):
    blank = pypdfium2.PdfDocument.new()
    blank.new_page(200, 200)
    path = tmp_path / "scan.pdf"
    blank.save(path)
    blank.close()
    with pytest.raises(UnreadableError) as caught:
        load_file(path)
    assert caught.value.code == "scanned"


def test_a_pdf_with_a_password_says_so(monkeypatch):
    def locked(_data):
        raise pypdfium2.PdfiumError("Failed to load document (PDFium: Incorrect password error).")

    monkeypatch.setattr("pypdfium2.PdfDocument", locked)
    with pytest.raises(UnreadableError) as caught:
        load(b"%PDF-1.7", "密.pdf")
    assert caught.value.code == "encrypted"


SEEDS = [write_form(read_forms(load_file(SAMPLES / "yunling_2023_services.txt"))[:1], "sh-2023", name) for name in FORMATS]


@settings(max_examples=60)
@given(seed=st.sampled_from(SEEDS), cut=st.floats(0, 1), noise=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8))
def test_truncated_and_mutated_files_raise_nothing_but_the_documented_error(seed, cut, noise):
    data = bytearray(seed[: int(len(seed) * cut)])
    for place, value in noise:
        if data:
            data[int(place * (len(data) - 1))] = value
    try:
        read_forms(load(bytes(data), "mutant"))
    except UnreadableError as error:
        assert error.zh  # noqa: PT017 -- either outcome is right, an unexplained one is not


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_the_documented_error(data):
    for start in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<table>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        try:
            read_forms(load(start + data, "random"))
        except UnreadableError as error:
            assert error.en  # noqa: PT017 -- either outcome is right, an unexplained one is not
