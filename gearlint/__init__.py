"""gearlint: checks Flywheel gears before they are built or uploaded."""

__version__ = "0.1.0"
__all__ = ["Finding", "GearlintError", "__version__", "check"]

TYPE_CHECKING = False  # as type checkers know it: nothing is imported here before it is used
if TYPE_CHECKING:
    from gearlint.api import Finding, GearlintError, check


def __getattr__(name: str) -> object:
    if name in __all__:
        from gearlint import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
