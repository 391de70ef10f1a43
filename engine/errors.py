"""What goes wrong in the engine, said so that a person can act on it."""

from __future__ import annotations


class EngineError(Exception):
    """A failure the user can understand and mend.

    Args:
        message: one sentence: what is wrong, where, and what to do.
        kind: ``input`` (the data or the parameters), ``memory``, ``gpu_memory``, ``disk``, ``environment`` or ``internal``.
    """

    def __init__(self, message: str, kind: str = "input") -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind


class Cancelled(Exception):
    """The user asked to stop. Raised at a check point, so that files are closed and partial ones removed on the way out."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception is what PyTorch raises for an allocation that failed, on a CUDA or Apple GPU or on the CPU.

    Told by its class's name (torch is not imported for it) or its words: "MPS backend out of memory", "DefaultCPUAllocator:
    can't allocate memory".
    """
    if not isinstance(error, RuntimeError):
        return False
    text, phrases = str(error).lower(), ("out of memory", "can't allocate memory", "not enough memory")
    return type(error).__name__ == "OutOfMemoryError" or any(phrase in text for phrase in phrases)
