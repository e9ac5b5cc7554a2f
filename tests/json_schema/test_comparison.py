"""Which JSON Schemas are schemas of events, which are compared, and what an edit is called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.comparison import Change, Compatibility
from archlint.comparison.json_schema import (
    EventDataRefused,
    EventEdit,
    EventSchemaRemoved,
    EventUndecided,
    RegistryRefused,
    UndeclaredDataRefused,
)
from archlint.comparison.json_schema.graph import Graph
from archlint.comparison.schemas.answers import No
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.schema import schema_with
from archlint.comparison.terms import Readers
from archlint.files import Kind
from archlint.files.kinds import named_kind, text_kind
from archlint.model.json_schema import Views, names_events
from tests.gate.releases import Repository
from tests.json_schema.support import BASES, EVENT, between, changes, world_of
from tests.support.inside import archlint

OLD = {"title": "Order", "type": "object", "properties": {"a": {"type": "string"}}}
NARROW = {**OLD, "properties": {"a": {"type": "string", "maxLength": 1}}}
WIDE = {**OLD, "properties": {"a": {"type": ["string", "null"]}}}


@pytest.mark.parametrize(
    "path",
    [
        "events/order.json",
        "schemas/OrderEvent.schema.json",
        "shop.orders-value.json",
        "kafka/schemas/a.yaml",
        "src/main/resources/events/a.json",
        "config/events/order.json",
        "events/ConfigChanged.v2.json",
        "events/package/shipped.json",
        "kafka-connector/schemas/order.json",
    ],
)
def test_schemas_of_events_are_known_by_words(path: str) -> None:
    assert names_events(path)


@pytest.mark.parametrize(
    "path",
    [
        "app.schema.json",
        "events/app.config.schema.json",
        "charts/events/values.schema.json",
        "tests/events/order.json",
        "app/src/test/resources/events/order.json",
        "preventing/eventually.json",
        "kafka/config/order.json",
        "charts/kafka/values.json",
        "events/PluginOptions-v2.json",
    ],
)
def test_other_schemas_are_not_compared(path: str) -> None:
    assert not names_events(path)
    assert changes({path: OLD}, {path: NARROW}) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"$schema": "http://json-schema.org/draft-07/schema#"}', Kind.JSON_SCHEMA),
        ('{\n  "type": "object",\n  "properties": {}\n}', Kind.JSON_SCHEMA),
        ('{"type": "Feature", "properties": {}}', Kind.DATA),
        ('{"title": "Order", "oneOf": [{"type": "string"}]}', Kind.JSON_SCHEMA),
        ('{\n  "type": "object",\n  "allOf": [\n    {}\n  ]\n}', Kind.JSON_SCHEMA),
        ('{"title": "Which", "oneOf": "three"}', Kind.DATA),
        ('{"anyOf": [1, 2]}', Kind.DATA),
        ('{"$schema": "https://json.schemastore.org/package.json"}', Kind.DATA),
        ('{"a": {"$schema": "http://json-schema.org/draft-07/schema#"}}', Kind.DATA),
    ],
)
def test_a_schema_says_that_it_is_one(text: str, kind: Kind) -> None:
    assert text_kind(text, is_json=True) is kind


def test_a_schema_may_be_known_by_its_name() -> None:
    assert named_kind("events/a.schema.json", Kind.DATA) is Kind.JSON_SCHEMA
    assert named_kind("events/a.json", Kind.DATA) is Kind.DATA
    assert named_kind("events/a.schema.yaml", Kind.KUBERNETES) is Kind.KUBERNETES


def test_a_schema_in_yaml_is_one() -> None:
    assert (
        text_kind("$schema: https://json-schema.org/draft/2020-12/schema\ntype: string\n") is Kind.JSON_SCHEMA
    )
    assert text_kind("type: object\nproperties:\n  a: {}\n") is Kind.JSON_SCHEMA
    assert text_kind("title: Order\noneOf:\n  - type: string\n") is Kind.JSON_SCHEMA


@pytest.mark.parametrize(
    ("promised", "narrower", "wider"),
    [
        (Compatibility.BACKWARD, [Readers.NEW], []),
        (Compatibility.FORWARD, [], [Readers.OLD]),
        (Compatibility.FULL, [Readers.NEW], [Readers.OLD]),
        (Compatibility.NONE, [], []),
    ],
)
def test_readers_that_count(promised: Compatibility, narrower: list[Readers], wider: list[Readers]) -> None:
    for new, expected in ((NARROW, narrower), (WIDE, wider)):
        assert [each.readers for each in refused(between(OLD, new, promised))] == expected


def refused(found: list[Change]) -> list[EventDataRefused]:
    """What is refused, and nothing else is told."""
    assert all(isinstance(each, EventDataRefused) for each in found)
    return [each for each in found if isinstance(each, EventDataRefused)]


def test_what_both_refuse_is_told_once() -> None:
    new = {**OLD, "properties": {"a": {"type": "integer"}}}
    [found] = refused(between(OLD, new, Compatibility.FULL))
    assert found.readers is Readers.BOTH
    assert found.kinds == ("TYPE_CHANGED",)


def test_the_last_pattern_that_fits_says_who_counts() -> None:
    everybody = ("**", Compatibility.FORWARD)
    terms = {"compatibility": Compatibility.NONE, "subjects": (everybody, ("Order", Compatibility.BACKWARD))}
    assert len(changes({EVENT: OLD}, {EVENT: NARROW}, **terms)) == 1
    assert changes({EVENT: OLD}, {EVENT: WIDE}, **terms) == []
    named = {"subjects": (("app/*.json", Compatibility.BACKWARD),)}
    assert len(changes({"app/a.json": OLD}, {"app/a.json": NARROW}, **named)) == 1


def test_references_lead_into_other_files_also_by_identifier() -> None:
    line = {"$id": "https://shop.example/line.json", "type": "string"}
    order = {"$id": "https://shop.example/order.json", "items": {"$ref": "https://shop.example/line.json"}}
    files = {"events/order.json": order, "parts/x.json": line}
    shorter = {**files, "parts/x.json": {**line, "maxLength": 3}}
    [found] = refused(changes(files, shorter))
    assert found.witness == ["aaaa"]
    assert found.places[0].source.path == "parts/x.json"
    beside = {"items": {"$ref": "../parts/x.json#"}}
    files = {"events/order.json": beside, "parts/x.json": line}
    assert len(changes(files, {**files, "parts/x.json": {**line, "maxLength": 3}})) == 1


def test_references_lead_on_however_many_follow_one_another() -> None:
    def chain(end: str) -> dict[str, Any]:
        links = {f"S{n}": {"$ref": f"#/definitions/S{n + 1}"} for n in range(120)}
        return {
            "$schema": BASES[7],
            "properties": {"id": {"$ref": "#/definitions/S0"}, "more": {"$ref": "#/definitions/S60"}},
            "definitions": {**links, "S120": {"type": end}},
        }

    assert between(chain("string"), chain("string")) == []
    assert refused(between(chain("string"), chain("integer")))


def test_what_cannot_be_known_is_not_told_as_broken() -> None:
    far = {"properties": {"a": {"$ref": "https://else.example/a.json"}}}
    [found] = between(OLD, {**OLD, **far})
    assert isinstance(found, EventUndecided)
    assert between({**OLD, **far}, {**OLD, **far, "title": "Other"}) == []


def test_a_schema_that_moved_is_compared_and_one_that_is_gone_is_told() -> None:
    assert len(changes({EVENT: OLD}, {"events/v1/order.json": NARROW})) == 1
    [gone] = changes({EVENT: OLD}, {"events/cart.json": {"title": "Cart"}})
    assert isinstance(gone, EventSchemaRemoved)


def test_a_schema_is_not_taken_for_a_file_that_was_there_before() -> None:
    other = {"web/order.json": {"title": "Order", "type": "object", "required": ["x"]}}
    [gone] = changes({EVENT: OLD, **other}, other)
    assert isinstance(gone, EventSchemaRemoved)
    nameless = {"type": "object", "properties": {}}
    [gone] = changes({EVENT: nameless}, {"web/order.json": {**nameless, "required": ["x"]}})
    assert isinstance(gone, EventSchemaRemoved)


def test_a_schema_goes_on_where_nothing_says_any_more_that_it_is_one(tmp_path: Path) -> None:
    for side, schema in (("old", OLD), ("new", {"type": "string"})):
        (tmp_path / side / "events").mkdir(parents=True)
        (tmp_path / side / EVENT).write_text(json.dumps(schema))
    done = archlint("breaking", "old", "new", "--format", "json", cwd=tmp_path)
    assert {each["code"] for each in json.loads(done.out)["findings"]} == {"EVENT510"}


def test_an_edit_of_what_several_refer_to_is_told_once() -> None:
    for part in ("events/common/address.json", "parts/address.json"):
        files = {f"events/{name}.json": {"title": name, "items": {"$ref": f"../{part}"}} for name in "abc"}
        old, new = ({**files, part: {"title": "Address", "type": kind}} for kind in ("string", "integer"))
        [found] = refused(changes(old, new))
        assert found.revision.name == ("Address" if part.startswith("events") else "a")


def test_names_that_a_schema_does_not_list_are_told_apart() -> None:
    for new in ({"b": {"type": "integer"}}, {"b": {"type": "object", "required": ["c"]}}):
        added = {**OLD, "properties": {**OLD["properties"], **new}}  # type: ignore[dict-item]
        [found] = between(OLD, added)
        assert isinstance(found, UndeclaredDataRefused)
        assert between({**OLD, "additionalProperties": False}, {**added, "additionalProperties": False}) == []


EDITS: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = (
    ({}, {"maxLength": 3}, "MAX_LENGTH_ADDED"),
    ({"minimum": 1}, {"minimum": 2}, "MINIMUM_INCREASED"),
    ({"maxItems": 3}, {"maxItems": 2}, "MAX_ITEMS_DECREASED"),
    ({"type": "number"}, {"type": "integer"}, "TYPE_NARROWED"),
    ({"enum": ["a", "b"]}, {"enum": ["a"]}, "ENUM_ARRAY_NARROWED"),
    ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, "ENUM_ARRAY_CHANGED"),
    ({"multipleOf": 2}, {"multipleOf": 4}, "MULTIPLE_OF_EXPANDED"),
    ({"multipleOf": 2}, {"multipleOf": 3}, "MULTIPLE_OF_CHANGED"),
    ({}, {"pattern": "^a"}, "PATTERN_ADDED"),
    ({}, {"uniqueItems": True}, "UNIQUE_ITEMS_ADDED"),
    ({"properties": {"a": {}}}, {"properties": {"a": {}}, "required": ["a"]}, "REQUIRED_ATTRIBUTE_ADDED"),
    (
        {"properties": {"a": {}, "b": {}}, "additionalProperties": False},
        {"properties": {"a": {}}, "additionalProperties": False},
        "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL",
    ),
    (
        {"properties": {"a": {}}},
        {"properties": {"a": {}, "b": {"type": "string"}}, "required": ["b"]},
        "REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
    ),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"anyOf": [{"type": "null"}]}, "SUM_TYPE_NARROWED"),
    ({"dependencies": {"a": ["b"]}}, {"dependencies": {"a": ["b", "c"]}}, "DEPENDENCY_ARRAY_EXTENDED"),
)


@pytest.mark.parametrize(("old", "new", "kind"), EDITS, ids=[kind for *_, kind in EDITS])
def test_an_edit_has_the_name_that_the_registry_gives_it(
    old: dict[str, Any], new: dict[str, Any], kind: str
) -> None:
    stated = {"$schema": BASES[7], "title": "Order"}
    found = [each for each in between({**stated, **old}, {**stated, **new}) if isinstance(each, EventEdit)]
    assert kind in {each for change in found for each in change.kinds}


def test_the_verdict_may_be_that_of_the_registry() -> None:
    one = {"title": "Order", "properties": {"a": {"enum": ["x"]}}}
    other = {"title": "Order", "properties": {"a": {"enum": ["x"], "maxLength": 3}}}
    assert between(one, other) == []
    [found] = changes({EVENT: one}, {EVENT: other}, registry="confluent")
    assert isinstance(found, RegistryRefused)
    assert found.kinds == ("MAX_LENGTH_ADDED",)
    more = {"title": "Order", "properties": {**one["properties"], "b": {"type": "string"}}}  # type: ignore[dict-item]
    [found] = changes({EVENT: one}, {EVENT: more}, registry="confluent")
    assert isinstance(found, RegistryRefused)
    assert (found.kinds, found.is_proved) == (("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",), True)
    assert changes({EVENT: more}, {EVENT: one}, registry="confluent") == []


def test_versions_before_the_base_count_where_that_is_asked(tmp_path: Path) -> None:
    made = Repository(tmp_path / "shop", **{EVENT: json.dumps({**WIDE, "$schema": BASES[7]})})
    made.tag("v1.0.0")
    made.write(EVENT, json.dumps({**OLD, "$schema": BASES[7]}))
    made.commit()
    made.tag("v1.1.0")
    for promised, expected in (("BACKWARD", []), ("BACKWARD_TRANSITIVE", ["as it was in v1.0.0"])):
        made.write("archlint.yaml", f"events: {{compatibility: {promised}}}\n")
        made.write(EVENT, json.dumps({**OLD, "$schema": BASES[7], "description": "An order."}))
        done = archlint("check", ".", "--base", "v1.1.0", "--format", "json", cwd=made.folder)
        found = [each for each in json.loads(done.out)["findings"] if each["code"] == "EVENT510"]
        assert [each["related"][0]["message"] for each in found] == expected


def test_what_an_asyncapi_document_refers_to_is_told_there(tmp_path: Path) -> None:
    description = (
        "asyncapi: 3.0.0\ninfo: {title: Orders, version: '1'}\nchannels:\n  orders:\n    address: orders\n"
        "    messages: {placed: {payload: {$ref: ./order.json}}}\n"
        "operations: {get: {action: receive, channel: {$ref: '#/channels/orders'}}}\n"
    )
    for side, schema in (("old", OLD), ("new", NARROW)):
        (tmp_path / side / "events").mkdir(parents=True)
        (tmp_path / side / "events" / "api.yaml").write_text(description)
        (tmp_path / side / EVENT).write_text(json.dumps({**schema, "$schema": BASES[7]}))
    done = archlint("breaking", "old", "new", "--format", "json", cwd=tmp_path)
    assert {each["code"] for each in json.loads(done.out)["findings"]} == {"EVENT554"}


def test_an_edit_makes_anew_only_what_leads_to_it() -> None:
    names = ("One", "Two", "Three")
    chain = {
        name: {"type": "object", "properties": {"next": {"$ref": f"#/definitions/{after}"}}}
        for name, after in zip(names, (*names[1:], "One"), strict=True)
    }
    apart = {"type": "object", "properties": {"text": {"type": "string"}}}
    read = world_of({"events/a.json": {"definitions": {**chain, "Apart": apart}}})
    document = next(iter(read.documents()))
    definitions = document.root.get("definitions")
    root = definitions.get("One")
    plain = Graph(read.fact(Views))
    edited = plain.with_edits(root, {(document, definitions.get("Three").route): lambda _: {"type": "null"}})
    assert {
        name for name in names if edited.node(definitions.get(name)) is plain.node(definitions.get(name))
    } == set()
    assert edited.node(definitions.get("Apart")) is plain.node(definitions.get("Apart"))
    below = edited.node(root).keywords["properties"]["next"].keywords["properties"]["next"]
    assert below.keywords == {"type": frozenset(("null",))}


def test_what_is_known_of_one_schema_helps_to_judge_the_next() -> None:
    engines = [Engine(), Engine()]
    engines.append(Engine(beside=engines[0]))
    text, number = (schema_with(type=frozenset((kind,))) for kind in ("string", "number"))
    inner = [schema_with(type=frozenset(("object",)), properties={"a": each}) for each in (text, number)]
    outer = [schema_with(type=frozenset(("object",)), properties={"b": each}) for each in inner]
    assert isinstance(engines[0].contains(*inner), No)
    answers = [engine.contains(*outer) for engine in engines[1:]]
    assert isinstance(answers[0], No) and answers[0] == answers[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"if": {"type": "string"}, "then": {"maxLength": 3}}, {}),
        ({"if": {"type": "string"}, "then": {"maxLength": 3}, "else": {"minimum": 1}}, {}),
    ],
    ids=["if-then", "if-then-else"],
)
@pytest.mark.parametrize("beside", [{}, {"minLength": 1}, {"properties": {"a": {}}, "required": ["a"]}])
def test_what_only_several_edits_do_together_is_told(old: Any, new: Any, beside: dict[str, Any]) -> None:
    """An `if` means nothing without its `then`, and data of each type counts, also beside properties."""
    base = {"$schema": BASES[7], **beside}
    (told,) = between({**base, **old}, {**base, **new}, Compatibility.FULL)
    assert isinstance(told, (EventDataRefused, UndeclaredDataRefused))
    assert told.readers is Readers.OLD
    assert not between({**base, **old}, {**base, **new}, Compatibility.BACKWARD)
