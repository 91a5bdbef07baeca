"""Of two who propose to destroy one package at once the database lets one through."""

from datetime import timedelta

from django.utils.timezone import localdate
from matters.test_archives import archived
from matters.test_races import at_once
from people import actor_for, make_account, make_unit

from keheng.matters.actions.disposing import propose_disposal
from keheng.matters.models import DisposalItem, Package


def test_a_package_is_proposed_once(fresh, settings):
    settings.FILES_FOLDER = fresh / "files"
    unit = make_unit()
    people = {"firm": actor_for(make_account("firm", "unit_manager", unit=unit), unit.pk)}
    for name, role in {"clerk": "window_clerk", "officer": "case_officer", "leader": "leader"}.items():
        people[name] = actor_for(make_account(name, role))
    package = archived(people)
    Package.objects.filter(pk=package.pk).update(keep_until=localdate() - timedelta(days=1))
    asked = [lambda: propose_disposal(actor=people["officer"], packages=[package.pk], reason="已无查考价值")] * 2
    assert at_once(*asked) == ["MATTER_DISPOSAL_NONE", "done"]
    assert DisposalItem.objects.count() == 1
