"""What walks through the database stand on: a day that moves on, people, files, and answers by chance."""

import sys
from datetime import UTC, datetime, time, timedelta
from io import BytesIO

from django.utils import timezone
from matters.test_policy_cases import granted_project
from people import make_account, make_unit
from PIL import Image
from review import rounds_made_up

from keheng.directory.models import Organisation
from keheng.directory.service import districts
from keheng.kernel.money import Money
from keheng.kernel.powers import Power, Principal, Reach
from keheng.matters.rules.calls import inner_problems
from keheng.matters.rules.flow.situation import closed_now
from keheng.matters.rules.form.answers import eligibility_problems, facts_of, form_problems, settled, take

EXPERTS = 16


def content_of(kind, number):
    """A file of a kind that opens; what follows its end is not shown, so that each is another one."""
    if kind == "pdf":
        parts = (b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj", b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj")
        body = b"\n".join([b"%PDF-1.7", *parts, b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj", b"trailer<</Root 1 0 R>>"])
    else:
        out = BytesIO()
        Image.new("RGB", (4, 4), "white").save(out, {"jpg": "JPEG", "png": "PNG"}[kind])
        body = out.getvalue()
    return body + f"\n%{number}".encode()


class Time:
    """The day of the whole program: it stands still but for a second at each look, until somebody moves it."""

    def __init__(self, patch):
        self.moment, real = None, timezone.now

        def now():
            if self.moment is None:
                return real()
            self.moment += timedelta(seconds=1)
            return self.moment

        for name, module in list(sys.modules.items()):
            if name.startswith("keheng.") and getattr(module, "now", None) is real:
                patch.setattr(module, "now", now)
        patch.setattr(timezone, "now", now)

    def to(self, day):
        self.moment = datetime.combine(day, time(1), UTC)

    @property
    def day(self):
        return timezone.localdate(self.moment)


class Cast:
    """A firm with two people, staff, and whoever holds a role: everyone an account of their own."""

    def __init__(self):
        self.unit = make_unit(district="990102", credit_code="91990101000DBCMM5J")
        self.firm = self._of_unit("walk-firm")
        self.mate = self._of_unit("walk-mate")
        self.staff = Principal("walk-staff", powers=(Power("matters.case.see", Reach.ALL),))
        self.colleagues, self.holders = [], {}
        self.experts = 0

    def _of_unit(self, account):
        powers = ("matters.case.apply", "matters.case.confirm", "directory.organisation.see")
        return Principal(account, unit=str(self.unit.pk), powers=tuple(Power(one, Reach.UNIT, unit=self.unit.pk) for one in powers))

    def applicant(self, matter):
        return self.staff if "unit" not in matter.audience and "person" not in matter.audience else self.firm

    def colleague(self, place):
        """The login of a colleague, and who acts for it."""
        while len(self.colleagues) <= place:
            account = make_account(f"walk.colleague{len(self.colleagues)}")
            self.colleagues.append((account.login, Principal(str(account.pk))))
        return self.colleagues[place][0]

    def everyone(self, matter):
        """All who may have a part in a case."""
        for name, role in matter.roles.items():
            if role.holds is not None and not role.unit:
                powers = (Power(role.holds, Reach.ALL), Power("matters.case.see", Reach.ALL))
                self.holders.setdefault((matter.id, name), Principal(f"walk-{name}", powers=powers))
        own = [one for (matter_id, _), one in self.holders.items() if matter_id == matter.id]
        return [self.applicant(matter), self.mate, *own, *(one for _, one in self.colleagues)]

    def meet(self, matter):
        """What the platform knows of the firm is what the tests of a policy's matter say: where it is, projects it was granted."""
        for code, title in districts().items():
            if matter.sample.get("district") == title:
                Organisation.objects.filter(pk=self.unit.pk).update(district=code)
        for _ in range(int(matter.sample.get("projects") or 0)):
            granted_project(self.unit.pk)

    def fill_pool(self):
        if not self.experts:
            self.experts = len(rounds_made_up.experts(EXPERTS))


def wrong_with(matter, answers, day):
    """Everything wrong with answers by themselves."""
    facts = facts_of(matter, answers, day)
    return [*form_problems(matter, answers, day), *eligibility_problems(matter, facts), *inner_problems(matter, answers, facts)]


def begins_on(matter, day):
    """Whether any of the file's own tests has answers that can be handed in on a day."""
    if closed_now(matter, day):
        return False
    given = (settled(matter.fields, take(matter.fields, matter.given(trial)), day) for trial in matter.tests)
    return any(not wrong_with(matter, answers, day) for answers in given)


def yuan(fen):
    return str(Money(fen)).replace(",", "")


def by_chance(one, chance, day):
    """A value of a question by its type and bounds; None for those whose answers hang on others."""
    low, high = int(one.min or 0), int(one.max) if one.max is not None else 40
    ways = {
        "text": lambda: ("云岭试验" * 30)[: chance.randint(max(1, min(low, 20)), max(1, min(high, 20)))],
        "longtext": lambda: "试验内容。" * max(1, -(-max(low, 30) // 5)),
        "integer": lambda: str(chance.randint(low, high)),
        "money": lambda: str(chance.randint(low, high if one.max is not None else low + 1_000)),
        "decimal": lambda: f"{chance.randint(low * 10, high * 10) / 10}",
        "date": lambda: str(day + timedelta(days=chance.randint(-400, 800))),
        "choice": lambda: chance.choice(one.options),
        "choices": lambda: chance.sample(one.options, chance.randint(1, len(one.options))),
        "yesno": lambda: chance.choice(["yes", "no"]),
        "phone": lambda: f"199{chance.randrange(10**8):08}",
        "email": lambda: f"walk{chance.randrange(99)}@yunling.example",
    }
    return ways[one.type]() if one.type in ways else None


def of_move(one, answers, chance, day):
    """An answer to a question of a move: of a table that stands beside the form's, all that was asked for."""
    if one.like is not None:
        return [{col.id: yuan(row[col.begins]) for col in one.cols if col.begins} for row in answers[one.like]]
    return by_chance(one, chance, day) or "1"
