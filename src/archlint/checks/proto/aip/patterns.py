"""The names that resources have, and those that paths let in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.paths import VARIABLE
from archlint.checks.proto.aip.resources_of import reached, resource_message
from archlint.finding.regex import regex
from archlint.model.protobuf.annotations import defined_resources, reference_of, resource_of
from archlint.model.protobuf.methods import ApiMethod, MethodKind, message_called, messages_by_name
from archlint.model.protobuf.resources import resources_in
from archlint.model.protobuf.schemas import schemas
from archlint.model.world import World

_PART = regex(r"\{[^}]*+\}")


@join(ApiMethod)
def aip_http_pattern(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A path that lets in other names than the resource has."""
    for binding in method.bindings:
        for found in VARIABLE.finditer(binding.path):
            type_ = _type_named(found["field"], method, world) if found["pattern"] else ""
            said = world.fact(_patterns).get(type_, ()) if type_ else ()
            near = reached(method.source, world) if said else set()
            patterns = {pattern for path, pattern in said if path in near}
            if patterns and not any(_lets_in(found["pattern"], pattern) for pattern in patterns):
                yield observe(
                    method.place("http"),
                    identity=(method.rpc.name, binding.path),
                    rpc=method.rpc.name,
                    pattern=found["pattern"],
                    type=type_,
                    wanted=sorted(patterns)[0],
                )


def _lets_in(template: str, pattern: str) -> bool:
    """Whether a pattern of a path lets in the names of a resource."""
    parts, names = template.split("/"), pattern.split("/")
    if "**" in parts:
        at = parts.index("**")
        parts, names = parts[:at], names[:at]
    return pattern == "*" or (
        len(parts) == len(names) and all(part in ("*", name) for part, name in zip(parts, names, strict=True))
    )


def _type_named(path: str, method: ApiMethod, world: World) -> str:
    """The type of the resource that a field of the request names; empty if it does not say."""
    messages = world.fact(messages_by_name)
    message = method.request
    *outer, last = path.split(".")
    for name in outer:
        held = None if message is None else message.field_called(name)
        message = None if held is None else message_called(held.type_name, held.source, messages)
    field = None if message is None else message.field_called(last)
    if field is None or message is None:
        return ""
    said = reference_of(field)
    if said is not None:
        return said.type
    own = resource_of(message) if last == "name" and outer else None
    return own.type if own is not None else ""


def _patterns(world: World) -> Mapping[str, set[tuple[str, str]]]:
    """The names of the resources of each type, with a star for each variable, and the files that say so."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for schema in world.reading(schemas):
        known = (resource.said for resource in resources_in(schema))
        for resource in (*known, *defined_resources(schema)):
            for pattern in resource.patterns:
                found[resource.type].add((schema.path, _PART.sub("*", pattern)))
    return found


@join(ApiMethod)
def aip_create_collection(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A resource that is made in a collection which no pattern of its name has."""
    made = resource_message(method, world) if method.kind is MethodKind.CREATE else None
    said = None if made is None else resource_of(made)
    if made is None or said is None:
        return
    for binding in method.bindings:
        collection = binding.path.rpartition("/")[2].partition(":")[0]
        is_named = bool(collection) and "}" not in collection
        if is_named and not all(f"{collection}/" in name for name in said.patterns if name != "*"):
            yield observe(
                made.place(),
                object=made.object,
                related=[(method.place("http"), "makes it there")],
                identity=(method.rpc.name, collection),
                type=said.type,
                rpc=method.rpc.name,
                collection=collection,
            )
