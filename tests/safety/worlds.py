"""Repositories for the tests of this folder, and what a run leaves behind."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

from tests.support.process import commit_all

SHOP = Path(__file__).parents[2] / "fixtures" / "shop"

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  replicas: 1
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - name: cart
          image: shop/cart:1.2.0
"""

OPENAPI = """\
openapi: 3.0.3
info: {title: Carts, version: 1.0.0}
paths:
  /v1/carts:
    get:
      operationId: listCarts
      responses:
        "200": {description: All carts.}
    delete:
      operationId: dropCarts
      responses:
        "204": {description: Gone.}
"""

PROTO = """\
syntax = "proto3";
package shop.v1;
message Cart { string id = 1; }
"""


def lay_out(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write some files below a folder; returns the folder."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def two_commits(root: Path) -> str:
    """A repository with one file of each kind whose contract has changed; returns the first commit."""
    lay_out(root, {"cart.yaml": DEPLOYMENT, "api/openapi.yaml": OPENAPI, "proto/cart.proto": PROTO})
    base = commit_all(root)
    shorter = OPENAPI[: OPENAPI.index("    delete:")]
    lay_out(root, {"api/openapi.yaml": shorter, "proto/cart.proto": PROTO.replace("string id = 1;", "")})
    commit_all(root)
    lay_out(root, {"cart.yaml": DEPLOYMENT + "# changed, not committed\n", "new.yaml": DEPLOYMENT})
    return base


def shop_copy(target: Path, variant: str = "broken") -> Path:
    """A copy of the shop."""
    shutil.copytree(SHOP / variant, target)
    return target


def snapshot(root: Path) -> dict[str, tuple[object, ...]]:
    """Kind, mode, time of change and content of everything below a folder, git's own files included."""
    found: dict[str, tuple[object, ...]] = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder) / name
            facts = path.lstat()
            content = sha256(path.read_bytes()).hexdigest() if path.is_file() else None
            found[path.relative_to(root).as_posix()] = (facts.st_mode, facts.st_mtime_ns, content)
    return found
