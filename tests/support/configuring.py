"""What a configuration in a repository under test says of its system."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archlint.comparison import ComparisonTerms
from archlint.config.loading import load_settings
from archlint.config.reading import Configuration
from archlint.config.rulesets.choosing import choose_ruleset
from archlint.config.rulesets.names import NAMES, REDOCLY
from archlint.config.rulesets.redocly import RedoclyReader
from archlint.documents import load_text
from archlint.engine.changes import agreed
from archlint.files import Kind, WorkingTree
from archlint.model.world import World
from tests.support.rules import registry

FILE = "archlint.yaml"


def terms_of(files: Mapping[str, str]) -> ComparisonTerms:
    """What the configuration among some files promises of events."""
    loaded = load_text(FILE, files.get(FILE, ""), Kind.DATA)
    if not loaded.documents:
        return ComparisonTerms()
    settings = load_settings(Configuration(Path(FILE), FILE, loaded.documents[0].root), registry())
    return agreed(settings)


def configure(world: World, files: Mapping[str, str]) -> None:
    """Tell a world what the team says of its pods, connections and calls, if it has a configuration, and
    of its contracts, if it has a ruleset."""
    if not set(NAMES).isdisjoint(files) and isinstance(world.tree, WorkingTree):
        world.ruleset = choose_ruleset(world.tree.root, None, None, registry().rules).ruleset
    if REDOCLY[0] in files and isinstance(world.tree, WorkingTree):
        world.redocly = RedoclyReader(world.tree).read(REDOCLY[0])
    loaded = load_text(FILE, files.get(FILE, ""), Kind.DATA)
    if loaded.documents:
        settings = load_settings(Configuration(Path(FILE), FILE, loaded.documents[0].root), registry())
        world.pod_spec_paths, world.team_rules = settings.pod_spec_paths, settings.network_rules
        world.team_calls = settings.team_calls
