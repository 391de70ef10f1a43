"""Make pictures small enough for a page: few colours, or JPEG where a photograph is in them. Runs in the worker's Python."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

#: Width and bytes of which no picture has more.
_WIDTH, _BYTES = 1100, 98_000
_COLOURS = 96
#: Share of distinct colours among the pixels from which a picture counts as a photograph.
_PHOTOGRAPH = 0.02


def shrink(source: Path, folder: Path) -> Path:
    """Write the picture ``source`` into ``folder`` as PNG or JPEG, whichever suits it; return the file."""
    picture = Image.open(source).convert("RGB")
    if picture.width > _WIDTH:
        picture = picture.resize((_WIDTH, round(picture.height * _WIDTH / picture.width)), Image.Resampling.LANCZOS)
    if _is_photograph(picture):
        return _as_jpeg(picture, folder / f"{source.stem}.jpg")
    target = folder / f"{source.stem}.png"
    picture.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(target, optimize=True)
    if target.stat().st_size > _BYTES:
        target.unlink()
        return _as_jpeg(picture, folder / f"{source.stem}.jpg")
    return target


def _is_photograph(picture: Image.Image) -> bool:
    colours = picture.getcolors(picture.width * picture.height)
    return colours is not None and len(colours) > _PHOTOGRAPH * picture.width * picture.height


def _as_jpeg(picture: Image.Image, target: Path) -> Path:
    for quality in range(88, 40, -4):
        picture.save(target, quality=quality, optimize=True, progressive=True, subsampling=0 if quality > 75 else 2)
        if target.stat().st_size <= _BYTES:
            break
    return target


def main() -> None:
    """Shrink every PNG of one folder into another; pictures there that were not made anew go."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    made = {shrink(picture, target) for picture in sorted(source.glob("*.png"))}
    for old in target.iterdir():
        if old.suffix in (".png", ".jpg") and old not in made:
            print(f"removed: {old.name}")
            old.unlink()
    sizes = [picture.stat().st_size for picture in made]
    print(f"{len(sizes)} pictures, {sum(sizes) / 1e6:.2f} MB, the largest {max(sizes, default=0) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
