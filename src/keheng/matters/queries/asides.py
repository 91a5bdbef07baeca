"""Pieces that other capabilities add to the pages of a case: matters show them and know none of them."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.safestring import SafeString

from keheng.kernel.powers import Principal
from keheng.matters.queries.cases import Loaded

# Of a case, for an actor on the office's side (True) or the applicant's: HTML, '' where there is nothing to tell.
Aside = Callable[[Loaded, Principal, bool], str]

_asides: dict[str, Aside] = {}


def register_aside(code: str, aside: Aside) -> None:
    """Make a piece known; raises ValueError for a code that is taken."""
    if _asides.setdefault(code, aside) != aside:
        raise ValueError(f"aside {code} is registered twice")


def asides_of(one: Loaded, actor: Principal, *, office: bool) -> list[SafeString]:
    """What stands beside a case, by code."""
    said = (_asides[code](one, actor, office) for code in sorted(_asides))
    # Templates made them: they are escaped already.
    return [SafeString(html) for html in said if html]
