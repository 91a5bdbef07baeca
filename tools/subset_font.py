"""Make the font that PDF output ships: GB2312, kana, punctuation and operators of Noto Sans CJK SC (OFL 1.1).

Run once where fonttools and the full font are installed: ``python tools/subset_font.py NotoSansCJK-Regular.ttc OUT.otf``.
"""

import sys


def characters() -> str:
    """All of GB2312, kana, Latin, and the signs that forms use."""
    found = [chr(code) for code in range(0x20, 0x7F)]
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            try:
                found.append(bytes((lead, trail)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return "".join(found) + "≥≤≧≦≠±×÷≈‰℃㎡㎞·—–…“”‘’〔〕【】①②③④⑤⑥⑦⑧⑨⑩⑪⑫□√☑｜￥¥"


def main() -> int:
    """Write the subset of the Simplified Chinese face."""
    from fontTools import subset
    from fontTools.ttLib import TTCollection

    source, target = sys.argv[1:]
    face = next(
        font
        for font in TTCollection(source).fonts
        if "SC" in str(font["name"].getDebugName(1)) and "Mono" not in str(font["name"].getDebugName(1))
    )
    options = subset.Options(layout_features=["kern"], name_IDs=[0, 1, 2, 4, 6, 13, 14], notdef_outline=True, desubroutinize=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters())
    subsetter.subset(face)
    face.save(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
