"""The demo city's directory as plain values, the same every time; what is wrong with it on purpose is listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Literal

from keheng.directory.demo import words
from keheng.directory.enums import city, districts, fields_of_work
from keheng.directory.rules.numbers import id_check_digit
from keheng.kernel import credit_code

Scale = Literal["small", "full"]
FIRST_DAY, LAST_DAY = date(2016, 1, 4), date(2026, 6, 30)
# All user units are on the books by then, and the closed ones off them: the figures of the year before are whole.
_NEW_YEAR, _A_YEAR, _A_QUARTER = date(2026, 1, 1), timedelta(days=365), timedelta(days=90)
_KEY = 20260104


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is of everything; ``units`` counts user units, faulty records included."""

    units: int
    people: int
    experts: int
    parties: int
    facts: int
    spelt: int
    slipped: int
    moved: int
    twice: int
    closed: int


SIZES: dict[Scale, Sizes] = {
    "small": Sizes(300, 120, 60, 20, 40, 5, 4, 3, 3, 4),
    "full": Sizes(5110, 1500, 800, 200, 600, 40, 25, 20, 20, 60),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation; ``parent`` is another's place in the list, ``former`` names with the day they ended."""

    name: str
    kind: str
    district: str
    code: str
    address: str
    phone: str
    since: date
    parent: int | None = None
    former: tuple[tuple[str, date], ...] = ()
    code_given: str = ""
    remark: str = ""
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with posts as (unit's place, position, since, until)."""

    name: str
    id_number: str
    phone: str
    posts: tuple[tuple[int, str, date, date | None], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault put in on purpose: what kind, the record it is about, and the good one beside it where there is one."""

    kind: Literal["spelt_otherwise", "code_slip", "moved", "person_twice"]
    record: str
    good: str = ""


@dataclass(slots=True)
class City:
    """Everything, in lists whose places are how the parts name each other."""

    units: list[Unit] = field(default_factory=list)
    holdings: list[tuple[int, int, int | None, date]] = field(default_factory=list)
    people: list[Somebody] = field(default_factory=list)
    experts: list[tuple[int, str, str, tuple[str, ...]]] = field(default_factory=list)
    parties: list[tuple[int, int, str, date]] = field(default_factory=list)
    facts: list[tuple[int, int, str, date]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Maker:
    def __init__(self, scale: Scale) -> None:
        self.size, self.random, self.made = SIZES[scale], Random(_KEY), City()  # noqa: S311 -- the same city every time, no secret
        self._serial = 0

    def day(self, first: date = FIRST_DAY, last: date = LAST_DAY) -> date:
        return first + timedelta(days=self.random.randrange((last - first).days))

    def phone(self) -> str:
        # The segment 154 is given to nobody.
        return f"154{self.random.randrange(10**8):08}"

    def unit(self, name: str, kind: str, **more: object) -> Unit:
        self._serial += 1
        classes = {"enterprise": "91", "society": "51", "authority": "11"}
        register = classes.get(kind, "12")
        district = self.random.choice(list(districts()))
        code = credit_code.make(register[0], register[1], district, 4_000_000 + self._serial * 7919)
        made = Unit(name, kind, district, code, self.address(district), self.phone(), self.day())
        return replace(made, **more)  # type: ignore[arg-type]  # names of fields with their values

    def address(self, district: str) -> str:
        return f"{city()}{districts()[district]}{self.random.choice(words.ROADS)}{self.random.randrange(1, 400)}号"

    def public_bodies(self) -> None:
        """Authorities, and what stands below them."""
        units = self.made.units
        units += [self.unit(f"{city()}{name}", "authority") for name in words.AUTHORITIES]
        for kind, above, names in (
            ("university", 1, words.COLLEGES), ("institute", 0, words.INSTITUTES), ("hospital", 2, words.HOSPITALS),
            ("institution", 0, words.INSTITUTIONS), ("society", 0, words.SOCIETIES),
        ):  # fmt: skip
            units += [self.unit(f"云岭{name}", kind, parent=above) for name in names]
        for place in [place for place, unit in enumerate(units) if unit.kind == "university"]:
            units.append(self.unit(f"{units[place].name}分析测试中心", "institution", parent=place))

    def companies(self) -> None:
        """Companies until the number of user units is reached, some of them renamed, some in groups."""
        units, size = self.made.units, self.size
        names = list(product(words.TRADE, words.TRADE, words.BRANCHES))
        self.random.shuffle(names)
        faulty = size.spelt + size.slipped
        wanted = size.units + len(words.AUTHORITIES) - faulty + size.closed
        for first, second, branch in names[: wanted - len(units)]:
            name = f"云岭{first}{second}{branch}{self.random.choice(words.FORMS)}"
            unit = self.unit(name, "enterprise")
            if self.random.random() < 0.06:  # noqa: PLR2004 -- about one in sixteen was renamed
                former = f"云岭{first}{second}{self.random.choice(words.BRANCHES)}有限公司"
                unit = replace(unit, former=((former, self.day(unit.since + timedelta(days=30), LAST_DAY + timedelta(days=60))),))
            units.append(unit)
        for place in range(len(units) - size.closed, len(units)):
            units[place] = replace(units[place], closed_on=max(self.day(), units[place].since + timedelta(days=90)))

    def groups(self) -> None:
        """Groups of a holding company, its daughters and granddaughters."""
        units, random = self.made.units, self.random
        open_companies = [place for place, unit in enumerate(units) if unit.kind == "enterprise" and unit.closed_on is None]
        random.shuffle(open_companies)
        for begin in range(0, len(open_companies) // 6, 6):
            head, *below = open_companies[begin : begin + 6]
            units[head] = replace(units[head], name=units[head].name.replace("有限", "控股有限", 1))
            for number, place in enumerate(below):
                owner = head if number < 3 else below[number - 3]  # noqa: PLR2004 -- three daughters, the others below them
                share = random.choice((None, 12, 30, 51, 67, 100))
                self.made.holdings.append((owner, place, share, max(units[owner].since, units[place].since)))

    def faulty_records(self) -> None:
        """Records that are wrong on purpose, each told in ``faults``."""
        units, size, random = self.made.units, self.size, self.random
        good = [place for place, unit in enumerate(units) if unit.kind == "enterprise" and unit.closed_on is None and not unit.former]
        chosen = random.sample(good, size.spelt + size.slipped + size.moved)
        for place in chosen[: size.spelt]:
            name = units[place].name.replace("云岭", "云岭市", 1)
            name = name.replace("有限责任公司", "公司") if "有限责任" in name else name.replace("有限公司", "有限责任公司")
            units.append(replace(units[place], name=name, code="", former=(), parent=None))
            self.made.faults.append(Fault("spelt_otherwise", name, units[place].name))
        for place in chosen[size.spelt : size.spelt + size.slipped]:
            code, at = units[place].code, random.randrange(8, 16)
            slip = random.choice([one for one in credit_code.ALPHABET if one != code[at]])
            name = f"{units[place].name[:6]}（筹备组）"
            wrong = code[:at] + slip + code[at + 1 :]
            units.append(self.unit(name, "enterprise", code="", code_given=wrong, remark=f"证照代码 {wrong} 校验不符"))
            self.made.faults.append(Fault("code_slip", name, units[place].name))
        for place in chosen[size.spelt + size.slipped :]:
            elsewhere = random.choice([code for code in districts() if code != units[place].district])
            units[place] = replace(units[place], address=self.address(elsewhere))
            self.made.faults.append(Fault("moved", units[place].name))

    def books(self) -> None:
        """What was registered or closed in the present year was a year earlier; nothing is drawn, so that the city stays as it was."""
        for place, unit in enumerate(self.made.units):
            closed = unit.closed_on
            if closed is not None and closed >= _NEW_YEAR:
                closed -= _A_YEAR
            since = unit.since - _A_YEAR if unit.since >= _NEW_YEAR else unit.since
            if closed is not None:
                since = min(since, closed - _A_QUARTER)
            self.made.units[place] = replace(unit, since=since, closed_on=closed)

    def inhabitants(self) -> None:
        """People with one or two posts; experts come from the first of them."""
        size, random, people = self.size, self.random, self.made.people
        numbers = iter(random.sample(range(100_000), size.people))
        for _ in range(size.people - size.twice):
            born = self.day(date(1958, 1, 1), date(1996, 1, 1))
            serial = next(numbers)
            first17 = f"9901{serial // 1000:02}{born:%Y%m%d}{serial % 1000:03}"
            name = random.choice(words.SURNAMES) + "".join(random.sample(words.GIVEN, random.choice((1, 2, 2))))
            people.append(Somebody(name, first17 + id_check_digit(first17), self.phone(), tuple(self.posts())))
        for one in random.sample(people, size.twice):
            people.append(replace(one, id_number="", posts=one.posts[-1:]))
            self.made.faults.append(Fault("person_twice", one.name, one.id_number))

    def posts(self) -> Iterator[tuple[int, str, date, date | None]]:
        """A past post for some, a present one for all."""
        random, units = self.random, self.made.units
        begin = self.day(date(2015, 1, 1), date(2020, 1, 1))
        if random.random() < 0.3:  # noqa: PLR2004 -- three in ten changed their unit
            end = self.day(begin + timedelta(days=200), date(2025, 1, 1))
            yield random.randrange(len(units)), random.choice(words.POSITIONS), begin, end
            begin = end
        yield random.randrange(len(units)), random.choice(words.POSITIONS), begin, None

    def experts_and_facts(self) -> None:
        """The pool, related parties and facts for avoidance."""
        size, random, made = self.size, self.random, self.made
        leaves = [code for code, one in fields_of_work().items() if one.parent]
        for place in range(size.experts):
            state = random.choices(("pool", "applied", "suspended", "left"), (90, 5, 3, 2))[0]
            made.experts.append((place, random.choice(words.TITLES), state, tuple(random.sample(leaves, random.choice((1, 2, 3))))))
        for _ in range(size.parties):
            one, other = random.sample(range(len(made.units)), 2)
            made.parties.append((one, other, random.choice(("investment", "same_controller", "kin", "contract")), self.day()))
        for _ in range(size.facts):
            kind = random.choice(("project", "paper", "adviser", "declared", "refused"))
            made.facts.append((random.randrange(size.experts), random.randrange(len(made.units)), kind, self.day()))


@cache
def invented(scale: Scale) -> City:
    """The city of a scale; shared: read it, never change it."""
    maker = _Maker(scale)
    for step in (
        maker.public_bodies, maker.companies, maker.groups, maker.faulty_records, maker.inhabitants, maker.experts_and_facts, maker.books,
    ):  # fmt: skip
        step()
    return maker.made
