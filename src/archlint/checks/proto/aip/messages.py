"""The names of the messages that methods take and give."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.conventions import CUSTOM, Convention, conventions_of
from archlint.model.protobuf.annotations import (
    finds_imports,
    knows_annotations,
    reference_of,
    resource_of,
)
from archlint.model.protobuf.methods import EMPTY, OPERATION, ApiMethod, MethodKind
from archlint.model.world import World

_NAMED_AFTER_METHOD = frozenset(
    {
        *(MethodKind.LIST, MethodKind.RUN, MethodKind.PURGE),
        *(MethodKind.BATCH_GET, MethodKind.BATCH_CREATE, MethodKind.BATCH_UPDATE, MethodKind.BATCH_DELETE),
    }
)
_POLICY = "google.iam.v1.Policy"
_MAY_BE_EMPTY = frozenset({MethodKind.DELETE, MethodKind.BATCH_DELETE})
_RESOURCE_AT_END = frozenset(
    {MethodKind.CREATE, MethodKind.UPDATE, MethodKind.BATCH_CREATE, MethodKind.BATCH_UPDATE}
)
_GOES_ON = frozenset({MethodKind.RUN, MethodKind.PURGE})
"""Kinds that take long, so that they give an operation."""
_WITHOUT_RESPONSE_LAW = frozenset({MethodKind.ADD, MethodKind.REMOVE})


@join(ApiMethod)
def aip_request_name(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A request that is not called after its method."""
    conventions = conventions_of(method)
    name = method.rpc.input.rpartition(".")[2]
    wanted = f"{method.rpc.name}Request"
    if conventions and name != wanted:
        yield observe(
            method.place("input"),
            aliases=[convention.alias("request-message-name") for convention in conventions],
            rpc=method.rpc.name,
            name=name,
            wanted=wanted,
        )


@join(ApiMethod)
def aip_response_name(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A method that gives another message than all of its kind."""
    wrong = [item for item in conventions_of(method) if not _gives_right(method, item)]
    if not wrong:
        return
    wanted = f"'{method.rpc.name}Response'"
    if wrong[0] is not CUSTOM and method.kind not in _NAMED_AFTER_METHOD:
        wanted = f"'{method.noun}'"
    if method.kind in _MAY_BE_EMPTY:
        wanted = f"{wanted} or '{EMPTY}'"
    must_go_on = method.kind in _GOES_ON and not method.is_long_running
    yield observe(
        method.place("operation_info" if _is_told_at_operation(method) else "output"),
        "operation" if must_go_on else "default",
        identity=(method.rpc.name,),
        aliases=[convention.alias("response-message-name") for convention in wrong],
        rpc=method.rpc.name,
        name=(method.rpc.output if method.kind is MethodKind.GET else method.result).rpartition(".")[2],
        wanted=wanted,
    )


def _is_told_at_operation(method: ApiMethod) -> bool:
    """Whether what a method gives is said where the types of its operation are, and looked for there."""
    return (
        method.is_long_running and method.kind not in _RESOURCE_AT_END and method.kind is not MethodKind.GET
    )


def _gives_right(method: ApiMethod, convention: Convention) -> bool:
    """Whether what a method gives is what one convention asks for."""
    name = method.result.rpartition(".")[2]
    if method.kind is MethodKind.GET and method.is_long_running:
        return method.noun in ("", OPERATION.rpartition(".")[2])  # nothing has to be waited for
    if not name or method.result == _POLICY:  # an operation may be all that there is to say
        return True
    if convention is CUSTOM:
        named = name == f"{method.rpc.name}Response"
        return named or _is_resource_acted_on(method) or not _are_annotations_known(method)
    if method.kind in _WITHOUT_RESPONSE_LAW or not method.noun:
        return True
    if method.kind in _GOES_ON and not method.is_long_running:
        return False
    if method.kind is MethodKind.CREATE and not method.is_long_running:
        return name in method.noun  # CreateBookCopy may give a Book
    if method.kind in _MAY_BE_EMPTY and method.result == EMPTY:
        return True
    return name == (f"{method.rpc.name}Response" if method.kind in _NAMED_AFTER_METHOD else method.noun)


def _are_annotations_known(method: ApiMethod) -> bool:
    """Whether all that a method and its messages say in annotations could be read."""
    messages = (method.request, method.response)
    return knows_annotations(method.source) and all(
        finds_imports(method.source) if message is None else knows_annotations(message.source)
        for message in messages
    )


def _is_resource_acted_on(method: ApiMethod) -> bool:
    """Whether an action gives the resource that its request names."""
    references = map(reference_of, method.request.fields if method.request else ())
    types = {reference.type for reference in references if reference is not None and reference.type}
    if method.is_long_running:
        return method.result.rpartition(".")[2] in {type_.rpartition("/")[2] for type_ in types}
    resource = None if method.response is None else resource_of(method.response)
    return resource is not None and resource.type in types
