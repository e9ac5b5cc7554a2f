"""Contracts of any layout: what is fixed can be read, says the same otherwise, and needs no second run."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archlint.config import Settings
from archlint.documents import load_text
from archlint.engine.fixing import Fixed, fix
from archlint.engine.request import Request, Side
from archlint.files import Kind, WorkingTree
from archlint.finding import Rule
from archlint.registry import Registry
from tests.support.rules import own_rules
from tests.support.sampling import usually

FIXABLE = ("operation-id-missing", "component-unused", "server-trailing-slash", "tag-undeclared")
NAMES = st.sampled_from(["a", "b", "c d", "é", "x: y", "# z", "on", "'q'", "list"])
OPERATIONS = st.fixed_dictionaries(
    {"responses": st.just({"200": {"description": "one\ntwo: # three\n"}})},
    optional={
        "operationId": st.sampled_from(["one", "two", "three"]),
        "tags": st.lists(NAMES, max_size=3, unique=True),
        "description": st.sampled_from(["", "text", "# no comment", "first\n\n  second\n"]),
    },
)
PATHS = st.dictionaries(
    st.sampled_from(["/carts", "/carts/{id}", "/v1/orders/", "/"]),
    st.dictionaries(st.sampled_from(["get", "post", "delete"]), OPERATIONS, max_size=2),
    max_size=3,
)
SCHEMAS = st.one_of(
    st.fixed_dictionaries({"$ref": st.sampled_from(["#/components/schemas/A", "#/components/schemas/B"])}),
    st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(NAMES, st.just({}), max_size=2)}
    ),
)
COMPONENTS = st.fixed_dictionaries(
    {},
    optional={
        "schemas": st.dictionaries(st.sampled_from(["A", "B", "C"]), SCHEMAS, max_size=3),
        "responses": st.dictionaries(st.sampled_from(["R", "S"]), st.just({"description": "r"}), max_size=2),
    },
)
CONTRACTS = st.fixed_dictionaries(
    {"openapi": st.just("3.0.3"), "info": st.just({"title": "Shop", "version": "1"})},
    optional={
        "servers": st.lists(
            st.fixed_dictionaries({"url": st.sampled_from(["https://a.example/", "/v1/", "/"])}), max_size=2
        ),
        "tags": st.lists(st.fixed_dictionaries({"name": NAMES}), max_size=2),
        "components": COMPONENTS,
    },
)  # fmt: skip


@cache
def rules() -> tuple[Registry, tuple[Rule, ...]]:
    registry = Registry(own_rules())
    return registry, tuple(registry.by_code[code] for name in FIXABLE for code in registry.codes(name))


def fixed(folder: Path, name: str, content: bytes) -> Fixed:
    (folder / name).write_bytes(content)
    registry, chosen = rules()
    side = Side(WorkingTree(folder, [name]), (name,), frozenset({name}))
    request = Request(side, str(folder), registry, chosen, Settings(), date(2026, 1, 1))
    return fix(request, unsafe=False)


def written(data: dict[str, Any], style: str, ending: str) -> tuple[str, bytes]:
    if style == "json":
        return "openapi.json", json.dumps(data, indent=2, ensure_ascii=False).replace("\n", ending).encode()
    flow = {"block": False, "mixed": None}[style]
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    lines = [f"{line}  # note" if line.endswith(":") else line for line in text.split("\n")]
    return "openapi.yaml", "\n".join(lines).replace("\n", ending).encode()


def without_mended(data: dict[str, Any]) -> dict[str, Any]:
    """What a fix has no business with."""
    rest = json.loads(json.dumps(data))
    for part in ("tags", "components"):
        rest.pop(part, None)
    for server in rest.get("servers", ()):
        server["url"] = server["url"].rstrip("/")
    for item in rest["paths"].values():
        for operation in item.values():
            operation.pop("operationId", None)
    return dict(rest)


@settings(max_examples=usually(60, 1000), deadline=None, suppress_health_check=list(HealthCheck))
@given(CONTRACTS, PATHS, st.sampled_from(["block", "mixed", "json"]), st.sampled_from(["\n", "\r\n"]))
def test_a_mended_contract_says_the_same(
    head: dict[str, Any], paths: dict[str, Any], style: str, ending: str
) -> None:
    data = {**head, "paths": paths}
    name, content = written(data, style, ending)
    with TemporaryDirectory() as folder:
        first = fixed(Path(folder), name, content)
        assert first.notices == ()
        assert first.after.notices == ()
        if not first.contents:
            assert first.count == 0
            return
        old, new = first.contents[name]
        assert old == content
        loaded = load_text(name, new.decode(), Kind.OPENAPI)
        assert not loaded.problems
        assert not loaded.duplicates
        now = loaded.documents[0].data
        assert without_mended(now) == without_mended(
            load_text(name, old.decode(), Kind.OPENAPI).documents[0].data
        )
        assert new.count(b"\r\n") == (new.count(b"\n") if ending == "\r\n" else 0)
        assert [tag["name"] for tag in now.get("tags", [])][: len(head.get("tags", []))] == [
            tag["name"] for tag in head.get("tags", [])
        ]
        left = len(first.before.findings) - len(first.after.findings)
        assert left <= first.count
        second = fixed(Path(folder), name, new)
        assert second.contents == {}
        assert second.count == 0
