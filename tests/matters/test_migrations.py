"""What migrations make of rows that were there before them."""

from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import now

from keheng.kernel.substrings import holding
from keheng.matters.rules.files.shelf import in_force


def brought_to(migration):
    """The models as they are after a migration, to which the database is brought."""
    call_command("migrate", "matters", migration, verbosity=0)
    return MigrationExecutor(connection).loader.project_state([("matters", migration)]).apps


def test_clocks_that_had_ended_say_what_they_came_to(blank):
    before = brought_to("0009_case_subject")
    read = in_force("yl.it-project", date(2026, 9, 1))
    edition = before.get_model("matters", "Edition").objects.create(
        digest=read.digest, matter=read.matter.id, version=read.matter.version, text=read.text
    )
    case = before.get_model("matters", "Case").objects.create(
        edition=edition, matter=read.matter.id, title="旧办件", applicant="1", state="precheck", std="受理", entered_on=date(2026, 9, 1),
        opened_at=now(),
    )  # fmt: skip
    clocks = before.get_model("matters", "Clock").objects
    # Tuesday to the Tuesday after next, two working days of which it stood still; the other one still runs.
    ended = clocks.create(case=case, code="main", started=date(2026, 9, 1), added=3, ended=date(2026, 9, 15))
    before.get_model("matters", "Suspension").objects.create(clock=ended, state="fix", since=date(2026, 9, 3), until=date(2026, 9, 7))
    clocks.create(case=case, code="formal", started=date(2026, 9, 1))
    after = brought_to("0010_clocks_came_to").get_model("matters", "Clock").objects
    promise, law = (getattr(read.matter.clocks["main"], name).days + 3 for name in ("promise", "law"))
    assert list(after.order_by("pk").values_list("used", "promise", "law")) == [(8, promise, law), (None, None, None)]


def test_of_old_cases_the_last_move_is_known_and_parts_of_subjects_are_still_found(blank):
    before = brought_to("0023_cases_that_ended")
    read, begun = in_force("yl.it-project", date(2026, 9, 1)), now()
    edition = before.get_model("matters", "Edition").objects.create(
        digest=read.digest, matter=read.matter.id, version=read.matter.version, text=read.text
    )
    draft, moved = (
        before.get_model("matters", "Case").objects.create(
            edition=edition, matter=read.matter.id, title="旧办件", subject=f"云岭{name}系统", applicant="1", state="precheck", std="受理",
            entered_on=date(2026, 9, 1), opened_at=begun,
        )
        for name in "甲乙"
    )  # fmt: skip
    for version in (1, 2):
        before.get_model("matters", "CaseEvent").objects.create(
            case=moved, version=version, at=begun + timedelta(days=version), do="x", title="x", by="x", before="a", after="b"
        )
    after = brought_to("0024_where_something_happened_last").get_model("matters", "Case")
    assert dict(after.objects.values_list("pk", "touched_at")) == {draft.pk: begun, moved.pk: begun + timedelta(days=2)}
    # The pairs of letters are kept by triggers, which go with a table that is made anew.
    after.objects.filter(pk=draft.pk).update(subject="改了名的系统")
    assert [list(holding(after.objects, "subject", text)) for text in ("云岭甲", "改了名")] == [[], [after(pk=draft.pk)]]
