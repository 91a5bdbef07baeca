"""Choices of projects, targets, monitoring, self-evaluations and re-checks."""

from __future__ import annotations

from django.db.models import TextChoices


class Source(TextChoices):
    """Where money comes from (the 其中 lines of the funds table)."""

    APPROPRIATION = "appropriation", "本年财政拨款"
    CARRIED = "carried", "上年结转资金"
    OTHER = "other", "其他资金"


class Origin(TextChoices):
    """How an execution entry came in."""

    IMPORTED = "imported", "导入"
    POSTED = "posted", "登记"


class GoalState(TextChoices):
    """Where a version of the targets stands."""

    DRAFT = "draft", "草拟"
    SUBMITTED = "submitted", "待批复"
    APPROVED = "approved", "已批复"
    SUPERSEDED = "superseded", "已被调整"


class TargetKind(TextChoices):
    """What a target is: one number, a range, words, a day, or yes or no."""

    NUMBER = "number", "数值"
    RANGE = "range", "区间"
    WORDS = "words", "定性"
    DATE = "date", "日期"
    YES_NO = "yesno", "是否"


class Direction(TextChoices):
    """Which way an indicator is good."""

    MORE = "more", "越高越好"
    LESS = "less", "越低越好"
    EITHER = "either", "不判断"


class EvidenceKind(TextChoices):
    """What proves an actual value."""

    MEASURE = "measure", "系统指标"
    FILE = "file", "文件"
    SURVEY = "survey", "调查"
    MINUTES = "minutes", "会议纪要"
    OUTSIDE = "outside", "外部数据"


class Lamp(TextChoices):
    """How an indicator fares in monitoring (红黄蓝绿)."""

    GREEN = "green", "绿"
    BLUE = "blue", "蓝"
    YELLOW = "yellow", "黄"
    RED = "red", "红"
    NONE = "none", "无数据"


class EvaluationState(TextChoices):
    """Where a self-evaluation stands; a form sent back after it was frozen keeps its frozen form, a new round begins."""

    DRAFT = "draft", "填报中"
    SUBMITTED = "submitted", "待审核"
    REVIEWED = "reviewed", "待签发"
    FROZEN = "frozen", "已签发"
    RETURNED = "returned", "复核退回"


class Step(TextChoices):
    """Who signs a self-evaluation: three different people."""

    MAKER = "maker", "填报"
    REVIEWER = "reviewer", "审核"
    HEAD = "head", "负责人签发"


class RecheckState(TextChoices):
    """Where a re-check stands."""

    OPEN = "open", "复核中"
    DONE = "done", "复核完毕"
    SENT_BACK = "sent_back", "已退回"


class Verdict(TextChoices):
    """What a reviewer says of a score."""

    CONFIRMED = "confirmed", "认可"
    ARITHMETIC = "arithmetic", "计算有误"
    EVIDENCE = "evidence", "依据不足"
    TARGET_LOW = "target_low", "目标偏低"
    WORDING = "wording", "定性档位不符"


class RectificationState(TextChoices):
    """Where a rectification stands."""

    OPEN = "open", "整改中"
    DONE = "done", "已完成"
