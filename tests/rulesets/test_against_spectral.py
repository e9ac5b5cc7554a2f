"""Paths choose and functions object to the same as Spectral's own, over generated documents and values."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from archlint.model.rulesets.functions import FUNCTIONS, FunctionContext, check_options
from archlint.model.rulesets.jsonpath import PathError, compile_path
from tests.support.programs import spectral_modules

JUDGE = Path(__file__).with_name("judge.js")
NAMES = ["a", "b", "get", "200", "0", "type", "x-y"]
FILTERS = [
    *("@.a", "!@.a", "@", "@.type === 'a'", "@.b != null", "@.a > 1", "@.length", "@ && @.get", "@.a == '1'"),
    *(
        "@property",
        "@property.match(/^[a-z]+$/)",
        r"@property.match(/^(?!x).\w+$/)",
        "@property in ['a','get']",
    ),
    *(
        "['a','b',1].includes(@.a)",
        "@parentProperty === 'a'",
        "@.a && @.b || @.get",
        "@string()",
        "@object()",
    ),
    *("@path.includes('get')", "@.type < 'b'", "@['x-y']", "@.a === undefined", "@property >= 200"),
]
OPTIONS: list[tuple[str, Any]] = [
    *[("casing", {"type": kind}) for kind in ("flat", "camel", "pascal", "kebab", "cobol", "snake", "macro")],
    ("casing", {"type": "kebab", "disallowDigits": True, "separator": {"char": "/", "allowLeading": True}}),
    *[(name, None) for name in ("defined", "undefined", "truthy", "falsy")],
    *(("length", {"min": 2}), ("length", {"max": 1, "min": 1}), ("enumeration", {"values": ["a", 1, None]})),
    *(("pattern", {"match": "/^A/i"}), ("pattern", {"notMatch": "b$", "match": "^[^A-Z]+$"})),
    *(("or", {"properties": ["a", "b"]}), ("xor", {"properties": ["a", "get", "b", "type", "200"]})),
]


def value(random: Random, depth: int = 0) -> Any:
    kind = random.random()
    if depth > 3 or kind < 0.3:
        return random.choice([1, 0, "a", "b", "aB", "a-b", "A1", "200", True, False, "", 2.5])
    if kind < 0.75:
        return {random.choice(NAMES): value(random, depth + 1) for _ in range(random.randint(0, 4))}
    return [value(random, depth + 1) for _ in range(random.randint(0, 3))]


def path(random: Random) -> str:
    parts = []
    for _ in range(random.randint(1, 4)):
        deep = ".." if random.random() < 0.25 else ""
        name, other = random.choice(NAMES), random.choice(NAMES)
        parts.append(
            random.choice(
                [
                    *(f"{deep or '.'}{name}", f"{deep or '.'}*", f"{deep}[*]", f"{deep}['{name}','{other}']"),
                    *(
                        f"{deep}[{name},{other}]",
                        f"{deep}[{random.choice(['0', '0:2', '-1:', '(@.length-1)'])}]",
                    ),
                    *(f"{deep}[?({random.choice(FILTERS)})]" for _ in range(3)),
                ]
            )
        )
    return f"${''.join(parts)}{random.choice(['', '', '', '', '~', '^'])}"


def schema(random: Random, depth: int = 0) -> dict[str, Any]:
    def inner() -> dict[str, Any]:
        return schema(random, depth + 1)

    choices: dict[str, Any] = {
        "type": random.choice(["string", "integer", "object", "array", ["string", "null"]]),
        "enum": ["a", 1, True],
        "minLength": 2,
        "pattern": random.choice(["^a", "^(?!a)"]),
        "maximum": 1,
        "required": random.sample(NAMES, 2),
        "minItems": 2,
    }
    if depth < 3:
        choices |= {
            "properties": {random.choice(NAMES): inner() for _ in range(2)},
            "additionalProperties": random.choice([False, inner()]),
            "items": inner(),
            **{keyword: [inner(), inner()] for keyword in ("anyOf", "oneOf", "allOf")},
            **{keyword: inner() for keyword in ("not", "if", "then")},
        }
    return {keyword: choices[keyword] for keyword in random.sample(sorted(choices), random.randint(0, 4))}


def judged(cases: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """The cases over which Spectral does not fail, with what it finds."""
    run = subprocess.run(
        ["node", str(JUDGE), spectral_modules()],
        input="\n".join(map(json.dumps, cases)),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    for case, line in zip(cases, run.stdout.splitlines(), strict=True):
        if "found" in (answer := json.loads(line)):
            yield case, answer["found"]


def test_paths_choose_the_same() -> None:
    random = Random(1)
    cases = [
        {"path": path(random), "document": {"a": value(random), "b": value(random)}} for _ in range(1_500)
    ]
    differing = []
    count = 0
    for case, found in judged(cases):
        try:
            ours = [
                list(map(str, match.route)) for match in compile_path(case["path"]).matches(case["document"])
            ]
        except PathError:  # refused when it is read: Spectral fails once it comes to the filter
            assert not found, case
            continue
        count += 1
        if sorted(ours) != sorted(found):
            differing.append((case, ours, found))
    assert count > 1_000
    assert len(differing) <= count // 200, differing[:3]


def test_functions_object_to_the_same() -> None:
    random = Random(2)
    cases = []
    for _ in range(250):
        name, options = random.choice(OPTIONS)
        cases.append({"name": name, "target": value(random), "options": options})
        options = {"schema": schema(random), "allErrors": random.random() < 0.5}
        cases.append({"name": "schema", "target": value(random), "options": options})
    differing = []
    worded = 0
    for case, found in judged(cases):
        assert check_options(case["name"], case["options"]) == []
        results = FUNCTIONS[case["name"]](case["target"], case["options"], FunctionContext(("p", "q")))
        ours = [[list(map(str, result.route or ("p", "q"))), result.message] for result in results]
        worded += sorted(ours) != sorted(found)
        places = {tuple(place) for place, _ in ours}, {tuple(place) for place, _ in found}
        if places[0] != places[1]:
            differing.append((case, ours, found))
    assert len(differing) <= len(cases) // 200, differing[:3]
    assert worded <= len(cases) // 20
