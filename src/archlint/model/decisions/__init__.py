"""Records of decisions (ADRs), as teams keep them: one numbered Markdown file for each in a folder."""

from archlint.model.decisions.records import Decision, DecisionRelation, NamedDecision, decisions

__all__ = ["Decision", "DecisionRelation", "NamedDecision", "decisions"]
