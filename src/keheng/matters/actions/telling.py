"""Tasks and messages that follow from where a case stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.utils.timezone import get_current_timezone

from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import close_task, open_tasks
from keheng.matters.models import Case
from keheng.matters.queries.addresses import address, work_address
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.flow.situation import Situation, awaited

KIND, TASK_KEY = "matters.case", "case:"


def case_title(case: Case) -> str:
    """How a case is called in messages and lists."""
    return f"{case.called}（{case.number}）" if case.number else case.called


def awaited_roles(matter: Matter, at: Situation) -> tuple[str, ...]:
    """Who must act so that a case goes on: the roles its own moves wait for but those that have spoken; a draft waits for nobody."""
    state = matter.state_of[at.state]
    if state.end is not None or state is matter.start:
        return ()
    onward = (move for move in state.moves if move.to is not None)
    spoken = {voice.role for voice in at.voices}
    return tuple(dict.fromkeys(role for move in onward for role in awaited(move, at) if role not in spoken))


def tell_tasks(case: Case, matter: Matter, before: Situation, after: Situation) -> None:
    """One open task for each role a case waits for; what it waited for before is settled."""
    now_waiting = awaited_roles(matter, after)
    for role in awaited_roles(matter, before):
        if role not in now_waiting or before.state != after.state:
            close_task(task_key(case, role))
    open_tasks(tasks_of(case, matter, after))


def tasks_of(case: Case, matter: Matter, at: Situation) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tasks that a case asks for where it stands, by their keys."""
    due = case.due_on or case.lapse_on
    due_at = None if due is None else datetime.combine(due, time(23, 59), get_current_timezone())
    for role in awaited_roles(matter, at):
        title = f"{matter.state_of[at.state].title}：{case_title(case)}"
        yield task_key(case, role), {"kind": KIND, "title": title, "due_at": due_at, **of_whom(case, matter, role)}


def task_key(case: Case, role: str) -> str:
    """Of the task that a case asks a role for."""
    return f"{TASK_KEY}{case.pk}:{role}"


def of_whom(case: Case, matter: Matter, role: str) -> dict[str, Any]:
    """Whom a role of a case asks, and where they act."""
    asked = matter.roles[role]
    if asked.applies:
        return {"account": case.applicant, "url": address("case", case.pk)}
    url = address("case", case.pk) if asked.unit else work_address(case.pk)
    if asked.named is not None:
        return {"account": case.named.get(role, ""), "url": url}
    return {"permission": asked.holds or "", "unit": case.unit_id, "district": case.district, "not_by": case.applicant, "url": url}


def tell_applicant(case: Case, title: str, body: str = "") -> None:
    """A message to whoever opened the case, once for each of its versions."""
    key, url = f"case:{case.pk}:{case.version}", address("case", case.pk)
    tell([case.applicant], kind=KIND, key=key, title=title, body=body, url=url)


def sentences(matter: Matter, before: Situation, after: Situation) -> Iterator[str]:
    """What an applicant is told when a case comes into a state: what it is, and why a clock stands still."""
    state = matter.state_of[after.state]
    if before.state != after.state:
        yield f"办件进入“{state.title}”环节。"
        if state.clock == "stop":
            yield f"{state.why}，办理时限暂停计算。"
