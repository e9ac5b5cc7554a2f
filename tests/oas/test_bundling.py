"""One document from many says what they said, in all ways to divide a contract into files."""

from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from posixpath import dirname, relpath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.openapi import Contract
from archlint.model.openapi.bundling import Bundle, bundle
from archlint.reports.bundled import bundled_json, bundled_yaml
from tests.oas.worlds import findings_of, world_of
from tests.support.inside import archlint
from tests.support.sampling import usually

SHOP = Path(__file__).parents[2] / "fixtures" / "shop" / "clean" / "contracts" / "openapi"

WHOLE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/carts/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "operationId": "getCart",
                "responses": {
                    "200": {"$ref": "#/components/responses/Cart"},
                    "404": {
                        "description": "none",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    },
                },
            },
            "put": {
                "requestBody": {"$ref": "#/components/requestBodies/Cart"},
                "responses": {"204": {"description": "ok"}},
            },
        }
    },
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}},
        "responses": {
            "Cart": {
                "description": "the cart",
                "headers": {"X-Limit": {"$ref": "#/components/headers/Limit"}},
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/Cart"},
                        "examples": {"one": {"$ref": "#/components/examples/One"}},
                    }
                },
            }
        },
        "requestBodies": {
            "Cart": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cart"}}}}
        },
        "headers": {"Limit": {"schema": {"type": "integer"}}},
        "examples": {"One": {"value": {"items": [], "$ref": "#/no/reference"}}},
        "schemas": {
            "Cart": {
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}},
                    "next": {"$ref": "#/components/schemas/Cart"},
                },
            },
            "Item": {"oneOf": [{"$ref": "#/components/schemas/Tea"}, {"$ref": "#/components/schemas/Cup"}]},
            "Tea": {"type": "object", "required": ["grams"], "properties": {"grams": {"type": "number"}}},
            "Cup": {"type": "object", "properties": {"of": {"$ref": "#/components/schemas/Tea"}}},
            "Problem": {"type": "object", "properties": {"detail": {"type": "string"}}},
        },
    },
}
PARTS = [(home, name) for home, named in WHOLE["components"].items() for name in named]


def split(homes: dict[tuple[str, str], str], *, in_paths: bool) -> dict[str, Any]:
    """The contract with each component in a file; ``""`` leaves it, a name of a folder makes it a file of its
    own."""
    files: dict[str, Any] = {"openapi.json": copy.deepcopy(WHOLE)}
    places: dict[str, str] = {}
    for (home, name), where in homes.items():
        pointer = f"#/components/{home}/{name}"
        if not where:
            places[pointer] = f"openapi.json{pointer}"
            continue
        part = files["openapi.json"]["components"][home].pop(name)
        if where.endswith("/"):
            path = f"{where}{home}-{name}.json"
            files[path], places[pointer] = part, path
        else:
            around = files.setdefault(where, {"components": {}})["components"]
            around.setdefault(home, {})[name] = part
            places[pointer] = where + pointer
    if in_paths:
        files["paths/carts.json"] = files["openapi.json"]["paths"]["/carts/{id}"]
        files["openapi.json"]["paths"]["/carts/{id}"] = {"$ref": "paths/carts.json"}
    return {path: _referring(value, path, places) for path, value in files.items()}


def _referring(value: Any, path: str, places: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_referring(item, path, places) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _referring(item, path, places) for key, item in value.items()}
    target = places.get(str(found.get("$ref")))
    if target is not None:
        file, hash_mark, pointer = target.partition("#")
        nearer = "" if file == path else relpath(file, dirname(path) or ".")
        found["$ref"] = nearer + hash_mark + pointer
    return found


def bundled(files: dict[str, Any]) -> Bundle:
    return bundle(world_of(files).all(Contract)[0])


def told(files: dict[str, Any]) -> Counter[str]:
    """How often each rule says something; messages name elements by where they stand."""
    return Counter(finding.code for finding in findings_of(world_of(files)))


HOMES = st.fixed_dictionaries(
    dict.fromkeys(PARTS, st.sampled_from(["", "common.json", "shared/more.json", "parts/"]))
)


@settings(max_examples=usually(25, 400), deadline=None)
@given(HOMES, st.booleans())
def test_however_a_contract_is_divided_the_bundle_says_the_same(
    homes: dict[tuple[str, str], str], in_paths: bool
) -> None:
    files = split(homes, in_paths=in_paths)
    made = bundled(files)
    assert made.kept == ()
    text = json.dumps(made.data)
    assert ".json" not in text
    assert _resolved(made.data, made.data["paths"], 6) == _resolved(WHOLE, WHOLE["paths"], 6)
    assert bundled({"openapi.json": made.data}).data == made.data


def _resolved(root: Any, value: Any, depth: int) -> Any:
    """A value with its references replaced, as deep as that."""
    if isinstance(value, list):
        return [_resolved(root, item, depth) for item in value]
    if not isinstance(value, dict):
        return value
    text = value.get("$ref")
    if isinstance(text, str) and len(value) == 1 and not text.startswith("#/no/"):
        target = root
        for step in text[2:].split("/"):
            target = target[step]
        return _resolved(root, target, depth - 1) if depth else "deeper"
    return {key: _resolved(root, item, depth) for key, item in value.items()}


def test_rules_say_of_the_bundle_what_they_say_of_the_files() -> None:
    for homes in (dict.fromkeys(PARTS, "common.json"), dict.fromkeys(PARTS, "parts/")):
        files = split(homes, in_paths=True)
        assert told({"openapi.json": bundled(files).data}) == told(files)
    texts = {path.name: path.read_text("utf-8") for path in sorted(SHOP.glob("*.yaml"))}
    errors = {"common/errors.yaml": (SHOP / "common" / "errors.yaml").read_text("utf-8")}
    for name, text in texts.items():
        files = {name: text, **errors}
        made = {name: bundled_yaml(bundled(files).data)}
        assert told(made) == told(files), name


@settings(max_examples=usually(3, 200), deadline=None)
@given(HOMES, st.booleans())
def test_rules_say_the_same_however_a_contract_is_divided(
    homes: dict[tuple[str, str], str], in_paths: bool
) -> None:
    files = split(homes, in_paths=in_paths)
    assert told({"openapi.json": bundled(files).data}) == told(files)


def test_two_things_of_one_name_are_kept_apart() -> None:
    schema = {"oneOf": [{"$ref": f"{name}.json#/components/schemas/Cart"} for name in ("a", "b", "c/a")]}
    files = {
        "openapi.json": {"openapi": "3.1.0", "info": {}, "components": {"schemas": {"All": schema}}},
        **{
            f"{name}.json": {"components": {"schemas": {"Cart": {"const": name}}}}
            for name in ("a", "b", "c/a")
        },
    }
    schemas = bundled(files).data["components"]["schemas"]
    names = [each["$ref"].rpartition("/")[2] for each in schemas["All"]["oneOf"]]
    assert [schemas[name]["const"] for name in names] == ["a", "b", "c/a"]


def test_what_is_beside_a_reference_stays_there() -> None:
    files = {
        "openapi.json": {
            "openapi": "3.1.0",
            "info": {},
            "paths": {"/a": {"$ref": "a.json", "summary": "mine", "get": {"$ref": "get.json"}}},
            "components": {"schemas": {"A": {"$ref": "s.json", "description": "mine"}}},
        },
        "a.json": {"summary": "theirs", "put": {"responses": {}}},
        "get.json": {"operationId": "get"},
        "s.json": {"type": "string"},
    }
    data = bundled(files).data
    assert data["paths"]["/a"]["summary"] == "mine"
    assert data["components"]["schemas"]["A"] == {"$ref": "#/components/schemas/s", "description": "mine"}
    assert data["components"]["schemas"]["s"] == {"type": "string"}


def test_the_mapping_of_a_discriminator_follows() -> None:
    mapping = {"tea": "kinds.json#/Tea", "cup": "#/components/schemas/Cup", "any": "Any"}
    discriminator = {"propertyName": "k", "mapping": mapping}
    schema = {"oneOf": [{"$ref": "kinds.json#/Tea"}], "discriminator": discriminator}
    files = {
        "openapi.json": {
            "openapi": "3.0.3",
            "info": {},
            "components": {"schemas": {"Item": schema, "Cup": {"type": "object"}}},
        },
        "kinds.json": {"Tea": {"type": "object"}},
    }
    found = bundled(files).data["components"]["schemas"]["Item"]["discriminator"]["mapping"]
    assert found == {"tea": "#/components/schemas/Tea", "cup": "#/components/schemas/Cup", "any": "Any"}


def test_values_of_a_discriminator_lead_where_they_led() -> None:
    """Without a mapping the names of the branches are its values, and a branch may get another name."""
    kinds: dict[str, Any] = {name: {"type": "object", "title": name} for name in ("Tea", "Cup")}
    branches = [{"$ref": f"#/components/schemas/{name}"} for name in kinds]
    for mapping, found in (
        (None, {"Tea": "Tea"}),
        ({"t": "Tea"}, {"t": "Tea", "Tea": "Tea"}),
        ({"Tea": "#/components/schemas/Cup"}, {"Tea": "Cup"}),
    ):
        discriminator = {"propertyName": "k", **({} if mapping is None else {"mapping": mapping})}
        theirs = {**kinds, "Item": {"oneOf": branches, "discriminator": discriminator}}
        own = {"Tea": {"type": "string"}, "Item": {"$ref": "kinds.json#/components/schemas/Item"}}
        files = {
            "openapi.json": {"openapi": "3.0.3", "info": {}, "components": {"schemas": own}},
            "kinds.json": {"components": {"schemas": theirs}},
        }
        made = bundled(files).data["components"]["schemas"]
        given_names = made["Item"]["discriminator"]["mapping"]
        assert {key: made[text.rpartition("/")[2]]["title"] for key, text in given_names.items()} == found


def test_links_name_operations_of_other_files_by_their_identifier() -> None:
    links = {
        "beside": {"operationRef": "b.json#/get", "description": "kept"},
        "back": {"operationRef": "../openapi.json#/paths/~1own/get"},
        "nameless": {"operationRef": "b.json#/put"},
        "gone": {"operationRef": "c.json#/get"},
    }
    answers = {"200": {"description": "ok", "links": links}}
    files = {
        "openapi.json": {
            "openapi": "3.0.3",
            "info": {},
            "paths": {"/own": {"get": {}}, "/a": {"$ref": "paths/a.json"}, "/b": {"$ref": "paths/b.json"}},
        },
        "paths/a.json": {"get": {"responses": answers}},
        "paths/b.json": {"get": {"operationId": "getB"}, "put": {}},
    }
    made = bundled(files)
    found = made.data["paths"]["/a"]["get"]["responses"]["200"]["links"]
    assert found["beside"] == {"description": "kept", "operationId": "getB"}
    assert found["back"] == {"operationRef": "#/paths/~1own/get"}
    assert [(kept.keyword, kept.text) for kept in made.kept] == [
        ("operationRef", "b.json#/put"),
        ("operationRef", "c.json#/get"),
    ]


def test_identifiers_leave_and_their_references_become_pointers() -> None:
    inner = {
        "$id": "https://x.example/cart",
        "$defs": {"n": {"$anchor": "n", "type": "integer"}},
        "$ref": "#n",
    }
    files = {
        "openapi.json": {
            "openapi": "3.1.0",
            "info": {},
            "components": {"schemas": {"Cart": inner, "Also": {"$ref": "https://x.example/cart#n"}}},
        }
    }
    made = bundled(files)
    schemas = made.data["components"]["schemas"]
    assert made.identifiers == 2
    assert schemas["Also"] == {"$ref": "#/components/schemas/Cart/$defs/n"}
    assert schemas["Cart"] == {
        "$defs": {"n": {"type": "integer"}},
        "$ref": "#/components/schemas/Cart/$defs/n",
    }


def test_dynamic_references_that_may_mean_something_else_are_told() -> None:
    tree = {"$dynamicAnchor": "node", "properties": {"kids": {"items": {"$dynamicRef": "#node"}}}}
    elsewhere = {**tree, "properties": {"kid": {"$dynamicRef": "tree.json#node"}}}
    inside = {"$id": "https://x.example/tree", **tree}
    for schemas, told_of in (
        ({"Tree": tree}, 0),
        ({"Tree": {"$ref": "tree.json"}}, 1),
        ({"Tree": elsewhere}, 1),
        ({"Tree": inside}, 1),
    ):
        contract = {"openapi": "3.1.0", "info": {}, "components": {"schemas": schemas}}
        made = bundled({"openapi.json": contract, "tree.json": tree})
        assert [kept.keyword for kept in made.kept] == ["$dynamicRef"] * told_of, schemas


def test_definitions_of_the_second_version() -> None:
    answer = {"description": "ok", "schema": {"$ref": "a.yaml#/definitions/A"}}
    files = {
        "swagger.json": {
            "swagger": "2.0",
            "info": {},
            "paths": {"/a": {"get": {"parameters": [{"$ref": "a.yaml#/P"}], "responses": {"200": answer}}}},
        },
        "a.yaml": "P: {name: p, in: query, type: string}\n"
        "definitions: {A: {$ref: '#/definitions/B'}, B: {type: object}}",
    }
    data = bundled(files).data
    assert data["definitions"] == {"A": {"$ref": "#/definitions/B"}, "B": {"type": "object"}}
    assert data["parameters"] == {"P": {"name": "p", "in": "query", "type": "string"}}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


ODD = (
    "1e3",
    "0o17",
    "on",
    "2020-01-01",
    "~",
    "##[x]",
    "::y",
    " a",
    "a: b",
    "\u2028",
    "\x85",
    "a\n b",
    "-",
    "=",
)


@settings(max_examples=usually(40, 3000), deadline=None)
@given(JSON | st.sampled_from(ODD))
def test_what_is_written_reads_as_it_was(value: Any) -> None:
    data = {"openapi": "3.1.0", "x": value, "y": {str(value): value}}
    for name, text in (("a.yaml", bundled_yaml(data)), ("a.json", bundled_json(data))):
        read = load_text(name, text, Kind.OPENAPI)
        assert (list(read.problems), read.documents[0].data) == ([], data), text


def write(folder: Path, files: dict[str, Any]) -> None:
    for path, value in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")


def test_the_command_writes_the_bundle_and_tells_what_stays(tmp_path: Path) -> None:
    remote = {"$ref": "https://shop.example.com/common.json#/Cart"}
    contract = {
        "openapi": "3.0.3",
        "info": {},
        "components": {"schemas": {"A": {"items": remote}, "B": {"$ref": "b.yaml"}}},
    }
    write(tmp_path, {"in/openapi.json": contract, "in/b.yaml": "type: string\n"})
    done = archlint("bundle", "in/openapi.json", "--output", "out.json", cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    assert "stays as it is: it names another host" in done.err
    made = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert made["components"]["schemas"] == {"A": {"items": remote}, "B": {"type": "string"}}
    (tmp_path / "in" / "b.yaml").unlink()
    done = archlint("bundle", "in/openapi.json", cwd=tmp_path)
    assert done.code == 1
    assert "there is no such file" in done.err


def test_the_name_of_the_output_says_how_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, {"api.yaml": "openapi: 3.0.3\ninfo: {}\n"})
    for name, is_json in (("out.json", True), ("out.yaml", False), ("out", False)):
        assert archlint("bundle", "api.yaml", "--output", name, cwd=tmp_path).code == 0
        assert (tmp_path / name).read_text("utf-8").startswith("{") is is_json


@pytest.mark.parametrize("named", ["nowhere.yaml", "folder", "data.json", "broken.yaml"])
def test_what_is_no_contract_is_wrong_usage(named: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    write(tmp_path, {"data.json": {"a": 1}, "broken.yaml": "openapi: 3.0.0\npaths: [\n"})
    done = archlint("bundle", named, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")


def test_event_contracts_are_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path, {"events.json": {"asyncapi": "3.0.0", "info": {"title": "E", "version": "1"}}})
    done = archlint("bundle", "events.json", cwd=tmp_path)
    assert done.code == 2
    assert "is an AsyncAPI document" in done.err


def test_nothing_outside_of_the_repository_gets_in(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("const: SECRET\n", "utf-8")
    inside = tmp_path / "repository"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    ways = ["../secret.yaml", "link.yaml", f"file://{tmp_path}/secret.yaml", f"{tmp_path}/secret.yaml"]
    schemas = {f"S{number}": {"$ref": way} for number, way in enumerate(ways)}
    write(inside, {"openapi.json": {"openapi": "3.0.3", "info": {}, "components": {"schemas": schemas}}})
    done = archlint("bundle", "openapi.json", cwd=inside)
    assert "SECRET" not in done.out + done.err
    (inside / "out.json").symlink_to(tmp_path / "secret.yaml")
    done = archlint("bundle", "openapi.json", "--output", "out.json", cwd=inside)
    assert done.code == 2
    assert (tmp_path / "secret.yaml").read_text("utf-8") == "const: SECRET\n"


def test_files_that_write_each_other_out_end(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "openapi.json": {"openapi": "3.0.3", "info": {}, "paths": {"/a": {"$ref": "p0.json"}}}
    }
    for number in range(30):  # each twice in the one before: a billion if all were written
        further = {"$ref": f"p{number + 1}.json"}
        files[f"p{number}.json"] = {"get": {"callbacks": {"a": {"x": further}, "b": {"x": further}}}}
    write(tmp_path, {**files, "p30.json": {"$ref": "p0.json"}})
    done = archlint("bundle", "openapi.json", cwd=tmp_path)
    assert done.code == 2
    assert "more than one document can hold" in done.err


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("code/a.yaml", True),
        ("x.JSON#/a", True),
        ("#/a", False),
        ("https://a.test/b.json", False),
        ("a", False),
    ],
)
def test_references_to_files_in_data_stay_and_are_told(text: str, is_told: bool, tmp_path: Path) -> None:
    data = {"$ref": text}
    info = {"title": "a", "version": "1", "x-samples": [data, data]}
    document = {
        "openapi": "3.0.3",
        "info": info,
        "paths": {},
        "components": {"examples": {"e": {"value": data}}},
    }
    (tmp_path / "openapi.json").write_text(json.dumps(document), "utf-8")
    done = archlint("bundle", "openapi.json", cwd=tmp_path)
    assert (done.code, json.loads(done.out)) == (0, document)
    assert (
        f"3 references to files in extensions, examples or other data, such as '{text}'" in done.err
    ) is is_told
