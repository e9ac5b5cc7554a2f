"""Whether a literal of source writes the path of an operation."""

from __future__ import annotations

import pytest

from archlint.model.consumers.routes import means_route
from archlint.model.exposure.path_matches import segments_of


@pytest.mark.parametrize(
    ("text", "template", "means"),
    [
        ("/carts/{id}", "/carts/{id}", True),
        ("/carts/%s", "/carts/{cartId}", True),
        ("/carts/${id}/items", "/carts/{id}/items", True),
        ("/carts/:id", "/carts/{id}", True),
        ("/carts/17", "/carts/{id}", True),
        ("http://cart:8080/carts/", "/carts/{id}", True),
        ("/carts/", "/carts/{id}", True),
        ("/api/v1/carts/{id}", "/carts/{id}", True),
        ("/carts?full=1", "/carts", True),
        ("/carts/", "/carts/{id}/items", False),
        ("/carts", "/carts/{id}", False),
        ("/carts/{id}", "/carts", False),
        ("carts", "/carts", False),
        ("/", "/{id}", False),
        ("/users/{id}", "/carts/{id}", False),
        ("/{a}/{b}", "/{c}/{d}", False),
    ],
)
def test_a_literal_writes_a_path(text: str, template: str, means: bool) -> None:
    assert means_route(text, segments_of(template)) is means
