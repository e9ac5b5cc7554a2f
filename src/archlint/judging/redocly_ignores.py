"""What Redocly's ignore file says of findings of configurable rules."""

from __future__ import annotations

from archlint.finding import Finding
from archlint.judging.house_findings import ELEMENT
from archlint.judging.local_severities import LevelThere
from archlint.model.redocly.rules import RedoclyRules

_TOOL = "redocly:"
_IGNORED = LevelThere(None, "ignored in .redocly.lint-ignore.yaml")


class RedoclyIgnores:
    """The places that a configuration's ignore file lists."""

    def __init__(self, config: RedoclyRules) -> None:
        self._ignored = config.ignored

    def there(self, finding: Finding) -> LevelThere | None:
        """Whether a finding is listed, by its file, rule and exact place."""
        for alias in finding.aliases:
            places = self._ignored.get((finding.location.path, alias.removeprefix(_TOOL)), ())
            if finding.arguments.get(ELEMENT) in places:
                return _IGNORED
        return None
