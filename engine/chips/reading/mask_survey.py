"""Finding out what the values of masks mean, from the masks themselves; never by a guess."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ...errors import EngineError
from .greys import MAX_EXACT, NEAR_END
from .mask_coding import ColourCoding, GreyCoding, MaskCoding, ValueCoding, hexadecimal
from .mask_file import Mask, read_mask
from .mask_values import Colour, MaskValues, nearest_colour
from .placement import sample
from .road_label import RoadLabel

#: Masks looked at, evenly spread; more only where these show no road.
_SAMPLE = 32
_SHOWN = 12


def survey(folder: Path, masks: Sequence[Path], wanted: RoadLabel) -> tuple[MaskCoding, list[str]]:
    """Decide how the masks of a folder are coded.

    Args:
        folder: for messages. masks: all of them, in a fixed order. wanted: what the user calls road; may be empty.

    Returns:
        The coding, and remarks for the user.

    Raises:
        EngineError: the masks hold several values or colours and nobody said which is road, or none holds what was said.
    """
    unread = [name for name in wanted.names if not name.lstrip("-").isdigit()]
    if unread:
        raise EngineError(
            f"The masks of {folder} have no names of classes, such as '{unread[0]}': set the road label to a value or a colour "
            "(#rrggbb)."
        )
    found = MaskValues()
    for mask in _sampled(masks):
        found.add(mask)
        if found.count >= min(_SAMPLE, len(masks)) and found.shows(wanted):
            break
    if wanted.colours or (not wanted and found.coloured):
        return _colour_coding(folder, found, wanted), []
    if found.coloured:
        return _index_coding(folder, found, wanted), []
    if wanted:
        return _chosen_values(folder, found, wanted)
    return _grey_coding(folder, found)


def _sampled(masks: Sequence[Path]) -> Iterator[Mask]:
    """Yield masks spread evenly over the folder first, then the others."""
    first = sample(len(masks), _SAMPLE)
    for place in (*first, *sorted(set(range(len(masks))) - set(first))):
        yield read_mask(masks[place])


def _colour_coding(folder: Path, found: MaskValues, wanted: RoadLabel) -> ColourCoding:
    clusters = found.clusters()
    if wanted.colours:
        road = [nearest_colour(colour, clusters) for colour in wanted.colours]
        if None in road:
            missing = hexadecimal(np.array(wanted.colours[road.index(None)]))
            raise EngineError(f"The masks of {folder} hold no {missing}: they hold {_colour_list(clusters)}.")
        chosen = tuple(dict.fromkeys(each for each in road if each is not None))
        others = tuple(colour for colour in clusters if colour not in chosen)
        return ColourCoding(chosen, others, lossy=len(found.colours) > MAX_EXACT)
    black = nearest_colour((0, 0, 0), clusters)
    if len(clusters) != 2 or black is None:
        raise EngineError(
            f"The masks of {folder} hold several colours: {_colour_list(clusters)}. "
            "Set the road label to the colour that is road, for instance "
            f"{hexadecimal(np.array(next((each for each in clusters if each != black), (255, 255, 255))))}."
        )
    road_colour = next(colour for colour in clusters if colour != black)
    return ColourCoding((road_colour,), (black,), closed=True, lossy=len(found.colours) > MAX_EXACT)


def _index_coding(folder: Path, found: MaskValues, wanted: RoadLabel) -> ValueCoding:
    if found.numbers is None:
        raise EngineError(
            f"The masks of {folder} hold colours, not values: {_colour_list(found.clusters())}. "
            "Set the road label to a colour, for instance #ff0000."
        )
    _check_found(folder, found.numbers, wanted)
    return ValueCoding(frozenset(wanted.values))


def _chosen_values(folder: Path, found: MaskValues, wanted: RoadLabel) -> tuple[MaskCoding, list[str]]:
    blurred = found.eight_bits and len(found.greys) > MAX_EXACT
    if blurred:
        if list(wanted.values) == [255] and _is_black_and_white(found):
            return GreyCoding(), []
        chosen = RoadLabel(colours=tuple((value, value, value) for value in wanted.values))
        return _colour_coding(folder, found, chosen), []
    _check_found(folder, found.greys, wanted)
    # 255 beside a few small classes is the field's sign for "unknown"
    small = all(value < NEAR_END for value in found.greys if value != 255)
    if 255 in found.greys and small and 255 not in wanted.values:
        return ValueCoding(frozenset(wanted.values), ignored=255, raw=False), [
            f"The value 255 in the masks of {folder} is taken as unknown: it is neither learned nor scored."
        ]
    return ValueCoding(frozenset(wanted.values), raw=False), []


def _check_found(folder: Path, values: Counter[int], wanted: RoadLabel) -> None:
    missing = [value for value in wanted.values if value not in values]
    if missing:
        raise EngineError(f"The masks of {folder} hold no {missing[0]}: they hold {_value_list(values)}.")


def _grey_coding(folder: Path, found: MaskValues) -> tuple[MaskCoding, list[str]]:
    values = set(found.greys)
    if values <= {0}:
        return ValueCoding(known=frozenset({0}), raw=False), [f"No mask of {folder} holds a road: all pixels are 0 or nodata."]
    if 0 in values and len(values) == 2 and (values != {0, 255} or not found.eight_bits):
        return ValueCoding(known=frozenset(values), raw=False), []
    if found.eight_bits and _is_black_and_white(found):
        return GreyCoding(pure=values == {0, 255} and not found.lossy), []
    shown = found.greys
    if found.eight_bits and len(values) > MAX_EXACT:
        shown = Counter({colour[0]: count for colour, count in found.clusters().items()})
    example = min((value for value in shown if value), key=lambda value: shown[value])
    raise EngineError(
        f"The masks of {folder} hold several values: {_value_list(shown)}. "
        f"Set the road label to the value or values that are road, for instance {example}."
    )


def _is_black_and_white(found: MaskValues) -> bool:
    histogram = found.eight_bit_greys.histogram
    dark, bright = histogram[: NEAR_END + 1], histogram[255 - NEAR_END :]
    if not (histogram[0] and bright.any() and found.eight_bit_greys.are_noise(found.lossy)):
        return False
    # a few small values and a lone 255 may as well be classes and "unknown"
    ambiguous = not found.lossy and len(found.greys) <= MAX_EXACT and dark[1:].any() and not bright[:-1].any()
    return not ambiguous


def _value_list(values: Counter[int]) -> str:
    total = sum(values.values())
    shown = [f"{value} ({count / total:.2%})" for value, count in sorted(values.items())]
    return ", ".join(shown[:_SHOWN]) + (f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else "")


def _colour_list(clusters: Counter[Colour]) -> str:
    total = sum(clusters.values())
    shown = [f"{hexadecimal(np.array(colour))} ({count / total:.2%})" for colour, count in clusters.most_common()]
    return ", ".join(shown[:_SHOWN]) + (f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else "")
