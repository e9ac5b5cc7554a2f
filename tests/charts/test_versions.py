"""Version constraints are read as Helm reads them."""

from __future__ import annotations

import pytest

from archlint.documents.charts.versions import satisfies


@pytest.mark.parametrize(
    ("constraint", "allowed", "refused"),
    [
        (">=1.19.0-0", "v1.37.0", "1.18.9"),
        (">= 1.25.0, < 1.30", "1.29.9", "1.30.0"),
        ("2.x.x", "2.31.4", "3.0.0"),
        ("^2.3", "2.31.4", "2.2.9"),
        ("^0.2", "0.2.9", "0.3.0"),
        ("~1.2", "1.2.9", "1.3.0"),
        ("1.2 - 1.4", "1.4.7", "1.5.0"),
        ("<1.30 || >1.36", "1.37.0", "1.36.2"),
        ("!=1.5.x", "1.6.0", "1.5.3"),
        ("=1.5.3", "1.5.3", "1.5.4"),
        (">1.5", "1.6.0", "1.5.9"),
        ("<=1.5", "1.5.9", "1.6.0"),
        ("*", "1.0.0", "1.0.0-rc.1"),
        (">0.0.0-0", "1.0.0-rc.1", "0.0.0-0"),
    ],
)
def test_constraints(constraint: str, allowed: str, refused: str) -> None:
    assert satisfies(allowed, constraint) is True
    assert satisfies(refused, constraint) is not True


@pytest.mark.parametrize("constraint", ["latest", ">=", "1.2.3.4", "|" * 5000, "1 " * 5000])
def test_what_is_none(constraint: str) -> None:
    assert satisfies("1.0.0", constraint) is None
