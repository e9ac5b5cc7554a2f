"""Settings: keys with the texts that files of configuration give them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Document, Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.appconfig.placed import PlacedText, of_document

MOST_SETTINGS = 20_000
"""Settings of one file that are looked at."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A key and its value."""

    key: str
    """With dots between its parts, as ``spring.datasource.url``; items of lists as ``hosts[0]``."""
    value: str
    text: PlacedText
    start: int
    """Where the token of the value begins, with quotes and escapes as they are written."""
    end: int

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of the value: exact where it is written as it is read."""
        written = self.text.text[self.start : self.end]
        inside = written.find(self.value)
        if inside >= 0:
            return self.text.place(self.start + inside + start, self.start + inside + end)
        wanted = self.value[start:end]
        inside = written.find(wanted) if wanted else -1
        if inside >= 0:
            return self.text.place(self.start + inside, self.start + inside + len(wanted))
        return self.text.place(self.start, self.end)

    @property
    def names(self) -> list[str]:
        """The parts of the key, items of lists without their number."""
        return [part.partition("[")[0] for part in self.key.split(".")]


def of_tree(root: Node, text: PlacedText | None = None) -> Iterator[Setting]:
    """All texts in a YAML or JSON document, in the order of the text; ``text`` is what it was read from
    where that is not a file."""
    waiting: list[tuple[str, Node]] = [("", root)]
    left = MOST_SETTINGS
    while waiting and left:
        key, node = waiting.pop()
        below = [(f"{key}.{name}" if key else name, value) for name, value in node.items()]
        below += [(f"{key}[{index}]", value) for index, value in enumerate(node.elements())]
        waiting.extend(reversed(below[:left]))
        setting = of_node(node, key, text)
        if setting is not None:
            left -= 1
            yield setting


def of_node(node: Node, key: str, text: PlacedText | None = None) -> Setting | None:
    """The text or number at a node as a setting; ``None`` for anything else."""
    value = node.text if node.text is not None else None if node.integer is None else str(node.integer)
    if value is None:
        return None
    document = node.document
    extent = document.marks.value(node.route) if type(document) is Document else None
    if extent is None:
        whole = node.value_place()
        return Setting(key, value, PlacedText(value, whole.source, None, whole), 0, len(value))
    return Setting(key, value, text or of_document(document), *extent)
