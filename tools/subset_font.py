"""Make the fonts that PDF output ships, of Noto Sans CJK (OFL 1.1): one for Chinese, one for what Japanese and Korean need besides.

Run where fonttools and the full font are installed: ``python tools/subset_font.py NotoSansCJK-Regular.ttc OUT.otf [SC | JP]``.
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


def main() -> int:
    """Write the subset of a face."""
    from fontTools import subset
    from fontTools.ttLib import TTCollection

    source, target, *rest = sys.argv[1:]
    region = rest[0] if rest else "SC"
    names = [(font, str(font["name"].getDebugName(1))) for font in TTCollection(source).fonts]
    face = next(font for font, name in names if region in name and "Mono" not in name)
    options = subset.Options(layout_features=["kern"], name_IDs=[0, 1, 2, 4, 6, 13, 14], notdef_outline=True, desubroutinize=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(chinese() if region == "SC" else japanese_and_korean()))
    subsetter.subset(face)
    face.save(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
