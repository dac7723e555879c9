"""Byte edits of a gear's documents, from which fixes are made."""
