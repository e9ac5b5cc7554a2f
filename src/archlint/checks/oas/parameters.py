"""Parameters and the paths they belong to: declared, used, required, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.matching import finder
from archlint.checks.oas.wording import label
from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.finding.words import quoted
from archlint.model.openapi import Contract, Operation, PathItem, Role, operations_of
from archlint.model.openapi.templates import anonymous

_NAME = regex(r"\{[;?]*+([^{}?;*=:]++)[^{}]*+\}")
"""A parameter in a template. The signs of RFC 6570 around the name say how it is written, and what follows a
``=`` or ``:`` is a pattern, as gateways and routers write it."""
_PLAIN = regex(r"[A-Za-z0-9_-]+")
_ALIAS = ("spectral:path-params",)


def _names(template: str) -> list[str]:
    return [found[1] for found in _NAME.finditer(template)]


def _listed(node: Node | PathItem, contract: Contract) -> list[tuple[Node, Node]]:
    """Each entry of ``parameters`` as it stands there, and what it refers to."""
    entries = list(node.get("parameters").elements())
    return [(entry, contract.references.follow(entry).node) for entry in entries]


def _path_names(entries: Iterable[tuple[Node, Node]]) -> dict[str, Node]:
    """The path parameters of a list by name, at the entry that comes first."""
    found: dict[str, Node] = {}
    for entry, node in entries:
        name = node.get("name").text
        if node.get("in").text == "path" and name is not None:
            found.setdefault(name, entry)
    return found


@check(Contract)
def parameter_duplicate(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each parameter that a list has twice, by name and location, and bodies that exclude each other."""
    for item in contract.path_items:
        yield from _repeated(item, contract, in_operation=False)
        for operation in operations_of([item]):
            yield from _repeated(operation.node, contract, in_operation=True)
            yield from _bodies(operation)


def _repeated(node: Node | PathItem, contract: Contract, *, in_operation: bool) -> Iterator[Observation]:
    first: dict[tuple[str, str], Node] = {}
    for entry, parameter in _listed(node, contract):
        name, location = parameter.get("name").text, parameter.get("in").text
        if name is None or location is None:
            continue
        other = first.setdefault((location, name), entry)
        if other is not entry:
            aliases = ["spectral:operation-parameters"] if in_operation else []
            aliases += _ALIAS if location == "path" else ()
            yield observe(
                entry.place(),
                related=[(other.place(), "first listed here")],
                aliases=aliases,
                name=name,
                location=location,
            )


def _bodies(operation: Operation) -> Iterator[Observation]:
    entries = _listed(operation.node, operation.contract)
    bodies = [entry for entry, node in entries if node.get("in").text == "body"]
    fields = [entry for entry, node in entries if node.get("in").text == "formData"]
    aliases = ["spectral:operation-parameters"]
    if bodies and fields:
        place = operation.node.get("parameters").place()
        yield observe(
            place, "clash", aliases=aliases, operations=[operation.name], operation=label(operation)
        )
    names = {operation.contract.references.follow(entry).node.get("name").text for entry in bodies[:1]}
    for entry in bodies[1:]:
        if operation.contract.references.follow(entry).node.get("name").text not in names:
            yield observe(
                entry.place(),
                "bodies",
                aliases=aliases,
                operations=[operation.name],
                operation=label(operation),
            )


@check(Contract)
def path_parameter_undeclared(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each operation that does not declare what its path template names."""
    for item in contract.path_items:
        shared = _path_names(_listed(item, contract))
        for operation in operations_of([item]):
            declared = shared.keys() | _path_names(_listed(operation.node, contract)).keys()
            lacking = [name for name in dict.fromkeys(_names(item.template)) if name not in declared]
            if lacking:
                yield observe(
                    operation.node.place(),
                    object=operation.object,
                    operations=[operation.name],
                    names=", ".join(quoted(lacking)),
                    operation=label(operation),
                )


@check(Contract)
def path_parameter_unused(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each declared path parameter that the template does not name."""
    for item in contract.path_items:
        names = set(_names(item.template))
        operations = list(operations_of([item]))
        shared = _path_names(_listed(item, contract))
        lists = [(shared, operations)]
        lists += [(_path_names(_listed(each.node, contract)), [each]) for each in operations]
        for declared, users in lists:
            for name, entry in declared.items():
                if name not in names:
                    yield observe(
                        entry.place(),
                        object=item.object,
                        operations=[each.name for each in users],
                        aliases=_ALIAS if operations else (),
                        name=name,
                        path=item.template,
                    )


@check(Contract)
def path_parameter_optional(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each path parameter that does not say that it is required, at the entry that lists it."""
    for item in contract.path_items:
        homes: list[Node | PathItem] = [item, *(operation.node for operation in operations_of([item]))]
        for home in homes:
            for entry, parameter in _listed(home, contract):
                if parameter.get("in").text != "path" or parameter.get("required").value is True:
                    continue
                if parameter.get("name").text is not None:
                    yield observe(
                        entry.place(), object=item.object, name=parameter.get("name").text, path=item.template
                    )


@check(Contract)
def path_template_duplicate(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each path that differs from an earlier one in the names of its parameters alone."""
    first: dict[str, PathItem] = {}
    for item in contract.path_items:
        other = first.setdefault(anonymous(item.template), item)
        if other is not item:
            yield observe(
                item.key.place(),
                object=item.object,
                related=[(other.key.place(), "the other path")],
                aliases=None if all(map(_PLAIN.fullmatch, _names(item.template))) else (),
                operations=[operation.name for operation in operations_of([item])],
                path=item.template,
                other=other.template,
            )


@check(Contract)
def path_parameter_repeated(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each path that names a parameter twice."""
    for item in contract.path_items:
        names = _names(item.template)
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            yield observe(
                item.key.place(),
                object=item.object,
                operations=[operation.name for operation in operations_of([item])],
                names=", ".join(quoted(twice)),
                path=item.template,
            )


@check(Contract)
def credentials_in_url(contract: Contract, options: Options) -> Iterator[Observation]:
    """Parameters in path or query whose name says that they are secret."""
    is_secret = finder(options["words"], ignore_case=True)
    is_allowed = finder([options["allow"]], ignore_case=True)
    for parameter in contract.elements.of(Role.PARAMETER):
        name, location = parameter.get("name"), parameter.get("in").text
        if location not in ("path", "query") or name.text is None or is_allowed(name.text):
            continue
        if is_secret(name.text) and not _is_switch(contract, parameter):
            yield observe(
                name.value_place(),
                aliases=() if contract.is_v2 else None,
                name=name.text,
                location=location,
            )


def _is_switch(contract: Contract, parameter: Node) -> bool:
    """Whether a parameter only says yes or no, or names one of some words that everybody may know."""
    schema = contract.references.follow(parameter.get("schema")).node
    return any(each.get("type").value == "boolean" or each.get("enum").exists for each in (parameter, schema))
