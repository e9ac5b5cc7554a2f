"""Files with JSON Schemas, and which of them say what events look like."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import basename, splitext

from archlint.documents import Document
from archlint.files import Kind
from archlint.files.kinds import holds_test_data
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi.references import References
from archlint.model.world import World

_WORD = regex(r"[A-Za-z][a-z]*+|[0-9]++")
_OF_EVENTS = frozenset(
    (
        *("event", "events", "message", "messages", "topic", "topics", "kafka", "pubsub", "queue", "queues"),
        *("asyncapi", "cloudevents", "eventing", "eventbridge", "subjects"),
    )
)
"""Words in paths of schemas of events."""
_OF_SETTINGS = frozenset(
    (
        *("config", "configuration", "configs", "conf", "settings", "setting", "options", "preferences"),
        *("params", "parameters"),
    )
)
"""Last words in names of files and folders whose schemas say what a file of settings looks like; as others
they may be what events are about, as in ``ConfigChanged``."""
_FILES_OF_SETTINGS = frozenset(("values", "package", "manifest", "workflow"))
"""Names of files whose schemas do."""
_OF_SUBJECTS = ("-value", "-key")
"""How names of subjects end that registries make of topics."""


def names_events(path: str) -> bool:
    """Whether a schema is one of events by the words of its path, or called as registries call subjects.

    The nearest part of the path that has a word for events or for settings decides. One among tests
    describes no data that anybody keeps.
    """
    if holds_test_data(path):
        return False
    *folders, name = path.split("/")
    stem = splitext(name)[0].removesuffix(".schema")
    if stem.lower() in _FILES_OF_SETTINGS:
        return False
    if stem.endswith(_OF_SUBJECTS):
        return True
    for words in map(_words, (stem, *reversed(folders))):
        if words and words[-1] in _OF_SETTINGS:
            return False
        if not _OF_EVENTS.isdisjoint(words):
            return True
    return False


def _words(text: str) -> list[str]:
    """The words of a name, also of one in camel case, without its version."""
    words = [word.lower() for word in _WORD.findall(text)]
    while words and (words[-1].isdigit() or words[-1] == "v"):
        words.pop()
    return words


@dataclass(frozen=True, eq=False)
class JsonSchema:
    """One document that is a JSON Schema."""

    document: Document
    references: References

    @classmethod
    def all(cls, world: World) -> Iterable[JsonSchema]:
        """Every schema, by path."""
        for document in world.documents(Kind.JSON_SCHEMA):
            if document.root.is_map:
                yield cls(document, world.fact(References))

    @property
    def source(self) -> Document:
        """The document itself."""
        return self.document

    @property
    def identifier(self) -> str:
        """What it is called by others, without a fragment; empty if it says none."""
        root = self.document.root
        return (root.get("$id").text or root.get("id").text or "").partition("#")[0]

    @property
    def name(self) -> str:
        """Its title, else its identifier, else what its file is called."""
        return self.document.root.get("title").text or self.identifier or basename(self.document.path)

    @property
    def object(self) -> ObjectRef:
        """The schema by its title, else its identifier; without a name if it has neither."""
        return ObjectRef("schema", self.document.root.get("title").text or self.identifier)

    def place(self) -> Place:
        """What says what it is: its identifier or title, else the draft."""
        root = self.document.root
        stated = (root.get(key) for key in ("title", "$id", "id", "$schema", "type"))
        found = next((node for node in stated if node.text is not None), root)
        return found.value_place() if found.text is not None else found.place()


class Identified:
    """The schemas of a world by what they call themselves."""

    def __init__(self, world: World) -> None:
        self._named: dict[str, Document] = {}
        for schema in world.all(JsonSchema):
            if schema.identifier:
                self._named.setdefault(schema.identifier, schema.document)

    def __call__(self, address: str) -> Document | None:
        """The schema with an address; ``None`` if no file has it."""
        return self._named.get(address)
