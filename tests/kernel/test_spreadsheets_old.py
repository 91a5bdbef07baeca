"""XLS workbooks: read in a process of their own, whose breakdown is a refusal and not ours."""

import base64
import io
import json
import random
import resource
import subprocess
import zlib
from datetime import date, datetime

import pytest
from python_calamine import PasswordError

from keheng.kernel.errors import Refused
from keheng.kernel.spreadsheets import Column, Limits, Sheet, old_format, read_rows

SHEET = Sheet("项目", (Column("code", "编号", required=True), Column("count", "数量", "integer"), Column("day", "日期", "date")))
# Two worksheets of an XLS workbook, the first hidden, packed.
XLS = zlib.decompress(
    base64.b64decode(
        "eNrtWE1oU0EQnt338kubn5oUWiGGglVrKlYvIrQvCtqDGKoiigjammAlJi3BSz3Yas1JBcWT4iVQBS9VL/6ggt48CBEVBEFILHrxJCh6aPOcmbxX05piAxpo"
        "ed9jZ2dnd95OdmZ2N+9V3l/I3Wstwjz0gAIl3QX2CpnA4jIbPsB+XSfWrJ1YdAtLCi4nOtJug8eNLx3kQ/J3ESTcVZ8jBfiI5TAMQ2wonQjXEdvZhn5BNnQL"
        "FWNPwg0sHmhhu5qYHmO6gukdHvuEaZQll5h249iCOAR5LdaxBd9Dz0HZxn0epAIesM57lnRBEF5QHI9eFuWYt8G2zIn+k8ulI6Q2wASgr3sT6USG2l64CW6A"
        "EURnKtUZj4fUINyiBP8tCg8Obk2lChDAAJmA73oY4Ju5EzwLW/L6ygWg/OdcuWMBuRO9W03uQhfPl1+VKsAY6EcFpUUWoyKpUugIkc9Sa8rGoSQuxqYhQjHE"
        "2wWObR79sQ+zZ9dG5IcT+StYfUqsOk6iLiKb3HR08Fbjm7PVNHICNiCNg5d5P6ehD+2evv319e6BPu0IS8b4eCkfQqvJTtDhLGmgsod75Gx/B/PrmZ7jt65k"
        "vpVpAFMB6/a+oMHsHOcx57m3HefZzHijrang1yKf/bLnYSg7pa1DfrK3eDow+U7LQRuuZdzYWMYhIiLi+jXCI82shbFdfWDa8sfW5ZQ+w3bdOGm9MEM5ifAz"
        "pRGiygjBI4j2yCa4z13RiiO7HuuuzNKluu7KgutebpmrU25JbCkVPlGq+oRW6inOL1jbzkfWhrcStUlPVtGTrEcpdka6DZ/QfIqkY0qizfsRF3Kfo+xrWc3X"
        "FixYsGDBggULf4UwLs50oaEri824IDqM7zozWErWZ5Jli70whM8p/CO4A9JYZ2CkpvhpBpsw3yUWqWN+LyQcwNkzkIQBtiNZc/ziBV9U/p5FK/r+XQrVOn+p"
        "Fjv/8/y/AIciF9A="
    )
)


def codes(**more):
    return [row.values["code"] for row in read_rows(XLS, SHEET, **more).rows]


def refused(data, **more):
    with pytest.raises(Refused) as caught:
        read_rows(data, SHEET, **more)
    return [one.code.removeprefix("spreadsheet.") for one in caught.value.problems]


def test_the_first_visible_worksheet_is_read():
    assert [row.values for row in read_rows(XLS, SHEET).rows] == [
        {"code": "K1", "count": 1, "day": date(2026, 11, 21)},
        {"code": "K2", "count": 2, "day": date(2026, 11, 22)},
    ]
    assert codes(worksheet="藏") == ["K0"]
    assert refused(XLS, worksheet="四") == ["no_such_sheet"]
    assert refused(XLS, limits=Limits(rows=1)) == ["too_many_rows"]
    assert refused(XLS, limits=Limits(rows=-18)) == ["too_many_rows"]


def test_what_leaves_the_process_can_be_restored():
    (_, hidden, few), (name, visible, rows) = old_format.worksheets(XLS, 2 + 1)
    assert (hidden, few, name, visible) == (False, [["编号"], ["K0"]], "二", True)
    assert json.loads(json.dumps(rows[2]), object_hook=old_format.restored) == ["K2", 2.0, datetime(2026, 11, 22, 8, 30)]  # noqa: DTZ001 -- spreadsheets know no time zones
    assert rows[1][2] == {"date": "2026-11-21"}
    assert old_format.worksheets(XLS, 2)[1] == ("二", True, None)


def test_the_process_confines_itself(monkeypatch, capsys):
    limits = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(XLS)))
    assert old_format.main(100) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert limits[resource.RLIMIT_AS] == (old_format.MEMORY, old_format.MEMORY)

    def encrypted(*_):
        raise PasswordError

    monkeypatch.setattr(old_format, "worksheets", encrypted)
    assert old_format.main(100) == old_format.ENCRYPTED


@pytest.mark.parametrize(("code", "told"), [(old_format.ENCRYPTED, "encrypted"), (1, "damaged"), (-6, "damaged")])
def test_however_the_process_ends_it_is_a_refusal(monkeypatch, code, told):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], code, b"", b""))
    assert refused(XLS) == [told]


def test_a_process_that_takes_too_long_is_a_refusal(monkeypatch):
    def slow(*_, **__):
        raise subprocess.TimeoutExpired("", 1)

    monkeypatch.setattr(subprocess, "run", slow)
    assert refused(XLS) == ["damaged"]


def test_mutated_workbooks_raise_nothing_else():
    chance = random.Random(9)  # noqa: S311 -- the same mutations at every run
    places = [place for place, byte in enumerate(XLS) if byte]
    for _ in range(60):
        data = bytearray(XLS)
        for place in chance.sample(places, 3):
            data[place : place + 4] = chance.choice((b"\xff\xff\xff\x7f", b"\0\0\0\0", chance.randbytes(4)))
        try:
            read_rows(bytes(data), SHEET)
        except Refused as caught:
            assert caught.problems  # noqa: PT017 -- both ends are right
