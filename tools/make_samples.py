"""Writes the sample forms of the fictional city of Yunling (云岭市) and the key of their planted defects into ``samples/``.

The forms are invented. Text looks as extraction from PDF leaves it: lost tabs, torn cells, page numbers, blanks in words.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.sample_texts import FLOW_2022, NATIONAL_ONE_LINE, RULES_2019, SHANGHAI_2020, SICHUAN, YUNNAN

FOLDER = Path("samples")
Row = tuple[str, str, str, str, str, str, str, str]


def shanghai_2023(
    project: str,
    money: Sequence[str],
    goal: str,
    done: str,
    rows: Sequence[Row],
    totals: tuple[str, str],
    grade: str,
    unit: str = "云岭市科技服务中心",
) -> list[str]:
    """A form of the Shanghai 2023 family; amounts in 万元: initial, annual, executed, weight, rate, score."""
    initial, annual, executed, weight, rate, points = money
    lines = [
        "",
        "财政项目支出绩效自评表",
        "",
        "(2023 年度)",
        "",
        f"项目名称\t\t{project}",
        f"主管部门\t\t云岭市科学技术委员会\t\t实施单位\t\t{unit}",
    ]
    lines += ["项目资金 (万元)\t\t年初预算数\t全年预算数\t全年执行数\t分数\t执行率(%)\t得分"]
    lines += [f"\t年度资金总额:\t{initial}\t{annual}\t{executed}\t{weight}\t{rate}\t{points}"]
    lines += [f"\t其中: 当年财政拨款\t{initial}\t{annual}\t{executed}\t-\t{rate}\t-", "\t上年结转资金\t0.00\t0.00\t0.00\t-\t0.00\t-"]
    lines += ["\t其他资金\t0.00\t0.00\t0.00\t-\t0.00\t-", "年度 总体 目标\t预期目标\t\t\t实际完成情况", f"\t{goal}\t\t\t{done}"]
    lines += ["一级 指标\t二级 指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析 及改进措施"]
    for index, (level1, level2, *cells) in enumerate(rows):
        # Now and then extraction loses the tabs before a name.
        lead = f"{level1}\t{level2}\t" if level1 or level2 else ("" if index % 5 == 4 else "\t\t")  # noqa: PLR2004 -- every fifth row
        lines.append(lead + "\t".join(cells))
    return [*lines, f"总分\t\t\t\t\t{totals[0]}\t{totals[1]}", f"评分等级\t\t{grade}"]


def _instruments() -> list[str]:
    rows = [
        ("产出 指标", "数量 指标", "入网仪器数", "≥12000.00(台套)", "12980.00(台套)", "10.00", "10.00", ""),
        ("", "", "开放仪器评估数", "≥600.00(台套)", "655.00(台套)", "10.00", "10.00", ""),
        ("", "质量 指标", "评估报告验收合格率", "=100.00(%)", "100.00(%)", "10.00", "10.00", ""),
        ("", "时效 指标", "奖励资金发放及时率", "≥95.00(%)", "97.20(%)", "10.00", "10.00", ""),
        ("", "成本 指标", "单台评估成本", "≤400.00(元)", "378.00(元)", "10.00", "10.00", ""),
        ("效益 指标", "社会 效益 指标", "仪器共享服务机时", "≥30.00(万小时)", "33.41(万小时)", "30.00", "30.00", ""),
        (
            "满意 度指 标",
            "服务 对象 满意 度指 标",
            "仪器用户满意度",
            "≥90.00(%)",
            "93.75(%)",
            "10.00",
            "9.00",
            "回收问卷412份，3%的用户反映预约等待较长，下一年度增加夜间机时",
        ),
    ]
    goal = "年内入网仪器不少于12000台套，完成600台套开放仪器的评估，奖励资金在评估后30天内发放。"
    done = "入网仪器12980台套，完成655台套开放仪器评估，奖励资金平均26天发放；回收用户问卷412份，满意度93.75%。"
    return shanghai_2023(
        "大型仪器开放共享评估", ("320.00", "310.00", "301.63", "10.00", "97.30", "9.73"), goal, done, rows, ("100.00", "98.73"), "优"
    )


def _hall() -> list[str]:
    rows = [
        ("产出 指标", "数量 指标", "接待参观批次", "≥120.00(批)", "66.00(批)", "10.00", "6.00", "展厅改造闭馆四个月"),
        ("", "", "展项更新数", "≥0.00(项)", "3.00(项)", "10.00", "10.00", ""),
        ("", "质量 指标", "讲解服务合格率", "≥95.00(%)", "95.00(%)", "10.00", "10.00", ""),
        ("", "时效 指标", "设备报修响应", "≤24.00(小时)", "9.00(小时)", "16.00", "16.00", ""),
        ("效益 指标", "社会 效益 指标", "参观人数", "≥20000.00(人)", "6400.00(人)", "30.00", "21.00", "展厅改造闭馆四个月"),
        ("满意 度指 标", "服务 对象 满意 度指 标", "展厅工作人员满意度", "≥90.00(%)", "96.38(%)", "10.00", "10.00", ""),
    ]
    goal = "充分发挥科普展厅的展示功能，营造崇尚科学的氛围，讲好云岭科技故事，获得参观市民认可，取得良好社会效益。"
    done = "较好发挥科普展厅的展示功能，营造崇尚科学的氛围，讲好云岭科技故事，获得参观市民认可，取得良好社会效益。"
    return shanghai_2023(
        "科普展厅运行", ("186.00", "186.00", "158.40", "10.00", "85.16", "8.51"), goal, done, rows, ("100.00", "85.51"), "良"
    )


def _fee() -> list[str]:
    rows = [
        ("产出 指标", "数量 指标", "缴纳次数", "=1.00(次)", "1.00(次)", "20.00", "20.00", ""),
        ("", "质量 指标", "缴纳准确率", "=100.00(%)", "100.00(%)", "20.00", "20.00", ""),
        ("", "时效 指标", "缴纳及时性", "=100.00(%)", "100.00(%)", "10.00", "10.00", ""),
        ("效益 指标", "社会 效益 指标", "保障履行率", "≥95.00(%)", "95.00(%)", "30.00", "30.00", ""),
        ("满意 度指 标", "服务 对象 满意 度指 标", "经办部门满意度", "≥90.00(%)", "96.38(%)", "10.00", "10.00", ""),
    ]
    money = ("18.50", "18.50", "4.07", "10.00", "22.00", "2.20")
    return shanghai_2023("年度保险缴费", money, "按规定足额缴纳年度保险费。", "已按时缴纳。", rows, ("100.00", "92.20"), "优")


def _upkeep() -> list[str]:
    rows = [
        ("产出 指标", "数量 指标", "受理工单量", "≥5000.00(件)", "9120.00(件)", "15.00", "15.00", ""),
        ("", "质量 指标", "系统故障率", "≤95.00(%)", "0.20(%)", "15.00", "15.00", ""),
        ("", "时效 指标", "系统响应时间", "≤2.00(秒)", "380.00(毫秒)", "20.00", "22.00", ""),
        ("效益 指标", "社会 效益 指标", "系统连续运行情况", "全年连续运行", "达成指标", "30.00", "28.00", ""),
        ("满意 度指 标", "服务 对象 满意 度指 标", "系统用户满意度", "≥90.00(%)", "96.38(%)", "10.00", "10.00", ""),
    ]
    goal = "全年受理工单不少于6000件，系统响应时间不超过2秒。"
    done = "全年受理工单9120件，其中电话4100件、网页3200件、窗口1900件。"
    return shanghai_2023(
        "政务服务系统运维", ("92.00", "92.00", "92.00", "10.00", "100.00", "10.00"), goal, done, rows, ("100.00", "100.00"), "良"
    )


def _training() -> list[str]:
    rows = [
        ("产出 指标", "数量 指标", "举办技术经纪人培训班", "≥8.00(期)", "9.00(期)", "15.00", "15.00", ""),
        ("", "", "培训人次", "≥600.00(人次)", "687.00(人次)", "15.00", "15.00", ""),
        ("", "质量 指标", "结业考核通过率", "≥85.00(%)", "88.50(%)", "20.00", "20.00", ""),
        ("效益 指标", "社会 效益 指标", "学员促成技术合同数", "≥40.00(项)", "46.00(项)", "30.00", "30.00", ""),
        (
            "满意 度指 标",
            "服务 对象 满意 度指 标",
            "学员满意度",
            "≥90.00(%)",
            "94.12(%)",
            "10.00",
            "9.50",
            "问卷中反映案例课偏少，明年增加两门案例课",
        ),
    ]
    goal = "举办技术经纪人培训班不少于8期，培训600人次以上，结业考核通过率不低于85%。"
    done = "举办技术经纪人培训班9期，培训687人次，结业考核通过率88.5%，学员促成技术合同46项；发放问卷520份，回收510份。"
    return shanghai_2023(
        "技术经纪人培训",
        ("64.00", "60.00", "58.80", "10.00", "98.00", "9.80"),
        goal,
        done,
        rows,
        ("100.00", "99.30"),
        "优",
        "云岭市技术转移中心",
    )


DEFECTS: dict[str, list[tuple[int, str, list[int], str]]] = {
    "yunling_2023_services.txt": [
        (2, "WT_TOTAL", [], "must"), (2, "SC_TOTAL", [], "must"), (2, "ROW_LOST", [], "should"), (2, "SCORE_NOT_PROPORTIONAL", [1], "must"),
        (2, "SCORE_NOT_PROPORTIONAL", [5], "must"), (2, "TGT_MEANINGLESS", [2], "must"), (2, "ACT_EQ_TARGET", [3], "must"), (2, "NARR_COPY", [], "must"),
        (2, "NARR_EMPTY", [], "must"), (2, "GOAL_VAGUE", [], "must"), (2, "IND_SAT_OBJECT", [6], "should"), (2, "SAT_REUSED", [6], "must"),
        (3, "EXEC_LOW_NO_REASON", [], "must"), (3, "GRADE_VS_EXEC", [], "should"), (3, "BUD_OVEREST", [], "should"), (3, "GOAL_VAGUE", [], "must"),
        (3, "NARR_EMPTY", [], "must"), (3, "ACT_EQ_TARGET", [4], "must"), (3, "SAT_REUSED", [5], "must"), (3, "ALL_FULL", [], "should"),
        (4, "TGT_MEANINGLESS", [2], "must"), (4, "SCORE_OVER_WT", [3], "must"), (4, "UNIT_MIX", [3], "must"), (4, "GRADE_MISMATCH", [], "must"),
        (4, "ACT_NOT_STATED", [4], "must"), (4, "DEDUCT_NO_REASON", [4], "must"), (4, "TGT_LOW", [1], "must"), (4, "NARR_SUM", [], "must"),
        (4, "TGT_GOAL_MISMATCH", [1], "must"), (4, "SAT_REUSED", [5], "must"),
    ],
    "yunling_2022_platform.txt": [
        (1, "TGT_GOAL_MISMATCH", [1], "must"), (1, "TGT_LOW", [1], "must"), (1, "TGT_LOW", [5], "must"), (1, "UNIT_MIX", [2], "must"), (1, "UNIT_MIX", [4], "must"),
        (1, "NARR_SUM", [], "must"), (1, "BUD_CUT", [], "should"), (2, "EXEC_OVER", [], "must"),
    ],
    "yunling_2019_hotline.txt": [
        (1, "NO_TARGET_ACTUAL", [], "must"), (1, "EXEC_RATE", [], "must"), (1, "BUD_PRIOR", [], "must"), (1, "RULE_BAND_GT_WT", [4], "must"),
        (1, "RULE_GAP", [5], "should"), (1, "RULE_GOAL_CONFLICT", [6], "should"), (1, "RULE_FLOOR", [7], "should"),
    ],
    "yunling_2020_website.txt": [(1, "DEDUCT_NO_REASON", [3], "must"), (1, "TGT_GOAL_MISMATCH", [2], "must"), (1, "TGT_LOW", [2], "must")],
    "yunling_2021_incubators.txt": [(1, "FUND_SPLIT", [], "must"), (1, "SCORE_NOT_PROPORTIONAL", [4], "must")],
    "yunling_2022_library.txt": [(1, "WT_TOTAL", [], "must"), (1, "GRADE_MISMATCH", [], "must")],
    "yunling_2023_museum.txt": [],
}  # fmt: skip


def main() -> int:
    """Write the forms and their key."""
    FOLDER.mkdir(exist_ok=True)
    services = [line for form in (_instruments(), _hall(), _fee(), _upkeep(), _training()) for line in form]
    texts = {
        "yunling_2023_services.txt": "\n".join(services) + "\n",
        "yunling_2022_platform.txt": FLOW_2022,
        "yunling_2019_hotline.txt": RULES_2019,
        "yunling_2020_website.txt": SHANGHAI_2020,
        "yunling_2021_incubators.txt": NATIONAL_ONE_LINE,
        "yunling_2023_museum.txt": SICHUAN,
        "yunling_2022_library.txt": YUNNAN,
    }
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    keys = [
        {"id": f"S{number:03}", "file": name, "form_index": form, "code": code, "rows": rows, "expect": expect}
        for number, (name, (form, code, rows, expect)) in enumerate(((n, d) for n, found in DEFECTS.items() for d in found), 1)
    ]
    (FOLDER / "key.jsonl").write_text("".join(json.dumps(key, ensure_ascii=False) + "\n" for key in keys), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
