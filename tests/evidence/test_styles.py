"""Parameters of all styles, judged by openapi-core as well.

It is given what was sent in the way that it reads, which is not always as it is sent: the names of parameters
in the styles ``label`` and ``matrix`` with the marks of RFC 6570 (3.1.1, 4.8.12.3), an exploded object of the
query as one text, and in the style ``spaceDelimited`` the delimiters still encoded. ``_known`` tells where it
judges otherwise. Words in which it follows Python (``1_0``, ``nan``) are not sent.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_path import SchemaPath
from openapi_core import V30RequestValidator, V31RequestValidator
from openapi_core.testing import MockRequest

from archlint.comparison.evidence.holding import hold
from archlint.documents import TextFile
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.finding import Span
from archlint.model.evidence.exchange import EvidenceKind, Exchange, Pair, SentRequest
from tests.evidence.styles import ALL, NAME, Sent, one, sent_for

VERSIONS = {"3.0.3": V30RequestValidator, "3.1.0": V31RequestValidator}
PLACE = TextFile("traffic.har").place(Span(1, 1, 1, 2))


def _contract(version: str) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for number, each in enumerate(ALL):
        path = f"/s{number}/{{{NAME}}}" if each.location == "path" else f"/s{number}"
        operation = {"parameters": [each.parameter], "responses": {"204": {"description": "done"}}}
        paths[path] = {"get": operation}
    return {"openapi": version, "info": {"title": "Styles", "version": "1"}, "paths": paths}


def _exchange(number: int, sent: Sent) -> Exchange:
    location = sent.style.location
    text = f"{NAME}={sent.text}" if location == "cookie" else sent.text
    name = {"cookie": "Cookie", "header": NAME}.get(location)
    request = SentRequest(
        method="GET",
        path=f"/s{number}/{sent.text}" if location == "path" else f"/s{number}",
        place=PLACE,
        query=tuple(Pair(*pair, PLACE) for pair in sent.pairs) if location == "query" else (),
        headers=(Pair(name, text, PLACE),) if name else (),
    )
    return Exchange(EvidenceKind.HAR, PLACE, request, None, is_recorded=True)


@cache
def _judge(version: str) -> Any:
    return VERSIONS[version](SchemaPath.from_dict(_contract(version)))


def _known(sent: Sent) -> bool:
    """Where openapi-core judges otherwise: it takes 0 and 1 for booleans, which JSON does not; the
    specification leaves conversions of types to who reads (3.1.1, appendix B)."""
    return sent.style.kind == "boolean" and any(word in sent.text for word in "01")


def _is_taken(version: str, number: int, sent: Sent) -> bool:
    """Whether openapi-core takes what was sent, which is given to it in the way that it reads."""
    each = sent.style
    how: dict[str, Any] = {}
    text = sent.text if each.location in ("header", "cookie") else unquote(sent.text)
    if each.location == "path":
        mark = {"label": ".", "matrix": ";"}.get(each.style, "")
        how["view_args"] = {f"{mark}{NAME}{'*' if mark and each.explode else ''}": text}
    elif each.location == "query":
        how["args"] = _arguments(sent)
    else:
        how[f"{each.location}s"] = {NAME: text}
    path = f"/s{number}/{{{NAME}}}" if each.location == "path" else f"/s{number}"
    request = MockRequest("http://a.example", "get", path, path_pattern=path, **how)
    return not list(_judge(version).iter_errors(request))


def _arguments(sent: Sent) -> dict[str, Any]:
    each = sent.style
    between = "%20" if each.style == "spaceDelimited" else ""
    pairs = [
        (unquote(name), between.join(map(unquote, value.split(between))) if between else unquote(value))
        for name, value in sent.pairs
    ]
    if each.style == "form" and each.explode and each.form == "object":
        return {NAME: "&".join("=".join(pair) for pair in pairs)}
    found: dict[str, Any] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_styles_are_read_as_openapi_core_reads_them(version: str, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(_contract(version)), "utf-8")
    world = read_world(WorkingTree(tmp_path), ["openapi.json"])

    @settings(max_examples=8)
    @given(st.tuples(*map(sent_for, ALL)))
    def judged(every: tuple[Sent, ...]) -> None:
        accepted = hold(world, [_exchange(*one) for one in enumerate(every)]).accepted
        for number, sent in enumerate(every):
            if not _known(sent):
                assert (number in accepted) == _is_taken(version, number, sent), sent

    judged()


def test_what_is_sent_is_partly_right(tmp_path: Path) -> None:
    """The judges would agree as well if all were refused."""
    (tmp_path / "openapi.json").write_text(json.dumps(_contract("3.1.0")), "utf-8")
    world = read_world(WorkingTree(tmp_path), ["openapi.json"])
    words = {"string": "x", "integer": "1", "number": "1.5", "boolean": "true"}
    right = [one(each, words[each.kind]) for each in ALL if each.form == "one"]
    numbers = [number for number, each in enumerate(ALL) if each.form == "one"]
    sent = [_exchange(number, text) for number, text in zip(numbers, right, strict=True)]
    assert len(hold(world, sent).accepted) == len(numbers)
