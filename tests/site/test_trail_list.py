"""The trail as people read it."""

import pytest
from django.db import transaction
from people import make_account, signed_in

from keheng.kernel.trail.record import Actor, record


@pytest.mark.django_db
def test_the_trail_says_who_did_what_in_words():
    admin = make_account("auditor", "audit_admin")
    with transaction.atomic():
        record("grant.decide", actor=Actor(str(admin.pk)), target="grant:12", reason="合同到期", succeeded=False)
    client = signed_in(admin)
    page = client.get("/trail/?kind=grant").content.decode()
    shown = ["auditor 某", "授权：审批", "grant.decide", "授权 12", "未成", "合同到期"]
    assert [word for word in shown if word not in page] == []
    assert "授权：审批" not in client.get("/trail/?kind=case").content.decode()
