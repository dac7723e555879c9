"""A line on the terminal that counts gears. Imported when a check has taken a while."""

from time import monotonic

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from gearlint.core.text import counted

_BETWEEN = 0.1
"""Seconds between two changes of the line."""


class ProgressLine:
    """Shows a verb and a number of gears on stderr, until it is closed; then nothing is left.

    With `moves` a thread shows the time that passes, beside which no process can be forked safely.
    """

    def __init__(self, verb: str, *, moves: bool) -> None:
        self._verb = verb
        self._columns = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=moves,
        )
        self._task = self._columns.add_task(verb)
        self._shown = 0.0
        self._columns.start()

    def show(self, gears: int) -> None:
        """Show so many gears, if the line was not changed just before."""
        if monotonic() - self._shown < _BETWEEN:
            return
        self._columns.update(self._task, description=f"{self._verb} {counted(gears, 'gear')}")
        self._columns.refresh()
        self._shown = monotonic()

    def close(self) -> None:
        """Take the line away."""
        self._columns.stop()
