#!/usr/bin/env python3
"""Counts the slices of the input image and writes the number to the output."""

import json
from pathlib import Path

import nibabel

GEAR = Path("/flywheel/v0")


def main() -> None:
    config = json.loads((GEAR / "config.json").read_text())
    image = nibabel.load(config["inputs"]["image"]["location"]["path"])
    slices = image.get_fdata().T
    if config["config"]["skip-empty"]:
        slices = [one for one in slices if one.any()]
    (GEAR / "output" / "slices.txt").write_text(f"{len(slices)}\n")


if __name__ == "__main__":
    main()
