"""Standings are written many at a time: the database takes units from one list, since a row for each takes ten times as long."""

from __future__ import annotations

import json

import numpy as np
from django.db import connection
from django.utils.timezone import localdate

from keheng.matters.queries.policies.everybody import Units
from keheng.matters.queries.policies.kept import Difference, Pairs
from keheng.matters.rules.matching.policy import Policy

_TABLE = "matters_policystanding"
_LISTED = {"sqlite": "json_each(%s) AS one WHERE true", "postgresql": "json_array_elements_text(%s::json) AS one(value)"}


def write_difference(policy: Policy, what: Difference) -> None:
    """Write what differs. A day begins anew for who now meets or misses the policy otherwise than before."""
    _write(policy, what.entered, "version = excluded.version, lacks = excluded.lacks, since = excluded.since")
    _write(policy, what.stayed, "version = excluded.version, lacks = excluded.lacks")
    if len(what.gone):
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {_TABLE} WHERE policy = %s AND unit_id IN (SELECT CAST(one.value AS bigint) FROM {_listed()})",  # noqa: S608 -- names of ours
                [policy.id, _list(what.gone)],
            )


def _write(policy: Policy, pairs: Pairs, change: str) -> None:
    with connection.cursor() as cursor:
        for lacks in np.unique(pairs.lacks).tolist():
            cursor.execute(
                f"INSERT INTO {_TABLE} (unit_id, policy, version, lacks, since)"  # noqa: S608 -- names of ours
                f" SELECT CAST(one.value AS bigint), %s, {_date()}, {_small()}, {_date()} FROM {_listed()}"
                f" ON CONFLICT (unit_id, policy) DO UPDATE SET {change}",
                [policy.id, policy.version.isoformat(), lacks, localdate().isoformat(), _list(pairs.units[pairs.lacks == lacks])],
            )


def _listed() -> str:
    return _LISTED[connection.vendor]


def _date() -> str:
    return "%s::date" if connection.vendor == "postgresql" else "%s"


def _small() -> str:
    return "%s::smallint" if connection.vendor == "postgresql" else "%s"


def _list(units: Units) -> str:
    return json.dumps(units.tolist())
