"""A document that was made of others, as YAML or JSON: what reads it gets the same data back."""

from __future__ import annotations

import json
from typing import Any

from archlint.finding.regex import regex

_MISREAD = regex(r"[-+.]?[0-9]|[~.]|\Z")
"""What a reader of another version of YAML may take for a number, a date or null."""
_ODD = regex(r"##|::|[^\n\x20-\x7e\xa0-\u1fff\u3000-\ud7ff]")
"""What a runner of workflows may take for a command, which can be disarmed within double quotes alone, and
characters that break lines for some readers."""
_ENDLESS = 1 << 20


def bundled_json(data: Any) -> str:
    """The document in JSON."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def bundled_yaml(data: Any) -> str:
    """The document in YAML, in which no text reads as anything else, whatever version reads it."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Repeats what is the same, as anchors would only puzzle a reader."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text_of(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))

    Dumper.add_representer(str, text_of)
    written: str = yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=_ENDLESS)
    return written


def _style(text: str) -> str | None:
    if _ODD.search(text) or _MISREAD.match(text):
        return '"'
    return "|" if "\n" in text else None
