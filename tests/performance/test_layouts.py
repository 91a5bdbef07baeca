"""The official file, read back, is the same form: every layout, every format."""

from decimal import Decimal

import pytest

from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms
from keheng.appraisal.writing.write import write_form
from keheng.directory.models import Organisation
from keheng.performance.models import Indicator, Project
from keheng.performance.queries.drawing import Drawn, Story, as_printed, drawn_form
from keheng.performance.rules.library import keeps_execution_row, layouts
from keheng.performance.rules.money import Funds
from keheng.performance.rules.values import target_from

STORY = Story("保障门户网站全年稳定运行，访问量不少于1000万次，更新不少于200条。", "全年访问量1114.3566万次，更新945条。")
FUNDS = {"appropriation": Funds(128_000_000, 128_000_000, 121_600_000), "other": Funds(12_000_000, 10_000_000, 9_000_000)}
NEW = (
    ("访问量", "output", "quantity", "≥1000万次", "30", "1114.3566万次", "30", ""),
    ("更新条目", "output", "quantity", "≥200条", "20", "945条", "20", ""),
    ("用户数", "outcome", "social", "≥3000家", "30", "5110家", "30", ""),
    ("网站用户满意度", "satisfaction", "served", "≥90%", "10", "89.5%", "9.94", "调查期间系统升级，已改进。"),
)
OLD = (
    ("资金使用的合规性", "management", "", "合规", "28", "合规", "28", ""),
    ("访问量", "output", "", "≥1000万次", "34", "1114.3566万次", "34", ""),
    ("用户数", "outcome", "", "≥3000家", "15", "5110家", "15", ""),
    ("长效管理制度建设", "influence", "", "完善", "15", "完善", "15", ""),
)
_TEXTS = ("project", "department", "unit", "goal", "achieved", "weight_total", "score_total", "grade")
_ROW = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason", "explanation", "rule")


def indicator(layout, title, level1, level2, target, weight):
    found = target_from(target)
    return Indicator(
        title=title, level1=level1, level2=level2, kind=found.kind, op=found.op, value=found.value, high=found.high, unit=found.unit,
        words=found.words, weight=Decimal(weight), direction="more", rule="完成得满分" if layout == "sh-2019-b" else "",
    )  # fmt: skip


def form_in(layout):
    old = keeps_execution_row(layout)
    unit, department = Organisation(name="云岭市科技平台中心"), Organisation(name="云岭市科学技术委员会")
    project = Project(year=2019 if old else 2023, code="YL-1", title="门户网站运行", unit=unit, department=department, office="信息部")
    rows = [Drawn(indicator(layout, *one[:5]), one[5], Decimal(one[6]), one[7]) for one in (OLD if old else NEW)]
    return as_printed(drawn_form(project, layout, rows, FUNDS, STORY))


def told(form):
    total = form.funds.total
    money = [None if one is None else one.fen for one in (total.initial, total.annual, total.executed)]
    texts = [getattr(form, name).text.replace(" ", "") for name in _TEXTS]
    points = [total.rate.value, total.weight.value, total.score.value]
    return form.year, texts, money, points, [[getattr(row, name).text for name in _ROW] for row in form.rows]


@pytest.mark.parametrize("file_format", ["xlsx", "docx", "pdf"])
@pytest.mark.parametrize("layout", list(layouts()))
def test_the_file_read_back_is_the_same_form(layout, file_format):
    form = form_in(layout)
    (found,) = read_forms(load(write_form([form], layout, file_format), f"form.{file_format}"))
    assert told(found) == told(form)
    assert form.score_total.text in {"99.40", "100.00"}
