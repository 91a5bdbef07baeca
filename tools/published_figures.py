"""Whether the demo city's forms show the published figures: the city at full scale, computed from its rows, cell beside cell.

``python tools/published_figures.py [--data FOLDER]``: the full demo city in a temporary folder (SQLite, some minutes), or the one of a data
folder, which is read and left as it is. Every signed form is proved besides. The last line is one JSON object, the exit code 1 when a
figure is another than the published one or a form does not hold.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src")]
_PARSER = argparse.ArgumentParser(description=__doc__)
_PARSER.add_argument("--data", type=Path, help="the data folder of a demo city that is loaded at full scale")
_FOLDER = tempfile.TemporaryDirectory()
if __name__ == "__main__":
    OPTIONS = _PARSER.parse_args()
    os.environ["KEHENG_DATA"] = str(OPTIONS.data or _FOLDER.name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "keheng.site.settings"

    import django

    django.setup()

from django.utils.timezone import localdate

from keheng.performance.models import EvaluationRow, MonitorRow
from keheng.performance.queries.evaluations import text_of
from keheng.performance.queries.proof import prove
from keheng.performance.rules.values import actual_text
from keheng.site.demo_city import load

# What was published of 2019 to 2023, by project and indicator; ``≥`` where the published text says "over" or gives the target alone.
PUBLISHED = {
    ("YL-PT-01", "用户数"): "5110家", ("YL-PT-01", "访问量"): "1114.3566万次", ("YL-PT-01", "平台网站响应时间"): "0.766秒",
    ("YL-PT-01", "更新条目"): "945条", ("YL-PT-01", "网站安全等级保护"): "3级", ("YL-PT-01", "网站用户满意度"): "99.97%",
    ("YL-PT-02", "年度完成接待任务数"): "566次", ("YL-PT-02", "展厅参观人数"): "16400人",
    ("YL-PT-03", "年度完成接待任务数"): "70次", ("YL-PT-03", "参观人数"): "800人",
    ("YL-PT-04", "媒体专版报道量"): "18篇", ("YL-PT-04", "推广交流活动"): "38场", ("YL-PT-04", "活动参与人数"): "2500人",
    ("YL-PT-04", "活动参与率"): "95%", ("YL-PT-04", "媒体报道转载量"): "≥80篇",
    ("YL-PT-05", "更新条目"): "945条", ("YL-PT-05", "综合信息管理平台业务模块优化"): "5个", ("YL-PT-05", "更新响应"): "≤12小时",
    ("YL-YW-01", "模块优化"): "5个", ("YL-YW-01", "系统故障率"): "0%", ("YL-YW-01", "更新响应"): "≤12小时",
    ("YL-YW-01", "使用人员满意度"): "90%", ("YL-YW-09", "申报项目"): "1131项", ("YL-YW-09", "立项项目"): "182项",
    ("YL-YW-02", "每月巡检"): "12次", ("YL-YW-02", "问题响应时间"): "≤2小时", ("YL-YW-02", "数据接口对接"): "1个",
    ("YL-YW-03", "评估项目"): "≥350个", ("YL-YW-03", "评估报告审查通过率"): "100%", ("YL-YW-03", "驻场顾问"): "1人",
    ("YL-YW-03", "年内评估完成率"): "100%",
    ("YL-YW-04", "服务人次"): "≥3万人次", ("YL-YW-04", "外专服务动态"): "12期", ("YL-YW-04", "海外对接活动次数"): "3次",
    ("YL-YW-04", "证件办结率"): "100%", ("YL-YW-04", "材料审查审批准确率"): "100%", ("YL-YW-04", "政策咨询解答率"): "100%",
    ("YL-YW-04", "五星好评率"): "99.9%", ("YL-YW-04", "服务满意度"): "100%",
    ("YL-YW-05", "人才计划受理项"): "4项", ("YL-YW-05", "高层次人才专题活动"): "2场次", ("YL-YW-05", "人才公众号发稿宣传"): "600篇",
    ("YL-YW-04", "政策宣贯开展及时性"): "100%", ("YL-YW-05", "申报受理情况"): "100%",
    ("YL-YW-05", "科技政策推送数量"): "20项", ("YL-YW-05", "科技人才满意度"): "99%",
    ("YL-YW-06", "公开年度报告"): "1份", ("YL-YW-06", "问题响应时间"): "≤2小时", ("YL-YW-06", "企业满意度"): "100%",
    ("YL-YW-06", "政策共享区县"): "16个",
    ("YL-YW-07", "办公审批事项"): "1500件", ("YL-YW-07", "故障解决率"): "100%", ("YL-YW-07", "问题响应时间"): "≤2小时",
    ("YL-YW-07", "操作人员权限最小化"): "100%",
    ("YL-YW-11", "验收项目"): "101项", ("YL-YW-11", "验收项目资助金额"): "6650万元",
    ("YL-YW-12", "上报信息"): "267条", ("YL-YW-12", "上级采用信息"): "46条", ("YL-YW-12", "审批流程"): "1500件",
    ("YL-YW-12", "流程调整"): "2项",
    ("YL-YW-08", "参赛作品"): "10769件", ("YL-YW-08", "参赛学校"): "737家", ("YL-YW-08", "参赛区县"): "16个",
    ("YL-YW-08", "评审观察覆盖率"): "100%",
}  # fmt: skip


def shown() -> dict[tuple[str, str], str]:
    """What last year's signed forms of the city print; of the contest what this year's monitoring does, whose figures were published."""
    last = localdate().year - 1
    rows = EvaluationRow.objects.filter(evaluation__state="frozen", evaluation__project__year=last)
    found = {
        (one.evaluation.project.code, one.indicator.title): text_of(one) for one in rows.select_related("indicator", "evaluation__project")
    }
    watched = MonitorRow.objects.filter(point__project__code="YL-YW-08", point__project__year=last + 1).select_related("indicator")
    return found | {("YL-YW-08", one.indicator.title): actual_text(one.actual, one.indicator.unit, one.words) for one in watched}


def agrees(published: str, text: str) -> bool:
    """Whether a printed figure is the published one, or on the right side of it; both carry the same unit."""
    bound, figure = published[:1], published.lstrip("≥≤")
    if bound not in {"≥", "≤"}:
        return text == figure
    unit = figure.lstrip("0123456789.")
    wanted, has = float(figure.removesuffix(unit)), float(text.removesuffix(unit) or "nan")
    return has >= wanted if bound == "≥" else has <= wanted


def main() -> int:
    """Compare, prove, print."""
    if OPTIONS.data is None:
        load("full")
    found, wrong = shown(), []
    for (code, title), published in PUBLISHED.items():
        text = found.get((code, title), "")
        holds = agrees(published, text)
        wrong += [] if holds else [f"{code} {title}: {text}, published {published}"]
        print(f"{'✓' if holds else '✗'} {code} {title}: {text} ({published})")
    proofs = list(prove())
    wrong += [f"{one.evaluation.project.code} {cell.place}: {cell.then} → {cell.now}" for one in proofs for cell in one.wrong]
    print(json.dumps({"check": "published", "figures": len(PUBLISHED), "forms": len(proofs), "wrong": wrong}, ensure_ascii=False))
    return 1 if wrong or not proofs else 0


if __name__ == "__main__":
    sys.exit(main())
