"""Builds the model of an image: the stages of a Dockerfile that it is made from, each once."""

from gearlint.core import limits
from gearlint.core.budget import Budget
from gearlint.core.lazy import cached_property
from gearlint.core.unknown import UNKNOWN
from gearlint.image.bases.table import base_named
from gearlint.image.budget import ImageBudget
from gearlint.image.context import Context
from gearlint.image.files import Files
from gearlint.image.instructions import StageBuild
from gearlint.image.nodes import Cause, Directory, Link, Node
from gearlint.image.stages import (
    global_lookup,
    parent_of,
    sources_of,
    stage_named,
    unknown_stages,
)
from gearlint.image.state import GEAR_DIRECTORY, Image
from gearlint.syntax.dockerfile import Dockerfile, Stage
from gearlint.syntax.substitution import expand


def build(
    dockerfile: Dockerfile, context: Context, budget: ImageBudget | None = None
) -> Image | None:
    """The image of the last stage, `None` if the Dockerfile has no stage.

    What `budget` is left is spent, that of one image by default.
    """
    return Build(dockerfile, context, budget or ImageBudget()).build()


class Build:
    """Builds the stages that are asked for, each once.

    A path that needs a variable which nothing sets is unknown, as another was meant; `as_written`
    it is what Docker makes of it.
    """

    def __init__(
        self,
        dockerfile: Dockerfile,
        context: Context,
        budget: ImageBudget,
        *,
        as_written: bool = False,
    ) -> None:
        self.as_written = as_written
        self.dockerfile = dockerfile
        self.context = context
        self.images: dict[int, Image] = {}
        self.lookup_global = global_lookup(dockerfile)
        self.budget = budget
        self.unset = Budget(limits.UNSET_USES)
        """How many variables may be looked at that no instruction has set."""

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names that ARG and ENV have anywhere in the file."""
        return frozenset(
            pair.key.text
            for each in self.dockerfile.instructions
            if each.name in ("ARG", "ENV")
            for pair in each.pairs
        )

    def build(self) -> Image | None:
        """The image of the last stage; failures of the stages it is made from are its own."""
        stages = self.dockerfile.stages
        if not stages:
            return None
        # In order, and so without recursion: each stage finds those it needs built already.
        for index in sorted(self.needed()):
            self.stage(index)
        image = self.images[len(stages) - 1]
        for index in sorted(self.images):
            if self.images[index] is not image:
                image.take_lists(self.images[index])
        if not self.as_written:
            image.file_for_directory = image.files.as_directory(GEAR_DIRECTORY)
        image.files.settle()
        return image

    def needed(self) -> set[int]:
        """The numbers of the last stage and of those that it is made from."""
        stages = self.dockerfile.stages
        found: set[int | None] = {len(stages) - 1}
        for index in reversed(range(len(stages))):
            if index in found:
                found.add(parent_of(self.dockerfile, index, self.lookup_global))
                for instruction in stages[index].instructions:
                    found.update(self.number(name, index) for name in sources_of(instruction))
        return {number for number in found if number is not None}

    def number(self, name: str, before: int) -> int | None:
        """The number of the earlier stage that a name or number means, `None` if none is meant."""
        named = stage_named(self.dockerfile, name, before)
        if named is not None:
            return named
        if name.isascii() and name.isdecimal() and len(name) <= len(str(before)):
            return int(name) if int(name) < before else None
        meant = self._meant_stages.get(name)
        return stage_named(self.dockerfile, meant, before) if meant else None

    @cached_property
    def _meant_stages(self) -> dict[str, str]:
        """The stages that are meant by what GL310 says is not one."""
        return {flag.value or "": meant for flag, meant in unknown_stages(self.dockerfile)}

    def stage(self, index: int) -> Image:
        """The image of the stage with a number (from 0)."""
        if index not in self.images:
            stage = self.dockerfile.stages[index]
            image = self.start(stage, index)
            StageBuild(self, stage, index, image).replay()
            self.images[index] = image
        return self.images[index]

    def start(self, stage: Stage, index: int) -> Image:
        """The image that a stage begins with."""
        name = expand(stage.base.text, self.lookup_global, self.dockerfile.escape)
        image = unknown_image(self.budget, Cause(stage.base.span))
        if name is None:
            return image
        if name.lower() == "scratch":
            image = Image(Files(Directory(), self.budget))
            image.is_scratch = True
            return image
        earlier = stage_named(self.dockerfile, name, index)
        if earlier is not None:
            triggers = any(
                i.name == "ONBUILD" for i in self.dockerfile.stages[earlier].instructions
            )
            # BuildKit does what stands in ONBUILD first, buildah does not.
            is_known = not triggers and not self.budget.is_spent
            return self.stage(earlier).copy() if is_known else image
        base = base_named(name)
        if base is not None:
            image.files.root.names = base.top_level
            image.files.root.entries["flywheel"] = None
            line = stage.instruction.start_line
            for path in base.directories:
                here: Node = image.files.root
                for part in path[1:].split("/"):
                    here = here.made(part, line) if isinstance(here, Directory) else here
            if base.sh:
                image.files.put("/bin/sh", Link(base.sh, line), line)
            image.base = base
            image.workdir, image.shell, image.user = base.workdir, base.shell, base.user
            image.entrypoint = None if base.has_entrypoint is False else UNKNOWN
            image.inherited_entrypoint = base.entrypoint
        return image

    def named(self, name: str, before: int) -> Image | None:
        """The image of an earlier stage, by its name or number."""
        index = self.number(name, before)
        return None if index is None else self.stage(index)


def unknown_image(budget: ImageBudget, cause: Cause) -> Image:
    """An image of which nothing is known, for a cause."""
    image = Image(Files(Directory(vague=cause), budget, cause))
    image.origin = cause
    image.workdir = image.user = UNKNOWN
    image.entrypoint = image.cmd = UNKNOWN  # SHELL is all but never set by a base
    return image
