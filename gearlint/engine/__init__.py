"""Finds gears, runs rules on them, applies fixes until none is left. Knows no output format."""
