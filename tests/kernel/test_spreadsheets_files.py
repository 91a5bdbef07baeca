"""Files that are broken, hostile or something else: refused with a reason, never anything but that."""

import random
import zipfile
from io import BytesIO
from unittest.mock import Mock

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import PasswordError

from keheng.kernel.errors import Refused
from keheng.kernel.spreadsheets import Column, Limits, Sheet, error_sheet, read_rows, write_csv, write_sheet

SHEET = Sheet("项目", (Column("code", "编号", required=True), Column("count", "数量", "integer"), Column("day", "日期", "date")))
ROWS = [{"code": f"K{n}", "count": n} for n in range(30)]
XLSX, CSV = write_sheet(SHEET, ROWS), write_csv(SHEET, ROWS)
MUTATIONS = 1000


def refused(data, **more):
    with pytest.raises(Refused) as caught:
        read_rows(data, SHEET, **more)
    return [one.code.removeprefix("spreadsheet.") for one in caught.value.problems]


def repacked(change=None, **members):
    """The workbook with members added, replaced, or their bytes changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(XLSX)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(name, content) if change else content)
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


def in_sheet(old, new):
    return repacked(lambda name, content: content.replace(old, new) if name.endswith("sheet1.xml") else content)


def test_something_else_is_refused():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert refused(out.getvalue()) == ["not_a_spreadsheet"]
    for data in (b"", b" \n", b"%PDF-1.7 text", b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfe\xff\xff\x80"):
        assert refused(data) == ["not_a_spreadsheet"]
    assert refused(b"PK\x03\x04rubbish") == ["damaged"]
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == ["damaged"]
    assert refused(XLSX[:-30]) == ["damaged"]
    assert refused(b'a,"b') == ["damaged"]


def test_encrypted_files_are_refused():
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert refused(compound) == ["encrypted"]
    flagged = bytearray(XLSX)
    flagged[flagged.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(flagged)) == ["encrypted"]


def test_bombs_are_refused_before_they_are_unpacked():
    assert refused(repacked(**{"xl/media/a.bin": bytes(50_000_000)})) == ["bomb"]
    noise = random.Random(1).randbytes(3_000_000)  # noqa: S311 -- bytes that cannot be packed
    assert refused(repacked(**{"xl/media/a.bin": noise}), limits=Limits(unpacked=2_000_000)) == ["bomb"]
    assert refused(XLSX, limits=Limits(file=100)) == ["file_too_big"]


def test_sizes_that_lie_and_doubled_entries_are_refused():
    big = repacked(**{"xl/a.xml": bytes(100_000)})
    at = big.rindex(b"PK\x01\x02") + 24
    assert refused(big[:at] + (10).to_bytes(4, "little") + big[at + 4 :]) == ["damaged"]
    out = BytesIO(XLSX)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", b"<a/>")
    assert refused(out.getvalue()) == ["damaged"]


def test_cells_far_apart_or_without_a_place_are_refused():
    assert refused(in_sheet(b'r="A31"', b'r="XFD1048576"')) == ["too_wide"]
    assert refused(in_sheet(b'<c r="A31"', b"<c")) == ["unusual"]


def test_claims_about_shared_texts_are_not_believed():
    def claiming(name, content):
        return content.replace(b'uniqueCount="', b'uniqueCount="4294967') if name.endswith("sharedStrings.xml") else content

    assert len(read_rows(repacked(claiming), SHEET).rows) == len(ROWS)
    assert refused(repacked(**{"xl/a.xml": b"<sst>" * 11})) == ["damaged"]


def test_many_rows_are_refused():
    assert refused(XLSX, limits=Limits(rows=29)) == ["too_many_rows"]
    assert refused(XLSX, limits=Limits(rows=5)) == ["too_many_rows"]
    assert refused(CSV, limits=Limits(rows=29)) == ["too_many_rows"]
    assert refused(CSV, limits=Limits(rows=5)) == ["too_many_rows"]
    assert len(read_rows(XLSX, SHEET, limits=Limits(rows=30)).rows) == 30


def test_the_worksheet_is_chosen():
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, first in (("藏", "0"), ("一", "1"), ("二", "2")):
            page = book.add_worksheet(name)
            page.write_column(0, 0, ["编号", first])
        book.get_worksheet_by_name("一").activate()
        book.get_worksheet_by_name("一").set_first_sheet()
        book.get_worksheet_by_name("藏").hide()
    data = out.getvalue()

    def code(title, **more):
        return read_rows(data, Sheet(title, SHEET.columns), **more).rows[0].values["code"]

    assert [code("三"), code("二"), code("二", worksheet="一"), code("三", worksheet="藏")] == ["1", "2", "1", "0"]
    assert refused(data, worksheet="四") == ["no_such_sheet"]
    assert refused(repacked(lambda _, content: content.replace(b"<sheet ", b"<other "))) == ["no_sheet"]


def test_what_breaks_inside_the_parser_is_a_refusal(monkeypatch):
    class PanicException(BaseException):
        """Named as the parser names its own."""

    for breakdown, seen in ((PanicException, Refused), (KeyboardInterrupt, KeyboardInterrupt), (PasswordError, Refused)):
        monkeypatch.setattr("keheng.kernel.spreadsheets.opening.CalamineWorkbook", Mock(from_filelike=Mock(side_effect=breakdown)))
        with pytest.raises(seen):
            read_rows(XLSX, SHEET)


def mutated(data, chance):
    """The bytes with some changed, cut out, doubled or put in."""
    content = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(content)), chance.randint(1, 12)
        match chance.randrange(4):
            case 0:
                content[at] = chance.randrange(256)
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = content[at : at + length]
            case _:
                content[at:at] = chance.randbytes(length)
    return bytes(content)


def handled(data):
    try:
        outcome = read_rows(data, SHEET)
    except Refused as caught:
        return bool(caught.problems)
    return error_sheet(data, SHEET, outcome).startswith(b"PK")


def test_a_thousand_mutated_workbooks_raise_nothing_else():
    chance = random.Random(7)  # noqa: S311 -- the same mutations at every run
    names = zipfile.ZipFile(BytesIO(XLSX)).namelist()
    for number in range(MUTATIONS):
        if number % 2:
            # Inside the members, where checksums would otherwise catch every change.
            victim = chance.choice(names)
            data = repacked(lambda name, content, victim=victim: mutated(content, chance) if name == victim else content)
        else:
            data = mutated(XLSX, chance)
        assert handled(data)


def test_a_thousand_mutated_separated_files_raise_nothing_else():
    chance = random.Random(8)  # noqa: S311 -- the same mutations at every run
    assert all(handled(mutated(CSV, chance)) for _ in range(MUTATIONS))


@given(
    st.binary() | st.binary().map(b"PK\x03\x04".__add__) | st.text().map(str.encode) | st.text().map("编号,数量\n{}".format).map(str.encode)
)
@settings(max_examples=300)  # a busy machine is no fault
def test_any_bytes_raise_nothing_else(data):
    assert handled(data)
