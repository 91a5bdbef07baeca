"""A matter's guide as a printed sheet, in the language of the page that asks for it."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keheng.kernel.documents import typeset
from keheng.matters.queries.showing import words
from keheng.matters.rules.files.codes import pieces_of
from keheng.matters.rules.files.parts import Matter
from keheng.matters.rules.files.reading import Read


def guide_pdf(read: Read, address: str) -> bytes:
    """A4: what it is, how long, what it costs, who may apply, what to bring, the steps, the basis, and where to apply."""
    matter = read.matter
    data = {
        "language": (get_language() or "zh")[:2],
        "title": words(matter, matter.title),
        "about": words(matter, matter.about),
        "stats": _stats(matter),
        "sections": [one for one in _sections(matter) if one["lines"]],
        "where": _("在线申请"),
        "address": address,
        "foot": _("本指南自 %(version)s 起施行") % {"version": matter.version} + f" · {read.digest[:12]}",
    }
    return typeset(Path(__file__).with_name("guide.typ"), data)


def _stats(matter: Matter) -> list[list[str]]:
    made = []
    for name, clock in matter.clocks.items():
        state = next(state for state in matter.states if state.clock == name)
        label = _("承诺期限（工作日）") if clock.promise.working else _("承诺期限（天）")
        law = _("法定 %(days)s") % {"days": clock.law.days}
        made.append([f"{words(matter, state.title)} · {label}", f"{clock.promise.days}（{law}）"])
    made.append([_("收费"), words(matter, matter.fee)])
    return made + ([[_("办理结果"), words(matter, matter.result)]] if matter.result else [])


def _sections(matter: Matter) -> list[dict[str, object]]:
    materials = []
    for one in matter.materials:
        notes = [words(matter, one.hint), "" if one.need == "always" else _("视情况"), _("可免交") if one.waive else ""]
        said = "；".join(filter(None, notes))
        materials.append(words(matter, one.title) + (f"（{said}）" if said else "") + f"  {', '.join(one.accept)}")
    confirmed = {True: "", False: f"（{_('待核')}）"}
    return [
        {"title": _("办理条件"), "numbered": False, "lines": [words(matter, one.say) for one in matter.eligible]},
        {"title": _("需要的材料"), "numbered": True, "lines": materials},
        {
            "title": _("办理环节"),
            "numbered": True,
            "lines": list(dict.fromkeys(words(matter, one.title) for one in matter.states if one.end is None)),
        },
        {"title": _("依据"), "numbered": False, "lines": [f"{one.doc} {one.art}{confirmed[one.confirmed]}" for one in matter.basis]},
        {"title": _("事项编码"), "numbered": False, "lines": _codes(matter)},
    ]


def _codes(matter: Matter) -> list[str]:
    code = pieces_of(matter.code)
    return [] if code is None else [f"{_('实施编码')} {matter.code}", f"{_('基本编码')} {code.item}"]
