"""What is certain of public base images: a table, and how a FROM is looked up in it."""
