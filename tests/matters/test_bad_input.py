"""The list of bad input names tests that are there; and those of its rows that stood nowhere else."""

import ast
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
import xlsxwriter
from matters.bad_input import LIMITS, TRAPS, TYPED
from matters.contest_made_up import MATTER, contest, entry, number
from matters.walking_cases import Walk
from matters.walking_ground import Cast, Time
from people import actor_for, make_account, make_unit, signed_in

from keheng.access.models import Account
from keheng.kernel.errors import attempt
from keheng.kernel.powers import Power, Principal, Reach
from keheng.matters.actions.importing import begin_import, run_import
from keheng.matters.models import Case
from keheng.matters.queries.cases import loaded
from keheng.matters.rules.files.shelf import in_force
from keheng.matters.rules.importing import sheet_of
from keheng.matters.service import MoveWish, move_case, note_correction, open_case, save_answers
from keheng.review.models import Round

ROOT = Path(__file__).parents[2]
ROWS = {**TRAPS, **LIMITS, **TYPED}
SECOND = {"b_name": "演示同学", "b_number": number(902), "b_born": "2011-03-05", "b_stage": "初中", "b_near": "是"}


def named_in(path):
    """The tests of a file by name, with how often they assert or expect an error."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    tests = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]
    return {
        one.name: sum(
            isinstance(inner, ast.Assert) or (isinstance(inner, ast.Attribute) and inner.attr == "raises") for inner in ast.walk(one)
        )
        for one in tests
    }


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_shown_by_tests_that_are_there(row):
    assert ROWS[row]
    for name in ROWS[row]:
        path, _, test = name.partition("::")
        assert named_in(path).get(test, 0) > 0, name


def test_rows_stand_once():
    assert len(ROWS) == len(TRAPS) + len(LIMITS) + len(TYPED)


@pytest.fixture
def school(db):
    unit = make_unit("云岭演示第一中学", "990102", credit_code="91990101000DBCMM5J")
    return actor_for(make_account("teacher", "unit_member", unit=unit), unit.pk)


def holding(permission):
    return Principal(f"holds-{permission}", powers=(Power(f"matters.case.{permission}", Reach.ALL),))


def draft(school, **typed):
    case = open_case(actor=school, matter=MATTER)
    save_answers(actor=school, case=case.pk, typed=entry(901, **typed), seen=case.marks)
    return case


def do(actor, case, move, **given):
    return move_case(actor=actor, case=case.pk, wish=MoveWish(move, Case.objects.get(pk=case.pk).version, **given))


def problems(actor, case, move):
    return [(one.code, one.field) for one in attempt(lambda: do(actor, case, move))]


def test_everything_wrong_with_a_team_is_told_at_once_and_stays_as_typed(school):
    case = draft(school, size="4", category="科学幻想绘画", done_on="2026-07-01", a_number=number(901)[:-1] + "Y")
    found = problems(school, case, "submit")
    assert {("MATTER_RANGE", "size"), ("MATTER_CHECK", "done_on"), ("MATTER_ID_NUMBER", "a_number"), ("MATTER_REQUIRED", "c_name")} <= set(
        found
    )
    client = signed_in(Account.objects.get(login="teacher"))
    page = "".join(client.get(f"/matters/cases/{case.pk}/form/{part}/").content.decode() for part in (1, 2, 3))
    assert [text for text in ('value="4"', "2026-07-01", number(901)[:-1] + "Y") if text not in page] == []
    save_answers(
        actor=school,
        case=case.pk,
        typed=entry(901, size="2", **SECOND | {"b_stage": "小学", "b_near": "否"}),
        seen=loaded(Case.objects.get(pk=case.pk)).case.marks,
    )
    assert problems(school, case, "submit") == [("MATTER_CHECK", "b_stage"), ("MATTER_CHECK", "b_near")]


def handed_back(school, **typed):
    """A team that was handed in, and is with its school again."""
    case = draft(school, **typed)
    do(school, case, "submit")
    return do(holding("recommend"), case, "hand_back", opinion="请改正说明。")


def change(school, case, **typed):
    row = Case.objects.get(pk=case.pk)
    save_answers(actor=school, case=case.pk, typed=typed, seen=row.marks)


def test_nobody_joins_a_team_after_the_application(school):
    case = handed_back(school)
    change(school, case, size="2", **SECOND)
    assert problems(school, case, "resend") == [("MATTER_PERSON_JOINED", "b_number")]
    change(school, case, size="1", a_number=number(903))
    assert problems(school, case, "resend") == [("MATTER_PERSON_JOINED", "a_number")]
    # Whoever was typed stays on the page until it is put right.
    assert loaded(Case.objects.get(pk=case.pk)).at.answers["a_number"] == number(903)
    change(school, case, a_number=number(901), summary="改正以后的说明：用翻斗计量雨水，按土壤湿度决定浇水时间。")
    assert do(school, case, "resend").state == "district"


def test_somebody_may_leave_a_team_and_come_back_no_more(school):
    case = handed_back(school, size="2", **SECOND)
    change(school, case, size="1")
    assert do(school, case, "resend").state == "district"
    do(holding("recommend"), case, "hand_back", opinion="再改。")
    change(school, case, size="2")
    assert problems(school, case, "resend") == [("MATTER_PERSON_JOINED", "b_number")]


def test_a_number_that_was_mistyped_is_put_right_when_a_correction_asks_for_it(school):
    case = draft(school)
    do(school, case, "submit")
    do(holding("recommend"), case, "recommend")
    window = holding("accept")
    note_correction(actor=window, case=case.pk, target="a_number", text="与证件不一致")
    do(window, case, "ask_more")
    change(school, case, a_number=number(904))
    assert do(school, case, "complete").state == "formal"


def workbook(row):
    """A workbook with one row below the headings of the matter's sheet: cells as a spreadsheet keeps them."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, column in enumerate(sheet_of(contest(), many_units=False).columns):
        page.write(0, place, column.header_zh)
        value = row.get(column.name)
        if isinstance(value, date):
            page.write_datetime(1, place, value, day)
        elif value is not None:
            page.write(1, place, value)
    book.close()
    return out.getvalue()


def brought(school, row):
    made = begin_import(actor=school, matter=MATTER, name="作品.xlsx", data=workbook(row), partly=False)
    run_import(made.pk)
    made.refresh_from_db()
    return made


def test_a_workbook_keeps_numbers_telephones_and_days_as_they_are_meant(school):
    as_cells = entry(901) | {"phone": 19900000000, "size": 1, "code": 901, "done_on": date(2026, 5, 1), "a_born": date(2011, 3, 5)}
    assert (brought(school, as_cells).state, Case.objects.count()) == ("done", 1)
    answers = loaded(Case.objects.get()).at.answers
    assert {name: answers[name] for name in ("phone", "size", "code", "done_on", "a_born", "a_number")} == {
        "phone": "19900000000", "size": 1, "code": "901", "done_on": "2026-05-01", "a_born": "2011-03-05", "a_number": number(901),
    }  # fmt: skip
    # Eighteen digits in a cell of numbers lost the last three: told in its row, never guessed.
    told = brought(school, entry(902) | {"a_number": int(number(902)[:-1] + "0")})
    assert (told.state, told.faulty, Case.objects.count()) == ("refused", 1, 1)


def test_publicity_over_a_holiday_holds_the_award_back_until_its_last_working_day(monkeypatch, tmp_path, settings, db):
    settings.FILES_FOLDER = tmp_path / "files"
    clock, chance = Time(monkeypatch), Random(1)  # noqa: S311 -- a walk that can be repeated
    clock.to(date(2026, 9, 28))
    cast = Cast()
    walk = Walk(in_force("yl.title", clock.day), chance, cast, clock, goals=["publicity"])
    case = walk.to_the_end(30)
    assert (case.state, clock.day) == ("publicity", date(2026, 9, 28))
    # Five working days after Monday 28 September: the holidays of National Day do not count, the Saturday after them does.
    assert Round.objects.get().objections_until == date(2026, 10, 10)
    offered = []
    for days in range(1, 14):
        clock.to(date(2026, 9, 28) + timedelta(days=days))
        offered.append(clock.day if "award" in {one.do for one in walk.options()} else None)
    clock.moment = None
    assert [day for day in offered if day] == [date(2026, 10, 11)]
