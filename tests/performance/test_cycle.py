"""From a project to a frozen form."""

from decimal import Decimal

import pytest
from performance.performance_made_up import HEAD, MAKER, REVIEWER, whole

from keheng.performance.queries.evaluations import form_of
from keheng.performance.queries.proof import proof_of

pytestmark = pytest.mark.django_db


def test_a_project_becomes_a_signed_form():
    form = whole()
    assert (form.state, form.total, form.grade) == ("frozen", Decimal("99.50"), "优")
    assert list(form.signatures.order_by("at").values_list("account", flat=True)) == [MAKER.account, REVIEWER.account, HEAD.account]
    assert [row.actual.text for row in form_of(form).rows] == ["1114.3566万次", "245条", "完善", "95%"]
    found = proof_of(form)
    assert (found.equal, found.wrong) == (True, [])
