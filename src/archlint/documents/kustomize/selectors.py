"""Which objects a patch, a replacement or the like is about.

Sources: kustomize's ``types.Selector`` (anchored regular expressions, of Go's dialect) and Kubernetes' label
selectors. Patterns are the repository's own, so the engine that judges them is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.values import Origin, Value
from archlint.finding.regex import regex

_PLAIN = regex(r"[A-Za-z0-9_/-]*\Z")
_REQUIREMENT = regex(
    r"\s*(?:(!)\s*([\w./-]+)"
    r"|([\w./-]+)\s+(in|notin)\s*\(([^()]*)\)"
    r"|([\w./-]+)\s*(==|=|!=|>|<)\s*+([\w.-]*)"
    r"|([\w./-]+))\s*(,|\Z)"
)
_INTEGER = regex(r"[-+]?[0-9]{1,18}\Z")
FIELDS = ("group", "version", "kind", "name", "namespace", "annotationSelector", "labelSelector")


class Selector:
    """Chooses objects."""

    def __init__(self, value: Value) -> None:
        if not isinstance(value.data, dict):
            raise Refusal("A target must be a map.", value.origin)
        for key, item in value.data.items():
            if key not in FIELDS:
                raise Refusal(f"'{key}' is no field of a target.", item.origin)
            if item.data is not None and not isinstance(item.data, str):
                raise Refusal(f"'{key}' of a target must be a text.", item.origin)
        self.said = {key: item.text for key, item in value.data.items()}
        self.origin = value.origin
        self._patterns = {
            key: whole(self.said[key], value.data[key].origin) for key in FIELDS[:5] if self.said.get(key)
        }
        self._labels = requirements(self.said.get("labelSelector", ""), value.origin)
        self._annotations = requirements(self.said.get("annotationSelector", ""), value.origin)

    def chosen(self, resources: Iterable[Resource]) -> Iterator[Resource]:
        """The objects that it means."""
        return (item for item in resources if not item.is_gone and self._fits(item))

    def _fits(self, item: Resource) -> bool:
        now, first = item.identity, item.first_identity
        return (
            self._matches("namespace", first.effective, now.effective)
            and self._matches("name", first.name, now.name)
            and self._matches("group", now.gvk.group)
            and self._matches("version", now.gvk.version)
            and self._matches("kind", now.gvk.kind)
            and self._labels(item.strings("labels"))
            and self._annotations(item.strings("annotations"))
        )

    def _matches(self, field: str, *texts: str) -> bool:
        pattern = self._patterns.get(field)
        return pattern is None or any(map(pattern, texts))


def whole(pattern: str, origin: Origin) -> Callable[[str], bool]:
    """Tells whether a pattern fits the whole of a text."""
    if _PLAIN.match(pattern):
        return lambda text: text == pattern
    if pattern in (".*", "(.*)"):
        return lambda text: "\n" not in text
    judge = engine(f"^(?:{pattern})$")
    if judge is None:
        raise Refusal(f"'{pattern}' is no regular expression.", origin)
    return judge


@lru_cache(maxsize=256)
def engine(pattern: str) -> Callable[[str], bool] | None:
    """Tells whether a pattern is found in a text; ``None`` if it is no pattern."""
    import jsonschema_rs

    try:
        judge = jsonschema_rs.Draft202012Validator(
            {"pattern": pattern}, offline=True, pattern_options=jsonschema_rs.RegexOptions()
        )
    except ValueError:
        return None
    return lambda text: bool(judge.is_valid(text))


def requirements(text: str, origin: Origin) -> Callable[[dict[str, str]], bool]:
    """Tells whether labels fit a label selector as ``kubectl -l`` takes it."""
    if not text.strip():
        return lambda labels: True
    found: list[Callable[[dict[str, str]], bool]] = []
    at = 0
    while at < len(text):
        match = _REQUIREMENT.match(text, at)
        if match is None:
            raise Refusal(f"'{text}' is no selector of labels.", origin)
        found.append(_requirement(match, origin))
        at = match.end()
    return lambda labels: all(each(labels) for each in found)


def _requirement(match: re.Match[str], origin: Origin) -> Callable[[dict[str, str]], bool]:
    negated, absent, listed, how, values, compared, operator, value, present, _ = match.groups()
    if negated:
        return lambda labels: absent not in labels
    if listed:
        wanted = {each.strip() for each in values.split(",")}
        return lambda labels: (labels.get(listed) in wanted) == (how == "in")
    if compared and operator in (">", "<"):
        if not _INTEGER.match(value):
            raise Refusal(f"'{compared}' is compared with '{value}', which is no number.", origin)
        return lambda labels: _is_beyond(labels.get(compared), operator, value)
    if compared:
        return lambda labels: (labels.get(compared) == value) == (operator != "!=")
    return lambda labels: present in labels


def _is_beyond(text: str | None, operator: str, value: str) -> bool:
    if text is None or not _INTEGER.match(text):
        return False
    return int(text) > int(value) if operator == ">" else int(text) < int(value)
