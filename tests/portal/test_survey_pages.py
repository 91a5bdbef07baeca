"""Pages of surveys: a visitor answers in any language, staff make, open, close and read."""

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now
from portal.outreach_made_up import HOUR, ORGANISER
from portal.test_activity_pages import powers, stamp
from portal.test_surveys import LINES, answer, facts, filled, running

from keheng.kernel.models import AuditEntry
from keheng.portal.actions.surveys import close_survey
from keheng.portal.models import Participant, Survey, WaitingAnswer
from keheng.portal.queries.surveys import ready_questionnaires
from keheng.portal.queries.tickets import participant_of, survey_token
from keheng.portal.views import once

pytestmark = pytest.mark.django_db


GIVEN = {"overall": "5", "topics": ["0", "1"], "times": "2", "advice": "好"}


def test_a_browser_answers_an_open_link_once_however_often_it_opens_it():
    survey, client = running(), Client()
    path = f"/surveys/{survey.pk}/"
    assert "每个浏览器只收一次" in client.get(path).content.decode()
    assert "您的回答已收到" in client.post(path, GIVEN).content.decode()
    for again in (
        client.get(path),
        client.get(f"/en{path}"),
        client.post(path, GIVEN | {"overall": "1"}),
        client.post(f"/ja{path}", GIVEN),
    ):
        assert 'name="overall"' not in again.content.decode()
    assert "这个浏览器已经答过" in client.get(path).content.decode()
    assert (Participant.objects.count(), WaitingAnswer.objects.count()) == (1, 1)
    assert '"address":"127.0.0.1"' not in "".join(AuditEntry.objects.filter(body__contains="survey.answer").values_list("body", flat=True))


def test_the_mark_is_of_one_survey_alone_ends_with_it_and_cannot_be_made_up():
    one, other, client = running(), running(), Client()
    client.get(f"/surveys/{one.pk}/")
    client.get(f"/surveys/{other.pk}/")
    first, second = client.cookies[f"survey-{one.pk}"], client.cookies[f"survey-{other.pk}"]
    assert (first["httponly"], first["samesite"]) == (True, "Lax")
    # Its seconds are counted from now on, whole ones.
    assert abs(parsedate_to_datetime(first["expires"]) - one.closes_at) <= timedelta(seconds=2)
    assert participant_of(one.pk, first.value) != participant_of(other.pk, second.value)
    # Neither the mark of another survey, nor one that was typed, nor one in the form counts.
    for forged in (second.value, "nonsense"):
        stranger = Client()
        stranger.cookies[f"survey-{one.pk}"] = forged
        answered = stranger.post(f"/surveys/{one.pk}/", GIVEN | {"t": survey_token(one.pk, "x")})
        assert (answered.status_code, "没有保存本调查的标记" in answered.content.decode()) == (422, True)
    assert Participant.objects.count() == 0


def test_a_network_sends_only_so_many_answers_a_day_and_what_was_chosen_stays(monkeypatch):
    monkeypatch.setattr(once, "parameter", {"survey_network_answers": 2}.__getitem__)
    survey, said = running(), []
    for _ in range(3):
        client = Client()
        client.get(f"/surveys/{survey.pk}/")
        said.append(client.post(f"/surveys/{survey.pk}/", GIVEN | {"advice": "讲解很好"}))
    assert [one.status_code for one in said] == [200, 200, 422]
    assert ("今天已收到 2 份" in said[2].content.decode(), "讲解很好" in said[2].content.decode()) == (True, True)
    assert WaitingAnswer.objects.count() == 2
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    elsewhere.get(f"/surveys/{survey.pk}/")
    assert elsewhere.post(f"/surveys/{survey.pk}/", GIVEN).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM kernel_cache")
        assert "192.0.2.7" not in str(cursor.fetchall())


def test_whoever_was_asked_answers_by_the_link_and_is_told_the_second_time():
    survey = running()
    Survey.objects.filter(pk=survey.pk).update(audience="after", occasion="call", share=100, quiet_days=30)
    Participant.objects.create(survey=survey, ref="a1")
    path, client = f"/surveys/{survey.pk}/", Client()
    assert "请用收到的链接打开" in client.get(path).content.decode()
    given = GIVEN | {"t": survey_token(survey.pk, "a1")}
    assert "您的回答已收到" in client.post(path, given).content.decode()
    assert "保留第一次的回答" in client.post(path, given).content.decode()
    assert (client.cookies, WaitingAnswer.objects.count()) == ({}, 1)


def test_what_is_missing_is_told_and_what_was_chosen_stays():
    survey, client = running(), Client()
    page = client.post(f"/surveys/{survey.pk}/", GIVEN | {"advice": "很好的讲解"})
    assert (page.status_code, "很好的讲解" in page.content.decode(), WaitingAnswer.objects.count()) == (422, True, 0)
    # The answer brought the mark: sending it again is enough.
    page = client.post(f"/surveys/{survey.pk}/", {"advice": "很好的讲解"})
    assert (page.status_code, "很好的讲解" in page.content.decode(), WaitingAnswer.objects.count()) == (422, True, 0)
    assert client.post(f"/surveys/{survey.pk}/", GIVEN).status_code == 200
    Survey.objects.filter(pk=survey.pk).update(audience="after", occasion="call", share=100, quiet_days=30)
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
    rows = client.get("/manage/surveys/", {"state": "closed", "q": "满意", "sort": "closes_at"}).context["table"].lines
    assert [[cell.text for cell in line.cells] for line in rows] == [
        [made.title, made.number, "持链接或二维码的人", "hall v1", rows[0].cells[4].text, "6", "不限", "已结束"]
    ]
    assert client.get("/manage/surveys/", {"state": "draft"}).context["table"].lines == []
    assert client.post("/manage/surveys/", {"export": "xlsx"}).headers["Content-Disposition"].startswith("attachment")


def test_staff_read_groups_that_are_large_enough(visitor):
    client = visitor(*powers("portal.survey.see"))
    survey = filled([({"overall": 5, "trade": 0, "advice": "多办"}, 8), ({"overall": 4, "trade": 1}, 7), ({"overall": 1, "trade": 2}, 6)])
    page = client.get(f"/manage/surveys/{survey.pk}/", {"of": "overall", "by": "trade"}).content.decode()
    assert (page.count("多办") >= 8, "人数少，不显示" in page, "5.00" in page) == (True, False, True)
    assert client.get(f"/manage/surveys/{survey.pk}/", {"of": "trade", "by": "overall"}).status_code == 404
    assert client.get("/manage/surveys/new/").status_code == 403
    assert facts().code == "test"


def test_a_survey_is_listed_in_the_language_that_staff_wrote_it_in(visitor):
    client = visitor(*powers("portal.survey.see", "portal.survey.edit"))
    values = {"title": "参观满意度", "intro": "一分钟", "audience": "link", "closes_at": stamp(now() + 24 * HOUR), "code": "hall"}
    client.post("/manage/surveys/new/", values | {"title_en": " Visitors ask ", "intro_ko": "1분"})
    made = Survey.objects.get()
    assert made.translations == {"en": {"title": "Visitors ask"}, "ko": {"intro": "1분"}}
    form = client.get(f"/manage/surveys/{made.pk}/edit/").content.decode()
    assert ('value="Visitors ask"' in form, "1분" in form) == (True, True)
    client.post(f"/manage/surveys/{made.pk}/step/open/")
    listed = {code: Client().get(f"{code}/surveys/").content.decode() for code in ("", "/en", "/ko")}
    assert ("Visitors ask" in listed["/en"], "Visitors ask" in listed[""], 'lang="zh-hans">参观满意度' in listed["/ko"]) == (
        True,
        False,
        True,
    )
    assert "1분" in Client().get(f"/ko/surveys/{made.pk}/").content.decode()


def test_the_search_leads_to_an_open_survey_and_to_the_results_of_one_that_is_over():
    def hits(words):
        return re.findall(r'<a href="(/surveys/[^"]+)"', Client().get("/search/", {"q": words}).content.decode())

    survey = running(title="云岭展厅满意度", translations={"en": {"title": "Visitors ask"}})
    assert (hits("云岭展厅"), hits("Visitors ask")) == ([f"/surveys/{survey.pk}/"], [f"/surveys/{survey.pk}/"])
    close_survey(actor=ORGANISER, survey=survey.pk)
    assert hits("云岭展厅") == [f"/surveys/{survey.pk}/results/"]
