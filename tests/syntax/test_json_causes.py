"""Why a text is not JSON: one fault for one cause, at its place, in plain words."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gearlint.syntax.jsontext import causes

SOUND = """{
  "name": "my-gear",
  "label": "My gear",
  "version": "1.0.0_2.0.0",
  "custom": {
    "gear-builder": {
      "category": "analysis",
      "image": "me/my-gear:1.0.0_2.0.0"
    },
    "flywheel": {"suite": "Other"}
  },
  "inputs": {
    "scan": {
      "base": "file",
      "type": {"enum": ["nifti", "dicom"]},
      "optional": false
    }
  },
  "config": {}
}
"""
COMPACT = json.dumps(json.loads(SOUND))


def reported(text: str | bytes) -> list[str]:
    """Each fault as `line: message; help`."""
    data = text.encode() if isinstance(text, str) else text
    faults = causes(data)
    assert all(0 <= f.span.start <= f.span.end <= len(data) for f in faults)
    lines = [data.count(b"\n", 0, f.span.start) + 1 for f in faults]
    return [f"{line}: {f.message}; {f.help}" for line, f in zip(lines, faults, strict=True)]


def replaced(old: str, new: str, text: str = SOUND) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


CLOSE_STRING = r'string is not closed on its line; put the closing " (a line break inside a string is written \n)'
AGAIN = '"inputs": { is here a second time, and one of them is not closed; remove this one'
MIXED = """{
\t"name": "a",
  "custom": {
\t\t"gear-builder": {
\t\t\t"image": "a"
\t\t},
    "flywheel": 2
  },
\t"inputs": {
\t},
\t"config": {
\t\t"a": {
\t\t\t\t"default": ""
\t\t\t}
\t\t}
  }
}
"""
CONFLICT = "<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n"
NOT_BEGUN = '1: the manifest does not begin with "{"; '
ADVICE = "a value is in double quotes, a number, true, false, null, an object or an array"

ONE_CAUSE = [
    # (text, the one fault)
    # What is no JSON at all.
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", '1: this is a Git LFS pointer, not the manifest; run "git lfs pull", or keep the manifest out of LFS (.gitattributes)'),
    ("<!DOCTYPE html>\n<html>{}</html>\n", "1: this is HTML or XML, not JSON; save the manifest itself: this looks like a web page"),
    ('\n<?xml version="1.0"?>\n<gear/>\n', "2: this is HTML or XML, not JSON; save the manifest itself: this looks like a web page"),
    ("name: my-gear\ninputs: {}\n", '1: this is YAML, not JSON; write it as JSON: { "name": ..., ... }'),
    ("---\nname: my-gear\n", '1: this is YAML, not JSON; write it as JSON: { "name": ..., ... }'),
    ("404: Not Found", NOT_BEGUN + "expected a JSON object: { ... }"),
    ('name = "my-gear"\n', NOT_BEGUN + "expected a JSON object: { ... }"),
    ("\0" * 50, NOT_BEGUN + "expected a JSON object: { ... }"),
    ("```json\n" + SOUND + "```\n", NOT_BEGUN + "remove what is before it, and after the last brace"),
    ("manifest = " + SOUND, NOT_BEGUN + "remove what is before it"),
    # Merge conflicts.
    (replaced('  "label": "My gear",\n', CONFLICT.format('  "label": "A",\n', '  "label": "B",\n')), "3: merge conflict in lines 3 to 7; keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>"),
    (replaced('  "label": "My gear",\n', CONFLICT.format('  "label": "A",\n', "")).replace("\n", "\r\n"), "3: merge conflict in lines 3 to 6; keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>"),
    (SOUND + ">>>>>>> other\n", "21: merge conflict in line 21; keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>"),
    # The outer braces.
    (SOUND[2:], NOT_BEGUN + 'put "{" before the first line'),
    (SOUND[2:-3], NOT_BEGUN + 'put "{" before the first line, and "}" after the last'),
    (SOUND[2:-3] + ",\n", NOT_BEGUN + 'put "{" before the first line, and "}" after the last'),
    (SOUND[:-2], '19: "}" is missing; the "{" in line 1 is not closed'),
    (SOUND + "}\n", '21: "}" closes nothing; remove it'),
    (SOUND + SOUND, "21: a second JSON object begins here: a manifest is one; remove one of the two"),
    (COMPACT + COMPACT, "1: a second JSON object begins here: a manifest is one; remove one of the two"),
    (SOUND + "The end.\n", "21: text after the end of the JSON value; remove it"),
    (SOUND.rstrip() + ";\n", "20: text after the end of the JSON value; remove it"),
    # Brackets.
    (replaced('"Other"}\n  },', '"Other"}\n'), '5: by its indentation the "{" of line 5 is not closed; put "}," at the end of line 10'),
    (replaced('"Other"}\n  },', '"Other"}\n  ,'), '5: by its indentation the "{" of line 5 is not closed; put "}" at the end of line 10'),
    (replaced('2.0.0"\n    },', '2.0.0",'), '6: by its indentation the "{" of line 6 is not closed; put "}" before the comma of line 8'),
    (replaced('"Other"}', '"Other"'), '10: by its indentation the "{" of line 10 is not closed; put "}" at the end of line 10'),
    (replaced('"Other"}', '"Other"}}'), '11: by its indentation this "}" closes nothing; remove it'),
    (replaced('2.0.0"\n    },', '2.0.0"\n    }\n    },'), '10: by its indentation this "}" closes nothing; remove it'),
    (replaced('"dicom"]', '"dicom"'), '15: "]" is missing; the "[" in line 15 is not closed: put "]" here'),
    (replaced('["nifti"', '"nifti"'), '15: the opening "[" of this value is missing; put "[" after the colon'),
    (replaced('"inputs": {', '"inputs":'), '12: the opening "{" of this value is missing; put "{" after the colon'),
    (replaced('"inputs": {', '"inputs": {{'), '12: unexpected "{"; remove it'),
    (replaced('"config": {}', '"config": {'), '19: by its indentation the "{" of line 19 is not closed; put "}" at the end of line 19'),
    (replaced('"config": {}', '"config": {]'), '19: "]" cannot close the "{" of line 19; write "}"'),
    (replaced('"dicom"]', '"dicom"}'), '15: "}" cannot close the "[" of line 15; write "]"'),
    (COMPACT[:-1], '1: "}" is missing; the "{" in line 1 is not closed'),
    # a key with its brace once more, inside its own object
    (replaced('"inputs": {\n', '"inputs": {\n    "inputs": {\n'), f"13: {AGAIN}"),
    (replaced('"inputs": {\n', '"inputs": {\n  "inputs": {\n'), f"13: {AGAIN}"),
    (replaced('  "inputs": {\n', '  "inputs": {\n    "inputs": {\n      "x": 1\n    },\n  "inputs": {\n'), f"16: {AGAIN}"),
    (replaced('"scan": {\n      "base"', '"inputs": {\n      "base"').replace("false\n    }\n", "false\n"), '13: by its indentation the "{" of line 13 is not closed; put "}" at the end of line 16'),
    (replaced('"scan": {', '"scan": {\n    "other": {'), '13: by its indentation the "{" of line 13 is not closed; put "}," at the end of line 13'),
    # indentation by tabs and by spaces, and by neither
    (MIXED, '14: by its indentation this "}" closes nothing; remove it'),
    (MIXED.replace('\t"name": "a"', '"name": "a"'), '17: "}" closes nothing; remove it, or a "}" before it'),
    (replaced('      "cat', '        "cat').replace('"optional": false\n    }\n', '"optional": false\n'), '19: "}" is missing; put "}" where it belongs: the indentation does not tell where'),
    (replaced('      "cat', '        "cat').replace("    },\n    \"fly", "    }\n  },\n    \"fly"), '12: this bracket ends the manifest, but it goes on; remove it, or a "}" before it'),
    # the brackets of a list around keys
    (replaced('"custom": {', '"custom": ['), '5: "[" around keys and values; write "{"'),
    (replaced('"custom": {', '"custom": [').replace("  },\n  \"inputs", "  ],\n  \"inputs"), '5: "[" around keys and values; write "{", and "}" at its end'),
    (f"[{SOUND.strip()[1:-1]}]", '1: "[" around keys and values; write "{", and "}" at its end'),
    ('{"enum": ["a": "b"]}', '1: unexpected ":"; write ","'),
    (replaced('"Other"}}', '"Other"}}}', COMPACT), '1: this bracket ends the manifest, but it goes on; remove it, or a "}" before it'),
    (SOUND[: SOUND.index('"nifti"') + 7], "15: the file ends, and 5 brackets are not closed; the first is in line 1, the last in line 15: is it cut off?"),
    # Quotes.
    (replaced('"label"', 'label"'), '3: the opening quote of this string is missing; put a " before it'),
    (replaced('"label"', '"label'), '3: the closing quote of this string is missing; put a " where it ends'),
    (replaced('"My gear"', 'My gear"'), '3: the opening quote of this string is missing; put a " before it'),
    (replaced('"My gear"', '"My gear'), "3: " + CLOSE_STRING),
    (replaced('"My gear"', '"My gear', COMPACT), '1: the closing quote of this string is missing; put a " where it ends'),
    (replaced('"inputs": {', '"inputs: {'), "12: " + CLOSE_STRING),
    (replaced('"Other"}', '"Other}'), "10: " + CLOSE_STRING),
    (replaced('"nifti"', '"nifti'), '15: the closing quote of this string is missing; put a " where it ends'),
    (replaced('"label"', '"label""'), "3: unexpected quote; remove it"),
    (replaced("false", 'false"'), "16: unexpected quote; remove it"),
    (replaced("My gear", 'My "best" gear'), r'3: quotes inside a string; write each as \"'),
    (replaced("My gear", r"C:\data" + "\\"), r"3: the backslash makes this quote a part of the string; write each backslash as \\"),
    (replaced("My gear", "My\n  gear"), r"3: line break inside a string; write it as \n, and the string on one line"),
    (replaced("My gear", "My\r\n\r\ngear"), r"3: line break inside a string; write it as \n, and the string on one line"),
    (replaced('"My gear"', "My gear"), '3: My gear is not in double quotes; write "My gear"'),
    (replaced('"My gear"', "`My gear`"), '3: `My gear` is not in double quotes; write "My gear"'),
    (SOUND.replace('"', "'"), '2: single quotes are not allowed in JSON, here and at other places; strings are in double quotes (")'),
    (replaced('"My gear"', "“My gear”"), '3: curly quotes are not allowed in JSON; strings are in straight double quotes (")'),
    # Commas and colons.
    (replaced('"my-gear",', '"my-gear"'), "2: comma is missing; put a comma after this value"),
    (replaced('"my-gear",', '"my-gear";'), '2: unexpected ";"; write ","'),
    (replaced('"my-gear",', '"my-gear"，'), '2: unexpected "，"; write ","'),
    (replaced('"my-gear",', '"my-gear",,'), "2: comma with nothing before it; remove it"),
    (replaced('"config": {}', '"config": {,}'), "19: comma with nothing before it; remove it"),
    (replaced("{}", "{},"), "19: trailing commas are not allowed in JSON; remove it: nothing follows"),
    (replaced('"dicom"]', '"dicom",]'), "15: trailing commas are not allowed in JSON; remove it: nothing follows"),
    (replaced('"label":', '"label"'), '3: no ":" between key and value; put a ":" between them'),
    (replaced('"label":', '"label" ='), '3: unexpected "="; write ":"'),
    (replaced('"label":', '"label",'), '3: unexpected ","; write ":"'),
    (replaced('"label":', '"label"::'), '3: unexpected ":"; remove it'),
    (replaced('"My gear"', ""), '3: key without a value; write "key": value'),
    (replaced('"label": ', ""), '3: key without a value; write "key": value'),
    # Words.
    (replaced("false", "False"), "16: False is not JSON; write false"),
    (replaced("{}", "None"), "19: None is not JSON; write null"),
    (replaced("false", "NaN"), "16: NaN is not a JSON number; use a number, or a string"),
    (replaced("false", "0x10"), "16: 0x10 is not a JSON number; write it like 0.5, or as a string in quotes"),
    (replaced('"1.0.0_2.0.0"', "1.0.0_2.0.0"), "4: 1.0.0_2.0.0 is not a JSON number; write it like 0.5, or as a string in quotes"),
    (replaced("false", "undefined"), f"16: undefined is not JSON; {ADVICE}"),
    (replaced("{}", "{...}"), "19: ... leaves something out; write out what it means, or remove it"),
    (replaced("{}", "{…}"), "19: … leaves something out; write out what it means, or remove it"),
    (replaced('"My gear"', "..."), "3: ... leaves something out; write out what it means, or remove it"),
    (replaced('"dicom"', "..."), "15: ... leaves something out; write out what it means, or remove it"),
    (replaced('  "config": {}', "  ..."), "19: ... leaves something out; write out what it means, or remove it"),
    (replaced('"My gear"', "{{ label }}"), "3: {{ label }} is not filled in; a template is not JSON"),
    (replaced('  "label"', 'x "label"'), "3: unexpected x; remove it"),
    (replaced('"label": "My gear"', '"label": 0,5'), "3: comma within a number; write a point for a decimal comma, and nothing between thousands"),
    (replaced('"label": "My gear"', '"label": 1,000'), "3: comma within a number; write a point for a decimal comma, and nothing between thousands"),
    (replaced('"label": "My gear"', '"label": 0, 5'), "3: unexpected 5; remove it"),
    (replaced('"My gear",', '"My gear"x,'), "3: unexpected x; remove it"),
    (replaced('"label":', '"label": 9'), "3: unexpected 9; remove it"),
    (replaced('"label":', '"label":#'), '3: unexpected #; remove it'),
    (replaced('  "label"', '\u00a0 "label"'), "3: unexpected character U+00A0; write a plain space instead"),
    (replaced('  "label"', '\u200b  "label"'), "3: unexpected character U+200B; remove it"),
    (SOUND.replace("  ", "\u00a0 "), "2: unexpected character U+00A0, here and at other places; write a plain space instead"),
    (replaced("false", "false\u00a0"), "16: unexpected character U+00A0; write a plain space instead"),
    (replaced('  "label"', '// why\n  "label"'), "3: comments are not allowed in JSON; JSON has no comments: remove it"),
    (re.sub(r'"(\w+)":', r"\1:", SOUND), '2: key name is not in quotes, here and at other places; write "name"'),
    (replaced("My gear", r"C:\data"), r"3: \d is not a JSON escape; a backslash itself is written \\"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fault"), ONE_CAUSE, ids=range(len(ONE_CAUSE)))
def test_one_cause_is_one_fault(text: str, fault: str) -> None:
    assert reported(text) == [fault]


INDEPENDENT = [
    # (text, lines and messages of the faults)
    (replaced('"my-gear",', '"my-gear"').replace('"nifti", ', '"nifti" ').replace('"optional"', 'optional"'), ["2: comma is missing", "15: comma is missing", "16: the opening quote of this string is missing"]),
    (replaced("{}", "{},").replace('"My gear"', "“My gear”"), ["3: curly quotes are not allowed in JSON", "19: trailing commas are not allowed in JSON"]),
    (replaced("false", "False").replace('"Other"}\n  },', '"Other"}\n  ,'), ['5: by its indentation the "{" of line 5 is not closed', "16: False is not JSON"]),
    (CONFLICT.format("{\n", "[\n") + CONFLICT.format("}\n", "]\n"), ["1: merge conflict in lines 1 to 5", "6: merge conflict in lines 6 to 10"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "faults"), INDEPENDENT, ids=range(len(INDEPENDENT)))
def test_independent_faults_are_all_reported(text: str, faults: list[str]) -> None:
    assert [fault.partition(";")[0] for fault in reported(text)] == faults


LEFT_ALONE = [
    SOUND,
    COMPACT,
    "[]",
    replaced("My gear", "<<<<<<< it's “so”, // not: {{ x }} ..."),
    replaced('"label"', '"<<<<<<<"'),
    SOUND.replace("\n", "\r\n"),
    SOUND.replace("  ", "\t"),
]


@pytest.mark.parametrize("text", LEFT_ALONE, ids=range(len(LEFT_ALONE)))
def test_json_has_no_fault(text: str) -> None:
    assert causes(text.encode()) == []


@pytest.mark.parametrize("text", [SOUND, SOUND.replace("  ", "\t"), SOUND.replace("\n", "\r\n")])
@pytest.mark.parametrize("mark", '{}[]",:')
def test_each_lost_character_is_one_fault_at_its_line(mark: str, text: str) -> None:
    for match in re.finditer(re.escape(mark), text):
        at = match.start()
        broken = text[:at] + text[at + 1 :]
        try:
            json.loads(broken)
            continue  # it was inside a string
        except ValueError:
            (fault,) = reported(broken)
        line = text.count("\n", 0, at) + 1
        named = [int(number) for number in re.findall(r"^\d+|(?<=line )\d+", fault)]
        assert min(abs(line - each) for each in named) <= 1, fault


@pytest.mark.parametrize("units", [["  "], ["\t"], ["\t", "    "], ["\t", "  "]])
def test_who_follows_the_help_on_a_brace_gets_what_was_meant(units: list[str]) -> None:
    lines = []
    for n, line in enumerate(SOUND.splitlines()):
        lead = len(line) - len(line.lstrip())
        lines.append(units[n % len(units)] * (lead // 2) + line.lstrip())
    closing = [n for n, line in enumerate(lines) if line.strip() in ("}", "},")]
    broken = ["\n".join(lines[:n] + lines[n + 1 :]) for n in closing[:-1]]
    broken += ["\n".join([*lines[:n], lines[n].strip(","), *lines[n:]]) for n in closing]
    for each in broken:
        (fault,) = causes(each.encode())
        start, end = fault.span
        if fault.help == "remove it":
            followed = each[:start] + each[end:]
        else:
            put, line = fault.help.removeprefix('put "').split('" at the end of line ')
            after = each.split("\n")
            after[int(line) - 1] += put
            followed = "\n".join(after)
        assert json.loads(followed) == json.loads(SOUND), (fault, each)


@given(st.integers(0, len(SOUND) - 1), st.integers(0, 8), st.text("{}[]\",:x9#'\\\n …", max_size=3))
@settings(deadline=None, max_examples=300)
def test_what_is_not_json_has_a_fault_and_json_has_none(at: int, lost: int, put: str) -> None:
    text = SOUND[:at] + put + SOUND[at + lost :]
    try:
        json.loads(text)
    except ValueError:
        assert reported(text)
    else:
        assert not reported(text)
