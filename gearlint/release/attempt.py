"""Carries something out, or takes it back; where it fails, the message says how things are now."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gearlint.core.errors import GearlintError
from gearlint.release import remote
from gearlint.release.remote import RefusedError, UnfinishedError


class Attempt:
    """What is being carried out. With `is_pushing` it may have left this machine already."""

    is_pushing = False


@contextmanager
def attempt(take_back: Callable[[], str], unknown: str) -> Iterator[Attempt]:
    """Take back what the block has done, where it raises or is interrupted.

    `take_back` returns how things are then, which the message of what is raised ends with. What was
    being pushed and was not refused is left as it is for the next run to end; the message ends with
    `unknown` then.
    """
    this = Attempt()
    try:
        yield this
    except UnfinishedError:
        raise
    except BaseException as error:
        if this.is_pushing and not isinstance(error, RefusedError):
            outcome = f"{unknown}: {remote.AGAIN}"
        else:
            outcome = take_back()
        if isinstance(error, (GearlintError, KeyboardInterrupt)):
            error.args = (f"{str(error) or 'interrupted'}; {outcome}",)
        raise
