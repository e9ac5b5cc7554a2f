"""Whether an AsyncAPI document has the form of its version, and its references lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.event.spectral import Element, element_of
from archlint.checks.oas.instances import place_of_problem
from archlint.documents import Node
from archlint.files import Kind
from archlint.finding.articles import with_article
from archlint.finding.place import steps_of
from archlint.model.asyncapi import AsyncDescription, AsyncReference, is_reference
from archlint.model.asyncapi.published import VERSIONS
from archlint.model.asyncapi.structure import (
    UNSEEN,
    misplaced_targets,
    trait_payload_violations,
    violations,
)
from archlint.model.openapi import Broken
from archlint.model.openapi.structure import MISPLACED, StructureViolation
from archlint.model.world import World

_UNRESOLVED, _RESOLVED = "spectral:asyncapi-3-document-unresolved", "spectral:asyncapi-3-document-resolved"
_SCHEMA, _PAYLOAD = "spectral:asyncapi-schema", "spectral:asyncapi-payload"
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
    told = {element_of(each.node) for each, _ in found}
    for each in misplaced_targets(description):
        is_told = not told.isdisjoint(map(element_of, (each.violation.node, each.reference.get("$ref"))))
        if is_told or _has_other_rule(each.reference):
            continue
        yield observe(
            each.reference.get("$ref").value_place(),
            "target",
            related=[(each.target.place(), "what it refers to")],
            identity=(each.reference.get("$ref").text or "", each.part.value),
            aliases=_aliases_of_target(each.violation, description),
            target=each.reference.get("$ref").text,
            part=each.part.value,
            one=with_article(each.part.value),
            problem=each.violation.sentence,
        )


def _is_of_other_rule(violation: StructureViolation) -> bool:
    """Whether a rule of its own tells a break in plainer words: headers of another type, tags twice."""
    way = violation.node.route
    if violation.keyword == "const":
        return way[-2:] == ("headers", "type")
    return violation.keyword == "uniqueItems" and way[-1:] == ("tags",)


def _aliases_of_target(violation: StructureViolation, description: AsyncDescription) -> tuple[str, ...]:
    if violation.keyword == UNSEEN:
        return ()
    return (_RESOLVED,) if description.is_third else (_SCHEMA,)


def _aliases(violation: StructureViolation, description: AsyncDescription) -> tuple[str, ...]:
    """What Spectral calls it: it looks at documents of which all references are resolved, and at objects that
    are references where none is allowed."""
    if violation.keyword == MISPLACED and description.is_third:
        return (_RESOLVED,) if violation.is_value else (_UNRESOLVED,)
    if violation.node.route[-1:] == ("$ref",):
        return ()
    if description.is_third:
        is_no_reference = violation.keyword == "required" and "'$ref'" in violation.problem
        return () if is_no_reference else (_RESOLVED,)
    return (_SCHEMA, _PAYLOAD) if _is_in_payload(violation.node) else (_SCHEMA,)


def _is_in_payload(node: Node) -> bool:
    """Whether an element stands in the payload of a message of version 2 that is the only one of its
    operation, or a component."""
    route = node.route
    if "payload" not in route:
        return False
    home = route[: route.index("payload")]
    return home[-1:] == ("message",) or (home[:2] == ("components", "messages") and len(home) == 3)


def _circles(description: AsyncDescription, world: World) -> Iterator[Node]:
    """One reference of each chain that leads back to itself; of several documents the first by title."""
    told: set[Element] = set()
    for each in description.pieces.references:
        is_chain = each.problem is None and each.target is not None and is_reference(each.target)
        members = description.references.circle(each.node) if is_chain else ()
        if members and element_of(members[0]) not in told:
            told.add(element_of(members[0]))
            around = {
                node.document for node in members if world.kinds.get(node.document.path) is Kind.ASYNCAPI
            }
            owners = {(each.root.get("info", "title").text or "", each.path) for each in around}
            if not owners or min(owners)[1] == description.document.path:
                own = (node for node in members if node.document.path == description.document.path)
                yield next(own, each.node).get("$ref")


@join(AsyncDescription)
def asyncapi_reference_broken(
    description: AsyncDescription, world: World, options: Options
) -> Iterator[Observation]:
    """Each target that is named and not there, at its first use, with the other uses as related places."""
    uses: dict[tuple[str, str], list[tuple[Node, Broken]]] = {}
    broken = [each for each in description.pieces.references if _is_broken(each)]
    told_elsewhere = _told_of(description) if broken else frozenset()
    gone = told_elsewhere | {element_of(each.node.get("$ref")) for each in broken}
    for each in broken:
        stated = each.node.get("$ref")
        is_told = element_of(stated) in told_elsewhere or _is_behind(stated, gone)
        if each.problem is not None and not is_told:
            uses.setdefault((each.node.document.path, stated.text or ""), []).append((stated, each.problem))
    for node in _circles(description, world):
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


def _is_broken(reference: AsyncReference) -> bool:
    is_broken = reference.problem not in (None, Broken.REMOTE, Broken.TEXT)
    return is_broken and not _has_other_rule(reference.node)


def _has_other_rule(reference: Node) -> bool:
    """Whether it stands in a list of servers or security schemes of the document, which have rules of their
    own."""
    *_, home, last = ("", "", *reference.route)
    is_listed = isinstance(last, int) and (reference.get("$ref").text or "").startswith("#")
    return is_listed and (home == "security" or (home == "servers" and reference.route[0] == "channels"))


def _told_of(description: AsyncDescription) -> frozenset[Element]:
    """References that are told as standing where none may, or as leading to the wrong thing."""
    misplaced = (each.node for each in violations(description) if each.keyword in (MISPLACED, UNSEEN))
    mistaken = (each.reference.get("$ref") for each in misplaced_targets(description))
    return frozenset(map(element_of, (*misplaced, *mistaken)))


def _is_behind(stated: Node, gone: frozenset[Element]) -> bool:
    """Whether a reference leads through one of its own document that is told for itself."""
    way, _, pointer = (stated.text or "").partition("#")
    node = stated.document.root
    for name in steps_of(pointer) if not way else ():
        node = node.get(int(name)) if node.is_list and name.isdigit() else node.get(name)
        target = node.get("$ref")
        is_told = element_of(target) in gone or target.text is None
        if is_reference(node) and is_told and target.route != stated.route:
            return True
    return False
