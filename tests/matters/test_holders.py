"""A passport renewed midway: the person stays the same, the office sees both permits and which number changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from matters.made_up import flaws_of, small
from matters.test_cases import codes, do, give_file
from matters.test_pages import client_of, text_of
from people import actor_for, make_account, make_unit

from keheng.matters.models import Case, Output
from keheng.matters.queries.cases import loaded, private_answers
from keheng.matters.queries.holders import earlier_of_holder
from keheng.matters.service import note_correction, open_case, save_answers

pytestmark = pytest.mark.django_db
TYPED = {
    "unit_code": "91990101000DBCMM5J", "phone": "13800000000", "person": "María-José PÉREZ", "passport": "X0000001", "nationality": "无此国",
    "grade": "B类", "expires": "2026-12-31", "same_post": "yes", "pay": "360000", "until": "2027-12-31",
}  # fmt: skip


def extension(people, actor="firm", **change):
    case = open_case(actor=people[actor], matter="yl.work-permit-extension")
    save_answers(actor=people[actor], case=case.pk, typed={"unit_name": "云岭精密仪器有限公司"} | TYPED | change, seen={})
    for code in ("passport_copy", "contract", "licence"):
        give_file(case, code, f"{case.pk}.pdf")
    return do(people[actor], case, "submit")


def granted(people, actor="firm", **change):
    case = do(people["clerk"], extension(people, actor, **change), "accept")
    return do(people["leader"], do(people["officer"], case, "pass"), "grant", signed=True)


def test_a_person_with_a_new_passport_is_recognised_at_the_extension(people, on):
    on("2026-09-28")
    old = granted(people)
    granted(people, person="Somebody ELSE", passport="Y1")
    new = extension(people, person="PEREZ MARIA JOSE", passport="x 0000001")
    same = extension(people, person="ＭＡＲＩＡ JOSE Perez", passport="N7654321")
    other = extension(people, person="Nobody KNOWN", passport="Z9")
    found = {
        case.pk: [(one.case.pk, one.renewed) for one in earlier_of_holder(loaded(case), people["clerk"])] for case in (new, same, other)
    }
    assert found == {new.pk: [(old.pk, False)], same.pk: [(old.pk, True)], other.pk: []}
    page = text_of(client_of("clerk").get(f"/manage/cases/{same.pk}/"))
    assert (f"{old.number} 外国人工作许可延期 护照号码不同，核对旧护照" in page, "X0000001" in page) == (True, False)
    assert "同一人以前办结的许可" not in text_of(client_of("clerk").get(f"/manage/cases/{other.pk}/"))


def test_another_unit_s_person_of_the_same_name_is_not_told(people, on):
    on("2026-09-28")
    granted(people)
    unit = make_unit("另一家公司")
    people["rival"] = actor_for(make_account("rival", "unit_manager", unit=unit), unit.pk)
    assert earlier_of_holder(loaded(extension(people, "rival")), people["clerk"]) == []


def test_a_passport_renewed_while_the_case_runs_is_put_right_in_it(people, on):
    on("2026-09-28")
    case = extension(people)
    note_correction(actor=people["clerk"], case=case.pk, target="passport", text="护照已换发，请填新号码")
    case = do(people["clerk"], case, "ask_more")
    save_answers(actor=people["firm"], case=case.pk, typed={"passport": "N7654321"}, seen=case.marks)
    case = do(people["clerk"], do(people["firm"], case, "resend"), "accept")
    case = do(people["leader"], do(people["officer"], case, "pass"), "grant", signed=True)
    assert (private_answers(case)["passport"], Case.objects.count(), Output.objects.filter(case=case, code="paper").count()) == (
        "N7654321",
        1,
        1,
    )
    assert codes(lambda: do(people["clerk"], case, "accept")) == ["MATTER_MOVE_NONE"]


def test_it_is_one_question_more_however_many_there_are(people, on):
    on("2026-09-28")
    counts = []
    for _ in range(2):
        granted(people)
        one = loaded(Case.objects.select_related("edition").latest("pk"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            earlier_of_holder(one, people["clerk"])
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_holder_is_named_by_fields_of_the_form():
    head = "about: 测试用。\nholder: {name: name, number: passport}"
    assert flaws_of(small(("about: 测试用。", head))) == [("NAME", "holder.number")]
