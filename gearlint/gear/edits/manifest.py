"""Edits that change a manifest, and keep all other bytes. Knows no rules.

A key that is given twice in one object is never renamed, removed or moved: the earlier one, which
no rule has checked, would take effect.

The functions return `None` where the change is not possible, or would not change anything.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gearlint.core import limits
from gearlint.core.finding import Edit, Fix, applied
from gearlint.core.lazy import regex
from gearlint.core.source import BOM, Source, Span
from gearlint.core.text import in_common
from gearlint.gear.manifest import Json, Manifest, Path
from gearlint.syntax import jsontext
from gearlint.syntax.jsontext import Duplicate, Node

_SPACES = regex(rb"[ \t\r\n]*")
_COMMA = regex(rb"[ \t]*,[ \t]*(?=\r?\n[ \t\r\n]*\")")
"""A comma at the end of a line, with the spaces around it, before a member."""

_CHARACTER = regex(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
"""One character of a string, escaped or not; a surrogate pair is one character."""


def readable(manifest: Manifest) -> Fix | None:
    """The fix that makes a manifest JSON; `None` unless all that is meant is certain."""
    source = manifest.source
    faults = jsontext.parse(source.data, source.text_start, limits.JSON_FIXES).faults
    if not all(fault.edits for fault in faults):
        return None
    fix = _fix(manifest, [edit for fault in faults for edit in fault.edits], is_safe=True)
    if fix and Manifest(Source(source.path, applied(source.data, fix.edits))).is_json:
        return fix
    return None


def as_utf8(manifest: Manifest) -> Fix | None:
    """The fix that makes a manifest plain UTF-8: it has a byte order mark, or is UTF-16."""
    data = manifest.source.data
    if data.startswith(BOM):
        end = 0
        while data.startswith(BOM, end):
            end += len(BOM)
        return _fix(manifest, [Edit(0, end, b"")], is_safe=True)
    is_marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    is_little = data[:1] == b"\xff" or data[1:2] == b"\0"
    try:
        text = data.decode("utf-16-le" if is_little else "utf-16-be").lstrip("\ufeff")
    except UnicodeDecodeError:
        return None
    fixed = text.encode()
    if "\0" in text or not (is_marked or Manifest(Source(manifest.source.path, fixed)).is_json):
        return None
    return _fix(manifest, [Edit(0, len(data), fixed)], is_safe=True)


def rewritten(manifest: Manifest, text: str, *paths: Path, is_safe: bool) -> Fix | None:
    """The fix that sets the strings at `paths` to `text`. Common beginnings and ends stay."""
    edits = (edit for path in paths for edit in _rewriting(manifest, path, text))
    return _fix(manifest, edits, is_safe)


def put_in_quotes(manifest: Manifest, path: Path, *, is_safe: bool) -> Fix | None:
    """The fix that puts the number, `true` or `false` at `path` in quotes, as it is written."""
    node = _node(manifest, path)
    if node is None or not isinstance(manifest.get(*path), int | float):
        return None
    written = manifest.source.data[node.span.start : node.span.end]
    return _fix(manifest, [Edit(*node.span, b'"' + written + b'"')], is_safe)


def renamed(manifest: Manifest, path: Path, key: str, *, is_safe: bool) -> Fix | None:
    """The fix that renames the member at `path` to `key`, which its object must not have yet."""
    node = _node(manifest, path)
    if node is None or node.key is None or node.is_repeated:
        return None
    if key in manifest.object(*path[:-1]):
        return None
    return _fix(manifest, [Edit(*node.key, _json(key))], is_safe)


def removed(manifest: Manifest, path: Path, *, is_safe: bool) -> Fix | None:
    """The fix that removes the member at `path` from its object."""
    node = _node(manifest, path)
    if node is None or node.key is None or node.is_repeated:
        return None
    return _fix(manifest, [_removal(manifest.source.data, node.key.start, node.span.end)], is_safe)


def earlier_removed(manifest: Manifest, duplicate: Duplicate, *, is_safe: bool) -> Fix | None:
    """The fix that removes the earlier of two members with one key."""
    start, end = duplicate.first.start, duplicate.earlier.span.end
    return _fix(manifest, [_removal(manifest.source.data, start, end)], is_safe)


def item_removed(
    manifest: Manifest, path: Path, span: Span, keep: Path, *, is_safe: bool
) -> Fix | None:
    """The fix that removes the item at `span` from the array at `path`.

    If the array is empty then, it is removed too, and so is each object around it that held nothing
    else. The object at `keep` stays.
    """
    node = _node(manifest, path)
    if node is None or not node.items:
        return None
    if len(node.items) > 1:
        return _fix(manifest, [_removal(manifest.source.data, *span)], is_safe)
    while len(path) > len(keep) + 1 and not node.is_repeated:
        parent = _node(manifest, path[:-1])
        if parent is None or len(parent.members) > 1:
            break
        path, node = path[:-1], parent
    return removed(manifest, path, is_safe=is_safe)


def inserted(
    manifest: Manifest, key: str, value: Json, order: Sequence[str], *, is_safe: bool
) -> Fix | None:
    """The fix that adds a top-level member: after its predecessor in `order`, or at the end.

    `None` for a manifest without members, which shows no style to follow.
    """
    root = _node(manifest, ())
    if root is None or not root.members or key in root.members:
        return None
    earlier = [name for name in order[: order.index(key)] if name in root.members]
    neighbour = root.members[earlier[-1]] if earlier else _last(root)
    edit = _insertion(manifest.source.data, neighbour, key, _json(value))
    return _fix(manifest, [edit], is_safe)


def inserted_under(
    manifest: Manifest,
    into: str,
    values: Mapping[str, Json],
    order: Sequence[str],
    *,
    is_safe: bool,
) -> Fix | None:
    """The fix that adds members to the top-level object `into`, which is made if needed."""
    root = _node(manifest, ())
    target = _node(manifest, (into,))
    if root is None or target is None:
        return inserted(manifest, into, dict(values), order, is_safe=is_safe)
    data = manifest.source.data
    if target.members:
        last = _last(target)
        edits = [_insertion(data, last, key, _json(value)) for key, value in values.items()]
        text = b"".join(edit.replacement for edit in edits)
        return _fix(manifest, [Edit(last.span.end, last.span.end, text)], is_safe)
    if data[target.start : target.start + 1] != b"{":
        return None
    members = b", ".join(_json(key) + b": " + _json(value) for key, value in values.items())
    return _fix(manifest, [Edit(*target.span, _object(data, root, target, members))], is_safe)


def moved(manifest: Manifest, path: Path, into: str, key: str, *, is_safe: bool) -> Fix | None:
    """The fix that moves the member at `path` into the object `into` beside it, as `key`.

    The object is made if needed. A value that it has at `key` is replaced.
    """
    data = manifest.source.data
    parent, node = _node(manifest, path[:-1]), _node(manifest, path)
    if parent is None or node is None or node.key is None or node.is_repeated:
        return None
    written = data[node.span.start : node.span.end]
    member = _json(key) + _colon(data, node) + written
    target = parent.members.get(into)
    if target is None:
        made = _json(into) + _colon(data, node) + _object(data, parent, node, member)
        return _fix(manifest, [Edit(node.key.start, node.span.end, made)], is_safe)
    if key in target.members:
        edit = Edit(*target.members[key].span, written)
    elif target.members:
        edit = _insertion(data, _last(target), key, written)
    else:
        edit = Edit(*target.span, _object(data, parent, target, member))
    return _fix(manifest, [edit, _removal(data, node.key.start, node.span.end)], is_safe)


def ignoring(manifest: Manifest, texts: Iterable[str], path: Path) -> Edit | None:
    """The edit that adds texts to the array at `path`, below objects; what lacks is made."""
    root = _node(manifest, ())
    if not manifest.fields or root is None:
        return None
    items: list[Json] = [*texts]
    nodes = [root]
    for part in path:
        if not isinstance(part, str) or part not in nodes[-1].members:
            break
        nodes.append(nodes[-1].members[part])
    data, last = manifest.source.data, nodes[-1]
    missing = path[len(nodes) - 1 :]
    if not missing:
        return _appended(data, last, items)
    value: Json = items
    for key in reversed(missing[1:]):
        value = {str(key): value}
    written = _as_written(value)
    if data[last.start : last.start + 1] != b"{":
        return None
    if last.members:
        return _insertion(data, _last(last), str(missing[0]), written)
    member = _json(str(missing[0])) + b": " + written
    return Edit(*last.span, _object(data, nodes[-2], last, member))


def _fix(manifest: Manifest, edits: Iterable[Edit], is_safe: bool) -> Fix | None:
    ordered = tuple(sorted(edits))
    size = manifest.source.size + sum(len(edit.replacement) for edit in ordered)
    return Fix(manifest.source, ordered, is_safe) if ordered and size <= limits.FILE_BYTES else None


def _node(manifest: Manifest, path: Path) -> Node | None:
    """The node at exactly `path`; of a key that is given twice, the last, which has an effect."""
    node: Node | None = manifest.document.root
    for part in path:
        if node is None:
            return None
        node = node.members.get(part) if isinstance(part, str) else node.items[part]
    return node


def _json(value: Json) -> bytes:
    return json.dumps(value).encode()


def _rewriting(manifest: Manifest, path: Path, text: str) -> Iterator[Edit]:
    node, old = _node(manifest, path), manifest.string(*path)
    if node is None or old is None or old == text or len(old) > limits.REWRITTEN_CHARACTERS:
        return
    offsets = [node.span.start + 1]
    token = manifest.source.data[node.span.start + 1 : node.span.end - 1].decode()
    for match in _CHARACTER.finditer(token):
        offsets.append(offsets[-1] + len(match[0].encode()))
    same = in_common(old, text)
    same_at_end = in_common(old[same:][::-1], text[same:][::-1])
    start, end = offsets[same], offsets[len(old) - same_at_end]
    yield Edit(start, end, _json(text[same : len(text) - same_at_end])[1:-1])


def _after_spaces(data: bytes, at: int) -> int:
    """The offset of the first byte from `at` on that is not whitespace."""
    match = _SPACES.match(data, at)
    return match.end() if match else at


def _before_spaces(data: bytes, at: int) -> int:
    """The offset behind the last byte before `at`, in an object, that is not whitespace."""
    while data[at - 1] in b" \t\r\n":
        at -= 1
    return at


def _removal(data: bytes, start: int, end: int) -> Edit:
    """The edit that removes bytes `start` to `end`, a member or item, with its comma and spaces."""
    before, after = _before_spaces(data, start), _after_spaces(data, end)
    is_first, is_last = data[before - 1] in b"{[", data[after] in b"}]"
    if is_first and is_last:
        # With the brackets, so that no other edit inserts into what becomes empty.
        return Edit(before - 1, after + 1, data[before - 1 : before] + data[after : after + 1])
    if is_last:
        is_on_line = b"\n" not in data[before:start]
        return Edit(_before_spaces(data, before - 1) if is_on_line else before - 1, end, b"")
    following = _after_spaces(data, after + 1)
    newline = data.find(b"\n", after, following)
    if newline == -1:
        return Edit(start, following, b"")
    line_start = data.rfind(b"\n", before, start) + 1
    if line_start:  # whole lines, so that the next one stays as it is
        return Edit(line_start, data.rfind(b"\n", after, following) + 1, b"")
    return Edit(start if is_first else before, after + 1, b"")


def _insertion(data: bytes, neighbour: Node, key: str, written: bytes) -> Edit:
    """The edit that adds a member after another one, in the same style.

    A member on lines of its own goes between two lines, so that a diff shows no other line.
    """
    glue = _glue(data, neighbour)
    member = _json(key) + _colon(data, neighbour) + written
    comma = _COMMA.match(data, neighbour.span.end)
    if comma is not None and glue.startswith(b",") and b"\n" in glue:
        return Edit(comma.end(), comma.end(), glue[1:] + member + b",")
    return Edit(neighbour.span.end, neighbour.span.end, glue + member)


def _last(node: Node) -> Node:
    """The member of an object that is last in the file."""
    return max(node.members.values(), key=lambda member: member.start)


def _key_start(node: Node) -> int:
    return node.key.start if node.key else node.start


def _colon(data: bytes, node: Node) -> bytes:
    """What is between the key and the value of a member, without what aligns columns."""
    colon = data[node.key.end : node.start] if node.key else b": "
    return re.sub(rb"[ \t]{2,}", b" ", colon) if b"\n" not in colon else b": "


def _glue(data: bytes, node: Node) -> bytes:
    """What is between two members beside this one: a comma, and spaces."""
    start, end = _key_start(node), node.span.end
    before, after = _before_spaces(data, start), _after_spaces(data, end)
    if data[before - 1] == ord(","):
        glue = data[_before_spaces(data, before - 1) : start]
    elif data[after] == ord(","):
        glue = data[end : _after_spaces(data, after + 1)]
    elif b"\n" in data[before:start]:
        glue = b"," + data[before:start]
    else:
        glue = b"," if _colon(data, node) == b":" else b", "
    if len(glue) > limits.COPIED_SPACES:
        return b", "
    lines, newline, last = glue.rpartition(b"\n")
    if not newline:
        return glue
    newline = b"\r\n" if lines.endswith(b"\r") else b"\n"
    return newline + last if b"," in last else b"," + newline + last


def _as_written(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _appended(data: bytes, array: Node, items: list[Json]) -> Edit | None:
    if data[array.start : array.start + 1] != b"[":
        return None
    if not array.items:
        return Edit(*array.span, _as_written(items))
    last = array.items[-1]
    between = data[array.items[-2].span.end : last.start] if len(array.items) > 1 else b", "
    if len(array.items) == 1 and b"\n" in (lead := data[array.start + 1 : last.start]):
        between = b"," + lead
    end = last.span.end
    return Edit(end, end, b"".join(between + _as_written(item) for item in items))


def _object(data: bytes, parent: Node, node: Node, member: bytes) -> bytes:
    """An object with one member, to replace `node`, laid out like those beside it."""
    start = _key_start(node)
    lead = data[_before_spaces(data, start) : start]
    lines, newline, indent = lead.rpartition(b"\n")
    beside = [other for other in parent.members.values() if other.members and other is not node]
    model = beside[0] if beside else parent
    pad = data[model.start + 1 : _after_spaces(data, model.start + 1)]
    if not newline or b"\n" not in pad or len(lead) > limits.COPIED_SPACES:
        pad = pad if len(pad) < 3 and b"\n" not in pad else b""
        return b"{" + pad + member + pad + b"}"
    newline = b"\r\n" if lines.endswith(b"\r") else b"\n"
    line_start = data.rfind(b"\n", 0, _key_start(parent)) + 1
    outer = data[line_start : _after_spaces(data, line_start)]
    is_deeper = indent.startswith(outer) and len(indent) > len(outer)
    unit = indent[len(outer) :] if is_deeper else b"    "
    return b"{" + newline + indent + unit + member + newline + indent + b"}"
