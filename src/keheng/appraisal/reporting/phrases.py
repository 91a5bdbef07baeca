"""The fixed words of reports in Chinese and English."""

from __future__ import annotations

SEVERITIES: dict[str, dict[str, str]] = {
    "critical": {"zh": "严重", "en": "Critical", "zh_note": "金额或等级难以成立", "en_note": "money or grade cannot stand"},
    "high": {"zh": "重要", "en": "High", "zh_note": "影响得分的数字需要更正或依据", "en_note": "a number on which points hang"},
    "medium": {"zh": "一般", "en": "Medium", "zh_note": "需要说明", "en_note": "needs an explanation"},
    "low": {"zh": "轻微", "en": "Low", "zh_note": "写法与设计", "en_note": "style and design"},
    "info": {"zh": "提示", "en": "Info", "zh_note": "供参考", "en_note": "for reference"},
}

_PHRASES: dict[str, tuple[str, str]] = {
    "title": ("绩效自评表审核报告", "Self-evaluation forms: findings report"),
    "forms": ("自评表", "Forms"),
    "rows": ("{count} 条指标", "{count} indicator rows"),
    "budget": ("全年预算（万元）", "Annual budget (10,000 yuan)"),
    "spent": ("执行 {spent}，执行率 {rate}", "{spent} spent, {rate}"),
    "findings": ("发现", "Findings"),
    "serious": ("其中严重和重要 {count}", "{count} critical or high"),
    "at_stake": ("涉及分数", "Points at stake"),
    "at_stake_note": ("严重和重要发现，每行计一次", "critical and high, each row once"),
    "overview": ("各表一览", "All forms"),
    "number": ("序号", "No."),
    "project": ("项目", "Project"),
    "rate": ("执行率", "Rate"),
    "total": ("总分", "Total"),
    "grade": ("等级", "Grade"),
    "unreadable": ("未能读取的文件", "Files that could not be read"),
    "show": ("显示", "Show"),
    "shown": ("显示 {shown} / {all} 条", "{shown} of {all} shown"),
    "footer": (
        "依抽取的文字由程序核对，没有使用语言模型。发现只表示需要说明或需要依据，不代表存在违规。",
        "Checked by program on the extracted text, without a language model. A finding asks for explanation or evidence; it accuses nobody.",
    ),
    "unit": ("实施单位", "Unit"),
    "department": ("主管部门", "Department"),
    "year": ("年度", "Year"),
    "annual": ("全年预算数", "Annual budget"),
    "executed": ("全年执行数", "Executed"),
    "initial": ("年初预算数", "Initial budget"),
    "execution": ("执行率得分", "Execution score"),
    "template": ("模板与口径", "Template and policy"),
    "confidence": ("识读把握", "Confidence"),
    "as_printed": ("指标表（依原表文字）", "Indicators as printed"),
    "level1": ("一级指标", "Level 1"),
    "level2": ("二级指标", "Level 2"),
    "name": ("三级指标", "Indicator"),
    "target": ("年度指标值", "Target"),
    "actual": ("实际完成值", "Actual"),
    "weight": ("分值", "Weight"),
    "score": ("得分", "Score"),
    "expected": ("应得", "Expected"),
    "reason": ("偏差原因", "Reason"),
    "rule": ("评分规则", "Rule"),
    "goal": ("预期目标", "Goal"),
    "achieved": ("实际完成情况", "Account of results"),
    "blank": ("（空白）", "(blank)"),
    "weights_strip": ("分值合计", "Weights"),
    "scores_strip": ("得分合计", "Scores"),
    "printed_total": ("印制总分", "printed"),
    "no_findings": ("没有发现", "No findings"),
    "basis": ("依据", "Basis"),
    "todo": ("建议", "What to do"),
    "cells": ("原文", "As printed"),
    "line": ("第 {line} 行", "line {line}"),
    "page": ("第 {page} 页", "page {page}"),
    "also": ("另见", "See also"),
    "unread": ("未能归入表格的文字", "Text that fits nowhere"),
    "sure": ("把握 {percent}%", "{percent}% sure"),
}


def phrase(key: str, lang: str, **values: object) -> str:
    """A fixed phrase in zh or en, its placeholders filled when values are given."""
    text = _PHRASES[key][0 if lang == "zh" else 1]
    return text.format(**values) if values else text
