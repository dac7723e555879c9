"""Fixes of the rules on Dockerfile and run: source text in, source text out.

Every case is fixed in rounds until nothing changes. Whatever the case, the fixed findings are gone,
no finding is there that was not before, and fixing once more changes nothing.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from gearlint.core.finding import Finding, Fix, applied
from gearlint.core.source import read
from gearlint.engine import settings
from gearlint.engine.linter import lint
from gearlint.engine.settings import Settings
from gearlint.gear.gear import Gear
from gearlint.gear.manifest import Manifest
from tests.machine import in_time
from tests.sound import SCRIPT, write_gear

ROUNDS = 10


def findings(directory: Path, chosen: Settings) -> list[Finding]:
    manifest = Manifest(read(str(directory / "manifest.json"), str(directory)))
    result = lint(Gear(manifest, str(directory)), chosen)
    assert not result.failures, [str(failure) for failure in result.failures]
    return result.findings


def codes(found: list[Finding]) -> Counter[str]:
    return Counter(finding.code for finding in found)


def chosen_fixes(found: list[Finding], codes: str, unsafe: bool) -> list[Fix]:
    """The fixes of one round: those that do not touch one another."""
    taken: list[Fix] = []
    for finding in found:
        fix = finding.fix
        if fix is None or finding.code not in codes or not (fix.is_safe or unsafe):
            continue
        data = fix.source.data
        offsets = [at for edit in fix.edits for at in edit[:2]]
        assert fix.edits or fix.makes_executable
        assert offsets == sorted(offsets)
        assert not offsets or 0 <= offsets[0] <= offsets[-1] <= len(data)
        if not any(_touch(fix, other) for other in taken):
            taken.append(fix)
    return taken


def _touch(one: Fix, other: Fix) -> bool:
    return one.source.path == other.source.path and (
        not one.edits
        or not other.edits
        or any(a.start <= b.end and b.start <= a.end for a in one.edits for b in other.edits)
    )


def apply(fixes: list[Fix]) -> None:
    by_path: dict[str, list[Fix]] = {}
    for fix in fixes:
        by_path.setdefault(fix.source.path, []).append(fix)
    for path, several in by_path.items():
        edits = sorted(edit for fix in several for edit in fix.edits)
        Path(path).write_bytes(applied(several[0].source.data, edits))
        if any(fix.makes_executable for fix in several):
            os.chmod(path, os.stat(path).st_mode | 0o111)


def fix(directory: Path, codes_to_fix: str, *, unsafe: bool = False) -> list[Finding]:
    """Fix until stable; returns what is found then."""
    chosen = settings.Settings(extend_select=("GL318",), ignore=("GL314",))
    before = findings(directory, chosen)
    found = before
    for _ in range(ROUNDS):
        fixes = chosen_fixes(found, codes_to_fix, unsafe)
        if not fixes:
            break
        apply(fixes)
        found = findings(directory, chosen)
        assert codes(found) <= codes(before), "a finding that was not there before"
    else:
        pytest.fail("not stable")
    if before != found:
        assert any(codes(found)[code] < codes(before)[code] for code in codes_to_fix.split())
    return found


def write(directory: Path, dockerfile: bytes, members: str = "", script: str = SCRIPT) -> Path:
    """A gear with a Dockerfile and scripts, of which `run` is not executable."""
    directory = Path(os.path.realpath(directory)) / "gear"
    directory.mkdir()
    (directory / "Dockerfile").write_bytes(dockerfile)
    for name, text in (
        ("run.py", script),
        ("run.sh", "#!/bin/bash\necho hello\n"),
        ("other.py", SCRIPT),
        ("plain.sh", "echo hello\n"),
        ("odd name.py", SCRIPT),
        ("run", SCRIPT),
    ):
        (directory / name).write_text(text)
        (directory / name).chmod(0o755 if name != "run" else 0o644)
    write_gear(directory, members)
    return directory


HEAD = "FROM python:3.11\nWORKDIR /flywheel/v0\nCOPY . .\n"
TOP = "FROM python:3.11\nWORKDIR /flywheel/v0\n"
START = 'ENTRYPOINT ["/flywheel/v0/run"]\n'

# (codes, Dockerfile, Dockerfile)
REWRITTEN = [
    # --- GL303
    ("GL303", f'{HEAD}ENTRYPOINT ["python run.py"]\n', f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["python run.py "]\n', f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL303", f'{HEAD}CMD ["python  -u run.py", "--x"]', f'{HEAD}CMD ["python", "-u", "run.py", "--x"]'),
    ("GL303", f'{HEAD}entrypoint  [ " python run.py " ]  \n', f'{HEAD}entrypoint  [ "python", "run.py" ]  \n'),
    ("GL303", f'{HEAD}ENTRYPOINT \\\n  # why\n  ["python run.py"]\n', f'{HEAD}ENTRYPOINT \\\n  # why\n  ["python", "run.py"]\n'),
    ("GL303", f'# escape=`\n{HEAD}ENTRYPOINT `\r\n["python run.py"]\r\n', f'# escape=`\n{HEAD}ENTRYPOINT `\r\n["python", "run.py"]\r\n'),
    ("GL303 GL304", f'{HEAD}ENTRYPOINT ["run.py --x"]\n', f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py", "--x"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["run.py  --x", "y"]\n', f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py", "--x", "y"]\n'),
    # --- GL304
    ("GL304", f'{HEAD}ENTRYPOINT ["run.py"]\n', f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py"]\n'),
    ("GL304", f'{HEAD}CMD [ "run.py" , "é" ]', f'{HEAD}CMD [ "/flywheel/v0/run.py" , "é" ]'),
    ("GL304", f'{HEAD}WORKDIR /\nENTRYPOINT ["run.py"]\n', f'{HEAD}WORKDIR /\nENTRYPOINT ["/flywheel/v0/run.py"]\n'),
    ("GL304", f'{HEAD}ENTRYPOINT ["odd name.py"]\n', f'{HEAD}ENTRYPOINT ["/flywheel/v0/odd name.py"]\n'),
    ("GL304", f"{HEAD}ENTRYPOINT exec run.py $ARGS\n", f"{HEAD}ENTRYPOINT exec /flywheel/v0/run.py $ARGS\n"),
    ("GL304", f"{HEAD}ENTRYPOINT echo é && \\\r\n\trun.py\r\n", f"{HEAD}ENTRYPOINT echo é && \\\r\n\t/flywheel/v0/run.py\r\n"),
    ("GL304", f'{HEAD}ENTRYPOINT ["run"]\n', f'{HEAD}ENTRYPOINT ["/flywheel/v0/run"]\n'),
    ("GL304 GL307", f"{HEAD}ENTRYPOINT run.py --x\n", f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py", "--x"]\n'),
    # --- GL306, GL403
    ("GL306", f"{TOP}COPY run .\n{START}", f"{TOP}COPY run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{HEAD}ENV A=b\n{START}", f"{HEAD}RUN chmod +x /flywheel/v0/run\nENV A=b\n{START}"),
    ("GL306", f"{TOP}copy run .\n{START}".replace("\n", "\r\n"), f"{TOP}copy run .\nrun chmod +x /flywheel/v0/run\n{START}".replace("\n", "\r\n")),
    ("GL306", f"{TOP}{START}COPY run .", f"{TOP}{START}COPY run .\nRUN chmod +x /flywheel/v0/run"),
    ("GL306", f"{TOP}COPY \\\n  # the script\n\n  run  \\\n\t.  \n\n# start\n{START}", f"{TOP}COPY \\\n  # the script\n\n  run  \\\n\t.  \nRUN chmod +x /flywheel/v0/run\n\n# start\n{START}"),
    ("GL306", f"# escape=`\n{TOP}COPY `\n run .\n{START}", f"# escape=`\n{TOP}COPY `\n run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{TOP}COPY <<EOF run\n#!/bin/bash\nFROM here\nEOF\n{START}", f"{TOP}COPY <<EOF run\n#!/bin/bash\nFROM here\nEOF\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{TOP}COPY --chmod=644 run .\n{START}", f"{TOP}COPY --chmod=755 run .\n{START}"),
    ("GL306", f"{TOP}COPY --chown=1:1 --chmod=0600 run .\n{START}", f"{TOP}COPY --chown=1:1 --chmod=0711 run .\n{START}"),
    ("GL306", f"{TOP}ARG M=644\nCOPY --chmod=$M run .\n{START}", f"{TOP}ARG M=644\nCOPY --chmod=$M run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{TOP}COPY --chmod=644 run .\nUSER me\n{START}", f"{TOP}COPY --chmod=755 run .\nUSER me\n{START}"),
    ("GL306", f"{TOP}COPY --chmod='644' run .\n{START}", f"{TOP}COPY --chmod='644' run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{TOP}COPY run.py run\nRUN chmod 644 run\n{START}", f"{TOP}COPY run.py run\nRUN chmod 644 run\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{TOP}COPY run /tmp/\nRUN mv /tmp/run .\n{START}", f"{TOP}COPY run /tmp/\nRUN mv /tmp/run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{TOP}COPY run .\nUSER root\nUSER me\n{START}", f"{TOP}COPY run .\nRUN chmod +x /flywheel/v0/run\nUSER root\nUSER me\n{START}"),
    ("GL306", f"{TOP}USER 0:0\nCOPY run .\n{START}", f"{TOP}USER 0:0\nCOPY run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"FROM python AS b\nCOPY run /x/\n{TOP}COPY --from=b /x/run .\n{START}", f"FROM python AS b\nCOPY run /x/\n{TOP}COPY --from=b /x/run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"FROM python AS b\nCOPY run /flywheel/v0/\nFROM b\n{START}", f"FROM python AS b\nCOPY run /flywheel/v0/\nFROM b\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f'{TOP}COPY run .\nCMD ["./run"]\n', f'{TOP}COPY run .\nRUN chmod +x /flywheel/v0/run\nCMD ["./run"]\n'),
    ("GL304 GL306", f'{TOP}COPY run .\nENTRYPOINT ["run"]\n', f'{TOP}COPY run .\nRUN chmod +x /flywheel/v0/run\nENTRYPOINT ["/flywheel/v0/run"]\n'),
    ("GL306", f'{TOP}COPY run .\nENV PATH=/flywheel/v0:$PATH\nENTRYPOINT ["run"]\n', f'{TOP}COPY run .\nRUN chmod +x /flywheel/v0/run\nENV PATH=/flywheel/v0:$PATH\nENTRYPOINT ["run"]\n'),
    ("GL306", f"{TOP}USER root:staff\nADD https://example.org/run .\n{START}", f"{TOP}USER root:staff\nADD https://example.org/run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{TOP}ADD https://example.org/run .\nUSER me\n{START}", f"{TOP}ADD https://example.org/run .\nRUN chmod +x /flywheel/v0/run\nUSER me\n{START}"),
    ("GL306", f"FROM python AS b\nUSER me\nUSER root\nFROM b\nWORKDIR /flywheel/v0\nADD https://example.org/run .\n{START}", f"FROM python AS b\nUSER me\nUSER root\nFROM b\nWORKDIR /flywheel/v0\nADD https://example.org/run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    ("GL306", f"{TOP}COPY --chmod=064 run .\n{START}", f"{TOP}COPY --chmod=175 run .\n{START}"),
    ("GL306", f"{TOP}COPY --chmod=4644 run .\n{START}", f"{TOP}COPY --chmod=4755 run .\n{START}"),
    ("GL306", f"{TOP}COPY --chmod=00644 run .\n{START}", f"{TOP}COPY --chmod=00644 run .\nRUN chmod +x /flywheel/v0/run\n{START}"),
    # --- GL307
    ("GL307", f'FROM me/base:1\nSHELL ["/bin/bash", "-c"]\n{HEAD[17:]}ENTRYPOINT python run.py\n', f'FROM me/base:1\nSHELL ["/bin/bash", "-c"]\n{HEAD[17:]}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL307", f'{HEAD}SHELL ["/usr/bin/dash", "-x", "-c"]\nENTRYPOINT python run.py\n', f'{HEAD}SHELL ["/usr/bin/dash", "-x", "-c"]\nENTRYPOINT ["python", "run.py"]\n'),
    ("GL307", f"{HEAD}ENTRYPOINT python run.py\n", f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL307", f"{HEAD}\tentrypoint\tpython  -u\trun.py  ", f'{HEAD}\tentrypoint\t["python",  "-u",\t"run.py"]  '),
    ("GL307", f"{HEAD}ENTRYPOINT python \\\r\n  # c\r\n\r\n  run.py \\\r\n  é\r\n", f'{HEAD}ENTRYPOINT ["python", \\\r\n  # c\r\n\r\n  "run.py", \\\r\n  "é"]\r\n'),
    ("GL307", f"# escape=`\n{HEAD}ENTRYPOINT python `\n run.py", f'# escape=`\n{HEAD}ENTRYPOINT ["python", `\n "run.py"]'),
    ("GL307", f"{HEAD}ENTRYPOINT ./run.py\n", f'{HEAD}ENTRYPOINT ["./run.py"]\n'),
    ("GL307", f"{HEAD}ENTRYPOINT /usr/local/bin/python3 run.py\n", f'{HEAD}ENTRYPOINT ["/usr/local/bin/python3", "run.py"]\n'),
    ("GL307", f'{HEAD}SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nENTRYPOINT python run.py\n', f'{HEAD}SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nENTRYPOINT ["python", "run.py"]\n'),
    ("GL307", f"FROM python AS b\nCMD x\n{HEAD}ENTRYPOINT python run.py\n", f'FROM python AS b\nCMD x\n{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    # --- GL312
    ("GL312", f'{TOP}RUN chmod +x run.py\nCOPY run.py .\nENTRYPOINT ["./run.py"]\n', f'{TOP}COPY run.py .\nRUN chmod +x run.py\nENTRYPOINT ["./run.py"]\n'),
    ("GL312", f"{TOP}RUN cp \\\r\n  # c\r\n  run.py x\r\nCOPY run.py .", f"{TOP}COPY run.py .\r\nRUN cp \\\r\n  # c\r\n  run.py x"),
    ("GL312", "FROM python\n  RUN chmod 755 /flywheel/v0/run.py\nWORKDIR /flywheel/v0\nENV A=b\nCOPY run.py .\nCMD x\n", "FROM python\nWORKDIR /flywheel/v0\nENV A=b\nCOPY run.py .\n  RUN chmod 755 /flywheel/v0/run.py\nCMD x\n"),
    ("GL312", f"{TOP}RUN mv run.py go.py\n# c\nCOPY run.py .\nCMD x\n", f"{TOP}# c\nCOPY run.py .\nRUN mv run.py go.py\nCMD x\n"),
    ("GL312", f"{TOP}ARG S=1\nRUN chmod +x run.py\nARG T=x\nCOPY run.py .\nCMD x\n", f"{TOP}ARG S=1\nARG T=x\nCOPY run.py .\nRUN chmod +x run.py\nCMD x\n"),
    ("GL312", f"{TOP}RUN cp -p /flywheel/v0/run.py /tmp/y\nWORKDIR /z\nCOPY run.py /flywheel/v0/\nCMD x\n", f"{TOP}WORKDIR /z\nCOPY run.py /flywheel/v0/\nRUN cp -p /flywheel/v0/run.py /tmp/y\nCMD x\n"),
    ("GL312", f"{TOP}RUN chmod -v 755 /flywheel/v0/run.py\nWORKDIR /z\nCOPY run.py /flywheel/v0/\nCMD x\n", f"{TOP}WORKDIR /z\nCOPY run.py /flywheel/v0/\nRUN chmod -v 755 /flywheel/v0/run.py\nCMD x\n"),
    ("GL312", f"{TOP}RUN chmod +x run.py\nRUN chmod +x other.py\nCOPY . .\nCMD x\n", f"{TOP}COPY . .\nRUN chmod +x other.py\nRUN chmod +x run.py\nCMD x\n"),
    ("GL312", f"{TOP}RUN chmod +x run.py\nCOPY run.py .\nCOPY other.py .\nCMD x\n", f"{TOP}COPY run.py .\nRUN chmod +x run.py\nCOPY other.py .\nCMD x\n"),
    # --- GL407
    ("GL407", f"{HEAD}ENV IN=/flywheel/v0/inputs\\\n  OUT=/flywheel/v0/outputs/x\n", f"{HEAD}ENV IN=/flywheel/v0/input\\\n  OUT=/flywheel/v0/output/x\n"),
    # --- GL320
    ("GL320", f'{HEAD}ENTRYPOINT "python", "run.py"]\n', f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f'{HEAD}ENTRYPOINT ("python", \\\n  "run.py")\n', f'{HEAD}ENTRYPOINT ["python", \\\n  "run.py"]\n'),
    ("GL320", f'{HEAD}ENTRYPOINT = ["python", "run.py"]\n', f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT '[\"python\", \"run.py\"]'\n", f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT ['python', 'run.py']\n", f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT [\u201cpython\u201d,\u2018run.py\u2019]", f'{HEAD}ENTRYPOINT ["python","run.py"]'),
    ("GL320", f'{HEAD}ENTRYPOINT ["python", "run.py" , ]\n', f'{HEAD}ENTRYPOINT ["python", "run.py"  ]\n'),
    ("GL320", f'{HEAD}ENTRYPOINT ["python" "run.py"]\n', f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f'{HEAD}ENTRYPOINT ["python", "run.py"', f'{HEAD}ENTRYPOINT ["python", "run.py"]'),
    ("GL320", f'{HEAD}ENTRYPOINT ["python", "run.py",  \n', f'{HEAD}ENTRYPOINT ["python", "run.py"]  \n'),
    ("GL320", f"{HEAD}ENTRYPOINT [python, run.py]\n", f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT [python run.py\n", f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT [ 'python' run.py ]\n", f'{HEAD}ENTRYPOINT [ "python", "run.py" ]\n'),
    ("GL320", f'{HEAD}ENTRYPOINT {{"python", "run.py"}}\n', f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f'{HEAD}ENTRYPOINT ["python", "run.py"]];\n', f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    ("GL320", f"{HEAD}entrypoint ['python', \\\r\n  # why\r\n  'run.py'\\\r\n]\r\n", f'{HEAD}entrypoint ["python", \\\r\n  # why\r\n  "run.py"\\\r\n]\r\n'),
    ("GL320", f'{HEAD}ENTRYPOINT ["python"\\\n "run.py"]\n', f'{HEAD}ENTRYPOINT ["python",\\\n "run.py"]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT [python\\\n run.py\\\n]\n", f'{HEAD}ENTRYPOINT ["python",\\\n "run.py"\\\n]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT [\\\npython,\\\nrun.py]\n", f'{HEAD}ENTRYPOINT [\\\n"python",\\\n"run.py"]\n'),
    ("GL320", f"# escape=`\n{HEAD}ENTRYPOINT ['python', `\n 'run.py']", f'# escape=`\n{HEAD}ENTRYPOINT ["python", `\n "run.py"]'),
    ("GL320", f"{HEAD}ENTRYPOINT ['python','run.py'] # go\n", f'{HEAD}# go\nENTRYPOINT ["python","run.py"]\n'),
    ("GL320", f"{HEAD}CMD ['python', 'run.py', 'say \"\u00e9\"']\n", f'{HEAD}CMD ["python", "run.py", "say \\"\u00e9\\""]\n'),
    ("GL320", f"{HEAD}RUN --network=none ['true']\nCMD x\n", f'{HEAD}RUN --network=none ["true"]\nCMD x\n'),
    ("GL320", f"{HEAD}COPY ['run.py','go']\nCMD x\n", f'{HEAD}COPY ["run.py","go"]\nCMD x\n'),
    ("GL320", f"{HEAD}ONBUILD HEALTHCHECK CMD ['true']\nCMD x\n", f'{HEAD}ONBUILD HEALTHCHECK CMD ["true"]\nCMD x\n'),
    ("GL304 GL320", f"{HEAD}ENTRYPOINT ['run.py']\n", f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py"]\n'),
    ("GL304 GL320", f"{HEAD}ENTRYPOINT [run.py]\n", f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py"]\n'),
    ("GL303 GL320", f"{HEAD}ENTRYPOINT ['python run.py']\n", f'{HEAD}ENTRYPOINT ["python", "run.py"]\n'),
    # --- GL325
    ("GL325", f"{HEAD}USER root # back\nCMD x\n", f"{HEAD}# back\nUSER root\nCMD x\n"),
    ("GL325", f"{HEAD}  USER root\t#back  \r\nCMD x\r\n", f"{HEAD}  #back\r\n  USER root  \r\nCMD x\r\n"),
    ("GL325", f"{HEAD}COPY run.py \\\n  # why\n  go # so\nCMD x\n", f"{HEAD}# so\nCOPY run.py \\\n  # why\n  go\nCMD x\n"),
    ("GL325", f"{HEAD}EXPOSE 80 # web \\\n  443 # tls\nCMD x", f"{HEAD}# web\n# tls\nEXPOSE 80 \\\n  443\nCMD x"),
    ("GL325", f"{HEAD}USER root # \u00e9", f"{HEAD}# \u00e9\nUSER root"),
    ("GL325", f"{HEAD}USER root # voil\u00e0\nCMD x\n", f"{HEAD}# voil\u00e0\nUSER root\nCMD x\n"),
    ("GL325", f"{HEAD}EXPOSE 80 # \u0420  \\\n  443 # \u0445\t\nCMD x\n", f"{HEAD}# \u0420\n# \u0445\nEXPOSE 80  \\\n  443\t\nCMD x\n"),
    ("GL325", f"{HEAD}CMD x\r\nUSER root # back", f"{HEAD}CMD x\r\n# back\r\nUSER root"),
    ("GL325", f'{HEAD}ENTRYPOINT ["python", "run.py"]# go\n', f'{HEAD}# go\nENTRYPOINT ["python", "run.py"]\n'),
    ("GL325", f"{HEAD}ONBUILD USER root # back\nCMD x\n", f"{HEAD}# back\nONBUILD USER root\nCMD x\n"),
    ("GL325", f"\ufeffFROM python:3.11 # base\n{HEAD[17:]}CMD x\n", f"\ufeff# base\nFROM python:3.11\n{HEAD[17:]}CMD x\n"),
    ("GL325", f"{HEAD}ARG A=1 # x\nCMD x\n", f"{HEAD}# x\nARG A=1\nCMD x\n"),
    # --- GL329
    ("GL329", "FROM python:3.11\nCOPY run.py manifest.json /flywheel/v0\nCMD x\n", "FROM python:3.11\nCOPY run.py manifest.json /flywheel/v0/\nCMD x\n"),
    # --- GL328
    ("GL328", f"{HEAD}ENV A = /x\nCMD x\n", f"{HEAD}ENV A=/x\nCMD x\n"),
    ("GL328", f'{HEAD}ENV A =\t"x \u00e9"  \r\nCMD x\r\n', f'{HEAD}ENV A="x \u00e9"  \r\nCMD x\r\n'),
    ("GL328", f"{HEAD}ENV A \\\n  = \\\n  /x\nCMD x\n", f"{HEAD}ENV A=/x\nCMD x\n"),
    ("GL325 GL328", f"{HEAD}ENV A = /x # why\nCMD x\n", f"{HEAD}# why\nENV A=/x\nCMD x\n"),
    ("GL328", f"{HEAD}ENV export A=/x\nCMD x\n", f"{HEAD}ENV A=/x\nCMD x\n"),
    ("GL328", f"{HEAD}ENV  set \\\n  A=/x B=c\r\nCMD x\n", f"{HEAD}ENV  A=/x B=c\r\nCMD x\n"),
    # --- GL006
    ("GL006", f"{HEAD}# gearlint: ignore[GL307, GL306] why\nCMD x\n", f"{HEAD}CMD x\n"),
    ("GL006", f"{HEAD}# gearlint: ignore[GL306, GL307]\r\nENTRYPOINT python run.py\r\n", f"{HEAD}# gearlint: ignore[GL307]\r\nENTRYPOINT python run.py\r\n"),
    ("GL006", f"{HEAD}# gearlint: ignore[GL307,GL306]\nENTRYPOINT python run.py\n", f"{HEAD}# gearlint: ignore[GL307]\nENTRYPOINT python run.py\n"),
    ("GL006", f"{HEAD}# gearlint: ignore[gl307] why\nENTRYPOINT python run.py\n", f"{HEAD}# gearlint: ignore[GL307] why\nENTRYPOINT python run.py\n"),
    ("GL006", f"{HEAD}RUN ls \\\n  # gearlint: ignore[GL307]\n  -l\nCMD x\n", f"{HEAD}RUN ls \\\n  -l\nCMD x\n"),
    # --- GL312: one = instead of two
    ("GL312 ", f"{HEAD}RUN pip install a==1 aa=2 \\\n  'a=2' b\nCMD x\n", f"{HEAD}RUN pip install a==1 aa==2 \\\n  'a==2' b\nCMD x\n"),
    # --- GL330
    ("GL330", f"{HEAD}RUN pip install a[x]>=1,<2 b \\\r\n  'c>1' d >=${{A}} >log\r\nCMD x", f"{HEAD}RUN pip install \"a[x]>=1,<2\" b \\\r\n  'c>1' \"d >=${{A}}\" >log\r\nCMD x"),
    # --- GL327
    ("GL327", f"{HEAD}RUN sh -c ls \\\n  # why\n  sh -c ls\nCMD x\n", f"{HEAD}RUN sh -c ls \\\n  # why\n  && sh -c ls\nCMD x\n"),
    ("GL327", f"{HEAD}RUN touch \u00e9 \\\r\n\tmv \u00e9 a \\\r\n  rm a\r\nCMD x", f"{HEAD}RUN touch \u00e9 \\\r\n\t&& mv \u00e9 a \\\r\n  && rm a\r\nCMD x"),
    ("GL327", f"{HEAD.replace('python:3.11', 'fedora:40')}RUN apt-get update sudo -E apt-get install a\nCMD x\n", f"{HEAD.replace('python:3.11', 'fedora:40')}RUN apt-get update && sudo -E apt-get install a\nCMD x\n"),
    ("GL327", f"{HEAD}RUN apt-get update \\\n  A=1 B=2 apt-get install a\nCMD x\n", f"{HEAD}RUN apt-get update \\\n  && A=1 B=2 apt-get install a\nCMD x\n"),
    ("GL327", f"{HEAD}RUN bash -c ls {'/x' * 200}\nCMD x\n", HEAD + 'RUN bash -c "ls ' + "/x" * 200 + '"\nCMD x\n'),
    ("GL327", f"{HEAD}RUN bash -c source /x.sh && true\nCMD x\n", f'{HEAD}RUN bash -c "source /x.sh" && true\nCMD x\n'),
    ("GL327", f'{HEAD}CMD ["bash", "-c", "python",  "run.py"]\n', f'{HEAD}CMD ["bash", "-c", "python run.py"]\n'),
    ("GL327", f"{HEAD}RUN apt-get install a sudo \\\n  pip install b\nCMD x\n", f"{HEAD}RUN apt-get install a sudo \\\n  && pip install b\nCMD x\n"),
]  # fmt: skip


@pytest.mark.parametrize(("fixed", "before", "after"), REWRITTEN, ids=range(len(REWRITTEN)))
def test_rewritten(fixed: str, before: str, after: str, tmp_path: Path) -> None:
    members = '"command": "python other.py"' if "mv run.py" in before else ""
    directory = write(tmp_path, before.encode(), members)
    found = fix(directory, fixed, unsafe=fixed in ("GL312", "GL327", "GL407"))
    assert (directory / "Dockerfile").read_bytes().decode() == after
    assert not set(fixed.split()) & set(codes(found))
    assert oct((directory / "run").stat().st_mode) == "0o100644"


# (codes, Dockerfile): what is found stays as it is, or nothing is found.
LEFT_ALONE = [
    # --- GL006: what follows would be a directive
    ("GL006", f"# gearlint: ignore[GL307]\n# escape=`\n{HEAD}CMD x\n"),
    ("GL006", f"# gearlint: ignore[GL307]\n# Syntax = x\n{HEAD}CMD x\n"),
    # --- GL312
    ("GL312", f"{HEAD}RUN pip install 'a~='\nCMD x\n"),
    ("GL312", f"{HEAD}RUN pip install a=1 a=1\nCMD x\n"),
    # --- GL330
    ("GL330", f"{HEAD}RUN pip install 'a'>=1\nCMD x\n"),
    # --- GL303
    ("GL303", f'{HEAD}ENTRYPOINT ["python \'run.py\'"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["python \\"run.py\\""]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["python $SCRIPT"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["cd /flywheel/v0 && python run.py"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["cd /flywheel/v0"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["A=b python run.py"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["python main.py"]\n'),  # which is not there either
    ("GL303", f'{HEAD}ENTRYPOINT "python run.py"\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["python *.py"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["python\\u0020run.py"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["python \\\nrun.py"]\n'),
    ("GL303", f'{HEAD}ENTRYPOINT ["./odd name.py"]\n'),  # there is such a file
    ("GL303", f'{HEAD}ENTRYPOINT ["python\trun.py"]\n'),  # no JSON: a shell form
    # --- GL304
    ("GL304", 'FROM me/base:1\nENTRYPOINT ["run.py"]\n'),
    ("GL304", f'{HEAD}RUN ./install\nENTRYPOINT ["run.py"]\n'),
    ("GL304", f'{HEAD}ENV PATH=/flywheel/v0:$PATH\nENTRYPOINT ["run.py"]\n'),
    ("GL304", f'{HEAD}RUN ln -s /flywheel/v0/run.py /usr/bin/run.py\nENTRYPOINT ["run.py"]\n'),
    ("GL304", f'{HEAD}ENTRYPOINT ["r\\u0075n.py"]\n'),
    ("GL304", f'{HEAD}ENTRYPOINT ["run\\\n.py"]\n'),
    ("GL304", f"{HEAD}ENTRYPOINT 'run.py'\n"),
    ("GL304", f"{HEAD}ENV S=run.py\nENTRYPOINT $S\n"),
    ("GL304", f"{HEAD}ENTRYPOINT run\\\n.py\n"),
    ("GL304", f"{HEAD}ENTRYPOINT 'odd name.py'\n"),
    ("GL304", f'{HEAD}ENTRYPOINT ["main.py"]\n'),
    # --- GL306
    ("GL306", f"{TOP}COPY run .\nRUN chmod +x run\n{START}"),
    ("GL306", f"{TOP}COPY run .\nRUN ./install\n{START}"),
    ("GL306", f"{TOP}ARG MODE\nCOPY --chmod=$MODE run .\n{START}"),
    ("GL306", f"{TOP}COPY --chmod=u=rw run .\n{START}"),
    ("GL306", f"FROM me/base:1\nWORKDIR /flywheel/v0\nADD run.tar .\n{START}"),
    ("GL306", f"{TOP}USER me\nCOPY <<EOF run\n#!/bin/bash\nEOF\n{START}"),
    ("GL306", f"{TOP}USER $NAME\nADD https://example.org/run .\n{START}"),
    ("GL306", f"FROM python AS b\nUSER me\nFROM b\nWORKDIR /flywheel/v0\nADD https://example.org/run .\n{START}"),
    ("GL306", f"ARG B=b\nFROM python AS b\nUSER me\nFROM $B\nWORKDIR /flywheel/v0\nADD https://example.org/run .\n{START}"),
    ("GL306", f"{TOP}USER me\nCOPY --chmod='644' run .\n{START}"),
    ("GL306", f"{TOP}USER me\nCOPY --chown=me run .\nRUN chmod 644 run\n{START}"),
    ("GL306", f"FROM python AS a\n{TOP}USER me\nADD https://example.org/run .\n{START}"),
    ("GL306", f'{TOP}SHELL ["pwsh", "-c"]\nADD https://example.org/run .\n{START}'),
    ("GL306", f"{TOP}ADD https://example.org/run .\nRUN mv run 'a run'\nENTRYPOINT [\"./a run\"]\n"),
    ("GL306", f"{TOP}{START}ADD https://example.org/run . \\\n"),
    ("GL306", f"{TOP}{START}ADD https://example.org/run . \\"),
    ("GL306", "FROM scratch\nADD https://example.org/run /run\nENTRYPOINT [\"/run\"]\n"),
    ("GL306", f"{TOP}USER 01\nADD https://example.org/run .\n{START}"),
    ("GL306", f"FROM python AS b\nFROM b AS c\nUSER me\nFROM c\nWORKDIR /flywheel/v0\nADD https://example.org/run .\n{START}"),
    # --- GL307
    ("GL307", f'{HEAD}SHELL ["/opt/bash", "-c"]\nENTRYPOINT python run.py\n'),
    ("GL307", f"{HEAD}ENTRYPOINT python run.py\nCMD --x\n"),
    ("GL307", f'{HEAD}CMD ["--x"]\nENTRYPOINT python run.py\n'),
    ("GL307", f"{HEAD}ENTRYPOINT python $SCRIPT\n"),
    ("GL307", f"{HEAD}ENTRYPOINT python 'run.py'\n"),
    ("GL307", f"{HEAD}ENTRYPOINT exec python run.py\n"),
    ("GL307", f"{HEAD}ENTRYPOINT A=b python run.py\n"),
    ("GL307", f"{HEAD}ENTRYPOINT cd /flywheel/v0 && python run.py\n"),
    ("GL307", f"{HEAD}ENTRYPOINT python *.py\n"),
    ("GL307", f"{HEAD}ENTRYPOINT ~/run.py\n"),
    ("GL307", f"{HEAD}ENTRYPOINT py\\\nthon run.py\n"),
    ("GL307", f'{HEAD}SHELL ["/bin/bash", "-lc"]\nENTRYPOINT python run.py\n'),
    ("GL307", f'{HEAD}SHELL ["conda", "run", "-n", "x", "/bin/sh", "-c"]\nENTRYPOINT python run.py\n'),
    ("GL307", f"{HEAD}ENTRYPOINT ./plain.sh\n"),  # no #!: only a shell can start it
    ("GL307", f"{HEAD}ENTRYPOINT /opt/x/start\n"),  # who knows what this is
    ("GL307", f"FROM python AS b\n{HEAD[5:]}ENTRYPOINT [python, run.py]\n"),
    ("GL307", "FROM mambaorg/micromamba\nWORKDIR /flywheel/v0\nENTRYPOINT python run.py\n"),
    # --- GL312
    ("GL312", f"{TOP}RUN chmod +x run.py && ls\nCOPY run.py .\nCMD x\n"),
    ("GL312", f"{TOP}COPY run.py .\nUSER me\nRUN chmod +x run.py\nCMD x\n"),
    ("GL312", "FROM python AS b\nWORKDIR /flywheel/v0\nRUN chmod +x run.py\nCOPY run.py .\nFROM b\nCMD x\n"),
    ("GL312", f'{TOP}RUN chmod +x run.py\nSHELL ["/bin/bash", "-c"]\nCOPY run.py .\nCMD x\n'),
    ("GL312", f"{TOP}RUN chmod +x $S/run.py\nARG S=.\nCOPY run.py .\nCMD x\n"),
    ("GL312", f"{TOP}RUN cp -p /flywheel/v0/run.py y\nWORKDIR /z\nCOPY run.py /flywheel/v0/\nCMD x\n"),
    ("GL312", f"{TOP}RUN cp run.py /y\nWORKDIR /z\nCOPY run.py /flywheel/v0/\nCMD x\n"),
    ("GL312", f"{TOP}RUN cd sub\nCOPY run.py sub/\nCMD x\n"),
    ("GL312", f"{TOP}RUN chmod +x none.py\nCOPY run.py .\nCMD x\n"),
    ("GL312", f"{TOP}RUN rm run.py\nCOPY run.py .\nCMD x\n"),
    ("GL312", f"{TOP}RUN chmod +x run.py\nWORKDIR /x\nCOPY run.py /flywheel/v0/\nCMD x\n"),
    ("GL312", f"{TOP}RUN chmod +x run.py\nWORKDIR /x\nCOPY run.py .\nCOPY run.py /flywheel/v0/\nCMD x\n"),
    ("GL312", f"{TOP}RUN chmod +x /flywheel/v0/run.py\nUSER me\nCOPY run.py .\nCMD x\n"),
    ("GL312", f'{TOP}ENV S=run.py\nRUN chmod +x $S\nENV S=x\nCOPY run.py .\nCMD x\n'),
    ("GL312", f'{TOP}RUN ["chmod", "+x", "run.py"]\nCOPY run.py .\nCMD x\n'),
    ("GL312", f"{TOP}RUN chmod 644 run.py\nCOPY run.py .\nCMD ./run.py\n"),
    ("GL312", f"{TOP}RUN mv run.py go.py\nCOPY run.py .\nCMD python run.py\n"),
    ("GL312", f"{TOP}RUN chmod +x run.py none.py\nCOPY run.py .\nCMD x\n"),
    ("GL312", f"{TOP}RUN cp run.py none/x.py\nCOPY run.py .\nCMD x\n"),
    # --- GL407
    ("GL407", f"{HEAD}# /flywheel/v0/inputs\nENV A=/flywheel/v0/inputs_x\n"),
    ("GL407", f"{HEAD}RUN mkdir /flywheel/v0/outputs\nENV A=/flywheel/v0/outputs\n"),
    # --- GL320
    ("GL320", f'{HEAD}ENTRYPOINT ["python, "run.py"]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT [python run.py, --x]\n"),
    ("GL320", f"{HEAD}ENTRYPOINT ['python', 'a\\b']\n"),
    ("GL320", f'{HEAD}ENTRYPOINT ["python"] ["run.py"]\n'),
    ("GL320", f"{HEAD}ENTRYPOINT ['python', 'run.py'] # gearlint: ignore[GL305]\n"),
    ("GL320", f"{HEAD}RUN a && \\\nENTRYPOINT ['python', 'run.py'] # x\n"),
    ("GL320", f"{HEAD}RUN [ -f x ] && ls\nCMD x\n"),
    ("GL320", f"{HEAD}COPY [r]un.py go\nCMD x\n"),
    # --- GL325
    ("GL325", f"{HEAD}USER root # gearlint: ignore[GL305]\nCMD x\n"),
    ("GL325", f"FROM python:3.11 # escape=`\n{HEAD[17:]}CMD x\n"),
    ("GL325", f"{HEAD}RUN a && \\\nUSER root # x\nCMD x\n"),
    ("GL325", f"{HEAD}USER 'a # b'\nCMD x # y\n"),
]  # fmt: skip


@pytest.mark.parametrize(("fixed", "text"), LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_left_alone(fixed: str, text: str, tmp_path: Path) -> None:
    directory = write(tmp_path, text.encode())
    fix(directory, fixed, unsafe=fixed != "GL307")
    assert (directory / "Dockerfile").read_bytes().decode() == text
    assert oct((directory / "run").stat().st_mode) == "0o100644"


@pytest.mark.parametrize("case", REWRITTEN, ids=range(len(REWRITTEN)))
def test_official_parser_takes_what_was_rewritten(case: tuple[str, str, str]) -> None:
    oracle = pytest.importorskip("dockerfile", reason="the official parser is not installed here")
    before, after = (oracle.parse_string(text) for text in case[1:])
    added = len(after) - len(before)
    assert added == case[2].lower().count("run chmod") - case[1].lower().count("run chmod")


@pytest.mark.parametrize("name", [b"\xaf", b"\xc3", b"\xe2\x80\xae"])
def test_path_that_cannot_be_written_is_reported_without_a_fix(name: bytes, tmp_path: Path) -> None:
    text = b'FROM python\nWORKDIR /%b\nCOPY run.py .\nENTRYPOINT ["run.py"]\n' % name
    found = findings(write(tmp_path, text), Settings(select=("GL304",)))
    assert [(finding.code, finding.fix) for finding in found] == [("GL304", None)]


def test_safe_fixes_alone_leave_guesses_alone(tmp_path: Path) -> None:
    text = f"{TOP}RUN chmod +x run.py\nCOPY run.py .\nENV A=/flywheel/v0/inputs\nCMD x\n"
    directory = write(tmp_path, text.encode())
    assert {"GL312", "GL407"} <= set(codes(fix(directory, "GL312 GL407")))
    assert (directory / "Dockerfile").read_text() == text


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"{TOP}USER me\nCOPY run .\n{START}",
        f"{TOP}USER $NAME\nCOPY run .\n{START}",
        f"FROM scratch\nCOPY run /flywheel/v0/run\n{START}",
        f"FROM python AS b\nUSER me\nFROM b\nCOPY run /flywheel/v0/\n{START}",
        f"ARG B=b\nFROM python AS b\nUSER me\nFROM ${{B}}\nCOPY run /flywheel/v0/\n{START}",
        f'{TOP}SHELL ["pwsh", "-c"]\nCOPY run .\n{START}',
    ],
)
@pytest.mark.parametrize("command", ["python run.py", "./run"])
def test_bit_on_disk_where_the_build_cannot_set_it(
    dockerfile: str, command: str, tmp_path: Path
) -> None:
    directory = write(tmp_path, dockerfile.encode(), f'"command": "{command}"')
    found = fix(directory, "GL306 GL403")
    assert not {"GL306", "GL403"} & set(codes(found))
    assert (directory / "Dockerfile").read_text() == dockerfile
    assert (directory / "run").read_text() == SCRIPT
    assert oct((directory / "run").stat().st_mode) == "0o100755"


@pytest.mark.parametrize(
    ("command", "entrypoint"),
    [
        ("./run", '["/flywheel/v0/run"]'),
        ("./run && /flywheel/v0/run", '["python", "run.py"]'),
        ("run", '["/flywheel/v0/run"]'),
        (None, '["python", "run.py"]'),
    ],
)
def test_one_cause_is_reported_and_fixed_once(
    command: str | None, entrypoint: str, tmp_path: Path
) -> None:
    before = f"{TOP}COPY . .\nENTRYPOINT {entrypoint}\n"
    directory = write(tmp_path, before.encode(), f'"command": "{command}"')
    if command is None:
        write_gear(directory, without=("command",))
    chosen = settings.Settings()
    reported = [one.code for one in findings(directory, chosen) if one.code in ("GL306", "GL403")]
    assert reported == ["GL403"]
    fix(directory, "GL306 GL403")
    after = f"{TOP}COPY . .\nRUN chmod +x /flywheel/v0/run\nENTRYPOINT {entrypoint}\n"
    assert (directory / "Dockerfile").read_text() == after


@pytest.mark.parametrize(
    ("data", "is_fixed"),
    [
        (b"\x7fELF\2\1\1\0", True),
        (b"#!/bin/sh\nls\n", True),
        (b"#!/bin/sh\r\nls\r\n", False),
        (b"\xef\xbb\xbf#!/bin/sh\nls\n", False),
        (b"ls\n", False),
    ],
)
def test_only_what_starts_without_a_shell_gets_an_exec_form(
    data: bytes, is_fixed: bool, tmp_path: Path
) -> None:
    text = f"{HEAD}ENTRYPOINT ./program\n"
    directory = write(tmp_path, text.encode())
    (directory / "program").write_bytes(data)
    (directory / "program").chmod(0o755)
    fix(directory, "GL307")
    after = f'{HEAD}ENTRYPOINT ["./program"]\n'
    assert (directory / "Dockerfile").read_text() == (after if is_fixed else text)


# (codes, script, script): run.py is started by its name, by Docker and by the command.
SCRIPTS_REWRITTEN = [
    ("GL404", "print(1)\n", "#!/usr/bin/env python3\nprint(1)\n"),
    ("GL404", "", "#!/usr/bin/env python3\n"),
    ("GL404", "print('é')", "#!/usr/bin/env python3\nprint('é')"),
    ("GL404", "# coding: latin-1\nx = 1\n", "#!/usr/bin/env python3\n# coding: latin-1\nx = 1\n"),
    ("GL404", "x = 1\r\ny = 2\r\n", "#!/usr/bin/env python3\nx = 1\ny = 2\n"),
    ("GL404", "x = 1\ny = 2\r\n", "#!/usr/bin/env python3\nx = 1\ny = 2\r\n"),
    ("GL404", "\ufeffx = 1\n", "#!/usr/bin/env python3\nx = 1\n"),
    ("GL404", " #!/usr/bin/env python3\n", "#!/usr/bin/env python3\n"),
    ("GL404", "\n#!/usr/bin/env python3\nx = 1\n", "#!/usr/bin/env python3\nx = 1\n"),
    ("GL404", "!/usr/bin/env python3\nx = 1\n", "#!/usr/bin/env python3\nx = 1\n"),
    ("GL404", "!/usr/bin/env python3\r\nx = 1\r\n", "#!/usr/bin/env python3\nx = 1\n"),
    ("GL404", "\ufeff!/usr/bin/env python3\nx = 1\n", "#!/usr/bin/env python3\nx = 1\n"),
    ("GL404", "#/usr/bin/python3 -u\nx = 1\n", "#!/usr/bin/python3 -u\nx = 1\n"),
    ("GL404", "!#/bin/sh\nls\n", "#!/bin/sh\nls\n"),
    ("GL404", "# /usr/bin/env python3 is used\nx = 1\n", "#!/usr/bin/env python3\n# /usr/bin/env python3 is used\nx = 1\n"),
    ("GL404", "print 'hello'\n", "#!/usr/bin/env python3\nprint 'hello'\n"),  # GL406 stays
    ("GL405", "#!/usr/bin/env python3\r\nx = 1\r\ny = 2\r\n", "#!/usr/bin/env python3\nx = 1\ny = 2\n"),
    ("GL405", "#!/usr/bin/env python3\r\nx = 1\ny = 2\r\n", "#!/usr/bin/env python3\nx = 1\ny = 2\n"),
    ("GL405", "#!/usr/bin/env python3\r\r\nx = 1\r\n", "#!/usr/bin/env python3\nx = 1\n"),
    ("GL405", "#!/usr/bin/env python3\r", "#!/usr/bin/env python3"),
    ("GL405", "\ufeff#!/usr/bin/env python3\nx = 'é'\n", "#!/usr/bin/env python3\nx = 'é'\n"),
    ("GL405", "\ufeff#!/usr/bin/env python3\r\nx = 1\r\n", "#!/usr/bin/env python3\nx = 1\n"),
    ("GL405", "#!python3\r\nx = 1\r\n", "#!python3\nx = 1\n"),  # GL410 stays
    ("GL407", "#!/usr/bin/env python3\nx = '/flywheel/v0/inputs/a', '/flywheel/v0/outputs'\n", "#!/usr/bin/env python3\nx = '/flywheel/v0/input/a', '/flywheel/v0/output'\n"),
    # --- left alone
    ("GL404", "x = 1\n# coding: latin-1\n", None),
    ("GL404", "# !/usr/bin/env python3 -u\nx = 1\n", None),  # which needs env -S
    ("GL404", "!/usr/bin/env/python3\nx = 1\n", None),
    ("GL404", "#!/usr/bin/env python3\r\nx = 1\r\n", None),
    ("GL404", "\ufeff#!/usr/bin/env python3\n", None),
    ("GL404", "\0\0\0", None),
    ("GL404", "PK\x03\x04", None),
    ("GL405", "x = 1\r\n", None),
    ("GL405", "#!/usr/bin/env python3\nx = 1\r\n", None),
    ("GL405", "#!/usr/bin/env python3\rx = 1\r", None),
    ("GL405", "\ufeffx = 1\n", None),
    ("GL407", "#!/usr/bin/env python3\n# /flywheel/v0/inputs\nx = 'flywheel/v0/inputs'\n", None),
    ("GL407", "#!/usr/bin/env python3\nx = '/flywheel/v0/inputs-a', '/flywheel/v0/input'\n", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fixed", "before", "after"), SCRIPTS_REWRITTEN, ids=range(len(SCRIPTS_REWRITTEN))
)
def test_scripts(fixed: str, before: str, after: str | None, tmp_path: Path) -> None:
    text = f'{HEAD}ENTRYPOINT ["./run.py"]\n'
    directory = write(tmp_path, text.encode(), '"command": "./run.py"')
    (directory / "run.py").write_bytes(before.encode())
    found = fix(directory, fixed, unsafe=True)
    assert (directory / "run.py").read_bytes().decode() == (before if after is None else after)
    assert after is None or fixed not in codes(found)


def test_no_first_line_before_what_is_not_utf_8(tmp_path: Path) -> None:
    directory = write(tmp_path, f'{HEAD}ENTRYPOINT ["./run.py"]\n'.encode())
    (directory / "run.py").write_bytes(b"x = '\xe9'\n")
    assert "GL404" in codes(fix(directory, "GL404"))
    assert (directory / "run.py").read_bytes() == b"x = '\xe9'\n"


PYTHON, BASH, IGNORES = "#!/usr/bin/env python3\n", "#!/bin/bash\n", "# gearlint: ignore"
# (script, script or None): suppressions that suppress nothing, GL404 but for one row.
SUPPRESSIONS = [
    (f"{PYTHON}{IGNORES}[GL407]\nx = 1\n", f"{PYTHON}x = 1\n"),
    (f"{PYTHON}x = 1  {IGNORES}[GL407]\n", f"{PYTHON}x = 1\n"),
    (f"{PYTHON}\u00e9 = 1  {IGNORES}[GL407] \u00e9\n", f"{PYTHON}\u00e9 = 1\n"),
    (f"{PYTHON}if 1:\n    {IGNORES}[GL407]  \r\n    x = 1\n", f"{PYTHON}if 1:\n    x = 1\n"),
    (f"{PYTHON}x = 1  {IGNORES}[GL407] # noqa\n", f"{PYTHON}x = 1  # noqa\n"),
    (f"{PYTHON}x = 1  # noqa {IGNORES}[GL407]\n", f"{PYTHON}x = 1  # noqa\n"),
    (f"{PYTHON}x = (\n{IGNORES}[GL407, GL404]\n1)\n", f"{PYTHON}x = (\n1)\n"),
    (f"{PYTHON}y = 1\n{IGNORES}[GL407]\n# coding: latin-1\n", f"{PYTHON}y = 1\n# coding: latin-1\n"),
    (f"x = 1  {IGNORES}[GL404, GL407]\n", f"x = 1  {IGNORES}[GL404]\n"),
    (f"x = 1  {IGNORES}[GL407,  GL404]\n", f"x = 1  {IGNORES}[GL404]\n"),
    (f"x = 1  {IGNORES}[GL406, GL404 , GL407] why\n", f"x = 1  {IGNORES}[GL404] why\n"),
    (f"x = 1  {IGNORES}[gl404] why\n", f"x = 1  {IGNORES}[GL404] why\n"),
    (f"{BASH}ls {IGNORES}[GL407] why not\nls\n", f"{BASH}ls\nls\n"),
    (f"{BASH}\t{IGNORES}[GL407]\nls\n", f"{BASH}ls\n"),
    (f"{BASH}echo 'a' \"b\"\t{IGNORES}[GL407]", f"{BASH}echo 'a' \"b\""),
    # --- left alone: it is in a string, or what follows would come to the first lines
    (f"{PYTHON}x = '{IGNORES}[GL407]'\n", None),
    (f"{PYTHON}x = '''\n{IGNORES}[GL407]\n'''\n", None),
    (f"{PYTHON}def :\n{IGNORES}[GL407]\n", None),
    (f"{PYTHON}{IGNORES}[GL407]\n# coding: latin-1\nx = 1\n", None),
    (f"{IGNORES}[GL407]\n{PYTHON}", None),
    (f"{BASH}ls{IGNORES}[GL407]\n", None),
    (f"{BASH}x='\n{IGNORES}[GL407]\n'\n", None),
    (f'{BASH}x="a {IGNORES}[GL407]"\n', None),
    (f"{BASH}cat <<E\n{IGNORES}[GL407]\nE\n", None),
    (f"{BASH}ls \\\n{IGNORES}[GL407]\n", None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), SUPPRESSIONS, ids=range(len(SUPPRESSIONS)))
def test_suppression_in_a_script(before: str, after: str | None, tmp_path: Path) -> None:
    text = f'{HEAD}ENTRYPOINT ["./run.py"]\n'
    directory = write(tmp_path, text.encode(), '"command": "./run.py"')
    (directory / "run.py").write_bytes(before.encode())
    found = fix(directory, "GL006")
    assert (directory / "run.py").read_bytes().decode() == (before if after is None else after)
    assert ("GL006" in codes(found)) is (after is None)


# (name, text, first line or None): started by its name.
FIRST_LINES = [
    ("go.sh", "echo hello\n", "#!/bin/bash\n"),
    ("go.bash", "echo hello", "#!/bin/bash\n"),
    ("go.sh", "echo hello\r\n", "#!/bin/bash\n"),
    ("go", "cd /x && echo hello\n", "#!/bin/bash\n"),
    ("go", "import os\n", None),  # Python by the look of it
    ("go", "x = 1\n", None),
    ("go", "print 'hello'\n", None),
    ("go", "if then\n", None),
    ("go.R", "library(x)\n", None),
    ("go.m", "disp('x')\n", None),
    ("go.pl", "use strict;\n", None),
]


@pytest.mark.parametrize(
    ("installs", "is_fixed"),
    [("", False), ("RUN make install\n", False), ("RUN apk add bash\n", True)],
)
def test_first_line_for_bash_where_it_may_be(installs: str, is_fixed: bool, tmp_path: Path) -> None:
    text = f'{HEAD}{installs}ENTRYPOINT ["/flywheel/v0/run.sh"]\n'.replace("3.11", "3.12-alpine")
    directory = write(tmp_path, text.encode(), '"command": "./run.sh"')
    (directory / "run.sh").write_text("echo hello\n")
    (directory / "run.sh").chmod(0o755)
    fix(directory, "GL404")
    assert (directory / "run.sh").read_text().startswith("#!/bin/bash\n") is is_fixed


@pytest.mark.parametrize(("name", "text", "line"), FIRST_LINES, ids=range(len(FIRST_LINES)))
@pytest.mark.parametrize("by", ["docker", "command"])
def test_first_line_is_of_the_language(
    by: str, name: str, text: str, line: str | None, tmp_path: Path
) -> None:
    start = f"./{name}" if by == "docker" else "python"
    dockerfile = f'{HEAD}ENTRYPOINT ["{start}", "run.py"]\n'
    command = f"./{name}" if by == "command" else "python other.py"
    directory = write(tmp_path, dockerfile.encode(), f'"command": "{command}"')
    (directory / name).write_bytes(text.encode())
    (directory / name).chmod(0o755)
    found = fix(directory, "GL404")
    expected = text if line is None else line + text.replace("\r", "")
    assert (directory / name).read_bytes().decode() == expected
    assert ("GL404" in codes(found)) is (line is None)


@pytest.mark.parametrize(
    "base", ["python:2.7", "python:3.99", "me/base:1", "alpine:3.20", "scratch"]
)
def test_no_first_line_that_the_image_may_not_know(base: str, tmp_path: Path) -> None:
    name = "go.sh" if base == "alpine:3.20" else "run.py"
    text = "print 'hello'\n"
    dockerfile = f'FROM {base}\nCOPY . /flywheel/v0/\nENTRYPOINT ["/flywheel/v0/{name}"]\n'
    directory = write(tmp_path, dockerfile.encode())
    (directory / name).write_text(text)
    (directory / name).chmod(0o755)
    assert "GL404" in codes(fix(directory, "GL404"))
    assert (directory / name).read_text() == text


COMMANDS = [
    ("run.py", "./run.py"),
    ("run.py --x", "./run.py --x"),
    ("A=b run.py", "A=b ./run.py"),
    ("echo é && run.py", "echo é && ./run.py"),
    ("exec run.py", "exec ./run.py"),
    ("cd / && run.py", "cd / && /flywheel/v0/run.py"),
    ('run.py \\"a\\"', './run.py \\"a\\"'),
    ("./run.py", None),
    ("python run.py", None),
    ("'run.py'", None),
    ("r\\u0075n.py", "./r\\u0075n.py"),
    ('echo \\"a\\" && run.py', 'echo \\"a\\" && ./run.py'),
    ("echo \\u00e9\\ud83e\\udde0 && run.py", "echo \\u00e9\\ud83e\\udde0 && ./run.py"),
    ("'odd name.py'", None),
    ("PATH=/flywheel/v0 run.py", None),
    ("source x && run.py", None),
    ("$X run.py", None),
    ("main.py", None),
]


@pytest.mark.parametrize(("before", "after"), COMMANDS, ids=range(len(COMMANDS)))
def test_command(before: str, after: str | None, tmp_path: Path) -> None:
    directory = write(tmp_path, f'{HEAD}ENTRYPOINT ["/flywheel/v0/run.py"]\n'.encode())
    write_gear(directory, f'"command": "{before}"')
    text = (directory / "manifest.json").read_bytes().decode()
    found = fix(directory, "GL409")
    member = '"command": "%s"'
    expected = text if after is None else text.replace(member % before, member % after)
    assert (directory / "manifest.json").read_bytes().decode() == expected
    assert after is None or "GL409" not in codes(found)


def test_what_would_not_start_after_a_fix_is_reported_before_it(tmp_path: Path) -> None:
    dockerfile = f'{HEAD}ENTRYPOINT ["run.py"]\n'
    directory = write(tmp_path, dockerfile.encode(), '"command": "run.py"', "print(1)\r\n")
    (directory / "run.py").chmod(0o644)
    reported = findings(directory, settings.Settings(ignore=("GL314",)))
    assert {one.code for one in reported} == {"GL304", "GL403", "GL404", "GL409"}
    assert fix(directory, "GL304 GL403 GL404 GL409") == []


def test_everything_at_once(tmp_path: Path) -> None:
    text = f"{TOP}RUN chmod +x run.py\nCOPY run.py .\nENTRYPOINT run.py --out /flywheel/v0/outputs"
    directory = write(
        tmp_path, text.encode(), '"command": "run.py"', "\ufeff#!/usr/bin/env python3\r\n"
    )
    (directory / "run.py").chmod(0o600)
    every = "GL303 GL304 GL306 GL307 GL312 GL403 GL404 GL405 GL407 GL409"
    assert fix(directory, every, unsafe=True) == []


@pytest.mark.parametrize(
    ("step", "command"), [("RUN mv run go", "./run"), ("RUN mv run.py go", "run.py")]
)
def test_step_is_not_moved_where_one_fault_would_become_another(
    step: str, command: str, tmp_path: Path
) -> None:
    text = f'{TOP}{step}\nCOPY . .\nENTRYPOINT ["python", "other.py"]\n'
    directory = write(tmp_path, text.encode(), f'"command": "{command}"')
    assert "GL312" in codes(fix(directory, "GL312 GL409", unsafe=True))
    assert (directory / "Dockerfile").read_text() == text


@pytest.mark.parametrize("kind", ["steps", "programs"])
def test_fixes_that_are_tried_take_no_two_seconds(kind: str, tmp_path: Path) -> None:
    steps = "RUN chmod +x run.py\n" * 1_500 if kind == "steps" else ""
    names = [f"f{number}" for number in range(300 if kind == "programs" else 1)]
    start = " && ".join(f"./{name}" for name in names)
    directory = write(tmp_path, f"{TOP}{steps}COPY . .\nENTRYPOINT {start}\n".encode())
    for name in names:
        (directory / name).write_text(SCRIPT)
    with in_time(2):
        found = findings(directory, settings.Settings())
    assert sum(one.fix is not None for one in found) > 0
