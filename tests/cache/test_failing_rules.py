"""A rule that fails at a file fails there again, whatever the cache knows of an earlier run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.test_plugins import CHECKS, archlint, install

AT_SOME = CHECKS.replace("    yield", "    1 / (item.name != 'bad'); yield")
NOT_AT_ALL = "import nothing_like_this\n" + CHECKS


def config_map(name: str) -> str:
    """A file with one object."""
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n"


@pytest.mark.parametrize(("checks", "heals"), [(AT_SOME, False), (NOT_AT_ALL, True)])
def test_a_failure_outlives_the_file_that_was_read_first(tmp_path: Path, checks: str, heals: bool) -> None:
    shop, site = tmp_path / "shop", tmp_path / "site"
    shop.mkdir()
    install(site, checks=checks)
    for path, name in (("a.yaml", "bad"), ("b.yaml", "bad"), ("c.yaml", "good")):
        (shop / path).write_text(config_map(name))
    for gone in (None, "a.yaml"):
        if gone is not None:
            (shop / gone).unlink()
        done = archlint(site, shop, "check")
        assert "rule no-latest (ACME001) failed" in done.stdout + done.stderr, gone
        assert done.returncode == 3
    if heals:
        (site / "nothing_like_this.py").write_text("")
    else:
        (shop / "b.yaml").write_text(config_map("other"))
    found = archlint(site, shop, "check").stdout
    assert [name for name in ("bad", "other", "good") if f"Name '{name}'" in found] == [
        "bad" if heals else "other",
        "good",
    ]
