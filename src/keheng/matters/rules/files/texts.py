"""The Chinese texts of a file and their words in other languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from keheng.matters.rules.files.parts import FormField, Matter


def texts(matter: Matter) -> Iterator[str]:
    """Every text that an applicant may see, in the order of the file."""
    yield from (matter.title, matter.about, matter.result, matter.fee, *matter.topics)
    yield from (clause.say for clause in matter.eligible)
    yield from (one.title for one in matter.open)
    for section in matter.form:
        yield section.section
        for field in section.fields:
            yield from _of_field(field)
    for material in matter.materials:
        yield from (material.title, material.hint)
    for state in matter.states:
        yield from (state.title, state.why)
        for move in matter.moves_of(state.id):
            yield move.tell
            if any(matter.roles[role].applies for role in move.roles if role in matter.roles):
                yield move.title
                for field in move.ask:
                    yield from _of_field(field)
    for output in matter.outputs.values():
        yield from (output.title, output.text)


def _of_field(field: FormField) -> Iterator[str]:
    yield from (field.label, field.hint, field.unit, field.say, *field.options)
    for col in field.cols:
        yield from _of_field(col)


def untold(matter: Matter) -> Mapping[str, list[str]]:
    """Texts that lack words in a language the file promises, with the languages."""
    found: dict[str, list[str]] = {}
    for text in dict.fromkeys(filter(None, texts(matter))):
        words = matter.words.get(text)
        lacking: list[str] = [language for language in matter.languages if words is None or not getattr(words, language)]
        if lacking:
            found[text] = lacking
    return found


def said(matter: Matter, text: str, language: str) -> str:
    """A text of the file in a language of the site; in Chinese where it has no words for it."""
    words = matter.words.get(text)
    return (getattr(words, language, "") or text) if words is not None else text
