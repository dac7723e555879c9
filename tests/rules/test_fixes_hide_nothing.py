"""Manifests with members at the wrong place, missing, misspelt or twice: `--fix` hides no fault."""

import json
import re
from collections import Counter
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, given, settings

from gearlint.core.finding import Finding
from gearlint.engine.settings import Settings
from tests.fixes import wrongs
from tests.sound import MANIFEST, write_beside

CHOSEN = Settings(select=("GL0", "GL1", "GL2"))
KEYS = sorted(MANIFEST)
OBJECTS = [
    ("custom",), ("custom", "gear-builder"), ("inputs",), ("inputs", "image"), ("config",),
    ("config", "threads"), ("environment",),
]  # fmt: skip
VALUES = ["", "x", " ", 1, None, [], {}, {"a": 1}, {"inputs": {}}, {"url": "x", "source": {}}]


@st.composite
def manifests(draw: st.DrawFn) -> str:
    """The text of a sound manifest, of which some members were moved, removed or changed."""
    manifest: dict[str, Any] = deepcopy(MANIFEST)
    again = []
    for _ in range(draw(st.integers(1, 3))):
        key = draw(st.sampled_from(KEYS))
        if key not in manifest:
            continue
        match draw(st.sampled_from(["move", "move", "remove", "rename", "value", "again"])):
            case "move":
                target: Any = manifest
                for part in draw(st.sampled_from(OBJECTS)):
                    target = target.get(part) if isinstance(target, dict) else None
                if isinstance(target, dict) and target is not manifest.get(key):
                    target[key] = manifest.pop(key)
            case "remove":
                del manifest[key]
            case "rename":
                other = draw(st.sampled_from([key[:-1], key + "s", key.upper(), "x-" + key]))
                manifest[other] = manifest.pop(key)
            case "value":
                manifest[key] = draw(st.sampled_from(VALUES))
            case _:
                value = draw(st.sampled_from([manifest[key], *VALUES]))
                again.append(f"{json.dumps(key)}: {json.dumps(value)}")
    text = json.dumps(manifest, indent=draw(st.sampled_from([None, 2, "\t"])))
    return "".join(["{", *(f"{member},\n    " for member in again), text[1:]])


def faults(found: list[Finding]) -> Counter[tuple[str, str]]:
    """The findings by code and message, without numbers."""
    return Counter((one.code, re.sub(r"\d+", "N", one.message)) for one in found)


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(manifests())
def test_what_no_safe_fix_is_for_is_reported_after_fixing_too(text: str) -> None:
    with TemporaryDirectory() as name:
        write_beside(Path(name))
        Path(name, "manifest.json").write_text(text)
        run, wrong = wrongs(Path(name), CHOSEN, unsafe=False)
        assert wrong == []
        # A field that is in another object was misplaced, so adding an empty one would hide that.
        keys = re.findall(r'"([^"]+)":', text)
        kept = [
            one
            for one in run.before
            if one.fix is None
            or not one.fix.is_safe
            or (one.code == "GL101" and one.message.split('"')[1] in keys)
        ]
        assert faults(kept) <= faults(run.after)
