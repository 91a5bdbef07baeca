"""How a walking case gets its answers and files: by the acts of an applicant, from the file's own tests and by chance."""

from datetime import timedelta
from io import BytesIO

from matters.walking_ground import by_chance, content_of, wrong_with, yuan

from keheng.kernel.uploads.receiving import append, begin_upload, complete
from keheng.matters.actions.applying import editable
from keheng.matters.models import Instalment
from keheng.matters.queries.cases import held, loaded
from keheng.matters.queries.files import MATERIAL
from keheng.matters.rules.files.shelf import all_in_force
from keheng.matters.rules.form.answers import facts_of, material_needed, settled, take
from keheng.matters.rules.validity import Validity
from keheng.matters.service import add_material, save_answers


class Filling:
    """A case that is filled in; ``one()`` reads it as it stands."""

    def fill(self, case):
        """Answers of one of the file's own tests which the form accepts, some of them changed by chance."""
        trials = self.chance.sample(self.matter.tests, len(self.matter.tests))
        for trial in trials:
            typed = self.fitting(case, dict(self.matter.given(trial)))
            answers = self.kept({**loaded(case).at.answers}, typed)
            if not self.wrong(answers):
                break
        else:
            raise AssertionError(f"no test of {self.matter.id} has answers that can be handed in on {self.clock.day}")
        names = {one.id for one in self.matter.fields if one.formula is None and one.inherit is None}
        seen, marks = list(names & typed.keys()), {}
        self.chance.shuffle(seen)
        typed |= self.generated(answers, typed)
        for begin in range(0, len(seen), 5):
            some = {name: typed[name] for name in seen[begin : begin + 5]}
            marks |= save_answers(actor=self.actor, case=self.pk, typed=some, seen=case.marks | marks).marks
        assert self.wrong(self.one().at.answers) == []

    def kept(self, answers, typed):
        fields = tuple(one for one in self.matter.fields if one.inherit is None)
        return settled(self.matter.fields, answers | take(fields, typed), self.clock.day)

    def wrong(self, answers):
        return wrong_with(self.matter, answers, self.clock.day)

    def fitting(self, case, typed):
        """What a test cannot know: the logins of colleagues, what the parent's plan leaves, shares of what was granted."""
        for place, role in enumerate(one for one in self.matter.roles.values() if one.named is not None):
            typed[role.named] = self.cast.colleague(place)
        for read in all_in_force(self.clock.day):
            above = read.matter.parent
            if above is not None and above.matter == self.matter.id and above.asked is not None and self.chance.random() < 0.5:
                typed[above.asked] = "2026-12-01"
        plan, pays = self.matter.plan, self.matter.pays
        if plan is not None:
            total = case.answers[plan.total]
            first = total // 2 if total >= 200 else 0
            typed[plan.table] = [
                {plan.title: "第一期", plan.day: "2026-12-01", plan.amount: yuan(total - first)},
                *([{plan.title: "第二期", plan.day: "2027-12-01", plan.amount: yuan(first)}] if first else []),
            ]
        if pays is not None:
            open_one = Instalment.objects.filter(funding__contract=case.parent, paid_for=None).order_by("number").first()
            typed |= {pays.number: str(open_one.number), pays.amount: yuan(open_one.fen)}
        elif case.parent is not None and "grant" in case.answers:
            typed |= {one.id: yuan(case.answers["grant"] // 2) for one in self.matter.fields if one.id == "spent"}
        return typed

    def generated(self, answers, typed):
        """Other answers that the form accepts as well: values by chance for some questions, kept where nothing is wrong with them."""
        found = {}
        fixed = {one.named for one in self.matter.roles.values()} | {self.matter.own_code}
        fixed |= {name for one in self.matter.people for name in (one.number, one.born)}
        for one in self.chance.sample(self.matter.fields, min(6, len(self.matter.fields))):
            if one.inherit is not None or one.formula is not None or one.id in fixed or one.id not in typed:
                continue
            value = by_chance(one, self.chance, self.clock.day)
            if value is not None and not self.wrong(self.kept(answers, typed | found | {one.id: value})):
                found[one.id] = value
        return found

    def hand_in(self):
        """Every file that is needed now and is not there, uploaded and handed in by the acts themselves; sometimes one that is not."""
        one = self.one()
        facts, there = facts_of(self.matter, one.at.answers, self.clock.day), held(one.case)
        for material in self.matter.materials:
            wanted = material.min if material_needed(self.matter, material.id, facts) else int(self.chance.random() < 0.3)
            for _ in range(wanted - there.get(material.id, 0)):
                self.files += 1
                kind = next(one for one in ("pdf", "png", "jpg") if one in material.accept)
                content = content_of(kind, f"{self.pk}-{self.files}")
                upload = begin_upload(actor=self.actor, place_name=MATERIAL.name, name=f"材料{self.files}.{kind}", size=len(content))
                append(upload, 0, BytesIO(content).read)
                complete(actor=self.actor, upload=upload)
                until = self.clock.day + timedelta(days=400) if material.valid and not material.endless else None
                valid = Validity(until, endless=material.endless)
                add_material(actor=self.actor, case=self.pk, code=material.id, upload=upload.pk, place=MATERIAL, valid=valid)

    def edit(self, one, state):
        """Files that are still needed are handed in; a text that may be changed now is, by chance."""
        if state.edit == "all":
            self.hand_in()
        texts = {each.id for each in self.matter.fields if each.type == "longtext"} & one.at.answers.keys()
        names = sorted(texts & editable(one.case, self.matter))
        if names and self.chance.random() < 0.5:
            name = self.chance.choice(names)
            typed = {name: f"{one.at.answers[name]}另。"}
            if not self.wrong(self.kept(dict(one.at.answers), typed)):
                save_answers(actor=self.actor, case=self.pk, typed=typed, seen=one.case.marks)
                assert self.one().at.answers[name].endswith("另。")
