"""Cases in the database: one transaction a move, told to whom it concerns, due when the law says."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.timezone import now
from matters.made_up import small

from keheng.kernel.desk.models import Message, Task
from keheng.kernel.errors import Refused
from keheng.kernel.models import AuditEntry, StoredFile
from keheng.kernel.trail.verifier import sm3
from keheng.matters.models import Case, CaseEvent, Clock, Correction, Edition, Material, Output, Reminder, Suspension
from keheng.matters.queries.cases import cases_for, children_done, lacking, loaded, own_cases, private_answers
from keheng.matters.rules.files.reading import digest_of_text
from keheng.matters.service import (
    MoveWish,
    discard_draft,
    drop_correction,
    follow_calendar,
    lapse_due,
    move_case,
    move_many,
    note_correction,
    open_case,
    rate_case,
    remind_due,
    renew_draft,
    save_answers,
    write_letter,
)

pytestmark = pytest.mark.django_db
IT = {
    "name": "业务系统升级", "kind": "升级", "contact": "钱一", "phone": "13800000000", "plan": "升级。",
    "budget": [{"item": "人月", "code": "开发人月", "qty": "10", "price": "20000"}],
}  # fmt: skip
CUT = {"lines": [{"approved": "180000", "reason": "C1 单价偏高"}]}


def codes(act):
    with pytest.raises(Refused) as caught:
        act()
    return [one.code for one in caught.value.problems]


def do(actor, case, move, **given):
    return move_case(actor=actor, case=case.pk, wish=MoveWish(move, Case.objects.get(pk=case.pk).version, **given))


def submitted(people, on, day="2026-09-28", **change):
    """An IT project that was handed in; the scheme's file is put there by hand."""
    on(day)
    case = open_case(actor=people["firm"], matter="yl.it-project")
    save_answers(actor=people["firm"], case=case.pk, typed=IT | change, seen={})
    give_file(case, "scheme")
    return do(people["firm"], case, "submit")


def give_file(case, code, name="scheme.pdf"):
    digest = sm3(f"{code}{name}")
    StoredFile.objects.get_or_create(digest=digest, defaults={"size": 1, "media_type": "application/pdf"})
    return Material.objects.create(case=case, code=code, name=name, file_id=digest, by="x", at=now())


def test_a_case_is_opened_with_what_is_known(people, on):
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.it-project")
    assert case.answers == {"unit_name": "云岭精密仪器有限公司", "contact": "firm 某"}
    assert (case.number, case.state, case.std, case.version, str(case.unit_id)) == (None, "draft", "申办", 0, people["firm"].unit)
    assert case.edition.matter == "yl.it-project"
    assert codes(lambda: open_case(actor=people["person"], matter="yl.it-project")) == ["MATTER_FOR_UNITS"]
    assert codes(lambda: open_case(actor=people["person"], matter="yl.leave")) == ["MATTER_FOR_STAFF"]
    assert codes(lambda: open_case(actor=people["person"], matter="yl.nothing")) == ["MATTER_UNKNOWN"]


def test_private_answers_are_sealed_and_stand_nowhere_in_plain(people, on):
    case = submitted(people, on)
    assert "phone" not in case.answers
    assert private_answers(Case.objects.get(pk=case.pk)) == {"phone": "13800000000"}
    assert "13800000000" not in str(list(CaseEvent.objects.values()))
    assert not AuditEntry.objects.filter(body__contains="13800000000").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM matters_case")
        assert cursor.fetchone()[0].startswith("s1.")


def test_everything_missing_is_told_at_once(people, on):
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.it-project")
    found = codes(lambda: do(people["firm"], case, "submit"))
    assert found == ["MATTER_REQUIRED"] * 5 + ["MATTER_MATERIAL"]
    assert Case.objects.get(pk=case.pk).number is None


def test_a_way_through_with_tasks_messages_clocks_and_trail(people, on):
    case = submitted(people, on)
    assert (case.number, case.state, case.version, case.due_on) == ("BJ-2026-00001", "precheck", 1, date(2026, 10, 10))
    assert list(Task.objects.values_list("key", "permission", "not_by")) == [
        (f"case:{case.pk}:accept", "matters.case.accept", people["firm"].account)
    ]
    case = do(people["clerk"], case, "accept")
    assert (case.state, case.due_on) == ("examine", date(2026, 10, 16))
    assert list(Task.objects.values_list("permission", flat=True)) == ["matters.case.examine"]
    message = Message.objects.get(account=people["firm"].account)
    assert message.body == "申报已受理。\n办件进入“审查”环节。"
    assert message.url == f"/matters/cases/{case.pk}/"
    case = do(people["officer"], case, "propose", typed=CUT)
    assert case.answers["approved_total"] == 18_000_000
    assert codes(lambda: do(people["leader"], case, "approve")) == ["MATTER_SIGN"]
    case = do(people["leader"], case, "approve", signed=True, opinion="同意审查意见。")
    assert (case.state, case.end, case.due_on, case.ended_at is not None) == ("closed", "granted", None, True)
    assert not Task.objects.exists()
    output = Output.objects.get()
    assert output.number == "YL-IT-2026-00001"
    assert output.content == [
        ["项目名称", "业务系统升级"],
        ["申报单位", "云岭精密仪器有限公司"],
        ["申报总额", "200,000.00 元"],
        ["审定金额", "180,000.00 元"],
        ["核减金额", "20,000.00 元"],
    ]
    events = list(CaseEvent.objects.order_by("version").values_list("do", "before", "after", "role"))
    assert events == [
        ("submit", "draft", "precheck", "apply"), ("accept", "precheck", "examine", "accept"),
        ("propose", "examine", "decision", "office"), ("approve", "decision", "closed", "decide"),
    ]  # fmt: skip
    assert len(CaseEvent.objects.get(do="approve").signature) == 64
    assert AuditEntry.objects.filter(body__contains='"act":"case.move"').count() == 5  # one of them a refusal


def test_who_may_do_what(people, on):
    case = submitted(people, on)
    assert codes(lambda: do(people["person"], case, "accept")) == ["MATTER_CASE_GONE"]
    assert codes(lambda: do(people["leader"], case, "accept")) == ["MATTER_MOVE_WHO"]
    assert codes(lambda: do(people["mate"], case, "accept")) == ["MATTER_MOVE_WHO"]
    assert do(people["mate"], case, "withdraw", opinion="不办了").end == "withdrawn"


def test_nobody_decides_on_their_own_application(people, on, shelved):
    shelved(small())
    on("2026-09-28")
    case = open_case(actor=people["clerk"], matter="yl.small")
    save_answers(actor=people["clerk"], case=case.pk, typed={"name": "甲"}, seen={})
    case = do(people["clerk"], case, "submit")
    assert codes(lambda: do(people["clerk"], case, "accept")) == ["MATTER_MOVE_WHO"]
    assert do(people["officer"], case, "accept").end == "granted"


def test_a_move_seen_from_an_old_page_is_refused(people, on):
    case = submitted(people, on)
    assert codes(lambda: move_case(actor=people["clerk"], case=case.pk, wish=MoveWish("accept", 0))) == ["MATTER_MOVED_MEANWHILE"]
    assert CaseEvent.objects.count() == 1


def test_corrections_are_collected_told_once_and_stop_the_clock(people, on):
    case = submitted(people, on)
    on("2026-09-29")
    assert codes(lambda: do(people["clerk"], case, "ask_more")) == ["MATTER_CORRECTIONS_NONE"]
    assert codes(lambda: note_correction(actor=people["firm"], case=case.pk, target="plan", text="补")) == ["MATTER_CASE_GONE"]
    assert codes(lambda: note_correction(actor=people["clerk"], case=case.pk, target="nothing", text=" ")) == [
        "MATTER_CORRECTION_TEXT",
        "MATTER_CORRECTION_TARGET",
    ]
    for target, text in (("plan", "建设内容过于简单"), ("scheme", "方案缺少安全章节"), ("name", "误记")):
        note_correction(actor=people["clerk"], case=case.pk, target=target, text=text)
    drop_correction(actor=people["clerk"], case=case.pk, correction=Correction.objects.get(target="name").pk)
    case = do(people["clerk"], case, "ask_more")
    assert (case.state, case.due_on, case.lapse_on) == ("fix", None, date(2026, 10, 26))
    body = Message.objects.filter(account=people["firm"].account).latest("pk").body
    assert body == "1. 建设内容过于简单\n2. 方案缺少安全章节\n办件进入“补正”环节。\n等待申报单位补正材料，办理时限暂停计算。"
    assert Task.objects.get().account == people["firm"].account
    assert codes(lambda: note_correction(actor=people["clerk"], case=case.pk, target="name", text="还有")) == ["MATTER_CORRECTION_TOLD"]
    saved = save_answers(actor=people["firm"], case=case.pk, typed={"plan": "分三期建设。", "name": "改名"}, seen={"plan": 1})
    assert (dict(saved.marks), dict(saved.conflicts)) == ({"plan": 2}, {})
    on("2026-10-09")
    case = do(people["firm"], case, "resend")
    assert (case.state, case.answers["name"], case.answers["plan"]) == ("precheck", "业务系统升级", "分三期建设。")
    stop = Suspension.objects.get()
    assert (stop.state, stop.since, stop.until) == ("fix", date(2026, 9, 29), date(2026, 10, 9))
    assert case.due_on == date(2026, 10, 14)


def test_a_term_lapses_once_by_the_job(people, on):
    case = submitted(people, on)
    note_correction(actor=people["clerk"], case=case.pk, target="", text="重写")
    case = do(people["clerk"], case, "ask_more")
    on("2026-10-23")
    assert lapse_due() == 0
    on("2026-10-24")
    assert codes(lambda: do(people["firm"], case, "resend")) == ["MATTER_TERM_OVER"]
    assert lapse_due() == 1
    assert lapse_due() == 0
    case.refresh_from_db()
    assert (case.state, case.end) == ("lapsed", "closed")
    assert CaseEvent.objects.latest("pk").by == "system"


def test_reminders_fire_once_a_rung(people, on):
    case = do(people["clerk"], submitted(people, on), "accept")
    counts = []
    for day in ("2026-10-09", "2026-10-10", "2026-10-12", "2026-10-12", "2026-10-19"):
        on(day)
        counts.append(remind_due())
    assert counts == [0, 1, 0, 0, 2]
    assert list(Reminder.objects.order_by("rung").values_list("rung", flat=True)) == [50, 80, 100]
    assert remind_due() == 0
    last = f"clock:{Clock.objects.get(code='main', case=case).pk}:100"
    assert list(Message.objects.filter(key=last).values_list("account", flat=True)) == [people["officer"].account]


def test_an_extension_moves_the_date_once(people, on):
    case = do(people["clerk"], submitted(people, on), "accept")
    case = do(people["officer"], case, "propose", typed=CUT)
    case = do(people["leader"], case, "extend", opinion="情况复杂")
    assert (case.state, case.due_on) == ("decision", date(2026, 10, 30))
    assert codes(lambda: do(people["leader"], case, "extend", opinion="再延")) == ["MATTER_EXTENDED"]


def test_due_dates_are_derived_and_their_copies_follow(people, on):
    case = do(people["clerk"], submitted(people, on), "accept")
    Case.objects.filter(pk=case.pk).update(due_on=date(2030, 1, 1))
    assert follow_calendar() == 1
    assert Case.objects.get(pk=case.pk).due_on == date(2026, 10, 16)
    assert follow_calendar() == 0


def test_two_of_a_firm_fill_in_one_form(people, on):
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.it-project")
    first = save_answers(actor=people["firm"], case=case.pk, typed={"name": "甲方案", "kind": "新建"}, seen={})
    assert (dict(first.marks), dict(first.conflicts)) == ({"name": 1, "kind": 1}, {})
    second = save_answers(actor=people["mate"], case=case.pk, typed={"name": "乙方案", "plan": "内容", "kind": "新建"}, seen={})
    assert (dict(second.marks), dict(second.conflicts)) == ({"name": 1, "plan": 1, "kind": 1}, {"name": "甲方案"})
    third = save_answers(actor=people["mate"], case=case.pk, typed={"name": "乙方案"}, seen={"name": 1})
    assert (dict(third.marks), dict(third.conflicts)) == ({"name": 2}, {})
    assert codes(lambda: save_answers(actor=people["person"], case=case.pk, typed={"name": "x"}, seen={})) == ["MATTER_CASE_GONE"]


def test_a_form_is_closed_while_the_office_works(people, on):
    case = submitted(people, on)
    assert codes(lambda: save_answers(actor=people["firm"], case=case.pk, typed={"name": "x"}, seen={})) == ["MATTER_CLOSED"]


def test_a_batch_gives_each_its_own_result(people, on):
    one, two = submitted(people, on), submitted(people, on)
    do(people["clerk"], two, "accept")
    results = move_many(actor=people["clerk"], cases={one.pk: 1, two.pk: 1}, wish=MoveWish("accept", 0))
    assert [[one.code for one in result.problems] for result in results] == [[], ["MATTER_MOVED_MEANWHILE"]]


def test_drafts_move_to_a_new_version_that_was_seen(people, on, shelved):
    on("2026-09-28")
    shelved(small())
    case = open_case(actor=people["person"], matter="yl.small")
    save_answers(actor=people["person"], case=case.pk, typed={"name": "甲", "cost": "5"}, seen={})
    newer = small(
        ("version: 2026-01-01", "version: 2026-09-01"),
        ("title: 小事项", "title: 新事项"),
        ("      - {id: cost, type: money, label: 金额, min: 0, max: 100000}\n", ""),
        ('      - {id: why, type: text, label: 说明, show: "cost > 1000", required: true}\n', ""),
        ('  - {id: paper, title: 证明, need: "cost > 5000"}\n', "  []\n"),
    )
    shelved(newer)
    assert codes(lambda: renew_draft(actor=people["person"], case=case.pk, digest="old")) == ["MATTER_VERSION_SEEN"]
    case = renew_draft(actor=people["person"], case=case.pk, digest=digest_of_text(newer))
    assert (case.title, case.answers, case.marks) == ("新事项", {"name": "甲"}, {"name": 1})
    assert Edition.objects.count() == 2


def test_running_cases_stay_on_their_version(people, on, shelved):
    on("2026-09-28")
    shelved(small())
    case = open_case(actor=people["person"], matter="yl.small")
    save_answers(actor=people["person"], case=case.pk, typed={"name": "甲"}, seen={})
    case = do(people["person"], case, "submit")
    shelved(small(("version: 2026-01-01", "version: 2026-09-01"), ("promise: 5wd", "promise: 3wd")))
    assert loaded(Case.objects.get(pk=case.pk)).matter.clocks["main"].promise.days == 5


def test_drafts_are_seen_by_the_applicants_side_alone_and_can_be_thrown_away(people, on):
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.it-project")
    assert [own_cases(people[name]).count() for name in ("firm", "mate", "person")] == [1, 1, 0]
    assert cases_for(people["clerk"]).count() == 0
    assert codes(lambda: discard_draft(actor=people["clerk"], case=case.pk)) == ["MATTER_CASE_GONE"]
    discard_draft(actor=people["mate"], case=case.pk)
    assert not Case.objects.exists()
    case = submitted(people, on)
    assert cases_for(people["clerk"]).count() == 1
    assert cases_for(people["person"]).count() == 0
    assert codes(lambda: discard_draft(actor=people["firm"], case=case.pk)) == ["MATTER_CASE_GONE"]


def test_letters_go_to_the_other_side(people, on):
    case = do(people["clerk"], submitted(people, on), "accept")
    write_letter(actor=people["mate"], case=case.pk, text="请问进度")
    write_letter(actor=people["officer"], case=case.pk, text="正在审查")
    assert Message.objects.filter(account=people["clerk"].account, body="请问进度").count() == 1
    assert Message.objects.filter(account=people["firm"].account, body="正在审查").count() == 1
    assert codes(lambda: write_letter(actor=people["person"], case=case.pk, text="x")) == ["MATTER_CASE_GONE"]
    assert codes(lambda: write_letter(actor=people["firm"], case=case.pk, text=" ")) == ["MATTER_LETTER"]


def test_a_case_is_rated_once(people, on):
    on("2026-09-28")
    draft = open_case(actor=people["firm"], matter="yl.it-project")
    assert codes(lambda: rate_case(actor=people["firm"], case=draft.pk, stars=6)) == ["MATTER_RATE_EARLY", "MATTER_STARS"]
    case = submitted(people, on)
    assert codes(lambda: rate_case(actor=people["clerk"], case=case.pk, stars=5)) == ["MATTER_CASE_GONE"]
    rate_case(actor=people["firm"], case=case.pk, stars=1, comment="慢")
    assert codes(lambda: rate_case(actor=people["mate"], case=case.pk, stars=5)) == ["MATTER_RATED"]


def test_what_happened_is_never_changed(people, on):
    case = submitted(people, on)
    for rows in (CaseEvent.objects.filter(case=case), Edition.objects.all()):
        for act in (lambda rows=rows: rows.update(**{"do" if rows.model is CaseEvent else "text": "x"}), rows.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEvent.objects.create(case=case, version=1, at=case.opened_at, do="x", title="x", by="x", before="a", after="b")


def test_a_move_takes_few_queries(people, on, django_assert_max_num_queries):
    case = submitted(people, on)
    with django_assert_max_num_queries(36):
        do(people["clerk"], case, "accept")


def test_a_registered_unit_hands_in_no_licence(people, on):
    on("2026-09-28")
    case = open_case(actor=people["firm"], matter="yl.work-permit-extension")
    asked = {one.field for one in lacking(loaded(case), date(2026, 9, 28))}
    assert "material-licence" in asked
    type(case.unit).objects.filter(pk=case.unit_id).update(credit_code="91990101000DBCMM5J")
    case = Case.objects.get(pk=case.pk)
    assert asked - {one.field for one in lacking(loaded(case), date(2026, 9, 28))} == {"material-licence"}


def test_a_child_follows_from_its_parent_alone(people, on, shelved):
    on("2026-09-28")
    child = small(
        ("id: yl.small", "id: yl.child"),
        ("archive: 1y", "archive: 1y\nparent: {matter: yl.it-project, states: [closed]}"),
        ("audience: [person]", "audience: [unit]"),
    )
    shelved(child)
    parent = submitted(people, on)
    assert codes(lambda: open_case(actor=people["firm"], matter="yl.child")) == ["MATTER_PARENT"]
    assert codes(lambda: open_case(actor=people["firm"], matter="yl.child", parent=parent.pk)) == ["MATTER_PARENT"]
    Case.objects.filter(pk=parent.pk).update(state="closed", std="办结", end="granted", ended_at=now())
    made = open_case(actor=people["firm"], matter="yl.child", parent=parent.pk)
    assert made.parent_id == parent.pk
    assert children_done(loaded(parent)) is False
    assert children_done(loaded(made)) is None
