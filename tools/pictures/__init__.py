"""The tour through the real program that ``docs_pictures.py`` starts; all but ``shrink.py`` runs inside QGIS."""
