"""Facts that a share of the demo city's enterprises told: written in bulk, as the real act takes a transaction for each.

Standings and messages come from the real job afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils.timezone import get_current_timezone, localdate, now

from keheng.kernel.accounts import accounts
from keheng.kernel.trail.record import SYSTEM, digest_of, record
from keheng.matters.models import PolicyPush, UnitFact
from keheng.matters.queries.policies.known import matched_units
from keheng.matters.rules.matching.policy_shelf import policy_shelf
from keheng.matters.rules.matching.vocabulary import Fact
from keheng.matters.service import match_everybody

Progress = Callable[[str, int, int], None]
COUNTS = {"small": 40, "full": 3000}
_BATCH, _WHOLE_YEAR = 1000, 365
# Two of three questions are answered, a few so long ago that the answer is no longer believed.
_ANSWERED, _LATELY, _DAYS = 2 / 3, 0.9, (30, 500)
# What enterprises of the demo are like: the middle of each number, and how often yes is said.
_MIDDLE = {"age": 6, "staff": 60, "revenue": 4000, "rd_share": 4, "rd_staff": 15, "patents": 4}
_YES = {"high_tech": 0.6, "small_tech": 0.5, "workstation": 0.1, "foreign_staff": 0.2, "dishonest": 0.03}


def load(*, scale: str, progress: Progress) -> None:
    """Tell facts of the first enterprises, those of the demo accounts among them, and match everybody."""
    random, total = Random(2026), COUNTS[scale]  # noqa: S311 -- invented records, the same every time
    by = accounts().find("demo.unit.manager")
    units = list(matched_units().filter(kind="enterprise").values_list("pk", flat=True)[:total])
    progress("企业情况和政策匹配 policies", 0, 1)
    rows = [row for unit in units for row in _facts(unit, by, random)]
    with transaction.atomic():
        known = matched_units().filter(pk__in=units, registered_on__lt=date(localdate().year - 1, 1, 1)).values_list("pk", flat=True)
        PolicyPush.objects.bulk_create(_pushes(known, random), batch_size=_BATCH)
        UnitFact.objects.bulk_create(rows, batch_size=_BATCH)
        record("policy.facts.load", actor=SYSTEM, target="policies", after=digest_of({"rows": len(rows)}), reason="演示数据")
    match_everybody()
    progress("企业情况和政策匹配 policies", 1, 1)


def _pushes(units: Iterable[int], random: Random) -> Iterator[PolicyPush]:
    """What enterprises were told in the last year, of the policies as they stood then."""
    begin, names = date(localdate().year - 1, 1, 1), sorted({one.id for one in policy_shelf().policies})
    noon = datetime.combine(begin, time(12), get_current_timezone())
    for unit in units:
        for policy in random.sample(names, random.choice((1, 1, 2, 3))):
            yield PolicyPush(unit_id=unit, policy=policy, version=begin, told=1, at=noon + timedelta(days=random.randrange(_WHOLE_YEAR)))


def _facts(unit: int, by: str, random: Random) -> list[UnitFact]:
    found = []
    for fact in policy_shelf().facts.values():
        if not fact.shared and random.random() < _ANSWERED:
            days = random.randrange(_DAYS[0]) if random.random() < _LATELY else _DAYS[1]
            found.append(UnitFact(unit_id=unit, fact=fact.id, value=_value(fact, random), by=by, at=now() - timedelta(days=days)))
    return found


def _value(fact: Fact, random: Random) -> str:
    if fact.kind == "yesno":
        return "yes" if random.random() < _YES.get(fact.id, 0.5) else "no"
    if fact.kind == "choice":
        return random.choice(fact.options)
    number = min(float(fact.most), random.lognormvariate(0, 0.8) * _MIDDLE.get(fact.id, 1))
    return f"{number:.{fact.places}f}"
