"""Tables written as markdown, and tables with one cell a line."""

from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms


def one(text: str):
    (form,) = read_forms(load(text.encode(), "made_up.txt"))
    return form


MARKDOWN = """| 项目支出绩效自评表 | | | | | | | | |
|---|---|---|---|---|---|---|---|---|
| （2021年度） | | | | | | | | |
| 项目名称 | 公园维护 | | | | | | | |
| 主管部门及代码 | 325-园林局 | | | 实施单位 | 公园处 | | | |
| 一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 实际完成值 | 得分 | 偏差原因及改进措施 | |
| 产出指标 | 数量指标 | 更换座椅 | 60 | ≥200张 | 180张 | 54 | 供货延误，已督促 | |
| 满意度指标 | 服务对象满意度指标 | 游客满意度 | 40 | ≥90% | 94% | 40 | | |
| 总分 | | | 100 | | | 94 | | |
"""


def test_a_markdown_table_with_the_weight_before_the_target():
    form = one(MARKDOWN)
    assert (form.year, form.department.text, form.template) == (2021, "325-园林局", "mof")
    assert [(r.name.text, r.target.text, r.actual.text, r.weight.value, r.score.value) for r in form.rows] == [
        ("更换座椅", "≥200张", "180张", 60, 54), ("游客满意度", "≥90%", "94%", 40, 40),
    ]  # fmt: skip


CELL_A_LINE = """项目支出绩效自评表
（2022年度）
项目名称 数字资源
项目资金
（万元）
年初
预算数
全年
预算数
全年
执行数
分值
执行率
得分
年度资金总额
60
60
58.5
10
97.5%
9.75
年度总体目标
预期目标
实际完成情况
采购数据库3个，在线服务10万次。
采购数据库3个，在线服务12.6万次。
一级指标
二级指标
三级指标
年度
指标值
实际
完成值
分值
得分
偏差原因
分析及
改进措施
产出指标
数量指标
采购数据库数量
3个
3个
50
50
满意度指标
服务对象满意度指标
读者满意度
≥90%
88%
50
48
系统升级期间服务中断，
已完善预案
总分
100
98
"""


def test_one_cell_a_line():
    form = one(CELL_A_LINE)
    assert [m.fen for m in (form.funds.total.initial, form.funds.total.annual, form.funds.total.executed)] == [
        60_000_000,
        60_000_000,
        58_500_000,
    ]
    assert (form.goal.text, form.achieved.text) == ("采购数据库3个，在线服务10万次。", "采购数据库3个，在线服务12.6万次。")
    assert [(r.level2.text, r.name.text, r.target.text, r.actual.text, r.score.value) for r in form.rows] == [
        ("数量指标", "采购数据库数量", "3个", "3个", 50), ("服务对象满意度指标", "读者满意度", "≥90%", "88%", 48),
    ]  # fmt: skip
    assert form.row(2).reason.text == "系统升级期间服务中断，已完善预案"
