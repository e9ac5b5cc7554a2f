"""The paths that methods have over HTTP, as templates of ``google.api.http``.

Source: the grammar in google/api/http.proto, and https://google.aip.dev/127
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.conventions import CONVENTIONS, CUSTOM, conventions_of
from archlint.checks.proto.aip.names import api_linter
from archlint.checks.proto.aip.resources_of import is_below_another
from archlint.finding.nouns import singulars
from archlint.finding.regex import regex
from archlint.model.protobuf.annotations import HttpBinding, knows_annotations
from archlint.model.protobuf.methods import ApiMethod, MethodKind, first_word
from archlint.model.protobuf.resources import lower_camel, snake
from archlint.model.world import World

_PART = r"(?:\*\*?+|[\w.~%-]++)"
_FIELD = r"[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)*+"
_SEGMENT = rf"(?:{_PART}|\{{\$api_version\}}|\{{{_FIELD}(?:={_PART}(?:/{_PART})*+)?+\}})"
_TEMPLATE = regex(rf"/{_SEGMENT}(?:/{_SEGMENT})*+(?::[\w.~%-]++)?+\Z")
VARIABLE = regex(rf"\{{(?P<field>{_FIELD})(?:=(?P<pattern>[^{{}}]*+))?+\}}")

_SAID_IN_PATH = frozenset(
    {
        *(MethodKind.RUN, MethodKind.COMMIT, MethodKind.ROLLBACK, MethodKind.TAG_REVISION),
        *(MethodKind.DELETE_REVISION, MethodKind.UNDELETE, MethodKind.PURGE, MethodKind.BATCH_GET),
        *(MethodKind.BATCH_CREATE, MethodKind.BATCH_UPDATE, MethodKind.BATCH_DELETE),
    }
)
"""Kinds whose paths end with what they do, whatever the method is about."""


@join(ApiMethod)
def aip_http_missing(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A method that cannot be called over HTTP, or that has an annotation and can not for all that."""
    if not knows_annotations(method.source):
        return
    streams_both_ways = method.rpc.client_streaming and method.rpc.server_streaming
    if streams_both_ways == bool(method.bindings):
        yield observe(
            method.place("http") if streams_both_ways else method.place(),
            "streams" if streams_both_ways else "default",
            identity=(method.rpc.name,),
            rpc=method.rpc.name,
        )


@join(ApiMethod)
def aip_http_template(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A path that is no template."""
    for binding in method.bindings:
        if not _TEMPLATE.match(binding.path):
            lacks_slash = not binding.path.startswith("/")
            names = (*(("uri-leading-slash",) if lacks_slash else ()), "http-template-syntax")
            yield observe(
                method.place("http"),
                "slash" if lacks_slash else "default",
                aliases=[api_linter(f"0127::{name}") for name in names],
                identity=(method.rpc.name, binding.path),
                rpc=method.rpc.name,
                path=binding.path,
            )


@join(ApiMethod)
def aip_http_id(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A path that takes the id of a resource out of its name."""
    for binding in method.bindings:
        for found in VARIABLE.finditer(binding.path):
            if found["pattern"] in (None, "*"):
                yield observe(
                    method.place("http"),
                    identity=(method.rpc.name, binding.path, found["field"]),
                    rpc=method.rpc.name,
                    path=binding.path,
                    variable=found[0],
                )


@join(ApiMethod)
def aip_http_suffix(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A path that does not end with what the method does."""
    wrong: dict[str, tuple[HttpBinding, str, bool]] = {}
    for convention in conventions_of(method):
        for binding in method.bindings[:1]:  # others may be of an older version of the API
            custom = convention is CUSTOM
            verb = lower_camel(method.kind) if method.kind in _SAID_IN_PATH else ""
            wanted = _verb_of(method, binding) if custom else verb
            is_whole = custom and wanted[1:] == method.rpc.name[1:]
            if wanted and not binding.path.endswith(f":{wanted}"):
                wrong.setdefault(convention.alias("http-uri-suffix"), (binding, wanted, is_whole))
    if wrong:
        binding, wanted, is_whole = next(iter(wrong.values()))
        yield observe(
            method.place("http"),
            "whole" if is_whole else "default",
            aliases=list(wrong),
            identity=(method.rpc.name,),
            rpc=method.rpc.name,
            path=binding.path,
            wanted=wanted,
        )


def _verb_of(method: ApiMethod, binding: HttpBinding) -> str:
    """What the path of an action ends with; empty if the path is about something else than its name."""
    verb = first_word(method.rpc.name)
    if verb == "Batch":
        verb += first_word(method.noun)
    short = lower_camel(verb)
    path = binding.path.rpartition(":")[0] or binding.path
    variables = {found["field"]: found["pattern"] or "" for found in VARIABLE.finditer(binding.path)}
    named = next((field for field in variables if field == "name" or field.endswith(".name")), None)
    rest = path.rpartition("}")[2].strip("/")
    last = rest.rpartition("/")[2]
    if named is not None and not rest:
        last = next((part for part in reversed(variables[named].split("/")) if "*" not in part), "")
        return short if _is_about(method.noun, singulars(last)[:-1] or (last,)) else ""
    if named is not None or "parent" in variables:
        return short if _is_about(method.noun, singulars(last)) else ""
    is_batch = verb.startswith("Batch") and binding.path.endswith(f":{short}")
    if is_batch or (last and method.noun.lower().endswith(last.lower())):
        return short
    return short + method.rpc.name[len(verb) :]


def _is_about(noun: str, names: tuple[str, ...]) -> bool:
    """Whether a method is about what has one of some names in a path."""
    return any(name and noun.lower().endswith(name.lower()) for name in names)


@join(ApiMethod)
def aip_http_variable(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A path that does not say which resource is meant."""
    law, wanted = _variable_of(method, world)
    for binding in method.bindings if law else ():
        fields = [found["field"] for found in VARIABLE.finditer(binding.path)]
        is_wrong = wanted not in fields or (method.kind is MethodKind.CREATE and len(fields) > 1)
        if is_wrong:
            yield observe(
                method.place("http"),
                "more" if wanted in fields else "default",
                aliases=[CONVENTIONS[method.kind].alias(law)],
                identity=(method.rpc.name,),
                rpc=method.rpc.name,
                path=binding.path,
                wanted=wanted,
            )
            return


def _variable_of(method: ApiMethod, world: World) -> tuple[str, str]:
    """The law about the variable of a path, and the variable; both empty if there is none."""
    fields = {field.name for field in method.request.fields} if method.request else set()
    match method.kind:
        case MethodKind.GET | MethodKind.DELETE:
            return "http-uri-name", "name"
        case MethodKind.UPDATE if method.noun:
            return "http-uri-name", f"{snake(method.noun)}.name"
        case MethodKind.LIST if "parent" in fields:
            return "http-uri-parent", "parent"
        case MethodKind.PURGE if "parent" in fields:
            return "http-parent-variable", "parent"
        case MethodKind.CREATE if is_below_another(method, world):
            return "http-uri-parent", "parent"
    return "", ""
