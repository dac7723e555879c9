"""The lines of a `.dockerignore`, as patterns of paths (moby's `patternmatcher`)."""

import posixpath
import re
from itertools import groupby

from gearlint.core.named_tuple import NamedTuple
from gearlint.syntax.go_glob import NOTHING, glob_pattern


class Lines(NamedTuple):
    """Lines of an ignore file that follow one another and all leave out, or all take back in.

    `pattern` is all of them, the last one first, each with a group at its end; `texts` are theirs
    in that order. `globs` is how long those with a glob are together, which take longer the longer
    the path.
    """

    are_negated: bool
    pattern: re.Pattern[str]
    texts: tuple[str, ...]
    globs: int

    def fitting(self, path: str) -> str:
        """The last of the lines that fits a path; empty if none does."""
        match = self.pattern.match(path)
        return self.texts[match.lastindex - 1] if match and match.lastindex else ""


def grouped(lines: list[str]) -> list[Lines]:
    """The lines of an ignore file; those that match nothing are left away."""
    rules = []
    for line in lines:
        text = line.strip()
        pattern = posixpath.normpath(text.removeprefix("!").strip()).lstrip("/")
        if pattern not in ("", "."):
            rules.append((text.startswith("!"), pattern, text))
    groups = []
    for are_negated, group in groupby(rules, lambda rule: rule[0]):
        _, globs, texts = zip(*reversed(list(group)), strict=True)
        joined = "|".join(f"(?:{_ignore_pattern(glob).pattern}())" for glob in globs)
        slow = sum(len(glob) for glob in globs if re.search(r"[*?\[]", glob))
        groups.append(Lines(are_negated, re.compile(joined, re.DOTALL), texts, slow))
    return groups


def _ignore_pattern(pattern: str) -> re.Pattern[str]:
    """A line of `.dockerignore`: `**` is any number of whole directories, and at its end anything.

    At the beginning, with nothing but plain characters after it, it is anything too. A line with
    several `**` between other characters than `/` (`a**b**c`) could take exponential time, and
    matches nothing. (moby's `patternmatcher`.)
    """
    first, *rest = re.split(r"\*\*/?", pattern)
    if rest and not first and rest[0] and len(rest) == 1 and not re.search(r"[*?\[\]\\]", rest[0]):
        slash = "(?:.*/)?" if pattern.startswith("**/") else ".*"
        return re.compile(rf"{slash}{re.escape(rest[0])}\Z", re.DOTALL)
    if sum(1 for part in rest[:-1] if part and not part.endswith("/")) > 1:
        return NOTHING
    out = _of_parts(first)
    for part in rest[:-1]:
        # Between directories, the first place is as good as any (see above).
        is_directories = not part or part.endswith("/")
        out += (
            f"(?>(?:.*?/)??{_of_parts(part)})" if is_directories else f"(?:.*/)?{_of_parts(part)}"
        )
    if rest:
        out += f"(?:.*/)?{_of_parts(rest[-1])}" if rest[-1] else ".*"
    return re.compile(rf"{out}\Z", re.DOTALL)


def _of_parts(glob: str) -> str:
    """A glob with `/` in it, as part of a pattern."""
    return "/".join(glob_pattern(part).pattern.removesuffix(r"\Z") for part in glob.split("/"))
