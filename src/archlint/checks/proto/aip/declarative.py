"""Resources that tools bring into a wanted state, after https://google.aip.dev/128, and their ``etag``."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.proto.aip.names import TIMESTAMP, api_linter
from archlint.model.protobuf import Message
from archlint.model.protobuf.resources import ApiResource, resources_by_message
from archlint.model.world import World

_WANTED = {
    "annotations": ("map<string, string>", "0128::resource-annotations-field"),
    "create_time": (TIMESTAMP, "0148::declarative-friendly-fields"),
    "delete_time": (TIMESTAMP, "0148::declarative-friendly-fields"),
    "display_name": ("string", "0148::declarative-friendly-fields"),
    "etag": ("string", "0154::declarative-friendly-required"),
    "name": ("string", "0148::declarative-friendly-fields"),
    "reconciling": ("bool", "0128::resource-reconciling-field"),
    "uid": ("string", "0148::declarative-friendly-fields"),
    "update_time": (TIMESTAMP, "0148::declarative-friendly-fields"),
}
"""The fields of a resource that tools need: type and law."""

_NOT_OF_ONE = frozenset({"delete_time", "uid"})
"""What a resource does not have of which there is one in each parent."""


@check(ApiResource)
def aip_declarative_field(resource: ApiResource, options: Options) -> Iterator[Observation]:
    """A resource for declarative tools that lacks a field that these need."""
    if not resource.said.is_declarative:
        return
    missing: list[str] = []
    for name, (type_, law) in _WANTED.items():
        field = resource.field(name)
        if field is None:
            if not (resource.is_singleton and name in _NOT_OF_ONE):
                missing.append(name)
        elif name in ("annotations", "reconciling") and field.declared_type != type_:
            yield observe(
                field.place(),
                "type",
                aliases=[api_linter(law)],
                name=name,
                type=field.type_text,
                wanted=type_,
            )
    if missing:
        yield observe(
            resource.message.place(),
            aliases=sorted({api_linter(_WANTED[name][1]) for name in missing}),
            resource=resource.message.name,
            fields=", ".join(f"{_WANTED[name][0]} {name}" for name in missing),
        )


@join(Message)
def aip_etag_twice(message: Message, world: World, options: Options) -> Iterator[Observation]:
    """A request with an ``etag`` beside a resource that has one."""
    etag = message.field_called("etag")
    if etag is None or not message.name.endswith("Request"):
        return
    known = world.fact(resources_by_message)
    for field in message.fields:
        held = known.get(field.type_name)
        if held is not None and held.field("etag") is not None:
            yield observe(etag.place(), name=field.name)
            return
