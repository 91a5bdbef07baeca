"""Make the fonts that PDF output ships, of Noto Sans CJK and Noto Sans Thai (OFL 1.1).

One is for Chinese, one for what Japanese and Korean need besides, one for characters that names are written in and little else is, one
for Thai names. Run where fonttools and the full font are installed:
``python tools/subset_font.py NotoSansCJK-Regular.ttc OUT.otf [SC | JP | TC]``, with
``NotoSansThai-Regular.ttf OUT.ttf Thai`` for the last.
"""

import sys


def _encoded(encoding: str, leads: range) -> set[str]:
    """Every character of two bytes in an encoding."""
    found = set()
    for lead in leads:
        for trail in range(0xA1, 0xFF):
            try:
                found.add(bytes((lead, trail)).decode(encoding))
            except UnicodeDecodeError:
                continue
    return found


def chinese() -> set[str]:
    """All of GB2312 with its kana, Latin, and the signs that forms use."""
    signs = "≥≤≧≦≠±×÷≈‰℃㎡㎞·—–…“”‘’〔〕【】①②③④⑤⑥⑦⑧⑨⑩⑪⑫□√☑｜￥¥"
    return {chr(code) for code in range(0x20, 0x7F)} | _encoded("gb2312", range(0xA1, 0xF8)) | set(signs)


def japanese_and_korean() -> set[str]:
    """All of JIS X 0208 and the Hangul of KS X 1001, without what the Chinese font has."""
    return (_encoded("euc_jp", range(0xA1, 0xF5)) | _encoded("euc_kr", range(0xB0, 0xC9)) | {"・", "ー"}) - chinese()


def names() -> set[str]:
    """All hanzi of GBK, in which household registers were kept, and of JIS X 0213, without what the other two fonts have."""
    gbk = {one for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF) for one in _one(bytes((lead, trail)), "gbk")}
    jis = {one for lead in range(0xA1, 0xFF) for trail in range(0xA1, 0xFF) for one in _one(bytes((lead, trail)), "euc_jis_2004")}
    ideographs = {one for one in gbk | jis if "\u3400" <= one <= "\u9fff" or "\uf900" <= one <= "\ufaff"}
    return ideographs - chinese() - japanese_and_korean()


def _one(encoded: bytes, encoding: str) -> str:
    found = encoded.decode(encoding, "ignore")
    return found if len(found) == 1 else ""


def thai() -> set[str]:
    """The Thai block, with the blank and the sign that stands in for a letter under a mark alone."""
    return {chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))} | {" ", "\u25cc"}


SETS = {"SC": chinese, "JP": japanese_and_korean, "TC": names, "Thai": thai}
# Thai marks stand above and below their letters, and change places and forms there: the font says how.
FEATURES = {"Thai": ["*"]}


def main() -> int:
    """Write the subset of a face."""
    from fontTools import subset
    from fontTools.ttLib import TTCollection, TTFont

    source, target, *rest = sys.argv[1:]
    region = rest[0] if rest else "SC"
    fonts = TTCollection(source).fonts if source.endswith(".ttc") else [TTFont(source)]
    names = [(font, str(font["name"].getDebugName(1))) for font in fonts]
    face = next(font for font, name in names if region in name and "Mono" not in name)
    features = FEATURES.get(region, ["kern"])
    options = subset.Options(layout_features=features, name_IDs=[0, 1, 2, 4, 6, 13, 14], notdef_outline=True, desubroutinize=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(SETS[region]())))
    subsetter.subset(face)
    face.save(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
