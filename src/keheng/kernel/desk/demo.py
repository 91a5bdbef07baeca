"""Demo records: tasks and messages of the invented city Yunling for the accounts that show its roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import localdate, make_aware

from keheng.kernel.desk.handovers import KIND
from keheng.kernel.desk.messages import tell
from keheng.kernel.desk.tasks import open_task
from keheng.kernel.working_days import working_calendar

# Title, address, permission, working days until it is due (None: no date).
_TASKS = (
    ("核对可能重复的单位记录", "/duplicates/", "directory.duplicates.merge", 2),
    ("核对可能重复的人员记录", "/duplicates/people/", "directory.duplicates.merge", -3),
    ("审批专家入库申请", "/experts/?state=applied", "directory.expert.approve", 0),
    ("清理已停用账号的授权", "/account/grants/", "access.grants.apply", 5),
    ("查看失败的后台任务", "/jobs/", "site.jobs.retry", None),
)
_MESSAGES = (
    ("演示城市云岭已装入", "这里的单位、人员和账号都是虚构的，可以放心试用。", "/desk/"),
    ("您可以选择接收消息的方式", "除站内消息外，还可以用邮件和短信；可以设安静时段。", "/desk/messages/settings/"),
)


def load(accounts: Mapping[str, str]) -> None:
    """Tasks for whoever may do them, messages for each account; ``accounts`` are ids by login name."""
    with transaction.atomic():
        for number, (title, url, permission, days) in enumerate(_TASKS):
            due = None if days is None else make_aware(datetime.combine(working_calendar().add(localdate(), days), time(17)))
            open_task(f"demo:{number}", kind="demo", title=title, url=url, permission=permission, due_at=due)
        for number, (title, body, url) in enumerate(_MESSAGES):
            tell(accounts.values(), kind="desk.notice", key=f"demo:{number}", title=title, body=body, url=url)
        officer = accounts.get("demo.case.officer")
        if officer is not None:
            due = make_aware(datetime.combine(localdate(), time(9))) + timedelta(days=6)
            open_task("demo:own", kind=KIND, title="整理本季度单位变更情况", url="/organisations/", account=officer,
                      permission="directory.organisation.see", due_at=due)  # fmt: skip
