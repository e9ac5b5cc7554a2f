"""What is known of formats: strings that are of one, a pattern of all of these, and what implies what."""

from __future__ import annotations

import re

import pytest

from archlint.comparison.schemas.answers import No
from archlint.comparison.schemas.containment import contains
from archlint.comparison.schemas.formats import PATTERNS, SAMPLES, holds, implies, stretched
from archlint.comparison.schemas.json_schema import read

BOUNDED = "date date-time time duration email ipv4 ipv6 uuid uri iri json-pointer relative-json-pointer"


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_samples_are_of_their_format(name: str) -> None:
    for text in SAMPLES[name]:
        assert holds(name, text) is True
        assert re.search(PATTERNS.get(name, ""), text), text
    assert implies(name, name)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_strings_of_a_length_are_of_their_format(name: str) -> None:
    lengths = [63, 64, 65, 127, 128, 129, 192, 200, 252, 253]
    texts = [text for length in lengths if (text := stretched(name, length)) is not None]
    assert bool(texts) is (name not in ("date", "ipv4", "ipv6", "uuid"))
    assert [len(text) for text in texts] in ([], lengths)
    assert all(holds(name, text) and re.search(PATTERNS.get(name, ""), text) for text in texts)


def test_limits_of_length_are_decided_beside_formats() -> None:
    for name in ("hostname", "email", "date-time", "uri", "duration"):
        for old, new in ((200, 100), (30, 20)):
            limits = ({"type": "string", "format": name, "maxLength": each} for each in (old, new))
            answer = contains(*map(read, limits))
            assert isinstance(answer, No)
            assert len(answer.witness) > new


@pytest.mark.parametrize("name", BOUNDED.split())
def test_what_has_not_the_pattern_is_not_of_the_format(name: str) -> None:
    for text in ("é é", "~", "{}"):
        assert not re.search(PATTERNS[name], text)
        assert holds(name, text) is False


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_format_implies_only_those_that_take_its_samples(name: str) -> None:
    for other in SAMPLES:
        if implies(name, other):
            assert all(holds(other, text) for text in SAMPLES[name]), other


def test_unknown_formats_say_nothing() -> None:
    assert holds("own", "a") is None
    assert not implies("own", "date")
    assert implies("own", "own")


def test_what_implies_what() -> None:
    pairs = {(name, other) for name in SAMPLES for other in SAMPLES if name != other and implies(name, other)}
    assert pairs == {
        ("uri", "iri"),
        ("uri", "uri-reference"),
        ("uri", "iri-reference"),
        ("iri", "iri-reference"),
        ("uri-reference", "iri-reference"),
        ("email", "idn-email"),
        ("hostname", "idn-hostname"),
    }


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_format_has_more_than_one_value(name: str) -> None:
    answer = contains(read({"type": "string", "format": name}), read({"const": SAMPLES[name][0]}))
    assert isinstance(answer, No)
    assert holds(name, answer.witness) is True
