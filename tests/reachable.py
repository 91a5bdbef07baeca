"""What a visitor's input can be refused with: codes that the code behind given pages asks ``problem`` for, read from the sources."""

from __future__ import annotations

import ast
import importlib
import inspect
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import LocalePrefixPattern, URLResolver, get_resolver

# What is wrong with the files of definitions is told to those who write them.
JUDGES_OF_DEFINITIONS = ("keheng.matters.rules.files", "keheng.matters.rules.matching.policy_shelf")


@cache
def names_of(module):
    """What a module defines and what it takes from others, by name."""
    defined, taken = {}, {}
    tree = ast.parse(Path(importlib.import_module(module).__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            taken |= {one.asname or one.name: (node.module, one.name) for one in node.names}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                defined |= {one.id: node for one in ast.walk(target) if isinstance(one, ast.Name)}
    return defined, taken


def place_of(module, name):
    """The module of ours and the name that a name stands for there; None for what is not ours."""
    while module.startswith("keheng."):
        defined, taken = names_of(module)
        if name in defined:
            return module, name
        if name not in taken:
            return None
        module, name = taken[name]
    return None


def codes_behind(starts):
    """Codes of the problems that functions and classes can come to, by whatever they name."""
    queue, seen, codes = list(starts), set(starts), set()
    while queue:
        module, name = queue.pop()
        for node in ast.walk(names_of(module)[0][name]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem":
                codes.add(node.args[0].value)
            place = place_of(module, node.id) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) else None
            if place is not None and place not in seen and not place[0].startswith(JUDGES_OF_DEFINITIONS):
                seen.add(place)
                queue.append(place)
    return codes


def translated_views(doors, resolver=None, *, inside=False):
    """Our views that have an address in every language and one of these doors, as (module, name)."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from translated_views(doors, one, inside=inside or isinstance(one.pattern, LocalePrefixPattern))
        elif inside and getattr(one.callback, "door", "") in doors:
            view = inspect.unwrap(one.callback)
            view = getattr(view, "view_class", view)
            if view.__module__.startswith("keheng."):
                yield view.__module__, view.__name__


@cache
def codes_for_visitors():
    """Every code that a page in Japanese or Korean can show; passwords are judged by what the settings name."""
    validators = [tuple(one["NAME"].rsplit(".", 1)) for one in settings.AUTH_PASSWORD_VALIDATORS if one["NAME"].startswith("keheng.")]
    return frozenset(codes_behind({*translated_views({"public", "signed_in"}), *validators}))
