"""``${NAME}`` in built objects, as Flux replaces it: ``postBuild.substitute`` and ``substituteFrom``.

Sources: kustomize-controller's documentation of post build variable substitution, and drone/envsubst. Flux
replaces in the text of an object and reads it again, so ``${COUNT}`` can become a number. What has no value
here stays as it is written: it is unknown, and nobody may take it for the empty text that Flux would write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.values import Origin, Value, read_plain
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_NAME = r"[_A-Za-z][_A-Za-z0-9]*+"
_USE = regex(rf"\$\$\{{|\$\{{({_NAME})(?:(:=|:-|=|-)([^{{}}]*+))?\}}")
_OPT_OUT = "kustomize.toolkit.fluxcd.io/substitute"
_PLAIN = regex(r"[A-Za-z0-9$./_+-][^:#\n\"'`{}\[\],&*!|>%@]*+\Z")
"""A value after which YAML needs no quotes, so that it is read anew."""


@dataclass(frozen=True, slots=True)
class Variables:
    """The values that one Flux Kustomization knows."""

    values: Mapping[str, Value | None]
    """``None`` for what is known to be set, but not to what: an encrypted Secret."""
    is_closed: bool
    """Whether these are all, since nothing that they come from is missing here."""

    def replace_in(self, item: Resource) -> None:
        """Put the values into an object."""
        marks = {**item.strings("labels"), **item.strings("annotations")}
        if marks.get(_OPT_OUT) == "disabled":
            return
        for holder, key in _texts(item.root):
            old = holder[key]
            new, origin = self._replaced(old.data, old.origin)
            if new != old.data:
                is_plain = bool(new) and _PLAIN.match(old.data.replace("${", "$").replace("}", ""))
                holder[key] = Value(read_plain(new) if is_plain else new, origin)

    def _replaced(self, text: str, origin: Origin) -> tuple[str, Origin]:
        parts: list[str] = []
        at = 0
        for use in _USE.finditer(text):
            parts.append(text[at : use.start()])
            at = use.end()
            if use[1] is None:  # $${NAME} stands for the text ${NAME}
                parts.append("${")
                continue
            value = self._value(use[1], use[2], use[3])
            if value is None:
                parts.append(use[0])
            elif isinstance(value, Value):
                parts.append(value.text.replace("\n", ""))
                origin = value.origin
            else:
                parts.append(value)
        return "".join((*parts, text[at:])), origin

    def _value(self, name: str, operator: str | None, default: str | None) -> Value | str | None:
        """What stands for a use of a variable; ``None`` where nobody can tell."""
        if name in self.values:
            known = self.values[name]
            is_empty = known is not None and not known.text and operator in (":=", ":-")
            return default if is_empty else known
        return default if operator and self.is_closed else None


def has_unknown(value: Any) -> bool:
    """Whether a text has a variable without a value."""
    return isinstance(value, str) and "${" in value and _USE.search(value) is not None


def _texts(root: Value) -> Iterator[tuple[Any, Any]]:
    """Where the texts stand that name variables: the map or list, and the key or index in it."""
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if here.raw is not None and not _names_any(here.raw):
            continue
        data = here.data
        if not isinstance(data, (dict, list)):
            continue
        for key, item in list(data.items() if isinstance(data, dict) else enumerate(data)):
            if item.raw is None and isinstance(item.data, str):
                if "${" in item.data:
                    yield data, key
            else:
                waiting.append(item)


def _names_any(raw: Any) -> bool:
    waiting = [raw]
    while waiting:
        here = waiting.pop()
        if isinstance(here, (dict, list)):
            waiting.extend(here.values() if isinstance(here, dict) else here)
        elif isinstance(here, str) and "${" in here:
            return True
    return False
