"""What became of the records behind a reading since it was taken: which changed, came or went, and who did what to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from keheng.kernel.accounts import accounts
from keheng.kernel.measures import Records, Row, opened
from keheng.kernel.powers import Principal
from keheng.kernel.trail.reading import entries_about_any
from keheng.performance.queries.readings import Again, measure_of
from keheng.performance.rules.library import act_names

TRAIL = "site.trail.read"
CHANGED, NEW, GONE = "改动", "新增", "已不在"
_MOST_ACTS, _UNNAMED = 500, "工作人员或申请人"


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a record: when, what, and by whom as far as the reader may know."""

    at: datetime
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is not as it was: ``how``, what it is called, where it opens ('' where the reader may not), what was done to it.

    ``row`` is its row of evidence as it is now, None where it is gone. ``accounted`` tells whether an act that makes such a
    change is among the acts: to archive a case or to look into it changes nothing.
    """

    how: str
    name: str
    address: str
    row: Row | None
    acts: Sequence[Act]
    accounted: bool = False


def changes_of(again: Again, actor: Principal, most: int) -> list[Change]:
    """The first ``most`` records that are not as they were; rows that are counts of many have no acts."""
    measure = measure_of(again.then.code)
    records = measure.records if measure else None
    if records is None:
        return [Change(NEW, "", "", row, ()) for row in again.changed[:most]]
    lost, now = dict(again.lost), {str(row.get(records.key)): row for row in again.changed}
    found: list[tuple[str, str, Row | None]] = [(CHANGED if key in lost else NEW, key, row) for key, row in now.items()]
    found = [*found, *((GONE, key, None) for key in lost if key not in now)][:most]
    addresses = {str(key): one for key, one in opened(records, actor, [key for _, key, _ in found]).items()}
    acts = _acts(records, [key for _, key, _ in found], again.then.taken_at)
    names = accounts().names({entry["account"] for entries in acts.values() for entry in entries} - {""})
    knows = actor.may(TRAIL)
    return [
        Change(
            how, str(row[records.column]) if row else lost[key], addresses.get(key, ""), row,
            [_act(one, names if knows or key in addresses else {}) for one in acts.get(key, ())],
            any(records.accounted(one["act"], key, new=how == NEW) for one in acts.get(key, ())),
        )
        for how, key, row in found
    ]  # fmt: skip


def _acts(records: Records, keys: Iterable[str], since: datetime) -> Mapping[str, list[Mapping[str, str]]]:
    """Entries on the trail about records since a moment, by key of row, the newest first; refused attempts changed nothing."""
    wholes = {key: records.whole(key) for key in keys}
    found: dict[str, list[Mapping[str, str]]] = {}
    for entry in entries_about_any([f"{records.kind}:{one}" for one in dict.fromkeys(wholes.values())])[:_MOST_ACTS]:
        told = json.loads(entry.body)
        if told["succeeded"] and datetime.fromisoformat(told["at"]) > since:
            found.setdefault(told["target"].partition(":")[2], []).append(told)
    return {key: found[one] for key, one in wholes.items() if one in found}


def _act(told: Mapping[str, str], names: Mapping[str, str]) -> Act:
    """An entry in words; whose record the reader may not open, that one's name the reader is not told."""
    account = told["account"]
    who = "系统" if account == "system" else names.get(account, _UNNAMED)
    return Act(datetime.fromisoformat(told["at"]), act_names().get(told["act"], told["act"]), who)
