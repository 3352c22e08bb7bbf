"""Make the package's font out of the variable font Noto Sans SC, whose licence is the SIL Open Font
License 1.1.

    pip download --no-deps --dest DIR justmytype-intl-cjk==0.1.0
    python tools/make_font.py DIR/justmytype_intl_cjk-0.1.0-py3-none-any.whl OUT

The wheel holds NotoSansSC[wght].ttf and its OFL.txt; OUT is xiacheng_nlp/data/figures/fonts.

Two static fonts come out, the same bytes each time with the same fontTools: matplotlib draws a
variable font at its lightest weight, and has no bold without a bold face. Needs fonttools (tried
with 4.68); the package itself does not.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FAMILY = "Xiacheng Sans SC"
"""A name of our own: the licence reserves 'Source', Noto is a trademark, and no font of the user's
machine can win over it."""

SOURCE = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
SHA256 = "a3041811a78c361b1de50f953c805e0244951c21c5bd412f7232ef0d899af0da"

BLOCKS = (
    (0x0020, 0x017F),  # Latin
    (0x0300, 0x036F),  # accents
    (0x0370, 0x03FF),  # Greek
    (0x2000, 0x206F),  # punctuation
    (0x2070, 0x209F),  # superscripts and subscripts: m²
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x218F),  # letter-like signs, fractions, Roman numerals
    (0x2190, 0x22FF),  # arrows, mathematical signs; the minus is one
    (0x2460, 0x24FF),  # circled numbers
    (0x2500, 0x25FF),  # lines and shapes
    (0x3000, 0x303F),  # Chinese punctuation, and the zero 〇
    (0x3200, 0x33FF),  # numbers in brackets, squared units: ㎡
    (0xFE30, 0xFE4F),  # compatibility forms
    (0xFF00, 0xFFEF),  # full-width forms
)
FEATURES = ["kern"]
"""Substitutions of glyphs are left out, and with them the forms of other styles and regions: what a
PDF holds of the font is a third of the size, and it is written in two thirds of the time."""


def characters(encoding: str, leads: range, trails: range) -> set[int]:
    """The code points that a double-byte encoding of Chinese holds."""
    points: set[int] = set()
    for lead in leads:
        for trail in trails:
            try:
                points.update(map(ord, bytes((lead, trail)).decode(encoding)))
            except UnicodeDecodeError:
                continue
    return points


def static_font(data: bytes, style: str, weight: int, points: set[int]) -> TTFont:
    """The face of that weight with the characters that are asked for, named after us; its time is
    that of the source."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = FEATURES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = False
    options.drop_tables += ["BASE", "GSUB", "vhea", "vmtx"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    rename(font, style)
    font["OS/2"].usWeightClass = weight
    bold = weight >= 700
    font["head"].macStyle = 1 if bold else 0
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    if "STAT" in font:
        del font["STAT"]
    return font


def rename(font: TTFont, style: str) -> None:
    """Give the face our family name; copyright, designers and licence stay as they are, and the
    version says what was changed."""
    table = font["name"]
    version = table.getDebugName(5)
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    names = {
        1: FAMILY,
        2: style,
        3: f"{postscript};1.0",
        4: f"{FAMILY} {style}",
        5: f"Version 1.0; a static subset of Noto Sans SC, {version}",
        6: postscript,
    }
    for number, text in names.items():
        table.removeNames(nameID=number)
        table.setName(text, number, 3, 1, 0x409)
    for number in (16, 17, 25):
        table.removeNames(nameID=number)


def main(wheel: str, folder: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(SOURCE + "NotoSansSC[wght].ttf")
        licence = archive.read(SOURCE + "OFL.txt")
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise SystemExit(
            f"{wheel} holds another NotoSansSC[wght].ttf than the one that the package's "
            f"font was made of"
        )
    signs = {point for first, last in BLOCKS for point in range(first, last + 1)}
    gb2312 = signs | characters("gb2312", range(0xA1, 0xFF), range(0xA1, 0xFF))
    gbk = gb2312 | characters("gbk", range(0x81, 0xFF), range(0x40, 0xFF))
    for style, weight, points in (("Regular", 400, gbk), ("Bold", 700, gb2312)):
        path = Path(folder, f"{FAMILY.replace(' ', '')}-{style}.ttf")
        static_font(data, style, weight, points).save(path)
        print(
            f"{path.name}: {path.stat().st_size:,} bytes, SHA-256 "
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}"
        )
    Path(folder, "OFL.txt").write_bytes(licence)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2])
