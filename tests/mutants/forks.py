"""Runs pytest in forks of one process, which has imported already what is no part of gearlint."""

import json
import os
import resource
import sys
import time

import git
import hypothesis
import jsonschema
import parso
import pytest
import rich
import yaml

IMPORTED = (git, hypothesis, jsonschema, parso, rich, yaml)


def ended(child: int, seconds: float) -> int:
    """The exit code of a child, negative if it does not end in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, 9)
    os.waitpid(child, 0)
    return -1


def main() -> None:
    """Read lines `[arguments of pytest, environment, seconds]`, and answer each by an exit code.

    The seconds are of the processor, as other programs may run too.
    """
    for line in sys.stdin:
        arguments, environment, seconds = json.loads(line)
        child = os.fork()
        if not child:
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            for number in range(3):
                os.dup2(null, number)
            os.environ.update(environment)
            if seconds:
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            os._exit(pytest.main(arguments))
        print(ended(child, 10 * seconds or float("inf")), flush=True)


if __name__ == "__main__":
    main()
