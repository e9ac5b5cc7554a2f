"""The files that workers begin with are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import LONG_FILES


@pytest.mark.parametrize("name", LONG_FILES)
def test_what_comes_first_is_there(name: str) -> None:
    assert (Path(__file__).parents[2] / name).is_file()
