"""Image references, as Docker reads them."""

import pytest

from gearlint.syntax.image_reference import parse

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("gear", None, "gear", None, None),
        ("gear:1.0", None, "gear", "1.0", None),
        ("me/gear:1.0_2.0", None, "me/gear", "1.0_2.0", None),
        ("localhost:5000/a/b:1.0", "localhost:5000", "a/b", "1.0", None),
        ("localhost:5000/a/b", "localhost:5000", "a/b", None, None),
        ("localhost/a:1", "localhost", "a", "1", None),
        ("ghcr.io/org/team/gear:1", "ghcr.io", "org/team/gear", "1", None),
        ("[::1]:5000/gear:1", "[::1]:5000", "gear", "1", None),
        ("HOST/gear:1", "HOST", "gear", "1", None),
        (f"me/gear@{DIGEST}", None, "me/gear", None, DIGEST),
        (f"me/gear:1.0@{DIGEST}", None, "me/gear", "1.0", DIGEST),
        ("a__b/c-d.e:1", None, "a__b/c-d.e", "1", None),
    ],
)
def test_valid_references_are_split(
    text: str, registry: str | None, repository: str, tag: str | None, digest: str | None
) -> None:
    image = parse(text)
    assert image.fault == ""
    assert (image.registry, image.repository.text, image.digest) == (registry, repository, digest)
    assert (image.tag.text if image.tag else None) == tag
    for part in (image.repository, *([image.tag] if image.tag else [])):
        assert text[part.start : part.end] == part.text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("me/My-Gear:1", 'has upper-case letters in "My-Gear"'),
        ("Gear:1", 'has upper-case letters in "Gear"'),
        ("me/my gear:1", "has a space in it"),
        ("me//gear:1", "has an empty part in its path"),
        ("me/gear/:1", "has an empty part in its path"),
        ("me/-gear:1", 'has "-gear" in its path, which is not valid there'),
        ("me/gear:1+2", 'has the tag "1+2", which is not valid'),
        ("me/gear:.1", 'has the tag ".1", which is not valid'),
        ("me/gear:" + "1" * 129, 'has the tag "' + "1" * 129 + '", which is not valid'),
        ("me/gear@sha256:12", "has no digest such as sha256:… after the @"),
        ("a_b.example:5000/gear:1", "has the registry a_b.example:5000, which is not a host name"),
        ("a/" * 130 + "gear", "is longer than 255 characters"),
    ],
)
def test_faults_of_references_that_are_not_valid(text: str, fault: str) -> None:
    assert parse(text).fault == fault
