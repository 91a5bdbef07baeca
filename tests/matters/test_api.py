"""Matters and cases over the API: the same acts and refusals as on the pages, one's own cases alone, every problem at once."""

import pytest
from calling import Caller
from matters.test_cases import IT, give_file
from people import actor_for, make_account, make_unit

from keheng.access.actions.tokens import make_token
from keheng.matters.models import Case

pytestmark = pytest.mark.django_db
APPLY, KNOWN, SEE = "matters.case.apply", "directory.organisation.see", "matters.case.see"


def caller_of(account, *scopes, unit=None):
    return Caller(make_token(actor=actor_for(account, unit), name="单位的系统", scopes=scopes, days=1)[1])


@pytest.fixture
def firm(on):
    on("2026-09-28")
    unit = make_unit()
    return caller_of(make_account("firm", "unit_manager", unit=unit), APPLY, KNOWN, unit=unit.pk)


def test_what_may_be_applied_for_is_public_with_every_question():
    listed = Caller()("GET", "/matters").json()
    assert ("yl.it-project" in [one["id"] for one in listed], "yl.leave" in [one["id"] for one in listed]) == (True, False)
    shown = Caller()("GET", "/matters/yl.it-project").json()
    budget = next(one for one in shown["questions"] if one["id"] == "budget")
    assert (budget["type"], [one["id"] for one in budget["cols"]][:2], shown["materials"][0]["id"]) == ("table", ["item", "code"], "scheme")
    assert Caller()("GET", "/matters/yl.leave").status_code == 404


def test_an_application_is_begun_filled_in_and_handed_in(firm):
    begun = firm("POST", "/cases", {"matter": "yl.it-project", "answers": {"name": "业务系统升级"}})
    case = begun.json()
    assert (begun.status_code, case["answers"]["name"], case["answers"]["unit_name"]) == (201, "业务系统升级", "云岭精密仪器有限公司")
    assert {"kind", "plan", "budget", "material-scheme"} <= {one["field"] for one in case["lacking"]}
    path = f"/cases/{case['id']}"
    refused = firm("POST", f"{path}/moves", {"do": "submit", "version": case["version"]})
    assert (refused.status_code, len(refused.json()["errors"]) > 3, Case.objects.get().submitted_at) == (422, True, None)

    filled = firm("PATCH", path, {"answers": IT, "marks": case["marks"]}).json()
    assert (filled["conflicts"], [one["field"] for one in filled["lacking"]]) == ({}, ["material-scheme"])
    assert filled["answers"]["budget"][0]["price"] == "20000.00"
    give_file(Case.objects.get(), "scheme")
    done = firm("POST", f"{path}/moves", {"do": "submit", "version": filled["version"]}).json()
    assert (done["number"] is not None, done["submitted_at"] is not None, done["std"]) == (True, True, Case.objects.get().std)
    assert firm("POST", f"{path}/moves", {"do": "submit", "version": filled["version"]}).status_code == 422


def test_what_somebody_else_changed_meanwhile_stands_and_is_told(firm):
    case = firm("POST", "/cases", {"matter": "yl.it-project", "answers": {"name": "甲"}}).json()
    path = f"/cases/{case['id']}"
    first = firm("PATCH", path, {"answers": {"name": "乙"}, "marks": case["marks"]}).json()
    late = firm("PATCH", path, {"answers": {"name": "丙", "plan": "计划"}, "marks": case["marks"]}).json()
    assert (first["conflicts"], late["conflicts"]) == ({}, {"name": "乙"})
    assert (late["answers"]["name"], late["answers"]["plan"]) == ("乙", "计划")


def test_what_is_no_question_or_no_matter_is_named(firm):
    unknown = firm("POST", "/cases", {"matter": "yl.it-project", "answers": {"moon": "1", "sun": "2"}}).json()
    assert [(one["code"], one["field"]) for one in unknown["errors"]] == [("MATTER_NO_QUESTION", "moon"), ("MATTER_NO_QUESTION", "sun")]
    assert [one["code"] for one in firm("POST", "/cases", {"matter": "yl.none"}).json()["errors"]] == ["MATTER_UNKNOWN"]
    assert not Case.objects.exists()


def test_cases_of_others_are_not_there_and_the_office_sees_its_own(firm, on):
    case = firm("POST", "/cases", {"matter": "yl.it-project", "answers": IT}).json()
    other = make_unit("青禾研究院")
    stranger = caller_of(make_account("stranger", "unit_manager", unit=other), APPLY, KNOWN, unit=other.pk)
    assert (stranger("GET", "/cases").json()["items"], stranger("GET", f"/cases/{case['id']}").status_code) == ([], 404)
    assert stranger("PATCH", f"/cases/{case['id']}", {"answers": {"name": "偷改"}}).status_code == 404
    assert stranger("POST", f"/cases/{case['id']}/moves", {"do": "submit", "version": 0}).status_code == 404
    give_file(Case.objects.get(), "scheme")
    firm("POST", f"/cases/{case['id']}/moves", {"do": "submit", "version": case["version"]})
    clerk = caller_of(make_account("clerk", "window_clerk", district=Case.objects.get().district), SEE)
    assert [one["number"] for one in clerk("GET", "/office-cases").json()["items"]] == [Case.objects.get().number]
    assert (firm("GET", "/office-cases").status_code, clerk("GET", "/cases").status_code) == (403, 403)
    assert "answers" not in clerk("GET", "/office-cases").json()["items"][0]
