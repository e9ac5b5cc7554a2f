"""Text as plain data, with an exact place for every key and value."""

from archlint.documents.document import Document, DuplicateKey, ParseProblem
from archlint.documents.load import Loaded, first_place, is_template, load_text
from archlint.documents.node import MISSING, Node
from archlint.documents.plain import TextFile
from archlint.documents.stored import Shelf, StoredDocuments, revive, store
from archlint.documents.templating import ytt_line

__all__ = [
    "MISSING",
    "Document",
    "DuplicateKey",
    "Loaded",
    "Node",
    "ParseProblem",
    "Shelf",
    "StoredDocuments",
    "TextFile",
    "first_place",
    "is_template",
    "load_text",
    "revive",
    "store",
    "ytt_line",
]
