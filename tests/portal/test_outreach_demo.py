"""The demo city's outreach: the published figures out of rows, exactly, and the faults that are listed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from keheng.kernel.measures import read, still_holds
from keheng.kernel.periods import Period
from keheng.kernel.personal.retention import all_bindings, run_binding
from keheng.portal import demo
from keheng.portal.demo.faults import demo_year
from keheng.portal.demo.service_surveys import EARLIER, LAST_YEAR
from keheng.portal.models import (
    Activity,
    Attendance,
    Closure,
    CounterReading,
    Registration,
    Scan,
    Session,
    Survey,
    Visit,
    YearKey,
)
from keheng.portal.queries.activities import coming_activities
from keheng.portal.queries.own_open import open_activities
from keheng.portal.queries.survey_results import frame_of, outcome_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def load(scale, progress=lambda *_: None):
    for part in demo.OUTREACH:
        part.load(scale=scale, progress=progress)


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES_FOLDER = tmp_path / "files"


def figure(code, **scope):
    reading = read(code, Period.year(demo_year()), scope)
    assert still_holds(reading)
    return reading.value.value


def figures():
    return [
        figure("portal.events_held"), figure("portal.events_held", kind="open_day"), figure("portal.events_held", kind="channel"),
        figure("portal.events_held", kind="overseas"),
        figure("portal.event_people"), figure("portal.event_firms"), figure("portal.attendance_rate"),
        figure("portal.receptions", hall="kechuang"), figure("portal.receptions", hall="chuangxin"),
        figure("portal.hall_visitors", hall="kechuang"), figure("portal.hall_visitors", hall="chuangxin"),
        figure("portal.inspection_days", hall="kechuang"), figure("portal.media_features"), figure("portal.media_items"), figure("portal.reprints"),
    ]  # fmt: skip


def days():
    return Period.year(demo_year()).days


def test_the_full_city_has_the_published_figures():
    load("full")
    assert figures() == [38, 10, 14, 3, 2500, 300, 95, 566, 70, 16400, 800, days(), 18, 84, 39]


def test_what_is_open_and_every_survey_speak_all_languages_of_the_site():
    load("small")
    texts = [(one, ("title", "summary", "body")) for one in Activity.objects.filter(state="open")] + [
        (one, ("title",)) for one in Survey.objects.all()
    ]
    assert len(texts) > 6
    missing = [
        (row.pk, code, name)
        for row, names in texts
        for code in ("en", "ja", "ko")
        for name in names
        if not row.translations.get(code, {}).get(name)
    ]
    assert missing == []


def test_the_small_city_has_the_same_shape_and_says_what_is_wrong():
    heard = []
    load("small", lambda *told: heard.append(told))
    assert figures() == [5, 1, 1, 1, 250, 30, 95, 57, 7, 1640, 80, days(), 2, 9, 4]
    assert all(done <= total for _, done, total in heard)
    for session in Session.objects.all():
        assert (
            session.taken == Registration.objects.filter(session=session, state__in=["pending", "confirmed", "attended", "no_show"]).count()
        )
        assert session.taken <= session.capacity
    assert {fault.kind for part in demo.OUTREACH for fault in part.FAULTS} == {
        "wrong_clock",
        "doubled_registration",
        "reading_differs",
        "link_gone",
    }
    assert Scan.objects.filter(outcome="clock").count() == 1
    assert Registration.objects.filter(reason="同一电话重复报名").count() == 1
    (differing,) = [one for one in CounterReading.objects.all() if one.registered > one.counted]
    assert "停机" in differing.note
    assert Closure.objects.values_list("hall__code", flat=True).distinct().get() == "chuangxin"
    assert not Visit.objects.filter(
        hall__code="chuangxin", begins_at__date__range=(f"{demo_year()}-03-03", f"{demo_year()}-04-20")
    ).exists()


def test_the_figures_stay_when_everybody_is_forgotten():
    load("small")
    before = figures()
    for binding in sorted((one for one in all_bindings() if one.rule.startswith("event_")), key=lambda one: one.rule):
        run_binding(binding, now() + timedelta(days=800))
    assert (set(Registration.objects.values_list("anonymised", flat=True)), YearKey.objects.filter(destroyed_at=None).count()) == (
        {True},
        0,
    )
    assert figures() == before


def test_something_is_open_now_one_of_them_full_with_people_waiting():
    load("small")
    assert len(open_activities()) == 3
    full = [one for one in Session.objects.filter(activity__state="open") if one.taken == one.capacity]
    assert [one.registrations.filter(state="waiting").count() for one in full] == [3]
    assert Registration.objects.filter(state="pending").count() == 6
    assert coming_activities().filter(state="running", begins_at__lt=now(), ends_at__gt=now()).count() == 1
    assert sorted(Visit.objects.filter(begins_at__gt=now()).exclude(number__endswith="90001").values_list("state", flat=True)) == [
        "approved",
        "requested",
        "scheduled",
    ]
    assert sorted(Survey.objects.values_list("state", flat=True)) == ["closed"] * (3 + len(LAST_YEAR) + len(EARLIER)) + ["open"]
    for survey in Survey.objects.filter(state="closed"):
        assert not outcome_of(survey).few
    frame = frame_of(Survey.objects.get(audience="after"))
    assert (frame.services, frame.asked, frame.answered, [count for _, count in frame.left_out]) == (60, 33, 18, [24, 3, 0])


def test_the_same_city_every_time():
    load("small")
    names = list(Registration.objects.order_by("number").values_list("number", "name")[:50])
    Attendance.objects.all().delete()
    assert names[0][0] == f"BM-{demo_year()}-000001"
    assert len({name for _, name in names}) > 40


def test_what_was_published_of_satisfaction_comes_out_of_the_full_citys_answers():
    load("full")
    said = [
        {"questionnaire": "site"}, {"subject": "yl.zhangjiang", "questionnaire": "system"}, {"subject": "yl.talent"},
        {"occasion": "case", "subject": "yl.apply-high-tech-award"},
    ]  # fmt: skip
    assert [round(figure("portal.survey_satisfaction", **scope), 2) for scope in said] == [Decimal("99.97"), 90, 99, 100]


def test_the_year_before_has_a_hall_and_surveys_of_its_own():
    load("small")
    before = Period.year(demo_year() - 1)
    assert [read(code, before, {"hall": "kechuang"}).value.value for code in ("portal.receptions", "portal.hall_visitors")] == [41, 1230]
    assert read("portal.inspection_days", before, {"hall": "kechuang"}).value.value == before.days
    assert read("portal.survey_satisfaction", before, {"questionnaire": "hall"}).value.value == 90
