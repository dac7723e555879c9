"""GL701, GL702: keys and passwords in the files of a gear."""

import os
from collections.abc import Iterator
from itertools import islice

from gearlint.core import limits
from gearlint.core.errors import TooMuchError
from gearlint.core.finding import Problem, Severity
from gearlint.core.lazy import regex
from gearlint.core.source import Source, Span, has_any
from gearlint.core.text import quoted
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule

_WORDS = ("lywheel.io:", "key", "KEY", "Key", "lient", "ogin", "LOGIN", "oken", "TOKEN")
"""A text without any of these has no key."""
_MAY_BE_KEY = regex(rb":[A-Za-z0-9_-]{14}")


@rule("GL701", "api-key-in-file", Severity.ERROR)
def api_key_in_file(gear: Gear) -> Iterator[Problem]:
    """A file of the gear has a Flywheel API key in it.

    Whoever can read the repository, or the image, can do all that its owner can. Files that
    `.gitignore` excludes are not reported, nor examples such as `site.flywheel.io:xxxxxxxxxxxxxxx`.
    Of the key only the first four characters are shown. Source: seen in public gears.

    Bad run.py:

        #!/usr/bin/env python3
        import flywheel

        print(flywheel.GearContext().config, "site.flywheel.io:Aq3tZ8Lm0PxR5vWn2K")

    Good run.py:

        #!/usr/bin/env python3
        import flywheel

        print(flywheel.GearContext().config)
    """
    for source in gear.text_files:
        if not has_any(source.data, _WORDS) or not _MAY_BE_KEY.search(source.data):
            continue
        from gearlint.core.secrets import SHOWN, api_keys

        text = source.data.decode("latin-1")  # keys are ASCII, and so a character is a byte
        keys = list(islice(api_keys(text), limits.KEYS_REPORTED))
        source = gear.as_read_before(source) if keys else source
        for key in keys if keys and _is_kept(gear, source) else ():
            yield Problem(
                source,
                Span(key.start, key.start + SHOWN),
                f"a Flywheel API key of {key.host}, {quoted(text[key.start : key.start + SHOWN])}…",
                "revoke the key, and remove it from the file and from the history of git",
            )


def _is_kept(gear: Gear, source: Source) -> bool:
    """Whether git may hold a file: no `.gitignore` excludes it."""
    from gearlint.syntax.gitignore import GitIgnore

    try:
        return not GitIgnore(gear.root).covers(os.path.abspath(source.path))
    except TooMuchError:
        return False


@rule("GL702", "secret-in-environment", Severity.WARNING)
def secret_in_environment(gear: Gear) -> Iterator[Problem]:
    """A variable of the environment has a password, a token or the like as its value.

    Whoever can read the manifest, or pull the image, has it. The value is never shown. Source: the
    documentation of Docker; hadolint's and BuildKit's checks.

    Bad:

        "environment": {"DB_PASSWORD": "Xk2-91pq"}

    Good:

        "environment": {"DB_USER": "reader"}
    """
    advice = "make it an input or a configuration option of the job, and change the secret"
    for name, value in gear.manifest.object("environment").items():
        if isinstance(value, str) and _is_secret(name, value):
            message = f"variable {quoted(name)} has a secret as its value"
            yield gear.at.key(("environment", name), message, advice)
    for instruction in gear.dockerfile.instructions if gear.dockerfile is not None else ():
        for pair in instruction.pairs if instruction.name == "ENV" else ():
            if pair.value is not None and _is_secret(pair.key.text, pair.value.text.strip("\"'")):
                message = f"ENV sets {quoted(pair.key.text)} to a secret"
                yield gear.at.dockerfile(pair.key.span, message, advice)


_MAY_BE_SECRET = regex(r"(?i)pass|secret|token|key|credential")


def _is_secret(name: str, value: str) -> bool:
    if not _MAY_BE_SECRET.search(name) and "@" not in value:
        return False
    from gearlint.core.secrets import api_keys, is_password

    is_key = any(True for _ in api_keys(value))  # GL701 says so
    return not is_key and is_password(name, value)
