"""``python -m tests.mutation``: how many small faults in archlint no test would notice.

``map`` notes which test executes which line, ``run`` draws mutants and tries those that it has not tried,
``again`` tries those that survived on more tests, ``show`` lists what became of all. Everything happens in a
copy of the source tree.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import coverage

from tests.mutation.executed import PACKAGES, Executed, file_of
from tests.mutation.lines import NEEDED
from tests.mutation.mutants import Mutant, by_package, drawn
from tests.mutation.noting import MAPS
from tests.mutation.trials import OPTIONS, PLAN, Plan

APART = ("architecture", "inuse", "mutation", "packaging")
"""Folders of tests that read the source, measure, build or install."""
_ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Do what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("command", choices=("map", "run", "again", "show"))
    parser.add_argument("paths", nargs="*", help="for map: tests to note, else all that matter")
    parser.add_argument(
        "--work", type=Path, default=_ROOT / ".mutation", help="folder of the copy and results"
    )
    parser.add_argument(
        "--count", type=int, default=400, help="for run: mutants to draw, as many of each package"
    )
    parser.add_argument("--seed", type=int, default=1, help="for run: which mutants are drawn")
    parser.add_argument("--packages", nargs="+", default=PACKAGES, help="for run: packages to draw from")
    parser.add_argument("--seconds", type=float, default=60, help="CPU time of the tests of one mutant")
    given = parser.parse_intermixed_args()
    work: Path = given.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    results = work / f"results-{given.seed}.jsonl"
    if given.command == "map":
        return _map(work, given.paths)
    if given.command == "run":
        found = by_package(work / "tree/src/archlint", PACKAGES)
        known = {Mutant(**each["mutant"]) for each in _latest(results)}
        asked = tuple(f"{name}/" for name in given.packages)
        sample = drawn(found, given.count, given.seed)
        left = [mutant for mutant in sample if mutant not in known and mutant.source.startswith(asked)]
        return _try(work, left, results, given.seconds, thorough=False)
    if given.command == "again":
        left = [Mutant(**each["mutant"]) for each in _latest(results) if each["verdict"] in _LEFT]
        return _try(work, left, results, given.seconds, thorough=True)
    _show(results)
    return 0


_LEFT = ("survived", "not executed")


def _map(work: Path, paths: list[str]) -> int:
    """Note the lines of all tests in the source tree as it is now, of some in the copy that there is; all in
    two processes, and with the share of the lines that were executed."""
    if sys.version_info < (3, 12):
        raise SystemExit(NEEDED)
    _copy(work / "tree", ("tests", "rules") if paths and (work / "tree").exists() else ())
    folders = sorted(each.name for each in (_ROOT / "tests").iterdir() if each.is_dir())
    asked = paths or [f"tests/{name}" for name in folders if name not in (*APART, "support", "__pycache__")]
    maps, kept = work / "maps", work / "map.json"
    shutil.rmtree(maps, ignore_errors=True)
    maps.mkdir()
    plugin = ("-p", "tests.mutation.noting")
    shared = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    status = _pytest(work, (*plugin, *shared, *asked), _environment(work) | {MAPS: str(maps)})
    executed = Executed.read(kept) if paths else Executed()
    for path in sorted(maps.glob("*.json")):
        executed.add(Executed.read(path))
    executed.write(kept)
    _show_coverage(executed, work / "tree/src/archlint")
    return status


def _show_coverage(executed: Executed, source: Path) -> None:
    """The share of each package's lines that any of the tests has executed, as coverage.py counts it."""
    counted = coverage.Coverage(data_file=None, config_file=False, source=[str(source)])
    for text in ("if TYPE_CHECKING:", r"\.\.\.$"):
        counted.exclude(text)
    counted.get_data().add_lines({str(source / name): lines for name, lines in executed.executed()})
    counted.get_data().touch_files([str(path) for path in source.rglob("*.py")])
    for package in (*sorted(path.parent.name for path in source.glob("*/__init__.py")), ""):
        share = counted.report(include=[str(source / package / "*")], file=io.StringIO(), ignore_errors=True)
        print(f"{package or 'all':12} {share:.1f} % of the lines executed")


def _try(work: Path, mutants: list[Mutant], results: Path, seconds: float, *, thorough: bool) -> int:
    executed = work / "map.json"
    plan = Plan(tuple(mutants), str(work / "tree"), str(executed), str(results), seconds, thorough)
    plan.write(work / "plan.json")
    files = sorted(set(map(file_of, Executed.read(executed).tests)))
    environment = _environment(work) | {PLAN: str(work / "plan.json")}
    status = _pytest(work, ("-p", "tests.mutation.trials", *files), environment)
    _show(results)
    return status


def _pytest(work: Path, arguments: tuple[str, ...], environment: dict[str, str]) -> int:
    """Run pytest in the copy. What tests write lies outside of the project, as in any run: within it they
    would find its git and its configuration around theirs, fail without a mutant, and count for nothing."""
    with tempfile.TemporaryDirectory(prefix="archlint-mutation-") as folder:
        folders = ("-o", "tmp_path_retention_policy=none", f"--basetemp={Path(folder, 'tmp')}")
        command = (sys.executable, "-m", "pytest", *OPTIONS, *folders, *arguments)
        return subprocess.run(command, cwd=work / "tree", env=environment, check=False).returncode


def _environment(work: Path) -> dict[str, str]:
    path = os.pathsep.join((str(work / "tree/src"), str(work / "tree")))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def _copy(tree: Path, folders: Sequence[str] = ()) -> None:
    """What git knows of the source tree, or of some folders of it, and what is new."""
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders)
    done = subprocess.run(listed, cwd=_ROOT, capture_output=True, text=True, check=True)
    for folder in folders or (".",):
        shutil.rmtree(tree / folder, ignore_errors=True)
    for name in done.stdout.split("\0"):
        if name and (_ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(_ROOT / name, tree / name)
    for command in (("init", "-q"), ("add", "-A")):  # tests ask git for the files of the project
        subprocess.run(("git", *command), cwd=tree, check=True)


def _latest(results: Path) -> list[dict[str, Any]]:
    """The last outcome of each mutant."""
    if not results.exists():
        return []
    outcomes = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
    return list({json.dumps(each["mutant"]): each for each in outcomes}.values())


def _show(results: Path) -> None:
    outcomes = _latest(results)
    for each in sorted(outcomes, key=lambda each: (each["verdict"], each["text"])):
        if each["verdict"] in _LEFT:
            print(f"{each['verdict']:12} {each['text']}")
    for package in (*PACKAGES, ""):
        counts = Counter(each["verdict"] for each in outcomes if each["mutant"]["source"].startswith(package))
        told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
        print(f"{package or 'all':12} {counts.total()}: {told}")


if __name__ == "__main__":
    sys.exit(main())
