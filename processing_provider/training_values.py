"""What a training's parameters are worth."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from .parameters import file_name, folder_names, is_given, optional_number


class Values:
    """Reads the parameters of one run by their names."""

    def __init__(
        self, algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> None:
        self._algorithm, self._parameters, self._context = algorithm, parameters, context

    def choice(self, name: str) -> str:
        """Return the chosen word."""
        return self._algorithm.parameterAsEnumString(self._parameters, name, self._context)

    def whole(self, name: str) -> int:
        """Return a whole number."""
        return self._algorithm.parameterAsInt(self._parameters, name, self._context)

    def number(self, name: str) -> float:
        """Return a number."""
        return self._algorithm.parameterAsDouble(self._parameters, name, self._context)

    def optional(self, name: str) -> float:
        """Return a number that may be left empty, 0 then; its default, if it has one, where it is not named at all."""
        if name not in self._parameters and self._algorithm.parameterDefinition(name).defaultValue() is not None:
            return self.number(name)
        return optional_number(self._algorithm, self._parameters, name, self._context)

    def switch(self, name: str) -> bool:
        """Return whether it is on."""
        return self._algorithm.parameterAsBool(self._parameters, name, self._context)

    def text(self, name: str) -> str:
        """Return text without blanks around it."""
        return self._algorithm.parameterAsString(self._parameters, name, self._context).strip()

    def cells(self, name: str) -> list[Any]:
        """Return the cells of a table, row by row; none if it is left empty."""
        if not is_given(self._parameters, name):
            return []
        return self._algorithm.parameterAsMatrix(self._parameters, name, self._context)

    def path(self, name: str) -> str:
        """Return the absolute path of a file or folder.

        Raises:
            QgsProcessingException: the parameter is empty.
        """
        return file_name(self._algorithm, self._parameters, name, self._context)

    def file(self, name: str) -> str:
        """Return the absolute path of a file that may be left out, empty then."""
        return self.path(name) if is_given(self._parameters, name) else ""

    def folders(self, name: str) -> list[str]:
        """Return the absolute paths of one or several folders.

        Raises:
            QgsProcessingException: the parameter is empty.
        """
        return folder_names(self._algorithm, self._parameters, name, self._context)

    def optional_folders(self, name: str) -> list[str]:
        """Return the same of folders that may be left out, none then."""
        return self.folders(name) if is_given(self._parameters, name) else []
