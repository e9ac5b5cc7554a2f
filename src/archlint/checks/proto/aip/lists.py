"""What lists can be asked, after https://google.aip.dev/160 and https://google.aip.dev/217."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.names import api_linter
from archlint.checks.proto.aip.requests import REQUESTS
from archlint.model.protobuf import Label
from archlint.model.protobuf.methods import ApiMethod, MethodKind
from archlint.model.world import World

_FILTERED = (MethodKind.LIST, MethodKind.CUSTOM, MethodKind.PURGE, MethodKind.LIST_REVISIONS)


@join(ApiMethod)
def aip_filter(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A filter that is no text, or that is called otherwise."""
    if method.request is None or method.kind not in _FILTERED:
        return
    has_law = any(law.name == "filter" for law in REQUESTS.get(method.kind, ()))
    for field in method.request.fields:
        if field.name == "filters":
            yield observe(
                field.place(),
                "name",
                object=method.request.object,
                aliases=[api_linter("0160::filter-field-name")],
                name=field.name,
            )
        elif field.name == "filter" and field.declared_type != "string" and not has_law:
            yield observe(
                field.place(),
                object=method.request.object,
                aliases=[api_linter("0160::filter-field-type")] if field.type != "string" else (),
                type=field.declared_type,
            )


@join(ApiMethod)
def aip_unreachable(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A list that may be incomplete and does not say what is missing, or not where all do."""
    if method.request is None or method.response is None:
        return
    asked = method.request.field_called("return_partial_success")
    answered = method.response.field_called("unreachable")
    if asked is not None and (answered is None or answered.label is not Label.REPEATED):
        yield observe(
            asked.place(),
            object=method.request.object,
            aliases=[api_linter("0217::return-partial-success-with-unreachable")],
            response=method.response.name,
        )
    other = method.response.field_called("unreachable_locations")
    if other is not None and method.response.field_called("next_page_token") is not None:
        yield observe(
            other.place(),
            "name",
            object=method.response.object,
            aliases=[api_linter("0217::synonyms")],
            name=other.name,
        )
