"""Service orders for the systems of the invented city: what was mended, improved, inspected, connected and looked over in a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.utils.timezone import localdate

from keheng.matters.actions.growing import Begun, Grown, Step, grow
from keheng.matters.rules.files.shelf import in_force

MATTER = "yl.service-order"
# Orders of a year by system and kind, as the published forms of 2023 tell of them: what each is about, how it ended, how many.
_YEARLY = (
    ("综合信息管理平台", "优化", "业务模块优化", "已完成", 5),
    ("专项资金申报管理系统", "优化", "申报模块优化", "已完成", 5),
    ("专项资金申报管理系统", "巡检", "月度巡检", "正常", 12),
    ("信息化项目申报及管理系统", "巡检", "月度巡检", "正常", 12),
    ("信息化项目申报及管理系统", "故障", "附件预览失败", "已修复", 3),
    ("信息化项目申报及管理系统", "接口", "与区数据平台对接", "已完成", 1),
    ("企业政策管理系统", "故障", "匹配结果显示不全", "已修复", 4),
    ("综合业务管理信息平台", "故障", "公文列表打不开", "已修复", 6),
    # Two flows were changed (published for 2020).
    ("综合业务管理信息平台", "优化", "审批流程调整", "已完成", 2),
    ("综合业务管理信息平台", "权限复核", "操作人员权限季度复核", "正常", 4),
)
_YEARS, _MONTHS, _MID = 3, 12, 9


def years_of_orders(maker: str, keeper: str) -> Iterator[Grown]:
    """The orders of this year so far and of the two before it."""
    read = in_force(MATTER, localdate())
    if read is None:
        raise LookupError(MATTER)
    for year in range(localdate().year - _YEARS + 1, localdate().year + 1):
        for system, kind, what, found, count in _YEARLY:
            for number in range(count):
                day = _day(year, number, count)
                if day < localdate():
                    typed = {"system": system, "kind": kind, "what": f"{what}（演示{year}-{number + 1:02}）"}
                    taken = Step("take", keeper, "keeper", minutes=_answered(system, kind, day))
                    steps = [taken, Step("solve", keeper, "keeper", 1, {"found": found})]
                    yield grow(read, Begun(maker, day, typed), [Step("submit", maker, "apply"), *steps])


def _answered(system: str, kind: str, day: date) -> int:
    """Minutes until somebody answers, the same in every city: mostly within the hour, always within the two that are promised."""
    chance = Random(f"{system} {kind} {day}")  # noqa: S311 -- no secret: the same orders in every city
    return round(chance.triangular(6, 116, 28))


def _day(year: int, number: int, count: int) -> date:
    """The days of so many orders in a year: each in its own month where there are twelve or fewer, all done by its end."""
    return date(year, 1 + number * _MONTHS // count, _MID) + timedelta(days=number % 7)
