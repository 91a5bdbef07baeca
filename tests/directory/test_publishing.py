"""Organisations in the search: found by every name, and only by those who see them."""

import pytest
from django.utils.timezone import localdate
from people import actor_for, make_account, make_unit

from keheng.directory.actions.merging import merge_records, undo_merge
from keheng.directory.actions.organisations import facts_from, register_organisation, rename_organisation
from keheng.directory.enums import districts
from keheng.kernel.powers import Principal
from keheng.kernel.search.documents import visible_to
from keheng.kernel.search.finding import search


@pytest.mark.django_db
def test_the_search_knows_an_organisation_by_every_name_and_only_for_those_who_see_it():
    here, there = list(districts())[:2]
    officer = actor_for(make_account("officer", "case_officer", district=here))
    unit = register_organisation(actor=officer, facts=facts_from(name="望山传感器有限公司", kind="enterprise", district=here))
    own = actor_for(make_account("own", "unit_manager", unit=unit), unit.pk)
    other = actor_for(make_account("other", "unit_manager", unit=make_unit("别家研究院", district=there)))

    def found(actor, text):
        return [hit.ref for hit in search(text, visible=visible_to(actor)).hits]

    assert [found(actor, "传感器") for actor in (officer, own, other, Principal(""))] == [[str(unit.pk)], [str(unit.pk)], [], []]
    rename_organisation(actor=officer, organisation=unit.pk, name="望山智能装备有限公司", on=localdate())
    assert found(officer, "传感器") == found(officer, "智能装备") == [str(unit.pk)]
    double = register_organisation(
        actor=officer, facts=facts_from(name="望山智能", kind="enterprise", district=here), accepted=frozenset({"DIR_NAME_ALIKE"})
    )
    merged = merge_records(actor=officer, model="Organisation", survivor=unit.pk, loser=double.pk, reason="同一家")
    assert found(officer, "望山智能") == [str(unit.pk)]
    undo_merge(actor=officer, merge=merged.merge.pk)
    assert sorted(found(officer, "望山智能")) == sorted([str(unit.pk), str(double.pk)])
