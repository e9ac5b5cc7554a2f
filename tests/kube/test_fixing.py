"""Manifests of any layout, in a base and in a patch: fixes keep comments and lines, and need no second."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import pytest
import yaml

from archlint.config import Settings
from archlint.engine.fixing import Fixed, fix
from archlint.engine.request import Request, Side
from archlint.files import WorkingTree
from archlint.finding import Rule
from tests.support.rules import registry
from tests.support.sampling import share_of

FIXABLE = (
    *("privilege-escalation-allowed", "image-pull-policy-not-always", "root-filesystem-writable"),
    *("capabilities-kept", "seccomp-profile-missing", "container-may-run-as-root", "privileged-container"),
)
CONTEXTS = {
    "none": "",
    "block": "securityContext: # c\n{i}privileged: true # d\n{i}# e\n",
    "flow": "securityContext: {{privileged: true}} # c\n",
    "empty": "securityContext: {{}} # c\n",
    "quoted": "\"securityContext\":\n{i}'allowPrivilegeEscalation': true # d\n",
}
LAYOUTS = list(product(("base", "patch"), CONTEXTS, (2, 4), (False, True), ("\n", "\r\n"), (False, True)))


def manifest(context: str, indent: int, is_deep: bool, ending: str, has_policy: bool) -> str:
    """A Deployment: how many blanks, whether entries of lists are indented, which line ends."""
    step = " " * indent
    policy = "imagePullPolicy: IfNotPresent # p\n" if has_policy else ""
    container = (
        f"name: cart # n\n# o\n{policy}{CONTEXTS[context].format(i=step)}image: reg.io/cart:1.2.0 # i\n"
    )
    dash = (step if is_deep else "") + "- "
    inner = f"{dash}{container}".replace("\n", f"\n{' ' * len(dash)}").rstrip(" ")
    spec = f"# a\ncontainers: # b\n{inner}# z\n"
    text = f"spec:\n{_in(step, 'template:' + chr(10) + _in(step, 'spec: # s' + chr(10) + _in(step, spec)))}"
    head = "# top\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart} # m\n"
    return f"{head}{text}# end\n".replace("\n", ending)


def _in(step: str, text: str) -> str:
    return "".join(f"{step}{line}\n" for line in text.splitlines())


@cache
def rules() -> tuple[Rule, ...]:
    """The rules with fixes."""
    return tuple(rule for name in FIXABLE if (rule := registry().find(name)) is not None)


def fixed(folder: Path, files: dict[str, str]) -> Fixed:
    """What is fixed in some files."""
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(text.encode())
    names = sorted(files)
    side = Side(WorkingTree(folder, names), tuple(names), frozenset(names))
    request = Request(side, str(folder), registry(), rules(), Settings(), date(2026, 1, 1))
    return fix(request, unsafe=True)


def comments(text: str) -> list[str]:
    """All comments, in their order."""
    return re.findall(r"# \w+", text)


Layout = tuple[str, str, int, bool, str, bool]


@pytest.mark.parametrize("layout", share_of(LAYOUTS, 14, 3), ids=str)
def test_comments_and_lines_stay(layout: Layout, tmp_path: Path) -> None:
    where, context, indent, is_deep, ending, has_policy = layout
    text = manifest(context, indent, is_deep, ending, has_policy)
    plain = text if where == "base" else manifest("none", 2, False, "\n", has_policy=False)
    files = {"base/cart.yaml": plain, "base/kustomization.yaml": "resources: [cart.yaml]\n"}
    if where == "patch":
        files |= {
            "live/kustomization.yaml": "resources: [../base]\npatches: [{path: cart.yaml}]\n",
            "live/cart.yaml": text,
        }
    first = fixed(tmp_path, files)
    assert first.count and first.contents
    for path, (old, new) in first.contents.items():
        before, after = old.decode(), new.decode()
        assert comments(after) == comments(before), path
        assert after.count("\r\n") == (after.count("\n") if "\r\n" in before else 0)
        assert yaml.safe_load(after)["spec"]["template"]["spec"]["containers"][0]["name"] == "cart"
        lost = [line for line in before.splitlines() if line not in after.splitlines()]
        assert len(lost) <= 3, lost
    second = fixed(tmp_path, {path: text.decode() for path, (_, text) in first.contents.items()} | {
        path: text for path, text in files.items() if path not in first.contents
    })  # fmt: skip
    assert second.contents == {}
    assert len(second.before.findings) < len(first.before.findings)
