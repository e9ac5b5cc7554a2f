"""``vars``: values of fields that stand wherever ``$(NAME)`` does.

Source: kustomize's ``accumulator`` and ``filters/refvar``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from archlint.documents.kustomize.identity import Gvk, Identity
from archlint.documents.kustomize.paths import Specs, apply
from archlint.documents.kustomize.pointers import indexed, look_up
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.values import Origin, Value, written_as


class Variable(NamedTuple):
    """One entry of ``vars``."""

    name: str
    target: Identity
    path: str
    origin: Origin


def read_variable(entry: Value) -> Variable:
    """An entry as a variable."""

    def text(*route: str) -> str:
        found = entry.get(*route)
        return found.text if found is not None else ""

    version = text("objref", "apiVersion")
    group, slash, rest = version.partition("/")
    gvk = Gvk(
        group if slash else text("objref", "group"),
        rest if slash else version or text("objref", "version"),
        text("objref", "kind"),
    )
    target = Identity(gvk, text("objref", "name"), text("objref", "namespace"))
    path = text("fieldref", "fieldPath") or text("fieldref", "fieldpath") or "metadata.name"
    return Variable(text("name"), target, path, entry.origin)


def add_variables(known: dict[str, Variable], new: Iterable[Variable]) -> None:
    """Add variables; their names must differ."""
    for variable in new:
        if variable.name in known:
            raise Refusal(f"The var '{variable.name}' is defined twice.", variable.origin)
        known[variable.name] = variable


def mark_targets(resources: Resources, variables: Iterable[Variable]) -> None:
    """Note which objects the variables take their values from."""
    for variable in variables:
        wanted = variable.target
        found = [
            item
            for item in resources
            if any(
                wanted.equals(known)
                if wanted.namespace
                else wanted.name == known.name and wanted.gvk == known.gvk
                for known in item.identities()
            )
        ]
        if len(found) > 1:
            raise Refusal(f"Several objects fit the var '{variable.name}'.", variable.origin)
        if found:
            found[0].variables.append(variable.name)


def resolve_variables(resources: Resources, variables: dict[str, Variable], specs: Specs) -> None:
    """Put the values in."""
    values = {name: _value_of(resources, variables[name]) for name in sorted(variables)}
    if not values:
        return
    replace = _Replacer(values)
    for item in resources:
        for spec in specs.of(item.gvk):
            apply(item.root, spec, replace.set)


def _value_of(resources: Resources, variable: Variable) -> Value:
    for item in resources:
        if variable.name in item.variables:
            found = look_up(item.root, indexed(variable.path), variable.origin)
            if found is None:
                raise Refusal(
                    f"{item.identity} has no '{variable.path}', which the var '{variable.name}' takes.",
                    variable.origin,
                    Reason.MISSING,
                )
            return found
    raise Refusal(
        f"No object fits the var '{variable.name}': there is no {variable.target}.",
        variable.origin,
        Reason.MISSING,
    )


class _Replacer:
    def __init__(self, values: dict[str, Value]) -> None:
        self.values = values

    def set(self, holder: Any, key: Any) -> None:
        value: Value = holder[key]
        data = value.data
        if isinstance(data, dict):
            for name, item in data.items():
                if isinstance(item.data, str):
                    data[name] = self._replaced(item)
        elif isinstance(data, list):
            for index, item in enumerate(data):
                if not isinstance(item.data, str):
                    raise Refusal("A list with vars must hold texts alone.", item.origin)
                data[index] = self._replaced(item)
        elif isinstance(data, str):
            holder[key] = self._replaced(value)

    def _replaced(self, value: Value) -> Value:
        text: str = value.data
        if "$" not in text:
            return value
        if text.startswith("$(") and text.find(")") == len(text) - 1:
            found = self.values.get(text[2:-1])
            if found is not None and not isinstance(found.data, (dict, list, type(None))):
                return Value(found.data, value.origin)
        return Value(expanded(text, self._text_of), value.origin)

    def _text_of(self, name: str) -> str:
        found = self.values.get(name)
        if found is None or isinstance(found.data, (dict, list, type(None))):
            return f"$({name})"
        return found.data if isinstance(found.data, str) else written_as(found.data)


def expanded(text: str, value_of: Callable[[str], str]) -> str:
    """A text with ``$(NAME)`` replaced; ``$$`` stands for ``$``."""
    parts: list[str] = []
    at = 0
    while True:
        mark = text.find("$", at)
        if mark < 0 or mark + 1 >= len(text):
            parts.append(text[at:])
            return "".join(parts)
        parts.append(text[at:mark])
        after = text[mark + 1]
        if after == "$":
            parts.append("$")
            at = mark + 2
        elif after == "(":
            end = text.find(")", mark)
            parts.append("$(" if end < 0 else value_of(text[mark + 2 : end]))
            at = mark + 2 if end < 0 else end + 1
        else:
            parts.append("$" + after)
            at = mark + 2
