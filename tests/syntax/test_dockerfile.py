"""The Dockerfile: its parts, their spans, and what is refused.

`test_dockerfile_oracle.py` compares instructions, values and lines with the official parser.
"""

from pathlib import Path

import pytest

from gearlint.core import limits
from gearlint.core.source import Source, Span
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.syntax.dockerfile import (
    INSTRUCTIONS,
    SUBSTITUTED,
    Dockerfile,
    Instruction,
    Word,
)
from gearlint.syntax.dockerfile.faults import faults_of
from gearlint.syntax.substitution import Lookup, expand
from tests.machine import in_time

CASES = sorted((Path(__file__).parent / "dockerfiles").glob("*.dockerfile"))


def read(text: str | bytes) -> Dockerfile:
    return Dockerfile(Source("Dockerfile", text if isinstance(text, bytes) else text.encode()))


def only(text: str) -> Instruction:
    (instruction,) = read(text).instructions
    return instruction


def under(dockerfile: Dockerfile, span: Span) -> str:
    """The bytes of the file that a span covers."""
    return dockerfile.source.data[span.start : span.end].decode()


def messages(text: str | bytes) -> list[str]:
    return [fault.message for fault in faults_of(read(text))]


def texts(words: list[Word] | None) -> list[str] | None:
    return None if words is None else [word.text for word in words]


# Spans


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_span_covers_what_it_names(path: Path) -> None:
    dockerfile = read(path.read_bytes())
    for instruction in dockerfile.instructions:
        line = dockerfile.source.position(instruction.span.start).line
        assert line == instruction.start_line
        assert dockerfile.source.position(instruction.span.end).line == instruction.end_line
        inner = instruction.trigger or instruction
        for word in inner.words + [word for pair in inner.pairs for word in pair if word]:
            covered = under(dockerfile, word.span)
            if "\n" not in covered and not inner.is_json:
                assert covered == word.text
        for flag in instruction.flags:
            assert under(dockerfile, flag.span).startswith("--")
        whole = under(dockerfile, inner.span_of(0, len(inner.value)))
        if "\n" not in whole:
            assert whole == inner.value


def test_span_of_an_instruction_has_its_continuations_and_heredocs() -> None:
    dockerfile = read("FROM a\n  RUN b \\\n  c <<E\r\nd\r\nE\r\nUSER e\n")
    assert under(dockerfile, dockerfile.instructions[1].span) == "RUN b \\\n  c <<E\r\nd\r\nE"
    assert under(dockerfile, dockerfile.instructions[1].name_span) == "RUN"


def test_offsets_in_the_joined_text_lead_to_the_file() -> None:
    dockerfile = read("FROM a\nRUN echo é && \\\n# dropped\n\n  chmod +x \\\n  /ü/run.py && b\n")
    run = dockerfile.instructions[1]
    for word in ("echo", "é", "chmod", "+x", "/ü/run.py", "b"):
        start = run.value.index(word)
        assert under(dockerfile, run.span_of(start, start + len(word))) == word
    end = len(run.value)
    assert run.span_of(end, end) == Span(run.span.end, run.span.end)


def test_a_span_across_lines_covers_what_is_between() -> None:
    dockerfile = read("FROM a\nCOPY b\\\nc d\n")
    word = dockerfile.instructions[1].words[0]
    assert word.text == "bc"
    assert under(dockerfile, word.span) == "b\\\nc"


def test_byte_order_mark_counts_in_spans() -> None:
    dockerfile = read(b"\xef\xbb\xbfFROM alpine\n")
    assert dockerfile.instructions[0].span == Span(3, 14)
    assert dockerfile.instructions[0].words == [Word("alpine", Span(8, 14))]


def test_elements_of_the_exec_form_have_their_quotes_in_the_span() -> None:
    dockerfile = read('FROM a\nCMD [ "b" , \\\n  "c \\u00e9" ]\n')
    cmd = dockerfile.instructions[1]
    assert texts(cmd.exec_form) == ["b", "c é"]
    assert [under(dockerfile, word.span) for word in cmd.words] == ['"b"', '"c \\u00e9"']


def test_trigger_of_onbuild_has_spans_of_its_own() -> None:
    dockerfile = read("FROM a\nONBUILD COPY --chown=b \\\n  c d\n")
    trigger = dockerfile.instructions[1].trigger
    assert trigger is not None
    assert under(dockerfile, trigger.name_span) == "COPY"
    assert under(dockerfile, trigger.span) == "COPY --chown=b \\\n  c d"
    assert [under(dockerfile, word.span) for word in trigger.words] == ["c", "d"]
    assert under(dockerfile, trigger.flags[0].span) == "--chown=b"
    assert (trigger.start_line, trigger.end_line) == (2, 3)


# Parts


def test_stages_have_base_name_and_platform() -> None:
    dockerfile = read(
        "ARG TAG=1\nFROM --platform=linux/amd64 a:$TAG AS Build\nRUN b\nFROM build\nUSER c\n"
    )
    assert [arg.value for arg in dockerfile.global_args] == ["TAG=1"]
    first, second = dockerfile.stages
    assert (first.base.text, first.name, second.base.text, second.name) == (
        "a:$TAG",
        "build",
        "build",
        None,
    )
    assert first.platform is not None
    assert first.platform.value == "linux/amd64"
    assert second.platform is None
    assert [i.name for i in second.instructions] == ["USER"]


def test_pairs_of_env_label_and_arg() -> None:
    def pairs(text: str) -> list[tuple[str, str | None]]:
        found = only(text).pairs
        return [(pair.key.text, pair.value.text if pair.value else None) for pair in found]

    assert pairs('ENV A="b c" D=e\\ f G=') == [("A", '"b c"'), ("D", "e\\ f"), ("G", "")]
    assert pairs("ENV A b=c  d") == [("A", "b=c  d")]
    assert pairs("LABEL a.b=c") == [("a.b", "c")]
    assert pairs('ARG A B=1 "C"') == [("A", None), ("B", "1"), ('"C"', None)]


def test_flags_without_and_with_value() -> None:
    copy = only("COPY --link --from=a=b --chown='c d' e f")
    assert [(flag.name, flag.value) for flag in copy.flags] == [
        ("link", None),
        ("from", "a=b"),
        ("chown", "c d"),
    ]
    assert copy.flag("chmod") is None


def test_healthcheck_has_its_command() -> None:
    check = only('HEALTHCHECK --retries=3 CMD ["a", "b"]')
    assert texts(check.words) == ["CMD", "a", "b"]
    assert texts(check.exec_form) == ["a", "b"]
    assert only("HEALTHCHECK CMD a b").exec_form is None


def test_heredocs_say_how_they_are_read() -> None:
    run = read("FROM a\nRUN <<A 3<<-'B' c\n1\nA\n\t2\n\tB\n").instructions[1]
    first, second = run.heredocs
    assert (first.name, first.expand, first.chomp) == ("A", True, False)
    assert (second.name, second.expand, second.chomp) == ("B", False, True)
    assert (first.text, second.content, second.text) == ("1\n", "\t2\n", "2\n")
    assert (first.body, second.body) == (Span(25, 27), Span(29, 32))


def test_words_of_copy_that_are_heredocs() -> None:
    copy = read("FROM a\nCOPY <<A b <<'C' /\n1\nA\n2\nC\n").instructions[1]
    found = [copy.heredoc(word) for word in copy.words]
    assert [doc and doc.content for doc in found] == ["1\n", None, "2\n", None]


def test_comments_are_found_everywhere_but_in_heredocs() -> None:
    dockerfile = read("# escape=\\\n#one\nFROM a\n  #  two \nRUN b \\\n # three\n <<E\n# no\nE\n")
    assert [(c.text, c.line) for c in dockerfile.comments] == [("one", 2), ("two", 4), ("three", 6)]
    assert under(dockerfile, dockerfile.comments[1].span) == "#  two "


def test_directives() -> None:
    dockerfile = read("# Syntax = docker/dockerfile:1\n# check=skip=all\n#escape=`\nFROM a\n")
    assert dockerfile.directives == {
        "syntax": "docker/dockerfile:1",
        "check": "skip=all",
        "escape": "`",
    }
    assert (dockerfile.syntax, dockerfile.escape) == ("docker/dockerfile:1", "`")
    assert read("FROM a\n# escape=`\n").escape == "\\"


def test_bytes_that_are_not_utf8_can_be_read() -> None:
    dockerfile = read(b'FROM a\nCOPY \xff\xfe b\nENV A=\xe9\nCMD ["\xff"]\nRUN \x00 \xc3\n')
    copy, _, _, run = dockerfile.instructions[1:]
    assert copy.words[0].span == Span(12, 14)
    assert run.span_of(2, 3).end == len(dockerfile.source.data) - 1
    assert not faults_of(dockerfile)


# Where BuildKit has changed since the version that the oracle has


def test_since_dockerfile_1_9_text_after_the_array_makes_a_shell_form() -> None:
    assert only('CMD ["a"] b').exec_form is None
    assert only('CMD ["a"] # b').words[0].text == '["a"] # b'


def test_since_dockerfile_1_9_flags_know_the_escape_directive() -> None:
    copy = read("# escape=`\nFROM a\nCOPY --from=c:\\d` e f g\n").instructions[1]
    assert (copy.flags[0].value, texts(copy.words)) == ("c:\\d e", ["f", "g"])


def test_since_dockerfile_1_8_check_is_a_directive() -> None:
    assert read("# check=error=true\n# escape=`\nFROM a\n").escape == "`"


def test_since_dockerfile_1_16_spaces_may_precede_the_name_of_a_heredoc() -> None:
    assert [doc.content for doc in read("RUN cat << E\n1\nE\n").instructions[0].heredocs] == ["1\n"]


def test_shift_in_arithmetic_is_not_a_heredoc() -> None:
    dockerfile = read("FROM a\nRUN echo $((1 << 3)) $((1<<3))\nUSER b\n")
    assert [i.name for i in dockerfile.instructions] == ["FROM", "RUN", "USER"]
    assert not faults_of(dockerfile)


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        "FROM a",
        "FROM a AS b-1.c_d",
        "ARG A\nARG B=1\nFROM a",
        "FROM a\nRUN",
        "FROM a\nCMD",
        "FROM a\nENTRYPOINT []",
        "FROM a\nRUN --mount=type=cache,target=/a --mount=type=bind,target=/b --network=none c",
        "FROM a\nCOPY --link --parents --exclude=a --exclude=b --chmod=755 c d",
        "FROM a\nCOPY --link=FALSE c d",
        "FROM a\nADD --checksum=sha256:a --keep-git-dir --unpack=true c d",
        "FROM a\nHEALTHCHECK --interval=1m30s --timeout=0 --start-period=.5h --retries=3 CMD c",
        "FROM a\nHEALTHCHECK --any NONE",
        "FROM a\nSTOPSIGNAL --any 9",
        "FROM a\nARG --any b",
        "FROM a\nONBUILD FOO",
        "FROM a\nONBUILD COPY a",
        "FROM a\nENV A=$B C=${D:-'e f'} F='$'",
        "FROM a\nRUN it's ${ \"",
        "FROM a\nCMD ['a']",
        "FROM a AS b\nWORKDIR ${\nFROM c",
        "FROM a\nARG B=${",
        "# syntax=docker.io/docker/dockerfile:1.7-labs\nFROM a",
        "FROM a\nWORKDIR " + "${a:-" * 5000 + "}" * 5000,
        "FROM a\nCOPY <<" + "${a:-" * 5000 + "}" * 5000 + " /b",
    ],
)
def test_what_docker_takes_has_no_fault(text: str) -> None:
    assert messages(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the Dockerfile has no instruction"),
        ("# only this\n", "the Dockerfile has no instruction"),
        ("ARG A\n", "the Dockerfile has no FROM"),
        ("RUN a\nFROM b\n", "RUN before the first FROM"),
        ("RUN a\n", "RUN before the first FROM"),
        ("FROM a\nCOPPY b c\n", 'unknown instruction "COPPY"'),
        ("FROM a\n&& b\n", 'unknown instruction "&&"'),
        ("FROM\n", "FROM takes an image, or an image AS a name"),
        ("FROM a AS\n", "FROM takes an image, or an image AS a name"),
        ("FROM a # b\n", "FROM takes an image, or an image AS a name"),
        ("FROM a AS 1b\n", 'FROM with "1b" as the name of a stage'),
        ('FROM "a\n', 'FROM ""a": no " closes the one that was opened'),
        ("FROM a\nCOPY b\n", "COPY needs a source and a destination"),
        ("FROM a\nADD\n", "ADD needs a source and a destination"),
        ("FROM a\nCOPY b <<E\nE\n", "COPY to a heredoc"),
        ("FROM a\nWORKDIR\n", "WORKDIR without an argument"),
        ("FROM a\nVOLUME []\n", "VOLUME without an argument"),
        ('FROM a\nVOLUME [" "]\n', "VOLUME with an empty path"),
        ("FROM a\nENV\n", "ENV without an argument"),
        ("FROM a\nENV B\n", "ENV needs a name and a value"),
        ("FROM a\nENV B=c d\n", 'ENV "d" has no ='),
        ("FROM a\nLABEL =b\n", "LABEL with an empty name"),
        ("FROM a\nSHELL bash -c\n", 'SHELL takes a JSON array, like ["/bin/bash", "-c"]'),
        ("FROM a\nONBUILD\n", "ONBUILD without an argument"),
        ("FROM a\nONBUILD FROM b\n", "ONBUILD cannot hold FROM"),
        ("FROM a\nONBUILD ENV b\n", "ENV needs a name and a value"),
        ("FROM a\nHEALTHCHECK curl b\n", "HEALTHCHECK takes CMD or NONE"),
        ("FROM a\nHEALTHCHECK CMD\n", "HEALTHCHECK CMD needs a command, NONE takes none"),
        ("FROM a\nHEALTHCHECK NONE b\n", "HEALTHCHECK CMD needs a command, NONE takes none"),
        ('FROM a\nCMD ["b", 1]\n', "CMD with a JSON array that holds other than strings"),
        ("FROM a\nRUN <<E\nb\n", 'heredoc "E" is not terminated'),
        ("# escape=x\nFROM a\n", 'escape character "x"'),
        ("# escape=`\n# escape=`\nFROM a\n", "a second escape directive"),
        ("FROM a\nCOPY --form=b c d\n", 'COPY has no flag "--form"'),
        ("FROM a\nCMD --help\n", 'CMD has no flag "--help"'),
        ("FROM a\nCOPY --from c d\n", "COPY --from has no value"),
        ("FROM a\nCOPY --from=b --from=b c d\n", "COPY --from is given twice"),
        ("FROM a\nCOPY --link=yes c d\n", 'COPY --link is "yes", expected true or false'),
        ("FROM a\nRUN --network=all b\n", 'RUN --network is "all", expected default, none or host'),
        (
            "FROM a\nHEALTHCHECK --interval=30 CMD b\n",
            'HEALTHCHECK --interval is "30", expected a duration like 30s',
        ),
        (
            "FROM a\nHEALTHCHECK --retries=-1 CMD b\n",
            'HEALTHCHECK --retries is "-1", expected a number',
        ),
        ("FROM a\nENV B='c\n", "ENV \"'c\": no ' closes the one that was opened"),
        ("FROM a\nWORKDIR ${b\n", 'WORKDIR "${b": no "}" ends a substitution'),
        ("FROM a\nUSER ${}\n", 'USER "${}": bad substitution'),
        ("FROM a\nCOPY --chown=${} c d\n", "COPY --chown=${}: bad substitution"),
        ("FROM --platform=${b a\n", 'FROM --platform=${b: no "}" ends a substitution'),
        ("FROM a\nCOPY --from=$B c d\n", "COPY --from=$B: no variable or quote is read there"),
        (
            "FROM a\nCOPY --from=${B:-b} c d\n",
            "COPY --from=${B:-b}: no variable or quote is read there",
        ),
        (
            "FROM a\nRUN " + "b" * 65532 + "\n",
            "line of 65536 bytes, BuildKit reads at most 65535",
        ),
    ],
)
def test_what_docker_refuses_is_reported_once(text: str, message: str) -> None:
    assert messages(text) == [message]


def test_the_span_of_a_fault_is_what_is_wrong() -> None:
    dockerfile = read("FROM a\nCOPY \\\n  --form=b c d\nENV E=f g\nRUNN h\n")
    assert [under(dockerfile, fault.span) for fault in faults_of(dockerfile)] == [
        "--form=b",
        "g",
        "RUNN",
    ]
    assert faults_of(dockerfile)[0].help == 'did you mean "--from"?'


CONFLICT = "<<<<<<< HEAD\nENV A=b\n=======\nENV A=c\n>>>>>>> feature\n"


CONFLICTS = [
    (f"FROM a\n{CONFLICT}RUN [ab\nFOO\n", ["merge conflict in lines 2 to 6"]),
    (2 * CONFLICT, ["merge conflict in lines 1 to 5", "merge conflict in lines 6 to 10"]),
    (f"FROM a\n{CONFLICT}".replace("\n", "\r\n"), ["merge conflict in lines 2 to 6"]),
    (f"FROM a\nRUN b \\\n{CONFLICT}", ["merge conflict in lines 3 to 7"]),
    ("FROM a\nENV A=b\n>>>>>>> 12ab\n", ["merge conflict in line 3"]),
    # what it is not
    ("FROM a\nRUN cat <<E\n<<<<<<< x\n=======\n>>>>>>> y\nE\n", []),
    ("FROM a\n# <<<<<<< x\n", []),
    ("FROM a\nRUN echo \\\n  >>>>>>> x\n", []),
    ("FROM a\n=======\n", ['unknown instruction "======="']),
]  # fmt: skip


@pytest.mark.parametrize(("text", "faults"), CONFLICTS)
def test_merge_conflict_is_the_only_fault(text: str, faults: list[str]) -> None:
    assert messages(text) == faults


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("FROMpython:3", "put a space after FROM"),
        ("RUNapt-get update", "put a space after RUN"),
        ("COPY--from=b c d", "put a space after COPY"),
        ("WORKDIR/flywheel/v0", "put a space after WORKDIR"),
        ("RUN$X", "put a space after RUN"),
        ('ENTRYPOINT["a"]', "put a space after ENTRYPOINT"),
        ('cmd["a"]', "put a space after CMD"),
        ('CMD: ["a"]', 'put a space after CMD instead of ":"'),
        ('ENTRYPOINT=["a"]', 'put a space after ENTRYPOINT instead of "="'),
        ("COPPY a b", 'did you mean "COPY"?'),
        ("copyb c", 'did you mean "COPY"?'),
        ("=======", "remove what is left of a merge conflict"),
        ("&& b", 'if it continues the line above, end that with "\\"'),
        ("SHELL bash -c", 'write SHELL ["bash", "-c"]'),
        ("SHELL ['/bin/bash', '-c']", 'write SHELL ["/bin/bash", "-c"]'),
        ('SHELL ["/bin/bash", "-c"', 'write SHELL ["/bin/bash", "-c"]'),
        ('SHELL "/bin/bash", "-c"', 'write SHELL ["/bin/bash", "-c"]'),
        ("SHELL [bash, a b", 'write SHELL ["bash", "a", "b"]'),
        ("SHELL $SHELL", ""),
        ("FROM b slim", "write FROM b:slim"),
        ("FROM b:1 slim", "write FROM b:1 AS slim"),
        ("FROM b: 1-slim", "write FROM b:1-slim"),
        ("FROM b AS", ""),
        ("ARG A = b", "write ARG A=b"),
        ("ARG A = b c", ""),
        ("ENV A= b", "write A=b"),
        ("ENV A=b c", "put a value with spaces in double quotes"),
        ("ENV A=b # c", "put the comment on a line of its own"),
    ],
)
def test_help_has_the_author_s_own_words(line: str, help: str) -> None:
    (fault,) = faults_of(read(f"FROM a\n{line}\n"))
    assert fault.help == help


def test_name_is_shown_as_it_is_written() -> None:
    assert messages("FROM a\nRunn b\n") == ['unknown instruction "Runn"']


def test_lines_of_another_text_are_one_fault() -> None:
    assert messages("FROM a\nimport os\nprint(1)\nRUN b\nx = 1\n") == [
        'unknown instruction "import"',
        'unknown instruction "x"',
    ]
    assert messages("FROM a\nCOPPY b c\nRUNN d\n") == [
        'unknown instruction "COPPY"',
        'unknown instruction "RUNN"',
    ]


@pytest.mark.parametrize("line", ["FROMpython:3", "FORM python:3", "from:python"])
def test_from_that_is_misspelt_is_the_only_fault(line: str) -> None:
    assert len(messages(f"{line}\nRUN b\n")) == len(messages(f"{line}\n")) == 1


def test_no_fault_where_another_frontend_reads_the_file() -> None:
    assert messages("# syntax=example.com/my/frontend:1\nFROM a\nINCLUDE b\n") == []


def test_no_fault_in_a_file_that_was_not_read() -> None:
    assert faults_of(Dockerfile(Source("Dockerfile", None, limits.FILE_BYTES + 1))) == []


def test_faults_end_somewhere() -> None:
    assert len(faults_of(read("FROM a\n" + "RUNN\n" * 1000))) == limits.DOCKERFILE_FAULTS


# Variables

VARIABLES: dict[str, str | Unknown] = {
    "A": "a",
    "EMPTY": "",
    "PATH": "/x/y.tar.gz",
    "SPACE": "b  c",
    "DUNNO": UNKNOWN,
}
lookup: Lookup = VARIABLES.get


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("plain/word", "plain/word"),
        ("$A-${A}", "a-a"),
        ("$AB$NONE.", "."),
        ("${NONE:-d}${EMPTY:-d}${A:-d}", "dda"),
        ("${NONE-d}${EMPTY-d}${A-d}", "da"),
        ("${NONE:+d}${EMPTY:+d}${A:+d}", "d"),
        ("${NONE+d}${EMPTY+d}${A+d}", "dd"),
        ("${A:?no}${A?no}${EMPTY?no}", "aa"),
        ("${NONE:-${A:+b$A}}", "ba"),
        ("${NONE:-'}'}", "}"),
        (r"\$A \\$A \"", '$A \\a "'),
        ("'$A'\"$A\"", "$Aa"),
        (r'"\a\"\$A"', r"\a" + '"$A'),
        ("$SPACE", "b  c"),
        ("$", "$"),
        ("$.$/", "$.$/"),
        ("$1x", "x"),
        ("${PATH#*/}", "x/y.tar.gz"),
        ("${PATH##*/}", "y.tar.gz"),
        ("${PATH%.*}", "/x/y.tar"),
        ("${PATH%%.*}", "/x/y"),
        ("${PATH#nothing}", "/x/y.tar.gz"),
        (r"${PATH/\//-}", "-x/y.tar.gz"),
        (r"${PATH//\//-}", "-x-y.tar.gz"),
        ("${A//*/b}", "b"),
        ("${A//?/bc}", "bc"),
        ("<<$A <", "<<a <"),
        ("é$A한", "éa한"),
    ],
)
def test_variables_are_substituted(word: str, expected: str) -> None:
    # The name of a variable ends where its letters do: `$A한` would be one name.
    assert expand(word.replace("$A한", "${A}한"), lookup) == expected


@pytest.mark.parametrize(
    "word",
    [
        "$DUNNO",
        "a${DUNNO}b",
        '"$DUNNO"',
        "${DUNNO:-d}",
        "${DUNNO:+d}",
        "${DUNNO?}",
        "${NONE:-$DUNNO}",
        "${DUNNO#a}",
        "${A#$DUNNO}",
        "${DUNNO/a/b}",
        "${A/a/$DUNNO}",
    ],
)
def test_what_depends_on_the_unknown_is_unknown(word: str) -> None:
    assert expand(word, lookup) is None


@pytest.mark.parametrize("word", ["${A:-$DUNNO}", "${NONE:+$DUNNO}", r"\$DUNNO", "'$DUNNO'"])
def test_what_does_not_matter_may_be_unknown(word: str) -> None:
    assert expand(word, lookup) is not None


@pytest.mark.parametrize(
    "word",
    ["${A", "${}", "${:-a}", "${A:=b}", "${A^}", "${A:#b}", "'a", '"a', "${NONE?}", "${EMPTY:?}",
     r"${A#\b}", "${A/b}", "${A:-"],
)  # fmt: skip
def test_what_docker_cannot_substitute_has_no_value(word: str) -> None:
    assert expand(word, lookup) is None


def test_other_escape_character() -> None:
    assert expand("c:\\a`$A$A", lookup, "`") == "c:\\a$Aa"


def test_quotes_stay_in_here_documents() -> None:
    assert expand("'$A' \"${A}\" it's", lookup, quotes=False) == "'a' \"a\" it's"


def test_hostile_pattern_is_unknown_and_quick() -> None:
    with in_time(0.5):
        assert expand("${X##" + "*a" * 20 + "*b}", lambda name: "a" * 1000) is None


def test_instructions_that_docker_substitutes_in() -> None:
    assert set(INSTRUCTIONS) - SUBSTITUTED == {
        "CMD",
        "ENTRYPOINT",
        "HEALTHCHECK",
        "MAINTAINER",
        "RUN",
        "SHELL",
    }


# Size


@pytest.mark.parametrize(
    "body",
    [
        b'RUN a && b \\\n  c\nCOPY d e/\nENV A=1 B="2 3"\n# f\n' * 4000,
        b"RUN a" + b" && echo something \\\n" * 50_000,
        b"RUN " + b"echo x; " * 130_000,
        b"RUN a" + b" " * 1_000_000 + b"b",
        "RUN é".encode() + "é日 ".encode() * 170_000,
        b"RUN " + b"<<E " * 60_000,
        b"".join(b"RUN echo $((1 << %d))\n" % i for i in range(10_000)),
        b"ENV A=" + b"\"a b\"'c'\\ " * 100_000,
        b'ENV A="' + b"\\a" * 500_000,
        b"CMD [" + b'"a\\n", ' * 140_000,
        b"CMD " + b"[" * 1_000_000,
        b"ONBUILD " * 125_000,
        b"\\\n" * 300_000,
        b"# escape=" + b" " * 1_000_000,
        b"\x00" * 1_000_000,
    ],
    ids=range(15),
)
def test_size_costs_no_more_than_its_share(body: bytes) -> None:
    with in_time(2):
        dockerfile = read(b"FROM a\n" + body)
        assert faults_of(dockerfile) is not None
        for instruction in dockerfile.instructions[:100]:
            instruction.span_of(0, len(instruction.value))
