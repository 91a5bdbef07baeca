"""Input of the studio: parsed here, judged by the rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms

from keheng.portal.actions.columns import ColumnFacts
from keheng.portal.enums.content import ArticleKind, ColumnKind, Decision, Language, topics
from keheng.portal.models import Article, Column, Version
from keheng.portal.rules.content import LONGEST_SUMMARY, LONGEST_TITLE, File, Placing, Text

_NOTHING_CHOSEN = ("", "请选择")
_MOMENT = "%Y-%m-%dT%H:%M"


class PortalForm(forms.Form):
    """A form in the design of the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect | forms.HiddenInput):
                field.widget.attrs.setdefault("class", "k-input")

    def typed(self, name: str) -> str:
        """What was typed into a field, whether or not it is right."""
        return str(self.data.get(self.add_prefix(name), "")).strip()


def _day(label: str, text: str = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, help_text=text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _moment(label: str, text: str = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    return forms.DateTimeField(label=label, required=False, help_text=text, widget=widget, input_formats=[_MOMENT, "%Y-%m-%d %H:%M"])


def _columns() -> list[tuple[Any, str]]:
    return [_NOTHING_CHOSEN, *((column.pk, column.title) for column in Column.objects.all())]


class ArticleForm(PortalForm):
    """What an article says and where it stands. Its files come beside it, see ``files``."""

    # As they stand on the page, one column after the other.
    field_order = ("title", "summary", "body", "column", "kind")

    column = forms.TypedChoiceField(label="栏目", choices=_columns, coerce=int)
    kind = forms.ChoiceField(label="类型", choices=[_NOTHING_CHOSEN, *ArticleKind.choices])
    title = forms.CharField(label="标题", max_length=LONGEST_TITLE)
    summary = forms.CharField(
        label="摘要", required=False, max_length=LONGEST_SUMMARY, widget=forms.Textarea(attrs={"rows": 2}), help_text="列表和搜索结果里显示"
    )
    body = forms.CharField(label="正文", widget=forms.Textarea(attrs={"rows": 16, "data-editor": "", "spellcheck": "false"}))
    topics = forms.MultipleChoiceField(
        label="主题", required=False, choices=lambda: [(code, one.words["zh-hans"]) for code, one in topics().items()],
        widget=forms.CheckboxSelectMultiple, help_text="订阅了这些主题的人会收到消息",
    )  # fmt: skip
    document_number = forms.CharField(label="文号", required=False, max_length=60, help_text="如：云科规〔2026〕3 号")
    issuing_body = forms.CharField(label="发文机关", required=False, max_length=80, help_text="政策必填")
    issued_on = _day("成文日期", "政策必填")
    source = forms.CharField(label="来源", required=False, max_length=80)
    publish_at = _moment("定时发布", "签发后到这个时间才公开；留空则签发后立即公开")
    pinned_until = _day("置顶至")
    expires_at = _moment("失效时间", "到时自动从网站上撤下")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def text(self) -> Text:
        """What was typed, as far as it could be read."""
        said = self.cleaned_data
        words = {name: said.get(name, "") for name in ("title", "body", "summary", "document_number", "issuing_body", "source")}
        return Text(**words, topics=tuple(said.get("topics", ())), issued_on=said.get("issued_on"), files=tuple(self.files_kept()))

    def placing(self) -> Placing:
        """Where it is to stand, as far as it could be read."""
        times = {name: self.cleaned_data.get(name) for name in ("publish_at", "expires_at", "pinned_until")}
        return Placing(self.cleaned_data.get("column", 0), **times)

    def files_kept(self) -> list[File]:
        """Files of the version before that stay, under the names typed for them."""
        known = {one.digest: one for one in (self.before.attachments.all() if self.before else [])}
        typed: Callable[[str], list[str]] = getattr(self.data, "getlist", lambda _name: [])
        kept = set(typed("file_keep"))
        return [
            File(title, known[digest].name, digest, known[digest].size, known[digest].media_type)
            for digest, title in zip(typed("file_digest"), typed("file_title"), strict=False)
            if digest in known and digest in kept
        ]

    def uploads(self) -> list[tuple[str, UUID]]:
        """The file that was uploaded now, with its name."""
        try:
            return [(self.typed("upload_title"), UUID(self.typed("upload")))]
        except ValueError:
            return []

    @property
    def files_shown(self) -> list[File]:
        """The files as the form shows them: what was typed, else those of the version before."""
        if self.is_bound:
            return self.files_kept()
        return [
            File(one.title, one.name, one.digest, one.size, one.media_type)
            for one in (self.before.attachments.all() if self.before else [])
        ]

    def __init__(self, *args: Any, before: Version | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = before


def initial_of(article: Article, version: Version) -> dict[str, Any]:
    """What the form begins with for an article that is there."""
    return {
        "column": article.column_id, "kind": article.kind, "title": version.title, "summary": version.summary, "body": version.body,
        "topics": version.topics.split(","), "document_number": version.document_number, "issuing_body": version.issuing_body,
        "issued_on": version.issued_on, "source": version.source, "publish_at": article.publish_at, "pinned_until": article.pinned_until,
        "expires_at": article.expires_at, "seen": version.pk,
    }  # fmt: skip


class DecisionForm(PortalForm):
    """A decision in a step."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.CharField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(label="意见", choices=Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="退回必须写明原因，作者会收到"
    )


class ReasonForm(PortalForm):
    """A reason that stays on record."""

    reason = forms.CharField(label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class InviteForm(PortalForm):
    """Somebody outside who is to decide."""

    name = forms.CharField(label="姓名", max_length=40)
    email = forms.EmailField(label="电子邮箱", help_text="验证码发到这个邮箱；链接由您另行转交")


class ColumnForm(PortalForm):
    """A column."""

    title = forms.CharField(label="名称", max_length=60)
    slug = forms.SlugField(label="地址", max_length=60, help_text="英文短词，如 notices")
    kind = forms.ChoiceField(label="类型", choices=ColumnKind.choices)
    parent = forms.TypedChoiceField(label="上级栏目", choices=_columns, coerce=int, required=False, empty_value=None)
    greatest_age = forms.IntegerField(
        label="更新期限（天）", required=False, min_value=1, help_text="超过这么多天没有发布即为过期；不要求更新的留空"
    )
    owner = forms.CharField(label="负责人账号编号", required=False, max_length=40)
    order = forms.IntegerField(label="顺序", min_value=0, initial=100)
    icon = forms.CharField(label="图标", required=False, max_length=40)
    languages = forms.MultipleChoiceField(
        label="开通语言", choices=Language.choices, widget=forms.CheckboxSelectMultiple, initial=[Language.ZH]
    )
    title_en = forms.CharField(label="英文名称", required=False, max_length=120)
    title_ja = forms.CharField(label="日文名称", required=False, max_length=120)
    title_ko = forms.CharField(label="韩文名称", required=False, max_length=120)

    def facts(self) -> ColumnFacts:
        """What was typed; call it on a valid form."""
        return ColumnFacts(**{**self.cleaned_data, "languages": tuple(self.cleaned_data["languages"])})


class RedirectForm(PortalForm):
    """An address that moved."""

    old = forms.CharField(label="旧地址", max_length=300, help_text="如 /kjdt/2019/t1234.html")
    new = forms.CharField(label="新地址", max_length=300, help_text="如 /articles/12/")


class OutsideForm(PortalForm):
    """A decision by somebody outside."""

    code = forms.CharField(
        label="验证码", max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
    )
    decision = forms.ChoiceField(label="意见", choices=Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="退回必须写明原因"
    )
