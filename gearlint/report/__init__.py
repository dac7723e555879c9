"""Renders findings: each format is a module with a function `render`. Knows no engine."""
