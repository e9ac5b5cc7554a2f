"""Cases of netpol-analyzer in which it warns or refuses: does archlint speak at the object that is meant?

``python -m tests.net.connectivity.oracle_cases`` lists them. Nothing of the cases is kept here: they lie
beside this repository, and a case names in ``text_contains`` what the peer says, with the object if it names
one.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from archlint.engine.network import unseen
from archlint.engine.reading import read_world
from archlint.files import discover
from archlint.finding import Profile, Rule
from archlint.model.kubernetes import KubernetesObject
from archlint.model.network.connectivity import connectivities
from archlint.model.network.connectivity.explanation import peers_named
from archlint.model.network.policies import TrafficDirection
from archlint.model.world import World
from tests.support.rules import own_rules
from tests.support.runners import found_in

CASES = Path(__file__).parents[4] / "shared" / "oracles" / "cases" / "netpol-analyzer"
AREAS = ("NET", "KUBE", "LINT")
_TOPICS = (
    ("Priority|same priority", r"/spec/priority"),
    ("action", r"/spec/(?:in|e)gress/\d+(?:/action)?"),
    ("field must be defined", r"/spec/(?:in|e)gress/\d+(?:/(?:from|to))?"),
    ("PortRange|AdminNetworkPolicyPort|named ?port|port name", r"/spec/(?:in|e)gress/\d+/ports/.*"),
    ("CIDR|IPv6", r"/spec/(?:in|e)gress/.*(?:cidr|networks).*"),
    ("SubjectErr", r"/spec/subject.*"),
    ("RulePeerErr", r"/spec/(?:in|e)gress/\d+/(?:from|to)/.*"),
    ("selector error", r"/spec/.*(?:[sS]elector|match).*"),
    ("SameName|only one baseline", r"/metadata/name"),
    ("topology|Layer", r"/spec.*"),
    ("UDNN", r"/metadata/name.*"),
    ("NodesField", r".*/nodes"),
    ("malformed", r"/items/.*"),
)
"""Where a finding stands that is about what the peer says, by words of it."""
_FLAGS = re.compile(r"focusworkload|explain flag|IgnoredExposure")
"""Words of the peer about flags of its own command line: there is no object that they are about."""


def error_cases() -> Iterator[tuple[str, Path, list[str]]]:
    """The name, inputs and words of each case in which the peer warns or refuses."""
    for path in sorted(CASES.glob("error__*/expected.json")):
        case: dict[str, Any] = json.loads(path.read_text("utf-8"))
        words = [word for item in case["must_report"] for word in item.get("text_contains", ())]
        yield path.parent.name.removeprefix("error__"), path.parent / case["inputs"][0], words


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in own_rules() if rule.area in AREAS and rule.profile is not Profile.OPTIONAL)


def answer(folder: Path, words: list[str]) -> str:
    """What archlint says about what the peer says; empty if nothing."""
    files = discover([str(folder)], root=folder, cwd=folder)
    world = read_world(files.tree(), files.paths, files.named)
    said = " ".join(words)
    missing = re.fullmatch(r"WorkloadDoesNotExistErrStr (?:\S*/)?(\S+)", said)
    if missing:
        return _no_such_workload(world, missing[1])
    if _FLAGS.search(said):
        return ""
    names = {word.rpartition("/")[2] for word in words} & {item.name for item in world.all(KubernetesObject)}
    topic = next((where for what, where in _TOPICS if re.search(what, said)), r".*")
    for finding in found_in(world, _rules()):
        about = finding.object
        is_meant = about is None or not names or about.name in names
        is_there = re.fullmatch(topic, finding.location.pointer or "")
        if is_meant and is_there and (topic != ".*" or about is None):
            return f"{finding.code} {finding.location.path}:{finding.location.span.line} {finding.message}"
    notices = [f"{item.path or ''} {item.message}" for item in unseen(world)]
    fitting = [text for text in notices if not names or any(name in text for name in names)]
    return fitting[0] if fitting else ""


def _no_such_workload(world: World, name: str) -> str:
    """What ``network explain`` says of a workload that no file describes."""
    found = [peers_named(item, name, TrafficDirection.INGRESS) for item in world.fact(connectivities)]
    return "" if any(found) else f"no workload is called '{name}'"


def main() -> int:
    """List the cases with what archlint says."""
    found = 0
    for name, folder, words in error_cases():
        said = answer(folder, words)
        found += bool(said)
        print(f"{'ok  ' if said else 'MISS'} {name}\n     {said[:160]}")
    print(f"{found} found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
