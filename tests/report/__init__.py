"""Tests of gearlint.report."""
