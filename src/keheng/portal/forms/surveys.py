"""Forms of surveys: staff make them; the form of answers is built of the questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keheng.kernel.errors import Problem
from keheng.kernel.spoken import in_chinese
from keheng.portal.enums.activities import OVER
from keheng.portal.enums.outreach import parameter
from keheng.portal.enums.surveys import Audience, QuestionKind
from keheng.portal.forms.outreach import OTHERS, OutreachForm, long_text, moment_field, translated, translations_initial
from keheng.portal.models import Activity, Survey
from keheng.portal.queries.surveys import ready_questionnaires
from keheng.portal.rules.occasions import all_occasions
from keheng.portal.rules.questions import LONGEST_TEXT, SCALE, Question, questions_from, read_lines, written_lines
from keheng.portal.rules.surveys import EVERYBODY, SurveyFacts

K = QuestionKind
_OWN = "own"


def _ready() -> list[tuple[str, str]]:
    return [
        *((one.code, f"{one.title}（{len(one.questions)} 题，四种语言）") for one in ready_questionnaires().values()),
        (_OWN, "自己写题目"),
    ]


def _activities() -> list[tuple[str, str]]:
    found = Activity.objects.filter(state__in=sorted(OVER)).order_by("-ends_at")[:100]
    return [("", "不限活动"), *((str(one.pk), f"{one.ends_at:%m-%d} {one.title}") for one in found)]


def _services() -> list[tuple[str, object]]:
    """Each occasion with all that it may be about, as ``occasion/subject``."""
    groups: list[tuple[str, object]] = [("", "请选择")]
    for one in all_occasions():
        subjects = [(f"{one.code}/{code}", title) for code, title in one.subjects()]
        groups.append((one.title_zh, [(f"{one.code}/", f"{one.title_zh}：全部"), *subjects]))
    return groups


class SurveyForm(OutreachForm):
    """A survey."""

    title = forms.CharField(label="标题", max_length=120)
    intro = long_text("说明", required=False, rows=3, most=500)
    audience = forms.ChoiceField(label="调查对象", choices=Audience.choices)
    activity = forms.TypedChoiceField(label="活动", choices=_activities, coerce=int, empty_value=None, required=False)
    service = forms.ChoiceField(
        label="服务", choices=_services, required=False,
        help_text="对象是办完服务的人时，办结一件就询问申请人一次，发到站内消息；凭链接的，只写明结果算哪项服务的",
    )  # fmt: skip
    begins_at = moment_field("开始询问", required=False, text="从这时起询问；不填，从“开始调查”起")
    closes_at = moment_field("截止")
    share = forms.IntegerField(label="抽取比例（%）", required=False, help_text="每 100 件抽多少件；不填为 100")
    quiet_days = forms.IntegerField(label="同一人多少天内不再问", required=False, help_text="最近收到过任何调查邀请的人不再打扰")
    code = forms.ChoiceField(label="问卷", choices=_ready)
    questions = long_text(
        "自己写的题目", required=False, rows=8,
        text="每行一题：类型 代码 题目 选项 / 选项。类型：满意度、评分、单选、多选、数字、文字；代码用小写字母；题目里不要有空格。",
    )  # fmt: skip

    title_en = forms.CharField(label="标题（英文）", max_length=120, required=False)
    title_ja = forms.CharField(label="标题（日文）", max_length=120, required=False)
    title_ko = forms.CharField(label="标题（韩文）", max_length=120, required=False)
    intro_en = long_text("说明（英文）", required=False, rows=2, most=500)
    intro_ja = long_text("说明（日文）", required=False, rows=2, most=500)
    intro_ko = long_text("说明（韩文）", required=False, rows=2, most=500)

    def first(self) -> list[forms.BoundField]:
        """What is asked of every survey: its words and whom it asks."""
        return [self[name] for name in ("title", "intro", "audience", "activity")]

    def standing(self) -> list[forms.BoundField]:
        """What is asked of one after a service."""
        return [self[name] for name in ("service", "begins_at", "share", "quiet_days")]

    def last(self) -> list[forms.BoundField]:
        """What is asked of every survey again: its end and its questions."""
        return [self[name] for name in ("closes_at", "code", "questions")]

    def spoken(self) -> list[forms.BoundField]:
        """Its words in other languages; the questions of a ready questionnaire have theirs."""
        return [self[f"{name}_{code}"] for code, _zh in OTHERS for name in ("title", "intro")]

    def is_spoken(self) -> bool:
        """Whether something stands in another language, or something there is wrong."""
        return any(field.value() or field.errors for field in self.spoken())

    def asks_after(self) -> bool:
        """Whether it is about a service, or something said of that is wrong."""
        about = self["audience"].value() == Audience.AFTER or self["service"].value()
        return bool(about) or any(field.errors for field in self.standing())

    def facts(self) -> tuple[SurveyFacts, list[Problem]]:
        """What was typed, and what is wrong with the questions."""
        apart = {"questions", "service", *(field.name for field in self.spoken())}
        given = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        given["translations"] = translated(self.cleaned_data, "title", "intro")
        occasion, _slash, subject = self.cleaned_data["service"].partition("/")
        for name, usual in (("share", EVERYBODY), ("quiet_days", parameter("survey_quiet_days"))):
            given[name] = usual if given[name] is None else given[name]
        if given["code"] == _OWN:
            questions, problems = read_lines(self.cleaned_data["questions"])
        else:
            questions, problems = ready_questionnaires()[given["code"]].questions, []
        return SurveyFacts(**given, occasion=occasion, subject=subject, questions=questions), problems


def new_survey() -> dict[str, Any]:
    """What the form of a new survey shows."""
    return {"audience": Audience.LINK, "share": EVERYBODY, "quiet_days": parameter("survey_quiet_days")}


def survey_initial(row: Survey) -> dict[str, Any]:
    """A survey as its form shows it."""
    usual = new_survey()
    ready = row.questionnaire.code in ready_questionnaires()
    lines = "" if ready else written_lines(questions_from(row.questionnaire.questions))
    return {
        "title": row.title, "intro": row.intro, "audience": row.audience, "activity": row.activity_id, "closes_at": row.closes_at,
        "code": row.questionnaire.code if ready else _OWN, "questions": lines, "begins_at": row.begins_at,
        "service": f"{row.occasion}/{row.subject}" if row.occasion else "", "share": row.share or usual["share"],
        "quiet_days": row.quiet_days or usual["quiet_days"], **translations_initial(row, "title", "intro"),
    }  # fmt: skip


class AnswerForm(OutreachForm):
    """The questions of a survey in a language. Nothing is required here: the rules judge."""

    def __init__(self, *args: Any, questions: tuple[Question, ...], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in questions:
            self.fields[one.code] = _field(one, language)

    def given(self) -> dict[str, Any]:
        """What was answered."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}


def _field(one: Question, language: str) -> forms.Field:
    text, required = in_chinese(one.text(language)), one.satisfaction
    radio, boxes = forms.RadioSelect(attrs={"class": "k-check"}), forms.CheckboxSelectMultiple(attrs={"class": "k-check"})
    numbered = [(str(place), in_chinese(label)) for place, label in enumerate(one.labels(language))]
    if one.kind is K.SINGLE:
        return forms.ChoiceField(label=text, choices=numbered, widget=radio, required=required)
    if one.kind is K.MULTIPLE:
        return forms.MultipleChoiceField(label=text, choices=numbered, widget=boxes, required=required)
    if one.kind is K.SCALE:
        words = {SCALE[0]: _("很不满意"), 2: _("不满意"), 3: _("一般"), 4: _("满意"), SCALE[-1]: _("很满意")}
        grades = [(str(grade), f"{grade} {words[grade]}") for grade in reversed(SCALE)]
        return forms.ChoiceField(label=text, choices=grades, widget=radio, required=required)
    if one.kind is K.NUMBER:
        return forms.DecimalField(label=text, required=required, min_value=0, widget=forms.NumberInput(attrs={"class": "k-input"}))
    area = forms.Textarea(attrs={"rows": 4, "class": "k-input"})
    return forms.CharField(label=text, required=required, max_length=LONGEST_TEXT, widget=area, help_text=_("请不要写姓名和电话"))
