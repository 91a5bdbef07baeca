"""What the directory holds about one person, in words, for that person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import Q

from keheng.directory.models import AvoidanceFact, Expert, Person


def data_about(person: int) -> Iterator[Mapping[str, object]]:
    """Records about a person and about those merged into theirs; nothing for an unknown number."""
    for one in Person.objects.filter(Q(pk=person) | Q(merged_into=person)).order_by("pk"):
        yield {
            "事项": "人员资料",
            "姓名": one.name,
            "身份证号码": one.id_number,
            "手机号码": one.phone,
            "电子邮箱": one.email,
            "出生日期": one.born_on,
            "登记日期": one.registered_on,
        }
        for post in one.affiliations.select_related("organisation").order_by("pk"):
            yield {"事项": "任职", "单位": post.organisation.name, "职务": post.position, "自": post.since, "至": post.until}
        for expert in Expert.objects.filter(person=one):
            codes = "、".join(field.zh or field.code for field in expert.fields.order_by("code"))
            yield {"事项": "专家", "职称": expert.title, "状态": expert.get_state_display(), "专业领域": codes, "原因": expert.reason}
        for fact in AvoidanceFact.objects.filter(person=one).select_related("organisation", "other").order_by("pk"):
            whom = fact.organisation or fact.other
            yield {
                "事项": "回避事实",
                "对方": str(whom),
                "类型": fact.get_kind_display(),
                "依据": fact.source,
                "自": fact.since,
                "至": fact.until,
            }
        for party in one.related.select_related("organisation").order_by("pk"):
            yield {
                "事项": "关联方",
                "单位": party.organisation.name,
                "类型": party.get_kind_display(),
                "依据": party.source,
                "自": party.since,
            }
