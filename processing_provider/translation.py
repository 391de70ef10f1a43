"""The user's language: marking texts, looking them up, and loading the translations."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

#: What Qt calls the place of a text; one for the whole plugin, so that equal texts are translated once.
CONTEXT = "Roadsmith"

_FOLDER = Path(__file__).with_name("translations")


def tr(text: str) -> str:
    """Return ``text`` in the user's language.

    ``tools/translations.py`` reads the texts out of the source: a literal, with ``.format`` outside, or a constant that was
    marked with ``tr_noop``. To be called when the text is shown, never on import: no translation is loaded then.
    """
    return QCoreApplication.translate(CONTEXT, text)


def tr_noop(text: str) -> str:
    """Mark a text of a constant, which is translated where it is used: ``tr(CONSTANT)``. Returns it as it is."""
    return text


def install_translator() -> QTranslator | None:
    """Load the translation into the user's language; keep the answer for ``remove_translator``.

    Returns:
        None if there is none into the language of QGIS, or if it is English.
    """
    application = QgsApplication.instance()
    path = translation_file(application.locale()) if application is not None else None
    translator = QTranslator()
    if path is None or not translator.load(str(path)):
        return None
    application.installTranslator(translator)
    return translator


def remove_translator(translator: QTranslator | None) -> None:
    """Take a translation away again."""
    application = QCoreApplication.instance()
    if translator is not None and application is not None:  # none any more where QGIS is being closed
        application.removeTranslator(translator)


def translation_file(locale: str) -> Path | None:
    """Return the translation for a locale such as ``de_AT``: its own, else that of its language (``de``), else None."""
    names = locale.replace("-", "_").partition(".")[0]
    for name in dict.fromkeys((names, names.partition("_")[0])):
        path = _FOLDER / f"roadsmith_{name}.qm"
        if name and path.is_file():
            return path
    return None
