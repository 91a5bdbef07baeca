"""Forms of outreach records."""

from __future__ import annotations

from django import forms

from keheng.portal.enums.media import MediaKind
from keheng.portal.forms.outreach import OutreachForm, day_field
from keheng.portal.rules.media import MediaFacts

_COPY = "网页存档、截图或 PDF，按内容摘要保存，不超过 20 MB"


class MediaForm(OutreachForm):
    """A record with its archived copy."""

    kind = forms.ChoiceField(label="类型", choices=MediaKind.choices)
    title = forms.CharField(label="标题", max_length=300)
    outlet = forms.CharField(label="媒体", max_length=200)
    published_on = day_field("发布日期")
    url = forms.CharField(label="链接", max_length=600)
    original = forms.CharField(label="原文链接", max_length=600, required=False, help_text="转载的，填写已登记的原文链接")
    copy = forms.FileField(label="存档文件", required=False, help_text=_COPY)

    def facts(self) -> MediaFacts:
        """What was typed, once it is valid."""
        return MediaFacts(**{name: value for name, value in self.cleaned_data.items() if name != "copy"})


class CopyForm(OutreachForm):
    """An archived copy."""

    copy = forms.FileField(label="存档文件", help_text=_COPY)
