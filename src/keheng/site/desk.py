"""What the site gives the workbench: its places in the palette, cards of the back office."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from keheng.kernel.desk.office import Card, register_card
from keheng.kernel.desk.palette import Entry, fitting, register_elsewhere, register_source
from keheng.kernel.models import Job
from keheng.kernel.personal.models import DataRequest
from keheng.kernel.powers import Principal
from keheng.site.doctor import examine
from keheng.site.navigation import WORK


def _places(actor: Principal, text: str) -> list[Entry]:
    """The places of the navigation that the actor may open."""
    places = (
        Entry(title, reverse(address), group or "工作台", icon)
        for group, entries in WORK
        for title, icon, address, permission in entries
        if not address.startswith("desk:") and (not permission or actor.may(permission))
    )
    return fitting(places, text)


def _whole_site(text: str) -> Entry:
    return Entry(f"在全站搜索“{text}”", f"{reverse('portal:search')}?{urlencode({'q': text})}", "", "search")


def _ailments() -> int:
    return len(examine())


register_source(_places)
register_elsewhere(_whole_site)
for _card in (
    Card("运行", "后台任务", "失败和在重试的任务", "activity", "site:jobs", "site.jobs.see", Job.objects.filter(state=Job.FAILED).count),
    Card("运行", "系统体检", "磁盘、密钥、时钟、封存、三员", "gauge", "site:doctor", "site.jobs.see", _ailments),
    Card("数据保护", "个人信息请求", "更正和删除，有期限", "hand-helping", "personal:requests", "personal.requests.decide",
         DataRequest.objects.filter(state="open").count),
    Card("数据保护", "保全", "法律要求暂不清除的", "archive", "personal:holds", "personal.holds.manage"),
    Card("数据保护", "保存期限", "规则和每日执行的记录", "clock", "personal:retention", "personal.retention.see"),
    Card("审计", "审计记录", "查阅每一个动作，校验全链", "scroll-text", "site:trail", "site.trail.read"),
):  # fmt: skip
    register_card(_card)
