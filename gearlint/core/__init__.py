"""Shared nouns: source, span, finding, fix, error, unknown, budget. Knows no file format."""
