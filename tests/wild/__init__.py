"""Breaks real gears, one way at a time, and asks how many of the breaks gearlint reports."""
