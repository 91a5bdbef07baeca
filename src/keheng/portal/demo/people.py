"""Invented people and firms of the demo records: numbers begin with 1990000, which nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from keheng.directory.service import organisations_for
from keheng.kernel.powers import Power, Principal, Reach
from keheng.kernel.trail.record import mark
from keheng.portal.rules.registrations import firm_key

_SURNAMES = tuple(
    "陈林黄郑吴何罗梁宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余杜叶程魏苏吕丁任沈姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江"
)
_GIVEN = tuple("知远若谷明堂思齐望川启文承宇景行怀瑾致和清扬书航以宁一鸣修齐嘉树念慈弘毅廷芳晓岚雨桐子衿逸群向晚可欣伯庸仲文叔平季川")
_TRADES = ("精密仪器", "新材料", "生物医药", "检测技术", "智能装备", "光电科技", "环保工程", "软件", "信息技术", "食品科技")
_MARKS = tuple("岚沄砚澈骐昱珩晗翊菘霁泓茗皓峤溱筠葳榆楷澜曜璟沐")
_SEES = Principal("demo", powers=(Power("directory.organisation.see", Reach.ALL),))


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person who registers; ``firm`` is by what their firm is told apart, '' for none."""

    name: str
    phone: str
    mark: str
    unit: int | None
    unit_title: str
    firm: str


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm, of the directory or as people typed it."""

    unit: int | None
    title: str


def phone_of(serial: int) -> str:
    """A number that nobody has."""
    return f"1990000{serial:04}"


def firms(count: int) -> list[Firm]:
    """So many firms: half of them of the directory where it has as many, the others as people typed them."""
    known = organisations_for(_SEES).filter(kind="enterprise", status="active").order_by("pk").values_list("pk", "name")[: count // 2]
    found = [Firm(pk, name) for pk, name in known]
    for serial in range(count - len(found)):
        trade, rest = _TRADES[serial % len(_TRADES)], serial // len(_TRADES)
        found.append(Firm(None, f"云岭{_MARKS[rest % len(_MARKS)]}{_MARKS[rest // len(_MARKS)]}{trade}有限公司"))
    return found


def people(count: int, of: list[Firm], random: Random, first: int = 0) -> list[Somebody]:
    """So many people, each with a number of their own; three of five come for a firm, and every firm sends somebody."""
    found = []
    for serial in range(count):
        firm = of[serial % len(of)] if of and (serial < len(of) or random.random() < 0.6) else Firm(None, "")  # noqa: PLR2004 -- three of five
        name = random.choice(_SURNAMES) + "".join(random.sample(_GIVEN, random.choice((1, 2, 2))))
        phone = phone_of(first + serial)
        key = firm_key(firm.unit, firm.title) if firm.title else ""
        found.append(Somebody(name, phone, mark(phone), firm.unit, firm.title, key))
    return found
