"""What a suppressed element takes along: what refers to it, and what only it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archlint.judging.references import SuppressedReach
from tests.oas.worlds import world_of

COUNT = 5
FILES = ("openapi.json", "parts/shared.json", "parts/more/deep.json")


@dataclass(frozen=True)
class Rules:
    """A suppression of some rules."""

    codes: tuple[str, ...]

    def covers(self, code: str) -> bool:
        return code in self.codes


@dataclass(frozen=True)
class Shared:
    """A schema: the file it stands in, what it refers to, and whether it is a reference itself."""

    file: int
    targets: tuple[int, ...]
    is_alias: bool
    is_listed: bool

    def pointer(self, number: int) -> str:
        return f"/components/schemas/s{number}" if self.file == 0 else f"/s{number}"


def reference(shared: list[Shared], number: int, origin: str) -> dict[str, str]:
    """A reference to a schema, as it is written in a file."""
    target = shared[number]
    file = "" if FILES[target.file] == origin else FILES[target.file]
    if file and origin.startswith("parts/more/"):
        file = f"../../{file}"
    elif file and origin.startswith("parts/"):
        file = f"../{file}"
    return {"$ref": f"{file}#{target.pointer(number)}"}


def schema(shared: list[Shared], number: int) -> dict[str, Any]:
    one = shared[number]
    told = [reference(shared, target, FILES[one.file]) for target in one.targets]
    if one.is_alias and told:
        return told[0]
    if one.is_listed:
        return {"type": "object", "allOf": told}
    return {"type": "object", "properties": {f"p/{at}": each for at, each in enumerate(told)}}


def documents(shared: list[Shared], operations: list[tuple[int, ...]]) -> dict[str, Any]:
    paths = {
        f"/o{at}": {
            "get": {"responses": {f"20{n}": reference(shared, to, FILES[0]) for n, to in enumerate(used)}}
        }
        for at, used in enumerate(operations)
    }
    found: dict[str, Any] = {name: {} for name in FILES[1:]}
    found[FILES[0]] = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": paths,
        "components": {"schemas": {}},
    }
    for number, one in enumerate(shared):
        holder = found[FILES[0]]["components"]["schemas"] if one.file == 0 else found[FILES[one.file]]
        holder[f"s{number}"] = schema(shared, number)
    return found


def told_by(one: Shared) -> tuple[int, ...]:
    """What a schema refers to."""
    return one.targets[:1] if one.is_alias else one.targets


def read_files(shared: list[Shared], used: set[int]) -> set[int]:
    """The description, and what it or an accepted element leads to."""
    files = {0, *(shared[number].file for number in used)}
    for _ in FILES:
        files |= {shared[to].file for one in shared if one.file in files for to in told_by(one)}
    return files


def unnamed(shared: list[Shared], used: set[int]) -> set[int]:
    """Schemas of the description that no ``$ref`` names: there are other ways to name one, so each counts."""
    files = read_files(shared, used)
    named = used | {to for one in shared if one.file in files for to in told_by(one)}
    return {number for number, one in enumerate(shared) if one.file == 0 and number not in named}


def reached(shared: list[Shared], start: set[int], closed: set[int]) -> set[int]:
    seen: set[int] = set()
    waiting = [number for number in start if number not in closed]
    while waiting:
        number = waiting.pop()
        if number not in seen:
            seen.add(number)
            waiting += [target for target in told_by(shared[number]) if target not in closed]
    return seen


def is_that_element(shared: list[Shared], number: int, accepted: set[int]) -> bool:
    """Whether a schema is nothing but a reference to an accepted one, through others of this kind."""
    for _ in shared:
        if not shared[number].is_alias or not shared[number].targets:
            return False
        number = shared[number].targets[0]
        if number in accepted:
            return True
    return False


SHARED = st.builds(
    Shared,
    st.integers(0, len(FILES) - 1),
    st.lists(st.integers(0, COUNT - 1), max_size=3).map(tuple),
    st.booleans(),
    st.booleans(),
)
NUMBERS = st.sets(st.integers(0, COUNT - 1), max_size=2)


@given(
    st.lists(SHARED, min_size=COUNT, max_size=COUNT),
    st.lists(st.lists(st.integers(0, COUNT - 1), max_size=2).map(tuple), min_size=2, max_size=3),
    st.sets(st.integers(0, 1), max_size=1),
    NUMBERS,
)
@example([Shared(1, (1,), False, False), *[Shared(2, (), False, False)] * 4], [(0,), ()], {0}, set())
@example([Shared(1, (1,), True, False), *[Shared(2, (), False, False)] * 4], [(0,), ()], set(), {1})
def test_what_only_accepted_elements_lead_to_is_accepted(
    shared: list[Shared], operations: list[tuple[int, ...]], quiet: set[int], accepted: set[int]
) -> None:
    """Another rule than the accepted one is told everywhere."""
    elements: Mapping[tuple[str, str], Rules] = {
        **{(FILES[0], f"/paths/~1o{at}/get"): Rules(("OAS507",)) for at in quiet},
        **{(FILES[shared[at].file], shared[at].pointer(at)): Rules(("OAS507",)) for at in accepted},
    }
    reach = SuppressedReach(world_of(documents(shared, operations)), elements)
    loud = {to for at, used in enumerate(operations) if at not in quiet for to in used}
    soft = {to for at in quiet for to in operations[at]}
    theirs = reached(shared, soft | accepted, set()) | accepted
    others = unnamed(shared, loud | soft | accepted)
    exposed = reached(shared, loud | {to for number in others for to in told_by(shared[number])}, accepted)
    files = read_files(shared, loud | soft | accepted)
    for number, one in enumerate(shared):
        for below in ("", "/description") if one.file in files else ():
            place = FILES[one.file], one.pointer(number) + below
            expected = is_that_element(shared, number, accepted) or (
                number in theirs and number not in exposed
            )
            assert bool(list(reach.covering(*place, "OAS507"))) is expected, (place, elements)
            assert not list(reach.covering(*place, "OAS508"))


@pytest.mark.parametrize(
    ("root", "library"),
    [
        *[("swagger", name) for name in ("definitions", "parameters", "responses", "securityDefinitions")],
        *[("openapi", f"components/{name}") for name in ("schemas", "parameters", "securitySchemes")],
        ("asyncapi", "components/messages"),
    ],
)
@pytest.mark.parametrize("is_used", [False, True])
def test_what_is_shared_has_effect_only_where_something_refers_to_it(
    root: str, library: str, *, is_used: bool
) -> None:
    """One shared element is accepted and leads to another, which is its own unless the rest uses it too."""
    shared: dict[str, Any] = {
        "accepted": {"x-leads": {"$ref": f"#/{library}/inner"}},
        "inner": {"description": "Told of."},
    }
    outer, _, inner = library.partition("/")
    contract = {root: "2.0", outer: {inner: shared} if inner else shared, "paths": {}}
    if is_used:
        contract["paths"] = {"/carts": {"x-uses": {"$ref": f"#/{library}/inner"}}}
    reach = SuppressedReach(
        world_of({FILES[0]: contract}), {(FILES[0], f"/{library}/accepted"): Rules(("OAS507",))}
    )
    assert bool(list(reach.covering(FILES[0], f"/{library}/inner", "OAS507"))) is not is_used
