"""The invented city's projects: titles, budgets, indicators with the targets of the published forms, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from keheng.performance.rules.library import by_title
from keheng.performance.rules.targets import IndicatorFacts


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator: its name in the library, the target at the full scale and at the small one, its points, what proves it.

    ``measure`` is named where it is another one than the library's; ``stated`` is the value where none gives it.
    """

    title: str
    full: str
    small: str
    weight: int
    level1: str = "output"
    level2: str = "quantity"
    measure: str = ""
    stated: str = ""
    scope: str = ""
    reason: str = ""

    def facts(self, scale: str) -> IndicatorFacts:
        """As it is declared."""
        known = by_title().get(self.title)
        measure = "" if self.stated else self.measure or (known.measure if known else "")
        scope = dict(part.split("=") for part in self.scope.split())
        usual = dict(known.scope) if known and not self.measure else {}
        return IndicatorFacts(
            title=self.title, level1=self.level1, level2=self.level2, target=self.full if scale == "full" else self.small,
            weight=Decimal(self.weight), evidence="measure" if measure else ("survey" if self.level2 == "served" else "file"),
            measure=measure, scope=(scope or usual) if measure else {}, direction=known.direction if known else "more",
        )  # fmt: skip


@dataclass(frozen=True)
class DemoProject:
    """A project with its money in 万元."""

    code: str
    title: str
    layout: str
    budget: int
    spent: int
    goal: str
    lines: tuple[Line, ...]

    def told_goal(self, scale: str) -> str:
        """The goal with the year's figures, which are those of the table."""
        return f"{self.goal}年度要求：" + "，".join(f"{line.title}{line.facts(scale).target}" for line in self.lines) + "。"

    @cached_property
    def stated(self) -> dict[str, str]:
        """Values that no measure gives, by title."""
        return {line.title: line.stated for line in self.lines if line.stated}


_OUTCOME, _SOCIAL, _LASTING = "outcome", "social", "lasting"
_SERVED = ("satisfaction", "served")

PROJECTS = (
    DemoProject(
        "YL-PT-01", "科技创新服务平台门户网站运行维护", "sh-2022", 186, 181,
        "保障门户网站全年稳定运行，信息及时更新，用户满意。",
        (
            Line("平台网站响应时间", "<2秒", "<2秒", 15, level2="timeliness", measure="performance.outside", scope="key=portal.response"),
            Line("更新条目", "≥200条", "≥20条", 20),
            Line("网站安全等级保护", "=3级", "=3级", 15, level2="quality", stated="3级"),
            Line("访问量", "≥1000万次", "≥10万次", 15, _OUTCOME, _SOCIAL),
            Line("用户数", "≥3000家", "≥200家", 15, _OUTCOME, _SOCIAL),
            Line("网站用户满意度", "≥90%", "≥90%", 10, *_SERVED, stated="96.4%"),
        ),
    ),
    DemoProject(
        "YL-PT-02", "云岭科创中心展厅运营", "sh-2023", 420, 405,
        "保障科创中心展厅全年开放，每日巡检，接待服务验收合格，参观者满意。",
        (
            Line("年度完成接待任务数", "≥150次", "≥15次", 20, scope="hall=kechuang"),
            Line("展厅每日巡检天数", "≥365天", "≥365天", 15, measure="portal.inspection_days", scope="hall=kechuang"),
            Line("接待服务验收通过率", "≥95%", "≥95%", 15, level2="quality", scope="hall=kechuang"),
            Line("展厅参观人数", "≥1800人", "≥180人", 30, _OUTCOME, _SOCIAL, scope="hall=kechuang"),
            Line("展厅参观者的满意度", "≥85%", "≥85%", 10, *_SERVED, measure="portal.survey_satisfaction", scope="questionnaire=hall"),
        ),
    ),
    DemoProject(
        "YL-PT-03", "云岭创新公园展厅运营", "sh-2023", 160, 151,
        "保障创新公园展厅开放，接待服务验收合格，参观者满意。",
        (
            Line(
                "年度完成接待任务数", "≥120次", "≥12次", 30, scope="hall=chuangxin",
                reason="展厅更新布展，三月至四月闭馆，接待减少；明年错开旺季施工。",
            ),
            Line("接待服务验收通过率", "≥95%", "≥95%", 20, level2="quality", scope="hall=chuangxin"),
            Line(
                "参观人数", "≥3000人", "≥300人", 30, _OUTCOME, _SOCIAL, scope="hall=chuangxin",
                reason="闭馆期间没有参观，公园交通调整也影响了客流；明年与学校合作组织参观。",
            ),
            Line("展厅参观者满意度", "≥95%", "≥95%", 10, *_SERVED, stated="95.8%"),
        ),
    ),
    DemoProject(
        "YL-PT-04", "科技创新服务宣传推广", "sh-2022", 240, 236,
        "举办推广交流和渠道对接活动，通过媒体宣传科技创新服务，服务对象满意。",
        (
            Line("媒体专版报道量", "≥14篇", "≥1篇", 10),
            Line("推广交流活动", "≥6场", "≥3场", 10),
            Line("服务渠道对接活动", "≥1场", "≥1场", 10),
            Line("活动参与人数", "≥100人", "≥100人", 10),
            Line("活动参与率", "≥80%", "≥80%", 10, level2="quality"),
            Line("媒体报道转载量", "≥35篇", "≥3篇", 30, _OUTCOME, _SOCIAL),
            Line("服务对象满意度", "≥90%", "≥90%", 10, *_SERVED, stated="93.6%"),
        ),
    ),
    DemoProject(
        "YL-PT-05", "信息发布和综合信息管理运维", "mof", 98, 92,
        "及时更新和发布信息，宣传人才政策，推送科技政策，使用人员满意。",
        (
            Line("更新条目", "≥200条", "≥20条", 20),
            Line("更新响应", "≤24小时", "≤24小时", 15, level2="timeliness"),
            Line("科技政策推送数量", "≥18项", "≥2项", 15),
            Line("人才公众号发稿宣传", "≥400篇", "≥40篇", 30, _OUTCOME, _SOCIAL),
            Line("使用人员满意度", "≥90%", "≥90%", 10, *_SERVED, stated="91.2%"),
        ),
    ),
)  # fmt: skip
