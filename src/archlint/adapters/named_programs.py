"""Programs that a flag or the environment names."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def program_path(program: str) -> str | None:
    """The absolute path of a program, which is a path or a name to look up; ``None`` if there is none.

    Folders of PATH that are relative are left out, as the working directory may belong to the repository that
    is checked.
    """
    named = Path(program).expanduser()
    if len(named.parts) > 1 or program.startswith("."):
        return shutil.which(str(named.absolute()))
    folders = [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]
    return shutil.which(program, path=os.pathsep.join(folders))
