"""Which lines of the log count as views of pages by people: GET, 200, HTML, less machines, own probes, internal addresses, prefetch."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from keheng.portal.enums.content import Language, definition

_PREFIX = re.compile(rf"^/({'|'.join(code for code in Language.values if code != 'zh-hans')})(?=/|$)")
_ARTICLE = re.compile(r"^/articles/([0-9]{1,12})/$")
HOME, OTHER = "home", "other"
# The first part of an address, as it is counted, with what it is called. A public address without a section of its own is "other".
SECTIONS = {
    HOME: "首页", "articles": "文章", "columns": "栏目", "policies": "政策", "services": "办事大厅", "matters": "事项",
    "reviews": "评审公示", "resources": "资源", "events": "活动", "halls": "展厅", "surveys": "调查", "media": "媒体报道", "search": "搜索",
    "feedback": "留言", "subscribe": "订阅", "disclosure": "信息公开", "help": "帮助", "about": "关于我们", "accessibility": "无障碍声明",
    "sitemap": "网站地图",
    "verify": "证照核验", "api": "开放接口", "account": "登录注册", "join": "单位注册", "organisations": "单位", OTHER: "其他",
}  # fmt: skip
_OK = 200


class Sort(StrEnum):
    """What a line is."""

    VIEW = "view"
    BOT = "bot"
    OWN = "own"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Line:
    """One answered request, as the log has it."""

    at: datetime
    path: str
    method: str
    status: int
    type: str
    agent: str
    address_hash: str
    internal: bool
    probe: bool
    prefetch: bool
    lang: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the site a page stands."""

    section: str
    language: str
    article: int | None


def line_of(text: str) -> Line | None:
    """A line of the log; None when it is spoilt, such as one cut by a power failure."""
    try:
        told = json.loads(text)
        at = datetime.fromisoformat(told["at"])
        if at.tzinfo is None:
            return None
        return Line(
            at, str(told["path"]), str(told["method"]), int(told["status"]), str(told["type"]), str(told["agent"]),
            str(told["address_hash"]), bool(told["internal"]), bool(told["probe"]), bool(told["prefetch"]), str(told["lang"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def sort_of(line: Line) -> Sort:
    """What a line counts as. Anything that is no page that was shown counts as nothing."""
    if line.method != "GET" or line.status != _OK or not line.type.startswith("text/html"):
        return Sort.NOTHING
    if line.internal or line.probe or line.prefetch or line.path.startswith(_own_paths()):
        return Sort.OWN
    return Sort.BOT if is_machine(line.agent) else Sort.VIEW


def is_machine(agent: str) -> bool:
    """Whether a user agent is a machine's, or hides what it is."""
    return not agent.strip() or _machines().search(agent) is not None


def place_of(path: str) -> Place:
    """Section, language and article of an address."""
    found = _PREFIX.match(path)
    language, rest = (found[1], path[found.end() :] or "/") if found else (Language.ZH.value, path)
    article = _ARTICLE.match(rest)
    first = rest.strip("/").split("/", 1)[0]
    section = first if first in SECTIONS else OTHER if first else HOME
    return Place(section, language, int(article[1]) if article else None)


@cache
def _machines() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, definition("bots")["words"])), re.IGNORECASE)


@cache
def _own_paths() -> tuple[str, ...]:
    return tuple(definition("bots")["own_paths"])
