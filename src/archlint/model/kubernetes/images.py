"""Container image references: registry, name, tag and digest told apart.

Source: the reference grammar of the OCI distribution project: ``[host[:port]/]path[:tag][@digest]``. A colon
before the last slash belongs to the port of the registry, not to a tag.
"""

from __future__ import annotations

from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class ImageReference:
    """The parts of an image reference; what is not there is empty."""

    name: str
    """Registry and path, without tag and digest."""
    tag: str
    digest: str

    @property
    def moves(self) -> bool:
        """Whether the same reference may mean another image tomorrow: no digest, and no tag or ``latest``."""
        return not self.digest and self.tag in ("", "latest")


def parse_image(text: str) -> ImageReference:
    """The parts of a reference as written; nothing is checked."""
    rest, _, digest = text.strip().partition("@")
    folder, slash, last = rest.rpartition("/")
    base, _, tag = last.partition(":")
    return ImageReference(f"{folder}{slash}{base}", tag, digest)


def is_placeholder(text: str) -> bool:
    """Whether some other program fills a value in: ``${TAG}``, ``{{ .image }}``, ``<image>``, ``%image%``."""
    return any(mark in text for mark in ("$", "{{", "<", "%", "@@"))
