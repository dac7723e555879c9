"""What a gear's own Python and shell say: what they import, read and start. Never executed.

Knows files of the image and texts; no manifest, and no rule.
"""
