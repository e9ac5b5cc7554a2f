"""Rules of other distributions, by entry point."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archlint.adapters.plugins import entry_points

PAGE = """\
---
code: ACME001
name: no-latest
severity: error
messages: {default: "Name '{name}' is not allowed."}
---
# Names

Why.
"""
CHECKS = """\
from archlint.checks import check, observe
from archlint.model.kubernetes import KubernetesObject


@check(KubernetesObject)
def no_latest(item, options):
    yield observe(item.get("metadata", "name").place(), name=item.name)
"""


def install(site: Path, *, package: str = "acme_rules", checks: str = CHECKS, page: str = PAGE) -> None:
    """A tiny distribution, as an installer would leave it."""
    info = site / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        f"[console_scripts]\nacme = acme:main\n\n[archlint.rules]\nacme = {package}\n"
    )
    pages = site / package / "rules" / "acme"
    pages.mkdir(parents=True)
    (pages / "no-latest.md").write_text(page)
    area = site / package / "acme"
    area.mkdir()
    (site / package / "__init__.py").write_text("")
    (area / "__init__.py").write_text('"""Checks."""\n')
    (area / "names.py").write_text(checks)


def archlint(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "archlint", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), "ARCHLINT_CACHE_DIR": str(folder / ".cache")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nkind: ConfigMap\n")
    return folder


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ('NEEDS = ("ConfigMap", "kuberntes")  # ("Pod")', "kuberntes"),
        ("NEEDS = (\n    'ConfigMap',  # and (as well)\n    'configMap',\n)", "configMap"),
        ('NEEDS = ("kubernetes", "istio.io", "Shelf", "team-rules")', ""),
    ],
)
def test_what_a_rule_needs_and_nothing_is_called_is_told(
    tmp_path: Path, shop: Path, written: str, word: str
) -> None:
    install(tmp_path / "site", checks=CHECKS.replace("\n\n\n", f"\n\n{written}\n\n\n", 1))
    done = archlint(tmp_path / "site", shop, "check", "--select", "ACME")
    assert done.returncode == (3 if word else 1), done.stderr
    told = " ".join((done.stdout + done.stderr).split())
    assert (f"'{word}', which is no kind of file" in told) is bool(word), told
    assert ("names.py:4 has" in told) is bool(word), told
    assert ("Name 'x' is not allowed" in told) is not bool(word)


def test_a_kind_of_file_that_there_is_not_is_told(tmp_path: Path, shop: Path) -> None:
    install(tmp_path / "site")
    (tmp_path / "site" / "acme_rules" / "acme" / "__init__.py").write_text('KINDS = {"kuberntes"}\n')
    done = archlint(tmp_path / "site", shop, "check", "--select", "ACME")
    assert done.returncode == 3
    assert "KINDS of acme_rules.acme has 'kuberntes'" in " ".join((done.stdout + done.stderr).split())


def test_entry_points_are_read_from_what_is_installed(tmp_path: Path) -> None:
    install(tmp_path / "site")
    (tmp_path / "site" / "broken-1.0.dist-info").mkdir()
    [entry] = entry_points(["", str(tmp_path / "nowhere"), str(tmp_path / "site"), str(tmp_path / "site")])
    assert (entry.name, entry.package) == ("acme", "acme_rules")


def test_rules_of_a_plugin_run(tmp_path: Path, shop: Path) -> None:
    install(tmp_path / "site")
    done = archlint(tmp_path / "site", shop, "check")
    assert "3:12  error ACME001 no-latest: Name 'x' is not allowed." in done.stdout
    assert done.returncode == 1


def test_a_changed_check_is_not_met_by_older_findings(tmp_path: Path, shop: Path) -> None:
    install(tmp_path / "site")
    archlint(tmp_path / "site", shop, "check")
    (tmp_path / "site" / "acme_rules" / "acme" / "names.py").write_text(
        CHECKS.replace("item.name", "'other'")
    )
    assert "Name 'other' is not allowed." in archlint(tmp_path / "site", shop, "check").stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"checks": "raise RuntimeError('no licence')"}, "RuntimeError: no licence"),
        ({"checks": CHECKS.replace("yield", "1 / 0; yield")}, "ZeroDivisionError"),
        ({"checks": CHECKS.replace("no_latest", "other")}, "no check function"),
        ({"checks": "import nothing_like_this"}, "nothing_like_this"),
        ({"page": "# no front matter\n"}, "front matter"),
    ],
)
def test_a_plugin_that_fails_is_named_and_the_rest_is_reported(
    tmp_path: Path, shop: Path, given: dict[str, str], said: str
) -> None:
    install(tmp_path / "site", **given)
    done = archlint(tmp_path / "site", shop, "check")
    assert said in done.stdout + done.stderr
    assert "LINT005" in done.stdout
    assert "Traceback" not in done.stderr
    assert done.returncode == 3


def test_an_entry_without_its_package(tmp_path: Path, shop: Path) -> None:
    install(tmp_path / "site")
    (tmp_path / "site" / "acme_rules").rename(tmp_path / "site" / "gone")
    done = archlint(tmp_path / "site", shop, "check")
    assert (
        "plugin 'acme' cannot be used: its package acme_rules is not installed" in done.stdout + done.stderr
    )
    assert done.returncode == 3


@pytest.mark.parametrize(
    ("old", "new"), [("ACME001", "KUBE101"), ("name: no-latest", "name: memory-limit-missing")]
)
def test_a_rule_of_archlint_wins_over_one_of_its_name(tmp_path: Path, shop: Path, old: str, new: str) -> None:
    """A release may bring it; the rest of the plugin goes on, and so does what names the rule by its code."""
    site = tmp_path / "site"
    install(site, page=PAGE.replace(old, new))
    other = PAGE.replace("ACME001", "ACME002").replace("name: no-latest", "name: no-other")
    (site / "acme_rules/rules/acme/no-other.md").write_text(other)
    more = CHECKS.partition("@check")[2].replace("no_latest", "no_other")
    (site / "acme_rules/acme/names.py").write_text(f"{CHECKS}\n\n@check{more}")

    done = archlint(site, shop, "check", "--select", "ACME002")
    told = "of acme_rules is not run, as archlint has KUBE101 memory-limit-missing"
    assert told in done.stderr
    assert "ACME002 no-other" in done.stdout
    assert "LINT005" in done.stdout
    assert done.returncode == 1
    if new != "KUBE101":
        assert archlint(site, shop, "check", "--ignore", "ACME001").returncode == 1


@pytest.mark.parametrize("decorator", ["@check(KubernetesObject)", "@checks.check(KubernetesObject)"])
def test_a_suppression_of_a_rule_that_finds_nothing_to_look_at_is_unused(
    tmp_path: Path, decorator: str
) -> None:
    """Also if only an import of its module tells how much the rule sees."""
    site, folder = tmp_path / "site", tmp_path / "shop"
    text = "from archlint import checks\n" + CHECKS.replace("@check(KubernetesObject)", decorator)
    install(site, checks=text)
    (site / "acme_rules" / "acme" / "__init__.py").write_text(
        "from archlint.files import Kind\n\nKINDS = (Kind.KUBERNETES,)\n"
    )
    folder.mkdir()
    (folder / "a.yaml").write_text("# archlint: ignore-file[no-latest] as agreed\nopenapi: 3.0.3\n")
    done = archlint(site, folder, "check", "--select", "no-latest,unused-suppression", "--ignore", "ALL")
    assert "unused-suppression" in done.stdout, done
    (folder / "b.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n")
    (folder / "a.yaml").unlink()
    done = archlint(site, folder, "check", "--select", "no-latest,unused-suppression", "--ignore", "ALL")
    assert "Name 'x' is not allowed." in done.stdout
