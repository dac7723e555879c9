"""What git knows of a gear's releases, and making the next one. Knows no rule."""
