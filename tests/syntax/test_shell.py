"""How shell command lines are parsed, compared with real shells."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gearlint.core import limits
from gearlint.core.unknown import UNKNOWN, Unknown
from gearlint.syntax.shell import command_line
from gearlint.syntax.shell.command_line import (
    is_plain,
    parse,
    syntax_error,
    words_of,
)
from gearlint.syntax.shell.expansion import Field, expand, value
from gearlint.syntax.shell.model import Command, Kind, Reach, Word
from gearlint.syntax.substitution import Lookup
from tests.machine import in_time

BASH = shutil.which("bash")
SHELLS = [shell for shell in (shutil.which("dash"), BASH) if shell]
needs_bash = pytest.mark.skipif(BASH is None, reason="bash is not installed")


def examples(number: int) -> settings:
    return settings(
        max_examples=number, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )


def cases(table: str) -> list[str]:
    """The cases of a table: three spaces separate them, and `\\n` is a newline."""
    found = [case for row in table.split("\n") for case in row.split("   ") if case]
    return [case.replace("\\n", "\n").replace("\\r", "\r") for case in found]


ACCEPTED = ["", " ", "\n", "# only a comment", "a\n\n", "a ;", "a\\", *cases(r"""
a   a b c   a;   a &   a & b   a && b   a || b; c   a &&\n\n b   a ||\n# why\n b   a;\nb
a \\n&& b   a &\\n& b   a #'   a#b   echo if   a # )('   café --naïve ☃   a\r   a \r\nb\r
!   ! ;   ! a   ! ! a   ! time a   time   time a   time -p a   time ! a   a | time b
a | b   a |& b   a |\n b   a > f   > f   a > f b   2>&1   a 2> b   a {x}> b   a &> b   a &>> b
a <<< b   a >| b   a <> b   a >& f   a >&-   a > f 2>&1 < g   a <(b) c   a > >(b)   a 2<(b)
a<(b)   cat <<E\nx\nE   cat <<E && b\nx $y\nE\nc   cat <<E\nx   cat <<'E F'\nx '\nE F\nb   a <<E
cat <<-E\n  x\nE\nb   cat <<A <<B\na\nA\nb\nB   $(cat <<E\nx\nE\n)
( a )   (a;b)   ( (a) )   ((a); b)   { a; }   { a; } > f   { { a; } }   { ( a ) }   {a   echo {
echo }   a{b,c}   if a; then b; fi   if a\nthen\nb\nelif c; then d\nelse e; fi
if ( a ) then b; fi   if [[ a ]] then b; fi   if (( 1 )) then b; fi   if { a; } then b; fi
while a; do b; done   until a; do b; done < f   for i in a b; do c; done   for i; do c; done
for i do b; done   for i\n in a; do b; done   for i in; do a; done   for if in b; do c; done
for ((;;)) { a; }   for ((;;)); do a; done   for i in a; { b; }   select i in a; do b; done
case x in a) b;; esac   case x in esac   case x in (a) b;; c|d) ;; esac   case x in a) esac
case x in\n\n a) b\n;; \n esac   case x\nin a) b;& *) c;;& esac   case x in "a b"|'c') d; esac
f() { a; }   f () { a; }; f   f() ( a )   f() [[ a ]]   f()\n\n{ a; }   function f { a; }
function f() { a; } > x   function f ( a )   f() if a; then b; fi   "a"() { b; }   f() ((1))
a=1   a=1 b   a=$(b) c   a=(1 2) b   a=(1\n2 # two\n)   a+=(1) b   a[0]=b   a= b   a=1 if b   >x if
declare a=(1)   export -x a=(1)   local a=(1)   readonly a=(1) b=(2)   let a=(1)   eval a=(1)
[[ a ]]   [[ a && b || ! c ]]   [[ -f x || ( a && b ) ]]   [[ x =~ ^(a|b)$ ]] && c   [[ x < y ]]
[[ -n x]]\n]]   [[ -d x]]\n&& b ]]   [[ x == *[]] ]]   [[ x == a]] ]]   [[ -d "x]]"\n|| -d y ]]
[[ x == @(a|b) ]]   [[ a ]] || (b)   [ -f x ]   [ a = b -a c ]   echo [   [   ((1 + (2)))
echo $((1 + (2)))   echo $(( $(a) - 1 ))   $((a); b)   $((a) b)   x $((a); fi)   $( )
$(a; b)   "$(a "$(b)")"   $(case x in a) b;; esac)   `if`   "`if`"   `a`b
`a \`b\``   ${a b}   ${a:-b}   ${a:-$(b)}
"${a:-"b"}"   "${a#'}'}"   ${a#'}'}   ${#a}   ${a[0]}   $'it\'s'   $"a"   echo $   echo "$"
echo \'   'a\nb'   "a\"b"   a $[1+1]   coproc a   set -e; a   exec a   python -c 'import x; (x)'
i\\nf a; then b; fi   'if' a   \if a
""")]  # fmt: skip

NOT_REPORTED = cases(r"""
a | ! b   a=(1;2)   a=1 f() { b; }   $((1)   [[ a ]] b
! && a   ! )   ( ! )   time | a   a $[1   "${a:-'}"   [[ -y a ]]; fi   [[ -f ]]   [[ a == ]]
[[ (a) ]]; fi   [[ -f == b ]]
[[ a =~ (b|c) ]]; fi   [[ a & b ]]; fi   [[ a ]] b; fi   [[ a -zz b ]]
[[ a\nb ]]   [[ a & b c ]]   [[ (a b) ]]   [[ a &\n& b c ]]   [[ < a b ]]   a > 12>b
""")
REFUSED = ["a > ", "a |& ", *cases(r"""
echo '   echo "   echo `   $'a   $"a   a#'   a $(   a $(b   "$(a"   ${a   "${a"   ${a:-'}   $((1
((1   ((1)   (   )   ()   ( )   a )   (a   (a))   a (b)   (a) b   (a) (b)   {   }   { }
{ a }   { a; } b   { a;}b   { ; }   { a; } > f }   &&   && a   a &&   a && && b   a &&& b   a ||
|| a   a || | b   a |   | a   a | | b   ;   ; a   a; ; b   a;;   a;; b   a & ; b   a ; & b   &
a & & b   a\n&& b   \n;   a >   a > \n b   a > > b   a > ;   a <
a <<<   a <<\nE   a >>(b)   a <(b   a 2>   if   if a   if a; then   if a; then b   if a; then fi
if ; then a; fi   if a then b fi   if a; then b; fi; fi   if a; then b; done
if a; then b; else fi   if a; then b; else c; elif d; then e; fi   fi   then   else   elif a   do
done   esac   in a   ]] a   a; then   a; fi   a; done   while a; do done   while a   while a; do b
while a; b; done   for   for i in a b   for i in a do b done   for i in a; b; done
for i in a & do b; done   for i in a; do done   case x in   case x   case x in a b) c;; esac
case x in a) b;; esac c   case x in a) b esac   case x in a) b;;   case x in a c   f() a   f(   f()
f(a) { a; }   function   function f   function f a   f() { a; } b   () { a; }   if() { a; }
a=(1 2   echo a=(1)   command declare a=(1)   a= (b)   a=1 (b)   echo !(a)   ls *.@(a|b)   $(if)
[[   [[ a   if a; then if [[ b ]; then c; fi; fi
"$(if)"   $(a;;)   a $(b))   source x && (python run.py   cd x &&   a &&;
python run.py; exit $?)   'if' a; then   if a; then\r\nb\r\nfi\r   { a\r\n}\r   a <<E\nx\nE\n)
echo $(( a" ))   case x in @(a|b)) c;; esac   a "b   it's   a (   ((a) b)
x $( (a) b)   echo a; )   for i in `a; do b; done   [[ a ]]; fi   if [[ -f a ]]; then b
[[ ! -z $a && $b == c* || d -eq 1 ]]; fi   [[ $a < "b" ]] && (   [[ a =~ b ]]\n)   [[ a ]] | fi
if [[ $? ~= 0 ]]; then a; fi   [[ a b ]]; fi   [[ a c b ]]; fi   [[ a === b ]]   [[ ! a =! b ]]
[[ $a => b ]]   [[ $a >= 1 ]]   [[ $a <= 1 ]] && b   [[ -f a b ]]   [[ a == b == c ]]   [[ a -o b ]]
[[ -f $i]] || a "b $i"\n[[ -n a ]]   [[ -d x]]\n[[ -d y ]]   [[ $a == b]]; then x\n[[ b ]]
[[ -z $a -o -z $b ]]   [[ a && b c ]]   [[ a || ! -d b -a c ]]   [[ "a" '=' b ]]   a=$([[ a b ]])
rm -rf $f > 2>/dev/null   a 2> 1>b   a > 2>&1   a < 3<b   a >> 2>b   { a; } > 2>b   a >| 2>b
""")]  # fmt: skip


def bash_accepts(line: str, *options: str) -> bool:
    assert BASH
    result = subprocess.run([BASH, *options, "-n", "-c", line], capture_output=True)
    errors = [line for line in result.stderr.split(b"\n") if line and b": warning: " not in line]
    return result.returncode == 0 and not errors  # a bad [[ ... ]] leaves 0


def literals(text: str) -> list[list[str | None]]:
    """The words of each command."""
    line = parse(text)
    assert line.known
    return [[word.literal for word in command.words] for command in line.commands]


def only(text: str) -> Command:
    (command,) = parse(text).commands
    return command


def word(text: str) -> Word:
    """The word `text`, as an argument."""
    return parse("x " + text).commands[-1].words[1]


def reaches(text: str, errexit: bool = False) -> list[str]:
    """`name:reach` of each command, with `!` where it must succeed."""
    marks = {Reach.ALWAYS: "always", Reach.IF_SUCCEEDED: "if", Reach.MAYBE: "maybe"}
    return [
        f"{c.name}:{marks[c.reach]}{'!' if c.must_succeed else ''}"
        for c in parse(text, errexit).commands
    ]


def variables(known: Mapping[str, str | Unknown]) -> Lookup:
    return known.get


# --- is it valid?


@needs_bash
def test_no_error_is_reported_of_what_bash_accepts() -> None:
    assert not [line for line in ACCEPTED if not bash_accepts(line)]
    assert not [line for line in ACCEPTED if syntax_error(line)]


@needs_bash
def test_what_bash_refuses_is_reported() -> None:
    assert not [line for line in REFUSED + NOT_REPORTED if bash_accepts(line)]
    assert not [line for line in REFUSED if not syntax_error(line)]


def test_what_is_refused_only_by_some_versions_is_not_reported() -> None:
    assert not [line for line in NOT_REPORTED if syntax_error(line)]


TOKENS = """
a b if then else elif fi for in do done while case esac { } ( ) ; & && || | ;; ! [[ ]] (( )) f()
function time > >> < << <<< 2>&1 >& &> a=1 a=( $( ${ $(( )) ` ' " \\ # $a ${a} ${a:-b} 'x' "y" $'z'
* {a,b} ~ = $ x) |& ;& >( <( [ ] until select -n
"""
BLANKS = ["\n", " ", "  ", "\\\n", "; ", " && ", "\t", "\r\n"]
PHRASES = ["if a; then ", "; fi", "{ a; }", "( a )", "case x in a) ", ";; esac", "do b; done"]
FRAGMENTS = st.sampled_from([*TOKENS.split(), *BLANKS, *PHRASES])
LINES = st.lists(FRAGMENTS, max_size=12).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])
)


PATTERNS = """
!(a|b) @(x) +([0-9]) ?(a) *(c) a!(b)c !( @(a ?() 'q'!(r) x=+(b) $a@(x) case x in esac [[ == ]]
\\!(a) $!(b) !(a;b) @(a)@(b) f!() { } `a !(b)` $(a @(b)) ! @ ? + ( ) | ; a b
"""


@needs_bash
@examples(200)
@given(st.lists(st.sampled_from([*PATTERNS.split(), " ", "\n"]), max_size=8).map("".join))
def test_no_error_is_reported_of_any_pattern_that_bash_accepts(text: str) -> None:
    if syntax_error(f"shopt -s extglob\n{text}"):
        assert not bash_accepts(f"\n{text}", "-O", "extglob")


TESTED = r"""
a b $a "$b" '_' "[" -f -z -n -y -a -o -eq -lt = == != =~ ~= === < > => && || & | ! !! ( )
[a-c] * x* ?(a) \n {a,b} @(a|b) ^(a|b)$ $(c) ]] -- '=' "-f" \= in # ~ $
"""
CONDITIONS = st.lists(st.sampled_from(TESTED.split()), max_size=7).map(" ".join)


@needs_bash
@examples(300)
@given(CONDITIONS, st.sampled_from(["[[ {} ]]", "if [[ {} ]]; then a; fi", "[[ a ]] && [[ {} ]]"]))
def test_no_error_is_reported_of_any_condition_that_bash_accepts(text: str, form: str) -> None:
    line = form.format(text.replace(r"\n", "\n"))
    if syntax_error(line):
        assert not bash_accepts(line)


@needs_bash
@examples(200)
@given(LINES)
@example("a <<'\n'")
def test_no_error_is_reported_of_any_line_that_bash_accepts(line: str) -> None:
    if syntax_error(line):
        assert not bash_accepts(line)


def test_a_syntax_error_says_where_and_what() -> None:
    def reported(text: str) -> tuple[str, str]:
        fault = syntax_error(text)
        assert fault
        return text[fault.span.start : fault.span.end], fault.message

    assert reported("a && ; b") == (";", 'unexpected ";"')
    assert reported("python run.py)") == (")", 'unexpected ")"')
    assert reported("echo 'it") == ("'", "the quote ' is not closed")
    assert reported("echo é (x; y") == ("(", 'unexpected "("')
    assert reported("(x; y") == ("(", '"(" without its ")"')
    assert reported("if a; then b") == ("if", '"if" without its "fi"')
    assert reported("for i in a; b; done") == ("b", 'unexpected "b"')
    assert reported("a &&") == ("", "it ends where a command should go on")
    assert reported("x=/a/<b> # c\n") == (">", '">" without a file behind it')
    assert reported("a 2>>\nb") == ("2>>", '"2>>" without a file behind it')
    assert reported("cat <<") == ("<<", '"<<" without a word behind it')
    assert reported("a >&") == (">&", '">&" without a word behind it')
    assert reported("a > ;") == (";", 'unexpected ";"')
    assert reported("x $(a") == ("$(", '"$(" without its ")"')


# --- the words


def test_quotes_and_continuations_are_not_part_of_a_word() -> None:
    text = """python 'a b' "c d"e f\\ g "h\\"\\$\\i" '' --x="y z" \\\n  j\\\nk #l"""
    assert literals(text) == [["python", "a b", "c de", "f g", 'h"$\\i', "", "--x=y z", "jk"]]


def test_spans_are_in_characters() -> None:
    text = "é '☃ x' && 𝒳 \"é\""
    words = [word for command in parse(text).commands for word in command.words]
    assert [text[w.span.start : w.span.end] for w in words] == ["é", "'☃ x'", "𝒳", '"é"']
    assert [text[c.span.start : c.span.end] for c in parse(text).commands] == ["é '☃ x'", '𝒳 "é"']


def test_spans_inside_of_backticks_are_those_of_the_whole_text() -> None:
    text = "x `ls /a`"
    inner = parse(text).commands[0]
    assert [text[w.span.start : w.span.end] for w in inner.words] == ["ls", "/a"]


def test_a_backslash_in_backticks_moves_no_span() -> None:
    text = r'x `ls \$A "\\\\n" \. é \`ls \\\$b\` >\\\f` "`ls \"a b\"`"'
    ends = text.index('` "') + 1
    found = [[text[w.span.start : w.span.end] for w in c.words] for c in parse(text).commands]
    assert found == [
        ["ls", r"\\\$b"],
        ["ls", r"\$A", r'"\\\\n"', r"\.", "é", text[text.index(r"\`") : text.index(" >")]],
        ["ls", r"\"a b\""],
        ["x", text[2:ends], text[ends + 1 :]],
    ]
    assert [text[c.span.start : c.span.end] for c in parse(text).commands] == [
        r"ls \\\$b", text[3 : text.index("` \"")], r'ls \"a b\"', text,
    ]  # fmt: skip
    (target,) = [each.target for c in parse(text).commands for each in c.redirections]
    assert (target.literal, text[slice(*target.span)]) == (r"\f", r"\\\f")


IN_BACKTICKS = st.sampled_from(
    ["a", "b c", ".", "\\", "\\\\", "'", '"', '\\"', "\\'", "\\.", "\\n", "\\$", "$", "*", " ",
     "'*/\\.*'", "s/\\\\\\./p/g", "'\\''", "'\\$A'", '"\\$A"', '\\"q  r\\"', "\\\n", "A"]
)  # fmt: skip


@pytest.mark.skipif(not SHELLS, reason="no shell is installed")
@examples(150)
@given(st.lists(IN_BACKTICKS, max_size=6).map("".join), st.sampled_from(["v=`{}`", 'v="`{}`"']))
def test_words_in_backticks_are_those_that_real_shells_make(text: str, form: str) -> None:
    line = form.format(f"printf '<%s>' start {text}")
    commands = parse(line).commands
    words = [word.literal for word in commands[0].words[2:]] if commands else [None]
    if None not in words:
        for shell in SHELLS:
            printed = subprocess.check_output([shell, "-c", f'{line}; printf %s "$v"'], text=True)
            assert printed == "".join(f"<{word}>" for word in words), shell


@needs_bash
@pytest.mark.parametrize(
    "line",
    [
        "a=`find $IN -not -path '*/\\.*' | head -1`",
        'a="`jq -r \\".x\\" c.json`"',
        "a=`echo $b | sed s/\\\\\\./p/g`",
        "a=`basename \\`pwd\\``",
        'a=` echo ${b////"\\/"} `',
    ],
)
def test_a_backslash_in_backticks_hides_no_error(line: str) -> None:
    assert parse(line).known
    assert bash_accepts(line)
    assert syntax_error(f"{line}\nif c; then d")


@pytest.mark.parametrize(
    "line",
    [
        '"${a:-`echo \\"b  c\\"`}"',  # dash takes the quotes away
        "`echo 'a\\\nb'`",  # dash takes the line continuation away
        "`echo \\$(b`",
        "`a=1; b=$\\\\\n{a}`",
    ],
)
def test_backticks_that_shells_may_not_agree_on_are_unknown(line: str) -> None:
    assert not parse(line).known
    assert parse('`echo \\\nb` \'\' "`echo \\"b\\"`"').known


def test_a_word_with_an_expansion_has_no_literal() -> None:
    for text in ("$a", '"$a"', "*", "a?", "[ab]", "~", "~/x", "$(b)", "`b`", "$((1))", "{a,b}",
                 "{1..3}", "$'a'", '$"a"', "$1", "${#a}", "<(a)", "x=~", "$_"):  # fmt: skip
        assert word(text).literal is None, text


def test_a_word_that_only_looks_like_an_expansion_is_literal() -> None:
    for text in ("a~b", "a.py~", "{}", "{a}", "[", "]", "[a", "a=b", "$", "a$", "{a", "a,b", "x:~",
                 "+x", "-", "!", "^", "%1", "a#b", "{x\\,y}", "1.0~1"):  # fmt: skip
        expected = text.replace("\\", "")
        assert word(text).literal == expected, text


def test_the_parts_of_a_word() -> None:
    assert [(p.kind, p.text, p.quoted) for p in word("""~/a"b$C"*'*'$(d)""").parts] == [
        (Kind.TILDE, "~", False),
        (Kind.LITERAL, "/a", False),
        (Kind.LITERAL, "b", True),
        (Kind.VARIABLE, "C", True),
        (Kind.GLOB, "*", False),
        (Kind.LITERAL, "*", True),
        (Kind.UNKNOWN, "$(d)", False),
    ]


@needs_bash
@pytest.mark.parametrize(
    "line",
    [
        "export a=($(jq .x $f))",
        'local a=("$@") b=1',
        "declare -A a=([b]=1 [c]=2 # why\n )",
        "readonly -a a=() b+=(1)",
        "typeset a=(1); c",
    ],
)
def test_an_array_may_be_declared(line: str) -> None:
    found = parse(line)
    assert found.known
    assert bash_accepts(line)
    assert [each.name for each in found.extensions] == ["an array"] * line.count("=(")
    command = next(each for each in found.commands if each.name == line.split()[0])
    arrays = [line[slice(*word.span)] for word in command.words if word.literal is None]
    assert arrays == re.findall(r"\w+\+?=\((?:\$\(.*?\)|.)*?\)", line, re.DOTALL)
    assert syntax_error(f"{line}\n)")


@needs_bash
@pytest.mark.parametrize(
    "line",
    ["a[0]=b", "a[$i]=$b", 'a[${#a[@]}]="b c"', "a[i+1]+=b", "a[${b}_x-1]=", "a[0]=1 b[1]=2 c"],
)
def test_an_element_of_an_array_may_be_set(line: str) -> None:
    found = parse(line)
    assert found.known
    assert bash_accepts(line)
    assignments = [each for command in found.commands for each in command.assignments]
    assert " ".join(line[slice(*each.span)] for each in assignments) == line.removesuffix(" c")
    assert [each.name for each in assignments] == (["a", "b"] if line.endswith(" c") else ["a"])
    assert [value(each.value, LOOKUP) for each in assignments] == [None] * len(assignments)
    assert len(found.extensions) >= len(assignments)
    assert syntax_error(f"{line}\n)")


@pytest.mark.parametrize(
    "line", ["a[0]=(b)", "a[1 + 2]=3", "a['b']=c", "a[$(b)]=c", "a[${b:-c}]=d", "ab[cd].txt"]
)
def test_what_may_be_no_element_is_unknown(line: str) -> None:
    assert (parse(line).known, syntax_error(f"{line}\n)")) == (False, None)


@pytest.mark.parametrize(
    "line",
    ["'export' a=(1)", "a=1 export b=(1)", "> f export a=(1)", "export $a=(1)", "eval 1=(a)"],
)
def test_what_may_be_no_array_is_unknown(line: str) -> None:
    assert (parse(line).known, syntax_error(line)) == (False, None)


def test_assignments_and_redirections_are_apart_from_the_words() -> None:
    command = only("A=1 2>&1 B='x y' > /out cmd C=2 <<< in")
    assert [(a.name, a.value.literal) for a in command.assignments] == [("A", "1"), ("B", "x y")]
    assert [w.literal for w in command.words] == ["cmd", "C=2"]
    assert [(r.descriptor, r.operator, r.target.literal) for r in command.redirections] == [
        ("2", ">&", "1"),
        ("", ">", "/out"),
        ("", "<<<", "in"),
    ]


def test_a_here_document_belongs_to_its_redirection() -> None:
    text = "cat <<A > f <<-'B'; b\none\nA\n\ttwo $x\n\tB\nc"
    first, second, third = parse(text).commands
    assert [each.document for each in first.redirections] == ["one\n", None, "two $x\n"]
    assert (second.name, third.name) == ("b", "c")


def test_commands_run_by_a_here_document_are_found() -> None:
    text = 'cat <<E; c\n\'a $(rm x) "`ls \\$b`" ${v:-$(d (}\nE\n'
    assert not parse(text).known
    text = text.replace("d (", "d)")
    found = parse(text + "e")
    assert [each.name for each in found.commands] == ["cat", "c", "rm", "ls", "d", "e"]
    assert [text[slice(*c.span)] for c in found.commands[2:-1]] == ["rm x", r"ls \$b", "d"]
    assert [c.reach for c in found.commands[2:-1]] == [Reach.MAYBE] * 3
    assert [found.outers[c.shell] for c in found.commands[2:-1]] == [0, 0, 0]
    assert 0 not in [c.shell for c in found.commands[2:-1]]
    assert found.commands[0].redirections[0].document is None
    assert syntax_error(text + "if a; then b")
    assert [each.name for each in parse("cat <<'E'\n$(rm x)\nE").commands] == ["cat"]


@pytest.mark.parametrize(
    "text",
    [
        "cat <<E\n$(a\nE\n",
        "cat <<E\n`a (`\nE\n",
        'cat <<E\n`echo \\"a\\"`\nE\n',
        "cat <<-E\n\t$(a)\n\tE\n",
        "cat <<E |\n$(a)\nE\nb",
        "cat <<E\n${a-'$(b)\nE\n",
        # bash takes the second E as the end, dash too
        "cat <<E\na \\\nE\nE\n",
        "cat <<E\n$(a) \\\nE\nE\n",
    ],
)
def test_a_here_document_that_is_not_certain_is_unknown(text: str) -> None:
    assert (parse(text).known, syntax_error(f"{text})")) == (False, None)


def test_a_here_document_may_have_line_continuations() -> None:
    assert parse("cat <<'E'\na \\\nE\n").known
    assert parse("cat <<E\na \\\nb\nE\n").known


def test_a_redirection_of_a_compound_command_is_a_command_without_words() -> None:
    assert [
        [w.literal for w in c.words] + [r.target.literal for r in c.redirections]
        for c in parse("{ a; b; } > f && c").commands
    ] == [["a"], ["b"], ["f"], ["c"]]


def test_commands_in_substitutions_are_found() -> None:
    assert literals("x=`a` y $(b | c) \"$(d)\" ${v:-$(e)}") == [
        ["a"], ["b"], ["c"], ["d"], ["e"], ["y", None, None, None],
    ]  # fmt: skip


# --- when commands run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ["a:always!"]),
        ("a; b", ["a:always", "b:always!"]),
        ("a\nb\n", ["a:always", "b:always!"]),
        ("a && b", ["a:always!", "b:if!"]),
        ("a && b; c", ["a:always", "b:if", "c:always!"]),
        ("a || b", ["a:always", "b:maybe"]),
        ("a || b && c", ["a:always", "b:maybe", "c:if!"]),
        ("a && b || c", ["a:always", "b:maybe", "c:maybe"]),
        ("! a && b", ["a:always", "b:if!"]),
        ("a | b && c", ["a:maybe", "b:always!", "c:if!"]),
        ("a | b; c", ["a:maybe", "b:always", "c:always!"]),
        ("a && b | c | d", ["a:always!", "b:maybe", "c:maybe", "d:if!"]),
        ("a || b | c", ["a:always", "b:maybe", "c:maybe"]),
        ("a | b || c", ["a:maybe", "b:always", "c:maybe"]),
        ("! a | b", ["a:maybe", "b:always"]),
        ("a | { b && c; d; }", ["a:maybe", "b:always", "c:if", "d:always!"]),
        ("a | { exit; b; }; c", ["a:maybe", "exit:always", "b:maybe", "c:always!"]),
        ("a | (b; c)", ["a:maybe", "b:always", "c:always!"]),
        ("a | while b; do c; done", ["a:maybe", "b:maybe", "c:maybe"]),
        ("a | b &", ["a:maybe", "b:maybe"]),
        ("a & b", ["a:maybe", "b:always!"]),
        ("(a; b) && c", ["a:always", "b:always!", "c:if!"]),
        ("(a && b); c", ["a:always", "b:if", "c:always!"]),
        ("(a; (b || c)) || d", ["a:always", "b:always", "c:maybe", "d:maybe"]),
        ("(exit; a); b", ["exit:always", "a:maybe", "b:always!"]),
        ("(set -e; a); b", ["set:maybe", "a:maybe", "b:always!"]),
        ("(a) &", ["a:maybe"]),
        ("! (a)", ["a:always"]),
        ("{ a; b; } && c", ["a:always", "b:always!", "c:if!"]),
        ("a && { b; c; }", ["a:always!", "b:if", "c:if!"]),
        ("{ a || b; } && c", ["a:always", "b:maybe", "c:if!"]),
        ("if a; then b; fi; c", ["a:maybe", "b:maybe", "c:always!"]),
        ("for i in x; do b; done && c", ["b:maybe", "c:if!"]),
        ("case x in a) b;; esac", ["b:maybe"]),
        ("f() { a; }; f", ["a:maybe", "f:always!"]),
        ("a $(b)", ["b:maybe", "a:always!"]),
        ("set -e; a; b && c; d", ["set:always", "a:always!", "b:always", "c:if", "d:always!"]),
        ("set -ex\na\nset +e\nb", ["set:always", "a:always!", "set:always!", "b:always!"]),
        ("exit 0; a", ["exit:always", "a:maybe"]),
        ("x && exit; a", ["x:always", "exit:if", "a:maybe"]),
        ("x || exit 1; a", ["x:always", "exit:maybe", "a:always!"]),
        ("exec a; b", ["exec:always", "b:maybe"]),
        ("exec > f; b", ["exec:always", "b:always!"]),
    ],
)  # fmt: skip
def test_when_a_command_is_reached(text: str, expected: list[str]) -> None:
    assert reaches(text) == expected


def test_errexit_may_come_from_outside() -> None:
    assert reaches("a; b", errexit=True) == ["a:always!", "b:always!"]


def test_a_copy_of_the_shell_has_another_number() -> None:
    shells = [c.shell for c in parse("a; (b; c); d | e; f & g; h $(i)").commands]
    a, b, c, d, e, f, g, i, h = shells
    assert a == g == h == 0
    assert b == c
    assert len({a, b, d, e, f, i}) == 6


@pytest.mark.parametrize(
    ("text", "outers"),
    [
        ("a; (b)", [0, 0]),
        ("(a; (b; (c)); d); (e)", [0, 0, 1, 2, 0]),
        ("a | (b)", [0, 3, 0, 0]),
        ("a `b`; (c)", [0, 0, 0]),
    ],
)
def test_a_copy_is_a_copy_of_another_shell(text: str, outers: list[int]) -> None:
    assert list(parse(text).outers) == outers


def test_a_part_of_a_pipeline_is_the_outer_shell_of_what_is_in_it() -> None:
    found = parse("(a | { (b); c; })")
    a, b, c = found.commands
    assert found.outers[b.shell] == c.shell != a.shell
    assert found.outers[found.outers[a.shell]] == found.outers[found.outers[c.shell]] == 0


STEPS = st.sampled_from(["ok", "no"])
LISTS = st.recursive(
    STEPS,
    lambda inner: st.one_of(
        st.builds("{} && {}".format, inner, inner),
        st.builds("{} || {}".format, inner, inner),
        st.builds("{}; {}".format, inner, inner),
        st.builds("{{ {}; }}".format, inner),
        st.builds("( {} )".format, inner),
        st.builds("! {{ {}; }}".format, inner),
        st.builds("if {}; then {}; else {}; fi".format, inner, inner, inner),
        st.builds("{{ {}; }} | {{ {}; }}".format, inner, inner),
        st.builds("{{ {}; }} & {}".format, inner, inner),
        st.builds("set -e; {}".format, inner),
        st.builds("set +e; {}".format, inner),
        st.builds("{}; exit 0; {}".format, inner, inner),
        st.builds("{} || exit 3; {}".format, inner, inner),
        st.builds("v=$( {} ); {}".format, inner, inner),
    ),
    max_leaves=8,
)


@pytest.mark.skipif(not SHELLS, reason="no shell is installed")
@examples(80)
@example("( no || exit 3; ok ); ok")
@example("( exit 3; ok ); ok")
@example("{ ok; } | { no || exit 3; ok; }; ok")
@example("v=$( no || exit 3; ok ); exit 0; ok")
@given(LISTS)
def test_what_is_said_to_run_and_succeed_does_in_real_shells(line: str) -> None:
    pieces = line.replace("no", "ok").split("ok")
    kinds = [found for found in line.replace(";", " ").split() if found in ("ok", "no")]
    numbered = pieces[0] + "".join(
        f"{kind} {n}{rest}" for n, (kind, rest) in enumerate(zip(kinds, pieces[1:], strict=True))
    )
    commands = [c for c in parse(numbered).commands if c.name in ("ok", "no")]
    assert len(commands) == len(kinds)
    setup = "ok() { echo $1 >&2; }; no() { echo $1 >&2; return 1; }\n"
    for shell in SHELLS:
        result = subprocess.run([shell, "-c", setup + numbered], capture_output=True, text=True)
        ran = result.stderr.split()
        for command in commands:
            number = command.words[1].literal
            if result.returncode == 0 and command.must_succeed:
                assert number in ran, (shell, numbered)
                assert command.name == "ok", (shell, numbered)
            if result.returncode == 0 and command.reach is Reach.ALWAYS:
                assert number in ran, (shell, numbered)
            if command.must_succeed and command.name == "no" and number in ran:
                assert result.returncode != 0, (shell, numbered)


# --- expansion


LOOKUP = variables(
    {"A": "a", "EMPTY": "", "TWO": "x  y ", "STAR": "*.py", "HOME": "/home/me", "ANY": UNKNOWN}
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ["a"]),
        ("''", [""]),
        ("$A/b", ["a/b"]),
        ("${A}b", ["ab"]),
        ("$NONE", []),
        ('"$NONE"', [""]),
        ("$TWO", ["x", "y"]),
        ("a${TWO}b", ["ax", "y", "b"]),
        ('"$TWO"', ["x  y "]),
        ("${NONE:-d e}", ["d", "e"]),
        ("${NONE:-'d e'}", ["d e"]),
        ('"${NONE:-d e}"', ["d e"]),
        ('"${NONE:-}"', [""]),
        ("${EMPTY:-d}", ["d"]),
        ("${EMPTY-d}", []),
        ("${NONE-$A}", ["a"]),
        ("${A:+s}", ["s"]),
        ("${EMPTY:+s}", []),
        ("${EMPTY+s}", ["s"]),
        ("~/x", ["/home/me/x"]),
        ('"~"', ["~"]),
        ("$ANY", None),
        ("${A:-$ANY}", ["a"]),
        ("${ANY:-a}", None),
        ("$(a)", None),
        ("~root", None),
        ("{a,b}", None),
    ],
)
def test_expansion_of_a_word(text: str, expected: list[str] | None) -> None:
    fields = expand(word(text), LOOKUP)
    assert (fields if fields is None else [field.text for field in fields]) == expected


def test_a_glob_stays_a_pattern() -> None:
    assert expand(word("/x/$A*.py"), LOOKUP) == [Field("/x/a*.py", "/x/a*.py")]
    assert expand(word("'*'[ab]\\?"), LOOKUP) == [Field("*[ab]?", "\\*[ab]\\?")]
    assert expand(word("'*'"), LOOKUP) == [Field("*")]
    assert expand(word("$STAR"), LOOKUP) == [Field("*.py", "*.py")]
    assert expand(word('"$STAR"'), LOOKUP) == [Field("*.py")]


def test_a_value_is_not_split() -> None:
    def assigned(text: str) -> str | None:
        return value(parse("V=" + text).commands[-1].assignments[0].value, LOOKUP)

    assert assigned("$TWO") == "x  y "
    assert assigned("~/bin:~/sbin:$A") == "/home/me/bin:/home/me/sbin:a"
    assert assigned("") == ""
    assert assigned("*") == "*"
    assert assigned("$(a)") is None
    assert assigned("(a b)") is None
    assert value(only("> $A.txt").redirections[0].target, LOOKUP) == "a.txt"


PIECES = st.sampled_from(
    ["a", "b.c", "x/", "'", '"', "'a b'", '"c d"', "\\", "\\ ", "\\*", "*", "?", "[a-c]", "[", "]",
     "[!x]", "-", "$A", "${A}", "$B", '"$B"', "${N}", "${N:-x y}", '"${N:-x y}"', "${B:+'p q'}",
     "${E-z}", "${E:-z}", '"${N:-}"', "~", "~/", "{", "}", ",", "{a,b}", "1..2", "=", "x=", ":",
     "$", "#", " ", "  ", "\t", "\\\n", "!", "%", "^", "é", "${N:-$B}", '"$A$B"',
     "${N:-\"$B\"}", "''", "${N:-'}'}", '${N:-"}"}', "${A+}"]
)  # fmt: skip
EXPANDED = {"A": "a", "B": " b  c ", "E": "", "HOME": "/home/me"}


@pytest.mark.skipif(not SHELLS, reason="no shell is installed")
@examples(100)
@given(text=st.lists(PIECES, max_size=8).map("".join))
def test_words_become_the_arguments_that_real_shells_make(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty = tmp_path_factory.getbasetemp() / "empty"
    empty.mkdir(exist_ok=True)
    line = f"printf '%s\\0' start {text}"
    parsed = parse(line)
    if not parsed.known:
        return
    fields: list[str] = []
    for each in parsed.commands[0].words[2:]:
        expanded = expand(each, variables(EXPANDED))
        if expanded is None:
            return
        fields += [field.text for field in expanded]
    for shell in SHELLS:
        result = subprocess.run([shell, "-c", line], capture_output=True, cwd=empty, env=EXPANDED)
        assert result.stdout.decode().split("\0")[:-1] == fields, shell


# --- plain lines


@pytest.mark.parametrize(
    "text", ["python run.py", "/flywheel/v0/run", " a  b\t", "a --x=y:z", "run é", "a @b +c %d 1,2"]
)
def test_a_plain_line(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a; b", "a && b", "a | b", "$A", "a $A", "'a'", '"a"', "a\\ b", "a *", "a?", "[ a ]",
     "a > b", "A=1 b", "a `b`", "cd /x", "exec a", "source a", ". a", "a\nb", "~/a", "a #b", "{ a",
     "! a", "if a", "a\0b", "a\u00a0b", "a {b,c}", "time a", "(a)", "a\r"],
)  # fmt: skip
def test_a_line_that_is_not_plain(text: str) -> None:
    assert not is_plain(text)


@given(st.text(st.sampled_from("ab/.-=~!{}[]# \t\n'\"$&é1:,")))
def test_the_words_of_a_plain_line_are_split_at_spaces(text: str) -> None:
    if is_plain(text):
        assert literals(text) == [text.split()]


# --- hostile text


@pytest.mark.parametrize("mark", ["(", "$(", '"$(', "{ ", "if ", "${a:-", "((", "$((", "[[ ",
                                  "f()", "case x in a) ", "<(", "a=("])  # fmt: skip
def test_deep_nesting_is_unknown_and_does_not_crash(mark: str) -> None:
    for text in (mark * 31, mark * (limits.SHELL_CHARACTERS // len(mark)), mark * 100_000):
        assert parse(text).known is False


@pytest.mark.parametrize(
    "piece",
    ["a b;", "'", "a ", "a || ", "a | ", "<<E ", "<<", "$((a) b) ", "`a` ", "{",
     "[", "\\a", "\\\n", "&", "x=", "a\n", "$a", '"a"', "[[ a ]];", "((", "a;$(b);", "~", "#", "*",
     "}", "${a}", "{a,", "a=~", "é", "case a in a)b;;esac;", "! ", "time ",
     "cat <<E\n", "!a-c]", "cat <<E\n$(a)\nE\n", "cat <<E\n`a`\n", "<<E\n\\\n", "a[$a]=b;", "a[$a"],
)  # fmt: skip
def test_a_long_text_takes_no_longer_than_a_second(piece: str) -> None:
    for size in (limits.SHELL_CHARACTERS, 1_000_000):
        text = (piece * size)[:size] if len(piece) == 1 else piece * (size // len(piece))
        with in_time(1):
            parse(text)


def test_a_text_beyond_the_limit_is_unknown() -> None:
    line = parse("a " * limits.SHELL_CHARACTERS)
    assert (line.commands, line.known, line.fault) == ((), False, None)


@pytest.mark.parametrize("piece", ["! ", "a ", "a && ", "&", "a || ! "])
def test_a_long_condition_takes_no_longer_than_a_second(piece: str) -> None:
    with in_time(1):
        parse(f"[[ {piece * ((limits.SHELL_CHARACTERS - 9) // len(piece))}a ]]")


def test_what_is_kept_of_parsed_texts_has_a_limit() -> None:
    newest = "a;" * (limits.SHELL_CHARACTERS // 2)
    for text in [f"a; b{number}" for number in range(1000)] + [f"{n};{newest[2:]}" for n in "xyz"]:
        assert parse(text) is parse(text)
    kept = [len(text) for text, _ in command_line._PARSED]
    assert limits.SHELL_CHARACTERS < sum(kept) < limits.PARSED_SHELL_CHARACTERS
    assert parse("a; b0") is not parse("a; b0", errexit=True)


def test_a_nul_byte_makes_a_text_unknown() -> None:
    assert parse("a \0b").known is False
    assert syntax_error("a \0b (") is None


def test_a_carriage_return_is_part_of_a_word() -> None:
    assert literals("a b\r\nc\r") == [["a", "b\r"], ["c\r"]]


def test_a_grammar_that_may_change_on_the_way_is_unknown() -> None:
    assert not parse("alias a='('\na b )").known
    assert parse("ls locale.alias b").known


@needs_bash
@pytest.mark.parametrize(
    "text",
    [
        "shopt -s nullglob\n: *.x",
        "shopt -qs nullglob  globstar # a\n: **/*",
        "if :; then shopt -s dotglob 2>/dev/null; fi",
        'x=$(shopt -p nullglob; :); eval "$x"',
        "shopt -s expand_aliases; shopt nullglob || :",
        "trap 'shopt -u nullglob' EXIT",
        "shopt -s extglob\n: !(a|b) a+(b)c ?(x) **(y)",
        "shopt -s extglob;\n: @('a)'|\"b)\"|c d|$HOME|${HOME})",
        "shopt -s extglob nullglob\ncase x in !(a)) :;; (+([0-9])|@(x)) :;; esac",
        "{ shopt -s extglob; }\n: *(a) ''!(a)",
        "shopt -s extglob\n[[ a == @(a|b) || a != *( b)c ]]",
        "shopt -s extglob\nx=(!(a)) y=@(a)\nfor i in !(a); do :; done > @(o)",
        "shopt -s extglob\n: $(: !(a)) `: !(b)`\n: <<E\n$(: !(a))\nE\n",
        "shopt -s extglob\nif :; then\n : !(a)\nfi\nf() { : !(a); }",
        "shopt -s extglob\n! (false)\nlet x=2*(3)",
        "f() { shopt -s extglob; x=${x##*( )}; }",
    ],
)
def test_shopt_that_leaves_a_text_known(text: str, tmp_path: Path) -> None:
    assert parse(text).known
    result = subprocess.run([str(BASH), "-c", text], cwd=tmp_path, capture_output=True)
    assert b"syntax error" not in result.stderr
    for after in ("if", ": ("):
        assert syntax_error(f"{text}\n{after}")


@pytest.mark.parametrize(
    "text",
    [
        "shopt -s lastpipe\n:",
        "shopt -s failglob\n:",
        "shopt -s nullglob failglob\n:",
        "shopt -so errexit\n:",
        "shopt -s -o errexit\n:",
        "shopt -s $x\n:",
        "shopt\n:",
        "shopt -s nullglob \\\nfailglob\n:",
        "shopt -s nullglob\r\n:",
        # whether a pattern is one depends on what has run, or bash refuses it
        "shopt -s extglob; : !(a)",
        "shopt -s extglob; : \\\n!(a)",
        "shopt -s extglob; : &&\n: !(a)",
        "shopt -s extglob; if :\nthen : !(a); fi",
        "if :; then\nshopt -s extglob\n: !(a)\nfi",
        "if :; then shopt -s extglob; fi\n: !(a)",
        "f() { shopt -s extglob; }\nf\n: !(a)",
        "(shopt -s extglob)\n: !(a)",
        "shopt -s extglob &\n: !(a)",
        "shopt -s extglob || :\n: !(a)",
        "shopt -q extglob\n: !(a)",
        "shopt -s extglob\nshopt -u extglob\n: !(a)",
        "shopt -s extglob\nif :; then shopt -u extglob; fi\n: !(a)",
        'eval "shopt -s extglob"\n: !(a)',
        "shopt -s extglob; : `: !(a)`",
        ": !(a)\nshopt -s extglob",
        ":\n: !(a)\nshopt -s extglob",
        # a function of an operator, and what is in the parentheses
        "shopt -s extglob\n!(a)",
        "shopt -s extglob\n: \\!(a)",
        "shopt -s extglob\n: $!(a)",
        "shopt -s extglob\n: !(a+(b))",
        "shopt -s extglob\n: !($(a))",
        "shopt -s extglob\n: !(\\))",
        "shopt -s extglob\n: !(a",
    ],
)
def test_shopt_that_may_change_how_a_text_is_read(text: str) -> None:
    assert not parse(text).known
    assert not syntax_error(f"{text}\nif")


@needs_bash
@pytest.mark.parametrize(
    "text", ["shopt -s nullglob\n: !(a)", "shopt -s extglob\n: a(b)", ": extglob\n: !(a)"]
)
def test_parentheses_that_are_of_no_pattern(text: str) -> None:
    assert syntax_error(text)
    result = subprocess.run([str(BASH), "-c", text], capture_output=True)
    assert b"syntax error" in result.stderr


def test_a_pattern_of_extglob_is_unknown() -> None:
    assert parse("shopt -s extglob\n[[ a =~ ^(b)?(a| c)$ ]]").known
    assert parse("!(a)").known

    def words(text: str) -> list[str | None]:
        command = parse(f"shopt -s extglob\n{text}").commands[-1]
        return [text for word in command.words for text in [value(word, {"X": "a00"}.get)]]

    assert words('a b!(c|d)e "!(c)" "${X%0}"') == ["a", None, "!(c)", "a0"]
    assert words('a "${X%%+(0)}"') == ["a", None]
    assert value(word('"${X%%+(0)}"'), {"X": "a00"}.get) == "a00"
    assert value(word("${X%%+(0)}"), {"X": "a00"}.get) is None
    found = parse("shopt -s extglob\n: @(b) ?(c)").extensions
    assert [each.name for each in found] == ["@(...)", "?(...)"]
    assert [each.span for each in found] == [(19, 23), (24, 28)]


@given(LINES | st.text())
def test_any_text_can_be_read(text: str) -> None:
    line = parse(text)
    assert line.known or not line.commands
    spans = [line.fault.span] if line.fault else []
    for command in line.commands:
        spans += [command.span, *(word.span for word in command.words)]
        for each in command.words:
            expand(each, LOOKUP)
    for span in spans:
        assert 0 <= span.start <= span.end <= len(text)


@given(st.text(st.sampled_from("abx =,%@^+-./:\t\u00e9\xa0")) | LINES)
@example("alias x")
@example("if true")
@example(" time ls ")
@example("a=1 ls")
def test_words_of_one_command_are_those_of_the_grammar(text: str) -> None:
    words = words_of(text)
    if words is not None:
        (grammar,) = parse(text).commands
        assert text[slice(*grammar.span)] == text.strip(" \t")
        behind_another = parse(f":;{text}")
        _, after = behind_another.commands
        assert behind_another.known
        for command in (grammar, after):
            assert [word.literal for word in command.words] == words
            assert not command.assignments
        for word, behind in zip(grammar.words, after.words, strict=True):
            assert (word.parts, word.span.start + 2) == (behind.parts, behind.span.start)


def test_reading_needs_no_slow_import() -> None:
    code = (
        "import collections.abc, re, sys, gearlint.core.source; before = set(sys.modules)\n"
        "from gearlint.syntax.shell.command_line import parse; parse('a $(b)')\n"
        "print(*set(sys.modules) - before)"
    )
    root = Path(__file__).parents[2]
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert set(result.stdout.split()) <= {
        "gearlint.core.budget", "gearlint.core.errors",
        "gearlint.core.lazy", "gearlint.core.named_tuple", "gearlint.core.unknown",
        "gearlint.syntax", "gearlint.syntax.shell",
        "gearlint.syntax.shell.command_line", "gearlint.syntax.shell.commands",
        "gearlint.syntax.shell.model", "gearlint.syntax.shell.parser",
        "gearlint.syntax.shell.tokens", "gearlint.syntax.shell.turns",
        "gearlint.syntax.shell.words",
    }  # fmt: skip
