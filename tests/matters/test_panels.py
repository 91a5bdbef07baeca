"""Panels of matters: a few cases with state and clock, policies that fit; two queries at most, and a way on where there is nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from matters.test_cases import submitted

from keheng.kernel.panels import PanelPlace, panels_for
from keheng.matters.models import Case, PolicyStanding
from keheng.matters.rules.matching.policy_shelf import policy_shelf

pytestmark = pytest.mark.django_db
PLACES = {"matters.own": "workbench", "matters.personal": "personal", "matters.unit": "unit", "matters.policies": "unit"}
TODAY = date(2026, 9, 29)


def shown(actor):
    """The panels of matters by their code."""
    found = [one for place in PanelPlace for one in panels_for(place, actor) if one.code.startswith("matters.")]
    assert [one.code for one in found if one.failed] == []
    return {one.code: str(one.html) for one in found}


def standing(actor, policy, lacks=0):
    return PolicyStanding.objects.create(unit_id=int(actor.unit), policy=policy.id, version=policy.version, lacks=lacks, since=TODAY)


def test_nothing_leads_on(people):
    found = shown(people["firm"])
    assert sorted(found) == sorted(PLACES)
    assert {code: "/matters/policies/facts/" in text for code, text in found.items()} == {code: "policies" in code for code in PLACES}
    assert sorted(code for code, text in found.items() if 'href="/matters/"' in text) == ["matters.own", "matters.personal", "matters.unit"]
    assert sorted(shown(people["clerk"])) == ["matters.personal"]


def test_cases_stand_with_their_state_and_clock_to_whoever_they_are_of(people, on):
    case = submitted(people, on)
    case.refresh_from_db()
    link = f'href="/matters/cases/{case.pk}/"'
    on("2026-09-29")
    Case.objects.update(due_on=TODAY + timedelta(days=9))
    seen = shown(people["firm"])
    for code in ("matters.own", "matters.personal", "matters.unit"):
        assert (link in seen[code], case.number in seen[code], "10-08 前办结" in seen[code], "/matters/my/" in seen[code]) == (True,) * 4, (
            code
        )
    Case.objects.update(due_on=TODAY - timedelta(days=1))
    assert "超期" in shown(people["firm"])["matters.own"]
    # A colleague sees it as the unit's, not among what is their own; who acts for no unit, or for another one, sees none of it.
    mate = shown(people["mate"])
    assert {code: link in text for code, text in mate.items() if "policies" not in code} == {
        "matters.own": True, "matters.personal": False, "matters.unit": True,
    }  # fmt: skip
    assert [code for name in ("person", "clerk") for code, text in shown(people[name]).items() if link in text] == []
    assert link not in shown(replace(people["firm"], account="0", unit="999999", powers=()))["matters.personal"]


def test_policies_that_fit_stand_first_and_those_of_old_versions_nowhere(people, on):
    on("2026-09-29")
    met, near, old = policy_shelf().in_force(TODAY)[:3]
    standing(people["firm"], near, lacks=1)
    standing(people["firm"], met)
    PolicyStanding.objects.filter(pk=standing(people["firm"], old).pk).update(version=date(2020, 1, 1))
    text = shown(people["firm"])["matters.policies"]
    assert text.index(met.title) < text.index(near.title) < text.index(near.clauses[0].say)
    assert old.title not in text


@pytest.mark.parametrize("count", [1, 3])
def test_a_panel_takes_two_queries_at_most(people, on, count):
    for policy in policy_shelf().in_force(TODAY)[:count]:
        submitted(people, on)
        standing(people["firm"], policy)
    shown(people["firm"])
    for place, most in ((PanelPlace.WORKBENCH, 1), (PanelPlace.PERSONAL, 1), (PanelPlace.UNIT, 2)):
        with CaptureQueriesContext(connection) as asked:
            panels_for(place, people["firm"])
        of_matters = [one for one in asked.captured_queries if '"matters_' in one["sql"]]
        assert len(of_matters) == most, place
