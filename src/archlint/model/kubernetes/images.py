"""Container image references: registry, name, tag and digest told apart, and what is wrong with one.

Source: the reference grammar of the distribution project: ``[host[:port]/]path[:tag][@digest]``. A colon
before the last slash belongs to the port of the registry, not to a tag. What stands before the first slash is
a host if it has a dot, a colon or a capital letter, or is ``localhost``.
"""

from __future__ import annotations

import re

from archlint.finding.records import dataclass
from archlint.finding.regex import regex


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


def default_pull_policy(image: str) -> str:
    """The ``imagePullPolicy`` that the API server writes down where a container has none."""
    return "Always" if parse_image(image).moves else "IfNotPresent"


def full_name(text: str) -> str:
    """Registry and path, with what may be left out for Docker's registry: ``docker.io/library/x``."""
    host, path, _ = _split(text.strip().partition("@")[0])
    if host in ("", "docker.io", "index.docker.io", "registry-1.docker.io"):
        return f"docker.io/{path}" if "/" in path else f"docker.io/library/{path}"
    return f"{host}/{path}"


_MARKS = regex(
    r"\$|\{\{|\{%|<|%|@@|#\{|##|\(\(|\[\[|\{[\w.-]{1,64}\}|__\w{1,64}__|\A[A-Z][A-Z0-9]*_[A-Z0-9_]+\Z"
)
_CAPITALS = regex(r"(?:^|/)[A-Z][A-Z0-9_-]+(?=[/:@]|$)")


def is_placeholder(text: str) -> bool:
    """Whether some other program fills a value in: ``${TAG}``, ``{{ .image }}``, ``<image>``, ``%image%``,
    ``FROM_OVERLAY``."""
    return _MARKS.search(text) is not None


def is_filled_in(image: str) -> bool:
    """Whether an image is no reference yet: a placeholder, capitals as in ``REGISTRY/app``, or ko's path."""
    return is_placeholder(image) or image.startswith("ko://") or _CAPITALS.search(image) is not None


_HOST = regex(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?\Z")
_LABEL = regex(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z")
_COMPONENT = regex(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*\Z")
_TAG = regex(r"\w[\w.-]{0,127}\Z", re.ASCII)
_LONGEST_TAG = 128
_LONGEST_NAME = 255
_DIGITS_OF_DIGEST = {"sha256": 64, "sha384": 96, "sha512": 128}
_HEXADECIMAL = regex(r"[0-9a-f]+\Z")


def image_fault(text: str) -> str | None:
    """Why a container runtime cannot read a reference, in words; ``None`` if it can."""
    if text != text.strip():
        return "it has white space around it"
    if "://" in text:
        return f"'{text.partition('://')[0]}://' is not part of a reference"
    name, at, digest = text.partition("@")
    host, path, tag = _split(name)
    return (
        _host_fault(host)
        or _path_fault(path, has_host=bool(host))
        or (None if tag is None else _tag_fault(tag))
        or (_digest_fault(digest) if at else None)
    )


def _split(name: str) -> tuple[str, str, str | None]:
    """Host (may be empty), path, and the tag if there is a colon for one."""
    first, slash, rest = name.partition("/")
    is_host = slash and (
        any(mark in first for mark in ".:") or first == "localhost" or first.lower() != first
    )
    host, rest = (first, rest) if is_host else ("", name)
    folder, slash, last = rest.rpartition("/")
    base, colon, tag = last.partition(":")
    return host, f"{folder}{slash}{base}", tag if colon else None


def _host_fault(host: str) -> str | None:
    if not host:
        return None
    labels = () if host.startswith("[") else host.partition(":")[0].split(".")
    if _HOST.match(host) and all(map(_LABEL.match, labels)):
        return None
    return f"'{host}' is no host of a registry"


def _path_fault(path: str, *, has_host: bool) -> str | None:
    if not path:
        return "it names no image"
    for part in path.split("/"):
        if part != part.lower() and _COMPONENT.match(part.lower()):
            return f"'{part}' has capital letters"
        if not _COMPONENT.match(part):
            return f"'{part}' is no part of an image's name" if part else "two slashes follow each other"
    if len(path) > _LONGEST_NAME:
        return f"the name has {len(path)} characters, {_LONGEST_NAME} are allowed"
    if not has_host and len(path) == 64 and _HEXADECIMAL.match(path):
        return "64 hexadecimal digits are the identifier of an image, not its name"
    return None


def _tag_fault(tag: str) -> str | None:
    if not tag:
        return "no tag follows the colon"
    if len(tag) > _LONGEST_TAG:
        return f"the tag has {len(tag)} characters, {_LONGEST_TAG} are allowed"
    return None if _TAG.match(tag) else f"'{tag}' is no tag"


def _digest_fault(digest: str) -> str | None:
    if not digest:
        return "no digest follows the '@'"
    algorithm, _, digits = digest.partition(":")
    length = _DIGITS_OF_DIGEST.get(algorithm)
    if length is None:
        return f"'{algorithm}' is no algorithm of a digest: sha256, sha384 or sha512"
    if len(digits) != length:
        return f"a digest by {algorithm} has {length} digits, this one has {len(digits)}"
    return None if _HEXADECIMAL.match(digits) else "the digest has other characters than 0 to 9 and a to f"
