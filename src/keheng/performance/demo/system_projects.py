"""The invented city's projects of the systems that cases go through, with the targets of the published forms (2019 to 2023)."""

from __future__ import annotations

from keheng.performance.demo.lines import LASTING, OUTCOME, SATISFACTION, SERVED, SOCIAL, DemoProject, Line

_FOREIGNERS = "topic=外国人来华工作"
_CONTEST = "matter=yl.youth-contest"
_ACCEPTANCE, _REPORTS = "matter=yl.zhangjiang-acceptance", "matter=yl.info-report"
# Which of the units carries a project out; those of the portal have the first.
_WORK, _PEOPLE = 1, 2


def _orders(system: str, kind: str) -> str:
    """The scope of the service orders of one kind for a system."""
    return f"matter=yl.service-order answer.system={system} answer.kind={kind}"


_FUND, _IT, _POLICY, _OFFICE = "专项资金申报管理系统", "信息化项目申报及管理系统", "企业政策管理系统", "综合业务管理信息平台"

SYSTEMS = (
    DemoProject(
        "YL-YW-01", "张江专项资金申报管理系统运维", "sh-2023", 25, 24,
        "系统保持稳定运行，有效支撑专项资金申报和管理，申报按承诺时限办理。",
        (
            Line("模块优化", "≥5个", "≥5个", 20, measure="matters.completed", scope=_orders(_FUND, "优化")),
            Line(
                "系统故障率", "≤5%", "≤5%", 15, level2="quality", measure="matters.answered_so",
                scope=f"{_orders(_FUND, '巡检')} of=found:停用",
            ),
            Line("更新响应", "≤24小时", "≤24小时", 15, level2="timeliness"),
            Line("专项资金申报办结率", "=100%", "=100%", 15, OUTCOME, SOCIAL, "matters.ended", scope="matter=yl.zhangjiang"),
            Line("专项资金申报承诺兑现率", "=100%", "=100%", 15, OUTCOME, SOCIAL, "matters.in_time", scope="matter=yl.zhangjiang"),
            Line("使用人员满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.zhangjiang questionnaire=system"),
        ),
        unit=_WORK,
    ),
    DemoProject(
        "YL-YW-02", "信息化项目申报及管理系统运维", "sh-2023", 68, 66,
        "各部门信息化项目全部在线申报和审核，每月巡检，问题及时响应，使用人员满意。",
        (
            Line("申报部门", "≥6家", "≥6家", 15, measure="matters.units", scope="matter=yl.it-project"),
            Line("每月巡检", "≥12次", "≥12次", 10, measure="matters.completed", scope=_orders(_IT, "巡检")),
            Line("项目审核办结率", "=100%", "=100%", 15, level2="quality", measure="matters.ended", scope="matter=yl.it-project"),
            Line(
                "问题响应时间", "≤2小时", "≤2小时", 10, level2="timeliness", measure="matters.first_answer", scope=_orders(_IT, "故障"),
            ),
            Line(
                "审核时限承诺兑现率", "≥90%", "≥90%", 15, OUTCOME, SOCIAL, "matters.in_time", scope="matter=yl.it-project",
                reason="少数大额项目补充论证，审核时间超过承诺；下年提前介入论证，错开申报高峰。",
            ),
            Line("数据接口对接", "≥1个", "≥1个", 15, OUTCOME, LASTING, "matters.completed", scope=_orders(_IT, "接口")),
            Line("使用人员满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.it-project"),
        ),
        unit=_WORK, earlier=(64, 59),
    ),
    DemoProject(
        "YL-YW-03", "信息化项目咨询评估", "mof", 180, 176,
        "完成全年信息化项目咨询评估，评估报告全部通过审查，驻场顾问到位，委托单位满意。",
        (
            Line("评估项目", "≥350个", "≥15个", 30, measure="matters.cases", scope="matter=yl.it-consult"),
            Line("驻场顾问", "≥1人", "≥1人", 5, measure="matters.users", scope="matter=yl.it-consult"),
            Line("评估报告审查通过率", "=100%", "=100%", 15, level2="quality", measure="matters.granted", scope="matter=yl.it-consult"),
            Line("年内评估完成率", "=100%", "=100%", 30, OUTCOME, SOCIAL, "matters.ended", scope="matter=yl.it-consult"),
            Line("委托单位满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.it-consult"),
        ),
        unit=_WORK,
    ),
    DemoProject(
        "YL-YW-04", "外国人来华工作服务", "sh-2022", 197, 196,
        "提升窗口管理和服务，规范办理外国人来华工作许可，加强政策宣传，服务对象满意。",
        (
            Line("外专服务动态", "=12期", "=12期", 10),
            Line("沙龙活动", "≥1场", "≥1场", 5),
            Line("海外对接活动次数", "≥3次", "≥1次", 10),
            Line("材料审查审批准确率", "=100%", "=100%", 5, level2="quality", measure="matters.accurate", scope=_FOREIGNERS),
            Line("政策咨询解答率", "≥95%", "≥95%", 5, level2="quality", measure="portal.feedback_answered", scope="kind=question"),
            Line("证件办结率", "=100%", "=100%", 10, level2="quality"),
            Line(
                "政策宣贯开展及时性", "=100%", "=100%", 5, level2="timeliness", measure="portal.published_promptly",
                scope="column=foreign-experts",
            ),
            Line("服务人次", "≥3万人次", "≥0.01万人次", 15, OUTCOME, SOCIAL),
            Line("五星好评率", "≥95%", "≥95%", 10, OUTCOME, SOCIAL, "matters.five_stars", scope=_FOREIGNERS),
            Line("行政服务窗口管理规范", "完善", "完善", 5, OUTCOME, LASTING, stated="完善"),
            Line("服务满意度", "≥95%", "≥95%", 10, *SERVED, "matters.well_rated", scope=_FOREIGNERS),
        ),
        unit=_PEOPLE,
    ),
    DemoProject(
        "YL-YW-05", "科技系统人才工作综合服务平台", "sh-2022", 58, 57,
        "组织实施人才计划和评选，举办人才活动，宣传和推送人才政策，科技人才满意。",
        (
            Line("高层次人才专题活动", "≥2场次", "≥1场次", 10, scope="kind=forum"),
            Line("人才公众号发稿宣传", "≥400篇", "≥40篇", 10),
            Line("科技政策推送数量", "≥18项", "≥2项", 10),
            Line("人才计划受理项", "≥4项", "≥4项", 10),
            Line("申报受理情况", "=100%", "=100%", 5, level2="quality", measure="matters.taken_up", scope="topic=人才、学会"),
            Line("科技政策推送", "=100%", "=100%", 5, level2="timeliness", measure="portal.published_promptly", scope="column=policies"),
            Line("人才计划申报办结率", "=100%", "=100%", 30, OUTCOME, SOCIAL, "matters.ended", scope="topic=人才、学会"),
            Line("科技人才满意度", "≥80%", "≥80%", 10, *SERVED),
        ),
        unit=_PEOPLE,
    ),
    DemoProject(
        "YL-YW-06", "企业政策管理系统运维", "sh-2023", 46, 45,
        "政策信息全区共享，符合条件的企业及时得到告知，公开年度报告，企业满意。",
        (
            Line("告知新符合政策的企业", "≥2000家", "≥20家", 20, measure="matters.policy_units"),
            Line("公开年度报告", "=1份", "=1份", 15, measure="portal.articles_published", scope="column=annual-reports"),
            Line(
                "问题响应时间", "≤2小时", "≤2小时", 15, level2="timeliness", measure="matters.first_answer", scope=_orders(_POLICY, "故障"),
            ),
            Line("政策共享区县", "=16个", "≥10个", 30, OUTCOME, SOCIAL, "matters.policy_districts"),
            Line("企业满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.apply-high-tech-award"),
        ),
        unit=_PEOPLE,
    ),
    DemoProject(
        "YL-YW-07", "科委综合业务管理信息平台运维", "sh-2023", 76, 74,
        "平台稳定支撑机关办公审批，操作人员权限最小化，故障全部解决，使用人员满意。",
        (
            Line(
                "办公审批事项", "≥1500件", "≥48件", 20, measure="matters.cases", scope="topic=内部事务",
                reason="合并了部分用印和采购申请，件数减少；下年按合并后的事项测算目标。",
            ),
            Line(
                "操作人员权限最小化", "=100%", "=100%", 10, level2="quality", measure="matters.answered_so",
                scope=f"{_orders(_OFFICE, '权限复核')} of=found:正常",
            ),
            Line("故障解决率", "=100%", "=100%", 10, level2="quality", measure="matters.ended", scope=_orders(_OFFICE, "故障")),
            Line(
                "问题响应时间", "≤2小时", "≤2小时", 10, level2="timeliness", measure="matters.first_answer", scope=_orders(_OFFICE, "故障"),
            ),
            Line("办公审批办结率", "=100%", "=100%", 30, OUTCOME, LASTING, "matters.ended", scope="topic=内部事务"),
            Line(
                "使用人员满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="occasion=office questionnaire=system",
                reason="改版初期操作不熟，评价偏低；已补充操作手册和培训。",
            ),
        ),
        unit=_WORK, earlier=(72, 66),
    ),
    DemoProject(
        "YL-YW-08", "青少年科技创新大赛", "sh-2020", 140, 133,
        "举办全市青少年科技创新大赛，各区县学校踊跃参加，评审按期完成，师生满意。",
        (
            Line("参赛作品", "≥400件", "≥10件", 20, measure="matters.cases", scope=_CONTEST),
            Line("参赛学校", "≥400家", "≥10家", 15, measure="matters.units", scope=_CONTEST),
            Line("作品评审完成率", "=100%", "=100%", 15, level2="quality", measure="matters.ended", scope=_CONTEST),
            Line("参赛区县", "=16个", "≥10个", 30, OUTCOME, SOCIAL, "matters.districts", scope=_CONTEST),
            Line("师生满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.youth-contest"),
        ),
        unit=_PEOPLE,
    ),
    DemoProject(
        "YL-YW-09", "科技计划项目立项管理", "sh-2022", 88, 85,
        "公开受理科技计划项目申报，评审和立项按承诺时限办理，申报单位满意。",
        (
            Line("申报项目", "≥1000项", "≥8项", 20, measure="matters.cases", scope="matter=yl.zhangjiang"),
            Line("立项项目", "≥150项", "≥4项", 20, measure="matters.completed", scope="matter=yl.zhangjiang"),
            Line("评审时限承诺兑现率", "=100%", "=100%", 15, level2="timeliness", measure="matters.in_time", scope="matter=yl.zhangjiang"),
            Line("申报项目办结率", "=100%", "=100%", 25, OUTCOME, SOCIAL, "matters.ended", scope="matter=yl.zhangjiang"),
            Line("申报单位满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.zhangjiang questionnaire=service"),
        ),
        unit=_PEOPLE,
    ),
    DemoProject(
        "YL-YW-10", "学会评估、职称评审和院士专家工作站服务", "sh-2020", 62, 60,
        "完成星级学会评估、科技职称评审、院士专家工作站认定和英才评选，服务对象满意。",
        (
            Line("星级学会评估", "≥20家", "≥2家", 15, measure="matters.completed", scope="matter=yl.star-society"),
            Line("科技职称评审", "≥20人", "≥2人", 15, measure="matters.completed", scope="matter=yl.title"),
            Line("院士专家工作站认定", "≥20家", "≥2家", 15, measure="matters.completed", scope="matter=yl.workstation"),
            Line("科技英才评选", "≥20人", "≥2人", 10, measure="matters.completed", scope="matter=yl.talent"),
            Line(
                "评审时限承诺兑现率", "≥90%", "≥90%", 10, level2="timeliness", measure="matters.in_time", scope="topic=人才、学会",
                reason="部分评审等待现场考察，超过承诺；下年考察与评审同步安排。",
            ),
            Line("申请办结率", "=100%", "=100%", 15, OUTCOME, SOCIAL, "matters.ended", scope="topic=人才、学会"),
            Line("学会满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.star-society"),
        ),
        unit=_PEOPLE,
    ),
    DemoProject(
        "YL-YW-11", "科技计划项目验收管理", "sh-2022", 64, 62,
        "按任务书组织项目验收，专家验收和审批按承诺时限办理，承担单位满意。",
        (
            Line("验收项目", "≥100项", "≥4项", 20, measure="matters.completed", scope=_ACCEPTANCE),
            Line("验收项目资助金额", "≥6000万元", "≥240万元", 15, measure="matters.completed_amount", scope=f"{_ACCEPTANCE} of=grant"),
            Line("验收通过率", "≥95%", "≥95%", 15, level2="quality", measure="matters.granted", scope=_ACCEPTANCE),
            Line("验收时限承诺兑现率", "=100%", "=100%", 15, level2="timeliness", measure="matters.in_time", scope=_ACCEPTANCE),
            Line("验收申请办结率", "=100%", "=100%", 15, OUTCOME, SOCIAL, "matters.ended", scope=_ACCEPTANCE),
            Line("项目承担单位满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.zhangjiang-acceptance"),
        ),
        unit=_PEOPLE,
    ),
    DemoProject(
        "YL-YW-12", "科协信息报送和电子政务运维", "sh-2020", 54, 53,
        "及时报送工作信息，电子政务审批稳定运行，流程按需调整，使用人员满意。",
        (
            Line("上报信息", "≥250条", "≥18条", 20, measure="matters.cases", scope=_REPORTS),
            Line("审批流程", "≥1500件", "≥48件", 15, measure="matters.cases", scope="topic=内部事务"),
            Line("流程调整", "≥2项", "≥2项", 10, measure="matters.completed", scope=_orders(_OFFICE, "优化")),
            Line("信息审核按时率", "=100%", "=100%", 15, level2="timeliness", measure="matters.in_time", scope=_REPORTS),
            Line("上级采用信息", "≥40条", "≥4条", 20, OUTCOME, SOCIAL, "matters.completed", scope=_REPORTS),
            Line("使用人员满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="occasion=office subject=yl.info-report"),
        ),
        unit=_WORK,
    ),
)  # fmt: skip

# This year's contest is watched while it is held: its entries and schools are as many as were published for 2020.
CONTEST = DemoProject(
    "YL-YW-08", "青少年科技创新大赛", "sh-2020", 150, 140,
    "举办全市青少年科技创新大赛，各区县学校踊跃参加，评审全程接受观察，师生满意。",
    (
        Line("参赛作品", "≥10000件", "≥50件", 20, measure="matters.cases", scope=_CONTEST),
        Line("参赛学校", "≥700家", "≥15家", 15, measure="matters.units", scope=_CONTEST),
        Line("评审观察覆盖率", "=100%", "=100%", 15, level2="quality", measure="review.watched", scope="kind=yl.youth-contest/experts"),
        Line("参赛区县", "=16个", "=16个", 30, OUTCOME, SOCIAL, "matters.districts", scope=_CONTEST),
        Line("师生满意度", "≥90%", "≥90%", 10, *SERVED, SATISFACTION, scope="subject=yl.youth-contest"),
    ),
    unit=_PEOPLE,
)  # fmt: skip
