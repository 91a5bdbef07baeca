"""Codes of matters: every file has one, they are well made and stand once, and people see them."""

import pytest
from django.urls import reverse
from matters.made_up import DAY, flaws_of, small

from keheng.kernel.uploads.pdfs import opened_pdf, texts_of_pages
from keheng.matters.rules.files.codes import pieces_of
from keheng.matters.rules.files.reading import read_text
from keheng.matters.rules.files.shelf import all_in_force, flaws_between, shelf

CODE = next(read.matter.code for read in all_in_force(DAY) if read.matter.id == "yl.star-society")


def coded(code, **swaps):
    text = small(("title: 小事项\n", f'title: 小事项\ncode: "{code}"\n'), *((old, new) for old, new in swaps.items()))
    return read_text(text, "small.yaml")


def test_every_file_has_a_code_of_its_own_and_versions_share_it():
    codes = {name: {read.matter.code for read in versions} for name, versions in shelf().items()}
    assert [name for name, some in codes.items() if len(some) != 1] == []
    pieces = {name: pieces_of(next(iter(some))) for name, some in codes.items()}
    assert [name for name, one in pieces.items() if one is None] == []
    assert len({one.item for one in pieces.values()}) == len(pieces)
    assert {(one.unit, one.level) for one in pieces.values()} == {(CODE[:18], "3")}


@pytest.mark.parametrize(("code", "told"), [
    (CODE, []),
    (CODE[:-1], [("CODE", "code")]),
    (f"{CODE}0", [("CODE", "code")]),
    (f"{CODE[:17]}{'1' if CODE[17] == '0' else '0'}{CODE[18:]}", [("CODE", "code")]),
    (f"{CODE[:18]}9{CODE[19:]}", [("CODE", "code")]),
    (f"{CODE[:30]}X", [("CODE", "code")]),
    (f"{CODE[:30]}٣", [("CODE", "code")]),
])  # fmt: skip
def test_a_code_that_is_none_is_told_when_the_file_is_read(code, told):
    assert flaws_of(small(("title: 小事项\n", f'title: 小事项\ncode: "{code}"\n'))) == told


def test_a_code_that_stands_twice_and_one_that_changes_are_told_between_files():
    other = f"{CODE[:19]}000999999999"
    one, same = coded(CODE), coded(CODE, **{"id: yl.small": "id: yl.other"})
    later = coded(other, **{"version: 2026-01-01": "version: 2026-06-01"})

    def told(*reads):
        return [flaw.problem.code for flaw in flaws_between(reads)]

    assert told(one, same) == ["MATTER_FILE_CODE_TWICE"] * 2
    assert told(one, later) == ["MATTER_FILE_CODE_TWICE"] * 2
    assert told(one, coded(CODE, **{"version: 2026-01-01": "version: 2026-06-01"})) == []


@pytest.mark.django_db
def test_the_guide_shows_the_code_on_its_page_and_in_print(client, on):
    on(DAY.isoformat())
    page = client.get(reverse("matters:matter", args=["yl.star-society"])).content.decode()
    assert (CODE in page, f"<code>{CODE[19:]}</code>" in page) == (True, True)
    sheet = client.get(reverse("matters:print", args=["yl.star-society"])).content
    with opened_pdf(sheet) as document:
        words = "".join("".join(texts_of_pages(document, 5)).split())
    assert (f"实施编码{CODE}" in words, f"基本编码{CODE[19:]}" in words) == (True, True)
