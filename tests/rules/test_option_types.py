"""GL509: what the script does with an option that no value of its type does."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import write_gear

SDK = "import flywheel\ncontext = flywheel.GearContext()\nconfig = context.config\n"
BY_JSON = 'import json\nconfig = json.load(open("/flywheel/v0/config.json"))["config"]\n'
A = '"a"'
OF = '{{"type": "{}", "description": "d", "default": {}}}'
CONFIG = ", ".join((
    f'"n": {OF.format("integer", 1)}',
    f'"x": {OF.format("number", 0.5)}',
    f'"flag": {OF.format("boolean", "false")}',
    f'"mode": {OF.format("string", A)}',
    f'"ids": {OF.format("array", f"[{A}]")}',
    f'"odd": {OF.format("integer", A)}',
    '"size": {"type": "integer", "description": "d", "optional": true}',
    '"any": {"description": "d", "default": 1}',
    '"both": {"type": ["integer", "string"], "description": "d", "default": 1}',
))  # fmt: skip
N = 'option "n" is an integer, which'
X = 'option "x" is a number, which'
FLAG = 'option "flag" is a boolean, which'
MODE = 'option "mode" is a string, which'
IDS = 'option "ids" is an array, which'
NUMBER = 'declare it as "number", or convert it by float()'
ITEMS = "take its items one by one"
ERRORS = [
    # lines after those of SDK, what is said, and the advice
    ('import os\nos.environ["N"] = config["n"]\n', f"{N} os.environ does not take"),
    ('from os import environ\nenviron["X"] = config["x"]\n', f"{X} os.environ does not take"),
    ('n = config["n"]\nprint("n: " + n)\n', f"{N} cannot be added to a string"),
    ('print("n: " + config.get("n"))\n', f"{N} cannot be added to a string"),
    ('print(config["flag"] + "!")\n', f"{FLAG} cannot be added to a string"),
    ('print("a" + "b" + config["x"])\n', f"{X} cannot be added to a string"),
    ('print(f"a{context}" + config["x"])\n', f"{X} cannot be added to a string"),
    ('print(str(config["flag"]) + config["n"])\n', f"{N} cannot be added to a string"),
    ('print("ids: " + config["ids"])\n', f"{IDS} cannot be added to a string"),
    ('print(config["mode"] + 1)\n', f"{MODE} cannot be added to a number"),
    ('print(config["mode"] * 0.5)\n', f"{MODE} cannot be calculated with a number"),
    ('print(2 / config["mode"])\n', f"{MODE} cannot be calculated with a number"),
    ('print(config["mode"] > 1)\n', f"{MODE} cannot be compared with a number"),
    ('print(config["n"] <= "1")\n', f"{N} cannot be compared with a string"),
    ('print(config["flag"] in "true")\n', f"{FLAG} cannot be looked for in a string"),
    ('print("1" in config["n"])\n', f'{N} "in" does not take'),
    ('print(config["n"].split(","))\n', f'{N} has no attribute "split"'),
    ('print(config["ids"].split(","))\n', f'{IDS} has no attribute "split"'),
    ('print(config["flag"].lower())\n', f'{FLAG} has no attribute "lower"'),
    ('print(config["mode"].append("a"))\n', f'{MODE} has no attribute "append"'),
    ('print(config["n"].get("value"))\n', f'{N} has no attribute "get"'),
    ('print(config["n"]["value"])\n', f"{N} has no keys"),
    ('print(config["mode"]["default"])\n', f"{MODE} has no keys"),
    ('print(config["x"][0])\n', f"{X} has no parts"),
    ('for each in config["n"]:\n    print(each)\n', f"{N} a loop does not take"),
    ('print(len(config["n"]))\n', f"{N} len() does not take"),
    ('print(sorted(config["x"]))\n', f"{X} sorted() does not take"),
    ('print(range(config["mode"]))\n', f"{MODE} range() does not take"),
    ('print(int(config["ids"]))\n', f"{IDS} int() does not take"),
    ('import os\nprint(os.path.join("a", config["n"]))\n', f"{N} os.path.join() does not take"),
    ('from pathlib import Path\nprint(Path(config["n"]))\n', f"{N} pathlib.Path() does not take"),
    (
        'from pathlib import Path\nprint(Path("/flywheel/v0") / config["n"])\n',
        f"{N} cannot be calculated with a string",
    ),
    ('import os\nos.makedirs(config["n"])\n', f"{N} os.makedirs() does not take"),
    ('import json\njson.loads(config["ids"])\n', f"{IDS} json.loads() does not take"),
    ('print(" ".join(["a", config["n"]]))\n', f"{N} join() does not take"),
    (
        'import subprocess\nsubprocess.run(["a", config["n"]])\n',
        f"{N} subprocess.run does not take",
    ),
    (
        'import subprocess as sp\na = ["a", config["x"]]\nsp.check_call(a)\n',
        f"{X} subprocess.check_call does not take",
    ),
    (
        'import subprocess\na = ["a"]\na.append(config["n"])\nsubprocess.run(a)\n',
        f"{N} subprocess.run does not take",
    ),
    (
        'import subprocess\na = []\na.extend(["-n", config["n"]])\nsubprocess.run(a)\n',
        f"{N} subprocess.run does not take",
    ),
    (
        'import os, subprocess\nsubprocess.run("a", env={**os.environ, "N": config["n"]})\n',
        f"{N} the environment does not take",
    ),
    ('print("%d" % config["mode"])\n', f"{MODE} %d does not take"),
    ('print("%s: %5.2f" % (config["n"], config["mode"]))\n', f"{MODE} %f does not take"),
    ('print("%d%%" % config["ids"])\n', f"{IDS} %d does not take"),
]
WARNINGS = [
    ('print([each for each in config["flag"]])\n', f"{FLAG} a loop does not take"),
    ('if config["flag"] == "true":\n    print(1)\n', f'{FLAG} is never "true"'),
    ('if config["flag"] != "false":\n    print(1)\n', f'{FLAG} is never "false"'),
    ('if config["flag"] in ("true", "yes"):\n    print(1)\n', f'{FLAG} is never "true"'),
    ('if str(config["flag"]) == "true":\n    print(1)\n', f'{FLAG} is never "true"'),
    ('if str(config["flag"]).lower() == "True":\n    print(1)\n', f'{FLAG} is never "True"'),
    ('if config["n"] == "1":\n    print(1)\n', f'{N} is never "1"'),
    ('n = config["n"]\nprint(2 if "1" == n else 3)\n', f'{N} is never "1"'),
    ('if config["mode"] == 1:\n    print(1)\n', f"{MODE} is never 1"),
    ('if config["mode"] == True:\n    print(1)\n', f"{MODE} is never True"),
    ('if config["ids"] == "a":\n    print(1)\n', f'{IDS} is never "a"'),
    ('if context:\n    print("n: " + config["n"])\n', f"{N} cannot be added to a string"),
    ('def f(n):\n    if n:\n        "n" + n\nf(config["n"])\n', f"{N} cannot be added to a string"),
    ('match config["n"]:\n    case "1":\n        print(1)\n', f'{N} is never "1"'),
]  # fmt: skip
LEFT_ALONE = [
    # what fits
    'import os\nos.environ["N"] = str(config["n"])\nos.environ["M"] = config["mode"]\n',
    'n = str(config["n"])\nprint("n: " + n)\n',
    'print("n: " + str(config["n"]), f"{config["n"]}" + "!")\n',
    'print(config["n"] + 1, config["x"] * 2, config["flag"] + 1, "a" * config["n"])\n',
    'print(config["mode"] + "a", config["mode"] * 2, config["ids"] + ["a"])\n',
    'print(config["n"] > 1, config["mode"] < "b", "a" in config["ids"], "a" in config["mode"])\n',
    'print(config["mode"].split(","), config["n"].real, config["ids"].count("a"))\n',
    'print(config["mode"][0], config["ids"][0], config["mode"][1:])\n',
    'for each in config["ids"]:\n    print(each)\n',
    'print(len(config["mode"]), range(config["n"]), int(config["mode"]), float(config["n"]))\n',
    'print(range(config["x"]), config["x"].bit_length())\n',  # it may be whole
    'from pathlib import Path\nprint(Path("/flywheel/v0") / config["mode"])\n',
    'import os\nprint(os.path.join(os.getcwd(), "a") + config["mode"])\n',
    'print("%d %s %f" % (config["n"], config["mode"], config["flag"]))\n',
    'print("%(a)d" % config["mode"], "%d %d" % config["mode"], "%*d" % (1, config["mode"]))\n',
    'if config["flag"] == True or config["flag"] == 1 or config["n"] == 2:\n    print(1)\n',
    'if config["mode"] == "b" or config["mode"] in ("c", 1):\n    print(1)\n',
    'if str(config["flag"]) == "True" or str(config["flag"]).lower() == "true":\n    print(1)\n',
    'if str(config["n"]) == "2" or config["ids"] == ["b"]:\n    print(1)\n',
    'print(config["n"] == "", config["mode"] is None, str(config["flag"]) == "None")\n',
    'print(config["mode"] in "true", context in "true", config["n"] in context)\n',
    'if config["n"] == context or config["n"] in ("1", context):\n    print(1)\n',
    'if "1" == config["n"] == context:\n    print(1)\n',
    # what is not certain
    'print("n: " + config.get("n", "1"))\n',
    'print("n: " + (config["n"] or "1"))\n',
    'n = config["n"]\nif context:\n    n = str(n)\nprint("n: " + n)\n',
    'def f(n):\n    return "n" + n\nf(config["n"])\nf("a")\n',
    'print("n: " + config["odd"], "n: " + config["any"], "n: " + config["both"])\n',
    'print("n: " + config["other"])\n',
    'key = context.key()\nprint("n: " + config[key])\n',
    'import subprocess\na = ["a", config["n"]]\na = [str(each) for each in a]\nsubprocess.run(a)\n',
    'import subprocess\na = ["a", config["n"]]\na[1] = str(a[1])\nsubprocess.run(a)\n',
    'import subprocess\na = ["a", config["n"]]\na.pop()\nsubprocess.run(a)\n',
    'import subprocess\nsubprocess.run(list(map(str, ["a", config["n"]])))\n',
    'import subprocess\na = ["a", config["n"]]\na.append(1, 2)\nsubprocess.run(a)\n',
    'print(",".join(config["ids"]), context.join(["a", config["n"]]))\n',
    'print(numpy.array(1) + config["mode"], context.x - config["mode"])\n',
    'len = context.len\nprint(len(config["n"]))\n',
    # what the script takes care of
    'try:\n    print("n: " + config["n"])\nexcept TypeError:\n    pass\n',
    'try:\n    print(config["n"].split())\nexcept AttributeError:\n    pass\n',
    'if isinstance(config["n"], str):\n    print("n: " + config["n"])\n',
    'n = config["n"]\nif type(n) == str:\n    print("n: " + n)\n',
    'if hasattr(config["n"], "split"):\n    print(config["n"].split())\n',
    'config["n"] = str(config["n"])\nprint("n: " + config["n"])\n',
    'for key in config:\n    config[key] = str(config[key])\nprint("n: " + config["n"])\n',
    'config.update(context.more())\nprint("n: " + config["n"])\n',
    'def f():\n    print("n: " + config["n"])\n',  # nothing calls it
]


def _gear(directory: Path, script: str) -> None:
    write_gear(directory, f'"config": {{{CONFIG}}}')
    (directory / "run.py").write_text(script)


@pytest.mark.parametrize("start", [SDK, BY_JSON])
@pytest.mark.parametrize(("script", "expected"), ERRORS)
def test_use_that_ends_the_job(
    script: str, expected: str, start: str, tmp_path: Path, check: Run
) -> None:
    _gear(tmp_path, f"context = 1\n{start}{script}")
    (found,) = check(tmp_path, "--select", "GL509").findings
    assert (found["message"], found["severity"]) == (expected, "error")


@pytest.mark.parametrize("script", [script for script, _ in ERRORS])
def test_python_fails_there(script: str) -> None:
    config = {name: option.get("default") for name, option in json.loads(f"{{{CONFIG}}}").items()}
    with pytest.raises((TypeError, AttributeError)):
        exec(script, {"config": config, "context": 1})


@pytest.mark.parametrize(("script", "expected"), WARNINGS)
def test_use_that_is_never_meant(script: str, expected: str, tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"{SDK}{script}")
    (found,) = check(tmp_path, "--select", "GL509").findings
    assert (found["message"], found["severity"]) == (expected, "warning")


@pytest.mark.parametrize("script", LEFT_ALONE)
def test_use_that_may_be_right(script: str, tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"{SDK}{script}")
    assert check(tmp_path, "--select", "GL509").codes == []


@pytest.mark.parametrize(
    ("script", "place", "advice"),
    [
        ('print("n: " + config["n"])\n', "4:15", "write str(config['n'])"),
        (
            "some_much_longer_name_of_it = config\n"
            'print("n" + some_much_longer_name_of_it.get("n", None))\n',
            "5:13",
            "convert it by str()",
        ),
        ('print("n: " + config["ids"])\n', "4:15", ITEMS),
        ('print(config["mode"] + 1)\n', "4:7", NUMBER),
        ('print(config["n"] > "1")\n', "4:7", "compare it with a number"),
        ('print(config["mode"] > 1)\n', "4:7", "compare it with a string"),
        ('print(config["flag"] == "1")\n', "4:25", "it is True or False"),
        ('print(config["ids"] == "1")\n', "4:24", "it is a list"),
        ('print(str(config["flag"]) == "1")\n', "4:30", 'str() makes "True" or "False" of it'),
        ('print(len(config["n"]))\n', "4:11", "it is one value"),
        ('print(config["n"].split())\n', "4:7", 'declare it as "string"'),
        ('print(config["mode"].append)\n', "4:7", 'declare it as "array"'),
        ('print(config["n"].get("value"))\n', "4:7", "it is the value itself"),
        ('print(config["n"]["value"])\n', "4:7", "it is the value itself"),
    ],
)
def test_place_and_advice(script: str, place: str, advice: str, tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f"{SDK}{script}")
    (found,) = check(tmp_path, "--select", "GL509").findings
    assert (f"{found['line']}:{found['column']}", found["help"]) == (place, advice)


def test_option_that_is_not_given_is_not_of_another_type(tmp_path: Path, check: Run) -> None:
    _gear(tmp_path, f'{SDK}size = config.get("size")\nif size:\n    print("a" + size)\n')
    (found,) = check(tmp_path, "--select", "GL509").findings
    assert (found["line"], found["severity"]) == (6, "warning")


@pytest.mark.parametrize("guard", ["", "try:\n    "])
def test_list_that_another_function_starts(guard: str, tmp_path: Path, check: Run) -> None:
    end = "except Exception:\n    pass\n" if guard else ""
    start = "def start(words):\n    subprocess.run(words)\n"
    script = f'import subprocess\n{start}{guard}start(["a", config["n"]])\n{end}'
    _gear(tmp_path, f"{SDK}{script}")
    assert check(tmp_path, "--select", "GL509").codes == ([] if guard else ["GL509"])


JQ = "#!/bin/bash\nCONFIG=/flywheel/v0/config.json\nflag=$(jq -r .config.flag $CONFIG)\n"
BY_FUNCTION = """#!/bin/bash
function parse_config {
  CONFIG=config.json
  if [[ -f $CONFIG ]]; then
    echo "$(cat $CONFIG | jq -r '.config.'$1)"
  else
    echo "$(cat manifest.json | jq -r '.config.'$1'.default')"
  fi
}
flag="$(parse_config 'flag')"
"""
TRUE = 'jq writes "true" or "false"'
COMPARE = 'compare it with "true"'
OF_FUNCTION = '#!/bin/sh\nof() {\n  jq --raw-output ".config.$1" config.json\n}\n'
IN_SHELL = [
    (f'{JQ}if [[ $flag == "True" ]]; then echo; fi\n', f'{FLAG} is never "True"', TRUE),
    (f'{JQ}if [ "$flag" = 1 ] || [ -f x ]; then echo; fi\n', f'{FLAG} is never "1"', TRUE),
    (f"{JQ}if [[ -f x && yes != ${{flag}} ]]; then echo; fi\n", f'{FLAG} is never "yes"', TRUE),
    (f"{JQ}shopt -s extglob\n[[ $flag == True ]]\n", f'{FLAG} is never "True"', TRUE),
    (f"{JQ}test $flag == TRUE && echo\n", f'{FLAG} is never "TRUE"', TRUE),
    (f'{JQ}if [ "$flag" ]; then echo; fi\n', f"{FLAG}se text is never empty", COMPARE),
    (f"{JQ}if [[ ! -n $flag ]]; then echo; fi\n", f"{FLAG}se text is never empty", COMPARE),
    (f"{JQ}if [[ $flag -eq 1 ]]; then echo; fi\n", f"{FLAG} -eq does not take", COMPARE),
    (f"{BY_FUNCTION}[[ $flag == True ]] && echo\n", f'{FLAG} is never "True"', TRUE),
    (f'{OF_FUNCTION}[ "$(of flag)" = "True" ] && echo\n', f'{FLAG} is never "True"', TRUE),
    (
        "#!/bin/bash\nexport flag=`cat config.json | jq .config.flag`\n[[ $flag == 1 ]]\n",
        f'{FLAG} is never "1"',
        TRUE,
    ),
    (
        "#!/bin/bash\nF=$(jq -r '.config[\"flag\"] // empty' config.json)\n[[ $F == false ]]\n",
        f'{FLAG} is never "false"',
        "jq writes nothing for false",
    ),
]
SOUND_IN_SHELL = [
    f'{JQ}[[ $flag == "true" ]] || [ "$flag" != false ] || [[ $flag == null || $flag == "" ]]\n',
    f"{JQ}[[ $flag == T* ]] || [[ ${{flag^}} == True ]] || [[ $flag =~ True ]]\n",
    f'{JQ}[[ "x$flag" == xTrue ]] || [[ $flag == $TRUE ]] || [[ -z $flag ]] || $flag\n',
    f"{JQ}shopt -s nocasematch\n[[ $flag == True ]]\n",
    f"{JQ}shopt -s extglob\n[[ $flag == @(True|true) ]]\n",
    f"{JQ}flag=True\n[[ $flag == True ]]\n",
    f"{JQ}read flag\n[[ $flag == True ]]\n",
    f"{JQ}for flag in True False; do [[ $flag == True ]]; done\n",
    f"{JQ}[[ $flag == true ]] && flag=True\n[[ $flag == True ]]\n",
    f"{JQ}flag=$(echo $flag | tr t T)\n[[ $flag == True ]]\n",
    f"{JQ}if [[ -n $flag && -f x ]]; then echo; fi\n",
    "#!/bin/bash\nn=$(jq -r .config.n config.json)\n[[ $n == True || $n -eq 1 || -n $n ]]\n",
    "#!/bin/bash\nf=$(jq -r .config.flag.id config.json)\n[[ $f == True ]]\n",
    "#!/bin/bash\nf=$(jq -r .config.other config.json)\n[[ $f == True ]]\n",
    "#!/bin/bash\nf=$(jq -r .config.flag config.json | tr t T)\n[[ $f == True ]]\n",
    "#!/bin/bash\nf=$(jq -r '.config.flag // \"True\"' config.json)\n[[ $f == True ]]\n",
    "#!/bin/bash\nf=$(jq -r '.config.flag // empty' config.json)\n[[ -n $f ]]\n",
    "#!/bin/bash\nf=$(jq -r .config.flag .config.n config.json)\n[[ $f == True ]]\n",
    f'{OF_FUNCTION}[ "$(of flag n)" = "True" ] || [ "$(of $1)" = "True" ]\n',
    '#!/bin/sh\nof() {\n  jq -r ".config.$1" config.json | tr t T\n}\n[ "$(of flag)" = True ]\n',
    '#!/bin/sh\nof() {\n  jq -r ".config.$2" config.json\n}\n[ "$(of flag)" = True ]\n',
    '#!/bin/sh\nof() {\n  jq -r ".config.$1.id" config.json\n}\n[ "$(of flag)" = True ]\n',
    '#!/bin/sh\nof() {\n  jq -r ".inputs.$1" config.json\n}\n[ "$(of flag)" = True ]\n',
]  # fmt: skip


def _shell_gear(directory: Path, script: str, config: str = CONFIG) -> None:
    write_gear(directory, f'"command": "bash run.sh",\n"config": {{{config}}}')
    (directory / "run.sh").write_text(script)
    dockerfile = "FROM debian:12\nWORKDIR /flywheel/v0\nCOPY run.sh manifest.json ./\n"
    (directory / "Dockerfile").write_text(dockerfile)


@pytest.mark.parametrize(("script", "expected", "advice"), IN_SHELL)
def test_boolean_in_a_shell_script(
    script: str, expected: str, advice: str, tmp_path: Path, check: Run
) -> None:
    _shell_gear(tmp_path, script)
    (found,) = check(tmp_path, "--select", "GL509,GL506").findings
    said = found["message"], found["severity"], found["help"]
    assert said == (expected.replace("whichse", "whose"), "warning", advice)


@pytest.mark.parametrize("script", SOUND_IN_SHELL)
def test_boolean_in_a_shell_script_that_may_be_meant(
    script: str, tmp_path: Path, check: Run
) -> None:
    _shell_gear(tmp_path, script)
    assert check(tmp_path, "--select", "GL509,GL506").codes == []


ENUM = (
    '"mode": {"type": "string", "description": "d", "default": "a", "enum": ["a", "png", "jpeg"]}'
)


OF_JQ = "#!/bin/bash\nmode=$(jq .config.mode config.json)\n"
IN_QUOTES = [
    (f"{OF_JQ}convert scan.nii scan.$mode\n", "3:18"),
    (f"{OF_JQ}convert -t $mode scan.nii\n", "3:12"),
    (f"{OF_JQ}output=/x/scan'_small.'$mode\n", "3:8"),
    (f"{OF_JQ}[ -f x ] || mode=png\nconvert -t $mode x\n", "4:12"),
    (f'{OF_JQ}convert -t "$mode" scan.nii; convert -t "$mode" x\n', "3:12"),
    (f"{OF_JQ}if [[ -n $mode && $mode == png ]]; then echo; fi\n", "3:28"),
    (f'{OF_JQ}[ "$mode" != "png" ] && echo\n', "3:14"),
    (f"{OF_FUNCTION.replace('--raw-output ', '')}mode=`of mode`\nconvert -t $mode x\n", "6:12"),
]


@pytest.mark.parametrize(("script", "place"), IN_QUOTES)
def test_string_that_a_shell_script_uses_in_quotes(
    script: str, place: str, tmp_path: Path, check: Run
) -> None:
    _shell_gear(tmp_path, script, ENUM)
    (found,) = check(tmp_path, "--select", "GL509").findings
    assert f"{found['line']}:{found['column']}" == place
    message = 'option "mode" is a string, which jq writes in quotes'
    assert (found["message"], found["severity"]) == (message, "warning")
    assert found["help"] == "write jq -r"


@pytest.mark.parametrize(
    ("script", "config"),
    [
        (f"{OF_JQ.replace('jq', 'jq -r')}convert -t $mode scan.nii\n", ENUM),
        (f"{OF_JQ}convert -t $mode scan.nii\n", ENUM.replace('"string"', '"number"')),
        (f'{OF_JQ}mode=${{mode//\\"/}}\nconvert -t $mode scan.nii\n', ENUM),
        (f"{OF_JQ}convert -t ${{mode%?}} scan.nii\n", ENUM),
        (f"{OF_JQ}mode=$(echo $mode | tr -d '\"')\nconvert -t $mode scan.nii\n", ENUM),
        (f"{OF_JQ}eval convert -t $mode scan.nii\n", ENUM),
        (f"{OF_JQ}echo $mode | xargs convert -t\n", ENUM),
        (f'{OF_JQ}echo "mode is $mode"\n', ENUM),
        (f"{OF_JQ}jq --argjson mode $mode -n '$mode'\n", ENUM),
        (f'{OF_JQ}write "{{\\"mode\\": $mode}}"\n', ENUM),
        (f"{OF_JQ}[[ -z $mode ]] && echo\n", ENUM),
        (f"{OF_JQ}[[ $mode == '\"png\"' ]] && echo\n", ENUM),
        (f"{OF_JQ}mode=x$mode\nconvert -t $mode scan.nii\n", ENUM),
        (f"{OF_JQ}mode=$(python clean.py $1)\nconvert -t $mode scan.nii\n", ENUM),
        (f"{OF_JQ}read mode\nconvert -t $mode scan.nii\n", ENUM),
        (f"{OF_JQ}other=$mode\n", ENUM),
    ],
)
def test_string_in_quotes_that_may_be_meant(
    script: str, config: str, tmp_path: Path, check: Run
) -> None:
    _shell_gear(tmp_path, script, config)
    assert check(tmp_path, "--select", "GL509").codes == []


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ('[[ $mode == "jpg" ]]', ['3:13 option "mode" is never "jpg"']),
        ('[ "$mode" != bmp ]', ['3:14 option "mode" is never "bmp"']),
        ('[[ $mode == "png" || $mode == a || $mode == null || $mode == "" ]]', []),
        ("[[ $mode -eq 1 || -n $mode ]]", []),
        ("[[ $(jq .config.mode config.json) == bmp ]]", []),  # it has quotes
        ("[[ $(jq -r .config.other config.json) == bmp ]]", []),
    ],
)
def test_enum_in_a_shell_script(test: str, expected: list[str], tmp_path: Path, check: Run) -> None:
    script = f"#!/bin/bash\nmode=$(jq -r .config.mode config.json)\n{test} && echo\n"
    _shell_gear(tmp_path, script, ENUM)
    found = check(tmp_path, "--select", "GL506").findings
    assert [
        f"{each['line']}:{each['column']} {str(each['message']).partition(':')[0]}"
        for each in found
    ] == expected


@pytest.mark.parametrize(
    "line", ['print(config["mode"] > 1)', 'print(config["mode"].decode("ascii"))']
)
@pytest.mark.parametrize(("base", "codes"), [("python:2.7", []), ("python:3.11", ["GL509"])])
def test_what_python_2_takes(
    base: str, codes: list[str], line: str, tmp_path: Path, check: Run
) -> None:
    _gear(tmp_path, f"{BY_JSON}{line}\n")
    dockerfile = (tmp_path / "Dockerfile").read_text()
    (tmp_path / "Dockerfile").write_text(dockerfile.replace("python:3.11", base))
    assert check(tmp_path, "--select", "GL509").codes == codes
