"""Making the next version of a gear: what that changes, and doing it."""
