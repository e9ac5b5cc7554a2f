"""Records of decisions as teams write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.decisions import Decision
from tests.arch.worlds import findings_of, world_of
from tests.support.limits import within

STATUSES = (
    ("Status: accepted", "accepted"),
    ("* Status: Accepted (2024-05-01)", "Accepted (2024-05-01"),
    ("**Status**: proposed", "proposed"),
    ("- **Status:** rejected", "rejected"),
    ("## Status\n\nDeprecated", "Deprecated"),
    ("## Decision status\n\n*Accepted*", "Accepted"),
    ("status: accepted", "accepted"),
    ("Status: [proposed | accepted]", ""),
    ("```\nStatus: accepted\n```", ""),
    ("<!-- Status: accepted -->", ""),
    ("The status of this is open.", ""),
)


@pytest.mark.parametrize(("text", "status"), STATUSES)
def test_the_status_is_read_where_it_is_told(tmp_path: Path, text: str, status: str) -> None:
    world = world_of(tmp_path, {"docs/adr/0007-queues.md": f"# 7. Queues\n\n{text}\n"})
    (found,) = world.all(Decision)
    assert (found.number, found.status) == (7, status)


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("docs/adr/0007-queues.md", 7),
        ("docs/ADRs/adr-012.md", 12),
        ("decisions/3_queues.md", 3),
        ("docs/adr/2024-05-01-queues.md", None),
        ("docs/adr/0000-template.md", None),
        ("docs/adr/README.md", None),
        ("docs/notes/0007-queues.md", None),
    ],
)
def test_numbered_files_of_a_folder_of_decisions_are_records(
    tmp_path: Path, path: str, number: int | None
) -> None:
    world = world_of(tmp_path, {path: "# Queues\n"})
    assert [item.number for item in world.all(Decision)] == ([] if number is None else [number])


@given(st.text(alphabet="#*_-[](): \n`<!>statusupersedby0123ADR./", max_size=400))
def test_no_record_is_too_odd(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("odd")
    world = world_of(folder, {"adr/0001-a.md": text, "adr/0002-b.md": f"Status: accepted\n{text}"})
    assert all(item.line >= 1 for item in (finding.location.span for finding in findings_of(world)))


@pytest.mark.parametrize("piece", ["[", "](", "adr ", "supersedes ", "Status: ", "# ", "0001 ", "*", "`"])
def test_long_records_take_no_longer_than_their_text(tmp_path: Path, piece: str) -> None:
    files: dict[str, Any] = {"adr/0001-a.md": f"Status: supersedes {piece * 100_000}\n"}
    within(3, lambda: findings_of(world_of(tmp_path, files), "decision-replaced-by-none"))
