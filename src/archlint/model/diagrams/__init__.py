"""Diagrams that are kept as text: Mermaid, Structurizr, PlantUML; and whether they tell the truth."""
