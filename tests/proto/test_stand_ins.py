"""Blanking out what needs a missing import."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.documents.proto.stand_ins import StandIns, unknown_type, without_imports
from archlint.documents.proto.statements import imports_of
from tests.support.limits import within


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import "a.proto";x', "                 x"),
        ("option (a.b) = 1; x", "                  x"),
        ('option (a).c = { d: "};" e { f: 1 } }; x', " " * 39 + "x"),
        ("int32 a = 1 [(b) = 2];", "int32 a = 1          ;"),
        ("int32 a = 1 [(b) = 2, deprecated = true];", "int32 a = 1 [         deprecated = true];"),
        (
            "int32 a = 1 [deprecated = true, (b) = {c: [1, 2]}];",
            "int32 a = 1 [deprecated = true" + " " * 19 + "];",
        ),
        ("a [(x) = 1, (y) = 2];", "a " + " " * 18 + ";"),
        ("a [(x) = 1, d = 1, (y) = 2, (z) = 3];", "a [         d = 1" + " " * 18 + "];"),
        ("// option (a) = 1;", "// option (a) = 1;"),
        ("map<string, int32> a = 1;", "map<string, int32> a = 1;"),
    ],
)
def test_what_is_blanked(text: str, expected: str) -> None:
    assert without_imports(text, imports_of(text))[0].rstrip() == expected.rstrip()


def test_options_of_known_packages_stay() -> None:
    text = (
        "option (b.m).x = 1; a [(.b.f) = {c: [1, 2]}, (a.b.f) = 1, (x) = 2];\n"
        "option (.b.m) = 1; option (b.c.m) = 1; option (b) = 1; a [(x) = 2, (b.f).g = 1];"
    )
    kept, hidden = without_imports(text, (), ["b"])
    assert hidden == {"a.b.f", "x", "b.c.m", "b"}
    assert kept.split("\n") == [
        "option (b.m).x = 1; a [(.b.f) = {c: [1, 2]}" + " " * len(", (a.b.f) = 1, (x) = 2") + "];",
        "option (.b.m) = 1; "
        + " " * len("option (b.c.m) = 1; option (b) = 1;")
        + " a [         (b.f).g = 1];",
    ]


@given(st.text(st.sampled_from("option()[]{}<>=;,\"'/*\\ \nax1"), max_size=80))
def test_places_are_kept_whatever_the_text(text: str) -> None:
    blanked, _ = without_imports(text, imports_of(text))
    assert len(blanked) == len(text) == len(without_imports(text, imports_of(text), ["a"])[0])
    assert [len(line) for line in blanked.split("\n")] == [len(line) for line in text.split("\n")]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ('"Foo" is not defined.', "shop.v1.Foo"),
        ('"a.b.Foo" is not defined.', "a.b.Foo"),
        (
            '"v1.Foo" is resolved to "shop.v1.Foo", which is not defined. The innermost scope is first.',
            "shop.v1.Foo",
        ),
        ("Field number 1 has already been used.", None),
        (f'"{".".join(["Foo"] * 3000)}" is not defined.', None),
    ],
)
def test_unknown_types(message: str, name: str | None) -> None:
    assert unknown_type(message, "shop.v1") == name


def test_nested_types_share_the_file_of_their_parent() -> None:
    made = StandIns()
    assert made.define("a.b.Outer") == made.define("a.b.Outer.Inner") != made.define("a.b.Other")
    assert made.define("a.b.Outer.Inner") in made.texts()
    outer = made.texts()[made.define("a.b.Outer")]
    assert outer.count("message") == 2 and "package a.b;" in outer


@pytest.mark.parametrize("entry", ["(x.y) = 1", "d = {a: [1, 2]}", "(x) = {"])
def test_time_grows_with_the_length_of_the_options(entry: str) -> None:
    text = "int32 a = 1 [" + ", ".join([entry] * 20_000) + "];"
    # It took minutes when each entry was read to the end of the brackets.
    within(5, lambda: without_imports(text, imports_of(text)))
