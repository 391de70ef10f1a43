"""The frame of the HTML reports: one page that needs no other file and no script."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222; }
table { border-collapse: collapse; margin: 1em 0; } th, td { padding: .25em .8em; border-bottom: 1px solid #ddd; }
.scores { font-size: 14px; }
.scores td, .scores th { text-align: right; font-variant-numeric: tabular-nums; padding: .25em .55em; }
.facts th { text-align: left; vertical-align: top; white-space: nowrap; } .facts td { overflow-wrap: anywhere; }
.best { background: #e8f3e8; font-weight: 600; } img { max-width: 100%; }
.verdict { border-left: .35em solid #999; background: #f4f4f4; padding: .4em .8em; margin: .5em 0; }
.verdict b { margin-right: .3em; }
.good { border-color: #3c8c3c; background: #eef6ee; } .look { border-color: #d98c00; background: #fdf5e4; }
"""


def page(title: str, body: str) -> str:
    """Return the whole page; ``body`` is HTML already, ``title`` plain text and also the first heading."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{safe(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{safe(title)}</h1>{body}</body></html>\n"
    )


def facts_table(facts: Mapping[str, str]) -> str:
    """Return a table of one label and one value a line, both plain text."""
    rows = "".join(f"<tr><th>{safe(label)}</th><td>{safe(value)}</td></tr>" for label, value in facts.items())
    return f'<table class="facts">{rows}</table>'


def picture(png: bytes, description: str) -> str:
    """Return an ``img`` element that holds the PNG itself."""
    return f'<img alt="{safe(description)}" src="data:image/png;base64,{base64.b64encode(png).decode("ascii")}">'


def notice(text: str) -> str:
    """Return plain text as a box that asks to be looked at."""
    return f'<p class="verdict look"><b>Look at this.</b> {safe(text)}</p>'


def safe(text: object) -> str:
    """Return plain text as HTML."""
    return html.escape(str(text))
