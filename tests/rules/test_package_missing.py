"""GL421: packages that the script imports, and that nothing installs."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

START = "FROM python:3.11\nWORKDIR /flywheel/v0\n"
END = "COPY run.py manifest.json ./\n"
SITE = "/usr/local/lib/python3.11/site-packages"
DEBIAN = "RUN apt-get update && apt-get install -y python3-yaml\n"
VENV = "FROM python:3.11 AS a\nRUN python -m venv /v\nFROM python:3.11\nCOPY --from=a /v /v\n"
FILE = "COPY requirements.txt .\nRUN pip install -r requirements.txt\n"


def _not_there(module: str) -> str:
    return f'the module "{module}" is not in the image: nothing installs it'


ALONE = [
    # a script, where it imports what is not there, and what
    ("import numpy\n", "1:8", "numpy", "numpy"),
    ("import json, yaml\n", "1:14", "yaml", "pyyaml"),
    ("from sklearn.linear_model import Ridge\n", "1:1", "sklearn", "scikit-learn"),
    ("import scipy.stats as s, scipy\n", "1:8", "scipy", "scipy"),
    ("import of_nobody_known\n", "1:8", "of_nobody_known", "of-nobody-known"),
]
STEPS = [
    # steps, what is in requirements.txt, and a module that they do not bring
    ("RUN pip install numpy\n", "", "yaml"),
    ("RUN pip3 install --no-cache-dir -U 'numpy>=1.20' six==1.16\n", "", "yaml"),
    ("RUN python -m pip install numpy && pip install --upgrade pip\n", "", "pandas"),
    ("RUN pip install pandas\n", "", "yaml"),
    (FILE, "numpy==1.26\n# a comment\nsix ; python_version < '3'  # old\n", "yaml"),
    (FILE, "--index-url https://example.org/simple\nnumpy \\\n  --hash=sha256:abc\n", "yaml"),
    (f"COPY more.txt .\n{FILE}", "-r more.txt\nnumpy\n", "pandas"),
    ("RUN apt-get update && apt-get install -y git python3-yaml\n", "", "yaml"),
    ("RUN uv pip install --system numpy\n", "", "yaml"),
    ("RUN bash -c 'pip install numpy'\n", "", "yaml"),
    ("RUN pip install -U pip setuptools\n", "", "yaml"),
]
MAY_BE_THERE = [
    # steps, requirements.txt and a script
    ("RUN pip install PyYAML\n", "", "import yaml\n"),
    ("RUN pip install pandas\n", "", "import numpy, dateutil, six\n"),
    (FILE, "pyyaml\n", "import yaml\n"),
    (f"COPY more.txt .\n{FILE}", "-r more.txt\nnumpy\n", "import yaml\n"),
    ("RUN pip install numpy of-nobody-known\n", "", "import yaml\n"),
    ("RUN pip install 'pandas[all]'\n", "", "import yaml\n"),
    ("RUN pip install git+https://github.com/x/y\n", "", "import yaml\n"),
    ("RUN pip install https://example.org/x.whl\n", "", "import yaml\n"),
    ("RUN pip install 'x @ https://example.org/x.whl'\n", "", "import yaml\n"),
    ("COPY . .\nRUN pip install .\n", "", "import yaml\n"),
    ("COPY . .\nRUN pip install -e .\n", "", "import yaml\n"),
    (FILE, "-e .\n", "import yaml\n"),
    (FILE, "git+https://github.com/x/y\n", "import yaml\n"),
    (FILE, "-r other.txt\n", "import yaml\n"),
    ("RUN pip install -r /opt/requirements.txt || true\n", "", "import yaml\n"),
    ("RUN pip install --target /opt numpy\n", "", "import yaml\n"),
    ("RUN pip install $(cat x)\n", "", "import yaml\n"),
    ("ARG EXTRA\nRUN pip install $EXTRA\n", "", "import yaml\n"),
    ("RUN pipenv install --system\n", "", "import yaml\n"),
    ("RUN conda install pyyaml\n", "", "import yaml\n"),
    ("RUN poetry install\n", "", "import yaml\n"),
    ("RUN make install\n", "", "import yaml\n"),
    ("COPY setup.py .\nRUN python setup.py install\n", "", "import yaml\n"),
    ("RUN python -c 'import pip; pip.main()'\n", "", "import yaml\n"),
    ("RUN python -m ensurepip && python -m venv /v && /v/bin/pip install x\n", "", "import yaml\n"),
    (f"RUN cp -r /opt/x/* {SITE}/\n", "", "import yaml\n"),
    (f"{DEBIAN}ENV PYTHONPATH=/usr/lib/python3/dist-packages\n", "", "import yaml\n"),
    (f"ADD https://example.org/x.py {SITE}/yaml.py\n", "", "import yaml\n"),
    ("COPY lib/yaml /root/.local/lib/python3.11/site-packages/yaml\n", "", "import yaml\n"),
    ("COPY lib /opt/lib/python3.11/site-packages\nENV PYTHONUSERBASE=/opt\n", "", "import yaml\n"),
    ("COPY lib /usr/local/lib/python3.11\n", "", "import yaml\n"),
    (f"COPY lib/yaml {SITE}/yaml\n", "", "import yaml\n"),
    (f"COPY more.pth {SITE}/\n", "", "import yaml\n"),
    (f"RUN echo /opt/x > {SITE}/x.pth\n", "", "import yaml\n"),
    ("RUN pip download pyyaml && unzip *.whl -d .\n", "", "import yaml\n"),
    ("RUN git clone https://github.com/yaml/pyyaml && mv pyyaml/lib/yaml .\n", "", "import yaml\n"),
    ("RUN python3 -m pip install --prefix=/opt pyyaml\n", "", "import yaml\n"),
    ("RUN curl -sSL https://example.org/install.sh | bash\n", "", "import yaml\n"),
    ("COPY --from=me/other /usr/local/lib /usr/local/lib\n", "", "import yaml\n"),
    ("ENV PYTHONPATH=/opt/x\nRUN git clone https://github.com/x/y /opt/x\n", "", "import y\n"),
    ("RUN ln -s /opt/python /usr/local/bin/python3 -f\n", "", "import yaml\n"),
    ("RUN ln -sf /opt/python /usr/local/bin/python\n", "", "import yaml\n"),
    ("COPY missing.py .\n", "", "import yaml\n"),
    ("", "", "try:\n    import yaml\nexcept ImportError:\n    yaml = None\n"),
    ("", "", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import yaml\n"),
    ("", "", "import sys\nsys.path.append(sys.argv[1])\nimport yaml\n"),
    ("", "", "import sys\nsys.modules['yaml'] = sys\nimport yaml\n"),
    ("", "", "import os\nos.system('pip install pyyaml')\nimport yaml\n"),
    ("", "", "import json, pip, setuptools, pkg_resources, wheel, __main__, tomllib, imp\n"),
    ("", "", "from . import yaml\n"),
    ("COPY helper.py .\n", "", "import helper\n"),
    ("", "", "import helper\n"),  # GL411
]  # fmt: skip


def _gear(directory: Path, dockerfile: str, script: str, requirements: str = "") -> None:
    write_gear(directory)
    (directory / "run.py").write_text(script)
    (directory / "requirements.txt").write_text(requirements)
    (directory / "more.txt").write_text("six\nPyYAML\n" if "yaml" in script else "six\n")
    (directory / "install.sh").write_text("pip install numpy\n")
    (directory / "helper.py").write_text("")
    (directory / "more.pth").write_text("/opt/x\n")
    (directory / "setup.py").write_text(
        "from setuptools import setup\nsetup(install_requires=['pyyaml'])\n"
    )
    (directory / "lib" / "yaml").mkdir(parents=True, exist_ok=True)
    (directory / "lib" / "yaml" / "__init__.py").write_text("")
    (directory / "Dockerfile").write_text(dockerfile)


@pytest.mark.parametrize(("script", "place", "module", "distribution"), ALONE)
def test_nothing_is_installed(
    script: str, place: str, module: str, distribution: str, tmp_path: Path, check: Run
) -> None:
    _gear(tmp_path, f"{START}{END}", script)
    (found,) = check(tmp_path, "--select", "GL421").findings
    said = f"{found['line']}:{found['column']}", found["message"], found["help"]
    assert said == (place, _not_there(module), f"install {distribution} by pip")
    assert found["severity"] == "error"


@pytest.mark.parametrize(("steps", "requirements", "module"), STEPS)
def test_others_are_installed(
    steps: str, requirements: str, module: str, tmp_path: Path, check: Run
) -> None:
    _gear(tmp_path, f"{START}{steps}{END}", f"import os, {module}\n", requirements)
    (tmp_path / "more.txt").write_text("six\n")
    (found,) = check(tmp_path, "--select", "GL421").findings
    is_alone = "apt-get" in steps or "-U pip" in steps
    severity = "error" if is_alone else "warning"
    assert (found["message"], found["severity"]) == (_not_there(module), severity)


@pytest.mark.parametrize(("steps", "requirements", "script"), MAY_BE_THERE)
def test_what_may_be_there(
    steps: str, requirements: str, script: str, tmp_path: Path, check: Run
) -> None:
    _gear(tmp_path, f"{START}{steps}{END}", script, requirements)
    assert check(tmp_path, "--select", "GL421").codes == []


@pytest.mark.parametrize(
    "dockerfile",
    [
        "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3\n",
        "FROM flywheel/python:3.11\n",
        "FROM me/python:3.11\n",
        "FROM python\n",
        "FROM python:3\n",
        "FROM python:2.7\n",
        f"{VENV}ENV PATH=/v/bin:$PATH\n",
        "FROM python:3.11\nENV PATH=/opt/bin:$PATH\n",
    ],
)  # fmt: skip
def test_other_python(dockerfile: str, tmp_path: Path, check: Run) -> None:
    start = 'ENTRYPOINT ["python3", "/flywheel/v0/run.py"]\n'
    _gear(tmp_path, f"{dockerfile}WORKDIR /flywheel/v0\n{END}{start}", "import yaml\n")
    write_gear(tmp_path, '"command": "/opt/python run.py"')
    (tmp_path / "run.py").write_text("import yaml\n")
    (tmp_path / "Dockerfile").write_text(f"{dockerfile}WORKDIR /flywheel/v0\n{END}{start}")
    assert check(tmp_path, "--select", "GL421").codes == []


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("python run.py", ["GL421"]),
        ("python3 run.py", ["GL421"]),
        ("/usr/local/bin/python3 run.py", ["GL421"]),
        ("./run.py", ["GL421"]),
        ("/usr/bin/python3 run.py", []),
        ("bash -c 'source /venv/bin/activate; python run.py'", []),
        ("pip install pyyaml && python run.py", []),
    ],
)
def test_command(command: str, codes: list[str], tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"{START}{END}", "")
    write_gear(tmp_path, f'"command": "{command}"')
    (tmp_path / "Dockerfile").write_text(f"{START}{END}")
    (tmp_path / "run.py").write_text("#!/usr/bin/env python3\nimport yaml\n")
    assert check(tmp_path, "--select", "GL421").codes == codes


@pytest.mark.parametrize("path", ["/venv/bin:/usr/local/bin", "/usr/bin:/usr/local/bin"])
def test_path_of_the_manifest(path: str, tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"{START}{END}", "")
    write_gear(tmp_path, f'"command": "python run.py", "environment": {{"PATH": "{path}"}}')
    (tmp_path / "Dockerfile").write_text(f"{START}{END}")
    (tmp_path / "run.py").write_text("import yaml\n")
    assert check(tmp_path, "--select", "GL421").codes == []


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        ("def main():\n    import yaml\nmain()\n", "warning"),
        ("import os\nif os.getuid():\n    import yaml\n", "warning"),
        ("import helper\n", "error"),
    ],
)
def test_place_of_the_import(script: str, severity: str, tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"{START}COPY helper.py .\n{END}", script)
    if "helper" in script:
        (tmp_path / "helper.py").write_text("import yaml\n")
    (found,) = check(tmp_path, "--select", "GL421").findings
    assert found["severity"] == severity


@pytest.mark.parametrize(
    ("version", "module", "codes"),
    [
        ("3.11", "imp", []),
        ("3.12", "imp", ["GL421"]),
        ("3.11", "distutils", []),
        ("3.12-slim", "distutils", ["GL421"]),
        ("3.12", "cgi", []),
        ("3.13", "cgi", ["GL421"]),
        ("3.10", "tomllib", ["GL421"]),
        ("3.11", "tomllib", []),
        ("3.11", "sre_parse", []),
        ("3.14", "compression.zstd", []),
        ("3.15", "profiling", []),
        ("3.14", "profiling", ["GL421"]),
        ("3.12", "pkg_resources", ["GL421"]),
    ],
)
def test_what_a_version_of_python_has(
    version: str, module: str, codes: list[str], tmp_path: Path, check: Run
) -> None:
    start = START.replace("3.11", version)
    _gear(tmp_path, f"{start}{END}", f"import {module}\n")
    assert check(tmp_path, "--select", "GL421").codes == codes


def test_message_of_what_python_has_no_more(tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"{START.replace('3.11', '3.12')}{END}", "import imp\nimport distutils.util\n")
    imp, distutils = check(tmp_path, "--select", "GL421").findings
    assert (imp["message"], imp["help"]) == (
        'Python 3.12 has no module "imp"',
        "write it without that",
    )
    assert (distutils["message"], distutils["help"]) == (
        'Python 3.12 has no module "distutils"',
        "install setuptools by pip",
    )
    setuptools = f"{START.replace('3.11', '3.12')}RUN pip install setuptools\n{END}"
    _gear(tmp_path, setuptools, "import distutils.util\n")
    assert check(tmp_path, "--select", "GL421").codes == []
