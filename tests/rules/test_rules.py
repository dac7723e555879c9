"""What each rule finds, and what it leaves alone; the second table is the longer one.

Each case is a few members of a manifest; the rest of it is sound.
"""

import json
import re
from pathlib import Path

import pytest

from gearlint.gear import schema
from gearlint.rules.custom import COMMON
from tests.conftest import Outcome, Run
from tests.sound import manifest_text, write_beside, write_gear


def image(text: str) -> str:
    return f'"custom": {{"gear-builder": {{"category": "qa", "image": "{text}"}}}}'


def option(text: str) -> str:
    return f'"config": {{"size": {{"description": "The size.", {text}}}}}'


def given(text: str) -> str:
    return f'"inputs": {{"scan": {{"description": "The scan.", {text}}}}}'


DIGEST = "sha256:" + "a1" * 32
CHOICES = [*"abcdefghijklm"]

FOUND = [
    # (members, findings as `code text-under-the-carets: message`)
    ('"lable": "x"', 'GL102 "lable": unknown field "lable"'),
    ('"command": ["run"]', "GL103 [: command is an array, expected a string"),
    ('"custom": []', "GL103 [: custom is an array, expected an object"),
    ('"name": 5', "GL103 5: name is the number 5, expected a string"),
    ('"license": 5', "GL103 5: license is the number 5, expected a string"),
    ('"flywheel": {"suite": "Mine", "uid": 1}', 'GL102 "suite": nothing reads "suite" here, expected it in custom.flywheel'),
    ('"environment": []', "GL103 [: environment is an array, expected an object"),
    ('"capabilities": [1]', "GL103 1: capabilities[0] is the number 1, expected a string"),
    ('"output_configuration": {"enforce_file_version_match": 1}', "GL103 1: output_configuration.enforce_file_version_match is the number 1, expected true or false"),
    ('"custom": {"gear-builder": {"category": 5, "image": "x:1.0.0_2.0.0"}}', "GL103 5: custom.gear-builder.category is the number 5, expected a string"),
    ('"inputs": {"scan": 1}', "GL103 1: inputs.scan is the number 1, expected an object"),
    ('"inputs": {"scan": {"base": "file", "description": 5}}', "GL103 5: inputs.scan.description is the number 5, expected a string"),
    (given('"base": "api-key", "read-only": 1'), "GL103 1: inputs.scan.read-only is the number 1, expected true or false"),
    (f'"label": "{101 * "x"}"', f'GL105 "{101 * "x"}": label has 101 characters, expected at most 100'),
    (f'"name": "{101 * "x"}"', f'GL105 "{101 * "x"}": name has 101 characters, expected at most 100'),
    ('"config": []', "GL103 [: config is an array, expected an object"),
    ('"config": {"a": 1}', "GL103 1: config.a is the number 1, expected an object"),
    (image("x:1.0.0_2.0.0")[:-1] + ', "flywheel": {"show-job": "yes"}}', 'GL103 "yes": custom.flywheel.show-job is the string "yes", expected true or false'),
    (given('"base": "file", "optional": "no"'), 'GL103 "no": inputs.scan.optional is the string "no", expected true or false'),
    (given('"base": "file", "type": "nifti"'), 'GL103 "nifti": inputs.scan.type is the string "nifti", expected a JSON schema, as in {"enum": ["nifti"]}'),
    ('"name": "my_gear"', 'GL104 "my_gear": name "my_gear" has "_" in it, expected only lower-case letters, digits and hyphens'),
    ('"name": "my-gear\\n"', 'GL104 "my-gear\\n": name "my-gear\\u000a" has "\\u000a" in it, expected only lower-case letters, digits and hyphens'),
    ('"name": ""', 'GL104 "": name is empty, expected only lower-case letters, digits and hyphens'),
    ('"license": "mit"', 'GL106 "mit": license "mit" is not an OSI identifier that Flywheel knows'),
    ('"license": ""', 'GL106 "": license "" is not an OSI identifier that Flywheel knows'),
    ('"source": "N/A"', 'GL107 "N/A": source "N/A" is not a URL, expected one or an empty string'),
    ('"url": "git@example.org:me/x"', 'GL107 "git@example.org:me/x": url "git@example.org:me/x" is not a URL, expected one or an empty string'),
    ('"label": " "', 'GL108 " ": label has only whitespace'),
    ('"cite": "List citations here."', 'GL109 "List citations here.": cite still says "List citations here.", from the template'),
    ('"description": "TODO"', 'GL109 "TODO": description still says "TODO"'),
    ('"author": "TBD."', 'GL109 "TBD.": author still says "TBD."'),
    ('"label": "{{ label }}"', 'GL109 {{ label }}: label still has "{{ label }}" in it, from a template'),
    ('"description": "Runs {{cookiecutter.tool}}."', 'GL109 {{cookiecutter.tool}}: description still has "{{cookiecutter.tool}}" in it, from a template'),
    ('"author": "é {{}}"', 'GL109 "é {{}}": author still has "{{}}" in it, from a template'),
    ('"command": "python run.py {{ thread }}"', 'GL501 thread: option "thread" is not declared, so {{ thread }} is replaced by nothing'),
    (option('"type": "integer"') + ',\n"command": "x {{{th}}} {{size}}"', 'GL501 th: option "th" is not declared, so {{{th}}} is replaced by nothing'),
    ('"capabilities": ["networking", "gpu"]', 'GL117 "gpu": capability "gpu" is unknown: jobs of this gear are never started'),
    ('"capabilities": ["Networking"]', 'GL117 "Networking": capability "Networking" is unknown: jobs of this gear are never started'),
    ('"custom": {}', 'GL110 "custom": custom.gear-builder.image is missing'),
    ('"custom": {"gear-builder": {"category": "qa", "image": ""}}', 'GL110 "": custom.gear-builder.image is empty'),
    ('"custom": {"gear-builder": {"category": "qa"}}', 'GL110 "gear-builder": custom.gear-builder.image is missing'),
    ('"custom": {"gear-builder": {"category": "qa", "image": 7}}', "GL103 7: custom.gear-builder.image is the number 7, expected a string"),
    ('"custom": {"gear-builder": {"category": "QA", "image": "x:1.0.0_2.0.0"}}', 'GL113 "QA": unknown category "QA", expected analysis, classifier, converter, qa or utility'),
    ('"custom": {"gear-builder": {"image": "x:1.0.0_2.0.0"}}', 'GL113 "gear-builder": custom.gear-builder.category is missing, expected analysis, classifier, converter, qa or utility'),
    (option('"default": 1'), 'GL120 "size": config.size has no type, expected array, boolean, integer, number or string'),
    (option('"type": ["string", "null"]'), "GL120 [: config.size has a type that is an array, expected array, boolean, integer, number or string"),
    (option('"type": "strin"'), 'GL120 "strin": config.size has the type "strin", expected array, boolean, integer, number or string'),
    (option('"type": "number", "default": true'), 'GL121 true: default of "size" is true, expected a number'),
    (option('"type": "integer", "default": 1.0'), 'GL121 1.0: default of "size" is the number 1.0, expected an integer'),
    (option('"type": "string", "default": null'), 'GL121 null: default of "size" is null, expected a string'),
    (option('"type": "string", "default": "c", "enum": ["a", "b"]'), 'GL121 "c": default of "size" is the string "c", expected "a" or "b"'),
    (option('"type": "integer", "default": 5, "maximum": 5, "exclusiveMaximum": true'), 'GL121 5: default of "size" is the number 5, expected less than 5'),
    (option('"type": "string", "default": "ab", "minLength": 3'), 'GL121 "ab": default of "size" has 2 characters, expected at least 3'),
    (option('"type": "string", "default": "a", "minLength": 2'), 'GL121 "a": default of "size" has 1 character, expected at least 2'),
    (option('"type": "string", "default": "abc", "maxLength": 2'), 'GL121 "abc": default of "size" has 3 characters, expected at most 2'),
    (option('"type": "number", "default": 3, "minimum": 3, "exclusiveMinimum": true'), 'GL121 3: default of "size" is the number 3, expected more than 3'),
    (option('"type": "number", "default": 3, "minimum": 4, "exclusiveMinimum": false'), 'GL121 3: default of "size" is the number 3, expected at least 4'),
    (option('"minimum": 2, "type": "integer", "default": "b"'), 'GL121 "b": default of "size" is the string "b", expected an integer'),
    (option(f'"type": "string", "default": "x", "enum": {json.dumps(CHOICES[:12])}'), 'GL121 "x": default of "size" is the string "x", expected "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k" or "l"'),
    (option(f'"type": "string", "default": "x", "enum": {json.dumps(CHOICES)}'), 'GL121 "x": default of "size" is the string "x", expected "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" or …'),
    (option('"type": "array", "default": [1, 2, 3], "maxItems": 2'), 'GL121 [: default of "size" has 3 items, expected at most 2 items'),
    (option('"type": "array", "default": [], "minItems": 1'), 'GL121 [: default of "size" has 0 items, expected at least 1 item'),
    (option('"type": "array", "default": [{"a1": "x"}], "items": {"patternProperties": {"^a": {"type": "integer"}}}'), 'GL121 "x": "a1" of item 1 of the default of "size" is the string "x", expected an integer'),
    (option('"type": "array", "default": [{"b": 1}], "items": {"additionalProperties": false}'), 'GL121 {: item 1 of the default of "size" is an object, which the option\'s "additionalProperties" does not allow'),
    (option('"type": "array", "default": [1], "items": {"oneOf": [{"type": "integer"}, {"minimum": 1}]}'), 'GL121 1: item 1 of the default of "size" is the number 1, which the option\'s "oneOf" does not allow'),
    (option('"type": "array", "default": [true], "items": {"type": ["string", "integer"]}'), 'GL121 true: item 1 of the default of "size" is true, expected a string or an integer'),
    (option('"type": "array", "default": [5], "items": {"anyOf": [{"type": ["string", "null"]}, {"type": "boolean"}, {"type": "null"}]}'), 'GL121 5: item 1 of the default of "size" is the number 5, expected a string, null or true or false'),
    (option('"type": "array", "default": [5], "items": {"anyOf": [{"type": "string"}, {"minimum": 7}]}'), 'GL121 5: item 1 of the default of "size" is the number 5, which the option\'s "anyOf" does not allow'),
    (option('"type": "array", "default": [5], "items": {"anyOf": [{"type": "string"}, {"enum": [7, 8]}]}'), 'GL121 5: item 1 of the default of "size" is the number 5, which the option\'s "anyOf" does not allow'),
    (option('"type": "array", "default": [["x"]], "items": {"anyOf": [{"type": "string"}, {"items": {"type": "integer"}}]}'), 'GL121 [: item 1 of the default of "size" is an array, which the option\'s "anyOf" does not allow'),
    (option('"type": "array", "default": [{"a": 1}], "items": {"dependencies": {"a": ["b", "c"], "d": ["e"]}}'), 'GL121 {: item 1 of the default of "size" is an object, expected "b" beside "a" and "c" beside "a"'),
    (option('"type": "array", "default": [{"a": 1, "b": 1}], "items": {"dependencies": {"a": ["b", "c"], "b": {}}}'), 'GL121 {: item 1 of the default of "size" is an object, expected "c" beside "a"'),
    (option('"type": "array", "default": [{"a": 1}], "items": {"required": ["b"]}'), 'GL121 {: item 1 of the default of "size" is an object, which the option\'s "required" does not allow'),
    (option('"type": "array", "default": ["a1", "b1"], "items": {"type": "string", "pattern": "^a"}'), 'GL121 "b1": item 2 of the default of "size" is the string "b1", which does not match the option\'s pattern'),
    (option('"type": "string", "default": "x", "pattern": "^[0-9]+$"'), 'GL121 "x": default of "size" is the string "x", which does not match the option\'s pattern'),
    (option('"type": "number", "default": 5, "multipleOf": 2'), 'GL121 5: default of "size" is the number 5, expected a multiple of 2'),
    (option('"type": "array", "default": [1, "b"], "items": {"type": "integer"}'), 'GL121 "b": item 2 of the default of "size" is the string "b", expected an integer'),
    (option('"type": "array", "default": [[1, "b"], [2]], "items": {"type": "array", "items": {"type": "integer"}}'), 'GL121 "b": item 2 of item 1 of the default of "size" is the string "b", expected an integer'),
    (option('"type": "array", "default": ["a", "a"], "uniqueItems": true'), 'GL121 [: default of "size" is an array, expected each value once'),
    (option('"type": "integer", "default": 7, "not": {"enum": [7]}'), 'GL121 7: default of "size" is the number 7, which the option\'s "not" does not allow'),
    (option('"type": "integer", "default": 1, "optional": false'), 'GL122 "optional": config.size has both "default" and "optional"'),
    ('"config": {"size": {"type": "integer", "description": " "}}', 'GL123 " ": description of option "size" has only whitespace'),
    ('"config": {"size": {"type": "integer", "description": ""}}', 'GL123 "": description of option "size" is empty'),
    ('"config": {"size": {"type": "integer"}}', 'GL123 "size": option "size" has no description'),
    ('"inputs": {"scan": {"base": "file", "description": ""}}', 'GL134 "": description of input "scan" is empty'),
    ('"inputs": {"scan": {"base": "file"}}', 'GL134 "scan": file input "scan" has no description'),
    (option('"type": "integer", "enum": [1, true]'), 'GL124 true: choice true of "size" is not of the type "integer"'),
    (given('"base": "api-key", "optional": true'), 'GL132 "optional": api-key input "scan" has the key "optional", expected only base, description and read-only'),
    (option('"type": "integer", "minimum": 8, "maximum": 4'), 'GL124 4: no value of "size" can have a maximum of 4 and a minimum of 8'),
    (option('"type": "number", "minimum": 0.5, "maximum": 0'), 'GL124 0: no value of "size" can have a maximum of 0 and a minimum of 0.5'),
    (option('"type": "string", "minLength": 3, "maxLength": 2'), 'GL124 2: no value of "size" can have a maxLength of 2 and a minLength of 3'),
    (option('"type": "array", "minItems": 3, "maxItems": 2'), 'GL124 2: no value of "size" can have a maxItems of 2 and a minItems of 3'),
    (option('"type": "string", "enum": ["a", "b", "a"]'), "GL124 [: config.size.enum has a choice twice, expected each once"),
    (option('"type": "string", "pattern": "a(b"'), None),
    (option('"type": "string", "pattern": "^(a+)+$"'), 'GL126 "^(a+)+$": pattern "^(a+)+$" can take exponential time'),
    (option('"type": "array", "items": {"patternProperties": {"^(a+)+$": {}}}'), 'GL126 "^(a+)+$": pattern "^(a+)+$" can take exponential time'),
    ('"config": {"a b": {"type": "string", "description": "x"}, "A_B": {"type": "string", "description": "x"}}', 'GL127 "A_B": options "a b" and "A_B" both become FW_CONFIG_A_B, and one is lost as a variable; config.json has both'),
    ('"config": {"a\'b": {"type": "string", "description": "x"}, "A\'B.": {"type": "string", "description": "x"}}', 'GL127 "A\'B.": options "a\'b" and "A\'B." both become FW_CONFIG_AB, and one is lost as a variable; config.json has both'),
    ('"config": {"it\'s": {"type": "string", "description": "x"}, "its": {"type": "string", "description": "x"}}', 'GL127 "its": options "it\'s" and "its" both become FW_CONFIG_ITS, and one is lost as a variable; config.json has both'),
    (option('"type": "integer", "minimum": "0"'), 'GL130 "0": config.size.minimum is the string "0", expected a number'),
    (option('"type": "integer", "exclusiveMinimum": true'), 'GL130 {: config.size has no "minimum" beside "exclusiveMinimum"'),
    (option('"type": "string", "enum": []'), "GL130 [: config.size.enum is an empty array, expected at least 1 item"),
    (option('"type": "array", "default": [1], "minItems": 2'), 'GL121 [: default of "size" has 1 item, expected at least 2 items'),
    (given('"base": "file", "type": {"minimum": "0"}'), 'GL130 "0": inputs.scan.type.minimum is the string "0", expected a number'),
    (given('"base": "file", "type": {"type": "int"}'), 'GL130 "int": inputs.scan.type.type is the string "int", expected a JSON type or an array'),
    (given('"base": "file", "size": {"minimum": 1, "exclusiveMinimum": 5}'), "GL130 5: inputs.scan.size.exclusiveMinimum is the number 5, expected true or false"),
    (option('"type": "array", "items": {"type": []}'), "GL130 [: config.size.items.type is an empty array, expected at least 1 item"),
    (option('"type": "array", "items": {"type": ["integer", "int"]}'), 'GL130 "int": config.size.items.type[1] is the string "int", expected "array", "boolean", "integer", "null", "number", "object" or "string"'),
    (option('"type": "array", "items": {"type": ["integer", "integer"]}'), "GL130 [: config.size.items.type is an array, expected each value once"),
    (option('"type": "string", "exclusiveMaximum": true, "exclusiveMinimum": true'), 'GL130 {: config.size has no "maximum" beside "exclusiveMaximum" and "minimum" beside "exclusiveMinimum"'),
    (option('"type": "string", "dependencies": {"a": 5}'), "GL130 5: config.size.dependencies.a is the number 5, expected an object or an array"),
    (option('"type": 5'), "GL120 5: config.size has a type that is the number 5, expected array, boolean, integer, number or string"),
    (option('"type": "array", "items": 5'), "GL130 5: config.size.items is the number 5, expected an object or an array"),
    (option('"type": "array", "items": {"type": "int"}'), None),
    (option('"type": "string", "$ref": "http://example.org/x.json"'), 'GL130 "http://example.org/x.json": $ref "http://example.org/x.json" refers to another document'),
    (option('"type": "string", "$ref": "#"'), 'GL130 "#": $ref "#" refers to itself'),
    (option('"type": "string", "$ref": "#/definitions/none"'), 'GL130 "#/definitions/none": $ref "#/definitions/none" refers to nothing'),
    (option('"type": "string", "$ref": "#/anyOf/2", "anyOf": [{}, {}]'), 'GL130 "#/anyOf/2": $ref "#/anyOf/2" refers to nothing'),
    (option('"type": "string", "$ref": "#/anyOf/-1", "anyOf": [{}, {}]'), 'GL130 "#/anyOf/-1": $ref "#/anyOf/-1" refers to nothing'),
    (option('"type": "string", "$ref": "#/type/a"'), 'GL130 "#/type/a": $ref "#/type/a" refers to nothing'),
    (option('"type": "string", "$ref": "#/definitions/b", "definitions": {"b": {"allOf": [{}, {"$ref": "#/definitions/b"}]}}'), 'GL130 "#/definitions/b": $ref "#/definitions/b" refers to itself'),
    (given('"base": "file", "type": {"$ref": 5}'), "GL130 5: $ref 5 is not a string"),
    (option('"type": "integer", "default": 4, "$ref": "#/definitions/a%20b", "definitions": {"a b": {"maximum": 3}}'), 'GL121 4: default of "size" is the number 4, expected at most 3'),
    (given('"optional": true'), 'GL131 "scan": inputs.scan has no base, expected file, context or api-key'),
    (given('"base": "File"'), 'GL131 "File": inputs.scan has the base "File", expected file, context or api-key'),
    (given('"base": 1'), "GL131 1: inputs.scan has a base that is the number 1, expected file, context or api-key"),
    (given('"base": "context", "optional": true'), 'GL132 "optional": context input "scan" has the key "optional", expected only base and description'),
    (option('"type": "integer", "defualt": 4'), 'GL135 "defualt": config.size has the key "defualt", which Flywheel does not know'),
    (option('"type": "string", "optinal": true'), 'GL135 "optinal": config.size has the key "optinal", which Flywheel does not know'),
    (option('"type": "string", "minlength": 3'), 'GL135 "minlength": config.size has the key "minlength", which Flywheel does not know'),
    (option('"type": "number", "Min": 3'), 'GL135 "Min": config.size has the key "Min", which Flywheel does not know'),
    (option('"type": "string", "patern": "a(b"'), 'GL135 "patern": config.size has the key "patern", which Flywheel does not know'),
    (option('"type": "array", "items": {"anyOf": [{"tpye": "integer"}]}'), 'GL135 "tpye": config.size.items.anyOf[0] has the key "tpye", which Flywheel does not know'),
    (option('"tpye": "integer"'), 'GL135 "tpye": config.size has the key "tpye", which Flywheel does not know'),
    ('"config": {"size": {"type": "string", "descripton": "x"}}', 'GL135 "descripton": config.size has the key "descripton", which Flywheel does not know'),
    (given('"bsae": "file"'), 'GL135 "bsae": inputs.scan has the key "bsae", which Flywheel does not know'),
    (given('"base": "file", "optionnal": true'), 'GL135 "optionnal": inputs.scan has the key "optionnal", which Flywheel does not know'),
    (given('"base": "file", "tpye": {"enum": ["nifti"]}'), 'GL135 "tpye": inputs.scan has the key "tpye", which Flywheel does not know'),
    (given('"base": "file", "type": {"enmu": ["nifti"]}'), 'GL135 "enmu": inputs.scan.type has the key "enmu", which Flywheel does not know'),
    ('"inputs": {"scan": {"base": "file", "descripton": "The scan."}}', 'GL135 "descripton": inputs.scan has the key "descripton", which Flywheel does not know'),
    ('"inputs": {"key": {"base": "api-key", "descripton": "x"}}', 'GL132 "descripton": api-key input "key" has the key "descripton", expected only base, description and read-only'),
    ('"inputs": {"a/b": {"base": "context"}}', 'GL133 "a/b": input "a/b" has "/" in its name, expected only letters, digits, _ and -'),
    ('"custom": {"gear-builder": {"category": "qa", "image": "x:1.0.0_2.0.0"}, "flywheel": {"invalid": "no"}}', 'GL103 "no": custom.flywheel.invalid is the string "no", expected true or false'),
    ('"environment": {"A": null}', "GL140 null: environment.A is null, expected a string"),
    ('"environment": {"PATH": "PATH=/usr/bin:/bin"}', 'GL141 PATH=/usr/bin: the value of PATH begins with "PATH="'),
    ('"environment": {"PATH": "/bin:${FSLDIR}/bin:$PATH"}', 'GL141 ${FSLDIR}/bin: nothing replaces "${FSLDIR}" in PATH'),
    ('"environment": {"PATH": "/bin:$PATH"}', 'GL141 $PATH: nothing replaces "$PATH" in PATH'),
    ('"environment": {"PATH": "/bin:~/bin"}', 'GL141 ~/bin: nothing replaces "~" in PATH'),
    ('"environment": {"PATH": "/bin:usr/bin: /sbin"}', 'GL141 usr/bin: entry "usr/bin" of PATH does not begin with "/"'),
    ('"environment": {"PATH": "$PATH:/opt/bin"}', 'GL141 "$PATH:/opt/bin": PATH "$PATH:/opt/bin" has neither /bin nor /usr/bin: bash will not be found'),
    ('"environment": {"A": "${B}/c", "B": "/b"}', 'GL142 ${B}: nothing replaces "${B}" in environment.A'),
    ('"environment": {"A": "/x:$A"}', 'GL142 $A: nothing replaces "$A" in environment.A'),
    ('"environment": {"A": "x${B:-c}"}', 'GL142 ${B:-c}: nothing replaces "${B:-c}" in environment.A'),
    ('"environment": {"PATH": "/opt/bin"}', 'GL141 "/opt/bin": PATH "/opt/bin" has neither /bin nor /usr/bin: bash will not be found'),
    (image("a/b:1.0"), 'GL201 1.0: image tag "1.0" differs from the version "1.0.0_2.0.0"'),
    (image("me/gear:v1.0.0_2.0.0"), 'GL201 v1.0.0_2.0.0: image tag "v1.0.0_2.0.0" differs from the version "1.0.0_2.0.0"'),
    (image("localhost/a/b"), 'GL202 "localhost/a/b": image "localhost/a/b" has no tag, expected the version "1.0.0_2.0.0"'),
    (image("localhost:5000/a/b:1.0"), 'GL209 localhost:5000: image "localhost:5000/a/b:1.0" has a port or colon in its registry, which Flywheel\'s own tools cannot read'),
    (image("localhost:5000/a/b:1.0.0_2.0.0"), 'GL209 localhost:5000: image "localhost:5000/a/b:1.0.0_2.0.0" has a port or colon in its registry, which Flywheel\'s own tools cannot read'),
    (image(f"me/gear:1.0.0_2.0.0@{DIGEST}"), None),
    (image("me/gear:"), 'GL202 "me/gear:": image "me/gear:" has no tag, expected the version "1.0.0_2.0.0"'),
    (image(f"me/gear@{DIGEST}"), None),
    (image("Me/gear:1.0.0_2.0.0") + ',\n"url": ""', ""),
    (image("me/Gear:1.0.0_2.0.0"), 'GL208 me/Gear: image "me/Gear:1.0.0_2.0.0" has upper-case letters in "Gear"'),
]  # fmt: skip


def reported_in(manifest: Path, outcome: Outcome) -> list[str]:
    """Each finding of a manifest as a row of the tables has it."""
    lines = manifest.read_text(encoding="utf-8").splitlines()
    return [
        f"{f['code']} {lines[f['line'] - 1][f['column'] - 1 : f['end_column'] - 1]}: {f['message']}"
        for f in outcome.findings
    ]


@pytest.mark.parametrize(("members", "expected"), FOUND, ids=range(len(FOUND)))
def test_found(members: str, expected: str | None, tmp_path: Path, check: Run) -> None:
    manifest = write_gear(tmp_path, members)
    reported = reported_in(manifest, check(tmp_path))
    if expected is None:
        assert len(reported) == 1
    else:
        assert reported == ([expected] if expected else [])


LEFT_ALONE = [
    '"flywheel": "0"',
    '"flywheel": {"uid": 1}',
    image("x:1.0.0_2.0.0")[:-1] + ', "flywheel": {"suite": "Mine"}},\n"flywheel": {"suite": "Mine"}',
    '"description": "Makes a TODO list."',
    '"cite": ""',
    '"maintainer": ""',
    '"name": "a"',
    f'"name": "{100 * "x"}"',
    '"license": "Other"',
    '"license": "Flywheel MSA"',
    '"source": ""',
    '"url": "https://example.org/a?b=c#d"',
    '"url": "mailto:a@example.org"',
    '"url": "ftp://example.org/größe"',
    '"description": "Created by hand."',
    '"author": "New Gear Builder Inc."',
    '"capabilities": ["networking"]',
    '"capabilities": []',
    '"output_configuration": {"enforce_file_version_match": true, "more": 1}',
    '"command": ""',
    '"inputs": {}',
    '"config": {}',
    '"custom": {"gear-builder": {"category": "qa", "image": "x:1.0.0_2.0.0"}, "mine": [1]}',
    '"custom": {"gear-builder": {"category": "qa", "image": "x:1.0.0_2.0.0"}, "flywheel": {"suite": "Mine", "invalid": false, "module": "runsc", "uid": 1000, "classification": {"modality": ["MR", "Any"], "components": ["x"]}}}',
    image("x:1.0.0_2.0.0"),
    image("localhost/a/b:1.0.0_2.0.0"),
    image("ghcr.io/a/b/c:1.0.0_2.0.0"),
    '"version": "6.0.1-5_1.0",\n' + image("x:6.0.1-5_1.0"),
    '"version": "2.1.3_24.0.2_inc1.0",\n' + image("x:2.1.3_24.0.2_inc1.0"),
    '"version": "20230220_0.1",\n' + image("x:20230220_0.1"),
    '"version": "1.0_abc",\n' + image("x:1.0_abc"),
    '"version": "23ec2b6_1",\n' + image("x:23ec2b6_1"),
    option('"type": "string"'),
    option('"type": "integer"') + ',\n"command": "x {{ size }} {{{size}}}"',
    '"command": "x {{.Name}} {{#a}}b{{/a}} {{a.b}} ${{a}"',
    option('"type": "string", "default": ""'),
    option('"type": "number", "default": 1'),
    option('"type": "integer", "default": 5, "minimum": 5, "maximum": 5'),
    option('"type": "integer", "optional": true'),
    option('"type": "integer", "minimum": 5, "maximum": 5'),
    option('"type": "integer", "minimum": 5'),
    option('"type": "integer", "minLength": 5, "maxLength": 4'),
    option('"type": "string", "minimum": 5, "maximum": 4'),
    option('"type": "array", "items": {"type": "string", "default": 1, "optional": true}'),
    option('"type": "array", "default": [[1]], "items": {"anyOf": [{"type": "string"}, {"items": {"type": "integer"}}]}'),
    option('"type": "boolean", "default": false'),
    option('"type": "array", "default": []'),
    option('"type": "array", "default": [1, 1], "uniqueItems": false'),
    option('"type": "array", "default": [1, 2], "items": {"type": "integer"}, "minItems": 1'),
    option('"type": "string", "default": "a", "enum": ["a", "b"]'),
    option('"type": "number", "enum": [1, 2.5]'),
    option('"type": "string", "id": "-a", "title": "A", "max": 3, "anything": []'),
    option('"type": "string", "default": "555-5555", "pattern": "^[0-9]{3}-[0-9]{4}$"'),
    option('"type": "string", "default": "", "pattern": "^([A-Za-z0-9]+,)*[A-Za-z0-9]+$|^$"'),
    option('"type": "string", "default": "sub-01", "pattern": "(?<!x)sub-(?=0)"'),
    option('"type": "number", "default": 20, "multipleOf": 10, "maximum": 100, "exclusiveMaximum": true'),
    option('"type": "string", "definitions": {"a": {"enum": ["x"]}}, "default": "x", "allOf": [{"$ref": "#/definitions/a"}]'),
    option('"type": "array", "items": {"type": "array", "items": {"$ref": "#/items"}}, "default": [[[]]]'),
    option('"type": "integer", "$ref": "#/anyOf/1", "anyOf": [{}, {"type": "integer"}], "default": 1'),
    option('"type": "integer", "$ref": "#/definitions/a~1b~0c", "definitions": {"a/b~c": {"maximum": 9}}'),
    option('"type": "integer", "allOf": [{"$ref": "#/definitions/a"}, {"$ref": "#/definitions/a"}], "definitions": {"a": {"maximum": 9}}'),
    option('"type": "string", "default": "x", "patternProperties": {"^a": {"type": "integer"}}'),
    option('"type": "array", "default": [{"b": "x"}], "items": {"patternProperties": {"^a": {"type": "integer"}}}'),
    option('"type": "array", "default": [{"a": 1, "b": "x"}], "items": {"patternProperties": {"^a": {}}, "additionalProperties": false}'),
    option('"type": "array", "default": ["b"], "items": {"additionalProperties": false}'),
    option('"type": "string", "enum": ["$ref", "http://x"], "default": "$ref"'),
    option('"type": "string", "nto": {}, "idx": 1, "typography": "x", "x-default": 1, "const": 1, "examples": [1]'),
    option('"type": "string", "descripton": "Two."'),
    option('"type": "string", "enmu": ["a"], "enun": ["b"]'),
    option('"type": "integer", "manimum": 1'),
    option('"type": "integer", "min": "1", "max": true, "maxx": 3'),
    option('"type": "string", "choices": "a or b"'),
    option('"type": "string", "choices": ["a"], "enum": ["a"]'),
    option('"type": "array", "items": {"properties": {"tpye": {}}, "definitions": {"enmu": {}}, "enum": [{"tpye": 1}]}, "default": []'),
    given('"base": "file", "tags": {"enum": [["a"]]}, "hash": {"type": "string"}, "titel": {}'),
    '"config": {"ab": {"type": "string", "description": "x"}, "a_b": {"type": "string", "description": "x"}}',
    '"config": {"-": {"type": "string", "description": "x"}, " é": {"type": "string", "description": "x"}}',
    '"config": {"key": {"type": "string", "description": "x"}},\n"inputs": {"key": {"base": "api-key"}}',
    given('"base": "file", "optional": true'),
    given('"base": "file", "type": {"enum": ["nifti"]}, "name": {"pattern": "^.*\\\\.nii$"}, "size": {"maximum": 9}'),
    '"inputs": {"key": {"base": "api-key", "read-only": true, "description": "The key."}}',
    '"inputs": {"context": {"base": "context", "description": "From the project."}}',
    '"inputs": {"T1_w-2": {"base": "context"}}',
    '"environment": {"A": "", "b-c": "1"}',
    '"environment": {"PATH": "/usr/bin"}',
    '"environment": {"PATH": "/opt/bin:/bin/:/x"}',
    '"environment": {"PATH": ".:/bin:./bin::"}',
    '"environment": {"A": "$", "B": "$1 100$", "C": "\\\\$B $$B", "D": "${"}',
    '"description": "{ {x} } }}{{"',
]  # fmt: skip


def suite(name: str) -> str:
    return image("x:1.0.0_2.0.0")[:-1] + f', "flywheel": {{"suite": "{name}"}}}}'


# Rules that are off by default; only the rule of a row runs.

FOUND_IF_SELECTED = [
    (suite("Mine"), 'GL115 "Mine": suite "Mine" is not one of the exchange, expected Conversion, Curation, Quality Assurance, Utility, Export, Report, Image Processing or Other'),
    (option('"type": "integer"'), 'GL129 "size": option "size" has no default and is not optional'),
    (option('"type": "integer", "optional": false'), 'GL129 "size": option "size" has no default and is not optional'),
    (image("me/gear:1.0.0_2.0.0"), 'GL211 me/gear: the image is called "gear", but the gear "my-gear"'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("members", "expected"), FOUND_IF_SELECTED, ids=range(len(FOUND_IF_SELECTED))
)
def test_found_if_selected(members: str, expected: str, tmp_path: Path, check: Run) -> None:
    manifest = write_gear(tmp_path, members)
    assert reported_in(manifest, check(tmp_path, "--select", expected[:5])) == [expected]


LEFT_ALONE_IF_SELECTED = [
    # (code, members)
    ("GL115", suite("Other")),
    ("GL115", '"custom": {"gear-builder": {"category": "qa", "image": "x:1.0.0_2.0.0"}, "flywheel": {}}'),
    ("GL129", option('"type": "integer", "default": 0')),
    ("GL129", option('"type": "integer", "optional": true')),
    ("GL129", option('"type": "integer", "defualt": 4')),
    ("GL129", option('"type": "integer", "optinal": true')),
    ("GL211", image("localhost:5000/a/my-gear:1.0.0_2.0.0")),
    ("GL209", image("a/b")),
    ("GL209", image("localhost/a/b:1.0.0_2.0.0")),
    ("GL209", image(f"me/gear@{DIGEST}")),
    ("GL209", image("localhost:5000/a/B:1.0.0_2.0.0")),
    ("GL209", '"custom": {}'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "members"), LEFT_ALONE_IF_SELECTED, ids=range(len(LEFT_ALONE_IF_SELECTED))
)
def test_left_alone_if_selected(code: str, members: str, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, members)
    assert check(tmp_path, "--select", code).codes == []


@pytest.mark.parametrize(
    ("members", "severity"),
    [
        (option('"tpye": "integer"'), "error"),
        (option('"type": "array", "items": {"tpye": "integer"}'), "warning"),
        (option('"type": "integer", "defualt": 4'), "warning"),
        (given('"bsae": "file"'), "error"),
        (given('"base": "file", "optionnal": true'), "error"),
        (given('"base": "file", "tpye": {"enum": ["nifti"]}'), "warning"),
        (given('"base": "file", "type": {"enmu": ["nifti"]}'), "warning"),
    ],
)
def test_a_misspelt_key_for_which_the_upload_is_refused(
    members: str, severity: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, members)
    assert [(one["code"], one["severity"]) for one in check(tmp_path).findings] == [
        ("GL135", severity)
    ]
    is_refused = bool(schema.faults(json.loads((tmp_path / "manifest.json").read_text())))
    assert is_refused == (severity == "error")


def category(word: str) -> str:
    return image("x:1.0.0_2.0.0").replace('"qa"', f'"{word}"')


def pattern(text: str) -> str:
    return option(f'"type": "string", "pattern": {json.dumps(text)}')


TAKE = "take away the repetition inside a repetition"
OR_OTHER = ", or of its alternatives the one that matches what another does"


def classified(kind: str, word: str) -> str:
    return image("x:1.0.0_2.0.0")[:-1] + (
        f', "flywheel": {{"classification": {{"{kind}": ["{word}"]}}}}}}'
    )


@pytest.mark.parametrize(
    ("members", "code", "help"),
    [
        ('"inputs": {"a": "file"}', "GL103", 'write {"base": "file"}'),
        ('"inputs": {"a": "nifti"}', "GL103", "write an object"),
        ('"inputs": []', "GL103", "write {}"),
        ('"inputs": [{"name": "a"}]', "GL103", "write an object"),
        ('"inputs": {"a": {"base": "file", "description": "A.", "optional": "True"}}', "GL103", "write true"),
        ('"inputs": {"a": {"base": "file", "description": "A.", "optional": "yes"}}', "GL103", "write true or false"),
        ('"config": {"a": "string"}', "GL103", 'write {"type": "string"}'),
        ('"command": ["python", "run.py"]', "GL103", 'write "python run.py"'),
        ('"author": ["A", "B"]', "GL103", 'write "A, B"'),
        ('"author": ["A", 1]', "GL103", "write a string"),
        ('"author": ["A", ""]', "GL103", "write a string"),
        ('"author": []', "GL103", "write a string"),
        (f'"author": {json.dumps(["A. Author"] * 20)}', "GL103", "write a string"),
        ('"capabilities": ""', "GL103", "write an array"),
        ('"config": {"a": "file"}', "GL103", "write an object"),
        ('"inputs": {"a": "string"}', "GL103", "write an object"),
        ('"custom": {"gear-builder": "file"}', "GL103", "write an object"),
        ('"custom": {"docker-image": "a/b:1.0.0_2.0.0", "gear-builder": []}', "GL103", "write {}"),
        ('"inputs": "file"', "GL103", "write an object"),
        ('"config": "string"', "GL103", "write an object"),
        ('"version": 1.0', "GL103", 'write "1.0"'),
        ('"version": true', "GL103", "write a string"),
        ('"version": null', "GL103", "write a string"),
        ('"label": 1', "GL103", "write a string"),
        ('"capabilities": "networking"', "GL103", 'write ["networking"]'),
        ('"environment": {"A": 1}', "GL103", None),
        ('"environment": {"A": 1}', "GL140", "put it in quotes"),
        ('"environment": {"A": null}', "GL140", 'write "", or remove the variable'),
        ('"environment": {"A": ["b"]}', "GL140", "write one string in quotes"),
        ('"environment": {"PATH": 1}', "GL140", 'write its directories in one string, as "/usr/local/bin:/usr/bin:/bin"'),
        ('"environment": {"PATH": "PATH=/bin:/usr/bin"}', "GL141", 'remove "PATH=": the key is the name'),
        ('"environment": {"PATH": "/bin:$PATH"}', "GL141", "write out the directories"),
        ('"environment": {"PATH": "/bin:lib"}', "GL141", "write the whole path"),
        ('"custom": {}', "GL110", 'add "gear-builder": {"category": "analysis", "image": "REGISTRY/my-gear:1.0.0_2.0.0"} to custom'),
        (option('"type": "integer", "default": "4"'), "GL121", "write 4, without quotes"),
        (option('"type": "integer", "default": "4.5"'), "GL121", 'change the default, or "type" of the option'),
        (option('"type": "number", "default": "0.5"'), "GL121", "write 0.5, without quotes"),
        (option('"type": "boolean", "default": "True"'), "GL121", "write true, without quotes"),
        (option('"type": "boolean", "default": "yes"'), "GL121", 'change the default, or "type" of the option'),
        (option('"type": "integer", "default": 1.0'), "GL121", "write 1"),
        (option('"type": "string", "default": 1.5'), "GL121", 'write "1.5", in quotes'),
        (option('"type": "string", "default": false'), "GL121", 'write "false", in quotes'),
        (option('"type": "integer", "default": true'), "GL121", 'change the default, or "type" of the option'),
        (option('"type": "integer", "default": 1.5'), "GL121", 'change the default, or "type" of the option'),
        (option('"type": "integer", "default": "007"'), "GL121", 'change the default, or "type" of the option'),
        (option('"type": "boolean", "default": 1'), "GL121", 'change the default, or "type" of the option'),
        (option('"type": "array", "default": 1'), "GL121", 'change the default, or "type" of the option'),
        (option('"type": "number", "default": 3, "enum": [1, 2]'), "GL121", 'change the default, or "enum" of the option'),
        (option('"type": "string", "default": "colour", "enum": ["blue", "color"]'), "GL121", 'did you mean "color"?'),
        (option('"type": "array", "default": "a", "items": {"type": "string"}'), "GL121", 'write ["a"]'),
        (option('"type": "array", "default": ["1"], "items": {"type": "integer"}'), "GL121", "write 1, without quotes"),
        (option('"type": "string", "default": null'), "GL121", 'remove "default", and add "optional": true where there need not be a value'),
        (option('"type": "string", "default": "c", "enum": ["a"]'), "GL121", 'change the default, or "enum" of the option'),
        (classified("modality", "MRT"), "GL116", 'did you mean "MR"?'),
        (classified("modality", "???"), "GL116", "for example MR, CT, PT or US"),
        (classified("organ", "???"), "GL116", "for example Brain, Heart, Liver or Lung"),
        (classified("species", "???"), "GL116", "for example Animal, Human, Phantom or Other"),
        ('"license": "GPLv3"', "GL106", 'did you mean "GPL-3.0"?'),
        ('"license": "GPL-3.0-or-later"', "GL106", 'did you mean "GPL-3.0"?'),
        ('"license": "GPL"', "GL106", 'did you mean "GPL-2.0" or "GPL-3.0"?'),
        ('"license": "LGPLv3"', "GL106", 'did you mean "LGPL-3.0"?'),
        ('"license": "GNU Lesser General Public License v2.1"', "GL106", 'did you mean "LGPL-2.1"?'),
        ('"license": "AGPL"', "GL106", 'did you mean "AGPL-3.0"?'),
        ('"license": "BSD"', "GL106", 'did you mean "BSD-2-Clause" or "BSD-3-Clause"?'),
        ('"license": "New BSD License"', "GL106", 'did you mean "BSD-3-Clause"?'),
        ('"license": "BSD-4-Clause"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "MPL"', "GL106", 'did you mean "MPL-1.0", "MPL-1.1" or "MPL-2.0"?'),
        ('"license": "Mozilla Public License 2.0"', "GL106", 'did you mean "MPL-2.0"?'),
        ('"license": "MIT License"', "GL106", 'did you mean "MIT"?'),
        ('"license": "Apache License, Version 2.0"', "GL106", 'did you mean "Apache-2.0"?'),
        ('"license": "Apahce-2.0"', "GL106", 'did you mean "Apache-2.0"?'),
        ('"license": "EPL-2.0"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "EPL"', "GL106", 'did you mean "EPL-1.0" or "Other"?'),
        ('"license": "CC0-1.0"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "CECILL-B"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "NPL"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "MIT OR Apache-2.0"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "GPL or MIT"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "gpl 3"', "GL106", 'did you mean "GPL-3.0"?'),
        ('"license": "GNU General Public License version 2"', "GL106", 'did you mean "GPL-2.0"?'),
        ('"license": "AGPL 3 / GPL"', "GL106", 'did you mean "AGPL-3.0"?'),
        ('"license": "Apache 3"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "ASL 2.0"', "GL106", 'did you mean "Apache-2.0"?'),
        ('"license": "apache_2.0"', "GL106", 'did you mean "Apache-2.0"?'),
        ('"license": "CDDL"', "GL106", 'did you mean "CDDL-1.0"?'),
        ('"license": "CeCILL"', "GL106", 'did you mean "CECILL-2.1"?'),
        ('"license": "W3C license 2"', "GL106", 'did you mean "W3C"?'),
        ('"license": "Zlibb"', "GL106", 'did you mean "Zlib"?'),
        ('"license": "ISCC"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "Entesa"', "GL106", 'did you mean "Entessa"?'),
        ('"license": "EUPL 1.1"', "GL106", 'did you mean "EUPL-1.1"?'),
        ('"license": "EUPL 1.2"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "EUPL"', "GL106", 'did you mean "EUPL-1.1" or "Other"?'),
        ('"license": "LGPL 2"', "GL106", 'did you mean "LGPL-2.0"?'),
        ('"license": "BSD 2"', "GL106", 'did you mean "BSD-2-Clause"?'),
        ('"license": "Simplified BSD"', "GL106", 'did you mean "BSD-2-Clause"?'),
        ('"license": "Zero-Clause BSD"', "GL106", 'did you mean "0BSD"?'),
        ('"license": "original BSD"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "BSD four clause"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": "BSD 3-clause or 2-clause"', "GL106", 'did you mean "BSD-2-Clause" or "BSD-3-Clause"?'),
        ('"license": "public domain"', "GL106", 'write "Other" where no identifier fits'),
        ('"license": ""', "GL106", 'write "Other" where no identifier fits'),
        (category("Quality Assurance"), "GL113", 'did you mean "qa"?'),
        (category("analysys"), "GL113", 'did you mean "analysis"?'),
        (category("Analytics"), "GL113", 'did you mean "analysis"?'),
        (category("image-processing"), "GL113", 'did you mean "analysis"?'),
        (category("classification"), "GL113", 'did you mean "classifier"?'),
        (category("qa-qc"), "GL113", 'did you mean "qa"?'),
        (category("utils"), "GL113", 'did you mean "utility"?'),
        (category("tool analysis"), "GL113", 'did you mean "utility"?'),
        (category("QA analysis"), "GL113", 'write "utility" where no other fits'),
        (category("analysis tool"), "GL113", 'write "utility" where no other fits'),
        (category("utility qa"), "GL113", 'write "utility" where no other fits'),
        (category("Analysis Gear"), "GL113", 'did you mean "analysis"?'),
        (category("analysis-gear"), "GL113", 'did you mean "analysis"?'),
        (category("QA gear"), "GL113", 'did you mean "qa"?'),
        (category("Converter gear"), "GL113", 'did you mean "converter"?'),
        (category("file converter"), "GL113", 'did you mean "converter"?'),
        (category("my analysis helper"), "GL113", 'write "utility" where no other fits'),
        (category("my gear"), "GL113", 'write "utility" where no other fits'),
        (category("importer"), "GL113", 'did you mean "converter"?'),
        (category("file_conversion"), "GL113", 'write "utility" where no other fits'),
        (category("Analysis"), "GL113", 'did you mean "analysis"?'),
        (category("preprocessing"), "GL113", 'did you mean "analysis"?'),
        (category("report"), "GL113", 'write "utility" where no other fits'),
        (category("utility or analysis"), "GL113", 'write "utility" where no other fits'),
        ('"capabilities": ["network"]', "GL117", 'did you mean "networking"?'),
        ('"capabilities": ["gpu"]', "GL117", 'remove it: "networking" is the only capability'),
        ('"environment": {"A": "${B}/c", "B": "/b"}', "GL142", 'write "/b/c"'),
        ('"environment": {"A": "$A:/b"}', "GL142", "remove it, or write out the value that A has in the image"),
        (suite("image procesing"), "GL115", 'did you mean "Image Processing"?'),
        (suite("Preprocessing"), "GL115", 'write "Other" where none fits'),
        (suite(""), "GL115", 'write "Other" where none fits'),
        (pattern("^([a-z]+)+$"), "GL126", f'{TAKE}: "^[a-z]+$"'),
        (pattern(r"(?:\d*)*x"), "GL126", rf'{TAKE}: "\d*x"'),
        (pattern("a(.+)*b"), "GL126", f'{TAKE}: "a.*b"'),
        (pattern("(a*)+b"), "GL126", f'{TAKE}: "a*b"'),
        (pattern("[(a+)+](a+)+b"), "GL126", f'{TAKE}: "[(a+)+]a+b"'),
        (pattern("(a+)+b(a+)+c"), "GL126", f"{TAKE}{OR_OTHER}"),
        (pattern("(?i)(a+)+b"), "GL126", f"{TAKE}{OR_OTHER}"),
        (pattern("(a+){9,}b"), "GL126", f"{TAKE}{OR_OTHER}"),
        (pattern("(a|a)*b"), "GL126", f"{TAKE}{OR_OTHER}"),
        (image("x:1"), "GL201", "set the tag to the version, then build and push the image under it"),
        ('"version": "1.0"', "GL204", 'set version-format = "gear" in gearlint.toml if the gear wraps no software'),
        ('"version": "6.0.1-5"', "GL204", 'set version-format = "gear" in gearlint.toml if the gear wraps no software'),
        ('"version": "4.2.7-7.1.1"', "GL204", 'join the parts by "_": 4.2.7_7.1.1'),
    ],
)  # fmt: skip
def test_help(members: str, code: str, help: str | None, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, members)
    findings = check(tmp_path, "--extend-select", "GL115").findings
    expected = [] if help is None else [help]
    assert [found["help"] or "" for found in findings if found["code"] == code] == expected


def test_words_given_as_examples_are_of_their_vocabularies() -> None:
    for kind, words in COMMON.items():
        assert set(words) < set(schema.words("custom", "flywheel", "classification", kind))


@pytest.mark.parametrize("members", LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_left_alone(members: str, tmp_path: Path, run: Run) -> None:
    write_gear(tmp_path, members)
    outcome = run("check", "--output-format", "concise", tmp_path)
    assert (outcome.stdout, outcome.code) == ("", 0)


def test_sound_manifest_has_no_finding(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path)
    assert check(tmp_path).codes == []


@pytest.mark.parametrize(
    "field", ["name", "label", "config", "inputs", "license", "version", "url"]
)
def test_each_missing_field_is_reported_once(field: str, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, without=(field,))
    findings = check(tmp_path).findings
    assert [(f["code"], f["message"]) for f in findings] == [
        ("GL101", f'required field "{field}" is missing')
    ]


@pytest.mark.parametrize(
    ("field", "members", "help"),
    [
        ("config", '"custom": {"config": {}}', '"config" is in custom, line N: move it out'),
        ("source", '"custom": {"a": [{"source": ""}]}', '"source" is in custom.a[0], line N: move it out'),
        ("url", '"inputs": {"url": ""}', '"url" is in inputs, line N: move it out'),
        ("version", '"custom": {"version": "1"}', '"version" is in custom, line N: move it out'),
        # What is called so is something else.
        ("source", '"config": {"source": {"type": "string", "description": "x"}}', 'add it, for example "source": ""'),
        ("label", option('"type": "string", "label": "x"'), 'add it, for example "label": "My gear"'),
        ("url", '"custom": {"url": 1}', 'add it, for example "url": ""'),
    ],
)  # fmt: skip
def test_missing_field_that_is_in_another_object_is_not_added(
    field: str, members: str, help: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, members, without=(field,))
    (found,) = [one for one in check(tmp_path).findings if one["code"] == "GL101"]
    said = re.sub(r"line \d+", "line N", found["help"] or "")
    assert (said, found["fix"]) == (help, None)


@pytest.mark.parametrize(
    ("version", "codes"),
    [
        ("", ["GL203"]),
        (" ", ["GL203"]),
        ("latest", ["GL203"]),
        ("a_b_1", ["GL203"]),
        ("1.0_", ["GL203"]),
        ("_1.0", ["GL203"]),
        ("1.0__2.0", ["GL203"]),
        ("1.0", ["GL204"]),
        ("v1.0", ["GL204", "GL210"]),
        ("1.0_v1.1", ["GL210"]),
        ("1.0_2.0-rc1", ["GL210"]),
        ("1.0+2_3", ["GL207"]),
        ("1.0 _3", ["GL207"]),
        (".1_2", ["GL207"]),
        ("1.0_" + "9" * 130, ["GL105", "GL207"]),
    ],
)
def test_versions(version: str, codes: list[str], tmp_path: Path, check: Run) -> None:
    tag = version if re.fullmatch(r"\w[\w.-]{,127}", version) else "1"
    write_gear(tmp_path, f'"version": "{version}",\n{image("x:" + tag)}')
    assert check(tmp_path).codes == codes


@pytest.mark.parametrize(
    ("version_format", "version", "codes"),
    [
        ("gear", "1.0", []),
        ("gear", "1.0_hotfix", []),
        ("gear", "x_1.0", ["GL203"]),
        ("gear_software", "1.0_x", ["GL203"]),
        ("gear_software", "1.0_2.0_x", []),
        ("software_gear", "x_y", ["GL203", "GL203"]),
        ("software_gear", "1.0", ["GL204"]),
    ],
)
def test_version_format_of_the_settings(
    version_format: str, version: str, codes: list[str], tmp_path: Path, check: Run
) -> None:
    (tmp_path / "gearlint.toml").write_text(f'version-format = "{version_format}"\n')
    write_gear(tmp_path, f'"version": "{version}",\n{image("x:" + version)}')
    assert check(tmp_path).codes == codes


def test_deprecated_image_is_checked_against_the_version_too(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, '"custom": {"docker-image": "me/gear:0.1"}')
    assert check(tmp_path).codes == ["GL113", "GL110", "GL201"]


def test_category_is_missed_beside_an_image_that_is_moved(tmp_path: Path, check: Run) -> None:
    members = '"custom": {"docker-image": "me/gear:1.0.0_2.0.0"}'
    write_gear(tmp_path, members, without=("custom",))
    assert check(tmp_path).codes == ["GL113", "GL110"]
    assert check("--fix", tmp_path).codes == ["GL113"]


@pytest.mark.parametrize(
    "members",
    [
        "",
        '"custom": {}',
        '"custom": {"gear-builder-x": {}}',
        '"custom": {"docker-image": ""}',
        '"custom": {"docker-image": "a:1.0.0_2.0.0", "gear_builder": {"category": "qa"}}',
    ],
)
def test_category_of_a_missing_object_is_not_missed_too(
    members: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, members, without=("custom",))
    assert check(tmp_path).codes == ["GL110"]


@pytest.mark.parametrize("members", ['"custom": []', '"custom": {"gear-builder": "x"}'])
def test_category_of_what_is_not_an_object_is_not_missed(
    members: str, tmp_path: Path, check: Run
) -> None:
    write_gear(tmp_path, members)
    assert "GL113" not in check(tmp_path).codes


def test_a_text_that_cannot_be_a_tag_is_not_also_a_mismatch(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, f'"version": "1+2_3",\n{image("x:1_3")}')
    assert check(tmp_path).codes == ["GL207"]


def test_an_invalid_manifest_gives_only_what_can_be_known(tmp_path: Path, check: Run) -> None:
    write_beside(tmp_path)
    (tmp_path / "manifest.json").write_text(manifest_text('"name": "My Gear",'))
    assert check(tmp_path).codes == ["GL001"]


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("utf-8", None),
        ("utf-8-sig", "the manifest is UTF-8 with a byte order mark, expected plain UTF-8"),
        ("utf-16", "the manifest is UTF-16, expected plain UTF-8"),
        ("utf-16-be", "the manifest is UTF-16, expected plain UTF-8"),
        ("latin-1", "byte 0xe9 is not UTF-8"),
    ],
)
def test_encodings(encoding: str, message: str | None, tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, '"author": "René"').write_bytes(
        manifest_text('"author": "René"').encode(encoding)
    )
    found = [(one["code"], one["message"]) for one in check(tmp_path).findings]
    assert found == ([("GL002", message)] if message else [])


def test_pattern_that_re_refuses(tmp_path: Path, check: Run) -> None:
    write_gear(tmp_path, option('"type": "string", "default": "x", "pattern": "a**"'))
    (finding,) = check(tmp_path).findings
    assert finding["code"] == "GL125"
    assert finding["message"].startswith('pattern "a**" is not valid: ')


def test_pattern_of_keys_is_reported_at_the_key(tmp_path: Path, check: Run) -> None:
    items = '"type": "array", "items": {"patternProperties": {"a(b": {}}}'
    manifest = write_gear(tmp_path, option(items))
    (found,) = reported_in(manifest, check(tmp_path))
    assert found.startswith('GL125 "a(b": pattern "a(b" is not valid: ')


def test_an_image_in_its_deprecated_place_is_not_compared(tmp_path: Path, check: Run) -> None:
    """By Flywheel's validator, which says that it is missing."""
    image = '"image": "me/my-gear:0.9"'
    for custom, severity in (
        (f'"gear-builder": {{"category": "qa", {image}}}', "error"),
        (image.replace("image", "docker-image"), "warning"),
    ):
        write_gear(tmp_path, f'"custom": {{{custom}}}')
        (found,) = check(tmp_path, "--select", "GL201").findings
        assert found["severity"] == severity
