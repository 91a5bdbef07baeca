"""Input of pushes."""

from __future__ import annotations

from django import forms

from keheng.portal.forms.content import PortalForm


class PushFileForm(PortalForm):
    """A channel's export, brought into the template."""

    file = forms.FileField(label="渠道导出的表格", help_text="按模板整理成 XLSX；原件会随记录保存，作为阅读量的依据")


class PushForm(PortalForm):
    """A push noted by hand."""

    title = forms.CharField(label="标题", max_length=120)
    channel = forms.CharField(label="渠道", max_length=40)
    audience = forms.CharField(label="对象", max_length=80, required=False)
    pushed_on = forms.DateField(label="推送日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reads = forms.IntegerField(label="阅读量", min_value=0, max_value=10**9, help_text="没有文件依据的阅读量不计入指标")
    is_policy = forms.BooleanField(label="政策推送", required=False)
