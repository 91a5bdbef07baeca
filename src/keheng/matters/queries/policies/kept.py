"""What is kept of standings: who meets a policy or lacks one clause; and what is to be written when it is judged anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from keheng.matters.models import PolicyStanding
from keheng.matters.queries.policies.everybody import Joined, Units, numbers_in
from keheng.matters.rules.matching.policy import Policy

# Room for the number of a clause beside that of a unit.
_CLAUSES = 64


class Pairs(NamedTuple):
    """Units with the number of the clause that each lacks, 0 for none."""

    units: Units
    lacks: Units

    def where(self, chosen: npt.NDArray[np.bool_]) -> Pairs:
        """Those that are chosen."""
        return Pairs(self.units[chosen], self.lacks[chosen])

    @property
    def marks(self) -> Units:
        """A number for each pair."""
        return self.units * _CLAUSES + self.lacks


NONE = Pairs(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
# Of a policy: who stood to each of its versions.
Kept = Mapping[date, Pairs]


def kept(policies: Iterable[str] | None = None) -> Mapping[str, Kept]:
    """Standings of some policies, or all, in one statement."""
    rows = PolicyStanding.objects.order_by("policy", "version")
    rows = rows if policies is None else rows.filter(policy__in=list(policies))
    found: dict[str, dict[date, Pairs]] = defaultdict(dict)
    grouped = rows.values_list("policy", "version").annotate(who=Joined("unit"), what=Joined("lacks"))
    for policy, version, who, what in grouped:
        found[policy][version] = Pairs(numbers_in(who), numbers_in(what))
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """Of a policy: ``entered`` now meet or miss it otherwise than before, ``stayed`` do as before with another clause or version.

    ``gone`` are units whose standing is kept no longer.
    """

    entered: Pairs
    stayed: Pairs
    gone: Units

    @property
    def count(self) -> int:
        """How many standings change."""
        return len(self.entered.units) + len(self.stayed.units) + len(self.gone)


def difference(policy: Policy, now: Pairs, versions: Kept, without: Collection[int] = ()) -> Difference:
    """What was kept of a policy beside what was judged; units ``without`` are left as they are."""
    left = np.array(sorted(without), dtype=np.int64)
    before = Pairs(*(np.concatenate(parts) for parts in zip(NONE, *versions.values(), strict=True)))
    before, now = before.where(~np.isin(before.units, left)), now.where(~np.isin(now.units, left))
    changed = now.where(~np.isin(now.marks, versions.get(policy.version, NONE).marks))
    meets, misses = before.units[before.lacks == 0], before.units[before.lacks > 0]
    stays = np.where(changed.lacks == 0, np.isin(changed.units, meets), np.isin(changed.units, misses))
    return Difference(changed.where(~stays), changed.where(stays), before.units[~np.isin(before.units, now.units)])
