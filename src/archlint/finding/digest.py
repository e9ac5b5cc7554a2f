"""BLAKE2, without the rest of ``hashlib``: that loads OpenSSL, which costs a short run 2 ms."""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # another implementation of Python
    from hashlib import blake2b

__all__ = ["blake2b"]
