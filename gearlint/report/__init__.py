"""Renders findings: one module a format, with one function `render`. Knows no engine."""
