"""How far a power reaches, as one condition."""

import json

import pytest
from django.db.models import Q

from keheng.kernel import powers
from keheng.kernel.powers import Power, Principal, Reach, permissions

PATHS = {"own": "owner", "unit": "unit", "district": "unit__district"}


def reached(*held):
    return Principal("7", powers=tuple(Power("a.b", *one) for one in held)).within("a.b", **PATHS)


@pytest.mark.parametrize(("held", "condition"), [
    ([(Reach.ALL,)], Q()),
    ([(Reach.UNIT, 3)], Q(pk__in=[]) | Q(unit=3)),
    ([(Reach.DISTRICT, None, "990102")], Q(pk__in=[]) | Q(unit__district="990102")),
    ([(Reach.OWN,)], Q(pk__in=[]) | Q(owner="7")),
    ([(Reach.UNIT, 3), (Reach.OWN,)], Q(pk__in=[]) | Q(unit=3) | Q(owner="7")),
    ([(Reach.UNIT, 3), (Reach.ALL,)], Q()),
    ([], Q(pk__in=[])),
    ([(Reach.UNIT, None)], Q(pk__in=[])),
    ([(Reach.DISTRICT, None, "")], Q(pk__in=[])),
])  # fmt: skip
def test_a_power_reaches_so_far_and_no_further(held, condition):
    assert reached(*held) == condition


def test_a_reach_without_its_path_or_of_another_permission_reaches_nothing():
    actor = Principal("7", powers=(Power("a.b", Reach.UNIT, 3), Power("x.y", Reach.ALL)))
    assert actor.within("a.b", own="owner") == Q(pk__in=[])
    assert actor.within("c.d", **PATHS) == Q(pk__in=[])
    assert (actor.may("a.b"), actor.may("a")) == (True, False)


def test_nobody_owns_what_has_no_owner():
    assert Principal("", powers=(Power("a.b", Reach.OWN),)).within("a.b", own="owner") == Q(pk__in=[])


def test_one_permission_is_named_once(tmp_path, monkeypatch):
    for name in ("one", "two", "kernel"):
        (tmp_path / name).mkdir()
    for name in ("one", "two"):
        (tmp_path / name / "permissions.json").write_text(json.dumps({"a.b": {"zh": "甲", "en": "a"}}))
    monkeypatch.setattr(powers, "definitions_folder", lambda _name: tmp_path / "kernel")
    permissions.cache_clear()
    with pytest.raises(ValueError, match="names again"):
        permissions()
    permissions.cache_clear()
