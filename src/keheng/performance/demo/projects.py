"""The invented city's projects of the portal, the halls and publicity, with the targets of the published forms."""

from __future__ import annotations

from keheng.performance.demo.lines import LASTING, OUTCOME, SATISFACTION, SERVED, SOCIAL, DemoProject, Line

_OUTSIDE = "performance.outside"

PROJECTS = (
    DemoProject(
        "YL-PT-01", "科技创新服务平台门户网站运行维护", "sh-2022", 186, 181,
        "保障门户网站全年稳定运行，信息及时更新，用户满意。",
        (
            Line("平台网站响应时间", "<2秒", "<2秒", 15, level2="timeliness", measure=_OUTSIDE, scope="key=portal.response"),
            Line("更新条目", "≥200条", "≥20条", 20),
            Line("网站安全等级保护", "=3级", "=3级", 15, level2="quality", measure=_OUTSIDE, scope="key=portal.protection"),
            Line("访问量", "≥1000万次", "≥10万次", 15, OUTCOME, SOCIAL),
            Line("用户数", "≥3000家", "≥200家", 15, OUTCOME, SOCIAL),
            Line("网站用户满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="questionnaire=site"),
        ),
    ),
    DemoProject(
        "YL-PT-02", "云岭科创中心展厅运营", "sh-2023", 420, 405,
        "保障科创中心展厅全年开放，每日巡检，接待服务验收合格，参观者满意。",
        (
            Line("年度完成接待任务数", "≥150次", "≥15次", 20, scope="hall=kechuang"),
            Line("展厅每日巡检天数", "≥365天", "≥365天", 15, measure="portal.inspection_days", scope="hall=kechuang"),
            Line("接待服务验收通过率", "≥95%", "≥95%", 15, level2="quality", scope="hall=kechuang"),
            Line("展厅参观人数", "≥1800人", "≥180人", 30, OUTCOME, SOCIAL, scope="hall=kechuang"),
            Line("展厅参观者的满意度", "≥85%", "≥85%", 10, *SERVED, SATISFACTION, scope="questionnaire=hall"),
        ),
        earlier=(400, 368),
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
                "参观人数", "≥3000人", "≥300人", 30, OUTCOME, SOCIAL, scope="hall=chuangxin",
                reason="闭馆期间没有参观，公园交通调整也影响了客流；明年与学校合作组织参观。",
            ),
            Line("展厅参观者满意度", "≥95%", "≥95%", 10, *SERVED, SATISFACTION, scope="questionnaire=history"),
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
            Line("媒体报道转载量", "≥35篇", "≥3篇", 30, OUTCOME, SOCIAL),
            Line(
                "服务对象满意度", "≥85%", "≥85%", 10, *SERVED, SATISFACTION, scope="questionnaire=activity",
                reason="个别场次座位不足，部分到会人员评价一般；明年按报名人数安排场地。",
            ),
        ),
    ),
    DemoProject(
        "YL-PT-05", "信息发布和综合信息管理运维", "mof", 98, 92,
        "及时更新和发布信息，综合信息管理平台运行稳定、功能得到使用，使用人员满意。",
        (
            Line("更新条目", "≥200条", "≥20条", 20),
            Line(
                "综合信息管理平台业务模块优化", "≥4个", "≥4个", 15, measure="matters.completed",
                scope="matter=yl.service-order answer.system=综合信息管理平台 answer.kind=优化",
            ),
            Line("更新响应", "≤24小时", "≤24小时", 15, level2="timeliness"),
            Line("系统功能利用率", "=100%", "=100%", 30, OUTCOME, LASTING, "matters.kinds_used", scope="topic=内部事务"),
            Line("使用人员满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="occasion=office subject=yl.service-order"),
        ),
    ),
)  # fmt: skip
