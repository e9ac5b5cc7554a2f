"""Merges what configurations of Redocly say of configurable rules, as Redocly does: layer upon layer.

A severity alone changes that of the rule below it; anything else takes its place. What a layer says for all
versions also changes what layers below it, and itself, say for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from archlint.finding.records import dataclass, replace
from archlint.model.rulesets.layers import WrittenAt

ALL = "rules"
KEYS = (ALL, "oas2Rules", "oas3_0Rules", "oas3_1Rules", "oas3_2Rules")


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a rule."""

    value: Any
    at: WrittenAt
    level: str | None = None
    """The severity, if another layer says it than the one that says the rest."""
    level_at: WrittenAt | None = None

    @property
    def severity(self) -> Any:
        """How grave the rule is, in the words of the configuration."""
        if self.level is not None:
            return self.level
        return (self.value.get("severity") or "error") if isinstance(self.value, dict) else self.value

    @property
    def is_off(self) -> bool:
        """Whether the rule is off."""
        return self.severity in ("off", False, None)

    @property
    def severity_at(self) -> WrittenAt:
        """Where it is said how grave the rule is."""
        return self.level_at or (self.at.below("severity") if isinstance(self.value, dict) else self.at)


Layer = Mapping[str, Mapping[str, Said]]
"""By the key under which it stands, and by the name of the rule."""


def merged(layers: Iterable[Layer]) -> Layer:
    """What holds of all layers, of which later ones count more."""
    found: dict[str, dict[str, Said]] = {key: {} for key in KEYS}
    for layer in layers:
        everywhere = layer.get(ALL, {})
        for key, there in found.items():
            _put(there, layer.get(key, {}))
            if key != ALL:
                _put(there, {name: everywhere[name] for name in there if name in everywhere})
    return found


def _put(there: dict[str, Said], more: Mapping[str, Said]) -> None:
    for name, said in more.items():
        below = there.get(name)
        if below is not None and isinstance(below.value, dict) and isinstance(said.value, str):
            there[name] = replace(below, level=said.value, level_at=said.at)
        else:
            there[name] = said
