"""How much of its memory a device uses, for whoever watches a training."""

from __future__ import annotations

from pathlib import Path

import torch


def memory_in_use(device: torch.device) -> tuple[int, int] | None:
    """Return bytes in use, by all programs, and bytes there are: of a GPU its own memory, else the computer's.

    None where nobody can tell.
    """
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        return int(total - free), int(total)
    if device.type == "mps":
        most = getattr(torch.mps, "recommended_max_memory", None)  # PyTorch 2.2 has no such function
        return (int(torch.mps.driver_allocated_memory()), int(most())) if most is not None else None
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        kilobytes = {name: int(rest.split()[0]) for name, rest in (line.split(":", 1) for line in lines)}
        return 1024 * (kilobytes["MemTotal"] - kilobytes["MemAvailable"]), 1024 * kilobytes["MemTotal"]
    except (OSError, LookupError, ValueError):
        return None
