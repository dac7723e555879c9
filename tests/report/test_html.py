"""The page of `--output-format html`, as a browser shows it."""

import builtins
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from gearlint.rules import RULES
from tests.conftest import Run
from tests.report.browser import CHROMIUM, Browser
from tests.report.hostile import NAME, write_hostile
from tests.repositories import Repository
from tests.sound import write_gear

pytest.importorskip("jinja2", reason="the extra gearlint[html] is not installed")

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

MEMBERS = ("", '"label": ""', '"version": "1.0.1_2.0.0"', '"name": "gear-x"')
GEARS = 200


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of 200 gears, one of them hostile, in a repository with one release."""
    import os

    from gearlint.cli.main import main

    directory = tmp_path_factory.mktemp("gears")
    before = os.getcwd()
    os.chdir(directory)
    try:
        repository = Repository(directory)
        for number in range(GEARS - 1):
            members = MEMBERS[number % len(MEMBERS)]
            name = "" if '"name"' in members else f',\n"name": "gear-{number:03}"'
            write_gear(directory / f"gear-{number:03}", (members + name).lstrip(",\n"))
        write_hostile(directory)
        repository.commit()
        repository.git("tag", "gear-000/1.0.0_2.0.0")
        assert main(["check", "--quiet", "--output-format", "html:page.html"]) == 1
    finally:
        os.chdir(before)
    return directory / "page.html"


@pytest.fixture(scope="module")
def browser(page: Path) -> Iterator[Browser]:
    """The page in a browser."""
    with Browser() as browser:
        browser.look()
        browser.open(page)
        yield browser


def shown(browser: Browser) -> list[str]:
    """The names of the gears that are shown, in their order."""
    found = browser.evaluate(
        "[...document.querySelectorAll('.gear')].filter(g => g.offsetParent !== null)"
        ".map(g => g.dataset.name)"
    )
    return [str(name) for name in found]


def filtered(browser: Browser, text: str) -> list[str]:
    browser.evaluate(f"filter.value = {json.dumps(text)}; filter.dispatchEvent(new Event('input'))")
    return shown(browser)


@needs_browser
def test_all_gears_are_there_the_worst_first(browser: Browser) -> None:
    names = filtered(browser, "")
    assert len(names) == GEARS
    assert names[0] == NAME
    assert browser.evaluate("document.getElementById('shown').value") == f"{GEARS} of {GEARS}"


@needs_browser
def test_filter_by_name_rule_and_text(browser: Browser) -> None:
    assert filtered(browser, "gear-004") == ["gear-004"]
    by_rule = filtered(browser, "gl201")
    assert 0 < len(by_rule) < GEARS
    assert filtered(browser, 'IMAGE tag "1.0.0') == by_rule
    assert filtered(browser, "no gear has this") == []
    assert browser.evaluate("!document.getElementById('none').hidden")
    filtered(browser, "")
    browser.evaluate("document.querySelector('.pick').click()")
    assert browser.evaluate("filter.value") in RULES
    assert 0 < len(shown(browser)) < GEARS
    assert len(filtered(browser, "")) == GEARS


@needs_browser
def test_chips(browser: Browser) -> None:
    counts = {}
    for kind in ("error", "warning", "info", "sound", "all"):
        browser.evaluate(f"document.querySelector('.chip[data-kind={kind}]').click()")
        counts[kind] = len(shown(browser))
        assert browser.evaluate("document.querySelectorAll('[aria-pressed=true]').length") == 1
    assert counts["all"] == GEARS
    assert 0 < counts["error"] < GEARS
    assert counts["error"] + counts["warning"] + counts["sound"] <= GEARS
    assert counts["sound"] > 0


@needs_browser
def test_sort(browser: Browser) -> None:
    def by(key: str) -> list[str]:
        browser.evaluate(f"sort.value = '{key}'; sort.dispatchEvent(new Event('change'))")
        return shown(browser)

    names = [name for name in by("name") if name.startswith("gear-")]
    assert names == sorted(names)
    assert by("tag")[0] == "gear-000"
    first = by("version")[0]
    version = f"document.querySelector('[data-name={json.dumps(first)}]').dataset.version"
    assert browser.evaluate(version) == "1.0.1_2.0.0"
    assert by("findings")[0] == NAME


@needs_browser
def test_a_gear_opens_with_lines_and_links(browser: Browser) -> None:
    filtered(browser, "gear-002")
    text = browser.evaluate(
        "(() => { const g = [...document.querySelectorAll('.gear')].find(g => !g.hidden);"
        "g.open = true; return g.innerText })()"
    )
    assert '"image": "me/my-gear:1.0.0_2.0.0"' in text
    assert "^^^^" in text
    link = browser.evaluate("document.querySelector('.gear:not([hidden]) a.code').href")
    assert link.endswith("#gl201-image-tag-mismatch")
    filtered(browser, "")


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(browser: Browser, scheme: str) -> None:
    browser.look(scheme=scheme)
    rgb = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    parts = [int(part) for part in rgb[4:-1].split(",")]
    assert (sum(parts) > 600) == (scheme == "light")
    browser.evaluate("document.getElementById('theme').click()")
    assert browser.evaluate("getComputedStyle(document.body).backgroundColor") != rgb
    browser.evaluate("delete document.documentElement.dataset.theme")


@needs_browser
@pytest.mark.parametrize("width", [320, 390, 768, 1280, 2560])
def test_nothing_is_wider_than_the_window(browser: Browser, width: int, tmp_path: Path) -> None:
    browser.look(width=width)
    browser.evaluate("document.querySelectorAll('.gear').forEach((g, i) => g.open = i < 3)")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    browser.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 10_000
    browser.look()


@needs_browser
def test_no_complaint_no_request_no_script_of_a_gear(browser: Browser, page: Path) -> None:
    assert browser.complaints() == []
    assert browser.requests() == [page.as_uri()]
    assert (
        browser.evaluate("document.querySelectorAll('img, iframe, link[rel=stylesheet]').length")
        == 0
    )
    assert browser.evaluate("document.querySelectorAll('script').length") == 1
    assert browser.evaluate("document.querySelectorAll('[onerror]').length") == 0
    names = browser.evaluate("[...document.querySelectorAll('.gear')].map(g => g.dataset.name)")
    assert NAME in names


@needs_browser
def test_a_script_that_gets_into_the_page_does_not_run(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    bad = tmp_path / "bad.html"
    bad.write_text(text.replace("<main>", "<main><script>window.ran = 1</script>"))
    with Browser() as browser:
        browser.open(bad)
        assert browser.evaluate("window.ran") is None
        assert browser.complaints() != []


def test_page_without_findings_and_with_errors(run: Run) -> None:
    write_gear(Path("gear"))
    outcome = run("check", "gear", "--output-format", "html")
    assert (outcome.code, outcome.stdout.startswith("<!doctype html>")) == (0, True)
    assert "http://" not in outcome.stdout
    outcome = run("check", "absent <b>", "--output-format", "html")
    assert outcome.code == 2
    assert "absent &lt;b&gt;: no such file" in outcome.stdout


def test_without_jinja2_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> object:
        if name == "jinja2":
            raise ImportError(name)
        return original(name, globals, locals, fromlist, level)

    monkeypatch.setattr(builtins, "__import__", without)
    write_gear(Path("gear"))
    outcome = run("check", "--output-format", "html:page.html")
    assert outcome.code == 2
    for command in ("pip install 'gearlint[html]'", "pipx inject gearlint jinja2"):
        assert command in outcome.stderr
    assert not Path("page.html").exists()
