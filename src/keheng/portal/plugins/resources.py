"""The portal's own groups of resources."""

from __future__ import annotations

from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keheng.portal.queries import own_resources as own
from keheng.portal.queries.resources import ResourceGroup, register_resources


def _at(name: str) -> partial[str]:
    return partial(reverse, f"portal:{name}")


for _group in (
    ResourceGroup("halls", _("展厅"), _("预约参观，有讲解员陪同"), "landmark", 10, own.halls, _at("halls")),
    ResourceGroup("policies", _("政策库"), _("按主题、年份和发文机关查找"), "scroll-text", 20, own.policy_library, _at("policies")),
    ResourceGroup("guides", _("办事指南"), _("怎么办、要带什么、多久办好"), "file-text", 30, own.guides, _at("help")),
    ResourceGroup(
        "results", _("调查结果"), _("已结束的调查，少于 5 人的数字不公布"), "chart-column", 50, own.survey_results, _at("surveys")
    ),
    ResourceGroup("media", _("媒体报道"), _("媒体对科技创新服务的报道"), "newspaper", 60, own.reports, _at("media")),
):
    register_resources(_group)
