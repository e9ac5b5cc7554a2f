"""Whether a document has the form of its version, and its references lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, relpath

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Document, Node
from archlint.finding import OperationName, Place
from archlint.model.openapi import METHODS, Broken, Contract, Dialect, reference_text, references_in
from archlint.model.openapi.structure import MISPLACED, StructureViolation, violations
from archlint.model.openapi.walk import dynamic_references_in

_VERSIONS = ", ".join(dialect.label for dialect in Dialect)
_ALIASES = {
    True: ("openapi:schema-violation", "spectral:oas2-schema"),
    False: ("openapi:schema-violation", "spectral:oas3-schema"),
}
_MOST_RELATED = 10
"""Other uses of a broken reference that a finding names."""
_DATA = (".yaml", ".yml", ".json")
"""Files that a reference can lead into; others, as texts in Markdown, are for bundlers, see ``MISPLACED``."""


@check(Contract)
def openapi_structure_invalid(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each break of the published schema, or a version that has none."""
    if contract.dialect is None:
        version = contract.version_node
        yield observe(
            version.value_place(),
            "version",
            aliases=_ALIASES[False][:1],
            version=version.value,
            versions=_VERSIONS,
        )
        return
    found = violations(contract)
    aliases = _ALIASES[contract.dialect is Dialect.V2_0]
    misplaced = [violation.node for violation in found if violation.keyword == MISPLACED]
    if misplaced:
        yield observe(
            misplaced[0].place(),
            "reference",
            related=[(node.place(), "and here") for node in misplaced[1 : _MOST_RELATED + 1]],
            identity=("$ref",),
            aliases=aliases,
            uses="" if len(misplaced) == 1 else f" ({len(misplaced)} times)",
            version=contract.dialect.label,
        )
    others = [each for each in found if each.keyword != MISPLACED]
    for number, violation in enumerate(others[: options["most"]], 1):
        more = len(others) - number if number == options["most"] else 0
        yield observe(
            _place(violation),
            identity=(*contract.document.names(violation.node.route), violation.problem),
            operations=_operation(violation.node),
            aliases=aliases,
            problem=violation.sentence + (f" ({more} more such breaks are not listed)" if more else ""),
            version=contract.dialect.label,
        )


def _place(violation: StructureViolation) -> Place:
    node = violation.node
    has_token = violation.is_value and node.exists and not isinstance(node.value, (dict, list))
    return node.value_place() if has_token else node.place()


def _operation(node: Node) -> tuple[OperationName, ...]:
    route = node.route
    if len(route) < 3 or route[0] != "paths" or route[2] not in METHODS:
        return ()
    return (OperationName(str(route[2]).upper(), str(route[1])),)


@check(Contract)
def unresolved_reference(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each target that is named and not there, at its first use, with the other uses as related places."""
    uses: dict[tuple[Document, str], list[Node]] = {}
    problems: dict[tuple[Document, str], Broken] = {}
    for document in _documents(contract):
        is_new = (contract.dialect or Dialect.V3_1) >= Dialect.V3_1
        for node, text in (*references_in(document), *(dynamic_references_in(document) if is_new else ())):
            problem = _problem(contract, node, text)
            is_prose = problem is Broken.TEXT and not text.partition("#")[0].lower().endswith(_DATA)
            if problem is not None and problem is not Broken.REMOTE and not is_prose:
                uses.setdefault((document, text), []).append(node)
                problems[document, text] = problem
    for (document, text), nodes in uses.items():
        ordered = sorted((_at(node, text) for node in nodes), key=Place.span)
        others = [(place, "also used here") for place in ordered[1 : _MOST_RELATED + 1]]
        yield observe(
            ordered[0],
            problems[document, text].value,
            related=others,
            identity=(_name_from(contract.document, document), text),
            target=text,
            uses="" if len(nodes) == 1 else f" (used {len(nodes)} times)",
            id=_scope_of(contract, nodes[0]),
        )


def _scope_of(contract: Contract, node: Node) -> str:
    """The identifier that references at a place are relative to."""
    scope = contract.references.resources(node.document).around(node.route)
    return node.document.at((*scope.route, "$id")).text or scope.base


def _name_from(home: Document, document: Document) -> str:
    """The way from one document's folder to another, which stays if both move; nothing to itself."""
    return "" if document is home else relpath(document.path, dirname(home.path) or ".")


def _problem(contract: Contract, node: Node, text: str) -> Broken | None:
    if node.is_map and reference_text(node) == text:
        return contract.references.follow(node).problem if _starts_here(contract, node, text) else None
    return contract.references.step(node, text)[1]


def _starts_here(contract: Contract, node: Node, text: str) -> bool:
    """Whether this reference itself is broken, and not one further down the chain; loops count everywhere."""
    target, problem = contract.references.step(node, text)
    return target is None or contract.references.follow(node).problem is Broken.LOOP or problem is not None


def _at(node: Node, text: str) -> Place:
    if not node.is_map:
        return node.value_place()
    return node.get("$ref" if reference_text(node) == text else "$dynamicRef").value_place()


def _documents(contract: Contract) -> list[Document]:
    """The contract's document and every file that it refers to, over any number of steps, save other
    contracts that are looked at for their own sake."""
    found = [contract.document]
    seen = set(found)
    for document in found:
        for node, text in references_in(document):
            if "#" in text[:1]:
                continue
            target = contract.references.step(node, text)[0]
            if target is None or target.document in seen:
                continue
            seen.add(target.document)
            if not contract.references.is_apart(target.document):
                found.append(target.document)
    return found
