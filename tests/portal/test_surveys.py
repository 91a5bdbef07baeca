"""Surveys: one answer for a token, and nothing by which an answer could be joined to a person."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils.timezone import localdate, now
from hypothesis import given
from hypothesis import strategies as st
from portal.outreach_made_up import CLERK, HOUR, ORGANISER, codes_of, opened, registered, under_way

from keheng.kernel.desk.models import Message
from keheng.kernel.errors import Refused
from keheng.kernel.measures import all_measures, read, still_holds
from keheng.kernel.models import AuditEntry, Job
from keheng.kernel.periods import Period
from keheng.kernel.trail.record import Actor
from keheng.portal.actions.activities import advance_activities
from keheng.portal.actions.checkin import Seen, scan_ticket, walk_in
from keheng.portal.actions.surveys import (
    answer_survey,
    change_survey,
    close_survey,
    gather_answers,
    make_survey,
    open_survey,
    survey_message,
)
from keheng.portal.models import Answer, Attendance, Participant, Questionnaire, Survey, WaitingAnswer
from keheng.portal.queries.survey_results import breakdown, outcome_of, texts_of
from keheng.portal.queries.tickets import survey_token, ticket_of
from keheng.portal.rules.disclosure import shown_cells, shown_share
from keheng.portal.rules.questions import checked, questions_from, questions_json, read_lines, written_lines
from keheng.portal.rules.registrations import attendee
from keheng.portal.rules.surveys import SurveyFacts

LINES = "满意度 overall 总体满意吗？\n评分 place 场地如何？\n单选 trade 行业？ 制造 / 信息 / 生物\n多选 topics 还想听什么？ 政策 / 仪器\n数字 times 第几次来？\n文字 advice 建议？"


def facts(**more):
    values = {"title": "活动满意度", "audience": "link", "closes_at": now() + 24 * HOUR, "code": "test", "questions": read_lines(LINES)[0]}
    return SurveyFacts(**values | more)


def running(**more) -> Survey:
    return open_survey(actor=ORGANISER, survey=make_survey(actor=ORGANISER, facts=facts(**more)).pk)


def answer(survey, ref, **given):
    return answer_survey(survey=survey.pk, token=survey_token(survey.pk, ref), given={"overall": 5} | given)


def test_questions_are_read_from_lines_and_written_back():
    questions, problems = read_lines(LINES)
    assert (problems, written_lines(questions)) == ([], LINES)
    assert (questions[0].satisfaction, questions[1].satisfaction, questions[2].labels()) == (True, False, ["制造", "信息", "生物"])
    assert questions_from(questions_json(questions)) == questions
    wrong = "随便 a 题\n单选 B 题 甲 / 乙\n单选 c 题 甲\n评分 d 题 甲 / 乙\n评分 e"
    assert [(one.code, one.zh[:4]) for one in read_lines(wrong)[1]] == [
        ("SUR_LINE", "第 1 "), ("SUR_LINE", "第 2 "), ("SUR_OPTIONS", "第 3 "), ("SUR_LINE", "第 4 "), ("SUR_LINE", "第 5 "),
    ]  # fmt: skip
    assert [one.code for one in read_lines("评分 a 甲\n评分 a 乙")[1]] == ["SUR_CODE_TWICE"]
    assert [one.code for one in read_lines(" \n")[1]] == ["SUR_NO_QUESTION"]


def test_answers_are_typed_and_everything_wrong_is_told():
    questions = read_lines(LINES)[0]
    given_all = {"overall": "5", "trade": "1", "topics": ["1", "0", "1"], "times": "2", "advice": " 好 ", "place": ""}
    assert checked(questions, given_all) == ({"overall": 5, "trade": 1, "topics": [0, 1], "times": "2", "advice": "好"}, [])
    wrong = {"overall": "6", "place": "x", "trade": "3", "topics": ["2"], "times": "NaN"}
    assert [(one.code, one.field) for one in checked(questions, wrong)[1]] == [
        ("SUR_VALUE", code) for code in ("overall", "place", "trade", "topics", "times")
    ]
    assert [(one.code, one.field) for one in checked(questions, {"advice": "好"})[1]] == [("SUR_MISSING", "overall")]
    assert [one.code for one in checked(read_lines("文字 a 甲")[0], {})[1]] == ["SUR_EMPTY"]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_no_shown_cell_and_no_rest_tells_of_few(counts):
    shown = shown_cells(counts)
    assert all(count is None or count == real for count, real in zip(shown, counts, strict=True))
    assert not [count for count in shown if count is not None and 0 < count < 5]
    hidden = [real for count, real in zip(shown, counts, strict=True) if count is None]
    if hidden:
        others = [count for count in shown if count]
        assert others == [] or (len(hidden) >= 2 and sum(hidden) >= 5)


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_share_is_hidden_where_few_said_yes_or_no(yes, no):
    shown = shown_share(yes, yes + no)
    assert (shown is None) == (yes in range(1, 5) or no in range(1, 5))


@pytest.mark.django_db
def test_everything_wrong_with_a_survey_is_told_at_once_and_questions_have_versions():
    with pytest.raises(Refused) as refused:
        make_survey(actor=ORGANISER, facts=facts(title="", questions=(), closes_at=now() - HOUR, audience="attendees"))
    assert codes_of(refused) == [
        ("ACT_TITLE", "title"),
        ("SUR_NO_QUESTION", "questions"),
        ("SUR_PAST", "closes_at"),
        ("SUR_ACTIVITY", "activity"),
    ]
    one, two = make_survey(actor=ORGANISER, facts=facts()), make_survey(actor=ORGANISER, facts=facts())
    assert (one.questionnaire_id, Questionnaire.objects.count()) == (two.questionnaire_id, 1)
    change_survey(actor=ORGANISER, survey=two.pk, facts=facts(questions=read_lines("满意度 overall 满意吗？")[0]))
    assert (str(Survey.objects.get(pk=two.pk).questionnaire), str(Survey.objects.get(pk=one.pk).questionnaire)) == ("test v2", "test v1")
    open_survey(actor=ORGANISER, survey=two.pk)
    with pytest.raises(Refused) as refused:
        open_survey(actor=ORGANISER, survey=two.pk)
    assert codes_of(refused) == [("SUR_STATE", "")]
    with pytest.raises(Refused) as refused:
        close_survey(actor=ORGANISER, survey=one.pk)
    assert codes_of(refused) == [("SUR_STATE", "")]
    with pytest.raises(Refused) as refused:
        change_survey(actor=ORGANISER, survey=two.pk, facts=facts())
    assert codes_of(refused) == [("SUR_STATE", "")]


@pytest.mark.django_db
def test_a_token_answers_once_and_the_first_answer_stands():
    survey = running()
    assert (answer(survey, "x1", advice="第一"), answer(survey, "x1", advice="第二")) == (True, False)
    close_survey(actor=ORGANISER, survey=survey.pk)
    assert [body["advice"] for body in Answer.objects.values_list("body", flat=True)] == ["第一"]
    for token in ("nonsense", survey_token(survey.pk + 1, "x2")):
        with pytest.raises(Refused) as refused:
            answer_survey(survey=running().pk, token=token, given={"overall": 5})
        assert codes_of(refused) == [("SUR_TOKEN", "")]
    with pytest.raises(Refused) as refused:
        answer(survey, "x3")
    assert codes_of(refused) == [("SUR_CLOSED", "")]


def test_a_token_used_at_once_counts_once(fresh):
    survey = running()
    together = Barrier(6)

    def run(number):
        together.wait()
        try:
            return answer(survey, "x1", advice=str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(run, range(6))) == [False] * 5 + [True]
    assert (Participant.objects.count(), WaitingAnswer.objects.count()) == (1, 1)


@pytest.fixture
def came(db):
    """Two came by ticket, one of them with an account, and one walked in."""
    sitting = opened(9)
    rows = [*registered(sitting, 1), *registered(sitting, 2, actor=Actor("301"))]
    registered(sitting, 3)
    under_way(sitting)
    for one in rows:
        scan_ticket(actor=CLERK, session=sitting.pk, seen=Seen(ticket_of(one.pk), now()))
    walk_in(actor=CLERK, session=sitting.pk, who=attendee("丁", "19900009999"))
    return sitting


def test_only_those_who_came_are_asked_and_the_audience_is_frozen(came):
    made = make_survey(actor=ORGANISER, facts=facts(audience="attendees", activity=came.activity_id))
    with pytest.raises(Refused) as refused:
        open_survey(actor=ORGANISER, survey=made.pk)
    assert codes_of(refused) == [("SUR_NOT_OVER", "activity")]
    advance_activities(now() + 9 * HOUR)
    survey = open_survey(actor=ORGANISER, survey=made.pk)
    assert (survey.reached, Participant.objects.count()) == (3, 3)
    message = Message.objects.get(account="301", title__startswith="请您评价")
    assert f"/surveys/{survey.pk}/?t=" in message.url
    job = Job.objects.get(kind="portal.send_survey")
    to, text = survey_message(survey.pk, Attendance.objects.order_by("pk").first().pk)
    assert (to, "/surveys/" in text, to in job.payload) == ("19900000001", True, False)
    assert answer(survey, f"a{Attendance.objects.first().pk}") is True
    with pytest.raises(Refused) as refused:
        answer(survey, "a999")
    assert codes_of(refused) == [("SUR_TOKEN", "")]
    close_survey(actor=ORGANISER, survey=survey.pk)
    assert survey_message(survey.pk, Attendance.objects.first().pk) is None
    reading = read("portal.survey_response", Period.year(localdate().year))
    assert (reading.value.numerator, reading.value.denominator, still_holds(reading)) == (1, 3, True)
    assert outcome_of(Survey.objects.get()).few


def raw(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def in_the_order_of_the_file(table):
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    return raw(f"SELECT * FROM {table} ORDER BY {place}")


def test_answers_wait_sealed_and_are_written_together(fresh):
    survey = running()
    for number in range(9):
        answer(survey, f"x{number}", advice=f"我是{number}号")
    assert (gather_answers(), Answer.objects.count(), WaitingAnswer.objects.count()) == (0, 0, 9)
    assert {body[:3] for (body,) in raw("SELECT body FROM portal_waitinganswer")} == {"s1."}
    answer(survey, "x9", advice="我是9号")
    assert (gather_answers(), Answer.objects.count(), WaitingAnswer.objects.count()) == (1, 10, 0)
    assert gather_answers() == 0


def test_nothing_left_in_the_database_joins_an_answer_to_a_person(fresh):
    survey = running()
    for number in range(24):
        answer(survey, f"x{number:02}", advice=f"{number:02}")
        gather_answers()
    close_survey(actor=ORGANISER, survey=survey.pk)
    said = [body["advice"] for body in Answer.objects.values_list("body", flat=True)]
    assert sorted(said) == [f"{number:02}" for number in range(24)]
    # By the place in the file, by the key: not the order in which they were given (a chance of 1 in 24!).
    assert '"advice": "00"' not in str(in_the_order_of_the_file("portal_answer")[0]) or '"advice": "01"' not in str(
        in_the_order_of_the_file("portal_answer")[1]
    )
    assert [body["advice"] for body in Answer.objects.order_by("pk").values_list("body", flat=True)] != sorted(said)
    # Marks name nobody any more, and stand in no order.
    refs = set(Participant.objects.values_list("ref", flat=True))
    assert (len(refs), {len(ref) for ref in refs}) == (24, {32})
    # No column of the two tables is of the same rows but the survey; none tells a time.
    columns = [{field.name: field.get_internal_type() for field in model._meta.fields} for model in (Answer, Participant, WaitingAnswer)]
    assert set(columns[0]) & set(columns[1]) == {"id", "survey"}
    assert not [kind for table in columns for kind in table.values() if "Date" in kind or "Time" in kind]
    if connection.vendor == "postgresql":
        assert len(raw("SELECT DISTINCT xmin::text FROM portal_answer")) == 1
        assert len(raw("SELECT DISTINCT xmin::text FROM portal_participant")) == 1
    # The trail knows that somebody answered: not who, not what, not from where.
    bodies = list(AuditEntry.objects.filter(body__contains='"act":"survey.answer"').values_list("body", flat=True))
    assert len(bodies) == 24
    for body in bodies:
        assert '"account":"","act":"survey.answer","address":"","after":"","at":' in body
        assert '"before":"","reason":""' in body


def test_the_order_after_closing_is_another_one_each_time(fresh):
    first = set()
    for _ in range(12):
        survey = running()
        for number in range(6):
            answer(survey, f"x{number}", advice=str(number))
        close_survey(actor=ORGANISER, survey=survey.pk)
        rows = in_the_order_of_the_file("portal_answer")
        first.add(str(next(row for row in rows if str(survey.pk) in map(str, row)))[-20:])
    assert len(first) > 2


def filled(counts, **more):
    survey = running(**more)
    serial = 0
    for given_one, times in counts:
        for _ in range(times):
            answer(survey, f"x{serial}", **given_one)
            serial += 1
    return close_survey(actor=ORGANISER, survey=survey.pk)


@pytest.mark.django_db
def test_results_show_what_may_be_shown():
    survey = filled(
        [
            ({"overall": 5, "trade": 0, "topics": [0], "advice": "好"}, 12),
            ({"overall": 4, "trade": 1, "topics": [0, 1]}, 6),
            ({"overall": 2, "trade": 2}, 2),
        ]
    )
    outcome = outcome_of(survey)
    by_code = {one.question.code: one for one in outcome.results}
    assert (outcome.answered, outcome.reached, outcome.response) == (20, None, None)
    assert (by_code["overall"].cells, round(by_code["overall"].mean.value, 2), by_code["overall"].satisfied) == ((), 4.4, None)
    assert [cell.count for cell in by_code["trade"].cells] == [12, None, None]
    assert [cell.count for cell in by_code["topics"].cells] == [18, 6]
    assert (by_code["times"].few, len(texts_of(survey, "advice"))) == (True, 12)
    groups = breakdown(survey, "overall", "trade")
    assert [(one.label, one.count, one.mean and round(one.mean.value, 1)) for one in groups] == [
        ("制造", 12, 5.0),
        ("信息", None, None),
        ("生物", None, None),
    ]
    with pytest.raises(KeyError):
        breakdown(survey, "trade", "overall")
    value = read("portal.survey_satisfaction", Period.year(localdate().year)).value
    assert (value.value, value.numerator, value.denominator) == (90, 18, 20)
    rows = list(next(one for one in all_measures() if one.code == "portal.survey_satisfaction").evidence(Period.year(localdate().year), {}))
    assert [(row["method"], row["answers"]) for row in rows] == [("公开链接，每个浏览器一次", 20)]


@pytest.mark.django_db
def test_what_few_answered_is_not_shown_at_all():
    survey = filled([({"overall": 1}, 4)])
    outcome = outcome_of(survey)
    assert (outcome.few, outcome.results, texts_of(survey, "advice")) == (True, (), [])
    assert read("portal.survey_satisfaction", Period.year(localdate().year)).value.value is None


@pytest.mark.django_db
def test_the_clock_closes_what_is_over():
    survey = running()
    answer(survey, "x1")
    Survey.objects.update(closes_at=now())
    assert gather_answers() == 1
    assert Counter(Survey.objects.values_list("state", flat=True)) == {"closed": 1}
    with pytest.raises(Refused) as refused:
        answer(survey, "x2")
    assert codes_of(refused) == [("SUR_CLOSED", "")]
