"""Workbooks that would end the process of a parser: they are told, and the program goes on."""

import io
import zipfile
from pathlib import Path

import pytest

from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms
from keheng.appraisal.writing.write import write_form

SAMPLE = Path(__file__).parents[3] / "samples" / "yunling_2023_museum.txt"


def workbook() -> bytes:
    forms = read_forms(load(SAMPLE.read_bytes(), SAMPLE.name))
    return write_form(forms, "sh-2023", "xlsx")


def rewritten(data: bytes, member: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            target.writestr(entry, change(content) if entry == member else content)
    return out.getvalue()


def test_a_false_count_of_texts_ends_no_process():
    data = rewritten(workbook(), "xl/sharedStrings.xml", lambda content: content.replace(b'uniqueCount="', b'uniqueCount="99999999999999'))
    with pytest.raises(UnreadableError) as caught:
        load(data, "false.xlsx")
    assert caught.value.zh.startswith("表格文件已损坏")


def test_a_broken_old_workbook_is_told():
    with pytest.raises(UnreadableError):
        load(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4000, "old.xls")


def test_the_whole_workbook_reads():
    (form,) = read_forms(load(workbook(), "whole.xlsx"))
    assert len(form.rows) > 3
