"""No module that lies in the repository under test is imported, whatever it is called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import archlint
from archlint.registry import rules_folder
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

RULE = """\
---
code: SHOP001
name: a
messages: {default: "A."}
---
# A

B.
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


SHADOWS = ("click", "yaml", "jsonschema_rs", "sqlite3", "tomllib", "concurrent", "cel_expr_python")
"""Modules that archlint loads after its first act, and that a repository may have by accident."""


@pytest.mark.parametrize("here", ["", "services/cart"])
@pytest.mark.parametrize(
    "entry", ["src", "src/", "./src", "..", "../..", ".", "", "services", "{top}/src", "{link}/src"]
)
def test_no_entry_of_the_search_path_leads_into_the_repository(world: Path, here: str, entry: str) -> None:
    mark = world.parent / "mark"
    body = f"open({str(mark)!r}, 'w').write(__file__)\nraise SystemExit(0)\n"
    folders = ("", "src/", "services/", "services/cart/", "services/cart/src/")
    lay_out(world, {f"{folder}{name}.py": body for folder in folders for name in SHADOWS})
    lay_out(world, {"services/cart/cart.yaml": DEPLOYMENT})
    lay_out(world.parent, {f"{name}.py": body for name in SHADOWS})
    (world / ".git").mkdir()
    (world.parent / "link").symlink_to(world)
    path = entry.format(top=world, link=world.parent / "link")
    for start in ([sys.executable, "-m", "archlint"], [str(Path(sys.executable).with_name("archlint"))]):
        done = run([*start, "check", "."], world / here, PYTHONPATH=path)
        assert not mark.exists(), mark.read_text()
        assert done.returncode == 1, done.stderr


def test_a_repository_that_is_named_is_not_imported_from_either(world: Path) -> None:
    mark = world.parent / "mark"
    lay_out(world, {"src/click.py": f"open({str(mark)!r}, 'w')\n", "cart.yaml": DEPLOYMENT, ".git/HEAD": "x"})
    elsewhere = lay_out(world.parent / "elsewhere", {"a": ""})
    done = run(
        [sys.executable, "-m", "archlint", "check", str(world)], elsewhere, PYTHONPATH=str(world / "src")
    )
    assert not mark.exists()
    assert done.returncode in (0, 1), done.stderr


def own_environment(folder: Path) -> Path:
    """An environment of its own, with archlint as it is installed here; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (python,) = (path for path in folder.glob("*/python") if path.parent.name in ("bin", "Scripts"))
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(
        subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    )
    for item in Path(yaml.__file__).parents[1].iterdir():
        (packages / item.name).symlink_to(item)
    return python


@pytest.mark.parametrize("place", [".venv", "home/pre-commit/repo0/py_env", "."])
def test_an_environment_in_the_repository_goes_on_working(world: Path, place: str) -> None:
    """Whether it is the developers' own, pre-commit's below PRE_COMMIT_HOME, or the repository itself."""
    mark = world.parent / "mark"
    lay_out(world, {"src/click.py": f"open({str(mark)!r}, 'w')\n", "cart.yaml": DEPLOYMENT, ".git/HEAD": "x"})
    python = own_environment(world / place)
    for flags in ([], ["-I"]):
        done = run([str(python), *flags, "-m", "archlint", "check", "cart.yaml"], world, PYTHONPATH="src")
        assert not mark.exists()
        assert done.returncode == 1, done.stderr


def test_an_editable_install_in_the_repository_goes_on_working(world: Path) -> None:
    """That of archlint, where its own repository is checked, and that of a plugin."""
    source = Path(archlint.__file__).parent
    lay_out(world, {"cart.yaml": DEPLOYMENT, ".git/HEAD": "x", "src/tomllib.py": "raise SystemExit(0)\n"})
    shutil.copytree(source, world / "src" / "archlint", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(rules_folder(), world / "rules")
    plugin = {
        "entry_points.txt": "[archlint.rules]\nshop = shop_rules\n",
        "METADATA": "Name: shop\nVersion: 1\n",
    }
    lay_out(world / "plugin" / "shop-1.dist-info", plugin)
    lay_out(world / "plugin", {"shop_rules/__init__.py": "", "shop_rules/rules/shop/a.md": RULE})
    python = own_environment(world / ".venv")
    (packages,) = (world / ".venv").glob("lib/*/site-packages")
    for item in packages.glob("*archlint*"):
        item.unlink()
    (packages / "editable.pth").write_text(f"{world / 'src'}\n{world / 'plugin'}\n")
    done = run([str(python), "-m", "archlint", "rules", "SHOP001", "ARCH"], world)
    assert done.returncode == 0, done.stderr
    assert "SHOP001" in done.stdout
    ask = "import archlint.__main__ as a; print(a.__file__)"
    assert str(world) in run([str(python), "-c", ask], world).stdout


def test_the_hook_and_the_action_start_python_isolated() -> None:
    top = Path(__file__).parents[2]
    (hook,) = yaml.safe_load((top / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"].startswith("python -I -m archlint ")
    script = (top / "action" / "check.sh").read_text()
    assert '"$bin/python" -I -m archlint check' in script
    assert '"$bin/archlint"' not in script


def test_a_folder_that_is_gone_is_told(world: Path) -> None:
    command = f"cd gone && rmdir ../gone && '{sys.executable}' -m archlint check ."
    (world / "gone").mkdir()
    done = run(["sh", "-c", command], world)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
