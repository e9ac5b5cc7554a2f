"""Every example of the documentation is run: commands, configurations, manifests, rule pages, flags."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from archlint.adapters.policies import policy_of
from archlint.cli.main import COMMANDS, cli
from archlint.config import load_settings, read_configuration
from archlint.config.schema import CONFIGURATION
from archlint.files import CONTRACT_LINE
from archlint.registry import read_pages, rule_of, split_page
from tests.docs.blocks import DOCUMENTS, ROOT, Block, Workspace, blocks, blocks_of, commands_of, is_alike
from tests.rules.pages import cases_of
from tests.support.inside import archlint
from tests.support.rules import registry

SETTINGS = frozenset(CONFIGURATION["properties"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands(document: Path, tmp_path: Path) -> None:
    workspace: Workspace | None = None
    for block in blocks_of(document):
        if block.file is None and block.language not in ("sh", "console"):
            continue
        workspace = workspace or Workspace(tmp_path)
        if block.file is not None:
            workspace.write(block)
        elif block.language == "console":
            for command, expected in commands_of(block.text):
                output = workspace.run(command)[1]
                assert is_alike(expected, output), f"{block}: $ {command}\n{output}"
        else:
            for line in block.text.splitlines():
                if line.startswith("archlint "):
                    code, output = workspace.run(line)
                    assert code in (0, 1), f"{block}: {line}: {output}"


def usages() -> list[tuple[str, str]]:
    """Every command line of archlint that stands in code within a sentence or table."""
    return [
        (document.relative_to(ROOT).as_posix(), match[1].replace("\\|", "|"))
        for document in DOCUMENTS
        for match in re.finditer(
            r"`(archlint [^`]*)`", re.sub(r"(?ms)^```.*?^```", "", document.read_text("utf-8"))
        )
    ]


@pytest.mark.parametrize(("document", "line"), usages())
def test_commands_and_flags_in_prose_exist(document: str, line: str) -> None:
    _, name, *arguments = shlex.split(line)
    if name.startswith("-"):
        return
    assert name in COMMANDS, f"{document}: {line}"
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.make_parser(click.Context(command)).parse_args(list(arguments))


def is_configuration(block: Block) -> bool:
    """Whether a block is one of archlint's own."""
    if block.language == "toml":
        return "[tool.archlint" in block.text
    data = yaml.safe_load(block.text)
    return isinstance(data, dict) and set(data) <= SETTINGS


CONFIGURATIONS = [block for block in blocks("yaml", "toml") if is_configuration(block)]


@pytest.mark.parametrize("block", CONFIGURATIONS, ids=str)
def test_configurations(block: Block, tmp_path: Path) -> None:
    file = tmp_path / ("pyproject.toml" if block.language == "toml" else "archlint.yaml")
    file.write_text(block.text, "utf-8")
    load_settings(read_configuration(file, tmp_path), registry())


CONTRACTS = [
    block
    for block in blocks("yaml", "json", "proto", "sql", "md")
    if block.file is None and (CONTRACT_LINE.search(block.text) or "archlint: ignore" in block.text)
]


@pytest.mark.parametrize("block", CONTRACTS, ids=str)
def test_contracts_and_manifests_can_be_read_and_their_suppressions_hold(
    block: Block, tmp_path: Path
) -> None:
    """Beside the clean shop, as joins find what is missing only where there is something."""
    world = tmp_path / "shop"
    shutil.copytree(ROOT / "fixtures/shop/clean", world)
    example = f"docs/example.{block.language}"
    (world / example).write_text(block.text, "utf-8")
    arguments = ("--select", "ALL", "--format", "json", "--fail-on", "never", "--today", "2026-01-01")
    done = archlint("check", ".", *arguments, cwd=world)
    assert done.code == 0, done.err
    found = [item for item in done.report["findings"] if item["path"] == example]
    assert [item["message"] for item in found if item["code"].startswith("LINT")] == []


PAGES = [block for block in blocks("md") if re.match(r"---\n(?s:.*?)^code: ", block.text, re.MULTILINE)]


@pytest.mark.parametrize("block", PAGES, ids=str)
def test_rule_pages(block: Block) -> None:
    page = split_page(block.text, str(block))
    rule = rule_of(page, str(block), "example")
    assert rule.summary
    if "match" in page.front:
        policy_of(page, str(block))
    else:
        assert {case.bad for case in cases_of(page.body)} == {True, False}


def test_the_examples_on_the_pages_of_the_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.rules.test_examples import test_example as check_example

    workspace = Workspace(tmp_path)
    for block in blocks_of(ROOT / "docs/writing-rules.md"):
        if block.file is not None:
            workspace.write(block)
    monkeypatch.syspath_prepend(workspace.root / "shop-rules")
    rules = read_pages(workspace.root / "shop-rules/shop_rules/rules", "shop_rules")
    assert len(rules) == 2
    for rule in rules:
        for case in cases_of(split_page(Path(rule.page).read_text("utf-8"), rule.page).body):
            check_example(rule, case, tmp_path / rule.name / case.name)


def test_the_hook_in_the_documentation_exists() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    named = [
        hook["id"]
        for block in blocks("yaml")
        for entry in (yaml.safe_load(block.text) or {}).get("repos", ())
        for hook in entry["hooks"]
        if "archlint" in entry["repo"]
    ]
    assert named
    assert set(named) <= hooks


def test_the_inputs_of_the_action_in_the_documentation_exist() -> None:
    inputs = set(yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"])
    used = [
        step
        for block in blocks("yaml")
        for step in (yaml.safe_load(block.text) or {}).get("steps", ())
        if "/archlint@" in step.get("uses", "")
    ]
    assert used
    for step in used:
        assert set(step.get("with", {})) <= inputs


def test_the_picture_of_the_output_is_what_the_demo_prints() -> None:
    printed = "".join(
        archlint(*arguments, cwd=ROOT).out
        for arguments in (
            ("check", "fixtures/shop/broken"),
            ("breaking", "fixtures/shop/clean", "fixtures/shop/broken"),
        )
    )
    seen = " ".join(printed.replace("fixtures/shop/broken/", "").split())
    for block in blocks_of(ROOT / "README.md"):
        if block.language == "text":
            for part in re.split(r"\n(?=\S|  \d)", block.text.strip()):
                assert " ".join(part.split()) in seen, part


def test_the_demo_fits_on_two_screens() -> None:
    """Ten findings in 80 columns, in lines of two screens, and then what to type to see all."""
    command = ["make", "-s", "-o", ".venv/.ready", "demo", f"BIN={Path(sys.executable).parent}"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    environment |= {"COLUMNS": "80", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^  \d+:\d+ ", done.stdout, re.MULTILINE)) == 10
    assert len(done.stdout.splitlines()) <= 112
    assert "archlint check fixtures/shop/broken\n" in done.stdout


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"(?ms)^```.*?^```", "", document.read_text("utf-8"))
    for match in re.finditer(r"\]\(([^)\s]+)\)", text):
        target, _, heading = match[1].partition("#")
        if ":" in target:
            continue
        path = document.parent / target if target else document
        assert path.exists(), f"{document.name}: {match[1]}"
        if heading:
            assert heading in anchors(path.read_text("utf-8")), f"{document.name}: {match[1]}"


def anchors(text: str) -> set[str]:
    """The anchors that a code host makes of headings."""
    found = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
