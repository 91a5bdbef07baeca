"""What extraction may do to a form without changing what is read: columns in another order, lines torn anywhere."""

from hypothesis import given, settings
from hypothesis import strategies as st

from keheng.appraisal.reading.loading import load
from keheng.appraisal.reading.reader import read_forms

HEAD = "财政项目支出绩效自评表\n(2023 年度)\n项目名称\t\t仪器开放\n主管部门\t\t云溪市科委\t\t实施单位\t\t云溪市中心\n"
COLUMNS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
ROWS = [
    ["产出指标", "数量指标", "入网仪器数", "≥12000(台套)", "12980(台套)", "15", "15", ""],
    ["", "", "评估报告份数", "≥12(份)", "11(份)", "15", "13", "一份报告在专家审核，预计一月完成"],
    ["", "质量指标", "报告验收合格率", "=100(%)", "100(%)", "20", "20", ""],
    ["效益指标", "社会效益指标", "共享服务机时", "≥30(万小时)", "33.4(万小时)", "30", "30", ""],
    ["", "可持续影响指标", "开放管理制度", "健全", "较为健全", "10", "8", "办法修订尚在征求意见，将于三月印发"],
    ["满意度指标", "服务对象满意度指标", "用户满意度", "≥90(%)", "93.75(%)", "10", "10", ""],
]
LEVELS = [("产出指标", "数量指标")] * 2 + [
    ("产出指标", "质量指标"),
    ("效益指标", "社会效益指标"),
    ("效益指标", "可持续影响指标"),
    ("满意度指标", "服务对象满意度指标"),
]
TOTAL = ["总分", "", "", "", "", "100", "96", ""]


def read(lines: list[str]):
    (form,) = read_forms(load((HEAD + "\n".join(lines) + "\n").encode(), "made_up.txt"))
    return form


def cells(form):
    return [[r.name.text, r.target.text, r.actual.text, r.weight.text, r.score.text, r.reason.text] for r in form.rows]


PLAIN = [[row[i] for i in (2, 3, 4, 5, 6, 7)] for row in ROWS]


@given(st.permutations(range(1, 8)))
def test_permuting_the_columns_changes_nothing(order):
    # The first column keeps its place: a total stands below it.
    order = [0, *order]
    form = read(["\t".join(row[i] for i in order) for row in [COLUMNS, *ROWS, TOTAL]])
    assert cells(form) == PLAIN
    assert [(r.level1.text, r.level2.text) for r in form.rows] == LEVELS
    assert (form.weight_total.value, form.score_total.value) == (100, 96)


@settings(max_examples=300)
@given(st.sets(st.integers(0, len(ROWS) - 1), min_size=1, max_size=3), st.data())
def test_tearing_lines_changes_no_cell(torn, data):
    lines = ["\t".join(COLUMNS)]
    for number, row in enumerate(ROWS):
        line = "\t".join(row)
        if number in torn:
            # Anywhere from inside the name to the end of the actual value, or inside the reason.
            first, last = len("\t".join(row[:2])) + 2, len("\t".join(row[:5]))
            place = data.draw(st.integers(first, last))
            line = f"{line[:place]}\n{line[place:]}"
        lines.append(line)
    assert cells(read([*lines, "\t".join(TOTAL)])) == PLAIN


@given(st.lists(st.integers(0, 2), min_size=len(ROWS), max_size=len(ROWS)))
def test_lost_leading_tabs_change_nothing(lost):
    lines = ["\t".join(COLUMNS)]
    for row, count in zip(ROWS, lost, strict=True):
        line = "\t".join(row)
        for _ in range(count):
            line = line.removeprefix("\t")
        lines.append(line)
    form = read([*lines, "\t".join(TOTAL)])
    assert cells(form) == PLAIN
    assert [(r.level1.text, r.level2.text) for r in form.rows] == LEVELS
