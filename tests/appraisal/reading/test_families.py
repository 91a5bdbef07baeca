"""Made-up forms of every template family, as extraction leaves them: what is read, cell by cell."""

from decimal import Decimal

import pytest

from keheng.appraisal.model import Column, FormKind
from keheng.appraisal.reading.document import UnreadableError
from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms


def read(text: str):
    return read_forms(load(text.encode(), "made_up.txt"))


def one(text: str):
    (form,) = read(text)
    return form


def table(form):
    return [(r.level1.text, r.level2.text, r.name.text, r.target.text, r.actual.text, r.weight.value, r.score.value) for r in form.rows]


HEAD = "财政项目支出绩效自评表\n(2023 年度)\n项目名称\t\t科普站运行\n主管部门\t\t云溪市科委\t\t实施单位\t\t云溪市科普中心\n"
COLUMNS = "一级 指标\t二级 指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施\n"
ROWS = "产出 指标\t数量 指标\t课程\t≥10(次)\t12.00(次)\t50.00\t50.00\t\n满意 度指 标\t满意 度指标\t用户满意度\t≥90(%)\t95.00(%)\t50.00\t45.00\t排队久，将增开窗口\n"
FOOT = "总分\t\t\t\t\t100.00\t95.00\n评分等级\t\t优\n"
READ = [
    ("产出指标", "数量指标", "课程", "≥10(次)", "12.00(次)", 50, 50),
    ("满意度指标", "满意度指标", "用户满意度", "≥90(%)", "95.00(%)", 50, 45),
]


def test_head_table_and_foot_of_a_gridded_form():
    form = one(HEAD + COLUMNS + ROWS + FOOT)
    assert (form.year, form.project.text, form.department.text, form.unit.text) == (2023, "科普站运行", "云溪市科委", "云溪市科普中心")
    assert table(form) == READ
    assert (form.weight_total.value, form.score_total.value, form.grade.text) == (100, 95, "优")
    assert form.row(2).reason.text == "排队久，将增开窗口"
    assert form.row(1).name.line == 6
    assert form.confidence == 1.0


def test_columns_may_stand_in_any_order():
    order = [2, 5, 0, 6, 1, 4, 3, 7]
    permuted = "\n".join("\t".join(line.split("\t")[i] for i in order) for line in (COLUMNS + ROWS).strip().split("\n"))
    assert table(one(HEAD + permuted + "\n" + "总分\t100.00\t\t95.00\n")) == READ


@pytest.mark.parametrize("torn", [
    ROWS.replace("12.00(次)", "12.00\n(次)"), ROWS.replace("\t12.00(次)", "\n12.00(次)"), ROWS.replace("课程\t", "课\n程\t"),
    ROWS.replace("产出 指标\t数量 指标\t课程", "课程"), ROWS.replace("排队久，将增开窗口", "排队久，\n将增开窗口"),
    ROWS.replace("排队久，将增开窗口", "排队久，\n\t\t\t\t\n\t\t\t\t\t\t\t将增开窗口"), ROWS.replace("\t50.00\t50.00\t\n", "\t50.00\t50.00\n"),
])  # fmt: skip
def test_torn_lines_read_the_same(torn):
    form = one(HEAD + COLUMNS + torn + FOOT)
    assert [row[2:] for row in table(form)] == [row[2:] for row in READ]
    assert form.row(2).reason.text == "排队久，将增开窗口"


def test_a_header_split_over_two_lines_and_repeated_on_the_next_page():
    split = "一级\t二级\t三级\t年度\t实际\t分值\t得分\t偏差原因\n指标\t指标\t指标\t指标值\t完成值\t\t\t分析\n"
    first, second = ROWS.strip().split("\n")
    form = one(HEAD + split + first + "\n第 2 页\n" + split + second + "\n" + FOOT)
    assert table(form) == READ


def test_amounts_are_integer_fen_and_blank_is_not_zero():
    funds = (
        "项目资金 (万元)\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率(%)\t得分\n\t年度资金总额:\t1,121.92\t1,031.92\t957.58\t10.00\t92.79\t9.27\n"
        "\t其中: 当年财政拨款\t\t\t\t-\t\t-\n\t其他资金\t0.00\t0.00\t0.00\t-\t0.00\t-\n"
    )
    line = one(HEAD + funds + COLUMNS + ROWS + FOOT).funds
    assert [m.fen for m in (line.total.initial, line.total.annual, line.total.executed)] == [1_121_920_000, 1_031_920_000, 957_580_000]
    assert (line.unit, line.total.rate.value, line.total.weight.value, line.total.score.value) == (
        "万元",
        Decimal("92.79"),
        10,
        Decimal("9.27"),
    )
    assert line.total.annual.slack == 5000
    assert (line.parts[0].annual, line.parts[1].annual.fen) == (None, 0)


def test_two_narratives_below_their_heads_with_torn_lines():
    prose = "年度 总体 目标\t预期目标\t\t\t实际完成情况\n\t<p>开课10次。</p>\t\t\t<p>开课12次，\n另办讲座3场。</p>\n"
    form = one(HEAD + prose + COLUMNS + ROWS + FOOT)
    assert (form.goal.text, form.achieved.text) == ("开课10次。", "开课12次，另办讲座3场。")


def test_a_blank_goal_is_printed_but_empty():
    form = one(HEAD + "年度总体目标\t预期目标\t\t\t实际完成情况\n\t\t\t\t开课12次。\n" + COLUMNS + ROWS + FOOT)
    assert (form.goal.text, form.achieved.text, "goal" in form.labels) == ("", "开课12次。", True)


FLOW = """
项目支出绩效自评表
（2022年度）
项目名称 城区科普园地养护
主管部门 云溪市科委 实施单位
云溪市科普

中心
项目资金
（万元）
年初预算数 全年预算数 全年执行数 分值 执行率 得分
年度资金总额 560.00 540.00 531.20 10 98.37% 9.84
其中：本年财政拨款 560.00 540.00 531.20 — 98.37% —
年度
总体
目标
预期目标 实际完成情况

养护园地120处，补植苗
木3万株。

完成养护园地120处，
补植苗木3.2万株。

绩
效
指
标
一级指标 二级指标 三级指标
年度

指标值
实际

完成值
分值 得分

偏差原因分析
及改进措施
产出指标
（50分）
数量指标
养护园地数

>=120处 120处 20 20
质量指标 苗木成活率 ≥95% 93% 30 29 夏季高温干旱
效益指标
可持续影
响指标
绿地管护机制
健全

制定了管护办法，明确
了责任人
30 26
满意度指标
（10分）
服务对象
满意度指标 市民满意

度
>=90% 95% 10 10
总分 100 94.84
"""


def test_flowing_text_with_torn_names_values_and_levels():
    form = one(FLOW)
    assert (form.unit.text, form.year, form.goal.text) == ("云溪市科普中心", 2022, "养护园地120处，补植苗木3万株。")
    assert form.achieved.text == "完成养护园地120处，补植苗木3.2万株。"
    assert table(form) == [
        ("产出指标(50分)", "数量指标", "养护园地数", ">=120处", "120处", 20, 20),
        ("产出指标(50分)", "质量指标", "苗木成活率", "≥95%", "93%", 30, 29),
        ("效益指标", "可持续影响指标", "绿地管护机制", "健全", "制定了管护办法，明确了责任人", 30, 26),
        ("满意度指标(10分)", "服务对象满意度指标", "市民满意度", ">=90%", "95%", 10, 10),
    ]
    assert form.row(2).reason.text == "夏季高温干旱"


def test_one_paragraph_that_tells_what_was_done_is_the_account():
    text = FLOW.replace("养护园地120处，补植苗\n木3万株。\n\n完成", "完成了")
    assert (one(text).goal.text, one(text).achieved.text) == ("", "完成了养护园地120处，补植苗木3.2万株。")


def test_everything_in_one_line():
    rows = (
        "产出指标 数量指标 补助载体数 ≥35家 36家 10 10 孵化企业数 ≥800家 821家 10 10 时效指标 拨付及时率 ≥95% 92% 10 9.5 材料补正较多，将提前辅导 "
        "效益指标 可持续影响指标 管理机制 健全 健全 15 15 满意度指标 服务对象满意度指标 企业满意度 ≥90% 93% 10 10 总分 55 54.5"
    )
    text = "项目支出绩效自评表 （2021年度） 项目名称 载体补助 主管部门 云溪市科委 实施单位 云溪市协会 年度总体目标 预期目标 实际完成情况 补助载体35家。 补助载体36家。 "
    form = one(text + "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施 " + rows)
    assert [r.name.text for r in form.rows] == ["补助载体数", "孵化企业数", "拨付及时率", "管理机制", "企业满意度"]
    assert (form.row(3).actual.text, form.row(3).reason.text) == ("92%", "材料补正较多，将提前辅导")
    assert (form.goal.text, form.achieved.text, form.score_total.value) == ("补助载体35家。", "补助载体36家。", Decimal("54.5"))


def test_text_without_any_separator_is_cut_where_values_begin():
    text = "项目支出绩效自评表(2022年度)项目名称科技馆运行主管部门云溪市科协 一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因分析及改进措施 产出指标数量指标展览场次≥6场 7场 50 50 讲座场次≥8场 9场 50 50 合计100 100"
    assert [(r.name.text, r.target.text, r.weight.value) for r in one(text).rows] == [("展览场次", "≥6场", 50), ("讲座场次", "≥8场", 50)]


SPLIT = """｜部门预算项目支出绩效自评表（2023年度）｜
｜项目名称｜科普活动｜
｜年度预算数（万元）｜｜年初预算｜调整后预算数｜预算执行数｜预算执行率｜权重｜得分｜原因｜
｜｜总额｜80.00｜76.00｜75.24｜99.00%｜10｜9.9｜｜
｜绩效指标（90分）｜一级指标｜二级指标｜三级指标｜指标性质｜指标值｜度量单位｜完成值｜权重｜得分｜未完成原因分析｜
｜｜产出指标｜数量指标｜活动场次｜≥｜20｜场｜22｜45｜45｜｜
｜｜｜质量指标｜科学素质｜定性｜有所提升｜｜有所提升｜45｜40｜｜
｜合计｜100｜94.9｜｜
"""


def test_operator_and_unit_in_columns_of_their_own():
    form = one(SPLIT)
    assert [(r.target.text, r.actual.text) for r in form.rows] == [("≥20场", "22场"), ("有所提升", "有所提升")]
    assert [m.fen for m in (form.funds.total.initial, form.funds.total.annual)] == [80_000_000, 76_000_000]
    assert form.template == "sichuan"


def test_cells_one_below_the_other():
    cells = SPLIT.replace("｜\n｜", "｜").strip("｜\n").split("｜")
    form = one("".join(f"{cell} |\n" for cell in cells))
    assert [(r.name.text, r.target.text, r.weight.value) for r in form.rows] == [("活动场次", "≥20场", 45), ("科学素质", "有所提升", 45)]


def test_a_year_column_left_blank_is_told_by_the_rate():
    text = (
        HEAD
        + "项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |\n年度资金总额 | | 50.00 | 48.50 | 10.00 | 97.00% | 9.70 |\n"
    )
    total = one(text + COLUMNS + ROWS + FOOT).funds.total
    assert (total.initial, total.annual.fen, total.executed.fen) == (None, 50_000_000, 48_500_000)


RULED = """2019年度财政项目绩效自我评价
项目名称\t热线运维\t\t预算单位\t云溪市中心\t\t
当年预算数(元)\t168,000.00\t\t上年预算金额(元)\t0.00\t\t
预算执行数(元)\t151,200.00\t\t预算执行率(%)\t90.00%\t\t
绩效等级\t优秀\t\t\t\t\t
主要绩效\t接听电话23160个。\t\t\t\t\t
一级指标\t指标名称\t指标解释\t权重\t评分规则\t自评分\t备注
投入与管理 (36分)\t预算执行率\t执行进度\t8\t90%及以上得8分\t8\t
\t制度健全性\t制度是否健全，\t28\t健全得28分\t26\t
\t\t执行是否有效。\t\t\t\t
产出目标 (64分)\t接听量\t服务量\t64\t2万及以上得64分\t64\t
合计\t\t\t100\t\t98\t
"""


def test_the_2019_form_with_rules_in_words():
    form = one(RULED)
    assert [r.level1.text for r in form.rows] == ["投入与管理(36分)", "投入与管理(36分)", "产出目标(64分)"]
    assert [r.is_execution for r in form.rows] == [True, False, False]
    assert form.row(2).explanation.text == "制度是否健全，执行是否有效。"
    assert form.row(1).rule.text == "90%及以上得8分"
    assert (form.funds.total.annual.fen, form.funds.prior_year.fen, form.grade.text) == (16_800_000, 0, "优秀")
    assert form.extras["results"].text == "接听电话23160个。"
    assert (form.template, form.weight_total.value, form.score_total.value) == ("sh-2019-b", 100, 98)


def test_target_forms_carry_neither_actuals_nor_points():
    text = "项目绩效目标申报表\n（2024年度）\n项目名称 | 智慧平台\n项目资金（万元） | 年度资金总额 | 260\n总体目标 | 接入站点120个。\n一级指标 | 二级指标 | 三级指标 | 指标值\n产出指标 | 数量指标 | 接入站点 | ≥120个\n"
    form = one(text)
    assert (form.kind, form.template, form.funds.total.annual.fen, form.goal.text) == (
        FormKind.TARGETS,
        "targets",
        260_000_000,
        "接入站点120个。",
    )
    assert Column.ACTUAL not in form.columns


def test_a_table_without_scores_is_a_transfer_form():
    form = one(HEAD + "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\n产出指标\t数量指标\t课程\t10次\t12次\n")
    assert (form.kind, form.template) == (FormKind.TRANSFER, "transfer")


def test_a_form_that_starts_in_mid_table():
    form = one(
        "\t\t网络可用率\t≥99%\t99.5%\t10\t10\t\n\t质量指标\t修复及时率\t≥95%\t97%\t15\t15\t\n效益指标\t社会效益指标\t支撑部门\t≥12个\t14个\t30\t30\t\n"
    )
    assert [(r.name.text, r.weight.value) for r in form.rows] == [("网络可用率", 10), ("修复及时率", 15), ("支撑部门", 30)]
    assert form.row(1).level1.text == ""
    assert form.confidence < 0.8


def test_several_forms_in_one_file():
    second = (HEAD + COLUMNS + ROWS + FOOT).replace("科普站运行", "实验室开放")
    forms = read(HEAD + COLUMNS + ROWS + FOOT + "\n" + second)
    assert [(f.form_index, f.project.text, len(f.rows)) for f in forms] == [(1, "科普站运行", 2), (2, "实验室开放", 2)]


def test_a_second_project_without_a_title_begins_a_form():
    body = "项目名称\t\t{}\n" + COLUMNS + ROWS + FOOT
    assert [f.project.text for f in read(body.format("甲") + body.format("乙"))] == ["甲", "乙"]


def test_what_fits_nowhere_is_reported_as_unread():
    form = one(HEAD + COLUMNS + "此处文字不属于任何一行\n" + ROWS + FOOT)
    assert [(item.what, item.cell.text, item.cell.line) for item in form.unread] == [("row", "此处文字不属于任何一行", 6)]
    assert table(form) == READ


def test_prompts_of_the_empty_template_are_no_rows():
    assert len(one(HEAD + COLUMNS + ROWS + "\t\t指标2：\t\t\t\t\t\n\t\t……\t\t\t\t\t\n" + FOOT).rows) == 2


def test_points_in_words_and_dashes():
    form = one(HEAD + COLUMNS + "产出指标\t数量指标\t课程\t≥10次\t12次\t50分\t—\t\n" + ROWS.split("\n")[1] + "\n")
    assert (form.row(1).weight.value, form.row(1).score.value) == (50, None)


@pytest.mark.parametrize("text", ["今天天气很好。", "年度总结\n\n一、工作情况\n完成了三项任务。"])
def test_a_file_that_is_no_form_says_so(text):
    with pytest.raises(UnreadableError) as caught:
        read(text)
    assert caught.value.code == "no-form"
    assert str(caught.value).startswith("made_up.txt: ")
