"""How somebody wants the pages: light or dark, comfortable or compact, large for older readers, with single keys. A cookie, no record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from keheng.kernel.doors import public
from keheng.kernel.ways_back import way_back

COOKIE = "keheng-look"
_A_YEAR = 366 * 24 * 3600
CHOICES = {
    "theme": (("auto", _("跟随系统")), ("light", _("浅色")), ("dark", _("深色"))),
    "density": (("comfortable", _("宽松")), ("compact", _("紧凑"))),
    "reading": (("standard", _("标准")), ("elder", _("关怀版（大字）"))),
    # WCAG 2.1.4: who dictates or hits keys by chance can do without them.
    "keys": (("keys", _("使用")), ("no-keys", _("不使用"))),
}
TITLES = {"theme": _("颜色"), "density": _("密度"), "reading": _("阅读"), "keys": _("单键快捷键（?、/、j、k）")}


@dataclass(frozen=True, slots=True)
class Look:
    """What was chosen; any other value counts as the first of its choices."""

    theme: str = "auto"
    density: str = "comfortable"
    reading: str = "standard"
    keys: str = "keys"

    def classes(self) -> str:
        """Classes of the root element."""
        return " ".join(f"k-{value}" for name, value in asdict(self).items() if value != CHOICES[name][0][0] and name != "theme")

    def text(self) -> str:
        """What the cookie holds."""
        return ".".join(asdict(self).values())


def look_of(cookie: str) -> Look:
    """The look a cookie asks for; of what is no choice, nothing is taken."""
    asked = dict(zip((one.name for one in fields(Look)), cookie.split("."), strict=False))
    return Look(**{name: value for name, value in asked.items() if value in dict(CHOICES[name])})


@public
def choose(request: HttpRequest) -> HttpResponse:
    """Choose colour, density and reading; back to where one came from."""
    back = way_back(request)
    present = look_of(request.COOKIES.get(COOKIE, ""))
    if request.method == "POST":
        wanted = look_of(".".join(request.POST.get(one.name, getattr(present, one.name)) for one in fields(Look)))
        answer = redirect(back)
        answer.set_cookie(COOKIE, wanted.text(), max_age=_A_YEAR, samesite="Lax", secure=request.is_secure())
        return answer
    groups = [(name, TITLES[name], CHOICES[name], getattr(present, name)) for name in CHOICES]
    return render(request, "site/look.html", {"groups": groups, "next": back})
