"""Surveys after a call: the telephone system tells of it and hands the link on; nobody's number is told or kept."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from people import actor_for, make_account
from portal.outreach_made_up import ORGANISER
from portal.test_surveys import facts

from keheng.access.actions.tokens import make_token
from keheng.kernel.models import AuditEntry
from keheng.portal.actions.surveys import answer_survey, close_survey, make_survey, open_survey
from keheng.portal.models import Answer, AskedCaller, Participant, Survey
from keheng.portal.queries.survey_results import frame_of

pytestmark = pytest.mark.django_db
CALLER = "8f3c21d09a7b44e1-a"


@pytest.fixture
def tell(settings):
    settings.SITE_ADDRESS = "https://keheng.example"
    token = make_token(actor=actor_for(make_account("phones", "organiser")), name="话务", scopes=["portal.survey.tell"], days=1)[1]
    keys = iter(range(10**6))

    def told(reference="call-1", caller=CALLER, *, key="", token=token, **more):
        body = json.dumps({"reference": reference, "caller": caller, **more})
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key or f"key-{next(keys):08}"}
        return Client().post("/api/v1/services", body, "application/json", headers=headers)

    return told


def standing(**more):
    said = facts(**{"title": "热线满意度", "audience": "after", "occasion": "call", "quiet_days": 30} | more)
    return open_survey(actor=ORGANISER, survey=make_survey(actor=ORGANISER, facts=said).pk)


def answer(link, overall=5):
    path, _, token = link.partition("?t=")
    return answer_survey(survey=int(path.rstrip("/").rsplit("/", 1)[1]), token=token, given={"overall": overall})


def test_a_call_gets_a_link_for_one_answer_however_often_it_is_told(tell):
    survey = standing()
    first = tell(key="key-of-the-call", subject="policy")
    assert first.status_code == 200
    told = first.json()
    assert (told["asked"], told["text"]) == (True, f"请您评价：热线满意度 {told['link']}")
    assert told["link"].startswith(f"https://keheng.example/surveys/{survey.pk}/?t=")
    assert Client().get(told["link"].removeprefix("https://keheng.example")).status_code == 200
    # Under the same key the answer is repeated; under another one the call is known.
    assert [tell(key="key-of-the-call", subject="policy").json(), tell(subject="policy").json()] == [told, told]
    survey.refresh_from_db()
    assert (survey.reached, frame_of(survey).services, AskedCaller.objects.count()) == (1, 1, 1)
    assert [answer(told["link"]), answer(told["link"], 1)] == [True, False]
    close_survey(actor=ORGANISER, survey=survey.pk)
    assert [Participant.objects.filter(answered=True).count(), Answer.objects.get().body["overall"]] == [1, 5]
    assert tell().json() == {"asked": False, "link": "", "text": ""}


def test_nobody_is_asked_too_often_and_a_share_is_drawn(tell):
    survey = standing()
    assert [tell(one).json()["asked"] for one in ("call-1", "call-2")] == [True, False]
    assert tell("call-3", CALLER[::-1]).json()["asked"]
    AskedCaller.objects.update(asked_at=now() - timedelta(days=31))
    assert tell("call-4").json()["asked"]
    assert [count for _, count in frame_of(survey).left_out] == [0, 1, 0]
    Survey.objects.update(share=1, quiet_days=1)
    drawn = [tell(f"call-{number}", f"{CALLER}{number}").json()["asked"] for number in range(10, 40)]
    assert sum(drawn) == Participant.objects.filter(left_out="").count() - 3 < 10
    assert Participant.objects.filter(left_out="sample").count() == 30 - sum(drawn)


def test_two_surveys_about_calls_do_not_both_ask(tell):
    whole, narrow = standing(), standing(subject="bases", title="基地")
    told = tell(subject="bases").json()
    assert (f"/surveys/{narrow.pk}/" in told["link"], tell(subject="bases").json()) == (True, told)
    assert [Participant.objects.get(survey=one).left_out for one in (whole, narrow)] == ["recent", ""]


def test_what_is_wrong_is_told_and_nothing_of_it_kept(tell):
    standing()
    for refused, field in (
        (tell(occasion="case"), "occasion"), (tell(occasion="tea"), "occasion"), (tell(subject="tea"), "occasion"),
        (tell(caller="13800138000"), "body.caller"), (tell(caller="+86 138 0013 8000 ext"), "body.caller"), (tell(""), "body.reference"),
    ):  # fmt: skip
        assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")
        assert [one["field"] for one in refused.json()["errors"]] == [field]
    assert (Participant.objects.count(), AskedCaller.objects.count()) == (0, 0)
    tell("call-1391")
    kept = json.dumps(
        [*AskedCaller.objects.values_list("mark"), *Participant.objects.values_list("ref"), *AuditEntry.objects.values_list("body")]
    )
    assert [text in kept for text in (CALLER, "call-1391", "13800138000")] == [False] * 3


def test_only_a_token_for_it_tells(tell):
    standing()
    other = make_token(actor=actor_for(make_account("other", "organiser")), name="x", scopes=["portal.survey.see"], days=1)[1]
    assert [tell(token=one).status_code for one in (other, "kh_wrong")] == [403, 401]
    assert Client().post("/api/v1/services", "{}", "application/json").status_code == 401
    assert not Participant.objects.exists()
