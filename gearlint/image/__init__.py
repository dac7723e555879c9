"""Models, without Docker, the image that a Dockerfile builds. Knows no manifest and no rule."""
