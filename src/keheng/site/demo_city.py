"""The demo city of Yunling 云岭: loaded once, served like any installation, stopped like any installation."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from keheng.access import demo as access_demo
from keheng.directory import demo as directory_demo
from keheng.directory.models import Organisation
from keheng.kernel.accounts import accounts as kept_accounts
from keheng.kernel.desk import demo as desk_demo
from keheng.matters import demo as matters_demo
from keheng.performance import demo as performance_demo
from keheng.portal import demo as portal_demo
from keheng.review import demo as review_demo
from keheng.site import demo_contest, demo_funds, demo_it, demo_last_year, demo_policies
from keheng.site.demo_faults import labelled
from keheng.site.installation import SetupError, data_folder, demo_mark

SCALES = ("small", "full")
# Told of each part how far it is: its name, how much is done, of how much.
Show = Callable[[str, int, int], None]


def fill(scale: str, show: Show) -> None:
    """Every part of the city in an empty, migrated database."""
    fill_public(scale, show)
    matters_demo.load(scale=scale, progress=show)
    demo_funds.load(scale=scale, progress=show)
    demo_it.load(progress=show)
    demo_last_year.load(scale=scale)
    demo_policies.load(progress=show)
    demo_contest.load(scale=scale, progress=show)
    review_demo.compare_texts()
    performance_demo.load(scale=scale, progress=show)


def fill_public(scale: str, show: Show) -> None:
    """What the public half knows: units, people, accounts, the portal, a contest."""
    directory_demo.load(scale=scale, progress=show)
    show("账号 accounts", 0, 1)
    units = list(Organisation.objects.filter(status="active", kind="enterprise").order_by("pk").values_list("pk", "district")[:2])
    opened = access_demo.load([pk for pk, _ in units], units[0][1])
    desk_demo.load({one.login: kept_accounts().find(one.login) for one in opened})
    show("账号 accounts", 1, 1)
    portal_demo.load(scale=scale, progress=show)
    review_demo.load(progress=show)


def load(scale: str, part: Callable[[str, Show], None] = fill) -> bool:
    """Load the city unless it is there; whether it was loaded now. Raises SetupError for a database that holds something else.

    What an interrupted load left is thrown away: the mark is written last. ``part`` fills it.
    """
    if demo_mark().exists():
        call_command("migrate", interactive=False, verbosity=0)
        return False
    if connection.vendor == "sqlite":
        connection.close()
        for path in data_folder().glob("keheng.sqlite3*"):
            path.unlink()
    call_command("migrate", interactive=False, verbosity=0)
    if Organisation.objects.exists():
        raise SetupError(
            "数据库里已有数据，演示城市只装入空库；请换一个 DATABASE_URL / the database is not empty: the demo city needs one of its own"
        )
    with Bars() as show:
        part(scale, show)
    put_mark(scale)
    return True


def put_mark(scale: str) -> None:
    """The city is loaded: how, when, and what is wrong with it on purpose."""
    kept = {"scale": scale, "loaded_at": datetime.now(UTC).isoformat(), "faults": labelled(scale)}
    demo_mark().write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


class Bars:
    """A bar for each part of the city: on a terminal they move, elsewhere each part is told once it is done."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=self.console, disable=not self.console.is_terminal)
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Show:
        self.progress.start()
        return self.show

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def show(self, part: str, done: int, total: int) -> None:
        """So much of a part is done."""
        if part not in self.tasks:
            self.tasks[part] = self.progress.add_task(part, total=total)
        self.progress.update(self.tasks[part], completed=done, total=total)
        if done == total and not self.console.is_terminal:
            sys.stderr.write(f"{part}: {total}\n")


def print_accounts(address: str) -> None:
    """The address, and how to sign in as each role."""
    table = Table("登录名 login", "角色 role", "代表 for", "第二验证 second factor", title=f"演示账号，密码都是 {access_demo.PASSWORD}")
    for one in access_demo.accounts():
        table.add_row(one.login, one.role, one.unit, "登录页显示的验证码" if one.second_factor else "")
    console = Console()
    console.print(table)
    console.print(f"科衡演示 {address}  （Ctrl-C 停止 / stops）", highlight=False)
