"""Addresses that may be written into files which others read: reachable by them, and without a secret."""

from __future__ import annotations

from urllib.parse import SplitResult, unquote, urlsplit

from archlint.finding.regex import regex

_LONGEST = 2000
_HOST = regex(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_PATH = regex(r"/[A-Za-z0-9._~/+%=-]*\Z")
_USER = regex(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_REVISION = regex(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*\Z")
_SCP = regex(r"(?:(?P<user>[A-Za-z0-9_.-]+)@)(?P<host>[A-Za-z0-9.-]+):(?P<path>[^/:][^:]*)\Z")
_TOKEN = regex(
    r"gh[opsur]_[A-Za-z0-9]{16}|github_pat_\w{16}|gl[a-z]{2,6}-[\w-]{16}|(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|pypi-[\w-]{32}|xox[a-z]-[\w-]{10}|eyJ[\w-]{10,400}+\.[\w-]{10}"
)
"""How the tokens of well-known services begin: of GitHub, GitLab, AWS, PyPI, Slack, and JSON Web Tokens."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})

PLAIN = "letters, digits and the signs . _ ~ / + % = -"


class SourceProblem(Exception):
    """A source that cannot be written down; the text says why and what to type, and repeats no secret."""


def from_scp(address: str) -> str:
    """``git@host:path``, as git and code hosts write it, as a URL; any other text as it is."""
    found = _SCP.match(address)
    return f"ssh://{found['user']}@{found['host']}/{found['path']}" if found else address


def checked(address: str) -> str:
    """The address as it may be written down; raises ``SourceProblem``."""
    parts = split(address)
    if has_secret(address):
        raise SourceProblem(
            "the source has a user, a password, a token or a query, which others would read in the hook and "
            f"the workflow. Name it without: {without_secret(parts)}; git and pip have settings for a login"
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise SourceProblem(
            "over http anybody on the way could put in code of their own. Name the source with https"
        )
    if parts.scheme not in ("https", "http", "ssh", "file"):
        raise SourceProblem(f"'{parts.scheme}:' is no way to get archlint; name the source with https or ssh")
    if parts.scheme == "file" and parts.netloc not in ("", "localhost"):
        raise SourceProblem("a file: source begins with three slashes, as file:///srv/git/archlint.git")
    if parts.scheme != "file" and not _HOST.match(parts.hostname or ""):
        raise SourceProblem(
            "the source has no plain host name, as in https://git.example.com/team/archlint.git"
        )
    if not _PATH.match(parts.path) or not parts.path.strip("/"):
        raise SourceProblem(f"after the host the source needs a path of {PLAIN}")
    return _written(parts)


def split(address: str) -> SplitResult:
    """The parts of an address; raises ``SourceProblem`` for what is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        port, parts = 0, urlsplit("")
    if port == 0 or not parts.scheme or len(address) > _LONGEST or not address.isprintable():
        raise SourceProblem("the source is no address, such as https://git.example.com/team/archlint.git")
    return parts


def has_secret(address: str) -> bool:
    """Whether an address has a part that may be one: a user, a query, or what looks like a token.

    The user of ssh is a name that the service gives to all, and its keys are elsewhere.
    """
    parts = split(address)
    user = parts.netloc.rpartition("@")[0]
    if user and not (parts.scheme == "ssh" and _USER.match(user)):
        return True
    return "@" in parts.path or bool(parts.query) or _TOKEN.search(unquote(address)) is not None


def without_secret(parts: SplitResult) -> str:
    """What is left of an address without user, query and token."""
    if "@" in parts.path or _TOKEN.search(unquote(parts.netloc + parts.path)):
        return "https://HOST/PATH"
    user, _, host = parts.netloc.rpartition("@")
    name = "git@" if parts.scheme == "ssh" and user.partition(":")[0] == "git" else ""
    return _written(parts._replace(netloc=name + host))


def checked_revision(revision: str) -> str:
    """A revision as it may be written down; raises ``SourceProblem``."""
    if _TOKEN.search(revision):
        raise SourceProblem("the revision looks like a token; name a tag or a commit")
    if not _REVISION.match(revision) or ".." in revision or len(revision) > 200:
        raise SourceProblem("the revision of the source is no plain tag or commit, such as v1.2.0")
    return revision


def _written(parts: SplitResult) -> str:
    user, at, host = parts.netloc.rpartition("@")
    netloc = "" if parts.scheme == "file" else f"{user}{at}{host.lower()}"
    return f"{parts.scheme}://{netloc}{parts.path}"
