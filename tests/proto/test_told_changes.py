"""What is told of a change names two sides that differ, and what it says to type compiles and helps."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proto.support import lay_out
from tests.support.inside import archlint

PAGES = Path(__file__).parents[2] / "rules" / "proto"
SIDES = ("old", "new")


def told(folder: Path, files: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The findings of a comparison of files that are given as they were and as they are."""
    for at, side in enumerate(SIDES):
        lay_out(folder / side, {name: text[at] for name, text in files.items()})
    done = archlint("breaking", *SIDES, "--select", "PROTO", "--format", "json", cwd=folder)
    found: list[dict[str, Any]] = json.loads(done.out)["findings"]
    assert [each["message"] for each in found if each["rule"] == "parse-error"] == []
    return found


def names_both_sides(finding: Mapping[str, Any]) -> bool:
    """Whether the message shows how it was and how it is."""
    page = (PAGES / f"{finding['rule']}.md").read_text("utf-8")
    text = yaml.safe_load(page.split("---\n")[1])["messages"][finding["message_id"]]
    return {"{old}", "{new}"} <= set(re.findall(r"\{\w+\}", text))


KINDS = "message Kind { int32 number = 1; } enum Twin { TWIN = 0; ONE = 1; } "
SWAPPED = "enum Kind { KIND = 0; } message Twin { int32 number = 1; } "
TYPES = (
    *("int32", "sint32", "string", "bytes", "Kind", "Twin", "repeated Kind", "map<string, Kind>"),
    *("map<string, Twin>", "map<int32, int32>", "Kind DELIMITED", "Twin OPTION", "string IMPLICIT"),
)
OPTIONS = {
    "DELIMITED": "[features.message_encoding = DELIMITED]",
    "IMPLICIT": "[features.field_presence = IMPLICIT]",
    "OPTION": "[default = ONE]",
}


def _messages(pairs: list[tuple[str, str]], side: int, types: str) -> str:
    text = 'edition = "2023";\npackage shop;\n' + types + "\n"
    for at, pair in enumerate(pairs):
        words = pair[side].split()
        option = OPTIONS.get(words[-1], "")
        written = " ".join(words[:-1] if option else words)
        text += f"message M{at} {{ {written} field = 1 {option}; }}\n"
    return text


GROUPS = [
    f'syntax = "proto2";\npackage two;\nmessage A {{\n{body}}}\n'
    for body in (
        "  optional group Part = 1 { optional int32 x = 1; }\n",
        "  message Part { optional int32 x = 1; }\n  optional Part part = 1;\n",
    )
]


def test_both_sides_are_named_and_differ(tmp_path: Path) -> None:
    """Each type in place of each other one, also where what has its name is of another kind now."""
    pairs = list(product(TYPES, TYPES))
    plain = list(product(*(2 * [[each for each in TYPES if each.split()[-1] not in OPTIONS]])))
    kinds = [_messages(plain, side, types) for side, types in enumerate((KINDS, SWAPPED))]
    enums = [
        f'syntax = "proto2";\npackage e;\nenum E {{ A = 0; B = {number}; }}\n'
        "message M { optional E e = 1 [default = B]; }\n"
        for number in (1, 2)
    ]
    files = {
        "types.proto": (_messages(pairs, 0, KINDS), _messages(pairs, 1, KINDS)),
        "kinds.proto": tuple(each.replace("package shop", "package kinds") for each in kinds),
        "groups.proto": tuple(GROUPS),
        "more.proto": tuple(each.replace("two", "more") for each in reversed(GROUPS)),
        "enums.proto": tuple(enums),
    }
    found = [each for each in told(tmp_path, files) if names_both_sides(each)]
    assert not [each["message"] for each in found if each["arguments"]["old"] == each["arguments"]["new"]]
    assert {each["rule"] for each in found if each["path"] == "new/enums.proto"} >= {"proto-default-changed"}
    assert len(found) > len(pairs)


VALUES = st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 3), min_size=1)


def _enum(values: Mapping[str, int], more: str = "") -> str:
    body = "".join(f"{name} = {number}; " for name, number in values.items())
    numbers = [0, *values.values()]
    alias = "option allow_alias = true; " if len(set(numbers)) < len(numbers) else ""
    return f'syntax = "proto3";\npackage shop;\nenum E {{ {alias}Z = 0; {body}{more}}}\n'


@settings(max_examples=8)
@given(VALUES, VALUES)
def test_names_and_numbers_of_values_are_what_they_are_told_to_be(
    tmp_path_factory: pytest.TempPathFactory, old: dict[str, int], new: dict[str, int]
) -> None:
    """What a number was called and is not, and which number a name had; no name that stood before is new."""
    folder = tmp_path_factory.mktemp("enum")
    for finding in told(folder, {"e.proto": (_enum(old), _enum(new))}):
        if finding["rule"] != "proto-enum-value-changed":
            continue
        message = finding["message"]
        words = re.findall(r"'(\w+)'", message)
        if message.startswith("Number"):
            number, was = int(message.split()[1]), words[1]
            assert old[was] == number
            assert new.get(was) != number
            is_new = {**old, "Z": 0}.get(words[2]) != number
            assert ("is now" in message) == is_new, message
            if not is_new:
                (typed,) = re.findall(r"'(\w+ = \d+);'", message)
                name, _, kept = typed.partition(" = ")
                again = told(folder, {"e.proto": (_enum(old), _enum({**new, name: int(kept)}))})
                assert message not in {each["message"] for each in again}
        else:
            was, now = map(int, re.search(r"from (\d+) to (\d+)", message).groups())  # type: ignore[union-attr]
            assert (old[words[0]], new[words[0]]) == (was, now)
            assert was != now


PLAIN, OF_ENUM = "int32 a = 1", "E a = 1"
FIELDS = (PLAIN, OF_ENUM, f"optional {PLAIN}", f"optional {OF_ENUM}", "N a = 1", f"repeated {OF_ENUM}")
TOPS = ("", "option features.enum_type = CLOSED;", "option features.field_presence = EXPLICIT;")
IMPLICIT = "features.field_presence = IMPLICIT"


def _written(top: str, fields: Sequence[str], told: Sequence[bool] = ()) -> str:
    """A file with some fields; those of ``told`` are told to have no presence."""
    parts = [top, "package shop;", "enum E { Z = 0; }", "message N {}"]
    for at, field in enumerate(fields):
        option = f" [{IMPLICIT}]" if told and told[at] else ""
        parts.append(f"message M{at} {{ {field}{option}; }}")
    return "\n".join([*parts, ""])


@settings(max_examples=8)
@given(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3), st.sampled_from(TOPS))
def test_presence_is_as_it_was_where_it_is_set_as_told(
    tmp_path_factory: pytest.TempPathFactory, fields: list[str], top: str
) -> None:
    """What cannot be mended in that way is told by itself, before and after."""
    old = _written('syntax = "proto3";', fields)
    now = [field.removeprefix("optional ") for field in fields]
    lost = [was for was, is_ in zip(fields, now, strict=True) if was == is_]
    head = f'edition = "2023"; {top}'
    folder = tmp_path_factory.mktemp("edition")
    found = told(folder, {"e.proto": (old, _written(head, now))})
    (syntax,) = (each for each in found if each["rule"] == "proto-syntax-changed")
    gained = [each for each in lost if each == PLAIN or (each == OF_ENUM and "CLOSED" not in top)]
    assert ("IMPLICIT" in syntax["message"]) == bool(gained)
    if f"'option {IMPLICIT};'" in syntax["message"]:
        mended = _written(f"{head.removesuffix(TOPS[2])} option {IMPLICIT};", now)
    else:
        wanted = [field in gained for field in fields]
        mended = _written(head, now, wanted)
    again = told(folder, {"e.proto": (old, mended)})
    assert not any("IMPLICIT" in each["message"] for each in again)
    labels = [
        {each["line"] for each in side if each["rule"] == "proto-field-label-changed"}
        for side in (found, again)
    ]
    assert labels[0] == labels[1]
