"""Which workloads are one application, whatever order they come in."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from archlint.model.services.applications import applications
from archlint.model.services.grouping import Service

_WORDS = ("cart", "stock", "worker", "api", "canary")
_names = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map("-".join)


@dataclass(frozen=True)
class _Use:
    service: Service
    signs: Set[str] = frozenset()


def _use(name: str, *signs: str) -> _Use:
    return _Use(Service(name, None), frozenset(signs))


def _sets(uses: list[_Use]) -> list[list[str]]:
    return sorted(sorted(use.service.name for use in party) for party in applications(uses))


@given(st.lists(_names, max_size=12), st.integers())
def test_the_order_changes_nothing(names: list[str], seed: int) -> None:
    uses = [_use(name) for name in names]
    shuffled = Random(seed).sample(uses, len(uses))
    assert _sets(uses) == _sets(shuffled)


_of_nothing_but_names = st.lists(
    st.lists(st.sampled_from(("cart", "stock", "mail", "search", "canary")), min_size=1, max_size=3).map(
        "-".join
    ),
    max_size=12,
)
"""Names without words such as ``worker``, which say what a process does in its application."""


@given(_of_nothing_but_names)
def test_nobody_is_lost_and_beginnings_join(names: list[str]) -> None:
    found = _sets([_use(name) for name in names])
    assert sorted(name for party in found for name in party) == sorted(names)
    for party in found:
        shortest = min(party, key=len)
        assert all(name == shortest or name.startswith(f"{shortest}-") for name in party)


def test_what_has_a_sign_in_common_is_one() -> None:
    assert _sets([_use("cart", "shop/cart"), _use("stock", "shop/stock"), _use("jobs", "shop/cart")]) == [
        ["cart", "jobs"],
        ["stock"],
    ]


def test_names_that_only_begin_alike_are_two() -> None:
    assert _sets([_use("cart"), _use("carton")]) == [["cart"], ["carton"]]
