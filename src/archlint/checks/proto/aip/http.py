"""How methods are called over HTTP: the verb, the path and the body."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.conventions import CUSTOM, Body, Convention, conventions_of
from archlint.model.protobuf.annotations import HttpBinding
from archlint.model.protobuf.methods import ApiMethod, MethodKind
from archlint.model.protobuf.resources import snake
from archlint.model.world import World

_WITHOUT_BODY = frozenset({"get", "delete"})


@join(ApiMethod)
def aip_http_verb(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A method that is called with another verb than its name promises."""
    wrong = {
        convention: binding.verb
        for convention in conventions_of(method)
        for binding in method.bindings
        if binding.verb not in convention.verbs
    }
    if wrong:
        first, verb = next(iter(wrong.items()))
        yield observe(
            method.place("http"),
            aliases=[convention.alias("http-method") for convention in wrong],
            identity=(method.rpc.name,),
            rpc=method.rpc.name,
            verb=verb.upper(),
            wanted=" or ".join(name.upper() for name in first.verbs),
        )


@join(ApiMethod)
def aip_http_body(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A method whose body over HTTP is another part of the request than it is for all of its kind."""
    wrong = {
        convention: (binding, wanted)
        for convention in conventions_of(method)
        for binding in method.bindings
        if (wanted := _wanted_body(method, convention, binding)) is not None
    }
    if wrong:
        binding, wanted = next(iter(wrong.values()))
        yield observe(
            method.place("http"),
            "none" if not wanted else "other" if binding.body else "missing",
            aliases=[convention.alias("http-body") for convention in wrong],
            identity=(method.rpc.name,),
            rpc=method.rpc.name,
            body=binding.body,
            wanted=wanted,
        )


def _wanted_body(method: ApiMethod, convention: Convention, binding: HttpBinding) -> str | None:
    """What the body should be, empty for none; ``None`` if it is as it should be."""
    if convention is CUSTOM:
        if binding.verb in _WITHOUT_BODY:
            return "" if binding.body else None
        return None if binding.body in ("*", snake(method.noun)) else "*"
    if convention.body is Body.NONE:
        return "" if binding.body else None
    if convention.body is Body.ALL:
        return None if binding.body == "*" else "*"
    is_unknown = method.kind is MethodKind.CREATE and method.request is None
    wanted = resource_field(method)
    return None if binding.body == wanted or not method.noun or is_unknown else wanted


def resource_field(method: ApiMethod) -> str:
    """The field of the request that holds the resource which is made or changed."""
    if method.kind is MethodKind.CREATE and method.request is not None:
        name = resource_name(method)
        held = (field for field in method.request.fields if field.type_name.rpartition(".")[2] == name)
        found = next(held, None)
        return snake(name) if found is None else found.name
    return snake(method.noun)


def resource_name(method: ApiMethod) -> str:
    """The name of the message of the resource that a method makes: what it gives, if that is part of its own
    name."""
    given = "" if method.is_long_running else method.result.rpartition(".")[2]
    return given if given and given in method.noun else method.noun
