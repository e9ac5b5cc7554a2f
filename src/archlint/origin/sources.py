"""The three kinds of source that pip, pre-commit and a workflow can get archlint from."""

from __future__ import annotations

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_GITHUB = regex(r"(?:https://|ssh://git@)github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?\Z")
_RELEASE = regex(r"v?\d+(?:\.\d+)*(?:[.-]?[a-z]+\.?\d*)?\Z")


@dataclass(frozen=True, slots=True)
class GitSource:
    """A git repository at a revision."""

    url: str
    revision: str
    subdirectory: str = ""
    requested: str = ""
    """The revision that was asked for, where ``revision`` is the commit that it stood for."""

    @property
    def requirement(self) -> str:
        """What pip installs."""
        below = f"#subdirectory={self.subdirectory}" if self.subdirectory else ""
        return f"archlint @ git+{self.url}@{self.revision}{below}"

    @property
    def action(self) -> str | None:
        """How a workflow names the action; ``None`` if it is not on github.com."""
        found = _GITHUB.match(self.url)
        below = f"/{self.subdirectory}" if self.subdirectory else ""
        return f"{found[1]}{below}@{self.revision}" if found else None

    @property
    def release(self) -> str:
        """The tag of a release that the revision stands for, for those who read a commit; may be empty."""
        return self.requested if _RELEASE.match(self.requested) else ""

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of a machine."""
        return self.url.startswith("file:")


@dataclass(frozen=True, slots=True)
class ArchiveSource:
    """A wheel or a source archive, with the digest that it had when it was installed."""

    url: str
    digest: str = ""
    """Such as ``sha256=0123``; empty if the installer did not note it."""
    subdirectory: str = ""

    @property
    def requirement(self) -> str:
        """What pip installs; with the digest it refuses another content."""
        parts = [self.digest, f"subdirectory={self.subdirectory}" if self.subdirectory else ""]
        fragment = "&".join(filter(None, parts))
        return f"archlint @ {self.url}" + (f"#{fragment}" if fragment else "")

    @property
    def is_local(self) -> bool:
        """Whether it is a file of a machine."""
        return self.url.startswith("file:")


@dataclass(frozen=True, slots=True)
class IndexSource:
    """A version on the package index that pip is set up to use."""

    version: str
    is_local = False

    @property
    def requirement(self) -> str:
        """What pip installs."""
        return f"archlint=={self.version}"


InstallSource = GitSource | ArchiveSource | IndexSource
