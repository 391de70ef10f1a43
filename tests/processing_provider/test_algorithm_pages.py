"""The pages about the tools say what the tools say."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))


@pytest.fixture(scope="module")
def algorithm_pages():
    import algorithm_pages

    return algorithm_pages


def test_the_pages_are_those_of_the_tools(provider, algorithm_pages):
    made = algorithm_pages.pages(provider)
    kept = {path.name: path.read_text(encoding="utf-8") for path in algorithm_pages.FOLDER.glob("*.md")}
    assert sorted(kept) == sorted(made)
    assert [name for name in made if kept[name] != made[name]] == [], "run: make docs"


def test_a_page_names_every_parameter_and_result(provider, algorithm_pages):
    for algorithm in provider.algorithms():
        text = algorithm_pages.page(algorithm)
        assert text.startswith("<!--") and f"\n# {algorithm.displayName()}\n" in text
        assert all(f"| `{each.name()}` |" in text for each in algorithm.outputDefinitions())
        rows = [line for line in text.splitlines() if line.startswith("| `")]
        hidden = sum(bool(each.flags() & each.Flag.FlagHidden) for each in algorithm.parameterDefinitions())
        assert len(rows) == len(algorithm.parameterDefinitions()) - hidden + len(algorithm.outputDefinitions())
