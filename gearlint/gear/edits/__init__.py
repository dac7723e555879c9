"""The byte edits that change the documents of a gear, as fixes."""
