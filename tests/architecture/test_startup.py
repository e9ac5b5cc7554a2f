"""Start-up stays instant: budgets as multiples of a bare interpreter, and modules that no short run loads."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

import archlint
from archlint.checks import announced
from archlint.registry.index import read_pages, rules_folder
from tests.safety.growth import seconds
from tests.support.process import git

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "fixtures" / "shop" / "clean"
ORDERS = SHOP / "contracts" / "openapi" / "orders.yaml"
ORDERS_LATER = SHOP.parent / "broken" / "contracts" / "openapi" / "orders.yaml"
HEAVY = {
    "jsonschema",
    "jsonschema_rs",
    "grpc_tools",
    "google.protobuf",
    "openapi_spec_validator",
    "orjson",
    "multiprocessing",
}


MOST_MODULES = 780
"""Modules of archlint's own that a check of Deployments may import."""


def modules_after(*arguments: str) -> set[str]:
    """The modules that a command line leaves imported."""
    code = (
        "import sys, json\n"
        "from archlint.cli.main import cli\n"
        f"try:\n    cli.main({list(arguments)!r}, standalone_mode=False)\n"
        "except SystemExit: pass\n"
        "json.dump(sorted(sys.modules), sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr[done.stderr.index("[") :]))


def test_version_imports_no_stage() -> None:
    loaded = modules_after("--version")
    stages = {name for name in loaded if name.startswith("archlint.") and not name.startswith("archlint.cli")}
    assert not stages
    assert not {"yaml", *HEAVY} & loaded


def test_a_check_of_manifests_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
    assert not HEAVY & modules_after("check", "--no-cache", str(tmp_path))


def test_a_check_of_deployments_imports_no_rules_about_what_is_not_there(tmp_path: Path) -> None:
    """Each module costs 0.15 ms; those about meshes, releases and contracts are a good part of all."""
    shutil.copytree(SHOP / "deploy" / "kubernetes", tmp_path / "dozen")
    loaded = {
        name for name in modules_after("check", "--no-cache", str(tmp_path)) if name.startswith("archlint.")
    }
    assert len(loaded) < MOST_MODULES
    told = [
        each
        for area in ("mesh", "arch", "net", "deploy", "kube")
        for each in announced(f"archlint.checks.{area}").values()
    ]
    assert not loaded & {each.module for each in told if each.needs}


@pytest.fixture(autouse=True, scope="module")
def bytecode() -> None:
    """Compile the package, as installing it does: a source tree may have no bytecode, or an old one."""
    compileall.compile_dir(Path(archlint.__file__).parent, quiet=2)


BUDGETS = {
    "--version": (("--version",), 0.10),
    "a dozen files": (("check", "--fail-on", "never", "."), 0.25),
    "a dozen files with protos": (("check", "--fail-on", "never", str(SHOP / "contracts")), 0.40),
    "two small contracts": (("breaking", "--fail-on", "never", "../orders.yaml", "../later.yaml"), 0.25),
}
"""CPU seconds on a machine on which Python starts in ``INTERPRETER``: only the ratio of the two is judged."""
INTERPRETER = 0.015
ROUNDS = 12
NOISE = 1.05
"""The least of twelve rounds still differs by so much from one quiet run to the next."""


def cpu_seconds(*command: str) -> float:
    """User and system time of one command and all that it waits for."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime


@pytest.mark.skipif(bool(os.environ.get("ARCHLINT_SKIP_BUDGETS")), reason="budgets are switched off here")
@pytest.mark.parametrize("case", BUDGETS)
def test_a_short_run_stays_in_its_budget(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs take turns with a bare interpreter, and the least of each counts: what else the machine does
    at a time slows both down. It goes on until the budget is kept or there were enough rounds."""
    monkeypatch.setenv("ARCHLINT_CACHE_DIR", str(tmp_path / "cache"))
    shutil.copytree(SHOP / "deploy" / "kubernetes", tmp_path / "dozen")
    shutil.copy(ORDERS, tmp_path / "orders.yaml")
    shutil.copy(ORDERS_LATER, tmp_path / "later.yaml")  # with no configuration above, as the manifests
    monkeypatch.chdir(tmp_path / "dozen")
    arguments, budget = BUDGETS[case]
    archlint_seconds(*arguments)  # reads the rule pages of a source tree
    keep_budget(budget, *arguments)


def archlint_seconds(*arguments: str) -> float:
    """The CPU seconds of a run."""
    return cpu_seconds(sys.executable, "-m", "archlint", *arguments)


def keep_budget(budget: float, *arguments: str, apart: float = 0.0) -> float:
    """Fail unless a run stays in its budget; the CPU seconds of the fastest. What takes seconds ``apart`` in
    each run does not count."""
    own, bare = [], []
    for _ in range(ROUNDS):
        bare.append(cpu_seconds(sys.executable, "-c", "pass"))  # as often: more tries find a lower least
        own.append(archlint_seconds(*arguments) - apart)
        if min(own) / min(bare) <= NOISE * budget / INTERPRETER:
            return min(own)
    pytest.fail(f"{min(own):.3f} s, {min(own) / min(bare):.1f} times a bare interpreter")


def bench_module(name: str) -> Any:
    """A module of ``bench``, which is no package."""
    spec = spec_from_file_location(name, ROOT / "bench" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(bool(os.environ.get("ARCHLINT_SKIP_BUDGETS")), reason="budgets are switched off here")
def test_overlays_stay_in_a_quarter_of_the_budget_for_four_times_as_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 overlays over 50 bases may take 3 s, of which a check of nothing takes 0.2 (pages: half)."""
    monkeypatch.setenv("ARCHLINT_CACHE_DIR", str(tmp_path / "cache"))
    bench_module("kustomizations").write_kustomizations(tmp_path / "many", 13, 50)
    monkeypatch.chdir(tmp_path / "many")
    arguments = ("check", "--fail-on", "never", ".")
    archlint_seconds(*arguments)
    pages = seconds(lambda: read_pages(rules_folder()))  # which an installed archlint has as an index
    keep_budget(0.1 + (3 - 0.2) / 4, *arguments, "--no-cache", apart=pages)


def small_files(folder: Path, count: int) -> None:
    """A git repository of manifests, one in each file."""
    manifests = bench_module("manifests")
    manifests.write_services(folder, count // manifests.DOCUMENTS, one_file_each=True)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")


@pytest.mark.skipif(bool(os.environ.get("ARCHLINT_SKIP_BUDGETS")), reason="budgets are switched off here")
def test_one_file_of_many_costs_less_than_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHLINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "many").mkdir()
    small_files(tmp_path / "many", 3_000)
    monkeypatch.chdir(tmp_path / "many")
    whole, one = ("check", "--fail-on", "never", "."), ("check", "--fail-on", "never", "service-100/0.yaml")
    cold = archlint_seconds(*whole)
    archlint_seconds(*whole)
    keep_budget(0.40, *one)
    least_one = least_whole = cold
    for _ in range(ROUNDS):
        least_one = min(least_one, archlint_seconds(*one))
        least_whole = min(least_whole, archlint_seconds(*whole))
        if least_one <= least_whole * 1.25 and least_whole < cold / 2:  # one and all cost nearly the same
            return
    pytest.fail(f"one file takes {least_one:.2f} s, all take {least_whole:.2f} s, and {cold:.2f} s at first")
