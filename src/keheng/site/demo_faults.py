"""What is wrong on purpose with the demo city: kept when it is loaded, told on a page, so that nobody takes it for a fault of Keheng."""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from keheng.directory import demo as directory_demo
from keheng.kernel.doors import public
from keheng.portal import demo as portal_demo
from keheng.site.installation import demo_mark, is_demo

# What each kind is called, and where it shows.
KINDS = {
    "spelt_otherwise": ("单位换一种写法又登记了一次", "单位 → 疑似重复，会把两条并排列出"),
    "code_slip": ("统一社会信用代码错了一位", "单位页提示校验码不对"),
    "moved": ("搬了家，地址和登记区县不一致", "单位页的资料里"),
    "person_twice": ("同一个人登记了两次", "人员 → 疑似重复"),
    "wrong_clock": ("签到设备的时钟不对", "活动的签到记录"),
    "doubled_registration": ("重复报名", "活动的报名名单"),
    "stale_column": ("栏目长期不更新", "网站体检和采编台的栏目提醒"),
    "untranslated": ("没有外文版", "切换语言时退回中文"),
    "reads_without_file": ("阅读量没有依据文件", "新媒体记录，指标的依据里"),
    "late_answer": ("留言超期答复", "公众留言，按时答复率"),
    "reading_differs": ("计数器读数和登记人数不一致", "展厅的每日记录"),
    "link_gone": ("转载链接已失效", "媒体报道，存档文件仍可证明"),
}
_SHOWN = 20
# Kinds whose record is the name of what a list finds.
_FOUND_IN = {
    "spelt_otherwise": "directory:organisations", "code_slip": "directory:organisations", "moved": "directory:organisations",
    "person_twice": "directory:people",
}  # fmt: skip


def labelled(scale: str) -> list[dict[str, str]]:
    """Faults of all parts of a city as its mark keeps them."""
    # The good record beside a person who stands there twice is a number of identity: it stays where it is.
    units = [
        {"kind": one.kind, "record": one.record, "good": "" if one.kind == "person_twice" else one.good}
        for one in directory_demo.faults(scale)
    ]
    return units + [{"kind": one.kind, "record": one.where, "good": ""} for one in portal_demo.faults()]


def _address(fault: dict[str, str]) -> str:
    """Where the record of a fault is found; '' for one that is told in words."""
    name = _FOUND_IN.get(fault["kind"])
    return f"{reverse(name)}?{urlencode({'q': fault['record']})}" if name else ""


@public
def demo_faults(request: HttpRequest) -> HttpResponse:
    """What is wrong on purpose, by kind."""
    if not is_demo():
        raise Http404
    rows = sorted(json.loads(demo_mark().read_text(encoding="utf-8")).get("faults", []), key=itemgetter("kind"))
    groups = []
    for kind, found in groupby(rows, key=itemgetter("kind")):
        all_of_kind = [one | {"url": _address(one)} for one in found]
        groups.append({"title": KINDS[kind][0], "where": KINDS[kind][1], "count": len(all_of_kind), "rows": all_of_kind[:_SHOWN]})
    return render(request, "site/demo_faults.html", {"groups": groups, "total": len(rows)})
