"""Guidelines for names: of parameters, properties, headers, enum values, operations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import home_of, joined, label, operation_of, words_of
from archlint.documents import Node
from archlint.finding.nouns import is_plural
from archlint.finding.regex import regex
from archlint.model.openapi import Contract, Operation, Role
from archlint.model.openapi.members import kinds_of

_CASES = {
    "camel": regex(r"[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*)?\Z"),
    "snake": regex(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\Z"),
    "kebab": regex(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z"),
    "pascal": regex(r"[A-Z][A-Za-z0-9]*\Z"),
    "upper-snake": regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\Z"),
    "train": regex(r"[A-Z][A-Za-z0-9]*(?:-[A-Z0-9][A-Za-z0-9]*)*\Z"),
}
_MARKED = regex(r"[^A-Za-z]|.*?[^A-Za-z0-9_-]", re.DOTALL)
"""Names that begin with a sign, such as ``_links``, ``@type`` and ``$filter``, or have one that no identifier
has, such as ``ids[]`` and ``sso:linked``, follow rules of others."""

_APART = regex(r"[/.:#_]")
"""Signs between the group of an operation and its name."""
_Named = tuple[str, Node]


def _in_other_case(names: Iterable[_Named], wanted: str) -> Iterator[tuple[str, list[Node], str]]:
    """Each name that is not in a case, with its places and the case that it should be in."""
    places: dict[str, list[Node]] = {}
    for name, node in names:
        if name and not _MARKED.match(name):
            places.setdefault(name, []).append(node)
    case = _usual(places) if wanted == "consistent" else wanted
    for name, nodes in places.items() if case is not None else ():
        if case is not None and not _CASES[case].match(name):
            yield name, nodes, case


def _usual(names: Iterable[str]) -> str | None:
    """The case of most names of several words; ``None`` if none has several words."""
    counts: Counter[str] = Counter()
    for name in names:
        fitting = [case for case in ("camel", "snake", "kebab", "pascal") if _CASES[case].match(name)]
        if len(fitting) == 1 and len(words_of(name)) > 1:
            counts[fitting[0]] += 1
    return max(sorted(counts), key=lambda case: counts[case]) if counts else None


def _written(name: str, case: str) -> str:
    """A name in a case."""
    words = words_of(name)
    if case in ("camel", "pascal"):
        text = "".join(word.capitalize() for word in words)
        return text[:1].lower() + text[1:] if case == "camel" else text
    if case == "train":
        return "-".join(word.capitalize() for word in words)
    text = {"snake": "_", "upper-snake": "_"}.get(case, "-").join(words)
    return text.upper() if case == "upper-snake" else text


@check(Contract)
def query_parameter_case(contract: Contract, options: Options) -> Iterator[Observation]:
    """Query parameters in another case, each name once."""
    named = [
        (parameter.get("name").text or "", parameter)
        for parameter in contract.elements.of(Role.PARAMETER)
        if parameter.get("in").text == "query" and parameter.get("name").text not in options["allow"]
    ]
    for name, nodes, case in _in_other_case(named, options["case"]):
        yield observe(
            nodes[0].get("name").value_place(),
            identity=("query", name),
            operations=[each for node in nodes for each in operation_of(node)],
            name=name,
            case=case,
            better=_written(name, case),
        )


@check(Contract)
def property_case(contract: Contract, options: Options) -> Iterator[Observation]:
    """Properties in another case, each name once."""
    named = [
        (name, member)
        for schema in contract.elements.schemas
        for name, member in schema.get("properties").items()
        if name not in options["allow"]
    ]
    for name, nodes, case in _in_other_case(named, options["case"]):
        yield observe(
            nodes[0].place(),
            identity=("properties", name),
            operations=[each for node in nodes for each in operation_of(node)],
            name=name,
            case=case,
            better=_written(name, case),
            uses="" if len(nodes) == 1 else f" (in {len(nodes)} schemas)",
        )


def _headers(contract: Contract) -> Iterator[_Named]:
    """Every header by name: those of requests at the parameter's name, those of responses at their key."""
    for parameter in contract.elements.of(Role.PARAMETER):
        if parameter.get("in").text == "header" and parameter.get("name").text is not None:
            yield parameter.get("name").text or "", parameter.get("name")
    for response in contract.elements.of(Role.RESPONSE):
        yield from response.get("headers").items()


@check(Contract)
def header_case(contract: Contract, options: Options) -> Iterator[Observation]:
    """Headers in another case, each name once; for kebab-case capital letters do not count."""
    for name, nodes, case in _in_other_case(_headers(contract), options["case"]):
        first = nodes[0]
        if case == "kebab" and _CASES[case].match(name.lower()):
            continue
        yield observe(
            first.value_place() if first.text is not None else first.place(),
            identity=("headers", name),
            operations=[each for node in nodes for each in operation_of(node)],
            name=name,
            case=case,
            better=_written(name, case),
        )


@check(Contract)
def header_prefix_outdated(contract: Contract, options: Options) -> Iterator[Observation]:
    """Headers that begin with ``X-`` and are not long established."""
    allowed = [name.lower() for name in options["allow"]]
    seen: set[str] = set()
    for name, node in _headers(contract):
        lower = name.lower()
        if not lower.startswith("x-") or lower in seen:
            continue
        if any(lower == known or (known.endswith("*") and lower.startswith(known[:-1])) for known in allowed):
            continue
        seen.add(lower)
        yield observe(
            node.value_place() if node.text is not None else node.place(),
            identity=("headers", lower),
            operations=operation_of(node),
            name=name,
            better=name[2:],
        )


@check(Contract)
def array_name_singular(contract: Contract, options: Options) -> Iterator[Observation]:
    """Properties that hold a list and are named in the singular, each name once."""
    allowed = frozenset(options["allow"])
    seen: set[str] = set()
    for schema in contract.elements.schemas:
        for name, member in schema.get("properties").items():
            words = words_of(name)
            if name in seen or not words or words[-1] in allowed or is_plural(words[-1]):
                continue
            if "array" in kinds_of(contract, member) and not _MARKED.match(name):
                seen.add(name)
                yield observe(
                    member.place(),
                    identity=("properties", name),
                    operations=operation_of(member),
                    name=name,
                    schema=home_of(schema),
                )


@check(Contract)
def enum_value_case(contract: Contract, options: Options) -> Iterator[Observation]:
    """Enums with values in another case."""
    pattern = _CASES[options["case"]]
    for element in contract.elements.all:
        enum = element.node.get("enum")
        if element.role is Role.NAMES or not enum.is_list:
            continue
        words = [value for value in enum.value if isinstance(value, str) and re.search(r"[A-Za-z]", value)]
        odd = sorted(value for value in words if not pattern.match(value))
        if odd:
            yield observe(
                enum.place(),
                operations=operation_of(enum),
                values=joined(odd, 3),
                case=options["case"],
                better=_written(odd[0], options["case"]),
            )


@check(Contract)
def time_property_suffix(contract: Contract, options: Options) -> Iterator[Observation]:
    """Properties that hold a moment and do not say so, each name once."""
    suffixes = tuple(options["suffixes"])
    seen: set[str] = set()
    for schema in contract.elements.schemas:
        for name, member in schema.get("properties").items():
            kind = contract.references.follow(member).node.get("format").text
            if kind in options["formats"] and name not in seen and not name.endswith(suffixes):
                seen.add(name)
                yield observe(
                    member.place(),
                    identity=("properties", name),
                    operations=operation_of(member),
                    name=name,
                    format=kind,
                    suffixes=joined(suffixes, 4),
                )


@check(Operation)
def operation_id_irregular(operation: Operation, options: Options) -> Iterator[Observation]:
    """An ``operationId`` that does not begin with a verb that fits the method."""
    name = operation.operation_id.text
    verbs = options["verbs"].get(operation.method)
    if name is None or not verbs or not words_of(name):
        return
    parts = [words_of(part) for part in _APART.split(name)]  # as in issues/list-comments or Orders_List
    if any(words and words[0] in verbs for words in parts):
        return
    yield observe(
        operation.operation_id.value_place(),
        operations=[operation.name],
        id=name,
        operation=label(operation),
        verbs=joined(verbs, 6),
    )
