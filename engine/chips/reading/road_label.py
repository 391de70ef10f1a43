"""The user's word for what is road in a label: values, names of classes, or colours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import EngineError


@dataclass(frozen=True)
class RoadLabel:
    """What is road; empty: all that is no background.

    Attributes:
        names: values and names of classes as they were typed. colours: red, green, blue, 0 to 255.
    """

    names: tuple[str, ...] = ()
    colours: tuple[tuple[int, int, int], ...] = ()
    values: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.colours or self.values)


def parse_road_label(text: str) -> RoadLabel:
    """Read ``1``, ``1,3``, ``primary; secondary`` or ``#ff0000``.

    Raises:
        EngineError: a colour is none, or values and colours are mixed.
    """
    words = tuple(word.strip() for word in re.split(r"[,;]", text) if word.strip())
    colours = [word for word in words if word.startswith("#")]
    if colours and len(colours) < len(words):
        raise EngineError(f"The road label '{text}' mixes colours and values: give one or the other.")
    for colour in colours:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise EngineError(f"The road label '{colour}' is no colour: write it as #rrggbb, for instance #ff0000.")
    if colours:
        parsed = tuple((int(each[1:3], 16), int(each[3:5], 16), int(each[5:7], 16)) for each in colours)
        return RoadLabel(colours=parsed)
    values = tuple(int(word) for word in words if re.fullmatch(r"-?\d+", word))
    return RoadLabel(names=words, values=values)
