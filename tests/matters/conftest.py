"""People of a small office, and a day that stands still."""

import sys
from datetime import UTC, date, datetime, time

import pytest
from django.utils.timezone import localdate
from people import actor_for, make_account, make_unit

from keheng.matters.rules.files import shelf as shelf_module
from keheng.matters.rules.files.reading import read_text

# What a walk finds wrong is told with its values.
pytest.register_assert_rewrite("matters.walking_cases", "matters.walking_forms")


@pytest.fixture
def people(db):
    """Actors by what they do."""
    unit = make_unit()
    firm = make_account("firm", "unit_manager", unit=unit)
    mate = make_account("mate", "unit_member", unit=unit)
    found = {"firm": actor_for(firm, unit.pk), "mate": actor_for(mate, unit.pk), "person": actor_for(make_account("person"))}
    for name, role in {"clerk": "window_clerk", "officer": "case_officer", "leader": "leader"}.items():
        found[name] = actor_for(make_account(name, role))
    return found


class Day:
    """Today, as tests set it for matters; grants and sessions stay in the real one."""

    def __init__(self, monkeypatch):
        self.patch = monkeypatch

    def __call__(self, day):
        day = date.fromisoformat(day)
        moment = datetime.combine(day, time(2), UTC)
        for name, module in list(sys.modules.items()):
            if name.startswith("keheng.matters."):
                for what, made in (("now", lambda: moment), ("localdate", lambda at=None: day if at is None else localdate(at))):
                    if hasattr(module, what):
                        self.patch.setattr(module, what, made)


@pytest.fixture
def on(monkeypatch):
    """``on("2026-09-28")`` makes it that day."""
    return Day(monkeypatch)


@pytest.fixture
def shelved(monkeypatch):
    """Put texts on the shelf besides the files of the repository."""

    def put(*texts):
        known = dict(shelf_module.shelf())
        for text in texts:
            read = read_text(text, "test.yaml")
            known[read.matter.id] = (*known.get(read.matter.id, ()), read)
        monkeypatch.setattr(shelf_module, "shelf", lambda: known)

    return put
