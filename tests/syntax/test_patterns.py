"""What `patterns` says of the regular expressions in manifests."""

import re
import string
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gearlint.core import limits
from gearlint.syntax.patterns import analysed, matches, syntax_error
from tests.machine import in_time

TOO_LONG = limits.PATTERN_CHARACTERS + 1

# For each of these, a text of at most 40 repetitions keeps CPython's `re` busy for 0.15 s, and each
# further repetition multiplies that. Measured once: timing has no place in a test.
EXPONENTIAL = [
    r"^(a+)+$",
    r"^(a*)*$",
    r"^(a|a)*$",
    r"^(a|aa)+$",
    r"^(a?b?)*$",
    r"^(\w+\s?)+$",
    r"^(\w+\s?)*$",
    r"^([a-zA-Z]+)*$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
    r"^(\d+,?)+$",
    r"^(\d+,?\s*)+$",
    r"^(\d+\.?)+$",
    r"^([0-9]+-?)+$",
    r"^(?:[A-Za-z0-9_-]+,?)+$",
    r"^([A-Za-z0-9]+[_-]?)*$",
    r"^(sub-)?([a-zA-Z0-9]+_?)+\.nii\.gz$",
    r"^(/?[\w.-]+)+$",
    r"^(/?[\w.-]*)+\.txt$",
    r"^(.*,)*.*$",
    r"(.*)*:",
    r"(\w+\d*)+:",
    r"(x+x+)+y",
    r"^((a+)b?)+$",
    r"^(a+b*)+c$",
    r"^(.+)+=$",
    r"^([^,]+,?)*$",
    r"^(\s*\w+\s*)+;$",
    r"^(\s|\w+\s*)+;$",
    r"(?i)^([a-z]+[a-z0-9]*)+!$",
    r"^(a{1,30})+$",
    r"^(\d{1,3},?)+$",
    r"^(\d{2}|\d{3})+$",
    r"^([a-z]+ ?){1,30}$",
    r"^(?:(?:\d+|[a-f]+|[0-9a-f])*)$",
    r"^(\w|\d|_)+@|^(?:\w|[a-z]x?)+@$",
    r'^(?:"[^"]*"|[^,]+,?)*$',
    r"^(([a-z]+)*[0-9]*)*@",
    r"^(-?\d+)*$",
    r"^(?:-?\d*\.?\d*)+$",
    r"^[+-]?(\d+(\.\d*)?)+$",
    r"^(\+?\d+[ -]?)+$",
    r"^([\w.]+@?)+\.com$",
    r"(?x) ^ ( \w+ \s? ) + $",
    r"(?s)^(.+\n?)+END$",
    r"(?m)^(\w+ ?)*;$",
    r"^(?:a+?)+?$",
    r"^(a+)+\Z",
    r"^((?:\w+)|(?:\w+-\w+))*\.$",
    r"^([é-ü]+)+$",
    r"^(?P<key>\w+=?(?P<value>\w*);?)+$",
    r"^(http://)?(\w+\.?)+/$",
    r"^(?:[^\s]+\s*)+\d$",
    r"^(a|b|ab)*c$",
    r"^(ab|a|b)*$",
    r"(?:a|b|ab){2,}c",
    r"^((\d{1,2}[:.]?)+)h$",
    r"^(?:(a?)(b?)(c?))*$",
    r"^\s*([\w ]+\s*)*=$",
    r"^\w+(?:[-_ ]\w+)*$",
    r"^([a-z][a-z0-9]*_?)*$",
    r"^(?:\d{4}-?\d*)+Z$",
    r"^\[(\s*\d+\s*,?)*\]$",
    r"^(?:[01]*1?)*2$",
]

# These take linear or polynomial time, or match before `re` has to go back.
HARMLESS = [
    r"^[0-9]{3}-[0-9]{4}$",
    r"^.*.txt$",
    r"^.*.xsl$",
    r"^.*\.(nii|nii\.gz|mgz)$",
    r"^([A-Za-z0-9_-]+,)*[A-Za-z0-9_-]+$",
    r"^(\d+(\.\d+)?)(,\d+(\.\d+)?)*$",
    r"^(a+b)+$",
    r"^(a+b+)+$",
    r"^(ab*)+$",
    r"^(a|b)*$",
    r"^([ab]|a)*$",
    r"^(a{3})+$",
    r"^(\d{3})+$",
    r"^(?:\d{3},)*\d{3}$",
    r"^(a?)*$",
    r"^(a*)$",
    r"^a*a*$",
    r"^a+a+a+$",
    r"(a+)+",
    r"(a|a)*",
    r"(a+)*",
    r"^(a+)+",
    r"^$",
    r"x",
    r".*",
    r".+",
    r"^\s*$",
    r"^\S+$",
    r"^\s+|\s+$",
    r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$",
    r"^[\w.+-]+@[\w-]+(\.[\w-]+)+$",
    r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$",
    r"^\d{4}-\d{2}-\d{2}$",
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
    r"^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$",
    r"^sub-[a-zA-Z0-9]+$",
    r"^sub-[a-zA-Z0-9]+(_ses-[a-zA-Z0-9]+)?(_task-[a-zA-Z0-9]+)?(_run-\d+)?_bold\.nii(\.gz)?$",
    r"^(?:[a-z]+-[a-zA-Z0-9]+_)+[a-zA-Z0-9]+\.(nii\.gz|json|tsv)$",
    r"^(sub|ses|task|acq|run|echo)-[0-9a-zA-Z]+(_(sub|ses|task|acq|run|echo)-[0-9a-zA-Z]+)*$",
    r"^sub-(?P<sub>\w+)/ses-(?P<ses>\w+)/anat/.*_T1w\.nii\.gz$",
    r"^-?\d+$",
    r"^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$",
    r"^[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?$",
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$",
    r"^v?\d+(\.\d+){0,3}$",
    r"^\d+(\.\d+)*$",
    r"^\d+([,;]\d+)*$",
    r"^(\d+,)*\d+$",
    r"^(\d+\s*,\s*)*\d+$",
    r"^\s*\d+\s*(,\s*\d+\s*)*$",
    r"^\[\s*(-?\d+(\.\d+)?\s*(,\s*-?\d+(\.\d+)?\s*)*)?\]$",
    r"^\((\d+),\s*(\d+),\s*(\d+)\)$",
    r"^(\d+-\d+|\d+)(,(\d+-\d+|\d+))*$",
    r"^(\d+(-\d+)?)(,\d+(-\d+)?)*$",
    r"^(?:\d+x)*\d+$",
    r"^\d+x\d+(x\d+)?$",
    r"^([a-z]+=[^,=]*)(,[a-z]+=[^,=]*)*$",
    r"^(\w+=\w+;)*$",
    r"^(\w+ )*\w+$",
    r"^\w+( \w+)*$",
    r"^[A-Z][a-z]+( [A-Z][a-z]+)*$",
    r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
    r"^[a-z0-9]+(?:[._-][a-z0-9]+)*$",
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*[a-z0-9]$",
    r"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?$",
    r"^(/[^/]+)+$",
    r"^(/[^/]*)+/?$",
    r"^/?([^/]+/)*[^/]+$",
    r"^(?:[\w.-]+/)*[\w.-]+$",
    r'^([A-Za-z]:)?(\\[^\\/:*?"<>|]+)*\\?$',
    r"^/(?:[^/\s]+/?)$",
    r"^~?/.*\.json$",
    r"^https?://[^\s/$.?#].[^\s]*$",
    r"^https?://[\w.-]+(:\d+)?(/[\w./%-]*)?(\?\S*)?$",
    r"^(https?|ftp)://([\w-]+\.)+[a-z]{2,6}(/\S*)?$",
    r"^s3://[a-z0-9.-]{3,63}/.*$",
    r"^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$",
    r"^([0-9a-f]{2}:){5}[0-9a-f]{2}$",
    r"^([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}$",
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    r"^[0-9a-f]{24}$",
    r"^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$",
    r"^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$",
    r"^(?!.*\.\.)[\w.]+$",
    r"^(?!-)[a-z-]{1,63}(?<!-)$",
    r"^(?:(a+)b)\1$",
    r"""^(["'])(.*?)\1$""",
    r'^("[^"]*"|[^,"]*)(,("[^"]*"|[^,"]*))*$',
    r'^"([^"\\]|\\.)*"$',
    r'^"(?:[^"\\]*(?:\\.[^"\\]*)*)"$',
    r"^'[^']*'$",
    r"^<[^>]+>$",
    r"^\$\{[A-Z_]+\}$",
    r"^[A-Z_][A-Z0-9_]*$",
    r"^(true|false)$",
    r"^(yes|no|auto)$",
    r"^(T1w|T2w|FLAIR|bold|dwi)$",
    r"^(T1|T2)(,(T1|T2))*$",
    r"^(MNI152NLin2009cAsym|MNI152NLin6Asym|fsaverage[56]?|T1w)(:res-\w+)?( (MNI152NLin2009cAsym|fsaverage[56]?|T1w)(:res-\w+)?)*$",  # noqa: E501
    r"^(?:--?[a-z][a-z-]*(?:[= ]\S+)?\s*)$",
    r"^-{1,2}\w+$",
    r"^(--[a-z-]+ )*$",
    r"^(?:--[a-z-]+(?:=\S+)? )*\S*$",
    r"^[01]+$",
    r"^([01]{8}\.){3}[01]{8}$",
    r"^(\d{1,3}\.){3}\d{1,3}$",
    r"^(\d{1,2}|100)%$",
    r"^\d{1,3}(,\d{3})*(\.\d+)?$",
    r"^.{1,255}$",
    r"^[\x20-\x7e]+$",
    r"^[^\x00-\x1f]*$",
    r"(?i)^(left|right|both)$",
    r"(?i)\.dcm$",
    r"\.(?:dcm|ima|zip)$",
    r"^(.+)\.(.+)$",
    r"^(.*)_(.*)_(.*)$",
    r"^.*_.*_.*\.nii$",
    r"^\w+\s*=\s*\w+$",
    r"^\d+(?:mm|cm)(?:x\d+(?:mm|cm))*$",
    r"^P(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$",
    r"^(\w+\b\s?)+$",
    r"^(\b\w+\b|\w)*$",
    r"^\w+(?:[- ]\w+)*$",
    r"^(?:\w+\W+)*\w+\W*$",
    r"^(?>a+)+$",
    r"^(a++)+$",
    r"^(?:a++b?)*$",
    r"^([a-z]++_?)+$",
    r"^(a+){1,3}$",
    r"^(\w+\s?){1,5}$",
    r"^(?:[^,]*,){3}[^,]*$",
    r"^([^,]*,)*[^,]*$",
    r"^([^=]+=[^;]+;)*$",
    r"^(\s*\w+\s*,)*\s*\w+\s*$",
    r"^\s*(\w+\s*)\s*$",
    r"^(a|b)+(c|d)+$",
    r"^(?:ab|cd)*$",
    r"^(?:aab|ab)*$",
    r"^(?:a|ba)*$",
    r"^(x\d)*(x\d)*$",
    r"(?m)^#.*$",
    r"(?s)^.*$",
    r"^(?:[^()]|\([^()]*\))*$",
    r"^[\u4e00-\u9fff]+$",
    r"^\w{2,}(?:, \w{2,})*$",
    r"^(\d+|\*)(/\d+)?( (\d+|\*)(/\d+)?){4}$",
    r"(a|b|ab)*",
    r"^(?:\d+\.\d+|\d+)(?:\s+(?:\d+\.\d+|\d+))*$",
]

# Slow to compile or to analyse, or worse, without limits.
HOSTILE = [
    "(" * 300 + "a" + ")*" * 300,
    "(" * 4000,
    "(a|" * 900,
    "(?:" * 99 + "a" + "{9})" * 99,
    "(?:(?:a{1,99}){1,99}){1,99}",
    "((|){99}){99}",
    "(?:|)" * 900,
    "a{4294967294}",
    "a{4294967293,4294967294}$",
    r"(?:\b){4294967294}",
    "((a{999}){999}){999}",
    "a{99999999999}",
    "a{" + "9" * 4400 + "}",
    "[\0-\uffff]" * 800,
    r"(?i)[\u0001-\uffff]" * 200,
    "(?i)" + "[a-z]" * 999,
    "[a中c]" * 900,
    "a|" * 2400,
    "(.*.*.*.*.*.*)*" * 9 + "$",
    "(a?b?c?d?e?f?g?h?i?j?k?l?m?n?)*" * 4 + "$",
    "(" + "|".join("a" * n + "b?" for n in range(1, 40)) + ")*$",
    "(?:(a+)+){50}$",
    "([%s]{500}|a)*$" % ("ab" * 2000),
    r"(\b|\B|^|$|(?m:^)|\Z)*" * 50,
    r"((a*)*\1)*\1$",
    "(?=(a+)+$)(a|aa)+$",
    "(.)" * 99 + r"(?:\1\2|.+)+$",
    "(?P<" + "n" * 4000 + ">a)",
    "\ud800+$",
    "(\0+)+$",
    "",
]


@pytest.mark.parametrize("pattern", EXPONENTIAL)
def test_exponential_pattern_is_found(pattern: str) -> None:
    assert analysed(pattern)[0]


@pytest.mark.parametrize("pattern", HARMLESS)
def test_harmless_pattern_is_left_alone(pattern: str) -> None:
    assert syntax_error(pattern) is None
    assert not analysed(pattern)[0]


@pytest.mark.parametrize("pattern", ["(a", "*", "a{99999999999}", "(" * 4000, "^(a+)+$" * 999])
def test_pattern_that_is_invalid_or_too_large_is_not_called_exponential(pattern: str) -> None:
    assert not analysed(pattern)[0]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(a", "missing ), unterminated subpattern at character 1"),
        ("a)", "unbalanced parenthesis at character 2"),
        ("[a-", "unterminated character set at character 1"),
        ("x[z-a]", "bad character range z-a at character 3"),
        ("ab**", "multiple repeat at character 4"),
        ("*.nii", "nothing to repeat at character 1"),
        (r"\p{L}", r"bad escape \p at character 1"),
        ("(?<name>a)", "unknown extension ?<n at character 2"),
        ("(?\x1b)", r"unknown extension ?\u001b at character 2"),
        ("a\n(", "missing ), unterminated subpattern at character 3"),
        ("(?<=a+)b", "look-behind requires fixed-width pattern"),
        ("(?a)(?u)b", "ASCII and UNICODE flags are incompatible"),
        ("a{99999999999}", "the repetition number is too large"),
        ("a{" + "9" * 4400 + "}", "the repetition number is too large"),
    ],
)
def test_invalid_pattern_is_explained(pattern: str, message: str) -> None:
    assert syntax_error(pattern) == message


@pytest.mark.parametrize("pattern", ["(" * 4000, "a" * TOO_LONG, "(" * TOO_LONG])
def test_pattern_too_deep_or_too_long_is_not_called_invalid(pattern: str) -> None:
    assert syntax_error(pattern) is None


def test_warnings_of_re_stay_inside(recwarn: pytest.WarningsRecorder) -> None:
    warnings.simplefilter("always")
    for pattern in ("[[a]b]", "[a--b]", "[a||b]", "[a&&b]"):
        syntax_error(pattern)
        matches(pattern, "a")
        analysed(pattern)
    assert not recwarn.list


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_pattern_takes_no_time(pattern: str) -> None:
    # Each takes less than 0.2 s; only a hang exceeds the bound, on a busy machine too.
    with in_time(5):
        syntax_error(pattern)
        analysed(pattern)
        matches(pattern, "a" * 4000 + "!")
        matches(pattern, "\ud800")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^[0-9]{3}-[0-9]{4}$", "555-1234", True),
        ("^[0-9]{3}-[0-9]{4}$", "5555-1234", False),
        ("a", "xax", True),
        ("^a$", "a\n", True),
        (r"\Aa\Z", "a\n", False),
        ("", "", True),
        (r"^(?=.*\d)(?!.*\s).{8,}$", "passw0rd", True),
        (r"^(?=.*\d)(?!.*\s).{8,}$", "pass w0rd", False),
        (r"^(['\"]).*\1$", "'a'", True),
        ("(?i)^left$", "LEFT", True),
        (r"^\{.*\}$", "{}", True),
        ("^a++b$", "aab", True),
    ],
)
def test_matches_as_re_does(pattern: str, text: str, found: bool) -> None:
    assert bool(re.search(pattern, text)) is found
    assert matches(pattern, text) is found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a", "a"),
        ("^(a|aa)+$", "a" * 4000 + "!"),  # out of time
        ("a{4294967294}", "a"),  # out of memory, for `regex`
        ("((a{999}){999}){999}", "a"),
        ("(?:foo){e<=1}", "fo"),  # `regex` allows for an error
        ("[[:alpha:]]", "a]"),  # a letter, for `regex`
        (r"\s", "\x1c"),  # a space for `re` alone
        (r"\w", "²"),  # a letter for `re` alone
        (r"\B", ""),  # differs with the version of Python
        ("a", "a" * TOO_LONG),
        ("a" * TOO_LONG, "a"),
    ],
)
def test_where_regex_may_differ_from_re_is_unknown(pattern: str, text: str) -> None:
    assert matches(pattern, text) is None


# No item is empty and no repeat asks for two: `re` itself would take long where those are nested.
_ITEMS = st.sampled_from(
    r"a b - 1 . [ab] [^a] [a-z] \w \d \s \b \B ^ $ \Z \. (?i:A) é [^\W\d_]".split()  # noqa: SIM905
)
_REPEATS = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{1,3}", "{0,15}", "*+"])
_GROUPS = st.sampled_from(["(", "(?:", "(?=", "(?!", "(?>", "(?i:", "(?m:", "(?s:"])
_PATTERNS = st.recursive(
    _ITEMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(_GROUPS, inner).map(lambda parts: "".join(parts) + ")"),
        st.tuples(inner, inner).map(lambda parts: f"(?:{parts[0]}|{parts[1]})"),
        st.tuples(inner, _REPEATS).map(lambda parts: f"({parts[0]}){parts[1]}"),
    ),
    max_leaves=8,
)
_SOUP = st.text(st.sampled_from("ab1-[]()|*+?{},^$\\.:=!<>PswdbBnux \n#é&~"), max_size=20)
_TEXTS = st.text(st.sampled_from("abAB1_- .\n\t,{}e"), max_size=5)


@settings(deadline=None)
@given(st.one_of(_PATTERNS, _SOUP, st.text(max_size=20)), _TEXTS)
def test_any_pattern_is_read_as_re_reads_it(pattern: str, text: str) -> None:
    analysed(pattern)
    error = syntax_error(pattern)
    found = matches(pattern, text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(pattern)
    except (re.error, OverflowError, ValueError):
        assert error
        assert found is None
        return
    assert error is None
    if found is not None:
        assert bool(compiled.search(text)) is found


@settings(deadline=None)
@given(st.sampled_from(HARMLESS), st.text(st.sampled_from(string.printable), max_size=12))
def test_harmless_pattern_matches_as_in_re(pattern: str, text: str) -> None:
    found = matches(pattern, text)
    if found is not None:
        assert bool(re.search(pattern, text)) is found
