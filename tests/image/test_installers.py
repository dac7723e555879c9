"""What installers, downloads and idioms write: nothing but what they say."""

from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.unknown import UNKNOWN
from gearlint.image.nodes import File
from gearlint.image.state import Image
from tests.image.test_build import HOME, described, image_of

INSTALLED = "apt-get update && apt-get install -y conda npm r-base"
BASE = f"FROM python:3.11\nRUN {INSTALLED}\nWORKDIR {HOME}\nCOPY . .\n"
OTHER = "none.py"
X, Y = "https://example.org/x", "https://example.org/y"
V1 = "https://github.com/a/b/archive/v1.zip"

ONLY_ELSEWHERE = [
    "python -m venv /opt/venv",
    "python3 -m venv venv",
    "virtualenv -p python3 /opt/venv",
    "curl -sL https://deb.nodesource.com/setup_20.x | bash -",
    "curl -s https://raw.githubusercontent.com/python-poetry/poetry/1.1.4/get-poetry.py | python",
    "curl -sSL https://install.python-poetry.org | python3 -",
    "curl --proto '=https' -sSf https://sh.rustup.rs | sh -s -- -y",
    "wget -O- http://neuro.debian.net/lists/xenial.us-nh.full | tee /etc/apt/sources.list.d/n.list",
    "cd / && wget https://github.com/a/b/archive/v1.0.tar.gz && tar xzf v1.0.tar.gz",
    "cd / && curl -Lo x.zip https://github.com/a/b/archive/refs/tags/1.zip && unzip x.zip",
    "wget -O b.tgz https://github.com/a/b/archive/main.tgz && tar -xf b.tgz",
    *(
        f"cd / && wget {url} && tar xf {url.rpartition('/')[2]}"
        for url in (
            "https://surfer.nmr.mgh.harvard.edu/pub/dist/freesurfer/6.0.0/freesurfer-Linux-x.tar.gz",
            "ftp://surfer.nmr.mgh.harvard.edu/pub/dist/freesurfer/7.4.1/freesurfer-linux-7.4.1.tar.gz",
            "https://fsl.fmrib.ox.ac.uk/fsldownloads/fsl-6.0.4-centos7_64.tar.gz",
            "https://www.python.org/ftp/python/3.7.8/Python-3.7.8.tgz",
            "https://github.com/Kitware/CMake/releases/download/v3.20.2/cmake-3.20.2.tar.gz",
            "https://nodejs.org/dist/v18.1.0/node-v18.1.0-linux-x64.tar.xz",
        )
    ),
    *(
        f"cd / && curl -LO {url} && unzip -q {url.rpartition('/')[2]}"
        for url in (
            "https://www.humanconnectome.org/storage/app/media/workbench/workbench-linux64-v1.5.0.zip",
            "https://github.com/ANTsX/ANTs/releases/download/v2.5.4/ants-2.5.4-ubuntu-22.04-gcc.zip",
        )
    ),
    "mkdir /m && cd /m && curl -o r.zip https://ssd.mathworks.com/r.zip && unzip r.zip"
    " && ./install -mode silent -agreeToLicense yes",
    "/m/install -destinationFolder /opt/mcr -agreeToLicense yes -mode silent",
    "touch /tmp/$(date +%F)",
    "curl -fsSL https://example.org/fslinstaller.py | python3 - -d /opt/fsl -V 6.0.7",
    "wget -q https://example.org/x.tar.gz",
    "wget -P /tmp https://example.org/x.zip && unzip /tmp/x.zip -d /opt",
    "curl -Lo /tmp/x.tgz https://example.org/x.tgz && tar -xzf /tmp/x.tgz -C /opt",
    "curl -L https://example.org/a.zip | bsdtar -xf- -C /opt/a",
    "curl -L https://example.org/a.tgz | tar -xz -C /opt --strip-components 1",
    "wget https://repo.anaconda.com/m/Miniconda3-latest-Linux-x86_64.sh -O /tmp/Miniconda3.sh"
    " && bash /tmp/Miniconda3.sh -b -p /opt/conda && rm /tmp/Miniconda3.sh",
    "git clone --depth 1 --branch v1 https://example.org/x.git /opt/x",
    "git clone https://example.org/x.git",
    "git clone https://example.org/x.git /opt/x && cd /opt/x && make && make install",
    "pip install -r run.sh",
    "pip config set global.timeout 60",
    "pip --version",
    "npm install run exec",
    "uv cache clean && uv pip install pip",
    "micromamba install -y x",
    "apt-get install -y -p x",
    "pip cache purge",
    "touch setup.py && pip install .",
    "touch pyproject.toml && pip install -e .",
    "pip install -t /opt/lib numpy",
    "python -m pip install --upgrade pip",
    "pipenv install --system --deploy",
    "poetry install --no-root",
    "poetry export -f requirements.txt -o requirements.txt",
    "uv sync --frozen",
    "uv pip install --system -r run.sh",
    "npm install",
    "npm install -g bids-validator",
    "yarn add left-pad",
    """Rscript -e 'install.packages("oro.nifti")'""",
    "R -e \"devtools::install_github('a/b')\"",
    # files that are made beside what is fetched
    "curl -O https://example.org/SUMS.asc && gpg --batch --decrypt --output SUMS SUMS.asc"
    " && grep x SUMS | sha256sum -c - && rm SUMS.asc SUMS",
    "curl -s https://example.org/key.asc | gpg --dearmor -o key.gpg && cp key.gpg /etc/apt",
    "curl -O https://example.org/key.asc && gpg --dearmor key.asc && mv key.asc.gpg /etc/apt",
    "gpg --keyserver keys.example.org --recv-keys $(cat run.sh)",
    "curl -sc jar -D headers https://example.org/a && rm jar headers",
    "curl -c- https://example.org/a > a && rm a",
    "wget --save-cookies jar -o log -O a https://example.org/a && rm jar log a",
    "wget --load-cookies /tmp/jar https://example.org/a && rm a",
    "dpkg -i /tmp/x.deb",
    "apt-key adv --keyserver keys.example.org --recv-keys A",
    "locale-gen en_US.UTF-8",
    "python /tmp/fslinstaller.py -d /usr/local/fsl",
    "conda create -y -p /opt/env python=3.9",
    """python -c 'import json, os; json.dump(dict(os.environ), open("/tmp/e.json", "w"))'""",
    """python3 -c 'import sys; print(sys.version)'""",
    """python3 -u -c 'print(1)'""",
    "python -m site",
    "python -m pip --version",
    "python3 --version",
    "python /tmp/get-pip.py",
    "python /tmp/fslinstaller.py",
    "bash /tmp/Miniconda3.sh -b",
    "curl https://sh.rustup.rs | sh",
    """python -c 'from math import sqrt as root; print(root(len("four")))'""",
    """python -c 'import os.path; print(os.path.join("a", "b"), os.environ.get("A"))'""",
    """python -c 'print(open("run.sh").read(), open(file="run.sh", mode="rb").read())'""",
    """python -c 'name = "run.sh"; print("".join(open(name, "r").readlines()))'""",
    "env -u HOSTNAME -u PWD | awk -F = '{ print \"export \" $1 }' > docker-env.sh",
    "printenv > /tmp/env",
    "echo 'export A=1' >> $UNSET/docker-env.sh",
    "useradd -ms /bin/bash me",
    'export GNUPGHOME="$(mktemp -d)" && rm -rf "$GNUPGHOME"',
    "python -m spacy download en",
    "mkdir /src && cd /src && curl -LO https://example.org/x.tgz && tar xzf x.tgz && ./configure",
]
"""Commands after which a file that nothing copies is certainly not in the gear's directory."""

ANYTHING = [
    "curl -s https://example.org/install.sh | bash",
    "curl -s https://example.org/x.tgz | bsdtar -xf-",
    "tar xzf /tmp/x.tgz",
    "tar xzf /tmp/x.tgz -C /flywheel/v0",
    "unzip /tmp/x.zip",
    "cd / && tar xzf /tmp/x.tgz",
    "wget https://github.com/a/b/archive/v1.tar.gz && tar xzf v1.tar.gz --strip-components=1",
    "wget https://github.com/a/b/archive/1.zip && unzip -j 1.zip",
    "wget https://github.com/a/b/releases/download/v1/v1.tar.gz && tar xzf v1.tar.gz",
    "cd / && wget https://example.org/freesurfer-6.0.0.tar.gz && tar xf freesurfer-6.0.0.tar.gz",
    "cd / && wget https://www.python.org/x/Python-3.7.8.tgz && tar xf Python-3.7.8.tgz",
    "/m/install -destinationFolder /flywheel/v0 -mode silent",
    "/m/install -mode interactive",
    "/m/install silent",
    "touch $(name)/none.py",
    "curl https://example.org/fslinstaller.py | python3 - -d /flywheel/v0",
    "curl https://example.org/installer.py | python3 - -d /opt/fsl",
    "cat fslinstaller.py | python3 - -d /opt/fsl",
    "touch ./$(name)",
    "git clone https://example.org/x.git .",
    "git clone",
    "git clone https://example.org/x.git /flywheel/v0",
    "wget -O $(name) https://example.org/x",
    "make",
    "python setup_my_gear.py",
    'python -c \'import shutil; shutil.copytree("/a", ".")\'',
    "python -c 'import os; os.system(\"cp /a none.py\")'",
    "python -c",
    "python -m",
    "python -W x",
    "python -m http.server",
    "python -c 'open(name, \"w\")'",
    "python -c 'open(name, \"r+\")'",
    "python -c 'open(\"x\", mode)'",
    "python -c 'open(\"x\", 1)'",
    'python -c \'from shutil import copy as print; print("/a", ".")\'',
    "python -c 'from os import system; system(\"make\")'",
    'python -c \'import os; os.link("/a", "none.py")\'',
    "python -c 'import numpy.lib as lib; lib.io.save(\"none.py\", 1)'",
    'python -c \'import sys; sys.modules["os"].system("make")\'',
    'python -c \'import os; getattr(os, "system")("make")\'',
    "python -c 'write = lambda: 1; print(write())'",
    "python -c 'print('",
    f'["python", "-c", "{"1;" * limits.PYTHON_CODE_CHARACTERS}"]',
    "python3 - <<E\nfrom os import system\n@system\ndef f(): ...\nE\n",
    "python3 - <<E\nfrom os import system\n@system\nclass f: ...\nE\n",
    f"python -c '{'1;' * limits.PYTHON_CODE_CHARACTERS}'",
    "pip install -t . numpy",
    "npm run build",
    "npm exec build",
    "npm install --prefix . x",
    "pip wheel x",
    "pip download x",
    "pip hash x.whl",
    "uv",
    "pipenv",
    "poetry",
    "apk manifest x",
    "unheard-of install x",
    "pipenv run make",
    "poetry run make",
    "uv run make",
    "conda run make",
    "some-tool",
    "cat /tmp/list | xargs cp -t .",
    "find / -name '*.py' -exec cp {} . \\;",
]
"""Commands after which anything may be in the gear's directory."""


def after(directory: Path, command: str) -> Image:
    return image_of(directory, f"{BASE}RUN {command}\n")


@pytest.mark.parametrize("command", ONLY_ELSEWHERE)
def test_the_gears_directory_is_as_it_was(command: str, tmp_path: Path) -> None:
    image = after(tmp_path, command)
    assert image.failed_steps == []
    assert image.files.find(f"{HOME}/{OTHER}") is None
    there = image.files.find(f"{HOME}/run.sh")
    assert isinstance(there, File)
    assert described(there) == "0644"


@pytest.mark.parametrize("command", ANYTHING)
def test_anything_may_be_in_the_gears_directory(command: str, tmp_path: Path) -> None:
    assert after(tmp_path, command).files.find(f"{HOME}/{OTHER}") is UNKNOWN


@pytest.mark.parametrize(
    ("command", "path", "expected"),
    [
        ("wget https://example.org/a/x.nii", f"{HOME}/x.nii", "0644"),
        ("curl -o made https://example.org/x", f"{HOME}/made", "0644"),
        ("wget --quiet https://example.org/a/x.nii", f"{HOME}/x.nii", "0644"),
        ("curl --header a --output=made https://example.org/x", f"{HOME}/made", "0644"),
        ("wget -Omade https://example.org/x", f"{HOME}/made", "0644"),
        (f"curl -o a.py {X} -o b.py {Y}", f"{HOME}/a.py", "unknown"),
        (f"curl -o a.py {X} --output=b.py {Y}", f"{HOME}/b.py", "unknown"),
        (f"curl -o a.py {X} -o b.py {Y}", f"{HOME}/x", "missing"),
        (f"curl -o run.sh {X} -o b.py {Y}", f"{HOME}/run.sh", "unknown"),
        (f"curl -O {X} -o b.py {Y}", f"{HOME}/x", "unknown"),
        (f"curl -O {X} -o b.py {Y}", f"{HOME}/b.py", "unknown"),
        (f"curl -o b {Y} --remote-name {X} --output-dir new", f"{HOME}/new/x", "unknown"),
        (f"curl -o b {Y} --remote-name {X} --output-dir new", f"{HOME}/new/b", "unknown"),
        (f"curl -o b {Y} --remote-name {X} --output-dir new", f"{HOME}/x", "missing"),
        (f"curl -o - {Y} -o b.py {X}", f"{HOME}/-", "missing"),
        (f"curl -o v1.zip {V1} -o v2.zip {Y} && unzip v2.zip", f"{HOME}/c", "unknown"),
        (f"curl -o v1.zip {V1} && unzip v1.zip", f"{HOME}/c", "missing"),
        (f"curl -O {X} -O {Y}", f"{HOME}/y", "0644"),
        (f"curl -LJo made {X}", f"{HOME}/made", "0644"),
        (f"curl -LJo made {X}", f"{HOME}/a", "missing"),
        # names that a server gives, or that curl makes
        (f"curl -LJO {X}", f"{HOME}/a", "unknown"),
        (f"curl -O --remote-header-name --output-dir new {X}", f"{HOME}/new/a", "unknown"),
        (f"curl -O --remote-header-name --output-dir new {X}", f"{HOME}/a", "missing"),
        (f"curl -O --url {X}", f"{HOME}/x", "0644"),
        ("curl -K list", f"{HOME}/x", "unknown"),
        ("curl --config list", f"{HOME}/x", "unknown"),
        (f"curl -O '{X}/{{a,b}}.py'", f"{HOME}/a.py", "unknown"),
        (f"curl -O '{X}/[1-3].py'", f"{HOME}/1.py", "unknown"),
        (f"curl '{X}/{{a,b}}' -o '#1.py'", f"{HOME}/a.py", "unknown"),
        (f"curl -o a.py '{X}/{{a,b}}'", f"{HOME}/b", "missing"),
        (f"wget --content-disposition {X}", f"{HOME}/a", "unknown"),
        (f"wget --trust-server-names {X} -P new", f"{HOME}/new/a", "unknown"),
        (f"wget --trust-server-names {X} -P new", f"{HOME}/a", "missing"),
        (f"wget -E {X}", f"{HOME}/x.html", "unknown"),
        (f"wget --content-disposition -O made {X}", f"{HOME}/made", "0644"),
        (f"wget --content-disposition -O made {X}", f"{HOME}/a", "missing"),
        (f"curl -J {X}", f"{HOME}/x", "missing"),
        ("curl https://example.org/x | cat", f"{HOME}/x", "missing"),
        ("wget -O - https://example.org/x > made", f"{HOME}/-", "missing"),
        ("wget https://example.org/x?b=1", f"{HOME}/other.html", "unknown"),
        ("wget https://example.org/", f"{HOME}/index.html", "unknown"),
        ("wget -P new https://example.org/", f"{HOME}/new/index.html", "unknown"),
        ("wget -P new https://example.org/", f"{HOME}/index.html", "missing"),
        ("wget -r https://example.org/x", f"{HOME}/example.org/x", "unknown"),
        ("tar -cf /tmp/x.tar -C /opt data", f"{HOME}/x", "unknown"),
        ("tar -xf /tmp/x.tgz -C/opt", f"{HOME}/x", "missing"),
        ("tar -xf /tmp/x.tgz --directory=/opt", f"{HOME}/x", "missing"),
        ("tar -xf /tmp/x.tgz -C new", f"{HOME}/new/x", "unknown"),
        ("tar -xf /tmp/x.tgz --directory=new", f"{HOME}/new/x", "unknown"),
        ("tar --extract -f /tmp/x.tgz -C /opt", f"{HOME}/x", "missing"),
        ("tar -v -z -f /tmp/x.tgz -C /opt -x", f"{HOME}/x", "missing"),
        ("cd /opt && tar -xPf /tmp/x.tgz", f"{HOME}/x", "unknown"),
        ("cd /opt && tar xf /tmp/x.tgz --absolute-names", f"{HOME}/x", "unknown"),
        ("tar tf /tmp/x.tgz max", f"{HOME}/x", "unknown"),
        ("unzip -l /tmp/x.zip", f"{HOME}/x", "missing"),
        ("unzip -q /tmp/x.zip -d new", f"{HOME}/x", "missing"),
        ("unzip -q /tmp/x.zip -d new", f"{HOME}/new/x", "unknown"),
        ("mkdir new && git -C new clone https://example.org/x.git", f"{HOME}/new/x", "directory"),
        ("git clone git@example.org:a/x", f"{HOME}/x/y", "unknown"),
        ("git config --global x y", f"{HOME}/x", "missing"),
        ("git lfs install", f"{HOME}/x", "missing"),
        ("git pull", f"{HOME}/x", "unknown"),
        ("git -C /opt/y pull", f"{HOME}/x", "missing"),
        ("curl -sSLo /opt/made https://example.org/x", "/opt/made", "unknown"),
        ("wget https://github.com/a/b/archive/v1.zip && unzip v1.zip", f"{HOME}/b-1/x", "unknown"),
        ("wget https://github.com/a/b/archive/vx.zip && unzip vx.zip", f"{HOME}/b-vx/x", "unknown"),
        ("wget https://github.com/a/b/archive/vx.zip && unzip vx.zip", f"{HOME}/b-x", "missing"),
        ("git clone https://example.org/x.git", f"{HOME}/x", "directory"),
        ("git clone https://example.org/x.git", f"{HOME}/x/run.py", "unknown"),
        ("wget -O $(mktemp -d)/made https://example.org/x", f"{HOME}/made", "unknown"),
        ("wget -O $(mktemp -d)/made https://example.org/x", f"{HOME}/other", "missing"),
        (
            "cd / && wget https://www.python.org/ftp/python/3.7.8/Python-3.7.8.tgz"
            " && tar xf Python-3.7.8.tgz",
            "/Python-3.7.8/configure",
            "unknown",
        ),
        ("/m/install -mode silent -destinationFolder /opt/mcr", "/opt/mcr/v98", "unknown"),
        ("pip install .", f"{HOME}/build", "unknown"),
        ("mkdir new && pip install ./new", f"{HOME}/new/build", "unknown"),
        ("mkdir new && pip install ./new", f"{HOME}/new/x", "missing"),
        ("mkdir new && pip install -e./new", f"{HOME}/new/build", "unknown"),
        ("mkdir new && pip install ./new[test,docs]", f"{HOME}/new/dist", "unknown"),
        ("mkdir new && pip install new", f"{HOME}/new/build", "missing"),
        ("mkdir new && pip install -f ./new x", f"{HOME}/new/build", "missing"),
        ("pip install -t data x", f"{HOME}/data/x", "unknown"),
        ("pip install -t data x", f"{HOME}/x", "missing"),
        ("pip install --prefix data x", f"{HOME}/data/x", "unknown"),
        ("dpkg -i --root=made x.deb", f"{HOME}/made", "missing"),
        ("dnf install --installroot=made x", f"{HOME}/made/x", "unknown"),
        ("dnf install --installroot made x", f"{HOME}/made/x", "unknown"),
        ('R -e \'install.packages("x", lib="made")\'', f"{HOME}/made/x", "unknown"),
        ('R -e \'install.packages("x", lib="made")\'', f"{HOME}/x", "missing"),
        ("R -e 'x()'", f"{HOME}/x", "unknown"),
        ("R install.R", f"{HOME}/x", "unknown"),
        ("python -m venv venv", f"{HOME}/venv/bin/python", "unknown"),
        ("virtualenv -p python3 venv", f"{HOME}/venv/bin/python", "unknown"),
        ("virtualenv -p python3 venv", f"{HOME}/python3", "missing"),
        ("python -m pip install numpy", f"{HOME}/numpy", "missing"),
        ("mkdir x && touch x/setup.py && python x/setup.py install", f"{HOME}/x/build", "unknown"),
        ("mkdir x && touch x/setup.py && python x/setup.py install", f"{HOME}/x/a", "missing"),
        ("python /tmp/fslinstaller.py -d made", f"{HOME}/made/x", "unknown"),
        ("bash /tmp/Miniconda3.sh -b -p made", f"{HOME}/made/x", "unknown"),
        ("export HOME=$PWD && bash /tmp/Miniconda3.sh", f"{HOME}/miniconda3", "directory"),
        ("export HOME=$PWD && bash /tmp/Miniconda3.sh -p /a", f"{HOME}/miniconda3", "missing"),
        ("make", "/app", "unknown"),
        ("cd data && make", "/app", "unknown"),
        ("cd build && make", "/app", "unknown"),
        ("cd /opt/x && make", "/app", "missing"),
        ("npm install x", f"{HOME}/node_modules/x", "unknown"),
        ("npm install x", f"{HOME}/package-lock.json", "unknown"),
        ("npm install --global x", f"{HOME}/node_modules", "missing"),
        ("yarn global add x", f"{HOME}/yarn.lock", "missing"),
        ("pipenv install x", f"{HOME}/Pipfile.lock", "unknown"),
        ("pipenv sync", f"{HOME}/.venv/bin/x", "unknown"),
        ("poetry install", f"{HOME}/.venv/bin/x", "unknown"),
        ("poetry lock", f"{HOME}/.venv", "missing"),
        ("poetry export --output made", f"{HOME}/made", "0644"),
        ("uv add x", f"{HOME}/.venv/bin/x", "unknown"),
        ("uv lock", f"{HOME}/uv.lock", "unknown"),
        ("uv venv", f"{HOME}/.venv/bin/x", "unknown"),
        ("uv venv made", f"{HOME}/made/bin/x", "unknown"),
        ("uv venv made", f"{HOME}/.venv", "missing"),
        ("uv tool install x", f"{HOME}/.venv", "missing"),
        ("pip install -tmade x", f"{HOME}/made/x", "unknown"),
        ("pip install --target=made x", f"{HOME}/made/x", "unknown"),
        ("conda create -p made x", f"{HOME}/made/x", "unknown"),
        ("conda create --prefix=made x", f"{HOME}/made/x", "unknown"),
        ("""python -c 'open("made", "w")'""", f"{HOME}/made", "0644"),
        ("""python -c 'open(mode="a", file="made")'""", f"{HOME}/made", "0644"),
        ("echo '#!/bin/sh' > made && chmod +x made", f"{HOME}/made", "0755"),
        ("cp run.sh ~/made", "/root/made", "unknown"),
        ("mkdir -p $HOME/a && touch $HOME/a/b", "/root/a/b", "unknown"),
        ("bash -c 'mkdir -p {x,y}/z'", f"{HOME}/y", "directory"),
        ("sh -c 'mkdir -p {x,y}/z'", f"{HOME}/y", "missing"),
    ],
)
def test_what_is_written(command: str, path: str, expected: str, tmp_path: Path) -> None:
    assert described(after(tmp_path, command).files.find(path)) == expected


@pytest.mark.parametrize(
    ("command", "may_be"),
    [
        ("pip install numpy", False),
        ("pip install ./x.whl https://example.org/x/y", False),
        ("pip install -r data/one", False),
        ("pip install .", True),
        ("pip install -e ./data", True),
        ("poetry install", True),
        ("poetry lock", False),
        ("uv sync", True),
        ("uv venv", False),
        ("curl -o x https://example.org/x", False),
        ("python setup.py install", True),
    ],
)
def test_whether_a_program_of_any_name_may_have_been_installed(
    command: str, may_be: bool, tmp_path: Path
) -> None:
    assert (after(tmp_path, command).foreign is not None) is may_be


@pytest.mark.parametrize(
    ("shell", "expected"), [('SHELL ["/bin/bash", "-c"]\n', "directory"), ("", "missing")]
)
def test_braces_are_expanded_by_bash_alone(shell: str, expected: str, tmp_path: Path) -> None:
    image = image_of(tmp_path, f"{BASE}{shell}RUN mkdir -p {{x,y}}/z\n")
    assert described(image.files.find(f"{HOME}/y")) == expected


def test_a_script_of_the_gear_is_replayed(tmp_path: Path) -> None:
    (tmp_path / "setup.sh").write_text("#!/bin/bash\nset -e\nchmod +x run.sh\ntouch made\n")
    image = image_of(tmp_path, f"{BASE}RUN bash setup.sh\n")
    assert described(image.files.find(f"{HOME}/run.sh")) == "0755"
    assert described(image.files.find(f"{HOME}/made")) == "0644"
    assert image.files.find(f"{HOME}/{OTHER}") is None


def test_a_script_that_starts_itself_comes_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "setup.sh").write_text("#!/bin/sh\n./setup.sh\nbash setup.sh\n")
    image = image_of(tmp_path, f"{BASE}RUN bash setup.sh\n")
    assert image.files.find(f"{HOME}/{OTHER}") is UNKNOWN


def test_home_of_a_user_that_is_made(tmp_path: Path) -> None:
    image = image_of(
        tmp_path, f"{BASE}RUN useradd -m me\nUSER me\nRUN mkdir -p ~/a && touch ~/a/b\n"
    )
    assert described(image.files.find("/home/me/a/b")) == "0644"


def test_what_is_copied_to_an_unknown_place_may_be_anywhere(tmp_path: Path) -> None:
    image = image_of(tmp_path, f"FROM python:3.11\nARG X\nWORKDIR {HOME}\nCOPY run.sh data $X/\n")
    assert image.files.find(f"{HOME}/run.sh") is UNKNOWN
    assert image.files.find(f"{HOME}/one.txt") is UNKNOWN
    assert image.files.find(f"{HOME}/other.sh") is None
