"""References: over files, through each other, to nowhere, and never out of the repository."""

from __future__ import annotations

from collections import Counter

import pytest

from archlint.documents import Loaded, load_text
from archlint.engine.reading import read_world
from archlint.files import Kind
from archlint.model.openapi import Broken, Contract, References
from archlint.model.world import World
from tests.oas.worlds import MemoryTree, findings_of, world_of

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'


def follow(world: World, *route: str | int):
    contract = world.all(Contract)[0]
    return contract.references.follow(contract.root.get(*route))


def test_chain_over_files_ends_where_the_element_is_defined() -> None:
    world = world_of(
        {
            "api/openapi.yaml": HEAD + "paths:\n  /a: {$ref: 'paths/a.yaml#/x~1y/get%20it'}\n",
            "api/paths/a.yaml": "x/y:\n  get it: {$ref: ../../shared.json#/b/1}\n",
            "shared.json": {"b": [{}, {"summary": "here"}]},
        }
    )
    found = follow(world, "paths", "/a")
    assert (found.node.document.path, found.node.route) == ("shared.json", ("b", 1))
    assert [node.document.path for node in found.references] == ["api/openapi.yaml", "api/paths/a.yaml"]
    assert {"api/paths/a.yaml", "shared.json"} <= world.referenced


def test_scalars_of_a_fragment_are_read_as_openapi() -> None:
    world = world_of(
        {
            "openapi.yaml": HEAD + "components: {schemas: {A: {$ref: a.yaml}}}\n",
            "a.yaml": "enum: [yes, 0755]\n",
        }
    )
    assert follow(world, "components", "schemas", "A").node.get("enum").value == ["yes", 755]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("https://example.com/a.yaml", Broken.REMOTE),
        ("//example.com/a.yaml", Broken.REMOTE),
        ("file:///etc/passwd", Broken.REMOTE),
        ("../../etc/passwd", Broken.OUTSIDE),
        ("/etc/passwd", Broken.OUTSIDE),
        ("%2e%2e/up.yaml", Broken.OUTSIDE),
        ("none.yaml#/a", Broken.FILE),
        ("#/components/schemas/None", Broken.POINTER),
        ("#anchor", Broken.POINTER),
        ("#/components/schemas/A", Broken.LOOP),
        ("#/components/schemas/A/properties/x", Broken.POINTER),
    ],
)
def test_what_leads_nowhere(text: str, problem: Broken) -> None:
    world = world_of(HEAD + f"components: {{schemas: {{A: {{$ref: '{text}'}}}}}}\n")
    assert follow(world, "components", "schemas", "A").problem is problem


@pytest.mark.parametrize(
    ("end", "problem"),
    [("{type: string}", None), ("{$ref: '#/none'}", Broken.POINTER), ("{$ref: '#/s/S70'}", Broken.LOOP)],
)
def test_a_chain_ends_where_it_ends_however_long_it_is(end: str, problem: Broken | None) -> None:
    length = 140
    links = "".join(f"  S{n}: {{$ref: '#/s/S{n + 1}'}}\n" for n in range(length))
    world = world_of(f"{HEAD}s:\n{links}  S{length}: {end}\n")
    found = [follow(world, "s", f"S{n}") for n in range(length + 1)]
    assert {each.problem for each in found} == {problem}
    if problem is None:
        assert {each.node.route for each in found} == {("s", f"S{length}")}
        assert [each.references[0].route for each in found[:-1]] == [("s", f"S{n}") for n in range(length)]


def test_anchors_and_ids_of_a_document() -> None:
    named = "A: {$anchor: here}, B: {$id: 'urn:b'}"
    text = HEAD + f"components: {{schemas: {{{named}, C: {{$ref: '#here'}}, D: {{$ref: 'urn:b'}}}}}}"
    world = world_of(text)
    assert follow(world, "components", "schemas", "C").node.route[-1] == "A"
    assert follow(world, "components", "schemas", "D").node.route[-1] == "B"


def test_a_long_chain_and_a_wide_loop_end() -> None:
    schemas = {f"S{at}": {"$ref": f"#/components/schemas/S{(at + 1) % 2000}"} for at in range(2000)}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "components": {"schemas": schemas},
    }
    world = world_of({"openapi.json": document})
    assert follow(world, "components", "schemas", "S0").problem is Broken.LOOP
    assert findings_of(world)


def test_data_is_no_reference() -> None:
    world = world_of(
        HEAD
        + """
components:
  schemas:
    A:
      example: {$ref: nothing}
      default: {$ref: nothing}
      enum: [{$ref: nothing}]
      x-data: {$ref: nothing}
      properties:
        default: {$ref: '#/components/schemas/Gone'}
        $ref: {type: string}
"""
    )
    found = [finding for finding in findings_of(world) if finding.rule == "unresolved-reference"]
    assert [finding.arguments["target"] for finding in found] == ["#/components/schemas/Gone"]


def test_broken_reference_in_another_file_is_marked_there() -> None:
    world = world_of(
        {
            "openapi.yaml": HEAD + "paths:\n  /v1/a: {$ref: a.yaml}\n",
            "a.yaml": "get:\n  responses:\n    200: {$ref: '#/gone'}\n    201: {$ref: '#/gone'}\n",
        }
    )
    (found,) = [finding for finding in findings_of(world) if finding.rule == "unresolved-reference"]
    assert (found.location.path, found.location.span.line) == ("a.yaml", 3)
    assert [place.span.line for place in found.related] == [4]


def test_references_of_a_world_are_shared() -> None:
    world = world_of(HEAD + "paths: {}\n")
    assert world.all(Contract)[0].references is world.fact(References)


def test_a_contract_that_others_refer_to_is_read_once() -> None:
    schema = "components: {{schemas: {{A: {{properties: {{b: {{$ref: '{}#/components/schemas/A'}}}}}}}}}}\n"
    names = ("a.yaml", "b.yaml", "c.yaml")
    files = {name: HEAD + schema.format(names[at - 1]) for at, name in enumerate(names)}
    files["c.yaml"] += "paths: {/a: {$ref: 'parts.yaml#/a'}}\n"
    files["parts.yaml"] = "a: {get: {responses: {default: {$ref: '#/b'}}}}\nb: {description: All.}\n"
    seen: Counter[str] = Counter()

    def parse(path: str, text: str, kind: Kind, revision: str | None = None) -> Loaded:
        seen[path] += 1
        return load_text(path, text, kind, revision=revision)

    world = read_world(MemoryTree(files), sorted(files), parse=parse)
    contracts = {contract.document.path: contract for contract in world.all(Contract)}
    for at, name in enumerate(names):
        told = contracts[name]
        inner = told.root.get("components", "schemas", "A", "properties", "b")
        assert told.references.follow(inner).node.document is contracts[names[at - 1]].document
    path = contracts["c.yaml"].root.get("paths", "/a")
    assert contracts["c.yaml"].references.follow(path).node.get("get").exists
    assert seen == dict.fromkeys(files, 1)


@pytest.mark.parametrize(
    ("home", "pointer"),
    [
        ("components: {responses: {R: ", "/components/responses/R"),
        ("paths: {/b: {get: {responses: {default: ", "/paths/~1b/get/responses/default"),
        ("x-parts: {R: ", "/x-parts/R"),
        ("components: {examples: {e: {value: ", "/components/examples/e/value"),
    ],
)
@pytest.mark.parametrize("target", ["b.yaml", "a.yaml"])
def test_a_response_is_judged_once_as_what_it_is_used_for(home: str, pointer: str, target: str) -> None:
    """Also where its own contract has it for data; whoever refers to it, and is looked at before or after."""
    response = "{description: d, content: {application/json: {schema: {type: string}, example: 5}}}"
    other = next(name for name in ("a.yaml", "b.yaml") if name != target)
    user = f"paths: {{/u: {{get: {{responses: {{default: {{$ref: '{target}#{pointer}'}}}}}}}}}}\n"
    files = {target: f"{HEAD}{home}{response}{'}' * home.count('{')}\n", other: HEAD + user}
    wrong = [item for item in findings_of(world_of(files)) if item.rule == "example-invalid"]
    assert [(item.location.path, item.location.pointer) for item in wrong] == [
        (target, f"{pointer}/content/application~1json/example")
    ]
