"""Which folders are built into something that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.graph import service_graph
from archlint.model.system.folders import SourceFolders, is_dockerfile
from archlint.model.system.images import image_name, image_repository
from tests.arch.worlds import world_of


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


@pytest.mark.parametrize(
    ("dockerfiles", "confidences"),
    [
        (("Dockerfile", "Dockerfile"), {"high"}),
        (("worker.Dockerfile", "web.Dockerfile"), {"medium"}),
    ],
)
def test_source_of_a_folder_that_is_built_into_several_images_proves_no_call(
    tmp_path: Path, dockerfiles: tuple[str, str], confidences: set[str]
) -> None:
    """Nothing says in which of them it is; one image may be run as several services."""
    builds = zip(("worker", "web"), dockerfiles, strict=True)
    services = [f"  {name}:\n    build: {{context: ., dockerfile: {file}}}\n" for name, file in builds]
    files = {
        "compose.yaml": "services:\n" + "".join(services) + "  cart:\n    image: shop/cart:1.0.0\n",
        **dict.fromkeys(dockerfiles, "FROM python:3.13\nCOPY . .\n"),
        "jobs/report.py": 'import os\nCART = os.environ.get("CART_URL", "http://cart:8080")\n',
    }
    edges = service_graph(world_of(tmp_path, files)).edges
    assert {edge.source.rpartition("/")[2] for edge in edges} == {"service:worker", "service:web"}
    assert {edge.confidence.value for edge in edges} == confidences
