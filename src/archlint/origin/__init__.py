"""Where this archlint comes from, and how others get the same one: its metadata, its home, its source."""

from archlint.origin.addresses import SourceProblem
from archlint.origin.installed import Installed, installed_source
from archlint.origin.metadata import Metadata, own_metadata
from archlint.origin.sources import ArchiveSource, GitSource, IndexSource, Source
from archlint.origin.specs import source_named

__all__ = [
    "ArchiveSource",
    "GitSource",
    "IndexSource",
    "Installed",
    "Metadata",
    "Source",
    "SourceProblem",
    "installed_source",
    "own_metadata",
    "source_named",
]
