"""What the values of schemas say about their edits: witnesses, harmless edits, and what no edit shows."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.finding import Finding
from tests.oas.worlds import breaks_of, news_of, world_of
from tests.support.limits import within

TEXT, NUMBER = {"type": "string"}, {"type": "number"}


def contract(order: Any, version: str = "3.0.3", more: dict[str, Any] | None = None, ways: int = 3) -> Any:
    """A contract with ten operations that take (1), answer with (2), or do both with an order."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
    sent = {"requestBody": {"content": content}} if ways & 1 else {}
    answer = {"description": "ok", **({"content": content} if ways & 2 else {})}
    operation = {**sent, "responses": {"200": answer}}
    paths = {f"/v1/orders{at}": {"post": operation} for at in range(10)}
    info = {"title": "Shop", "version": "1"}
    return {
        "openapi": version,
        "info": info,
        "paths": paths,
        "components": {"schemas": {"Order": order, **(more or {})}},
    }


def judged(base: Any, revision: Any, **facts: Any) -> list[Finding]:
    """What breaks between two forms of an order."""
    worlds = (world_of({"api.json": contract(order, **facts)}) for order in (base, revision))
    return breaks_of(*worlds)


def members(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def test_a_breaking_edit_carries_the_value_that_proves_it() -> None:
    base, revision = members(total=NUMBER), members(total={**NUMBER, "maximum": 5})
    (found,) = judged(base, revision, ways=1)
    assert found.rule == "constraint-changed"
    assert found.witness is not None
    assert (found.witness.accepted_by, found.witness.rejected_by) == ("base", "revision")
    assert found.witness.value > 5


def test_responses_prove_what_is_new_in_them() -> None:
    base, revision = members(state={"enum": ["open"]}), members(state={"enum": ["open", "paid"]})
    (found,) = judged(base, revision, ways=2)
    assert found.witness is not None
    assert (found.witness.value, found.witness.accepted_by) == ("paid", "revision")


def test_each_of_several_edits_carries_only_what_it_breaks_itself() -> None:
    base = members(id=TEXT)
    revision = {**members(id={**TEXT, "maxLength": 3}), "required": ["id"], "maxProperties": 9}
    found = {
        each.arguments.get("keyword", each.rule): each.witness for each in judged(base, revision, ways=1)
    }
    assert found.keys() == {"property-required", "maxLength"}  # nobody sends more members than there are
    required, length = found["property-required"], found["maxLength"]
    assert required is not None
    assert required.value == {}
    assert length is not None
    assert len(length.value) == 4


@pytest.mark.parametrize(
    ("base", "revision"),
    [
        ({**TEXT, "maximum": 13}, {**TEXT, "maximum": 11}),
        ({**TEXT, "enum": ["a", "b"]}, {**TEXT, "enum": ["a", "b"], "maxLength": 3}),
        ({"anyOf": [TEXT, {**TEXT, "maxLength": 3}]}, {"anyOf": [TEXT]}),
        ({**TEXT, "pattern": "^[a-f]+$"}, {**TEXT, "pattern": "^[a-z]+$"}),
    ],
)
def test_an_edit_that_is_proved_to_be_harmless_is_news_and_no_break(base: Any, revision: Any) -> None:
    assert not judged(members(name=base), members(name=revision), ways=1)
    worlds = (world_of({"api.json": contract(members(name=each), ways=1)}) for each in (base, revision))
    news = [each for each in news_of(*worlds) if each.rule != "contract-version-kept"]
    assert [each.severity.label for each in news] == ["info"]
    assert len(news[0].operations) == 10


def test_one_cause_below_is_no_finding_above() -> None:
    base = {**members(name=TEXT, note=TEXT), "required": ["name"]}
    revision = {**members(name={**TEXT, "minLength": 3}, note=TEXT, more=TEXT), "required": ["name"]}
    (found,) = judged(base, revision, ways=1)
    assert found.rule == "constraint-changed"
    assert len(found.operations) == 10


def test_what_is_combined_with_a_changed_schema_hides_no_edit_of_it() -> None:
    """Both schemas are compared on their own, and the one is a part of the other."""
    facts = {"more": {"Line": {"allOf": [{"$ref": "#/components/schemas/Part"}]}}, "ways": 1}
    base = members(line={"$ref": "#/components/schemas/Line"}, part={"$ref": "#/components/schemas/Part"})
    parts = (
        {"type": "object", "properties": {"size": limit}} for limit in (NUMBER, {**NUMBER, "maximum": 3})
    )
    worlds = []
    for part in parts:
        facts["more"] = {**facts["more"], "Part": part}
        worlds.append(world_of({"api.json": contract(base, **facts)}))
    found = breaks_of(*worlds)
    assert {each.rule for each in found} == {"constraint-changed"}


def test_a_new_member_of_a_closed_response_is_a_warning() -> None:
    base = {**members(id=TEXT), "additionalProperties": False}
    revision = {**members(id=TEXT, note=TEXT), "additionalProperties": False}
    (found,) = judged(base, revision, ways=2)
    assert (found.rule, found.message_id, found.severity.label) == (
        "schema-incompatible",
        "closed",
        "warning",
    )


def test_a_required_member_that_nobody_declared_proves_nothing() -> None:
    base = {**members(id=TEXT), "required": ["lost"]}
    revision = {**members(id={**TEXT, "maxLength": 3}), "required": ["lost"]}
    assert [each.rule for each in judged(base, revision, ways=1)] == ["constraint-changed"]


def test_a_member_without_a_type_is_the_object_that_it_looks_like() -> None:
    assert not judged({"properties": {"id": TEXT}}, members(id=TEXT), ways=1)


def test_a_version_that_puts_the_same_in_other_words_is_no_news() -> None:
    choice = [{**TEXT, "maxLength": 9}, {"type": "integer"}]
    old = contract(members(id={"anyOf": choice, "nullable": True}, kind={**TEXT, "enum": ["a"]}))
    new = contract(
        members(id={"anyOf": [{"anyOf": choice}, {"type": "null"}]}, kind={"const": "a"}), version="3.1.0"
    )
    for base, revision in ((old, new), (new, old)):
        assert not news_of(world_of({"api.json": base}), world_of({"api.json": revision}))


def test_recursive_and_exploding_schemas_end_in_seconds() -> None:
    count = 60
    node = {f"n{at}": {"$ref": f"#/components/schemas/S{(at * 7 + 1) % count}"} for at in range(count)}

    def schemas(limit: int) -> dict[str, Any]:
        return {
            f"S{at}": {
                "anyOf": [
                    {**members(**node, kind={"enum": [f"k{at}"]}, size={**TEXT, "maxLength": limit})},
                    {"type": "array", "items": {"$ref": f"#/components/schemas/S{(at + 1) % count}"}},
                ]
            }
            for at in range(count)
        }

    def compared() -> list[Finding]:
        worlds = (
            world_of({"api.json": contract({"$ref": "#/components/schemas/S0"}, more=schemas(limit))})
            for limit in (9, 5)
        )
        return breaks_of(*worlds)

    assert len(within(20, compared)) <= 2 * count
