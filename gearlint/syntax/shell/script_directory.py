"""How a shell script names the directory that it is in itself: `$(dirname "$0")` and the like."""

import re

from gearlint.core.lazy import regex

_FILE = r'"?\$(?:0|\{0\}|BASH_SOURCE\b|\{BASH_SOURCE(?:\[0\])?\})"?'
_REAL = rf'"?\$\(\s*(?:readlink -f|realpath)\s+{_FILE}\s*\)"?'
_NAMED = (
    rf"\$\(\s*dirname\s+(?:--\s+)?(?:{_FILE}|{_REAL})\s*\)|`dirname\s+{_FILE}`"
    r"|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\}"
)
_DIRECTORY = regex(
    rf'\$\(\s*cd\s+(?:-P\s+)?(?:--\s+)?"?(?:{_NAMED})"?\s*(?:>\s*/dev/null\s*(?:2>&1\s*)?)?&&\s*pwd'
    rf"(?:\s+-P)?\s*\)|{_NAMED}"
)
_GOES_ELSEWHERE = regex(r"(?:^|[;&|({])[ \t]*(?:cd|pushd|popd)\b", re.MULTILINE)


def with_directory(text: str, directory: str, *, is_sourced: bool) -> str:
    """A script in which its own directory is written out; each place in it stays where it is.

    Of one that is sourced, `$0` is another. After a `cd` nothing is written out, as the path may be
    relative.
    """
    if "dirname" not in text and "%/*}" not in text:
        return text

    first = _GOES_ELSEWHERE.search(text)

    def written(match: "re.Match[str]") -> str:
        names_other = is_sourced and "BASH_SOURCE" not in match[0]
        # The first `cd` may go there itself.
        is_elsewhere = (
            first is not None
            and first.end() <= match.start()
            and text[first.end() : match.start()].strip(' \t"') != ""
        )
        missing = len(match[0]) - len(directory)
        if names_other or missing < 0 or is_elsewhere:
            return match[0]
        return directory + "/" * missing

    return _DIRECTORY.sub(written, text)
