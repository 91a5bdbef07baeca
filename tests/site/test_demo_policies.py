"""The demo's policies are applied for and offered in every stage, by the real acts."""

from collections import Counter

import pytest
from django.utils.timezone import localdate

from keheng.access.models import Account
from keheng.matters.models import Case, Instalment, PolicyCase, PolicyObjection
from keheng.matters.queries.policies.offers import offers_due, offers_lost


@pytest.mark.one_database
def test_the_demo_has_policies_in_every_stage(in_city):
    def states(policy):
        return Counter(Case.objects.filter(matter=f"yl.apply-{policy}").values_list("state", flat=True))

    assert states("high-tech-award") == dict.fromkeys(("draft", "examine", "fix", "decision", "public", "refused"), 1)
    assert states("small-tech-loan") == {"awarded": 1, "granted": 2, "examine": 1}
    assert states("grant-match") == {"offered": 2, "awarded": 1, "granted": 1, "declined": 1}
    waiting = Case.objects.filter(state="offered").order_by("pk")
    # The first waits for the manager of the demo's own unit.
    assert (waiting[0].applicant, waiting[0].number) == (str(Account.objects.get(login="demo.unit.manager").pk), None)
    assert PolicyCase.objects.filter(offered=True).count() == 5
    assert list(PolicyObjection.objects.order_by("pk").values_list("case__case__state", "state")) == [
        ("public", "rejected"),
        ("public", "open"),
    ]
    of_policies = Instalment.objects.filter(funding__root__policy_case__isnull=False)
    assert sorted(of_policies.values_list("paid_fen", flat=True)) == [0, 0, 5_000_000, 9_150_000, 9_300_000]
    assert (offers_due(localdate()), offers_lost()) == ([], [])
