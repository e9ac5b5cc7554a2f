"""A path in an excluded folder is judged as a part of what stands around it there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.paths.worlds import lay_out
from tests.support.inside import archlint
from tests.support.process import git

CALLER = """apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  containers:
    - name: app
      image: registry.example.com/app:1
      env:
        - {name: STOCK_URL, value: "http://stock:80"}
        - {name: NOBODY_URL, value: "http://nobody:80"}
"""
SERVICE = """apiVersion: v1
kind: Service
metadata: {name: stock, namespace: shop}
spec: {selector: {app: stock}, ports: [{port: 80}]}
"""
FILES = {
    "legacy/old/cart/pod.yaml": CALLER,
    "legacy/old/stock/service.yaml": SERVICE,
    "now/service.yaml": SERVICE.replace("stock", "other"),
}


@pytest.mark.parametrize("is_git", [True, False])
@pytest.mark.parametrize("pattern", ["legacy/", "legacy/old/", "legacy/*", "/legacy/old/**", "old/"])
@pytest.mark.parametrize("path", ["legacy", "legacy/old", "legacy/old/cart", "legacy/old/cart/pod.yaml"])
def test_a_part_of_what_is_excluded_sees_the_rest_of_it(
    tmp_path: Path, path: str, pattern: str, is_git: bool
) -> None:
    folder = lay_out({**FILES, "archlint.yaml": f"exclude: ['{pattern}']\n"}, tmp_path / "shop")
    if is_git:
        git(folder, "init", "-q")
    run = ("check", path, "--format", "json", "--ignore", "ALL", "--select", "ARCH101")
    found = archlint(*run, cwd=folder).report["findings"]
    reads_nothing = path == "legacy" and pattern != "legacy/"
    missing = [item["arguments"].get("name") or item["message"] for item in found]
    assert len(missing) == (0 if reads_nothing else 1), missing
    assert all("nobody" in text for text in missing)
