"""Changes the code a little, and counts the changes that no test notices."""
