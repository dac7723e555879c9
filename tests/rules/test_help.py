"""What findings say in full: their severity, what is wrong, what to do, and the text they are at.

A case is the members of a manifest, or after `=== NAME` lines the files of a gear.
"""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.sound import DOCKERFILE, write_gear


def docker(lines: str) -> str:
    """A case whose Dockerfile has more lines before its ENTRYPOINT."""
    return "=== Dockerfile\n" + DOCKERFILE.replace("ENTRYPOINT", f"{lines}\nENTRYPOINT")


CASES: list[tuple[str, str, list[str]]] = [
    # (rule, case, `severity at TEXT: message -> help` of each finding)
    ("GL001", "=== manifest.json\n", ['error at : the manifest is empty, expected a JSON object -> write the manifest: "gearlint rule GL101" lists the fields that it needs']),
    ("GL001", "=== manifest.json\n\n", ['error at : the manifest is empty, expected a JSON object -> write the manifest: "gearlint rule GL101" lists the fields that it needs']),
    ("GL001", "=== manifest.json\nhello\n", ['error at hello: the manifest does not begin with "{" -> expected a JSON object: { ... }']),
    ("GL001", "=== manifest.json\n{'a': 1}\n", ['error at \'a\': single quotes are not allowed in JSON -> strings are in double quotes (")']),
    ("GL002", '=== manifest.json\n\ufeff{"name": "x", "label": "X", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}}\n', ["error at : the manifest is UTF-8 with a byte order mark, expected plain UTF-8 -> save it as UTF-8 without a byte order mark"]),
    ("GL003", '"label": "a",\n"label": "a"', ['warning at "label": key "label" is given twice, first in line 31, with the same value -> remove one']),
    ("GL003", '"label": "a",\n"label": "b"', ['error at "label": key "label" is given twice, first in line 31 -> only the last one counts: remove one']),
    ("GL004", "=== manifest.json\n[]\n", ['error at [: the manifest is an array, expected an object -> put the fields of the gear into one object: {"name": "my-gear", ...}']),
    ("GL004", "=== manifest.json\n1\n", ['error at 1: the manifest is the number 1, expected an object -> put the fields of the gear into one object: {"name": "my-gear", ...}']),
    ("GL006", '"custom": {"gear-builder": {"category": "qa", "image": "me/my-gear:1.0.0_2.0.0"}, "gearlint": {"ignore": ["gl1", "all", "gl101", "GL9x1", "wrong-typ", "zzzz", "GL999", "GL10l", "GLO01", "", "GL101: x"]}}', ['warning at "gl1": suppression of "gl1", which is not the code of a rule -> a suppression names one rule by its whole code, as "GL101"', 'warning at "all": suppression of "all", which is not the code of a rule -> a suppression names one rule by its whole code', 'warning at "gl101": suppression of "gl101", which is not the code of a rule -> write the code, "GL101"', 'warning at "GL9x1": suppression of "GL9x1", which is not the code of a rule -> remove it: there is no such rule', 'warning at "wrong-typ": suppression of "wrong-typ", which is not the code of a rule -> did you mean "GL103" (wrong-type)?', 'warning at "zzzz": suppression of "zzzz", which is not the code of a rule -> remove it: there is no such rule', 'warning at "GL999": suppression of "GL999", which is not the code of a rule -> remove it: there is no such rule', 'warning at "GL10l": suppression of "GL10l", which is not the code of a rule -> did you mean "GL101"?', 'warning at "GLO01": suppression of "GLO01", which is not the code of a rule -> did you mean "GL001"?', 'warning at "": suppression of "", which is not the code of a rule -> remove it: there is no such rule']),
    ("GL101", '=== manifest.json\n{"name": "x", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}, "lable": "X"}\n', ['error at {: required field "label" is missing -> rename "lable" to "label"']),
    ("GL101", '=== manifest.json\n{"name": "x", "label": "X", "description": "d", "version": "1", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}, "Author": "a", "Authors": "b"}\n', ['error at {: required field "author" is missing -> rename "Author" to "author"']),
    ("GL101", '=== manifest.json\n{"name": "x", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}, "lable": 1}\n', ['error at {: required field "label" is missing -> rename "lable" to "label"']),
    ("GL101", '=== manifest.json\n{"name": "x", "label": "X", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}, "Config": 1}\n', ['error at {: required field "config" is missing -> rename "Config" to "config"']),
    ("GL101", '=== manifest.json\n{"name": "x", "label": "X", "description": "d", "version": "1", "author": "a", "license": "MIT", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}}\n', ['error at {: required field "source" is missing -> add it, for example "source": ""']),
    ("GL101", '=== manifest.json\n{"name": "x", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}}\n', ['error at {: required field "label" is missing -> add it, for example "label": "My gear"']),
    ("GL101", '=== manifest.json\n{"name": "X y", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}}\n', ['error at {: required field "label" is missing -> add it, for example "label": "My gear"']),
    ("GL101", '=== manifest.json\n{"name": "x", "label": "X", "description": "d", "version": "1", "author": "a", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"license": "MIT", "gear-builder": {"category": "qa", "image": "x:1"}}}\n', ['error at {: required field "license" is missing -> "license" is in custom, line 1: move it out']),
    ("GL101", '=== manifest.json\n{"name": "x", "label": "X", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "inputs": {"config": {"base": "file"}}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}}\n', ['error at {: required field "config" is missing -> "config" is in inputs, line 1: move it out']),
    ("GL101", '=== manifest.json\n{"name": "x", "label": "X", "description": "d", "version": "1", "license": "MIT", "source": "", "url": "", "config": {"a": {"type": "string", "author": "x"}}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}}\n', ['error at {: required field "author" is missing -> add it, for example "author": "A. Author"']),
    ("GL102", '"zzz": 1', ['error at "zzz": unknown field "zzz" -> move it into "custom", or remove it']),
    ("GL102", '"maintainers": "x"', ['error at "maintainers": unknown field "maintainers" -> move it into "custom", or remove it']),
    ("GL102", '"Author": "x",\n"Authors": "y"', ['error at "Author": unknown field "Author" -> move it into "custom", or remove it', 'error at "Authors": unknown field "Authors" -> move it into "custom", or remove it']),
    ("GL102", '"maintainer_": "x"', ['error at "maintainer_": unknown field "maintainer_" -> move it into "custom", or remove it']),
    ("GL102", '"Author": "x"', ['error at "Author": unknown field "Author" -> move it into "custom", or remove it']),
    ("GL102", '"lable": "x"', ['error at "lable": unknown field "lable" -> move it into "custom", or remove it']),
    ("GL102", '=== manifest.json\n{"name": "x", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}, "lable": "X"}\n', ['error at "lable": unknown field "lable" -> did you mean "label"?']),
    ("GL102", '=== manifest.json\n{"name": "x", "label": "X", "description": "d", "version": "1", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}, "Author": "a", "Authors": "b"}\n', ['error at "Author": unknown field "Author" -> did you mean "author"?', 'error at "Authors": unknown field "Authors" -> did you mean "author"?']),
    ("GL102", '=== manifest.json\n{"name": "x", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "config": {}, "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}, "lable": 1}\n', ['error at "lable": unknown field "lable" -> did you mean "label"?']),
    ("GL102", '=== manifest.json\n{"name": "x", "label": "X", "description": "d", "version": "1", "author": "a", "license": "MIT", "source": "", "url": "", "inputs": {}, "custom": {"gear-builder": {"category": "qa", "image": "x:1"}}, "Config": 1}\n', ['error at "Config": unknown field "Config" -> did you mean "config"?']),
    ("GL103", '"label": 1', ["error at 1: label is the number 1, expected a string -> write a string"]),
    ("GL106", '"license": "apache2"', ['error at "apache2": license "apache2" is not an OSI identifier that Flywheel knows -> did you mean "Apache-2.0"?']),
    ("GL106", '"license": "own"', ['error at "own": license "own" is not an OSI identifier that Flywheel knows -> write "Other" where no identifier fits']),
    ("GL107", '"url": "example.org"', ['warning at "example.org": url "example.org" is not a URL, expected one or an empty string -> for example "https://example.org"']),
    ("GL107", '"url": "https://a b"', ['warning at "https://a b": url "https://a b" is not a URL, expected one or an empty string -> for example "https://example.org/my-gear", or "" where there is none']),
    ("GL107", '"source": "https://a{b}"', ['warning at "https://a{b}": source "https://a{b}" is not a URL, expected one or an empty string -> for example "https://example.org/my-gear", or "" where there is none']),
    ("GL107", '"url": "https:"', ['warning at "https:": url "https:" is not a URL, expected one or an empty string -> for example "https://example.org/my-gear", or "" where there is none']),
    ("GL109", '"label": "My {{ x }}"', ['warning at {{ x }}: label still has "{{ x }}" in it, from a template -> write the name that people see, for example "My gear"']),
    ("GL110", '"custom": {}', ['error at "custom": custom.gear-builder.image is missing -> add "gear-builder": {"category": "analysis", "image": "REGISTRY/my-gear:1.0.0_2.0.0"} to custom']),
    ("GL110", '"custom": {"gear-builder": {}}', ['error at "gear-builder": custom.gear-builder.image is missing -> name the image, with the version as its tag']),
    ("GL110", '"custom": {"gear-builder": {"image": ""}}', ['error at "": custom.gear-builder.image is empty -> name the image, with the version as its tag']),
    ("GL110", '"custom": {"docker-image": "me/x:1"}', ['error at "docker-image": custom.gear-builder.image is missing -> move the image here from the deprecated custom.docker-image']),
    ("GL110", '"custom": {"docker-image": "me/x:1", "gear-builder": {"image": ""}}', ['error at "": custom.gear-builder.image is empty -> move the image here from the deprecated custom.docker-image']),
    ("GL110", '"custom": 1', []),
    ("GL110", '"custom": {"gear-builder": 1}', []),
    ("GL110", '"name": "qc",\n"version": "3",\n"custom": {}', ['error at "custom": custom.gear-builder.image is missing -> add "gear-builder": {"category": "analysis", "image": "REGISTRY/qc:3"} to custom']),
    ("GL110", '"name": "",\n"version": 3,\n"custom": {}', ['error at "custom": custom.gear-builder.image is missing -> add "gear-builder": {"category": "analysis", "image": "REGISTRY/my-gear:VERSION"} to custom']),
    ("GL113", '"custom": {"gear-builder": {"image": "me/my-gear:1.0.0_2.0.0"}}', ['warning at "gear-builder": custom.gear-builder.category is missing, expected analysis, classifier, converter, qa or utility -> add "category": "analysis", or the one that fits']),
    ("GL113", '"custom": {"gear-builder": {"category": "analyse"}}', ['warning at "analyse": unknown category "analyse", expected analysis, classifier, converter, qa or utility -> write "utility" where no other fits']),
    ("GL113", '"custom": {}', []),
    ("GL113", '"custom": {"gear-builder": {"category": 1}}', []),
    ("GL117", '"capabilities": ["networking", "gpu"]', ['warning at "gpu": capability "gpu" is unknown: jobs of this gear are never started -> remove it: "networking" is the only capability']),
    ("GL120", '"config": {"x": {"type": ["string","null"], "description": "d"}}', ['error at [: config.x has a type that is an array, expected array, boolean, integer, number or string -> write one type; an option that may be left out has "optional": true']),
    ("GL120", '"config": {"x": {"type": 1, "description": "d"}}', ['error at 1: config.x has a type that is the number 1, expected array, boolean, integer, number or string -> write the type as a string, for example "string"']),
    ("GL120", '"config": {"x": {"type": "NIfTI", "description": "d"}}', ['error at "NIfTI": config.x has the type "NIfTI", expected array, boolean, integer, number or string -> a file is an input: move it to "inputs", with "base": "file"']),
    ("GL120", '"config": {"x": {"type": "Boolean", "description": "d"}}', ['error at "Boolean": config.x has the type "Boolean", expected array, boolean, integer, number or string -> did you mean "boolean"?']),
    ("GL120", '"config": {"x": {"type": "str", "description": "d"}}', ['error at "str": config.x has the type "str", expected array, boolean, integer, number or string -> did you mean "string"?']),
    ("GL120", '"config": {"x": {"type": "intger", "description": "d"}}', ['error at "intger": config.x has the type "intger", expected array, boolean, integer, number or string -> did you mean "integer"?']),
    ("GL120", '"config": {"x": {"type": "zzz", "description": "d"}}', ['error at "zzz": config.x has the type "zzz", expected array, boolean, integer, number or string -> write the type of the values that the option takes']),
    ("GL123", '"config": {"x": {"type": "zzz", "enum": [1, "a"]}}', ['info at "x": option "x" has no description -> say in "description" what the option does']),
    ("GL124", '"config": {"x": {"type": "integer", "enum": [1, "a"], "default": 1, "description": "d"}}', ['warning at "a": choice "a" of "x" is not of the type "integer" -> remove it: no run can choose it']),
    ("GL124", '"config": {"x": {"type": "zzz", "enum": [1, "a"]}}', []),
    ("GL124", '"config": {"x": {"type": "integer", "enum": [1, 1], "default": 1, "description": "d"}}', ["error at [: config.x.enum has a choice twice, expected each once -> remove one of the two"]),
    ("GL124", '"config": {"x": {"type": ["integer"], "enum": ["a"]}}', []),
    ("GL127", '"config": {"a-b": {"type": "string"}, "ab": {"type": "string"}, "-": {"type": "string"}, "é": {"type": "string"}, "--": {"type": "string"}}', ['warning at "ab": options "a-b" and "ab" both become FW_CONFIG_AB, and one is lost -> rename one of them']),
    ("GL127", '"config": {"a b": {"type": "string"}, "a_b": {"type": "string"}, "A.b": {"type": "string"}}', ['warning at "a_b": options "a b" and "a_b" both become FW_CONFIG_A_B, and one is lost -> rename one of them']),
    ("GL128", '"config": {"image": {"type": "string"}}', ['warning at "image": "image" is the name of an option and of an input -> rename one of them']),
    ("GL128", '"config": {"key": {"type": "string"}},\n"inputs": {"key": {"base": "api-key"}}', []),
    ("GL129", '"config": {"x": {"type": "string", "required": true}}', ['info at "x": option "x" has no default and is not optional -> add a default, or "optional": true']),
    ("GL130", '"config": {"x": {"type": "integer", "enum": 1, "default": 1, "description": "d"}}', ['error at 1: config.x.enum is the number 1, expected an array -> write an array, or remove "enum"']),
    ("GL130", '"config": {"x": {"type": "string", "required": true}}', ['error at true: config.x.required is true, expected an array -> remove it: an option is required unless it has "optional": true']),
    ("GL130", '"config": {"x": {"type": "string", "required": 1}}', ['error at 1: config.x.required is the number 1, expected an array -> write an array, or remove "required"']),
    ("GL130", '"config": {"x": {"type": "string", "minLength": "1"}}', ['error at "1": config.x.minLength is the string "1", expected an integer -> write an integer, or remove "minLength"']),
    ("GL130", '"config": {"x": {"type": "string", "minLength": -1}}', ['error at -1: config.x.minLength is the number -1, expected at least 0 -> write at least 0, or remove "minLength"']),
    ("GL130", '"config": {"x": {"type": "number", "exclusiveMinimum": 3}}', ['error at {: config.x has no "minimum" beside "exclusiveMinimum" -> add the one, or remove the other', 'error at 3: config.x.exclusiveMinimum is the number 3, expected true or false -> write true or false, or remove "exclusiveMinimum"']),
    ("GL130", '"config": {"x": {"type": "string", "not": 3}}', ['error at 3: config.x.not is the number 3, expected an object -> write an object, or remove "not"']),
    ("GL130", '"config": {"x": {"type": "string", "title": true}}', ['error at true: config.x.title is true, expected a string -> write a string, or remove "title"']),
    ("GL131", '"inputs": {"a": {"base": "file", "description": "d"}, "b": {"base": "x", "description": "d"}}', ['error at "x": inputs.b has the base "x", expected file, context or api-key -> a file has the base "file", a value of the project "context", a key "api-key"']),
    ("GL133", '"inputs": {"a b": {"base": "file"}}', ['warning at "a b": input "a b" has " " in its name, expected only letters, digits, _ and - -> rename it, for example to "a-b"']),
    ("GL140", '"environment": {"A": 1}', ["error at 1: environment.A is the number 1, expected a string -> put it in quotes"]),
    ("GL141", '"environment": {"PATH": "x:/usr/bin"}', ['warning at x: entry "x" of PATH does not begin with "/" -> write the whole path']),
    ("GL142", '"environment": {"A": "$B/c"}', ['warning at $B: nothing replaces "$B" in environment.A -> write out its value']),
    ("GL201", '"custom": {"gear-builder": {"category": "qa", "image": "me/my-gear:1"}}', ['error at 1: image tag "1" differs from the version "1.0.0_2.0.0" -> set the tag to the version, then build and push the image under it']),
    ("GL202", '"custom": {"gear-builder": {"category": "qa", "image": "me/my-gear"}}', ['warning at "me/my-gear": image "me/my-gear" has no tag, expected the version "1.0.0_2.0.0" -> write "me/my-gear:1.0.0_2.0.0"']),
    ("GL202", '"version": "1 0",\n"custom": {"gear-builder": {"category": "qa", "image": "me/my-gear"}}', ['warning at "me/my-gear": image "me/my-gear" has no tag, expected the version "1 0" -> write a colon and the version after it']),
    ("GL203", '"version": "x"', ['warning at "x": version "x" does not start with a digit, expected one such as 1.0.0_2.0.0 -> write the version of the software and that of the gear, as 1.0.0_2.0.0, or only the latter']),
    ("GL203", '"version": "1.0_x"', []),
    ("GL203", '"version": "1.0_"', ['warning at "1.0_": version "1.0_" has an empty part, expected one such as 1.0.0_2.0.0 -> write the version of the software and that of the gear, as 1.0.0_2.0.0, or only the latter']),
    ("GL203", '"version": ""', ['error at "": version is empty, expected one such as 1.0.0_2.0.0 -> write the version of the software and that of the gear, as 1.0.0_2.0.0, or only the latter']),
    ("GL206", '"name": "fmriprep",\n"version": 5\n=== Dockerfile\nFROM poldracklab/fmriprep:20.0.7\n', []),
    ("GL207", '"version": "1.0 b"', ['error at  : version "1.0 b" cannot be the tag of an image because of the character " " -> for example "1.0-b"']),
    ("GL207", '"version": "++"', ['error at +: version "++" cannot be the tag of an image because of the character "+" -> for example "1.0.0"']),
    ("GL207", '"version": ".1"', ['error at .: version ".1" cannot be the tag of an image because of the character "." -> for example "1"']),
    ("GL208", '"custom": {"gear-builder": {"category": "qa", "image": "Me/My:1.0.0_2.0.0"}}', ['error at My: image "Me/My:1.0.0_2.0.0" has upper-case letters in "My" -> write "Me/my:1.0.0_2.0.0"']),
    ("GL208", '"custom": {"gear-builder": {"category": "qa", "image": ":1.0.0_2.0.0"}}', ['error at :: image ":1.0.0_2.0.0" has an empty part in its path -> write it as registry/path/name:tag, with the path in lower case']),
    ("GL208", '"custom": {"gear-builder": {"category": "qa", "image": "me/my gear:1.0.0_2.0.0"}}', ['error at me/my gear:1.0.0_2.0.0: image "me/my gear:1.0.0_2.0.0" has a space in it -> write "me/mygear:1.0.0_2.0.0"']),
    ("GL209", '"custom": {"gear-builder": {"category": "qa", "image": "a.b:50/me/x:1.0.0_2.0.0"}}', ['warning at a.b:50: image "a.b:50/me/x:1.0.0_2.0.0" has a port or colon in its registry, which Flywheel\'s own tools cannot read -> name a registry without a port']),
    ("GL210", '"version": "v1.0_V2.0"', ['warning at "v1.0_V2.0": part "v1.0" of the version starts with "v": Flywheel cannot compare it with a part that starts with a digit -> write "1.0"', 'warning at "v1.0_V2.0": part "V2.0" of the version starts with "V": Flywheel cannot compare it with a part that starts with a digit -> write "2.0"']),
    ("GL210", '"version": "1.0_2.0-rc1"', ['info at "1.0_2.0-rc1": "rc1" marks "1.0_2.0-rc1" as a pre-release, but Flywheel sorts it after the release -> remove it from the exchange once the release is there']),
    ("GL210", '"version": "vx_1"', []),
    ("GL310", docker("COPY lost.py ."), ['error at lost.py: COPY takes "lost.py", which is not in the build context -> add the file, or correct its name']),
    ("GL311", '=== Dockerfile\nFROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nCOPY x.pyc .\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n=== x.pyc\n=== .dockerignore\n*.py\n*.pyc\n', ['error at run.py: COPY takes "run.py", which .dockerignore excludes (line 1: "*.py") -> add the line !run.py at its end', 'error at x.pyc: COPY takes "x.pyc", which .dockerignore excludes (line 2: "*.pyc") -> add the line !x.pyc at its end']),
    ("GL311", '=== Dockerfile\nFROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nCOPY x.pyc .\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n=== x.pyc\n=== Dockerfile.dockerignore\n*.pyc\n', ['error at x.pyc: COPY takes "x.pyc", which Dockerfile.dockerignore excludes (line 1: "*.pyc") -> add the line !x.pyc at its end']),
    ("GL311", '=== Dockerfile\nFROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nCOPY x .\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n=== x\n=== .dockerignore\n*\n!run.py\n', ['error at manifest.json: COPY takes "manifest.json", which .dockerignore excludes (line 1: "*") -> add the line !manifest.json at its end', 'error at x: COPY takes "x", which .dockerignore excludes (line 1: "*") -> add the line !x at its end']),
    ("GL312", docker("RUN chmod +x lost.sh"), ["error at chmod +x lost.sh: RUN fails: chmod of /flywheel/v0/lost.sh, which does not exist -> copy it first, or correct its name"]),
    ("GL313", docker('ENTRYPOINT ["a"]'), ['warning at ENTRYPOINT ["a"]: this ENTRYPOINT has no effect: only the last one counts, in line 5 -> remove it']),
    ("GL314", '=== Dockerfile\nFROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py ./\n\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n', ["info at FROM python:3.11: the manifest is not copied to /flywheel/v0/manifest.json -> add COPY manifest.json /flywheel/v0/"]),
    ("GL315", docker("ENV PATH=/opt/conda/bin:$PATH"), ['warning at PATH: Flywheel does not pass this PATH to the gear, and command starts "python" -> set PATH under "environment" in the manifest too']),
    ("GL315", docker("ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/x"), ['warning at PATH: Flywheel does not pass this PATH to the gear, and command starts "python" -> set PATH under "environment" in the manifest too']),
    ("GL315", docker("ENV PATH=/opt/x:$PATH"), []),
    ("GL315", docker("RUN mkdir /opt/x && touch /opt/x/python\nENV PATH=/opt/x:$PATH"), []),
    ("GL315", '"command": "bash run.py"\n=== Dockerfile\nFROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nENV PATH=/opt/conda/bin:$PATH\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n', []),
    ("GL318", docker("ENV A=1 B=$X"), ['info at A: Flywheel does not pass A to the gear -> set it under "environment" in the manifest too', 'info at B: Flywheel does not pass B to the gear -> set it under "environment" in the manifest too']),
    ("GL320", docker("CMD ['a', 'b']"), ['warning at [: CMD has a list that is not JSON: single quotes; Docker reads it as a shell command -> write CMD ["a", "b"]']),
    ("GL320", docker('CMD ["a" "b"]'), ['warning at [: CMD has a list that is not JSON: a comma is missing; Docker reads it as a shell command -> write CMD ["a", "b"]']),
    ("GL320", docker('COPY ["a.py", .]'), ['error at [: COPY has a list that is not JSON: words without quotes; Docker reads it as paths -> write COPY ["a.py", "."]']),
    ("GL320", docker('HEALTHCHECK CMD ["a", "b"'), ['warning at [: HEALTHCHECK has a list that is not JSON: the closing "]" is missing; Docker reads it as a shell command -> write CMD ["a", "b"]']),
    ("GL320", docker("VOLUME [/a]"), ['error at [: VOLUME has a list that is not JSON: words without quotes; Docker reads it as paths -> write VOLUME ["/a"]']),
    ("GL320", docker("CMD [a"), ['warning at [: CMD has a list that is not JSON: words without quotes and the closing "]" is missing; Docker reads it as a shell command -> write CMD ["a"]']),
    ("GL320", docker("CMD ["), []),
    ("GL321", docker("RUN if true"), ['error at if: RUN is not valid shell: "if" without its "then" -> correct the command: bash -n refuses it too']),
    ("GL322", docker("RUN ls \\\nRUN ls"), ['error at RUN: RUN is part of the RUN of line 4: the "\\" at the end of line 4 continues it -> remove the "\\" at the end of line 4']),
    ("GL322", docker("ENV A=1 \\\nENV B=2"), ['error at ENV: ENV is part of the ENV of line 4: the "\\" at the end of line 4 continues it -> remove the "\\" at the end of line 4, or this ENV']),
    ("GL322", docker("ENV A=1 \\\nRUN ls"), ['error at RUN: RUN is part of the ENV of line 4: the "\\" at the end of line 4 continues it -> remove the "\\" at the end of line 4']),
    ("GL322", docker("RUN ls && \\\nCOPY a b"), ['error at COPY: COPY is part of the RUN of line 4: the "\\" at the end of line 4 continues it -> remove the "&& \\" at the end of line 4']),
    ("GL322", docker("RUN ls && COPY a b"), ["error at COPY: COPY is in the middle of a RUN, which runs it as a program -> remove COPY, or begin a new line with it"]),
    ("GL322", docker("COPY a b \\\nCOPY c d"), ['error at COPY: COPY is part of the COPY of line 4: the "\\" at the end of line 4 continues it -> remove the "\\" at the end of line 4']),
    ("GL322", docker("LABEL a=b \\\nLABEL c=d"), ['error at LABEL: LABEL is part of the LABEL of line 4: the "\\" at the end of line 4 continues it -> remove the "\\" at the end of line 4, or this LABEL']),
    ("GL322", docker("RUN mkdir -p /xRUN ls"), ["warning at RUN: RUN is part of the RUN before it: the line break between them is missing -> begin a new line with RUN"]),
    ("GL323", docker("WORKDIR $NOWHERE"), ['warning at $NOWHERE: "NOWHERE" is not set: no ARG or ENV has it -> add ENV NOWHERE=... before it, or correct its name']),
    ("GL323", docker("ENV FLYWHEEL=/flywheel/v0\nWORKDIR $FLYWHEL"), ['warning at $FLYWHEL: "FLYWHEL" is not set: no ARG or ENV has it -> did you mean "FLYWHEEL"?']),
    ("GL323", docker("WORKDIR $HOSTNAME"), ['warning at $HOSTNAME: "HOSTNAME" is not set: no ARG or ENV has it -> add ENV HOSTNAME=... before it, or correct its name']),
    ("GL323", '=== Dockerfile\nFROM python:3.11 AS a\nENV X=1\nFROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nWORKDIR /$X/$X\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n', ['warning at $X: "X" is not set in this stage, but in another -> repeat its ARG or ENV in this stage']),
    ("GL323", '=== Dockerfile\nARG X=1\nFROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nWORKDIR /$X\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n', ['warning at $X: "X" is not set: an ARG before FROM is seen by FROM alone -> repeat ARG X after FROM']),
    ("GL323", docker("WORKDIR /$X\nENV X=1"), ['warning at $X: "X" is not set yet: it is set further down -> move the ARG or ENV up']),
    ("GL323", docker("ENV X=1 Y=$X"), ['warning at $X: "X" is not set before the end of this ENV, which sets it -> write two ENV instructions']),
    ("GL323", docker("LABEL a=$TARGETARCH"), ['warning at $TARGETARCH: "TARGETARCH" is not set in a stage without an ARG for it -> add ARG TARGETARCH after FROM']),
    ("GL324", docker("RUN source x"), ['error at source x: RUN fails: /bin/sh is dash here, which has no "source" -> write "." for it, with a path that has a slash, or put SHELL ["/bin/bash", "-c"] before it']),
    ("GL325", docker("WORKDIR /x # here"), ['warning at # here: "# here" is not a comment, but part of WORKDIR -> put it on a line of its own']),
    ("GL402", '"command": "pyhton run.py"', ['error at pyhton: command starts "pyhton", which is not on PATH -> did you mean "python"?']),
    ("GL404", '"command": "./run.py"\n=== run.py\nprint(1)\n', ["error at print(1): the script has no #! line, and it is started by its name -> begin it with a line like #!/usr/bin/env python3"]),
    ("GL404", '"command": "./run.py"\n=== run.py\n#/bin/bash\necho\n', ['warning at #/bin/bash: the script begins with "#/bin/bash" instead of a #! line, and bash takes it for a shell script -> write #!/bin/bash']),
    ("GL405", '"command": "./run.py"\n=== run.py\n\ufeff#!/usr/bin/env python3\nprint(1)\n', ["error at #!/usr/bin/env python3: a byte order mark before the #! line hides it -> save the script as UTF-8 without a byte order mark"]),
    ("GL405", '"command": "./run.sh"\n=== run.sh\n\ufeff#!/bin/bash\necho\n=== Dockerfile\nFROM python:3.11\nWORKDIR /flywheel/v0\nCOPY run.sh manifest.json ./\nENTRYPOINT ["/flywheel/v0/run.sh"]\n', ["error at #!/bin/bash: a byte order mark before the #! line hides it -> save the script as UTF-8 without a byte order mark"]),
    ("GL405", '"command": "./run.py"\n=== run.py\n#!/usr/bin/env python3\r\nprint(1)\r\n', ["error at #!/usr/bin/env python3: the #! line ends with CRLF: its interpreter is not found -> save the script with LF line ends"]),
    ("GL406", "=== run.py\nprint 1\n", ["error at p: Python 2 code: print is a function in Python 3 -> write print(...)"]),
    ("GL406", "=== run.py\nx = (\n", ["error at (: Python syntax error: '(' was never closed -> correct it: Python cannot start the script"]),
    ("GL406", "=== run.py\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", ["error at <<<<<<< a: merge conflict in lines 1 to 5 -> keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>"]),
    ("GL406", '"command": "bash run.py"\n=== run.py\n#!/bin/bash\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n', ["error at <<<<<<< a: merge conflict in lines 2 to 6 -> keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>"]),
    ("GL407", "=== run.py\nprint('/flywheel/v0/outputs/x', '/flywheel/v0/inputs')\n", ["warning at /flywheel/v0/outputs: /flywheel/v0/outputs is not made by Flywheel, which makes output -> write /flywheel/v0/output", "warning at /flywheel/v0/inputs: /flywheel/v0/inputs is not made by Flywheel, which makes input -> write /flywheel/v0/input"]),
    ("GL407", '"command": "python /flywheel/v0/inputs/x"', ["warning at /flywheel/v0/inputs: /flywheel/v0/inputs is not made by Flywheel, which makes input -> write /flywheel/v0/input"]),
    ("GL408", '"command": "python run.py \'"', ["error at ': command is not valid shell: the quote ' is not closed -> correct it: bash -c refuses it too"]),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin/env python3 -u\n', ['error at #!/usr/bin/env python3 -u: the #! line has env look for a program called "python3 -u" -> write #!/usr/bin/env -S python3 -u']),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin/env\n', ["error at #!/usr/bin/env: the #! line names env without a program -> for example #!/usr/bin/env python3"]),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!\n', ["error at #!: the #! line names no interpreter -> for example #!/usr/bin/env python3"]),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin\n', ['error at #!/usr/bin: the #! line names the directory "/usr/bin" -> write #!/usr/bin/env python3']),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin/env/python3\n', ['error at #!/usr/bin/env/python3: the #! line names "/usr/bin/env/python3", but /usr/bin/env is a program -> write #!/usr/bin/env python3']),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin/env pyhton3\n', ['error at #!/usr/bin/env pyhton3: the #! line names "pyhton3", which is not in the image -> did you mean "python3"?']),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin/python\n', []),
    ("GL410", '"command": "./run.py"\n=== Dockerfile\nFROM example/unknown:1\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n=== run.py\n#!/usr/bin/env pyhton3\n', ['warning at #!/usr/bin/env pyhton3: the #! line names "pyhton3", which looks misspelt -> did you mean "python3"?']),
    ("GL410", '"command": "./run.py"\n=== Dockerfile\nFROM example/unknown:1\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nRUN make pyhton3\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n=== run.py\n#!/usr/bin/env pyhton3\n', []),
    ("GL410", '"command": "./run.py"\n=== Dockerfile\nFROM example/unknown:1\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n=== run.py\n#!/usr/bin/env python3\n', []),
    ("GL410", '"command": "./run.py"\n=== Dockerfile\nFROM ubuntu:22.04\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n=== run.py\n#!/usr/local/bin/python3\n', ['error at #!/usr/local/bin/python3: the #! line names "/usr/local/bin/python3", which is not in the image -> install it, or name an interpreter that is there']),
    ("GL410", '"command": "./run.py"\n=== Dockerfile\nFROM ubuntu:22.04\nWORKDIR /flywheel/v0\nCOPY run.py manifest.json ./\nENTRYPOINT ["python", "/flywheel/v0/run.py"]\n=== run.py\n#!/usr/bin/env -S python3 -u\n', ['error at #!/usr/bin/env -S python3 -u: the #! line names "python3", which is not in the image -> install it, or name an interpreter that is there']),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/opt/python3\n', []),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin/env -S -i pyhton3\n', []),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin/env -S A=1 pyhton3\n', []),
    ("GL410", '"command": "./run.py"\n=== run.py\n#!/usr/bin/env bin/pyhton3\n', []),
    ("GL413", '"command": "bash run.py"', ['error at bash: command has bash read "run.py", which is Python -> write "python3" instead of "bash"']),
    ("GL413", '"command": "python run.py"\n=== run.py\n#!/bin/bash\necho\n', []),
    ("GL501", "=== run.py\nimport flywheel\nc = flywheel.GearContext().config\nc['thread']\nc.get('speed')\nc['speedy']\n", ['warning at \'thread\': option "thread" is not declared, so it raises KeyError -> did you mean "threads"?', 'info at \'speed\': option "speed" is not declared, so its default is taken -> declare it in the manifest', 'warning at \'speedy\': option "speedy" is not declared, so it raises KeyError -> declare it in the manifest']),
    ("GL501", '"command": "bash run.py"\n=== run.py\n#!/bin/bash\necho $FW_CONFIG_THREADS $FW_CONFIG_THREAD $FW_CONFIG_X\n', ['warning at FW_CONFIG_THREAD: option "THREAD" is not declared, so the variable is never set -> did you mean "threads"?', 'info at FW_CONFIG_X: option "X" is not declared, so the variable is never set -> declare it in the manifest']),
    ("GL502", "=== run.py\nimport flywheel\nc = flywheel.GearContext()\nc.open_input('images')\nif 'a' in x: c.get_input('b')\n", ['warning at \'images\': input "images" is not declared, so it raises an error -> did you mean "image"?', 'warning at \'b\': input "b" is not declared, so it is never given -> declare it in the manifest']),
    ("GL504", "=== run.py\nimport flywheel\nflywheel.Client().x\n", ['warning at flywheel.Client(): the script uses the client, but no input is an API key -> add an input {"base": "api-key"}']),
    ("GL504", '"inputs": {"k": {"base": "api-key"}}\n=== run.py\nimport flywheel\nflywheel.Client().x\n', []),
    ("GL504", '"inputs": {"k": {"base": "context"}}\n=== run.py\nimport flywheel\nflywheel.Client().x\n', ['warning at flywheel.Client(): the script uses the client, but no input is an API key -> add an input {"base": "api-key"}']),
    ("GL701", "=== run.py\nk = 'lab.flywheel.io:Aq3tZ8Lm0PxR5vWn2K'\n", ['error at Aq3t: a Flywheel API key of lab.flywheel.io, "Aq3t"… -> revoke the key, and remove it from the file and from the history of git']),
    ("GL702", '"environment": {"DB_PASSWORD": "Xk2-91pq"}', ['warning at "DB_PASSWORD": variable "DB_PASSWORD" has a secret as its value -> make it an input or a configuration option of the job, and change the secret']),
    ("GL702", docker("ENV A=1 DB_PASSWORD='Xk2-91pq'"), ['warning at DB_PASSWORD: ENV sets "DB_PASSWORD" to a secret -> make it an input or a configuration option of the job, and change the secret']),
    ("GL702", '"environment": {"DB": "postgres://me:Xk2-91pq@h", "A_KEY": "lab.flywheel.io:Aq3tZ8Lm0PxR5vWn2K", "TOKEN": "$X"}', ['warning at "DB": variable "DB" has a secret as its value -> make it an input or a configuration option of the job, and change the secret']),
]  # fmt: skip


def said(case: str, code: str, directory: Path, check: Run) -> list[str]:
    """`severity at TEXT: message -> help` of each finding of a rule."""
    members, *others = case.split("=== ")
    files = dict(each.split("\n", 1) for each in others)
    write_gear(directory, members.rstrip("\n"))
    for name, text in files.items():
        (directory / name).write_text(text)
    found = []
    for each in check("--select", code, directory).findings:
        lines = (Path(directory) / Path(each["path"]).name).read_bytes().splitlines()
        line = lines[each["line"] - 1].decode("utf-8-sig", "replace") if lines else ""
        end = each["end_column"] if each["end_line"] == each["line"] else len(line) + 1
        text = line[each["column"] - 1 : end - 1]
        found.append(f"{each['severity']} at {text}: {each['message']} -> {each['help']}")
    return found


@pytest.mark.parametrize(("code", "case", "expected"), CASES)
def test_what_is_said(
    code: str, case: str, expected: list[str], tmp_path: Path, check: Run
) -> None:
    assert said(case, code, tmp_path, check) == expected
