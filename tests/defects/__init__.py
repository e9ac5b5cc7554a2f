"""Defects that are put into healthy repositories, to see whether the rules that join files find them.

A module of ``operators`` has functions that yield defects of one rule; they are written before the rule, and
say where its finding has to stand and which other side it has to show. ``test_benchmark`` draws from them.
"""
