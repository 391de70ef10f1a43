"""What QGIS runs when it has started: the tour through the program, scene by scene, then the end of QGIS.

QGIS executes the text of this file, which does not know its own path; the folder comes in a variable.
"""

from __future__ import annotations

import os
import sys
import traceback

from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

sys.path.insert(0, os.environ["ROADSMITH_TOUR_TOOLS"])
from pictures import designer, sample, set_up, window


def tour() -> None:
    """Run all scenes."""
    try:
        main_window = iface.mainWindow()
        main_window.showNormal()
        main_window.setGeometry(0, 0, window.WIDTH, window.HEIGHT)
        for dock in main_window.findChildren(QDockWidget):
            if dock.objectName() not in ("Layers",):
                dock.hide()
        sample.open_suburb()
        set_up.first_run()
        set_up.options()
        set_up.toolbox()
        sample.extract_from_suburb()
        sample.extract_from_countryside()
        sample.open_known_roads()
        sample.export_and_preview()
        sample.train()
        sample.classify_and_vectorise()
        sample.judge()
        sample.dialogs_only()
        for name in ("extractroads", "trainandextract", "preparelabels"):
            designer.keep_designer(name)
        set_up.dark()
        window.say("The end.")
    except Exception:  # the log is all that is left of a QGIS that ends
        window.say(traceback.format_exc())
    finally:
        os._exit(0)


QTimer.singleShot(3000, tour)
