"""A round through its steps: who may judge what, the draw and its proof, replacement, locked readings, results, objections."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from directory.made_up import CLERK, codes_of, organisation, person, principal
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.timezone import localdate
from review import rounds_made_up as made

from keheng.directory.actions.experts import add_avoidance_fact
from keheng.directory.actions.people import add_affiliation
from keheng.directory.actions.relations import add_control, declare_related_party
from keheng.directory.service import avoidance_among, avoidance_between
from keheng.kernel.accounts import accounts
from keheng.kernel.desk.models import Message, Task
from keheng.kernel.errors import Refused
from keheng.kernel.measures import read
from keheng.kernel.models import AuditEntry
from keheng.kernel.periods import Period
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.search.documents import visible_to
from keheng.kernel.search.finding import search
from keheng.kernel.trail.record import Actor
from keheng.review.actions.draws import commit_draw, hand_in_half, pledge_half, reveal_draw
from keheng.review.actions.entering import enter_round
from keheng.review.actions.panel import declare_conflict, decline_round, state_independence
from keheng.review.actions.publicity import close_round, decide_objection, file_objection, publish_list
from keheng.review.actions.rounds import call_judges, name_observer, open_round
from keheng.review.actions.scoring import ask_further_reading, combine_round, submit_scores
from keheng.review.models import Bar, Fee, Round, Seat
from keheng.review.queries.results import judges_of, lines_of, own_mean, results_of
from keheng.review.rules.draw import published, redraw
from keheng.review.rules.rounds import Call, Subject, rounds_within

HALF = "观察员手里的另一半密钥二〇二六"


@pytest.fixture(autouse=True)
def _database(db):
    pass


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return codes_of(caught)


def file_of(draw):
    return {"sheet": draw.sheet, "digest": draw.digest, "halves": draw.halves, "seats": draw.seats}


def test_everything_wrong_with_a_round_is_told_at_once():
    bad = made.facts(
        title=" ", rubric="none", combination="none", seats={"技术": 2}, most=0, quota=0, scoring_until=localdate() - timedelta(days=1)
    )
    doubled = [Subject("S1", "甲", None, ""), Subject("S1", "甲", None, "", excluded=(1, 2, 3, 4))]
    assert refused(lambda: open_round(actor=made.ORGANISER, facts=bad, subjects=doubled)) == [
        ("REVIEW_TITLE", "title"), ("REVIEW_RUBRIC", "rubric"), ("REVIEW_COMBINATION", "combination"), ("REVIEW_EVEN", "seats"), ("REVIEW_MOST", "most"),
        ("REVIEW_PAST", "scoring_until"), ("REVIEW_QUOTA", "quota"), ("REVIEW_DOUBLED", "subjects"), ("REVIEW_EXCLUSIONS", "subjects"),
    ]  # fmt: skip
    none = made.facts(seats={})
    assert refused(lambda: open_round(actor=made.ORGANISER, facts=none, subjects=[])) == [
        ("REVIEW_SEATS", "seats"),
        ("REVIEW_NOTHING", "subjects"),
    ]


def test_officers_observers_strangers_and_the_called_are_not_called(monkeypatch):
    first, second = made.experts(2)
    row = made.opened(made.subjects(1), [first])
    name_observer(actor=made.ORGANISER, pk=row.pk, account="77")
    officer = Principal("88", powers=(Power("review.round.see", Reach.ALL),))
    monkeypatch.setattr(type(accounts()), "principal", lambda _self, account, _unit: officer if account == "88" else Principal(account))

    def call(*calls):
        return refused(lambda: call_judges(actor=made.ORGANISER, pk=row.pk, calls=[Call(*one) for one in calls]))

    assert call((second.pk, "88", "技术")) == [("REVIEW_OFFICER", "experts")]
    assert call((second.pk, "77", "技术")) == [("REVIEW_OBSERVES", "experts")]
    assert call((second.pk, made.ORGANISER.account, "技术")) == [("REVIEW_OFFICER", "experts")]
    assert call((999, "", "财务")) == [("REVIEW_NOT_IN_POOL", "experts"), ("REVIEW_NO_ACCOUNT", "experts"), ("REVIEW_KIND", "experts")]
    assert call((first.pk, "66", "技术")) == [("REVIEW_CALLED", "experts")]
    assert refused(lambda: name_observer(actor=made.ORGANISER, pk=row.pk, account=made.account_of(0))) == [
        ("REVIEW_OBSERVER_PARTY", "login")
    ]
    assert refused(lambda: name_observer(actor=made.ORGANISER, pk=row.pk, account="")) == [("REVIEW_OBSERVER_UNKNOWN", "login")]
    assert refused(lambda: commit_draw(actor=made.ORGANISER, pk=row.pk)) == [("REVIEW_TOO_FEW", "experts")]


def test_avoidance_for_many_is_avoidance_pair_by_pair():
    units = [organisation(f"{name}中心", number) for number, name in enumerate("甲乙丙丁", 1)]
    add_control(actor=CLERK, owner=units[0].pk, controlled=units[1].pk, share=60, since=made.LONG_AGO, source="章程")
    called = made.experts(4, [units[0], units[2]])
    boss = person("负责人", 7)
    add_affiliation(actor=CLERK, person=boss.pk, organisation=units[3].pk, position="主任", since=made.LONG_AGO)
    today = localdate()
    add_avoidance_fact(actor=CLERK, person=called[2].person_id, kind="kin", source="申报", since=made.LONG_AGO, other=boss.pk)
    add_avoidance_fact(actor=CLERK, person=boss.pk, kind="adviser", source="简历", since=made.LONG_AGO, other=called[3].person_id)
    add_avoidance_fact(
        actor=CLERK, person=called[3].person_id, kind="paper", source="论文", since=today - timedelta(days=400), organisation=units[1].pk
    )
    declare_related_party(
        actor=CLERK, organisation=units[2].pk, person=called[0].person_id, kind="office", source="年报", since=made.LONG_AGO
    )
    numbers = [unit.pk for unit in units]
    one_by_one = {
        (one.pk, unit): sorted(reasons, key=lambda reason: reason.fact)
        for one in called for unit in numbers if (reasons := avoidance_between(one, unit, today))
    }  # fmt: skip
    found = avoidance_among(called, numbers, {boss.pk, called[1].person_id}, today)
    assert {pair: sorted(reasons, key=lambda reason: reason.fact) for pair, reasons in found.units.items()} == one_by_one
    assert len(one_by_one) == 8
    assert {pair: len(reasons) for pair, reasons in found.people.items()} == {
        (called[2].pk, boss.pk): 1, (called[3].pk, boss.pk): 1, (called[1].pk, called[1].person_id): 1,
    }  # fmt: skip


def test_nobody_judges_their_unit_their_own_entry_or_who_refused_them():
    unit = organisation("云岭材料研究院", 1)
    called = made.experts(6, [unit])
    entries = [
        *made.subjects(1, [unit]),
        Subject("P", "本人项目", None, "", people=(called[1].person_id,)),
        Subject("X", "申请回避", None, "", excluded=(called[2].pk, 999)),
    ]
    made.drawn(entries, called)
    bars = {(bar.entry.reference, bar.panelist.expert_id): bar.reason for bar in Bar.objects.select_related("entry", "panelist")}
    assert bars == {
        ("S0", called[0].pk): "任职于云岭材料研究院", ("P", called[1].pk): "专家本人是申报人员", ("X", called[2].pk): "申报方申请回避",
    }  # fmt: skip
    sitting = {(seat.entry.reference, seat.panelist.expert_id) for seat in Seat.objects.select_related("entry", "panelist")}
    assert len(sitting) == 9
    assert not sitting & set(bars)


def test_judges_of_related_units_do_not_sit_together():
    mother, daughter = organisation("云岭集团", 1), organisation("云岭集团检测公司", 2)
    add_control(actor=CLERK, owner=mother.pk, controlled=daughter.pk, share=100, since=made.LONG_AGO, source="章程")
    row = made.drawn(made.subjects(4), made.experts(4, [mother, daughter]))
    together = {entry.code: {seat.panelist.code for seat in entry.seats.select_related("panelist")} for entry in row.entries.all()}
    assert all({"J003", "J004"} < some and len(some) == 3 for some in together.values())


def test_a_draw_is_committed_revealed_and_run_again():
    row = made.opened(made.subjects(5), made.experts(5))
    name_observer(actor=made.ORGANISER, pk=row.pk, account="77")
    assert refused(lambda: pledge_half(actor=Actor("77"), pk=row.pk, half="短")) == [("REVIEW_HALF_SHORT", "half")]
    assert refused(lambda: pledge_half(actor=Actor("78"), pk=row.pk, half=HALF)) == [("REVIEW_NOT_OBSERVER", "")]
    pledge_half(actor=Actor("77"), pk=row.pk, half=HALF)
    assert refused(lambda: reveal_draw(actor=made.ORGANISER, pk=row.pk)) == [("REVIEW_STATE", ""), ("REVIEW_HALF_MISSING", "")]
    before = commit_draw(actor=made.ORGANISER, pk=row.pk)
    assert (before.halves, before.seats, len(before.sheet["commitments"])) == (None, None, 2)
    assert refused(lambda: commit_draw(actor=made.ORGANISER, pk=row.pk)) == [("REVIEW_STATE", "")]
    assert refused(lambda: reveal_draw(actor=made.ORGANISER, pk=row.pk)) == [("REVIEW_HALF_MISSING", "")]
    assert refused(lambda: hand_in_half(actor=Actor("77"), pk=row.pk, half=f"{HALF}！")) == [("REVIEW_HALF_OTHER", "half")]
    hand_in_half(actor=Actor("77"), pk=row.pk, half=HALF)
    after = reveal_draw(actor=made.ORGANISER, pk=row.pk)
    assert (after.digest, len(after.seats), after.empty, after.islands) == (before.digest, 15, [], 1)
    after.refresh_from_db()
    assert redraw(file_of(after)).holds
    assert not redraw({**file_of(after), "halves": [after.halves[0], "另一半"]}).holds
    assert published(after.sheet, after.halves, type("S", (), {"seats": ()})())["digest"] == after.digest
    assert Message.objects.filter(title__startswith="您有新的评审任务").count() == 5


def test_who_declines_is_replaced_and_all_other_seats_stay():
    row = made.drawn(made.subjects(4), made.experts(6))
    # Twelve seats for six judges: whoever has most has one left to give back beside the one that is handed in.
    gone = row.panel.annotate(seated=Count("seats")).order_by("-seated", "code")[0]
    handed_in = gone.seats.order_by("pk").first()
    made.hand_in(handed_in, 6)
    before = set(Seat.objects.exclude(panelist=gone).values_list("entry", "panelist"))
    assert refused(lambda: decline_round(actor=Actor("1"), panelist=gone.pk, reason="")) == [
        ("REVIEW_NOT_YOURS", ""),
        ("REVIEW_REASON", "reason"),
    ]
    decline_round(actor=Actor(gone.account), panelist=gone.pk, reason="出差")
    live = Seat.objects.exclude(state="dropped")
    assert live.count() == 12
    assert before <= set(live.values_list("entry", "panelist"))
    assert list(live.filter(panelist=gone)) == [handed_in]
    second = row.draws.get(number=1)
    assert redraw(file_of(second)).holds
    assert second.halves == row.draws.get(number=0).halves
    assert refused(lambda: decline_round(actor=Actor(gone.account), panelist=gone.pk, reason="再退")) == [("REVIEW_LEFT", "")]


def test_a_reported_conflict_gives_the_seat_to_somebody_else():
    row = made.drawn(made.subjects(3), made.experts(5))
    seat = Seat.objects.filter(entry__round=row).order_by("pk").first()
    who = Actor(seat.panelist.account)
    assert refused(lambda: declare_conflict(actor=Actor("1"), seat=seat.pk, reason=" ")) == [
        ("REVIEW_NOT_YOURS", ""),
        ("REVIEW_REASON", "reason"),
    ]
    declare_conflict(actor=who, seat=seat.pk, reason="合作过论文")
    assert seat.entry.seats.exclude(state="dropped").count() == 3
    assert refused(lambda: declare_conflict(actor=who, seat=seat.pk, reason="合作过论文")) == [("REVIEW_LOCKED", "")]
    dropped = Seat.objects.get(pk=seat.pk)
    assert (dropped.state, dropped.reason) == ("dropped", "合作过论文")


def test_a_reading_is_complete_signed_and_locked():
    row = made.opened(made.subjects(1), made.experts(3))
    commit_draw(actor=made.ORGANISER, pk=row.pk)
    reveal_draw(actor=made.ORGANISER, pk=row.pk)
    seat = Seat.objects.order_by("pk").first()
    who = Actor(seat.panelist.account)
    wrong = {"need": Decimal(11), "novelty": Decimal("3.3"), "plan": None}
    assert refused(lambda: submit_scores(actor=Actor("1"), seat=seat.pk, points=wrong, comment=" ")) == [
        ("REVIEW_NOT_YOURS", ""), ("REVIEW_STATEMENT", ""), ("REVIEW_POINTS_RANGE", "need"), ("REVIEW_POINTS_RANGE", "novelty"),
        ("REVIEW_POINTS_MISSING", "plan"), ("REVIEW_POINTS_MISSING", "budget"), ("REVIEW_COMMENT", "comment"),
    ]  # fmt: skip
    assert refused(lambda: state_independence(actor=who, panelist=seat.panelist_id, agreed=False)) == [
        ("REVIEW_STATEMENT_UNSAID", "agreed")
    ]
    state_independence(actor=who, panelist=seat.panelist_id, agreed=True)
    given = {"need": Decimal(10), "novelty": Decimal("7.5"), "plan": Decimal(0), "budget": Decimal(5)}
    done = submit_scores(actor=who, seat=seat.pk, points=given, comment="好")
    assert done.total == Decimal("52.50")
    assert own_mean(seat.panelist) == Decimal("52.50")
    assert refused(lambda: submit_scores(actor=who, seat=seat.pk, points=given, comment="改")) == [("REVIEW_LOCKED", "")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(total=None)


def test_disagreement_is_seen_and_a_further_reading_asked_for():
    row = made.drawn(made.subjects(2), made.experts(5))
    entry = row.entries.get(code="E001")
    assert refused(lambda: ask_further_reading(actor=made.ORGANISER, entry=entry.pk)) == [("REVIEW_READING_OPEN", "")]
    for seat, value in zip(entry.seats.order_by("pk"), (2, 5, 8), strict=True):
        made.hand_in(seat, value)
    line = next(one for one in lines_of(row) if one.entry == entry)
    assert (line.spread, line.alarm, line.waiting) == (Decimal(60), True, 0)
    ask_further_reading(actor=made.ORGANISER, entry=entry.pk)
    assert sorted(entry.seats.values_list("state", flat=True)) == ["open", "submitted", "submitted", "submitted"]
    assert row.entries.get(code="E002").seats.count() == 3
    assert refused(lambda: combine_round(actor=made.ORGANISER, pk=row.pk)) == [("REVIEW_WAITING", ""), ("REVIEW_UNREAD", "")]


def test_results_list_objection_and_end():
    row = made.scored(made.drawn(made.subjects(3), made.experts(4), quota=2), lambda seat: 4 + int(seat.entry.code[-1]))
    combine_round(actor=made.ORGANISER, pk=row.pk)
    assert {one.code: (one.official, one.proposed) for one in row.entries.all()} == {
        "E001": (Decimal(50), False), "E002": (Decimal(60), True), "E003": (Decimal(70), True),
    }  # fmt: skip
    assert [line.entry.code for line in lines_of(row)] == ["E003", "E002", "E001"]
    assert results_of(row.pk) == []
    assert refused(lambda: publish_list(actor=made.ORGANISER, pk=row.pk)) == [("REVIEW_TWO_PERSONS", "")]
    found = lambda: [(hit.kind, hit.url) for hit in search(row.title, visible=visible_to(Principal(""))).hits]  # noqa: E731 -- asked twice
    assert found() == []
    publish_list(actor=made.DECIDER, pk=row.pk)
    assert found() == [("review.list", f"/reviews/{row.pk}/")]
    # Those who are proposed are found on the list alone, by nobody's name.
    assert [one.title for one in row.entries.all() if search(one.title, visible=visible_to(Principal(""))).total] == []
    assert [(one.reference, one.proposed) for one in results_of(row.pk)] == [("S0", False), ("S1", True), ("S2", True)]
    out, best = row.entries.get(code="E001"), row.entries.get(code="E003")
    assert refused(lambda: file_objection(actor=Actor(""), entry=out.pk, name="", phone="123", body=" ")) == [
        ("REVIEW_OBJECTION_ENTRY", "entry"), ("OBJECTION_NAME", "name"), ("OBJECTION_PHONE", "phone"), ("OBJECTION_BODY", "body"),
    ]  # fmt: skip
    one = file_objection(actor=Actor(""), entry=best.pk, name="钱一人", phone="19900001234", body="内容重复申报")
    assert Task.objects.filter(kind="review.objection").count() == 1
    assert "19900001234" not in "".join(AuditEntry.objects.values_list("body", flat=True))
    assert refused(lambda: close_round(actor=made.DECIDER, pk=row.pk)) == [("REVIEW_STILL_PUBLIC", ""), ("REVIEW_OBJECTIONS_OPEN", "")]
    assert refused(lambda: decide_objection(actor=made.DECIDER, objection=one.pk, upheld=None, answer="")) == [
        ("OBJECTION_OUTCOME", "upheld"), ("OBJECTION_ANSWER", "answer"),
    ]  # fmt: skip
    decide_objection(actor=made.DECIDER, objection=one.pk, upheld=True, answer="经核实，情况属实")
    assert refused(lambda: decide_objection(actor=made.DECIDER, objection=one.pk, upheld=False, answer="改")) == [("OBJECTION_DECIDED", "")]
    assert not row.entries.get(code="E003").proposed
    assert not Task.objects.filter(kind="review.objection").exists()
    row.refresh_from_db()
    row.objections_until = localdate() - timedelta(days=1)
    row.save(update_fields=["objections_until"])
    assert refused(
        lambda: file_objection(actor=Actor(""), entry=row.entries.get(code="E002").pk, name="钱", phone="19900001234", body="晚了")
    ) == [("OBJECTION_LATE", "")]
    close_round(actor=made.DECIDER, pk=row.pk)
    assert sorted(Fee.objects.values_list("panelist__code", "entries", "fen")) == [
        (line.panelist.code, line.submitted, line.submitted * 10000) for line in judges_of(row) if line.submitted
    ]
    assert [one.proposed for one in results_of(row.pk)] == [False, True, False]


def test_the_day_of_publication_does_not_count_and_days_off_neither(monkeypatch):
    row = made.scored(made.drawn(made.subjects(1), made.experts(3), scoring_until=date(2027, 1, 1)))
    monkeypatch.setattr("keheng.review.actions.publicity.localdate", lambda: date(2026, 9, 28))
    # Five working days after Monday 28 September 2026: the holidays of National Day lie between, the Saturday after them is worked.
    assert made.published(row).objections_until == date(2026, 10, 10)


def test_a_tie_at_the_last_place_is_never_cut_by_chance():
    row = made.scored(made.drawn(made.subjects(3), made.experts(3), quota=2), lambda seat: 8 if seat.entry.code == "E001" else 5)
    combine_round(actor=made.ORGANISER, pk=row.pk)
    assert list(row.entries.filter(proposed=True).values_list("code", flat=True)) == ["E001"]


def test_a_complete_panel_has_no_levelled_score_and_an_incomplete_one_has():
    complete = made.scored(made.drawn(made.subjects(2), made.experts(3)))
    combine_round(actor=made.ORGANISER, pk=complete.pk)
    assert set(complete.entries.values_list("levelled", flat=True)) == {None}
    called = [one.expert for one in complete.panel.select_related("expert")] + [made.expert("另一位"), made.expert("又一位")]
    row = made.scored(
        made.drawn(made.subjects(6), called, title="另一轮"),
        lambda seat: (2 if seat.panelist.code == "J001" else 6) + int(seat.entry.code[1:]) * int(seat.panelist.code[1:]) % 3,
    )
    combine_round(actor=made.ORGANISER, pk=row.pk)
    for one in row.entries.all():
        assert one.low < one.levelled < one.high
    strict = judges_of(row)[0]
    assert strict.severity.points < min(line.severity.points for line in judges_of(row)[1:])


def test_figures_lead_back_to_rows():
    unit = organisation("云岭材料研究院", 1)
    called = made.experts(5, [unit])
    row = made.drawn(made.subjects(2, [unit]), called)
    seat = Seat.objects.filter(entry__round=row).order_by("pk").first()
    declare_conflict(actor=Actor(seat.panelist.account), seat=seat.pk, reason="利益关系")
    made.hand_in(Seat.objects.filter(state="open").order_by("pk").first(), 5)
    year = Period.year(localdate().year)
    period = year if row.scoring_until in year else Period.year(row.scoring_until.year)
    found = {code: read(f"review.{code}", year, {}) for code in ("entries", "judges", "avoided")}
    assert {code: (one.value.value, one.rows) for code, one in found.items()} == {"entries": (1, 1), "judges": (1, 1), "avoided": (2, 2)}
    in_time = read("review.in_time", period, {"kind": "test.subject"})
    assert (in_time.value.numerator, in_time.value.denominator, in_time.rows) == (1, 6, 6)
    assert read("review.entries", year, {"kind": "other"}).value.value == 0


def test_rounds_that_were_watched_are_counted_once_they_are_drawn():
    year = Period.year(localdate().year)
    assert read("review.watched", year).value.value is None
    called = made.experts(3)
    made.drawn(made.subjects(1), called, title="另一轮")
    made.opened(made.subjects(1), called, title="没有抽取的一轮")
    seen = made.opened(made.subjects(2), called)
    for account in ("901", "902"):
        name_observer(actor=made.ORGANISER, pk=seen.pk, account=account)
    for one in seen.panel.all():
        state_independence(actor=Actor(one.account), panelist=one.pk, agreed=True)
    commit_draw(actor=made.ORGANISER, pk=seen.pk)
    found = read("review.watched", year, {"kind": "test.subject"})
    assert (found.value.value, found.value.numerator, found.value.denominator, found.rows) == (50, 1, 2, 2)
    assert read("review.watched", year, {"kind": "other"}).value.value is None


def test_an_actor_without_powers_reaches_no_round():
    row = made.opened(made.subjects(1), made.experts(3))
    assert list(Round.objects.filter(rounds_within(principal()))) == []
    assert list(Round.objects.filter(rounds_within(principal(("review.round.see", "all"))))) == [row]


def test_codes_of_entries_go_on_after_the_last_one_of_three_digits():
    def enter(number):
        subject = Subject(f"S{number}", f"项目{number}", None, "研究内容")
        return enter_round(actor=made.ORGANISER, batch="春季", facts=made.facts(), subject=subject, places=lambda live: live)

    first = enter(1)
    type(first).objects.update(code="E998")
    assert [enter(number).code for number in (2, 3, 4)] == ["E999", "E1000", "E1001"]
    assert (first.round.entries.count(), Round.objects.get().quota) == (4, 4)
