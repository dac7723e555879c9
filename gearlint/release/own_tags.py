"""Which tags of a repository are the releases of one gear. Knows no git."""

from collections.abc import Callable, Collection

from gearlint.core.lazy import cached_property
from gearlint.gear.gear import Gear
from gearlint.release.tags import Naming, TagForm, begins_with_v, form_of_setting


class OwnTags:
    """Knows the tags of a gear from others, by the setting `tag-format`, else by the gears' names.

    `others` gives the names of the other gears of the repository, and is asked only if need be.
    """

    def __init__(self, gear: Gear, others: Callable[[], Collection[str]]) -> None:
        self._gear = gear
        self._others = others
        self._name = gear.manifest.string("name") or ""

    @cached_property
    def chosen_form(self) -> TagForm | None:
        """The form that is set, `None` if none is."""
        template = self._gear.options.tag_format
        return (
            None if template is None else form_of_setting(template, self._name, self._gear.version)
        )

    @cached_property
    def naming(self) -> Naming:
        """How they are told apart where no form is set."""
        others = self._others()
        is_alone = not others or self._gear.real_directory == self._gear.root
        return Naming(self._name, others, is_alone, begins_with_v(self._gear.version))

    def version_in(self, tag: str) -> str | None:
        """The version that a tag of the gear has in it, `None` of any other tag."""
        form = self.chosen_form or self.naming.form_of(tag)
        return form.version_in(tag) if form else None
