"""Image references: a colon is not always a tag."""

from __future__ import annotations

import pytest

from archlint.model.kubernetes.images import ImageReference, parse_image


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("nginx", ImageReference("nginx", "", "")),
        ("nginx:1.2", ImageReference("nginx", "1.2", "")),
        ("host:5000/shop/cart", ImageReference("host:5000/shop/cart", "", "")),
        ("host:5000/shop/cart:1.2", ImageReference("host:5000/shop/cart", "1.2", "")),
        ("shop/cart@sha256:ab", ImageReference("shop/cart", "", "sha256:ab")),
        ("shop/cart:latest@sha256:ab", ImageReference("shop/cart", "latest", "sha256:ab")),
    ],
)
def test_parts(written: str, parts: ImageReference) -> None:
    assert parse_image(written) == parts


@pytest.mark.parametrize(
    ("written", "moves"),
    [("a", True), ("a:latest", True), ("a:1", False), ("h:1/a", True), ("a:latest@sha256:ab", False)],
)
def test_moves(written: str, moves: bool) -> None:
    assert parse_image(written).moves is moves
