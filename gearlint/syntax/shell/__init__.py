"""Shell command lines: their grammar, and what their words become. Knows no files and no image."""
