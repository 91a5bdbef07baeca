"""Demo: an IT project of a million and above goes before experts, whose opinions the office then decides by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils.timezone import localdate

from keheng.matters.models import Case
from keheng.site.demo_rounds import Firm, Office, begin, demo_firms, demo_office, do, judge, round_of

Progress = Callable[[str, int, int], None]
MATTER = "yl.it-project"
_PART = "信息化项目评审 IT projects"
_SUPPLIERS = (("云岭演示软件有限公司", 24_000), ("云岭示例科技有限公司", 25_300), ("云岭样本信息有限公司", 23_600))
# From the pool's forty-fifth on: other experts than those of the other rounds of the demo.
_OFFSET = 45


def load(*, progress: Progress) -> None:
    """One project whose panel is finished: it waits for the officer's proposal."""
    progress(_PART, 0, 1)
    panelled(demo_office(), demo_firms(2)[1])
    progress(_PART, 1, 1)


def panelled(office: Office, firm: Firm) -> Case:
    """A project above a million, judged by its panel and back with the officer."""
    case = do(firm.applicant, begin(firm.applicant, MATTER, project(firm, localdate())), "submit")
    case = do(office.clerk, case, "accept")
    judge(office.officer, round_of(case), Random(45), offset=_OFFSET)  # noqa: S311 -- invented readings, the same every time
    return do(office.officer, case, "close_review")


def project(firm: Firm, today: date) -> dict[str, Any]:
    """A project of 1.2 million yuan as it is typed on a day, with its three quotes."""
    item, on = "城市运行数据平台开发", (today - timedelta(days=20)).isoformat()
    return {
        "name": "城市运行数据平台新建（演示，专家评审）", "kind": "新建", "mlps": "三级", "unit_name": firm.name, "contact": "演示人",
        "phone": "19900009997", "plan": "汇聚城市运行数据，建设数据目录、共享接口和运行监测，按等级保护三级设计。",
        "budget": [{"item": item, "code": "开发人月", "qty": "50", "price": "24000"}],
        "suppliers": [
            {"supplier": name, "address": f"云岭{number}路{number}号", "quoted_on": on} for number, (name, _) in enumerate(_SUPPLIERS, 1)
        ],
        "prices": [{"supplier": name, "item": item, "said": "", "price": str(price)} for name, price in _SUPPLIERS],
    }  # fmt: skip
