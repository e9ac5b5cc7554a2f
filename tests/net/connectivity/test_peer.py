"""What netpol-analyzer lists for its own examples, where these lie beside this repository."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archlint.comparison.connections import edition_changes
from archlint.engine.reading import read_world
from archlint.files import discover
from archlint.model.network.connectivity import Connectivity, connectivities
from archlint.model.network.connectivity.exposure import network_exposure
from archlint.model.network.connectivity.listing import listed

CASES = Path(__file__).parents[4] / "shared" / "oracles" / "cases" / "netpol-analyzer"
OTHER_NETWORKS = {
    "UserDefinedNetwork",
    "ClusterUserDefinedNetwork",
    "NetworkAttachmentDefinition",
    "VirtualMachine",
}
"""Kinds of networks and machines that archlint does not know."""
MOST_WRONG = {"connections": 3, "changes": 1, "exposure": 3}


def cases(key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The cases with an answer of a kind; those about a part of a cluster are left out."""
    for path in sorted(CASES.glob("*/expected.json")):
        case = json.loads(path.read_text("utf-8"))
        answer, options = case["must_report"], case.get("options") or {}
        is_exposure = bool(options.get("exposure"))
        others = any(value for name, value in options.items() if name != "exposure")
        if not isinstance(answer, dict) or answer.get(key) is None or others:
            continue
        if not OTHER_NETWORKS & set(case.get("kinds") or {}) and is_exposure is (key == "exposure"):
            yield path.parent, case


def editions(folder: Path) -> tuple[Connectivity, ...]:
    files = discover([str(folder)], root=folder, cwd=folder)
    return read_world(files.tree(), files.paths, files.named).fact(connectivities)


def answer_of(folder: Path, case: dict[str, Any], key: str) -> tuple[set[Any], set[Any]]:
    """What archlint says, and what is expected."""
    expected = case["must_report"][key]
    if key == "changes":
        changes = edition_changes(editions(folder / case["base"]), editions(folder / case["revision"]))
        said = {
            (item.kind.value, item.source, item.destination, str(item.base), str(item.revision))
            for item in changes
        }
        return said, {
            (item["type"], item["src"], item["dst"], item["ref1"], item["ref2"]) for item in expected
        }
    found = editions(folder / case["inputs"][0])
    if key == "exposure":
        rows = network_exposure(found).exposures
        wanted = (item for item in expected if item["dir"] != "unprotected")
        return {row[:4] for row in rows}, {
            (item["dir"], item["workload"], item["peer"], item["conn"]) for item in wanted
        }
    said = {
        (item.connection.source.name, item.connection.destination.name, str(item.connection.bounds.taken))
        for item in listed(found)
        if item.connection.bounds.taken
    }
    return said, {(item["src"], item["dst"], item["conn"]) for item in expected}


@pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases of netpol-analyzer do not lie beside this repository"
)
@pytest.mark.parametrize("key", sorted(MOST_WRONG))
def test_what_the_peer_lists(key: str) -> None:
    wrong, count = [], 0
    for folder, case in cases(key):
        said, expected = answer_of(folder, case, key)
        count += 1
        if said != expected:
            wrong.append((folder.name, sorted(said ^ expected)[:2]))
    assert count
    assert len(wrong) <= MOST_WRONG[key], wrong
