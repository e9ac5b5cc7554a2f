"""Which folders are built into something that runs."""

from __future__ import annotations

import pytest

from archlint.model.system.folders import SourceFolders, is_dockerfile
from archlint.model.system.images import image_name, image_repository


@pytest.mark.parametrize(
    ("paths", "asked", "found"),
    [
        (["cart/Dockerfile", "cart/main.go"], "cart/main.go", "cart"),
        (["cart/src/Dockerfile"], "cart/src/main.cs", "cart"),
        (["services/cart/go.mod", "go.mod"], "services/cart/x/main.go", "services/cart"),
        (["services/cart/go.mod", "go.mod"], "tools/main.go", ""),
        (["src/Dockerfile"], "src/main.go", "src"),
        (["cart/Cart.Api.csproj"], "cart/Controllers/Home.cs", "cart"),
        (["cart/tests/package.json"], "cart/tests/a.js", None),
        (["cart/Dockerfile.md"], "cart/a.js", None),
    ],
)
def test_the_innermost_folder_that_is_built_holds_a_file(
    paths: list[str], asked: str, found: str | None
) -> None:
    folder = next(SourceFolders(paths).around(asked.rpartition("/")[0]), None)
    assert (folder.path if folder else None) == found


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *[(name, True) for name in ("Dockerfile", "Dockerfile.dev", "web.Dockerfile", "web.dockerfile")],
        *[("Containerfile", True), ("Dockerfile.dockerignore", False), ("Dockerfile.yaml", False)],
        *[("MyDockerfile", False), ("Dockerfiles", False)],
    ],
)
def test_dockerfiles_are_known_by_their_names(name: str, is_one: bool) -> None:
    assert is_dockerfile(f"a/{name}") is is_one


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        ("cart", "cart"),
        ("shop/cart:1.0", "shop/cart"),
        ("localhost:5000/cart", "cart"),
        ("registry.example.com/shop/cart@sha256:abc", "shop/cart"),
        ("registry:5000/shop/cart:1", "shop/cart"),
        ("ghcr.io/shop/cart:1.2@sha256:abc", "shop/cart"),
    ],
)
def test_an_image_is_known_by_its_repository(image: str, repository: str) -> None:
    assert image_repository(image) == repository
    assert image_name(image) == repository.rpartition("/")[2]
