"""The pages of the site as Markdown for Sphinx: README, docs and rules, with the links that hold there.

A rule page gets a table of its front matter, and its examples say in words what their info strings say. A
link to a file that is not on the site leads to the home of archlint, if it has one, and else is text.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from archlint.finding import Rule
from archlint.origin.home import file_page
from archlint.registry.index import read_pages
from archlint.registry.page import split_page
from archlint.reports.sarif_rules import help_markdown

ROOT = Path(__file__).parents[2]
GUIDE = (
    "installation",
    "configuration",
    "suppressions",
    "paths",
    "reports",
    "network",
    "gate",
    "events",
    "mesh",
    "checklist",
    "fixes",
    "guidelines",
    "aip",
    "breaking-policies",
    "differences",
    "safety",
    "writing-rules",
    "architecture",
)
"""The pages of ``docs/`` in the order to read them; what is not named here follows."""
_LINK = re.compile(r"\[([^\]\n]+)\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)")
_FENCED = re.compile(r"(?ms)^(`{3,})[^\n]*\n.*?^\1[ ]*$")


def site_pages() -> dict[str, str]:
    """The text of each page by its path on the site."""
    rules = read_pages(ROOT / "rules")
    guide = {path.stem: path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")}
    order = [*(name for name in GUIDE if name in guide), *sorted(guide.keys() - set(GUIDE))]
    made = {"index.md": (ROOT / "README.md").read_text("utf-8")}
    made |= {f"docs/{name}.md": guide[name] for name in order}
    made["docs/changelog.md"] = (ROOT / "CHANGELOG.md").read_text("utf-8").replace("](docs/", "](")
    made |= {_path_of(rule): _rule_page(rule) for rule in rules}
    made |= _overviews(rules)
    known = {*made, "docs/archlint.schema.json"}
    made = {path: _linked(path, text, known) for path, text in made.items()}
    made["index.md"] += _contents("Guide", [f"docs/{name}" for name in [*order, "changelog"]])
    made["index.md"] += _contents("Rules", ["rules/index"])
    return made


def _path_of(rule: Rule) -> str:
    return f"rules/{rule.area.lower()}/{rule.name}.md"


def _rule_page(rule: Rule) -> str:
    """The page; in no table of contents, as one of hundreds of pages on each page takes a minute to build."""
    body = split_page(Path(rule.page).read_text("utf-8"), rule.page).body
    head = f"---\norphan: true\n---\n# {rule.code}: {rule.title}\n\n"
    return f"{head}{_facts(rule)}\n{help_markdown(body)}\n{_options(rule)}"


def _facts(rule: Rule) -> str:
    said: Mapping[str, str] = {
        "Name": f"`{rule.name}`",
        "Severity": f"{rule.severity.label}, confidence {rule.confidence.value}",
        "Profile": rule.profile.label,
        "Status": f"{rule.status.value}, since {rule.since}" if rule.since else rule.status.value,
        "Tags": ", ".join(rule.tags),
        "Fix": "" if rule.fix == "none" else rule.fix,
        "Formerly": ", ".join(f"`{name}`" for name in rule.formerly),
        "In other tools": ", ".join(f"`{name}`" for name in rule.aliases),
    }
    return _table(("", ""), ((f"**{key}**", value) for key, value in said.items() if value))


def _options(rule: Rule) -> str:
    if not rule.options:
        return ""
    rows = (
        (
            f"`{name}`",
            _type(schema),
            f"`{json.dumps(schema.get('default'), ensure_ascii=False)}`",
            _said(schema),
        )
        for name, schema in rule.options.items()
    )
    return "\n## Options\n\n" + _table(("option", "type", "default", "meaning"), rows)


def _type(schema: Mapping[str, Any]) -> str:
    choice = schema.get("enum")
    return "one of " + ", ".join(map(str, choice)) if choice else str(schema.get("type", "any value"))


def _said(schema: Mapping[str, Any]) -> str:
    return str(schema.get("description", ""))


def _overviews(rules: Iterable[Rule]) -> dict[str, str]:
    """A page for each area, and one that lists the areas."""
    areas: dict[str, list[Rule]] = {}
    for rule in rules:
        areas.setdefault(rule.area, []).append(rule)
    made: dict[str, str] = {}
    for area, members in sorted(areas.items()):
        members.sort(key=lambda rule: rule.code)
        rows = (
            (
                f"[{rule.code}]({rule.name}.md)",
                f"`{rule.name}`",
                rule.severity.label,
                rule.profile.label,
                rule.title,
            )
            for rule in members
        )
        table = _table(("code", "name", "severity", "profile", ""), rows)
        made[f"rules/{area.lower()}/index.md"] = f"# {area}\n\n{table}"
    counted = ((f"[{area}]({area.lower()}/index.md)", str(len(areas[area]))) for area in sorted(areas))
    folders = [f"{area.lower()}/index" for area in sorted(areas)]
    made["rules/index.md"] = f"# Rules\n\n{_table(('area', 'rules'), counted)}{_contents('', folders)}"
    return made


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _contents(caption: str, names: Iterable[str]) -> str:
    said = f":caption: {caption}\n" if caption else ""
    return f"\n```{{toctree}}\n:hidden:\n{said}\n" + "".join(f"{name}\n" for name in names) + "```\n"


def _linked(path: str, text: str, known: set[str]) -> str:
    """The text with links to what is on the site or at archlint's home; fenced blocks stay as they are."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"].get("urls", {})
    labels = {label.lower().replace(" ", ""): url for label, url in urls.items()}
    folder = posixpath.dirname("README.md" if path == "index.md" else path)

    def rewritten(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, link[2]))
        for known_as in (target, f"{target}/index.md"):
            if known_as in known:
                return f"[{link[1]}]({posixpath.relpath(known_as, folder or '.')}{link[3] or ''})"
        page = file_page(labels, target)
        return f"[{link[1]}]({page})" if page else link[1]

    return "".join(part if fenced else _LINK.sub(rewritten, part) for fenced, part in _parts(text))


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """The text in order, and of each part whether it is a fenced block."""
    end = 0
    for block in _FENCED.finditer(text):
        yield False, text[end : block.start()]
        yield True, block[0]
        end = block.end()
    yield False, text[end:]
