"""Which source files say nothing of what runs."""

from __future__ import annotations

import pytest

from archlint.model.sources.left_out import is_left_out


@pytest.mark.parametrize(
    ("path", "is_out"),
    [
        ("cart/src/main/java/org/samples/test/cart/App.java", False),
        ("cart/samples/src/main/java/org/App.java", True),
        ("cart/src/test/java/org/App.java", True),
        ("cart/main.go", False),
        ("cart/main_test.go", True),
        ("cart/testdata/main.go", True),
        ("cart/latest/main.go", False),
        ("web/dist/app.js", True),
    ],
)
def test_folders_and_names_tell(path: str, is_out: bool) -> None:
    assert is_left_out(path) is is_out
