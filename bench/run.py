"""Measures archlint against its budgets, and beside other tools that are installed.

    python bench/run.py [--openapi FILE [--older-openapi FILE]] [--protos FOLDER [--older-protos FOLDER]]

CPU seconds of a command and all its processes, the least of some runs, as one figure says little on a shared
machine. What does not depend on the machine is the ratio to another tool in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kustomizations import write_kustomizations
from manifests import DOCUMENTS, write_services
from platforms import write_platform, write_source
from protos import write_protos

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "fixtures" / "shop" / "clean"
INTERPRETER = 0.015
"""CPU seconds that starting Python takes on the machine that the budgets were set on."""
DOCUMENT_COUNT = 1000
SERVICE_COUNT, SOURCE_COUNT = 500, 4600
PROTO_COUNT = 1320
"""Protos that the budgets for protos are about; a larger folder may take longer in proportion."""
WIDTH = 52
"""Columns of the name of a case."""

Command = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """Something to measure: archlint's arguments, its budget in CPU seconds, and others that do the like."""

    name: str
    arguments: Command
    budget: float | None = None
    peers: tuple[Command, ...] = ()
    folder: Path | None = None
    """The working directory of all commands."""


def main() -> int:
    """Measure everything, print a table; 1 if a budget is exceeded and ``--check`` is given."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="archlint-bench-") as name:
        os.environ["ARCHLINT_CACHE_DIR"] = str(Path(name) / "cache")
        interpreter = measure((sys.executable, "-c", "pass"), None, 10)
        scale = max(1.0, interpreter / INTERPRETER)
        print(f"Python starts in {interpreter:.3f} s; budgets are scaled by {scale:.2f}.\n")
        print(f"{'case':<{WIDTH}} {'tool':<12} {'CPU s':>8} {'budget':>8} {'archlint is':>14}")
        exceeded = 0
        for case in cases(Path(name), given):
            exceeded += report(case, given.runs, scale)
    return 1 if exceeded and given.check else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--openapi", type=Path, help="a large OpenAPI document, such as GitHub's")
    parser.add_argument("--older-openapi", type=Path, help="an older version of it, to compare with")
    parser.add_argument("--protos", type=Path, help="a folder of protos, such as a checkout of googleapis")
    parser.add_argument("--older-protos", type=Path, help="an older version of it, to compare with")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command; the least counts")
    parser.add_argument("--check", action="store_true", help="end with 1 if a budget is exceeded")
    return parser.parse_args()


def cases(folder: Path, given: argparse.Namespace) -> Iterator[Case]:
    """All cases that can be measured with what was given."""
    yield Case("--version", ("--version",), 0.10)
    yield from _small(folder)
    yield from _kubernetes(folder)
    yield from _kustomizations(folder)
    yield from _platform(folder)
    yield from _openapi(folder, given)
    yield from _generated_protos(folder)
    yield from _protos(given)


def _small(folder: Path) -> Iterator[Case]:
    dozen = folder / "dozen"
    shutil.copytree(SHOP / "deploy" / "kubernetes", dozen / "kubernetes")
    shutil.copytree(SHOP / "deploy" / "istio", dozen / "istio")
    _keep(dozen, 12)
    peers = (("yamllint", "-d", "relaxed", "."), ("kube-linter", "lint", "."))
    yield Case("a dozen files", _check("."), 0.25, peers, dozen)
    protos = folder / "protos"
    shutil.copytree(SHOP / "contracts" / "proto", protos)
    shutil.copytree(SHOP / "deploy" / "kubernetes", protos / "kubernetes")
    _keep(protos, 12)
    yield Case("a dozen files with protos", _check("."), 0.40, (("buf", "lint"),), protos)


def _keep(folder: Path, count: int) -> None:
    """Leave only so many files: protos, which need one another, before manifests."""
    found = sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.suffix)
    for path in found[count:] if found[-1].suffix != ".proto" else found[:-count]:
        path.unlink()


def _kubernetes(folder: Path) -> Iterator[Case]:
    for shape, budget in (("one file", 1.5), ("100 files", 2.0), ("1,000 files", 2.0)):
        home = folder / f"manifests-{shape.replace(' ', '-')}"
        write_services(home, DOCUMENT_COUNT // DOCUMENTS, one_file_each=shape == "1,000 files")
        if shape == "one file":
            _join_files(home)
        files = tuple(str(path.relative_to(home)) for path in sorted(home.rglob("*.yaml")))
        peers: tuple[Command, ...] = (
            ("kube-score", "score", "--output-format", "json", *files),
            ("kube-linter", "lint", "."),
            ("yamllint", "-d", "relaxed", "."),
        )
        name = f"{DOCUMENT_COUNT:,} manifests, {shape}"
        every = (*_check("."), "--select", "ALL")
        yield Case(name, every, budget, peers, home)
        yield Case(f"{name}, one process", (*every, "--jobs", "1"), None, (), home)
        yield from _second_run(name, ("check", "--fail-on", "never", ".", "--select", "ALL"), home)


def _join_files(home: Path) -> None:
    """Make one file of all."""
    paths = sorted(home.rglob("*.yaml"))
    text = "---\n".join(path.read_text("utf-8") for path in paths)
    for path in paths:
        path.unlink()
    (home / "all.yaml").write_text(text, "utf-8")


def _second_run(name: str, arguments: Command, folder: Path) -> Iterator[Case]:
    """A run that finds all in the cache; its budget is the start-up of a check and a tenth of the rest."""
    empty = folder.parent / "empty"
    empty.mkdir(exist_ok=True)
    command = archlint(arguments)
    start = measure(command, empty, 3)
    first = measure(command, folder, 1)
    yield Case(f"{name}, second run", arguments, start + (first - start) / 10, (), folder)


def _kustomizations(folder: Path) -> Iterator[Case]:
    home = folder / "kustomizations"
    write_kustomizations(home, 50, 200)
    yield Case("200 overlays over 50 bases", _check("."), 3.0, (), home)
    yield from _second_run("200 overlays over 50 bases", ("check", "--fail-on", "never", "."), home)


def _platform(folder: Path) -> Iterator[Case]:
    home = folder / "platform"
    write_platform(home, SERVICE_COUNT)
    yield Case(f"{SERVICE_COUNT} services, every rule", (*_check("."), "--select", "ALL"), 10.0, (), home)
    home = folder / "source"
    size = write_source(home, SOURCE_COUNT)
    yield Case(f"{size / 1e6:.0f} MB of source", _check("."), 10.0 * max(1.0, size / 1e8), (), home)


def _openapi(folder: Path, given: argparse.Namespace) -> Iterator[Case]:
    if given.openapi is None:
        return
    ruleset = folder / "spectral.json"
    ruleset.write_text(json.dumps({"extends": ["spectral:oas"]}))
    new = str(given.openapi.resolve())
    peers: tuple[Command, ...] = (
        ("redocly", "lint", new),
        ("spectral", "lint", "--ruleset", str(ruleset), "--quiet", new),
    )
    yield Case("a large OpenAPI document", _check(new), 5.0, peers)
    if given.older_openapi is not None:
        old = str(given.older_openapi.resolve())
        arguments = ("breaking", "--fail-on", "never", old, new)
        yield Case("two large OpenAPI documents", arguments, 6.0, (("oasdiff", "breaking", old, new),))


def _generated_protos(folder: Path) -> Iterator[Case]:
    home = folder / "generated-protos"
    write_protos(home, PROTO_COUNT)
    yield Case(f"{PROTO_COUNT:,} generated protos", _check("."), 4.0, (("buf", "lint"),), home)


def _protos(given: argparse.Namespace) -> Iterator[Case]:
    if given.protos is None:
        return
    new = given.protos.resolve()
    count = sum(1 for _ in new.rglob("*.proto"))
    budget = 8.0 * max(1.0, count / PROTO_COUNT)
    yield Case(f"{count:,} protos", _check("."), budget, (("buf", "lint"),), new)
    if given.older_protos is not None:
        old = str(given.older_protos.resolve())
        peers = (("buf", "breaking", "--against", old),)
        arguments = ("breaking", "--fail-on", "never", old, str(new))
        yield Case(f"{count:,} protos, breaking", arguments, budget, peers, new)


def _check(path: str) -> Command:
    return ("check", "--no-cache", "--fail-on", "never", path)


def archlint(arguments: Sequence[str]) -> Command:
    """The command line that runs this source tree's archlint."""
    return (sys.executable, "-m", "archlint", *arguments)


def measure(command: Sequence[str], folder: Path | None, runs: int) -> float:
    """The least CPU time of some runs of a command and all that it starts, in seconds."""
    times = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1, 100):  # buf ends with 100 if it finds something
            said = done.stderr.decode("utf-8", "replace").strip()
            raise SystemExit(f"{' '.join(command[:6])} ended with {done.returncode}: {said[:500]}")
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def report(case: Case, runs: int, scale: float) -> bool:
    """Measure a case and print its rows; whether it exceeds its budget."""
    own = measure(archlint(case.arguments), case.folder, runs)
    allowed = None if case.budget is None else case.budget * scale
    budget = "" if allowed is None else f"{allowed:.2f}"
    is_over = allowed is not None and own > allowed
    print(f"{case.name:<{WIDTH}} {'archlint':<12} {own:>8.2f} {budget:>8}{' exceeded' if is_over else ''}")
    for peer in case.peers:
        if shutil.which(peer[0]) is not None:
            theirs = measure(peer, case.folder, runs)
            ratio = f"{theirs / own:.1f} x faster" if theirs >= own else f"{own / theirs:.1f} x slower"
            print(f"{'':<{WIDTH}} {peer[0]:<12} {theirs:>8.2f} {'':>8} {ratio:>14}", flush=True)
    return is_over


if __name__ == "__main__":
    sys.exit(main())
