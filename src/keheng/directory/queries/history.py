"""What was done to a record, from the trail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from keheng.kernel.trail.reading import entries_about

ACTS_ZH: Mapping[str, str] = {
    "organisation.register": "登记",
    "organisation.change": "修改",
    "organisation.rename": "更名",
    "organisation.move": "跨区迁移",
    "organisation.close": "注销",
    "organisation.set_parent": "变更上级",
    "organisation.add_short_name": "增加简称",
    "control.add": "登记持股或控制",
    "control.end": "终止持股或控制",
    "person.register": "登记人员",
    "person.change": "修改人员",
    "person.erase": "清除个人信息",
    "affiliation.add": "登记任职",
    "affiliation.end": "终止任职",
    "party.declare": "登记关联方",
    "party.end": "终止关联方",
    "expert.apply": "申请入库",
    "expert.approve": "批准入库",
    "expert.suspend": "暂停",
    "expert.resume": "恢复",
    "expert.leave": "出库",
    "avoidance.add": "登记回避事实",
    "directory.merge": "合并",
    "directory.undo_merge": "撤销合并",
    "directory.tell_apart": "认定为不同的记录",
    "organisation.join": "单位注册",
}


@dataclass(frozen=True, slots=True)
class Done:
    """An act on a record; refused attempts are not among them."""

    at: datetime
    zh: str
    account: str
    reason: str


def history_of(kind: str, number: int, most: int = 50) -> list[Done]:
    """The last acts on a record, newest first."""
    acts = [json.loads(entry.body) for entry in entries_about(f"{kind}:{number}")[:most]]
    return [
        Done(datetime.fromisoformat(one["at"]), ACTS_ZH.get(one["act"], one["act"]), one["account"], one["reason"])
        for one in acts
        if one["succeeded"]
    ]
