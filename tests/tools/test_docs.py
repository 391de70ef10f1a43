"""The documentation hangs together: no link leads nowhere, no picture is lost or heavy, every page is in the site's menu."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
IMAGES = DOCS / "images"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
#: Bytes of which no picture has more, and all of ``docs/images/steps`` together.
HEAVIEST, HEAVIEST_STEPS = 200_000, 2_500_000
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")


def text_of(page):
    """A page without its examples of code, in which brackets mean something else."""
    return CODE.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))


def links_of(page):
    """Whether it is a picture, the words, and the target of each link to something in the repository."""
    found = ((bool(mark), words, target) for mark, words, target in LINK.findall(text_of(page)))
    return [each for each in found if not re.match(r"[a-z]+:", each[2])]


def anchors_of(page):
    """The anchors that GitHub gives a page's headings."""
    counts, anchors = {}, set()
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = counts.get(anchor, 0)
        counts[anchor] = number + 1
        anchors.add(f"{anchor}-{number}" if number else anchor)
    return anchors


def pictures():
    return sorted(path for path in IMAGES.rglob("*") if path.suffix in (".png", ".jpg", ".jpeg", ".gif", ".svg"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    broken = []
    for _, _, target in links_of(page):
        name, _, anchor = unquote(target).partition("#")
        place = (page.parent / name).resolve() if name else page
        if not place.exists() or (anchor and (place.suffix != ".md" or anchor not in anchors_of(place))):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_picture_says_what_it_shows(page):
    assert [target for is_picture, words, target in links_of(page) if is_picture and len(words.split()) < 2] == []


def test_every_picture_is_used():
    used = {(page.parent / unquote(target)).resolve() for page in PAGES for _, _, target in links_of(page)}
    assert [path.relative_to(DOCS).as_posix() for path in pictures() if path.resolve() not in used] == []


def test_no_picture_is_heavy():
    sizes = {path.relative_to(DOCS).as_posix(): path.stat().st_size for path in pictures()}
    assert {name: size for name, size in sizes.items() if size > HEAVIEST} == {}
    assert sum(size for name, size in sizes.items() if name.startswith("images/steps/")) <= HEAVIEST_STEPS


def test_the_menu_of_the_site_names_every_page_once():
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    menu = re.findall(r"^ +- .+: (\S+\.md)$", settings.partition("\nnav:\n")[2], re.MULTILINE)
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    of_tools = {page for page in pages if page.startswith("algorithms/") and page != "algorithms/README.md"}
    assert sorted(menu) == sorted(pages - of_tools)


def test_anchors_are_github_s(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A *b* `C_d`: e, f?\n## Two\n```sh\n# no heading\n```\n## Two\n### [x](y.md) über\n", encoding="utf-8")
    assert anchors_of(page) == {"a-b-c_d-e-f", "two", "two-1", "x-über"}
    assert "nowhere" not in anchors_of(page)
