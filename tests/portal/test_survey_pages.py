"""Pages of surveys: a visitor answers in any language, staff make, open, close and read."""

import re

import pytest
from django.test import Client
from django.utils.timezone import now
from portal.outreach_made_up import HOUR, ORGANISER
from portal.test_activity_pages import powers, stamp
from portal.test_surveys import LINES, answer, facts, filled, running

from keheng.kernel.models import AuditEntry
from keheng.portal.actions.surveys import close_survey
from keheng.portal.models import Participant, Survey, WaitingAnswer
from keheng.portal.queries.surveys import ready_questionnaires

pytestmark = pytest.mark.django_db


def test_a_visitor_answers_once_and_is_told_so_the_second_time():
    survey, client = running(), Client()
    page = client.get(f"/surveys/{survey.pk}/").content.decode()
    token = re.search(r'name="t" value="([^"]+)"', page)[1]
    given = {"t": token, "overall": "5", "topics": ["0", "1"], "times": "2", "advice": "好"}
    assert "您的回答已收到" in client.post(f"/surveys/{survey.pk}/", given).content.decode()
    assert "保留第一次的回答" in client.post(f"/surveys/{survey.pk}/", given).content.decode()
    assert (Participant.objects.count(), WaitingAnswer.objects.count()) == (1, 1)
    assert '"address":"127.0.0.1"' not in "".join(AuditEntry.objects.filter(body__contains="survey.answer").values_list("body", flat=True))


def test_what_is_missing_is_told_and_what_was_chosen_stays():
    survey = running()
    page = Client().post(f"/surveys/{survey.pk}/", {"advice": "很好的讲解"})
    assert (page.status_code, "很好的讲解" in page.content.decode(), WaitingAnswer.objects.count()) == (422, True, 0)
    page = Client().post(f"/surveys/{survey.pk}/", {"t": "nonsense", "overall": "5"})
    assert (page.status_code, "链接无效" in page.content.decode()) == (422, True)


def test_questions_are_asked_in_the_language_of_the_page():
    ready = ready_questionnaires()["activity"]
    survey = running(code="activity", questions=ready.questions)
    for prefix, text in (("", "总体满意"), ("/en", "How satisfied"), ("/ja", "どのくらい満足"), ("/ko", "얼마나 만족")):
        assert text in Client().get(f"{prefix}/surveys/{survey.pk}/").content.decode()


def test_drafts_are_hidden_those_who_were_not_asked_are_told_and_results_are_public_after_the_end():
    survey = filled([({"overall": 5, "trade": 0}, 8), ({"overall": 4, "trade": 1}, 7)])
    shown = Client().get(f"/surveys/{survey.pk}/results/").content.decode()
    assert ("行业？" in shown, "<svg" in shown or "data-chart" in shown, "4.53" in shown) == (True, True, True)
    assert f"/surveys/{survey.pk}/results/" in Client().get("/surveys/").content.decode()
    open_one = running()
    assert Client().get(f"/surveys/{open_one.pk}/results/").status_code == 404
    close_survey(actor=ORGANISER, survey=open_one.pk)
    assert "不公布" in Client().get(f"/surveys/{open_one.pk}/results/").content.decode()
    assert "调查已经结束" in Client().get(f"/surveys/{open_one.pk}/").content.decode()
    Survey.objects.filter(pk=open_one.pk).update(state="draft")
    assert Client().get(f"/surveys/{open_one.pk}/").status_code == 404


def test_staff_make_open_and_close_a_survey(visitor):
    client = visitor(*powers("portal.survey.see", "portal.survey.edit"))
    values = {"title": "参观满意度", "audience": "link", "closes_at": stamp(now() + 24 * HOUR), "code": "own", "questions": "随便写"}
    assert "第 1 行不是题目" in client.post("/manage/surveys/new/", values).content.decode()
    answer_page = client.post("/manage/surveys/new/", values | {"questions": LINES})
    made = Survey.objects.get()
    assert answer_page.headers["Location"] == f"/manage/surveys/{made.pk}/"
    assert LINES.split("\n")[0] in client.get(f"/manage/surveys/{made.pk}/edit/").content.decode()
    assert client.post(f"/manage/surveys/{made.pk}/edit/", values | {"code": "hall"}).status_code == 302
    client.get(f"/manage/surveys/{made.pk}/step/open/")
    assert Survey.objects.get().state == "draft"
    client.post(f"/manage/surveys/{made.pk}/step/open/")
    assert f"/surveys/{made.pk}/" in client.get(f"/manage/surveys/{made.pk}/").content.decode()
    for number in range(6):
        answer(made, f"x{number}", guide=4)
    client.post(f"/manage/surveys/{made.pk}/step/close/")
    assert Survey.objects.get().state == "closed"
    assert "讲解清楚" in client.get(f"/manage/surveys/{made.pk}/").content.decode()
    assert client.get(f"/manage/surveys/{made.pk}/step/other/").status_code == 404


def test_staff_read_groups_that_are_large_enough(visitor):
    client = visitor(*powers("portal.survey.see"))
    survey = filled([({"overall": 5, "trade": 0, "advice": "多办"}, 8), ({"overall": 4, "trade": 1}, 7), ({"overall": 1, "trade": 2}, 6)])
    page = client.get(f"/manage/surveys/{survey.pk}/", {"of": "overall", "by": "trade"}).content.decode()
    assert (page.count("多办") >= 8, "人数少，不显示" in page, "5.00" in page) == (True, False, True)
    assert client.get(f"/manage/surveys/{survey.pk}/", {"of": "trade", "by": "overall"}).status_code == 404
    assert client.get("/manage/surveys/new/").status_code == 403
    assert facts().code == "test"
