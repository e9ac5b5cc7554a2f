"""Which fields of a request clients offer as parameters of a method."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.conventions import CONVENTIONS
from archlint.checks.proto.aip.http import resource_field
from archlint.checks.proto.aip.resources_of import is_below_another, is_resource_known
from archlint.model.protobuf.annotations import (
    FieldBehavior,
    behaviors_of,
    knows_annotations,
    method_signatures,
)
from archlint.model.protobuf.fields import Label
from archlint.model.protobuf.methods import ApiMethod, MethodKind
from archlint.model.protobuf.resources import snake
from archlint.model.world import World


@join(ApiMethod)
def aip_signature(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A standard method without its usual parameters."""
    wanted = _wanted(method, world)
    if not wanted or not knows_annotations(method.source):
        return
    said = method_signatures(method.rpc)
    first = "".join(said[0].split()) if said else ""
    if method.kind is MethodKind.DELETE:
        for name in ("force", "etag"):
            if method.request is None or method.request.field_called(name) is not None:
                first = first.removesuffix(f",{name}")
    if first != wanted:
        yield observe(
            method.place("signature-0"),
            "default" if said else "missing",
            aliases=[CONVENTIONS[method.kind].alias("method-signature")],
            identity=(method.rpc.name,),
            rpc=method.rpc.name,
            said=said[0] if said else "",
            wanted=wanted,
        )


def _wanted(method: ApiMethod, world: World) -> str:
    """The signature that a method should have; empty if none is usual."""
    fields = {field.name for field in method.request.fields} if method.request else set()
    match method.kind:
        case MethodKind.GET | MethodKind.DELETE:
            return "name"
        case MethodKind.LIST if "parent" in fields:
            return "parent"
        case MethodKind.UPDATE:
            return f"{snake(method.noun)},update_mask"
        case MethodKind.CREATE if is_resource_known(method, world):
            parent = ("parent",) if is_below_another(method, world) else ()
            name = resource_field(method)
            return ",".join((*parent, *(part for part in (name, f"{name}_id") if part in fields)))
    return ""


@join(ApiMethod)
def aip_signature_list(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A list among the parameters of a method that is not the last of them."""
    fields = {field.name: field for field in method.request.fields} if method.request else {}
    for at, signature in enumerate(method_signatures(method.rpc)):
        names = [name.strip() for name in signature.split(",")]
        for name in names[:-1]:
            field = fields.get(name)
            if field is not None and field.label is Label.REPEATED:
                yield observe(
                    method.place(f"signature-{at}"),
                    identity=(method.rpc.name, name),
                    rpc=method.rpc.name,
                    signature=signature,
                    field=name,
                )


@join(ApiMethod)
def aip_signature_incomplete(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A signature without a field that has to be given."""
    if method.request is None or not knows_annotations(method.request.source):
        return
    required = [
        field.name for field in method.request.fields if FieldBehavior.REQUIRED in behaviors_of(field)
    ]
    for at, signature in enumerate(method_signatures(method.rpc)):
        names = {name.strip() for name in signature.split(",")}
        missing = [name for name in required if name not in names]
        if missing:
            yield observe(
                method.place(f"signature-{at}"),
                identity=(method.rpc.name, signature),
                rpc=method.rpc.name,
                signature=signature,
                missing=", ".join(f"'{name}'" for name in missing),
            )
