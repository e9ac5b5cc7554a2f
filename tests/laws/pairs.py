"""Judges the witnesses of ``archlint breaking``: ``python -m tests.laws.pairs BASE REVISION``.

Several pairs may follow one another, or folders that hold ``base*`` and ``revision*``. Prints how many
witnesses are proved, unproved and false, and each false one; exit code 1 if there is any.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from archlint.comparison import compare_worlds
from archlint.comparison.terms import ComparisonTerms
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.finding import Finding, Severity
from archlint.model.world import World
from tests.laws.witnesses import Court, Status, told
from tests.support.rules import own_rules
from tests.support.runners import found_by


def findings_of_pair(base: Path, revision: Path) -> tuple[World, World, list[Finding]]:
    """Both worlds and all findings about their contracts."""
    renames = {revision.name: base.name} if base.is_file() else {}
    worlds = [_world(path, side) for path, side in ((base, "base"), (revision, None))]
    rules = [rule for rule in own_rules() if rule.area == "OAS"]
    changes = compare_worlds(*worlds, ComparisonTerms(renames))
    return worlds[0], worlds[1], found_by(rules, lambda runner: runner.over_changes(changes))


def _world(path: Path, revision: str | None) -> World:
    folder = path.parent if path.is_file() else path
    paths = [path.name] if path.is_file() else sorted(_files(folder))
    return read_world(WorkingTree(folder.absolute(), revision=revision), paths)


def _files(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        if file.suffix in (".yaml", ".yml", ".json"):
            yield file.relative_to(folder).as_posix()


def judged(base: Path, revision: Path) -> Counter[str]:
    """Prints what is false of a pair, and counts."""
    old, new, findings = findings_of_pair(base, revision)
    counts: Counter[str] = Counter()
    proofs = Court(old, new).proofs(findings)
    for proof in proofs:
        counts[proof.status.value] += 1
        if proof.status is Status.FALSE:
            print(f"  FALSE {told(proof)[:600]}")
        elif proof.status is Status.UNPROVED:
            counts[f"unproved: {proof.reason}"] += 1
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    counts["errors"] = len(errors)
    counts["errors with a witness"] = sum(finding.witness is not None for finding in errors)
    return counts


def _pairs(arguments: list[str]) -> Iterator[tuple[Path, Path]]:
    paths = [Path(argument) for argument in arguments]
    while paths:
        first = paths.pop(0)
        inside = [next(iter(sorted(first.glob(name))), None) for name in ("base*", "revision*")]
        if first.is_dir() and inside[0] is not None and inside[1] is not None:
            yield inside[0], inside[1]
        else:
            yield first, paths.pop(0)


def main(arguments: list[str]) -> int:
    total: Counter[str] = Counter()
    for base, revision in _pairs(arguments):
        counts = judged(base, revision)
        print(f"{base} {revision}: {_told(counts)}", flush=True)
        total += counts
    print(f"all: {_told(total)}")
    return 1 if total[Status.FALSE.value] else 0


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "no witness"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
