"""Files in the language of Bruno as blocks: a name, and lines between braces.

Source: https://docs.usebruno.com/bru-lang/overview.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archlint.finding.records import dataclass
from archlint.model.evidence.auth import Auth
from archlint.model.evidence.lines import Line


@dataclass(frozen=True, slots=True)
class Block:
    """A block in braces: where it begins, and its lines."""

    at: Line
    lines: Sequence[Line]

    def pairs(self) -> list[tuple[str, str, Line]]:
        """Its lines as names and values, without those that are switched off."""
        found = []
        for line in self.lines:
            name, sign, value = line.text.strip().partition(":")
            if sign and name and not name.startswith("~"):
                found.append((name.strip(), value.strip(), line))
        return found

    def values(self) -> dict[str, str]:
        """The same by their names, where ``@`` marks what counts here alone."""
        return {name.removeprefix("@"): value for name, value, _ in self.pairs()}


Blocks = Mapping[str, Block]
NO_BLOCK = Block(Line(1, ""), ())


def blocks_of(text: str) -> dict[str, Block]:
    """The blocks by their names: each ends with a brace at the beginning of a line."""
    found: dict[str, Block] = {}
    name, at = "", Line(1, "")
    lines: list[Line] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = Line(number, raw.rstrip("\r"))
        if name:
            if line.text.startswith("}"):
                found.setdefault(name, Block(at, lines))
                name = ""
            else:
                lines.append(line)
        elif line.text.rstrip().endswith("{"):
            name, at, lines = line.text.rstrip()[:-1].strip(), line, []
    return found


def auth_of(mode: str, blocks: Blocks) -> Auth:
    """The auth helper of a mode, with what its block says."""
    own = blocks.get(f"auth:{mode}", NO_BLOCK).values()
    return Auth(mode, own.get("key", ""), own.get("placement") in ("queryparams", "query"))
