"""Fingerprints tell findings about different things apart, whatever these are told apart by."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest

from archlint.finding import ObjectRef
from archlint.judging.resolution import fingerprint
from tests.judging.cases import codes, deployment, settled
from tests.judging.test_baseline import known

IDENTITIES = [
    (code, about, names)
    for code, about, names in product(
        ("KUBE101", "KUBE102"),
        (
            None,
            *(
                ObjectRef(kind, name, namespace)
                for kind, name, namespace in product(
                    ("Deployment", "Job"), ("cart", "cart-db"), (None, "shop", "cart")
                )
            ),
        ),
        ((), ("app",), ("app", "db"), ("db", "app"), ("appdb",)),
    )
]


def test_what_is_about_something_else_has_a_fingerprint_of_its_own() -> None:
    prints = {identity: fingerprint(*identity) for identity in IDENTITIES}
    same = [pair for pair in combinations(prints, 2) if prints[pair[0]] == prints[pair[1]]]
    assert same == []


CART = ObjectRef("Deployment", "cart", "shop")
KEPT: list[tuple[str, ObjectRef | None, tuple[str, ...], str]] = [
    ("KUBE101", None, (), "96f4fec995c69a6114eeef62af72b5db"),
    ("KUBE101", CART, ("app", "db"), "bf88136d12ac4da802f1f3b566fd6b2f"),
    ("OAS507", None, ("a\0b", "c"), "16925a580d8f7ff18e054da5dd546841"),
]
"""What stands in the baselines of users, who would meet all of their findings anew."""


@pytest.mark.parametrize(("code", "about", "names", "expected"), KEPT)
def test_a_fingerprint_never_changes(
    code: str, about: ObjectRef | None, names: tuple[str, ...], expected: str
) -> None:
    assert fingerprint(code, about, names) == expected


def test_the_same_name_in_another_namespace_is_new(tmp_path: Path) -> None:
    """Also where the file is gone that had the other one, so that the fingerprint alone counts."""
    baseline = known(tmp_path, {"a.yaml": deployment(metadata="  namespace: shop\n")})
    (tmp_path / "a.yaml").unlink()
    moved, other = (
        settled(tmp_path / name, {"b.yaml": deployment(metadata=f"  namespace: {name}\n")}, baseline=baseline)
        for name in ("shop", "test")
    )
    assert codes(moved.findings) == []
    assert ("KUBE101", "b.yaml", 10) in codes(other.findings)
