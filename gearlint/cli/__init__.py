"""Turns arguments into a call and a result into an exit code. Nothing imports it."""
