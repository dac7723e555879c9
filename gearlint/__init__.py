"""gearlint: checks Flywheel gears before they are built or uploaded."""

__version__ = "0.1.0"
