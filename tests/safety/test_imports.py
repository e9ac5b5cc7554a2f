"""No module that lies in the repository under test is imported, whatever it is called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.safety.worlds import DEPLOYMENT, PROTO, lay_out

HEAVY = (
    *(
        "archlint.cli.main",
        "archlint.cli.commands.check",
        "archlint.cli.commands.graph",
        "archlint.engine.checking",
    ),
    *(
        "archlint.engine.parallel",
        "click",
        "yaml",
        "jsonschema",
        "jsonschema_rs",
        "grpc_tools.protoc",
        "sqlite3",
    ),
    *(
        "google.protobuf.descriptor_pb2",
        "referencing",
        "subprocess",
        "concurrent.futures.process",
        "tomllib",
        "ast",
    ),
)
PAGE = """\
---
code: TEAM001
name: few-replicas
severity: error
match: {kind: Deployment}
assert: "object.spec.replicas >= 2"
place: spec.replicas
messages: {default: "Too few."}
---
# Too few replicas

Two at least.
"""


def modules_of(*names: str) -> set[str]:
    """The top-level modules that are loaded after some imports."""
    program = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()} - {
        "sys",
        "builtins",
        "__main__",
        "archlint",
    }


@pytest.fixture
def hostile(world: Path, tmp_path: Path) -> Path:
    """A repository full of modules that leave a mark when they are imported; returns the mark."""
    mark = tmp_path / "mark"
    names = modules_of(*HEAVY) | {"sitecustomize", "usercustomize", "cel_expr_python", "google", "grpc_tools"}
    body = f"open({str(mark)!r}, 'a').write(__name__ + ' ')\nraise SystemExit('imported')\n"
    lay_out(
        world,
        {
            **{f"{name}.py": body for name in names},
            **{f"{name}/__init__.py": body for name in ("click", "yaml", "google", "grpc_tools", "json")},
            "cart.yaml": DEPLOYMENT,
            "cart.proto": PROTO,
            "archlint.yaml": "rule-folders: [rules]\n",
            "rules/few.md": PAGE,
        },
    )
    return mark


def run(command: list[str], world: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, with a cache of its own and no variables for Python but the given ones."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"ARCHLINT_CACHE_DIR": str(world.parent / "cache"), **variables}
    return subprocess.run(command, cwd=world, env=environment, capture_output=True, text=True, check=False)


def loaded_by_python_itself(world: Path) -> set[str]:
    """What ``python -m`` loads before it hands over: no program can keep these from being looked for."""
    lay_out(world, {"plain/probe.py": "import sys\nprint(*sys.modules)\n"})
    done = run([sys.executable, "-m", "probe"], world / "plain")
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_program_imports_nothing_from_the_folder(world: Path, hostile: Path) -> None:
    lay_out(world, {"archlint/__init__.py": f"open({str(hostile)!r}, 'w').write('archlint')\n"})
    program = Path(sys.executable).with_name("archlint")
    done = run([str(program), "check", ".", "--format", "json"], world)
    assert not hostile.exists(), hostile.read_text()
    assert done.returncode == 1, done.stderr
    assert "few-replicas" in done.stdout
    assert run([str(program), "graph", "."], world).returncode == 0
    assert not hostile.exists(), hostile.read_text()


def test_the_module_imports_nothing_from_the_folder(world: Path, hostile: Path) -> None:
    for name in loaded_by_python_itself(world):
        (world / f"{name}.py").unlink(missing_ok=True)
    done = run([sys.executable, "-m", "archlint", "check", ".", "--format", "json"], world)
    assert not hostile.exists(), hostile.read_text()
    assert done.returncode == 1, done.stderr
    assert "few-replicas" in done.stdout


def test_a_relative_search_path_does_not_lead_into_the_folder(world: Path) -> None:
    mark = world.parent / "mark"
    body = f"open({str(mark)!r}, 'w').write(__name__)\n"
    lay_out(world, {"click.py": body, "yaml.py": body, "cart.yaml": DEPLOYMENT})
    link = world.parent / "link"
    link.symlink_to(world)
    for entry in (".", "", str(world), str(link)):
        path = f"{entry}{os.pathsep}/nowhere"
        for start in ([sys.executable, "-m", "archlint"], [str(Path(sys.executable).with_name("archlint"))]):
            done = run([*start, "check", "."], world, PYTHONPATH=path)
            assert done.returncode == 1, done.stderr
            assert not mark.exists(), entry


def test_a_folder_that_is_gone_is_told(world: Path) -> None:
    command = f"cd gone && rmdir ../gone && '{sys.executable}' -m archlint check ."
    (world / "gone").mkdir()
    done = run(["sh", "-c", command], world)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
