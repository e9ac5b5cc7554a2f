"""Rendered by archlint and by the real program: the same objects as data."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archlint.documents import load_text
from archlint.documents.charts.rendering import Release
from archlint.files import Kind
from tests.charts.examples import CHART_IN_CHART
from tests.charts.worlds import rendered
from tests.support.programs import helm

FILES = (("live/common.yaml",), ("live/common.yaml", "live/shop.yaml"), ("live/shop.yaml",))


@pytest.mark.parametrize("values", FILES)
@pytest.mark.parametrize("version", ["1.25", "1.31"])
def test_as_the_program(tmp_path: Path, values: tuple[str, ...], version: str) -> None:
    program = helm()
    made = rendered(tmp_path, CHART_IN_CHART, Release("shop", values, "store", "live"), version=version)
    ours = [item.data for item in made.documents if item.path == values[-1]]
    command = [program, "template", "store", "shop", "--namespace=live", f"--kube-version={version}.0"]
    command += [f"--values={name}" for name in values]
    command += [f"--api-versions=shop.example.org/v1{kind}" for kind in ("", "/Cart")]
    said = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
    ).stdout
    theirs = [item.data for item in load_text("out.yaml", said, Kind.KUBERNETES).documents if item.data]
    assert not made.faults
    assert {item.reason for item in made.unread} <= {"chart-template-off"}
    assert len(ours) >= 6
    assert _counted(ours) == _counted(item for item in theirs if not _is_test(item))


def _counted(objects: Any) -> Counter[str]:
    return Counter(json.dumps(item, sort_keys=True) for item in objects)


def _is_test(item: dict[str, Any]) -> bool:
    return "test" in (item["metadata"].get("annotations") or {}).get("helm.sh/hook", "")
