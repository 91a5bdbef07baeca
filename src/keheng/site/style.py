"""The living style page: every component in every state, from the very templates and style sheets that pages use."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keheng.kernel.charts import Chart, Series, Shape
from keheng.kernel.doors import shared
from keheng.kernel.errors import problem
from keheng.kernel.tables.asking import Asked
from keheng.kernel.tables.drawing import Cell, Line
from keheng.kernel.tables.keeping import Saved
from keheng.kernel.tables.showing import Box, Head, Shown
from keheng.kernel.tables.table import Bulk, Column, Filter, Table

COLOURS = (
    "ink", "muted", "line", "edge", "ground", "paper", "brand", "brand-strong", "brand-soft", "accent", "accent-soft", "ok", "ok-soft",
    "warn", "warn-soft", "bad", "bad-soft", "chart-1", "chart-2", "chart-3", "chart-4", "chart-5", "chart-6",
)  # fmt: skip
SECTIONS = (
    ("colours", "颜色"), ("type", "文字"), ("icons", "图标"), ("buttons", "按钮"), ("tags", "标签和提示"), ("forms", "表单"),
    ("cards", "卡片"), ("tables", "表格"), ("flow", "步骤"), ("figures", "图表"), ("states", "状态"),
    ("front", "门户首页"), ("reading", "列表和正文"), ("desk", "工作台"),
    ("dialogs", "对话框"), ("tools", "查找和选项"), ("calendar", "日历"), ("elder", "关怀版"), ("qr", "二维码"),
)  # fmt: skip
_MONTHS = tuple(f"{month} 月" for month in range(1, 13))
_VISITS = (812000, 655400, 931000, 902300, 968700, 1012400, 945100, 901800, 998200, 887600, 1054300, None)


class Sample(forms.Form):
    """A form with every kind of field."""

    name = forms.CharField(label="单位名称", help_text="与营业执照一致", max_length=20)
    kind = forms.ChoiceField(label="类型", choices=(("enterprise", "企业"), ("institute", "科研院所")))
    since = forms.DateField(label="成立日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="我已阅读并同意服务条款")


def samples() -> list[Chart]:
    """A chart of each shape."""
    districts = ("云岭区", "临湖区", "青禾区", "望山区")
    two = [Series("企业", (320, 281, 214, 166)), Series("机构", (91, 120, 64, 52))]
    return [
        Chart("各月访问量", _MONTHS, [Series("访问量", _VISITS)], Shape.LINE, "次", "十二月尚未结束，没有数字。", 1_000_000, "目标"),
        Chart("各区用户单位", districts, two, Shape.BAR, "家"),
        Chart("办件来源", ("网上", "窗口", "热线"), [Series("办件", (812, 164, 77))], Shape.PIE, "件"),
        Chart("展厅接待", districts, [Series("接待", (566, 70, 31, 12))], Shape.ROWS, "批次"),
        Chart("尚无数据的图", ("一季度",), [Series("数值", (None,))], unit="次"),
    ]


@cache
def _icons() -> tuple[str, ...]:
    """Names of all icons of the sprite."""
    return tuple(re.findall(r'id="([\w-]+)"', Path(str(finders.find("vendor/icons.svg"))).read_text(encoding="utf-8")))


def _list(request: HttpRequest) -> Shown:
    """A list as pages have it, with everything that it can have at once; its rows are made up, what it would keep is kept nowhere."""
    columns = (Column("name", "单位"), Column("kind", "类型"), Column("state", "状态"), Column("tools", "仪器（台）", kind="integer"))
    table = Table("style", "样例：单位", columns, (Filter("q", "名称或信用代码", hint="至少两个字"), Filter("since", "登记日期", "dates")))
    made = (("云岭精密仪器有限公司", "企业", "正常", 12), ("青禾研究院", "科研院所", "待核实", 3), ("临湖检测中心", "机构", "已注销", None))
    tags = {"正常": "ok", "待核实": "warn", "已注销": "bad"}

    def line(number: int, values: tuple[object, ...]) -> Line:
        texts = ["—" if one is None else str(one) for one in values]
        cells = [
            Cell(column, value, text, "#tables" if column.code == "name" else "", column.code == "state", tags.get(text, ""))
            for column, value, text in zip(columns, values, texts, strict=True)
        ]
        return Line(SimpleNamespace(pk=number), cells, "#tables")

    text, dates = table.filters
    wrong = Asked(dates, ("2026-13-40", ""), None, "日期要写成 2026-11-21 这样，已按全部显示")
    return Shown(
        table=table,
        heads=[
            Head(columns[0], "ascending", "?sort=-name"), Head(columns[1], "", "?sort=kind"), *(Head(one, "", "") for one in columns[2:]),
        ],
        lines=[line(number, values) for number, values in enumerate(made)],
        boxes=[
            Box(Asked(text, ("云岭",), "云岭", ""), "q", text.title, "云岭", []),
            Box(wrong, "since_from", "登记日期从", "2026-13-40", []), Box(wrong, "since_to", "到", "", []),
        ],
        sort="name", filtered=True, count=1000, more=True, first_url="?", before_url="?before=", after_url="?after=", query="sort=name",
        path=request.path, columns=[(one, one is not columns[1]) for one in columns], size=50, sizes=[20, 50, 100],
        saved=[Saved(1, "待核实的企业", "kind=enterprise")],
        actions=(Bulk("check", "核实", "site:style"), Bulk("drop", "注销", "site:style", danger=True)),
        may_export=True, remembers=True, csrf="", request=request,
    )  # fmt: skip


@shared
def style(request: HttpRequest) -> HttpResponse:
    """Tokens, words, forms, tables, figures, and the states that a page can be in."""
    filled = Sample({"name": "云岭精密仪器有限公司", "kind": "enterprise", "agree": "on"})
    wrong = Sample({"name": "名称很长" * 8, "kind": "other", "since": "2026-13-40"})
    context = {
        "sections": SECTIONS,
        "colours": COLOURS,
        "charts": samples(),
        "empty_form": Sample(),
        "forms": (("填写正确", filled), ("有错误", wrong)),
        "problems": [problem("DIR_NAME_MISSING", "name"), problem("DIR_ENDED_ALREADY", "")],
        "page": Paginator(range(100), 20).page(2),
        "rows": (
            ("超导量子干涉仪", "云岭大学", 1_250_000, "ok"),
            ("冷冻电镜", "青禾研究院", 32_800_000, "warn"),
            ("质谱仪", "临湖检测中心", None, "bad"),
        ),
        "icons": _icons(),
        "table": _list(request),
    }
    return render(request, "site/style.html", context)
