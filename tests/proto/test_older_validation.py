"""Rules of protoc-gen-validate and of protovalidate together: what a field takes is what both let through."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.protobuf.validation import ValidationChanged, ValidationNarrowed, ValidationWidened
from tests.proto.support import changes

VALUES = (None, *range(-5, 6))
Said = Mapping[str, int | bool]
SMALL = st.integers(-3, 3)
OLDER: st.SearchStrategy[Said] = st.fixed_dictionaries(
    {},
    optional={
        "gte": st.integers(-3, 0),
        "lte": st.integers(0, 3),
        "not_in": SMALL,
        "ignore_empty": st.just(True),
    },
)
NEWER: st.SearchStrategy[Said] = st.fixed_dictionaries(
    {},
    optional={
        "gte": st.integers(-3, 1),
        "lte": st.integers(1, 3),
        "not_in": SMALL,
        "required": st.just(True),
    },
)
LABELS = ("", "optional ")
SIDE = st.tuples(OLDER, NEWER)
PAIRS = st.one_of(
    st.tuples(SIDE, SIDE),
    st.builds(lambda older, newer: ((older, {}), (older, newer)), OLDER, NEWER),
    st.builds(
        lambda same, more: ((same, {}), ({}, {**same, **more})),
        st.fixed_dictionaries({}, optional={"gte": st.integers(-3, 1), "not_in": SMALL}),
        st.sampled_from([{}, {"required": True}]),
    ),
)


def takes(side: tuple[Said, Said], value: int | None, *, shows_absence: bool) -> bool:
    """Whether both kinds of rules let a value through, or a field that is not set."""
    if value is None and shows_absence:
        return not side[1].get("required")
    number = value or 0
    return all(
        (number == 0 and rules.get("ignore_empty"))
        or (
            rules.get("gte", -9) <= number <= rules.get("lte", 9)
            and number != rules.get("not_in", 99)
            and not (number == 0 and rules.get("required") and not shows_absence)
        )
        for rules in side
    )


def options(side: tuple[Said, Said]) -> str:
    older, newer = side
    said = [f"(validate.rules).int32 = {{{settings_of(older)}}}"] if older else []
    if newer:
        rules = {key: value for key, value in newer.items() if key != "required"}
        required = "required: true, " if "required" in newer else ""
        said.append(f"(buf.validate.field) = {{{required}int32: {{{settings_of(rules)}}}}}")
    return f" [{', '.join(said)}]" if said else ""


def settings_of(rules: Said) -> str:
    return ", ".join(f"{key}: {str(value).lower()}" for key, value in rules.items())


@settings(max_examples=4)
@given(st.lists(PAIRS, min_size=20, max_size=30))
def test_what_is_told_is_what_some_value_shows(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[tuple[Said, Said], tuple[Said, Said]]]
) -> None:
    head = 'syntax = "proto3";\npackage shop;\n' + "".join(
        f'import "{name}";\n' for name in ("buf/validate/validate.proto", "validate/validate.proto")
    )
    texts = [
        f"{head}service S {{ rpc Put(M) returns (M); }}\nmessage M {{\n"
        + "".join(
            f"  {LABELS[at % 2]}int32 f{at} = {at}{options(pair[side])};\n"
            for at, pair in enumerate(pairs, 1)
        )
        + "}\n"
        for side in (0, 1)
    ]
    folder = tmp_path_factory.mktemp("rules")
    found: dict[type, set[str]] = {ValidationNarrowed: set(), ValidationWidened: set()}
    for change in changes(folder, {"a.proto": texts[0]}, {"a.proto": texts[1]}):
        assert isinstance(change, ValidationChanged)
        found[type(change)].add(change.name)
    for at, (old, new) in enumerate(pairs, 1):
        taken = [[takes(side, value, shows_absence=at % 2 == 1) for value in VALUES] for side in (old, new)]
        lost = any(was and not now for was, now in zip(*taken, strict=True))
        gained = any(now and not was for was, now in zip(*taken, strict=True))
        assert (f"'f{at}'" in found[ValidationNarrowed]) == lost, (old, new)
        assert (f"'f{at}'" in found[ValidationWidened]) == gained, (old, new)


@pytest.mark.parametrize("option", ["disabled", "ignored"])
def test_messages_that_are_not_asked_take_everything(option: str, tmp_path: Path) -> None:
    def file(least: int, is_asked: str) -> dict[str, str]:
        text = 'syntax = "proto3";\npackage shop;\nimport "validate/validate.proto";\n'
        text += "service S { rpc Put(M) returns (N); }\nmessage N {}\nmessage M {\n"
        text += (
            f"option (validate.{option}) = {is_asked}; int32 f = 1 [(validate.rules).int32.gte = {least}]; }}"
        )
        return {"a.proto": text}

    sides = [(file(1, "true"), file(2, "true")), (file(1, "true"), file(1, "false"))]
    sides += [(file(1, "false"), file(2, "false")), (file(1, "false"), file(1, "true"))]
    told = [
        [type(change) for change in changes(tmp_path / f"{number}", *pair)]
        for number, pair in enumerate(sides)
    ]
    assert told == [[], [ValidationNarrowed], [ValidationNarrowed], []]
