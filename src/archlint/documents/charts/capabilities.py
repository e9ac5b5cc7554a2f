"""What templates ask of the cluster, answered for the version that is configured: Helm's library knows one
only.

    .Capabilities.KubeVersion.Minor             ->  "31"
    .Capabilities.APIVersions.Has "batch/v1"    ->  hasKey (dict "batch/v1" 1 ...) "batch/v1"

It is rewritten in the text of actions, in memory and on the same line. Who hands ``.Capabilities`` on as a
whole is told what the library knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archlint.documents.charts.template_marks import actions
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_ASKED = regex(
    r"(?<![\w.$])(?:\$\w*)?(?:\.\w+)*?\.Capabilities\.(?:KubeVersion(?P<part>\.\w+)?|APIVersions(?P<has>\.Has)\b)(?![\w.])"
)
_KEPT_WHOLE = regex(r"(?:(?:=|\bwith|\"\w+\")\s*(?:\(\s*)?)$")
_STATED = regex(r"v?(\d{1,3}\.\d{1,3})(?:[.+-]|\Z)")


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster says of itself."""

    version: str
    """Such as ``1.31``."""
    apis: frozenset[str] = frozenset()
    """What it serves, as ``group/version`` and ``group/version/Kind``."""

    @property
    def full_version(self) -> str:
        """As Helm writes it."""
        return f"v{self.version}.0"

    def but_for(self, version: str, apis: Iterable[str]) -> Cluster:
        """The same, with what somebody states of it."""
        found = _STATED.match(version)
        return Cluster(found[1] if found else self.version, self.apis | set(apis))


def for_cluster(text: str, cluster: Cluster) -> str:
    """The text of a template with the questions about the cluster answered."""
    if ".Capabilities." not in text:
        return text
    parts: list[str] = []
    here = 0
    for start, end in actions(text):
        parts += [text[here:start], _answered(text[start:end], cluster)]
        here = end
    return "".join([*parts, text[here:]])


def _answered(action: str, cluster: Cluster) -> str:
    def answer(found: re.Match[str]) -> str:
        if found["has"]:
            return f"hasKey {_dict_of((name, '1') for name in sorted(cluster.apis))}"
        major, _, minor = cluster.version.partition(".")
        parts = {
            "Version": cluster.full_version,
            "GitVersion": cluster.full_version,
            "Major": major,
            "Minor": minor,
        }
        if found["part"]:
            return f'"{parts.get(found["part"][1:], cluster.full_version)}"'
        if _KEPT_WHOLE.search(action[: found.start()][-40:]):
            return _dict_of((key, f'"{value}"') for key, value in parts.items())
        return f'"{cluster.full_version}"'

    return _ASKED.sub(answer, action)


def _dict_of(pairs: Iterable[tuple[str, str]]) -> str:
    return "(dict " + " ".join(f'"{key}" {value}' for key, value in pairs) + ")"
