"""Chains of middlewares are followed once, however they name each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.model.exposure.middlewares import middlewares
from tests.arch.worlds import world_of
from tests.support.limits import within


def chain(name: str, *inner: str) -> dict[str, Any]:
    return middleware(name, {"chain": {"middlewares": [{"name": each} for each in inner]}})


def middleware(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "Middleware",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    }


def unchained(folder: Path, objects: list[dict[str, Any]]) -> list[str]:
    known = world_of(folder, {"edge.yaml": objects}).fact(middlewares)
    first = known.named("Middleware", "shop", "a0")
    assert first is not None
    return [part.name for part in known.unchained([first])]


def test_a_chain_gives_what_it_holds_in_order(tmp_path: Path) -> None:
    strips = [middleware(name, {"stripPrefix": {"prefixes": ["/x"]}}) for name in ("b", "c", "d")]
    objects = [chain("a0", "b", "a1", "b"), chain("a1", "c", "d"), *strips]
    assert unchained(tmp_path, objects) == ["b", "c", "d", "b"]


@pytest.mark.parametrize("depth", [1, 2, 30])
def test_chains_of_chains_are_each_followed_once(tmp_path: Path, depth: int) -> None:
    """A chain that comes again stays as it is, so that nothing is believed of what it does to a path."""
    objects = [chain(f"a{at}", *[f"a{(at + 1) % depth}"] * 40) for at in range(depth)]
    found = within(5, lambda: unchained(tmp_path, objects))
    assert len(found) <= 40 * depth
    assert set(found) <= {f"a{at}" for at in range(depth)}
