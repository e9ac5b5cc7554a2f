"""Whether an AsyncAPI document has the form of its version, and its references lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.event.spectral import Element, element_of
from archlint.checks.oas.instances import place_of_problem
from archlint.documents import Node
from archlint.files import Kind
from archlint.model.asyncapi import AsyncDescription, is_reference
from archlint.model.asyncapi.published import VERSIONS
from archlint.model.asyncapi.structure import misplaced_targets, trait_payload_violations, violations
from archlint.model.openapi import Broken
from archlint.model.openapi.structure import MISPLACED, StructureViolation

_UNRESOLVED, _RESOLVED = "spectral:asyncapi-3-document-unresolved", "spectral:asyncapi-3-document-resolved"
_SCHEMA, _PAYLOAD = "spectral:asyncapi-schema", "spectral:asyncapi-payload"
_OF_OTHER_RULES = frozenset(("security", "servers"))
"""Lists of references that rules of their own look at."""
_MOST_RELATED = 10
"""Other uses of a broken reference that a finding names."""


@check(AsyncDescription)
def asyncapi_structure_invalid(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Each break of the published schema, or a version that has none."""
    stated = description.root.get("asyncapi")
    if description.version is None:
        yield observe(
            stated.value_place(), "version", aliases=(), version=stated.value, versions=", ".join(VERSIONS)
        )
        return
    found = [
        (each, _aliases(each, description)) for each in violations(description) if not _is_of_other_rule(each)
    ]
    found += [(each, (_PAYLOAD,)) for each in trait_payload_violations(description)]
    for number, (violation, aliases) in enumerate(found[: options["most"]], 1):
        more = len(found) - number if number == options["most"] else 0
        yield observe(
            place_of_problem(violation),
            identity=(*description.document.names(violation.node.route), violation.problem),
            aliases=aliases,
            problem=violation.sentence + (f" ({more} more such breaks are not listed)" if more else ""),
            version=description.version,
        )
    told = {(each.node.document, each.node.route) for each, _ in found}
    for each in misplaced_targets(description):
        if (each.violation.node.document, each.violation.node.route) in told:
            continue
        yield observe(
            each.reference.get("$ref").value_place(),
            "target",
            related=[(each.target.place(), "what it refers to")],
            identity=(each.reference.get("$ref").text or "", each.part.value),
            aliases=(_RESOLVED,) if description.is_third else (_SCHEMA,),
            target=each.reference.get("$ref").text,
            part=each.part.value,
            problem=each.violation.sentence,
        )


def _is_of_other_rule(violation: StructureViolation) -> bool:
    """Whether a rule of its own tells a break in plainer words: headers of another type, tags twice."""
    way = violation.node.route
    if violation.keyword == "const":
        return way[-2:] == ("headers", "type")
    return violation.keyword == "uniqueItems" and way[-1:] == ("tags",)


def _aliases(violation: StructureViolation, description: AsyncDescription) -> tuple[str, ...]:
    """What Spectral calls it: it looks at documents of which all references are resolved, and at those that
    stand where none is allowed."""
    is_misplaced, is_reference = violation.keyword == MISPLACED, violation.node.route[-1:] == ("$ref",)
    if description.is_third:
        if is_misplaced:
            return (_UNRESOLVED,)
        is_no_reference = violation.keyword == "required" and "'$ref'" in violation.problem
        return () if is_no_reference or is_reference else (_RESOLVED,)
    if is_misplaced or is_reference:
        return ()
    return (_SCHEMA, _PAYLOAD) if _is_in_payload(violation.node) else (_SCHEMA,)


def _is_in_payload(node: Node) -> bool:
    """Whether an element stands in the payload of a message of version 2 that is the only one of its
    operation, or a component."""
    route = node.route
    if "payload" not in route:
        return False
    home = route[: route.index("payload")]
    return home[-1:] == ("message",) or (home[:2] == ("components", "messages") and len(home) == 3)


def _circles(description: AsyncDescription) -> Iterator[Node]:
    """One reference of each chain that leads back to itself; of several documents the first by title."""
    told: set[Element] = set()
    kinds = description.references.world.kinds
    for each in description.pieces.references:
        is_chain = each.problem is None and each.target is not None and is_reference(each.target)
        members = description.references.circle(each.node) if is_chain else ()
        if members and element_of(members[0]) not in told:
            told.add(element_of(members[0]))
            around = {node.document for node in members if kinds.get(node.document.path) is Kind.ASYNCAPI}
            owners = {(each.root.get("info", "title").text or "", each.path) for each in around}
            if not owners or min(owners)[1] == description.document.path:
                own = (node for node in members if node.document.path == description.document.path)
                yield next(own, each.node).get("$ref")


@check(AsyncDescription)
def asyncapi_reference_broken(description: AsyncDescription, options: Options) -> Iterator[Observation]:
    """Each target that is named and not there, at its first use, with the other uses as related places."""
    uses: dict[tuple[str, str], list[tuple[Node, Broken]]] = {}
    for each in description.pieces.references:
        is_known = each.problem not in (None, Broken.REMOTE, Broken.TEXT)
        if each.problem is not None and is_known and not _OF_OTHER_RULES & set(each.node.route[-2:]):
            text = each.node.get("$ref").text or ""
            uses.setdefault((each.node.document.path, text), []).append((each.node.get("$ref"), each.problem))
    for node in _circles(description):
        uses[node.document.path, node.text or ""] = [(node, Broken.LOOP)]
    for (_, text), found in uses.items():
        (first, problem), *others = found
        yield observe(
            first.value_place(),
            problem.value if problem in (Broken.FILE, Broken.OUTSIDE, Broken.LOOP) else "default",
            related=[(node.value_place(), "also used here") for node, _ in others[:_MOST_RELATED]],
            identity=(text,),
            target=text,
            uses="" if not others else f" (used {len(found)} times)",
        )
