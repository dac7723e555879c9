"""The schema of the manifest: what breaks it, and the JSON-schema snippets inside a manifest."""

from gearlint.gear.schema.gate import faults, known_fields, words

__all__ = ["faults", "known_fields", "words"]
