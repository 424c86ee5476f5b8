"""How a piece of JSON is checked: rules that name each place that is wrong, and the reason, in Slack's manner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sandbox.records import Json

Problem = tuple[str, str]
"""Where (a JSON pointer), and what is wrong."""

Rule = Callable[[object, str], Iterator[Problem]]
"""Looks at a value that stands at a pointer, and yields what is wrong with it."""

Check = Callable[[Json, str], Iterator[Problem]]
"""Looks at what holds between the fields of an object."""


def text(longest: int, *, shortest: int = 1, pattern: str = "", of: str = "") -> Rule:
    """A string of so many characters; `of` says in words what `pattern` wants."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield at, "must be a string"
        elif len(value) > longest:
            yield at, f"must be less than {longest + 1} characters"
        elif len(value) < shortest:
            yield at, f"must be more than {shortest - 1} characters"
        elif pattern and not re.fullmatch(pattern, value):
            yield at, f"must be {of}"

    return check


def flag(value: object, at: str) -> Iterator[Problem]:
    """A boolean."""
    if not isinstance(value, bool):
        yield at, "must be a boolean"


def number(least: int, most: int) -> Rule:
    """An integer between two bounds, both included."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield at, "must be an integer"
        elif not least <= value <= most:
            yield at, f"must be between {least} and {most}"

    return check


def one_of(*words: str) -> Rule:
    """One of some words."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if value not in words:
            yield at, f"must be one of: {', '.join(words)}"

    return check


def listed(rule: Rule, most: int, *, least: int = 1) -> Rule:
    """An array whose items all follow one rule."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield at, "must be an array"
            return
        if len(value) > most:
            yield at, f"no more than {most} items allowed"
        if len(value) < least:
            yield at, f"must provide at least {least} item{'' if least == 1 else 's'}"
        for number_, item in enumerate(value):
            yield from rule(item, f"{at}/{number_}")

    return check


def anything(value: object, at: str) -> Iterator[Problem]:  # noqa: ARG001 -- a rule, of which nothing is asked
    """Whatever it is."""
    yield from ()


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: its fields and their rules, which must be there, and what holds between them. It is a rule itself."""

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    def __call__(self, value: object, at: str) -> Iterator[Problem]:
        """Yield what is wrong; what holds between fields is looked at only once each field is right."""
        if not isinstance(value, dict):
            yield at, "must be an object"
            return
        problems = list(self._fields(value, at))
        yield from problems
        for check in self.checks if not problems else ():
            yield from check(value, at)

    def _fields(self, value: Json, at: str) -> Iterator[Problem]:
        for name in self.required:
            if value.get(name) is None:
                yield at, f"missing required field: {name}"
        for name, inner in value.items():
            if name not in self.fields:
                yield at, f"invalid additional property: {name}"
            elif inner is not None:
                yield from self.fields[name](inner, f"{at}/{name}")


def typed(shapes: Mapping[str, Rule], what: str = "type") -> Rule:
    """An object that follows the rule of its own `type`, if that is one of `shapes`."""

    def check(value: object, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield at, "must be an object"
        elif not isinstance(value.get("type"), str):
            yield at, "missing required field: type"
        elif value["type"] not in shapes:
            yield f"{at}/type", f"unsupported {what}: {value['type']}"
        else:
            yield from shapes[value["type"]](value, at)

    return check


def exactly_one(*names: str) -> Check:
    """One of these fields, and only one."""

    def check(value: Json, at: str) -> Iterator[Problem]:
        if sum(value.get(name) is not None for name in names) != 1:
            yield at, f"must have exactly one of: {', '.join(names)}"

    return check


def at_least_one(*names: str) -> Check:
    """One of these fields, or several."""

    def check(value: Json, at: str) -> Iterator[Problem]:
        if not any(value.get(name) is not None for name in names):
            yield at, f"must have one of: {', '.join(names)}"

    return check
