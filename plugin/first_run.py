"""What happens when a tool is opened and there is no environment yet: nothing before, and no dialog that blocks."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis
from qgis.PyQt.QtWidgets import QPushButton

from ..processing_provider.environment import why_missing
from ..processing_provider.translation import tr


def offer_set_up(iface: Any, open_set_up: Any) -> bool:
    """Offer the set-up in QGIS's message bar if there is no environment.

    Args:
        iface: QGIS's window.
        open_set_up: called when the user takes the offer.

    Returns:
        Whether it was offered: the tool cannot run then.
    """
    sentence = why_missing()
    if not sentence:
        return False
    bar = iface.messageBar()
    item = bar.createMessage(sentence)
    button = QPushButton(tr("Set up…"))

    def take() -> None:
        bar.popWidget(item)
        open_set_up()

    button.clicked.connect(take)
    item.layout().addWidget(button)
    bar.pushWidget(item, Qgis.MessageLevel.Warning)
    return True
