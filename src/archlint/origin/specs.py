"""What a user writes after ``--source``: an address as git and pip know it, or a version on an index."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from archlint.finding.regex import regex
from archlint.origin.addresses import SourceProblem, checked, checked_revision, from_scp, split
from archlint.origin.sources import ArchiveSource, GitSource, IndexSource, InstallSource

ARCHIVE = regex(r"\.(?:whl|zip|tgz|tar\.(?:gz|bz2|xz))\Z", re.IGNORECASE)
_NAMED = regex(r"archlint[ \t]*@[ \t]*")
_VERSION = regex(r"archlint[ \t]*==[ \t]*([0-9][A-Za-z0-9.!+]*)\Z")
_REVISION = regex(r"@([^@/:]+(?:/[^@:]*)?)\Z")
_FOLDER = regex(r"[A-Za-z0-9_][A-Za-z0-9_./-]*\Z")
_DIGEST = regex(r"[0-9a-f]{32,128}\Z")
_ALGORITHMS = frozenset({"sha256", "sha384", "sha512"})
FORMS = (
    "git+https://git.example.com/team/archlint.git@v1.2.0, https://files.example.com/archlint-1.2.0-py3-none-any.whl,"
    " archlint==1.2.0"
)


def source_named(spec: str, revision: str | None, default: str) -> InstallSource:
    """The source that a text names; raises ``SourceProblem``.

    ``revision`` is the one that is given beside the text, ``default`` that of a repository without one.
    """
    spec = _NAMED.sub("", spec.strip(), count=1)
    found = _VERSION.match(spec)
    if found:
        return IndexSource(found[1])
    if not spec.startswith("git+"):
        spec = from_scp(spec)
    _refuse_paths(spec)
    address, _, fragment = spec.partition("#")
    known = _fragment(fragment)
    is_git = address.startswith("git+") or not ARCHIVE.search(split(address).path)
    if not is_git:
        if revision is not None:
            raise SourceProblem("an archive has no revisions; leave out --rev")
        return ArchiveSource(checked(address), _digest(known), known.get("subdirectory", ""))
    address = from_scp(address.removeprefix("git+"))
    at = _REVISION.search(split(address).path)
    if at and revision is not None:
        raise SourceProblem("the revision is named twice; leave out --rev, or the part after '@'")
    chosen = at[1] if at else revision or default
    url = checked(address[: -len(at[0])] if at else address)
    return GitSource(url, checked_revision(chosen), known.get("subdirectory", ""))


def _refuse_paths(spec: str) -> None:
    if re.match(r"[A-Za-z][A-Za-z+]+://", spec) or re.match(r"git\+", spec):
        return
    if re.match(r"[./~\\]|[A-Za-z]:[/\\]", spec):
        raise SourceProblem(
            "a path of this machine leads nowhere on others. Name an address that all can reach; if every "
            "machine has the same folder, such as a shared one, write git+file:///srv/git/archlint.git@v1.2.0"
        )
    raise SourceProblem(f"this is no source of archlint. Write one of: {FORMS}")


def _fragment(text: str) -> dict[str, str]:
    """What stands behind ``#``, as pip reads it; raises ``SourceProblem`` for anything else."""
    known = dict(parse_qsl(text, keep_blank_values=True))
    known.pop("egg", None)
    for name, value in known.items():
        good = folder_is_plain(value) if name == "subdirectory" else _is_digest(name, value)
        if not good:
            raise SourceProblem("behind '#' only subdirectory=FOLDER and sha256=DIGEST are understood")
    return known


def folder_is_plain(folder: str) -> bool:
    """Whether a folder may be written down: below the repository, and of plain signs."""
    return _FOLDER.match(folder) is not None and ".." not in folder.split("/") and len(folder) < 200


def _is_digest(name: str, value: str) -> bool:
    return name in _ALGORITHMS and _DIGEST.match(value) is not None


def _digest(known: dict[str, str]) -> str:
    return next((f"{name}={value}" for name, value in known.items() if name in _ALGORITHMS), "")


def recorded_digest(hashes: object) -> str:
    """The strongest of the digests that PEP 610 records, as an address has it behind ``#``."""
    if not isinstance(hashes, dict):
        return ""
    for name in sorted(_ALGORITHMS, reverse=True):
        value = hashes.get(name)
        if isinstance(value, str) and _DIGEST.match(value):
            return f"{name}={value}"
    return ""
