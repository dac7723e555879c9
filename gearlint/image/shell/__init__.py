"""Replays what the shell of a RUN, or of a start, does to the model of an image."""
