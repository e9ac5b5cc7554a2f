"""Rules that a team writes as pages alone: a condition in CEL instead of a check function.

Beside the front matter of every rule page such a page has ``match`` (the kinds of Kubernetes object, the
files, or both), ``where`` (which of these are meant), ``assert`` (what must be true of them) and ``place``
(the key to mark).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from archlint.files import FileProblem, TextProblem, WorkingTree, decode
from archlint.finding import Route, Rule
from archlint.finding.place import steps_of
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.registry import POLICY_PROVIDER, Page, PageError, rule_of, split_page

LONGEST_EXPRESSION = 10_000
"""Characters of an expression; hand-written ones have some hundred."""
_PACKAGE = "cel_expr_python"
_STEP = regex(r"\[(\d+)\]|(?:^|\.)([^.\[\]]+)")
_MOST_PAGES = 1000
_LONGEST_INDEX = 9
"""Digits of an index in the route of a place."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the front matter of a team's rule asks for."""

    kinds: tuple[str, ...]
    files: tuple[str, ...]
    where: str | None
    assertion: str
    place: Route


def team_rules(root: Path, folders: Iterable[str]) -> list[Rule]:
    """The rules of the folders that the configuration names; raises ``PageError``."""
    rules = [rule for folder in folders for rule in _rules_in(root, folder)]
    if rules and find_spec(_PACKAGE) is None:
        raise PageError(
            f"{rules[0].page}: rules in CEL need the package cel-expr-python in the environment of archlint; "
            "run `pip install cel-expr-python` there, `pipx inject archlint cel-expr-python`, or "
            "`uv tool install --with cel-expr-python` with what archlint was installed from"
        )
    return rules


def _rules_in(root: Path, folder: str) -> Iterator[Rule]:
    named = Path(folder)
    base = named if named.is_absolute() else root / folder
    if not base.is_dir():
        raise PageError(f"the rule folder '{folder}' does not exist")
    within, prefix = (base, "") if named.is_absolute() else (root, f"{folder.strip('/')}/")
    tree = WorkingTree(within)
    pages = sorted([*base.glob("*.md"), *base.glob("*/*.md")])
    if len(pages) > _MOST_PAGES:
        raise PageError(f"the rule folder '{folder}' has more than {_MOST_PAGES} pages")
    for page in pages:
        path = prefix + page.relative_to(base).as_posix()
        try:
            text = decode(tree.read(os.path.normpath(path).replace(os.sep, "/")))
        except (FileProblem, TextProblem) as problem:
            raise PageError(f"{path}: {problem.message}") from None
        if not text.startswith("---"):
            continue  # a README beside the rules
        parts = split_page(text, path)
        policy_of(parts, path)
        yield rule_of(parts, str(page), POLICY_PROVIDER)


def read_policy(rule: Rule) -> Policy:
    """The policy of a rule whose page has been read before; raises ``PageError``."""
    page = Path(rule.page)
    try:
        text = decode(WorkingTree(page.parent).read(page.name))
    except (FileProblem, TextProblem) as problem:
        raise PageError(f"{page}: {problem.message}") from None
    return policy_of(split_page(text, page.name), page.name)


def policy_of(page: Page, path: str) -> Policy:
    """The policy in a page's front matter; raises ``PageError``."""
    front = page.front
    match = front.get("match")
    if not isinstance(match, dict) or not match or set(match) - {"kind", "file"}:
        raise PageError(
            f"{path}: 'match' must say which objects are meant; write match: {{kind: Deployment}}, "
            'match: {file: "deploy/**"}, or both'
        )
    if front.get("options"):
        raise PageError(f"{path}: a rule in CEL has no 'options'; write the values into its expressions")
    if not isinstance(front.get("messages"), dict) or "default" not in front["messages"]:
        raise PageError(f"{path}: 'messages' must have a 'default'; write what to report")
    assertion = _expression(front, "assert", path)
    if assertion is None:
        raise PageError(f"{path}: 'assert' is missing; write assert: \"object.spec.replicas >= 2\"")
    return Policy(
        kinds=_texts(match, "kind", path),
        files=_texts(match, "file", path),
        where=_expression(front, "where", path),
        assertion=assertion,
        place=_route(front.get("place", ""), path),
    )


def _expression(front: Mapping[str, Any], key: str, path: str) -> str | None:
    value = front.get(key)
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or not value.strip():
        raise PageError(f"{path}: '{key}' must be an expression in CEL, written as a text")
    if len(value) > LONGEST_EXPRESSION:
        raise PageError(f"{path}: '{key}' has more than {LONGEST_EXPRESSION} characters")
    return value


def _texts(match: Mapping[str, Any], key: str, path: str) -> tuple[str, ...]:
    value = match.get(key, [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(item, str) and item for item in texts):
        raise PageError(f"{path}: '{key}' in 'match' must be a text or a list of texts")
    return tuple(texts)


def _route(place: Any, path: str) -> Route:
    """The route of ``spec.containers[0].name``, or of a JSON pointer."""
    if not isinstance(place, str):
        raise PageError(f"{path}: 'place' must be the path of a key, such as spec.replicas")
    if place.startswith("/"):
        return tuple(map(_step, steps_of(place)))
    steps = list(_STEP.finditer(place))
    if "".join(step[0] for step in steps) != place:
        raise PageError(f"{path}: 'place' is '{place}'; write the path of a key, such as spec.replicas")
    return tuple(_step(step[1]) if step[1] else step[2] for step in steps)


def _step(part: str) -> str | int:
    """A step of a route: the index of an item, or the name of a key; longer numbers are nobody's index."""
    return int(part) if part.isascii() and part.isdecimal() and len(part) <= _LONGEST_INDEX else part
