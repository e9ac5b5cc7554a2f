"""Tests of JSON Schemas of events."""
