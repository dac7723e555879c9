"""What a Dockerfile says of the version of the software that a gear wraps."""

import pytest

from gearlint.core.source import Source
from gearlint.image.software import software_version
from gearlint.syntax.dockerfile import Dockerfile

EVIDENCE = [
    # a Dockerfile of the gear `my-fmriprep`, and the version with the name that it is of
    ("FROM nipreps/fmriprep:20.0.7", "20.0.7 fmriprep"),
    ("FROM nipreps/fmriprep:v20.0.7-slim", "v20.0.7 fmriprep"),
    ("FROM debian:12\nENV FMRIPREP_VERSION=20.0.7", "20.0.7 FMRIPREP_VERSION"),
    ("FROM debian:12\nARG FMRIPREP_VERSION=20.0.7", "20.0.7 FMRIPREP_VERSION"),
    ("FROM nipreps/fmriprep:20.0.7\nENV FMRIPREP_VERSION=20.0.7", "20.0.7 fmriprep"),
    # none
    ("FROM debian:12", ""),
    ("FROM me/my-tool:1.2.3", ""),
    ("FROM nipreps/fmriprep", ""),
    ("FROM nipreps/fmriprep:latest", ""),
    ("FROM me/my-fmriprep:20.0.7", ""),  # an older image of the gear itself
    ("FROM debian:12\nARG FMRIPREP_VERSION", ""),
    ("FROM debian:12\nENV FMRIPREP=20.0.7", ""),
    ("FROM debian:12\nENV POETRY_VERSION=1.8.2", ""),
    ("FROM debian:12\nLABEL FMRIPREP_VERSION=20.0.7", ""),
    ("FROM nipreps/fmriprep:20.0.6\nENV FMRIPREP_VERSION=20.0.7", ""),
]


@pytest.mark.parametrize(("text", "expected"), EVIDENCE)
def test_version_of_the_software(text: str, expected: str) -> None:
    dockerfile = Dockerfile(Source("Dockerfile", f"{text}\n".encode()))
    found = software_version(dockerfile, "my-fmriprep", "me/my-fmriprep")
    assert (f"{found.version} {found.name}" if found else "") == expected
