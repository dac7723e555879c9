"""GL422, GL424: words of a shell script that are something else than they look like."""

from collections.abc import Iterator

from gearlint.core.finding import Edit, Fix, Problem, Severity
from gearlint.core.lazy import regex
from gearlint.gear.gear import Gear
from gearlint.rules.registry import rule
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.command_line import run_before_end

_MAY_BE_GLOB = regex(r"\"[^\"\n/]*+/[^\"\n*]*+\*")
_MAY_LACK_DOLLAR = regex(
    r"\b(?:exit|return)[ \t]++[A-Za-z_]|(?:\[|\btest)(?=[ \t])[^\[\]\n]{0,100}?"
    r"(?:-[defnrswxz][ \t]++[\"']?+[A-Z_a-z]"
    r"|[ \t][\"']?+[A-Za-z_]\w*+[\"']?+[ \t]++[!=]?=)"
)
"""A word without `$` that `exit` or a test may have for a variable."""
_MAY_BE_TRANSLATED = regex(r"\$\"[A-Za-z_]\w*+\"")


@rule("GL422", "misplaced-quotes", Severity.WARNING, fix="safe")
def misplaced_quotes(gear: Gear) -> Iterator[Problem]:
    """A shell script has quotes that make another thing of a word than it looks like.

    The shell does not expand a `*` in quotes: `rm -rf "$work/*"` removes a file that is called `*`,
    finds none, and says nothing. So it is with other programs that take names of files as they are,
    as `cp`, `ls` and `tar -c`, and with a loop, unless its variable is expanded without quotes,
    where the `*` works. `$"name"` is a text that bash translates, and not the variable; it is
    reported, and fixed, where the script sets one of that name. Source: the bash manual, "Double
    Quotes" and "Locale-Specific Translation"; seen in public gears.

    Bad run.sh:

        #!/bin/bash
        work=/tmp/work
        mkdir $"work"
        python --version
        rm -rf "$work/*"

    Good run.sh:

        #!/bin/bash
        work=/tmp/work
        mkdir "$work"
        python --version
        rm -rf "$work/"*
    """
    for script in gear.code.shell_scripts if gear.code is not None else []:
        text, source = script.text, script.source
        if _MAY_BE_GLOB.search(text) is not None:
            from gearlint.gear.shell_quotes import quoted_globs

            for each in quoted_globs(text, list(run_before_end(text))):
                span = source.span_of_text(*each.span)
                yield Problem(source, span, each.message, f"write {each.meant}")
        # GL324 says so of sh
        if _MAY_BE_TRANSLATED.search(text) is not None and script.interpreter != "sh":
            from gearlint.gear.shell_quotes import translated_names

            for each in translated_names(text, list(run_before_end(text))):
                span = source.span_of_text(*each.span)
                fix = Fix(source, (Edit(*span, each.meant.encode()),), is_safe=True)
                yield Problem(source, span, each.message, f"write {each.meant}", fix=fix)


@rule("GL424", "missing-dollar", Severity.WARNING)
def missing_dollar(gear: Gear) -> Iterator[Problem]:
    """A shell script has the name of a variable where its value is meant.

    Without a `$` it is a text: `exit STATUS` needs a number, and fails each time; `[ -n MASK ]` is
    always true, `[ MODE = fast ]` never. Reported of variables that the script sets, in `exit`,
    `return` and tests; of files only where the name is in capitals and has a `_`, as in
    `[ -f WORK_DIR/mask.nii ]`. Source: the bash manual, "Bourne Shell Builtins"; seen in public
    gears.

    Bad run.sh:

        #!/bin/bash
        python --version
        STATUS=$?
        exit STATUS

    Good run.sh:

        #!/bin/bash
        python --version
        STATUS=$?
        exit $STATUS
    """
    for script in gear.code.shell_scripts if gear.code is not None else []:
        if _MAY_LACK_DOLLAR.search(script.text) is not None:
            from gearlint.gear.shell_dollars import missing_dollars

            for each in missing_dollars(command_line.parse(script.text).commands):
                span = script.source.span_of_text(*each.span)
                advice = f"write ${each.name} for {each.name}"
                yield Problem(script.source, span, each.message, advice)
