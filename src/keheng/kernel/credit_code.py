"""Unified social credit codes (GB 32100-2015 with amendment 1 of 2016): 18 characters, two check characters.

Character 1 is the registration department, 2 the class, 3-8 the area (GB/T 2260), 9-17 the organisation code with its own check
character (GB 11714), 18 the check character over the first 17.
"""

from __future__ import annotations

import unicodedata
from operator import mul

from keheng.kernel.errors import Problem, problem

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
# GB 11714 counts letters from A = 10 without leaving any out, unlike GB 32100.
_ORGANISATION_VALUES = {character: int(character, 36) for character in ALPHABET}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0123456789X"
# Classes of each department by the standard; 54 (grass-roots self-governing bodies) was added for the bodies registered since 2017.
_CLASSES = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "12349",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}


def normalise(code: str) -> str:
    """The code as it is stored: half width, capital letters, without blanks and hyphens."""
    return "".join(unicodedata.normalize("NFKC", code).upper().replace("-", "").split())


def check_digit(first17: str) -> str:
    """Check character of the first 17 characters: 31 less the weighted sum modulo 31, written in the code's alphabet.

    Raises ValueError when they are not 17 characters of the alphabet.
    """
    if len(first17) != LENGTH - 1 or not _VALUES.keys() >= set(first17):
        raise ValueError(f"{first17!r} is not 17 characters of {ALPHABET}")
    return ALPHABET[-sum(map(mul, _WEIGHTS, map(_VALUES.__getitem__, first17))) % 31]


def organisation_check_digit(first8: str) -> str:
    """Check character of an organisation code (GB 11714): 11 less the weighted sum modulo 11, ten written as X.

    Raises ValueError when they are not 8 characters of the alphabet.
    """
    if len(first8) != len(_ORGANISATION_WEIGHTS) or not _VALUES.keys() >= set(first8):
        raise ValueError(f"{first8!r} is not 8 characters of {ALPHABET}")
    return _ORGANISATION_CHECKS[-sum(map(mul, _ORGANISATION_WEIGHTS, map(_ORGANISATION_VALUES.__getitem__, first8))) % 11]


def problems_of(code: str, field: str = "") -> list[Problem]:
    """Everything wrong with a code already normalised; empty for a good one.

    Length and characters come first: while they are wrong, nothing else can be said.
    """
    found: list[Problem] = []
    if len(code) != LENGTH:
        found.append(problem("credit_code.length", field, length=len(code)))
    if not _VALUES.keys() >= (characters := set(code)):
        found.append(problem("credit_code.characters", field, characters=" ".join(sorted(characters - _VALUES.keys()))))
    if found:
        return found
    department, category, area, organisation = code[0], code[1], code[2:8], code[8:17]
    if department not in _CLASSES:
        found.append(problem("credit_code.department", field, department=department))
    elif category not in _CLASSES[department]:
        found.append(problem("credit_code.class", field, department=department, category=category))
    if not area.isdigit():
        found.append(problem("credit_code.area", field, area=area))
    if organisation[8] != (expected := organisation_check_digit(organisation[:8])):
        found.append(problem("credit_code.organisation", field, organisation=organisation, expected=expected))
    if code[17] != (expected := check_digit(code[:17])):
        found.append(problem("credit_code.check_digit", field, printed=code[17], expected=expected))
    return found


def make(department: str, category: str, area: str, serial: int) -> str:
    """A valid code for demonstration data; the serial number, from 0 to 31**8 - 1, becomes the organisation code.

    Raises ValueError when the parts do not make a code without problems.
    """
    organisation, rest = "", serial
    for _ in _ORGANISATION_WEIGHTS:
        rest, value = divmod(rest, len(ALPHABET))
        organisation = ALPHABET[value] + organisation
    if rest:
        raise ValueError(f"serial {serial} does not fit into eight characters")
    first17 = f"{department}{category}{area}{organisation}{organisation_check_digit(organisation)}"
    code = first17 + check_digit(first17)
    if found := problems_of(code):
        raise ValueError("; ".join(one.en for one in found))
    return code
