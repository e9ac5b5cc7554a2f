"""Methods of protos with another path over HTTP than the OpenAPI document of their service."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from tests.defects.defects import Defect, line_of, seeds
from tests.metamorphic.repositories import Files

_HEAD = """\
syntax = "proto3";
package shop.{name}.gateway.v1;
import "google/api/annotations.proto";
service {title}Gateway {{
"""
_METHOD = """\
  rpc {method}(Request) returns (Response) {{
    option (google.api.http) = {{{verb}: "{path}"}};
  }}
"""
_END = "}\nmessage Request { string id = 1; }\nmessage Response { string id = 1; }\n"
_VERBS = ("get", "put", "post", "delete", "patch")


def _methods(text: str) -> list[tuple[str, str, str]]:
    """Name, verb and path of each operation."""
    paths = yaml.safe_load(text)["paths"]
    return [
        (item[verb]["operationId"], verb, path)
        for path, item in paths.items()
        for verb in _VERBS
        if verb in item
    ]


@seeds("proto-http-path-differs")
def called_otherwise(files: Files) -> Iterator[Defect]:
    """One method of a gateway with another word in its path, or another verb."""
    for path, text in sorted(files.items()):
        if not re.fullmatch(r"contracts/openapi/\w+\.yaml", path):
            continue
        methods = _methods(text)
        known = {(verb, template) for _, verb, template in methods}
        name = path.rpartition("/")[2].removesuffix(".yaml")
        for at, (method, verb, template) in enumerate(methods):
            for slip in ((verb, re.sub(r"s(?=/|$)", "", template, count=1)), _other_verb(template, known)):
                calls = [*methods[:at], (method, *slip), *methods[at + 1 :]]
                body = "".join(
                    _METHOD.format(method=called[0].upper() + called[1:], verb=how, path=where)
                    for called, how, where in calls
                )
                copy = f"contracts/proto/shop/{name}/gateway/v1/gateway.proto"
                made = _HEAD.format(name=name, title=name.title()) + body + _END
                line = line_of(made, made.index(f"rpc {method[0].upper()}{method[1:]}("))
                side = line_of(text, text.index(f"\n  {template}:") + 1)
                yield Defect(
                    f"{method} is {slip[0]} {slip[1]}",
                    {**files, copy: made},
                    frozenset({(copy, line), (copy, line + 1)}),
                    frozenset({(path, side)}),
                )


def _other_verb(template: str, known: set[tuple[str, str]]) -> tuple[str, str]:
    return next(item for item in ("patch", "put", "delete") if (item, template) not in known), template
