"""What the fuzzer starts from: the examples of all rule pages, the fixtures, and configurations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.rules.pages import cases_of

_TOP = Path(__file__).parents[2]
_SHOP = _TOP / "fixtures" / "shop"
_TEXT = frozenset({".yaml", ".yml", ".json", ".proto", ".sql", ".md", ".py", ".tpl", ""})

_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - name: cart
          image: shop/cart:latest  # archlint: ignore[image-tag-missing] known to the team
          # archlint: ignore[KUBE] until 2030-01-01
          env: [{name: ORDERS_URL, value: "http://orders:8080"}]
"""
_CONFIGURATION = """\
profile: strict
select: [tag:security]
ignore: [OAS]
exclude: ["vendor/**"]
rules:
  memory-limit-missing: {severity: info}
suppress:
  - {rules: [KUBE], paths: ["deploy/**"], reason: known, until: 2030-01-01}
breaking: {stability: beta, deprecation-days: {stable: 180}}
"""
_PYPROJECT = """\
[tool.archlint]
profile = "strict"
select = ["tag:security"]
baseline = "known.json"

[tool.archlint.rules.memory-limit-missing]
severity = "info"
"""
_BASELINE = {
    "version": 1,
    "findings": [
        {
            "code": "KUBE001",
            "rule": "memory-limit-missing",
            "path": "a.yaml",
            "fingerprint": "0123456789abcdef",
            "count": 1,
        }
    ],
}


@dataclass(frozen=True)
class Seed:
    """A small repository, and what it was before, where a page or the fixtures tell."""

    name: str
    files: dict[str, str]
    base: dict[str, str] = field(default_factory=dict)


@cache
def seeds() -> tuple[Seed, ...]:
    """All seeds, in an order that no machine changes."""
    return (*_of_pages(), *_of_fixtures(), *_of_configurations())


def _of_pages() -> Iterator[Seed]:
    for page in sorted((_TOP / "rules").rglob("*.md")):
        body = page.read_text("utf-8").split("\n---\n", 1)[-1]
        for case in cases_of(body):
            yield Seed(f"{page.stem} {case.name}", dict(case.files), dict(case.base))


def _of_fixtures() -> Iterator[Seed]:
    """Each file of the broken shop with its neighbours in the folder, beside the clean ones."""
    folders = sorted({path.parent for path in (_SHOP / "broken").rglob("*") if path.is_file()})
    for folder in folders:
        relative = folder.relative_to(_SHOP / "broken")
        yield Seed(f"shop {relative}", _texts(_SHOP / "broken", relative), _texts(_SHOP / "clean", relative))


def _texts(top: Path, folder: Path) -> dict[str, str]:
    found = sorted((top / folder).glob("*")) if (top / folder).is_dir() else []
    return {
        path.relative_to(top).as_posix(): path.read_text("utf-8")
        for path in found
        if path.is_file() and path.suffix in _TEXT
    }


def _of_configurations() -> Iterator[Seed]:
    yield Seed("configuration", {"archlint.yaml": _CONFIGURATION, "cart.yaml": _MANIFEST})
    yield Seed("pyproject", {"pyproject.toml": _PYPROJECT, "known.json": json.dumps(_BASELINE)})
    yield Seed("suppressions", {"cart.yaml": _MANIFEST})
    yield Seed("baseline", {".archlint-baseline.json": json.dumps(_BASELINE), "cart.yaml": _MANIFEST})
