"""Fields that take one of a few words: each word is taken, and none that is spelt otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.model.kubernetes.validation.choices import CONTAINER, OBJECTS, POD, Choices
from tests.kube.test_refusals import refused

VERSIONS = {"": "v1", "autoscaling": "autoscaling/v2"}
_TEMPLATE = "spec/template/spec/"


def placed(way: str, value: str) -> Any:
    """The value at the end of a way."""
    first, _, rest = way.partition("/")
    inner: Any = placed(rest, value) if rest else value
    return [inner] if first == "*" else {first: inner}


def merged(one: Any, other: Any) -> Any:
    """Both values in one; of lists the first items."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: merged(one[key], item) if key in one else item for key, item in other.items()}}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    return other


def fields() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Group, kind, way and words of each field; those of pods in a Deployment."""
    within: dict[str, Choices] = {_TEMPLATE: POD, f"{_TEMPLATE}containers/*/": CONTAINER}
    of_pods = [
        ("apps", "Deployment", at + way, words)
        for at, table in within.items()
        for way, words in table.items()
    ]
    return of_pods + [
        (group, kind, way, words) for (group, kind), table in OBJECTS.items() for way, words in table.items()
    ]


def told(group: str, kind: str, way: str, word: str) -> list[str]:
    version = VERSIONS.get(group, f"{group}/v1")
    whole = {"apiVersion": version, "kind": kind, "metadata": {"name": "cart"}}
    if kind == "Deployment":  # pods are judged where containers have images
        whole |= merged(placed(f"{_TEMPLATE}containers/*/image", "shop/cart:1"), placed(way, word))
    else:
        whole |= placed(way, word)
    field = next(part for part in reversed(way.split("/")) if part != "*")
    return [
        item.remedy
        for item in refused(whole)
        if item.problem.startswith(f"'{field}' is '{word}', which is none of")
    ]


@pytest.mark.parametrize(("group", "kind", "way", "words"), fields())
def test_the_words_and_no_others(group: str, kind: str, way: str, words: tuple[str, ...]) -> None:
    for word in words:
        assert told(group, kind, way, word) == []
        if word.swapcase() != word:
            assert told(group, kind, way, word.swapcase()) == [f"'{word}'"]
    assert told(group, kind, way, "zzz") == ["one of these"]
    assert told(group, kind, way, "${WORD}") == []
