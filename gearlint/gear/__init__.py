"""One gear: its documents, and the edits that change them. Knows no rule, setting or release."""
