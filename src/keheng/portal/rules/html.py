"""What HTML an article may hold: a narrow list, so that nothing typed can act, load from outside, or break the page's look."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

_TAGS = {
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "u", "s", "sub", "sup", "blockquote", "a", "img",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "div": "p"}
_OLD_TAG = re.compile(rf"<(/?)({'|'.join(_RENAMED)})(?=[\s>/])", re.IGNORECASE)
_BLOCKS = frozenset({"p", "br", "h2", "h3", "h4", "li", "tr", "blockquote", "caption", "table"})
# The page has one h1, the title; pictures are our own attachments.
OWN_PICTURE = "/attachments/"


def sanitised(html: str) -> str:
    """The HTML with everything removed that is not on the list. Sanitising twice changes nothing."""
    renamed = _OLD_TAG.sub(lambda found: f"<{found[1]}{_RENAMED[found[2].lower()]}", html)
    return nh3.clean(
        renamed,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        strip_comments=True,
    ).strip()


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if value.startswith(OWN_PICTURE) and ".." not in value else None
    if tag == "a" and attribute == "href":
        # "//host" leads away without saying so.
        return None if value.startswith(("//", "/\\")) else value
    return value


class _Text(HTMLParser):
    """The words of a body, a line for each block; pictures by their alt text, those without one counted."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.unnamed = 0
        self.pictures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line; a picture is its alt text."""
        if tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in {"td", "th"}:
            self.pieces.append(" ")
        if tag == "img":
            alt = (dict(attrs).get("alt") or "").strip()
            self.pictures += 1
            self.unnamed += not alt
            self.pieces.append(alt)

    def handle_endtag(self, tag: str) -> None:
        """A block ends its line."""
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        self.pieces.append(data)


def _read(html: str) -> _Text:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return parser


def plain_text(html: str) -> str:
    """The words alone, a line for each paragraph, for search, summaries and comparison."""
    lines = (" ".join(line.split()) for line in "".join(_read(html).pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def unnamed_pictures(html: str) -> int:
    """How many pictures have no alt text."""
    return _read(html).unnamed


def is_empty(html: str) -> bool:
    """Whether a body says nothing and shows nothing."""
    read = _read(html)
    return not read.pictures and not "".join(read.pieces).strip()
