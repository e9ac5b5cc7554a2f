"""Start-up stays instant: budgets in CPU seconds, and modules that no short run may import."""

from __future__ import annotations

import compileall
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import archlint

SHOP = Path(__file__).parents[2] / "fixtures" / "shop" / "clean"
HEAVY = {
    "jsonschema",
    "jsonschema_rs",
    "grpc_tools",
    "google.protobuf",
    "openapi_spec_validator",
    "multiprocessing",
}


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


@pytest.fixture(autouse=True, scope="module")
def bytecode() -> None:
    """Compile the package, as installing it does: a source tree may have no bytecode, or an old one."""
    compileall.compile_dir(Path(archlint.__file__).parent, quiet=2)


def cpu_seconds(*arguments: str) -> float:
    """The least CPU time of a few runs of a command, as these machines are noisy."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "archlint", *arguments], capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def interpreter_seconds() -> float:
    """What starting Python alone costs on this machine, to scale the budgets with."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(10):
        subprocess.run([sys.executable, "-c", "pass"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 10


@pytest.mark.skipif(bool(os.environ.get("ARCHLINT_SKIP_BUDGETS")), reason="budgets are switched off here")
def test_version_stays_in_its_budget() -> None:
    scale = max(1.0, interpreter_seconds() / 0.015)
    assert cpu_seconds("--version") <= 0.10 * scale


@pytest.mark.skipif(bool(os.environ.get("ARCHLINT_SKIP_BUDGETS")), reason="budgets are switched off here")
def test_a_dozen_files_stay_in_their_budget() -> None:
    scale = max(1.0, interpreter_seconds() / 0.015)
    folder = SHOP / "deploy" / "kubernetes"
    assert cpu_seconds("check", "--fail-on", "never", str(folder)) <= 0.25 * scale
