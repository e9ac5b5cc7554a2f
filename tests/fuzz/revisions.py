"""A git repository of two revisions for little: one program writes the whole commit."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.process import git

BRANCH = "old"
"""What the commit of the base is called."""
_WHO = "tests <tests@example.com> 1750000000 +0000"
_REFUSED = (".git", ".", "..")
"""Parts of names that git takes into no commit."""


def commit(folder: Path, files: Mapping[str, str]) -> None:
    """Make a folder a repository whose one commit has some files; its working tree is left alone."""
    git(folder, "init", "-q", "-b", BRANCH, "--template=")
    stream = b"".join(_stream({path: text for path, text in files.items() if _may_be_committed(path)}))
    subprocess.run(
        ("git", "fast-import", "--quiet"), input=stream, cwd=folder, check=True, capture_output=True
    )
    git(folder, "read-tree", "HEAD")


def _may_be_committed(path: str) -> bool:
    return not any(part.lower() in _REFUSED for part in path.split("/"))


def _stream(files: Mapping[str, str]) -> Iterator[bytes]:
    yield f"commit refs/heads/{BRANCH}\ncommitter {_WHO}\ndata 3\nold\n".encode()
    for path, text in sorted(files.items()):
        content = text.encode("utf-8", "surrogatepass")
        yield f"M 100644 inline {_quoted(path)}\ndata {len(content)}\n".encode() + content + b"\n"


def _quoted(path: str) -> str:
    plain = path.encode("utf-8", "surrogatepass")
    return '"' + "".join(f"\\{byte:03o}" for byte in plain) + '"'
