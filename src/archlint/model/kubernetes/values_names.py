"""What values for a chart of others name: its objects are called so, though none of its templates is here.

Keys and whole texts are names, and so are hosts in them; words of comments and sentences are not, or a slip
in a manifest would be hidden by whoever wrote about the thing.
"""

from __future__ import annotations

from archlint.finding.regex import regex

_COMMENT = regex(r"(?:^|[ \t])#.*+\Z")
_PARTS = regex(r"""[{}\[\],"']|:(?=\s|\Z)|\s-(?=\s)|\A-(?=\s)""")
_WORD = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")


def named_in_values(text: str) -> set[str]:
    """Every name in the text of a file of values."""
    names: set[str] = set()
    for line in text.splitlines():
        for part in _PARTS.split(_COMMENT.sub("", line)):
            said = part.strip()
            if said and not _is_sentence(said):
                names.update(_WORD.findall(said))
    return names


def _is_sentence(text: str) -> bool:
    """Whether it is more than one word, none of which is part of a path, a host or a template."""
    return any(sign.isspace() for sign in text) and not any(sign in text for sign in "/{$=@")
