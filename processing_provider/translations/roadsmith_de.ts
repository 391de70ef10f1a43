<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Roadsmith</name>
    <message>
        <location filename="../../plugin/background.py"/>
        <source>Something unexpected went wrong ({}: {}).</source>
        <translation>Etwas Unerwartetes ist schiefgegangen ({}: {}).</translation>
    </message>
    <message>
        <location filename="../../plugin/first_run.py"/>
        <location filename="../../plugin/options_page.py"/>
        <source>Set up…</source>
        <translation>Einrichten…</translation>
    </message>
    <message>
        <location filename="../../plugin/menu.py"/>
        <source>Extract roads…</source>
        <translation>Straßen extrahieren…</translation>
    </message>
    <message>
        <location filename="../../plugin/menu.py"/>
        <source>Train and extract roads…</source>
        <translation>Modell trainieren und Straßen extrahieren…</translation>
    </message>
    <message>
        <location filename="../../plugin/menu.py"/>
        <source>Export training data…</source>
        <translation>Trainingsdaten exportieren…</translation>
    </message>
    <message>
        <location filename="../../plugin/menu.py"/>
        <source>Train road extractor…</source>
        <translation>Straßenerkennung trainieren…</translation>
    </message>
    <message>
        <location filename="../../plugin/menu.py"/>
        <source>Train refinement stage…</source>
        <translation>Verfeinerungsstufe trainieren…</translation>
    </message>
    <message>
        <location filename="../../plugin/menu.py"/>
        <source>Classify pixels…</source>
        <translation>Pixel klassifizieren…</translation>
    </message>
    <message>
        <location filename="../../plugin/menu.py"/>
        <source>Raster to road vector…</source>
        <translation>Straßennetz aus Raster ableiten…</translation>
    </message>
    <message>
        <location filename="../../plugin/menu.py"/>
        <source>Set up environment…</source>
        <translation>Umgebung einrichten…</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>Score shown</source>
        <translation>Angezeigter Wert</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>No epoch is complete yet.</source>
        <translation>Noch ist keine Epoche abgeschlossen.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>epoch</source>
        <translation>Epoche</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>Score</source>
        <translation>Güte</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>Score on the validation chips:</source>
        <translation>Gütemaß auf den Validierungs-Chips:</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>training, single steps</source>
        <translation>Training, einzelne Schritte</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_curves.py"/>
        <source>rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_dock.py"/>
        <source>Roadsmith: training</source>
        <translation>Roadsmith: Training</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_dock.py"/>
        <source>The training cannot be reached: {} may not be written ({}).</source>
        <translation>Das Training ist nicht zu erreichen: In {} darf nicht geschrieben werden ({}).</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_dock.py"/>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_dock.py"/>
        <source>Samples</source>
        <translation>Beispiele</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_dock.py"/>
        <source>Cancel this training? No model is written. Resume can go on after the last saved epoch.</source>
        <translation>Dieses Training abbrechen? Es wird kein Modell geschrieben. Mit „Fortsetzen“ lässt es sich nach der letzten gespeicherten Epoche weiterführen.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_hook.py"/>
        <source>Training monitor</source>
        <translation>Trainingsmonitor</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_list.py"/>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_list.py"/>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_list.py"/>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_list.py"/>
        <source>Best (epoch)</source>
        <translation>Bestwert (Epoche)</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_list.py"/>
        <source>Started</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_list.py"/>
        <source>Trainings</source>
        <translation>Trainings</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_list.py"/>
        <source>Double click opens the report.</source>
        <translation>Ein Doppelklick öffnet den Bericht.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_map.py"/>
        <source>Truth {}</source>
        <translation>Referenz {}</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_map.py"/>
        <source>Prediction {}</source>
        <translation>Vorhersage {}</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_map.py"/>
        <source>Training of {}</source>
        <translation>Training von {}</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_panel.py"/>
        <source>Stop early</source>
        <translation>Vorzeitig beenden</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_panel.py"/>
        <source>Ends the training and writes the model of the best epoch so far.</source>
        <translation>Beendet das Training und schreibt das Modell der bisher besten Epoche.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_panel.py"/>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_panel.py"/>
        <source>Ends the training without a model. Resume goes on after the last saved epoch.</source>
        <translation>Beendet das Training ohne Modell. „Fortsetzen“ führt es nach der letzten gespeicherten Epoche weiter.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_panel.py"/>
        <source>Open report</source>
        <translation>Bericht öffnen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_panel.py"/>
        <source>No training yet</source>
        <translation>Noch kein Training</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_panel.py"/>
        <source>Start one with Raster &gt; Roadsmith &gt; Train road extractor: it appears here, whatever it is started from.</source>
        <translation>Starten Sie eines mit Raster &gt; Roadsmith &gt; Straßenerkennung trainieren: Es erscheint hier, von wo auch immer es gestartet wird.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_pictures.py"/>
        <source>Show on the map</source>
        <translation>In der Karte zeigen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_pictures.py"/>
        <source>Adds truth and prediction of these chips as layers that follow the training from epoch to epoch.</source>
        <translation>Fügt Referenz und Vorhersage dieser Chips als Layer hinzu, die dem Training von Epoche zu Epoche folgen.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_pictures.py"/>
        <source>Validation chips after epoch {}</source>
        <translation>Validierungs-Chips nach Epoche {}</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_pictures.py"/>
        <source>After the first epoch, some validation chips are shown here with what the network makes of them.</source>
        <translation>Nach der ersten Epoche werden hier einige Validierungs-Chips gezeigt und was das Netz daraus macht.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_pictures.py"/>
        <source>image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_pictures.py"/>
        <source>truth</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_pictures.py"/>
        <source>prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>writing model</source>
        <translation>schreibt Modell</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>first epoch</source>
        <translation>erste Epoche</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>reading the training data</source>
        <translation>liest die Trainingsdaten</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>searching for a learning rate</source>
        <translation>sucht eine Lernrate</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>{}, {} of {} epochs</source>
        <translation>{}, {} von {} Epochen</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>{}, epoch {} of {}</source>
        <translation>{}, Epoche {} von {}</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <location filename="../../processing_provider/relay.py"/>
        <source>{} left</source>
        <translation>noch {}</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>stopping early…</source>
        <translation>wird vorzeitig beendet…</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>stopping after the first epoch…</source>
        <translation>wird nach der ersten Epoche beendet…</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>cancelling…</source>
        <translation>wird abgebrochen…</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>Its process ended without a word. Run the tool again with Resume: it goes on after the last saved epoch.</source>
        <translation>Sein Prozess ist ohne Meldung verschwunden. Starten Sie das Werkzeug erneut mit „Fortsetzen“: Es macht nach der letzten gespeicherten Epoche weiter.</translation>
    </message>
    <message>
        <location filename="../../plugin/monitor_text.py"/>
        <source>{}: {:.1f} of {:.1f} GB memory in use</source>
        <translation>{}: {:.1f} von {:.1f} GB Speicher belegt</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>Roadsmith is set up; Test shows device, versions and speed.</source>
        <translation>Roadsmith ist eingerichtet; „Testen“ zeigt Gerät, Versionen und Geschwindigkeit.</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <location filename="../../plugin/setup_dialog.py"/>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>empty: the environment that Set up… makes</source>
        <translation>leer: die Umgebung, die „Einrichten…“ anlegt</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>What &apos;auto&apos; in the tools means. auto: the fastest there is. cuda:1: the second NVIDIA GPU.</source>
        <translation>Was „auto“ in den Werkzeugen bedeutet. auto: das schnellste vorhandene Gerät. cuda:1: die zweite NVIDIA-GPU.</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>no limit</source>
        <translation>unbegrenzt</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>A tool that needs more memory of the computer is stopped. Memory of a GPU does not count.</source>
        <translation>Ein Werkzeug, das mehr Arbeitsspeicher braucht, wird beendet. Der Speicher der GPU zählt nicht mit.</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>Where the environment and downloaded weights are kept. After a change, set up again.</source>
        <translation>Wo die Umgebung und heruntergeladene Gewichte liegen. Richten Sie nach einer Änderung neu ein.</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>empty: this computer; else tcp://host:port</source>
        <translation>leer: dieser Computer; sonst tcp://host:port</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>The Dask scheduler that Classify pixels and Raster to road vector offer by default.</source>
        <translation>Der Dask-Scheduler, den „Pixel klassifizieren“ und „Straßennetz aus Raster ableiten“ vorschlagen.</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Copy diagnostics</source>
        <translation>Diagnose kopieren</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>For all tools</source>
        <translation>Für alle Werkzeuge</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/setup_environment.py"/>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>Memory limit</source>
        <translation>Speichergrenze</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>Cache folder</source>
        <translation>Cache-Ordner</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Dask scheduler</source>
        <translation>Dask-Scheduler</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>The variable {} is set and goes before: {}</source>
        <translation>Die Variable {} ist gesetzt und hat Vorrang: {}</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <location filename="../../plugin/plugin.py"/>
        <source>Roadsmith</source>
        <translation>Roadsmith</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>Testing the environment</source>
        <translation>Umgebung wird getestet</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>Writing the diagnostics report</source>
        <translation>Diagnosebericht wird geschrieben</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>It works.</source>
        <translation>Es funktioniert.</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>The report is in the clipboard; paste it into the bug report.</source>
        <translation>Der Bericht ist in der Zwischenablage; fügen Sie ihn in die Fehlermeldung ein.</translation>
    </message>
    <message>
        <location filename="../../plugin/options_page.py"/>
        <source>There is no Python at {}: correct it, or leave it empty and set up.</source>
        <translation>Unter {} gibt es kein Python: Korrigieren Sie die Angabe, oder lassen Sie sie leer und richten Sie ein.</translation>
    </message>
    <message>
        <location filename="../../plugin/path_widget.py"/>
        <source>{} does not answer yet…</source>
        <translation>{} antwortet noch nicht…</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Set up Roadsmith</source>
        <translation>Roadsmith einrichten</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Looking at this computer…</source>
        <translation>Dieser Computer wird untersucht…</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>empty: find one</source>
        <translation>leer: wird gesucht</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>empty: download</source>
        <translation>leer: wird heruntergeladen</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Set up</source>
        <translation>Einrichten</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Use this Python</source>
        <translation>Dieses Python verwenden</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Repair</source>
        <translation>Reparieren</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Test the Python named above (conda, pixi, system) and use it from now on.</source>
        <translation>Das oben genannte Python (conda, pixi, System) testen und von nun an verwenden.</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Build the environment anew.</source>
        <translation>Die Umgebung neu aufbauen.</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Remove the environment and all downloads.</source>
        <translation>Die Umgebung und alles Heruntergeladene entfernen.</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>What will happen</source>
        <translation>Was geschehen wird</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Accelerator</source>
        <translation>Beschleuniger</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Folder with wheels</source>
        <translation>Ordner mit Wheels</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Roadsmith is set up. Set up again to test it, or repair it if a tool says so.</source>
        <translation>Roadsmith ist eingerichtet. Richten Sie erneut ein, um es zu testen, oder reparieren Sie es, wenn ein Werkzeug das verlangt.</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Looking at this computer</source>
        <translation>Dieser Computer wird untersucht</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Working; QGIS can be used meanwhile.</source>
        <translation>In Arbeit; QGIS lässt sich währenddessen benutzen.</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Remove {} and all downloads? No tool can run until you set up again.</source>
        <translation>{} und alles Heruntergeladene entfernen? Bis Sie neu einrichten, läuft kein Werkzeug.</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>Cancelled; nothing is left of it.</source>
        <translation>Abgebrochen; es ist nichts zurückgeblieben.</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>It failed: the log below says why.</source>
        <translation>Fehlgeschlagen: Das Protokoll unten nennt den Grund.</translation>
    </message>
    <message>
        <location filename="../../plugin/setup_dialog.py"/>
        <source>The report is in the clipboard.</source>
        <translation>Der Bericht ist in der Zwischenablage.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>Apple computers have no CUDA: choose the accelerator &apos;auto&apos; or &apos;mps&apos;.</source>
        <translation>Auf Apple-Computern gibt es kein CUDA: Wählen Sie den Beschleuniger „auto“ oder „mps“.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>PyTorch for macOS, which drives Apple&apos;s GPU too</source>
        <translation>PyTorch für macOS, das auch die GPU von Apple nutzt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>MPS is Apple&apos;s: choose the accelerator &apos;auto&apos;, &apos;cuda&apos; or &apos;cpu&apos;.</source>
        <translation>MPS gibt es nur bei Apple: Wählen Sie den Beschleuniger „auto“, „cuda“ oder „cpu“.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>PyTorch for the CPU</source>
        <translation>PyTorch für die CPU</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>PyTorch with CUDA ({}) for {}</source>
        <translation>PyTorch mit CUDA ({}) für {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>CUDA cannot be used: {}. Choose the accelerator &apos;auto&apos; or &apos;cpu&apos;.</source>
        <translation>CUDA ist nicht nutzbar: {}. Wählen Sie den Beschleuniger „auto“ oder „cpu“.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>no NVIDIA GPU with a working driver was found</source>
        <translation>es wurde keine NVIDIA-GPU mit funktionierendem Treiber gefunden</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>the driver of {} has no readable version ({})</source>
        <translation>der Treiber von {} hat keine lesbare Version ({})</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>{} ({:.0f} GB, driver {})</source>
        <translation>{} ({:.0f} GB, Treiber {})</translation>
    </message>
    <message>
        <location filename="../../processing_provider/accelerators.py"/>
        <source>the driver of {} is too old, {} or newer is needed</source>
        <translation>der Treiber von {} ist zu alt, nötig ist {} oder neuer</translation>
    </message>
    <message>
        <location filename="../../processing_provider/algorithm.py"/>
        <source>Device: {}, as chosen in Settings &gt; Options &gt; Roadsmith</source>
        <translation>Gerät: {}, wie unter Einstellungen &gt; Optionen &gt; Roadsmith gewählt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/algorithm.py"/>
        <source>Training data</source>
        <translation>Trainingsdaten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/algorithm.py"/>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <location filename="../../processing_provider/algorithm.py"/>
        <source>Classification</source>
        <translation>Klassifizierung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/algorithm.py"/>
        <source>Road network</source>
        <translation>Straßennetz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/algorithm.py"/>
        <source>Evaluation</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/algorithm.py"/>
        <source>Setup</source>
        <translation>Einrichtung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <source>{} is Python {}, {} bit: choose a 64-bit Python {}.</source>
        <translation>{} ist Python {} mit {} Bit: Wählen Sie ein 64-Bit-Python {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <source>{} was built for the C library musl, for which there is no PyTorch: use a Linux with glibc, or name a Python that has PyTorch in Settings &gt; Options &gt; Roadsmith.</source>
        <translation>{} wurde für die C-Bibliothek musl gebaut, für die es kein PyTorch gibt: Verwenden Sie ein Linux mit glibc, oder geben Sie unter Einstellungen &gt; Optionen &gt; Roadsmith ein Python an, das PyTorch hat.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <source>This Linux has glibc {}.{}, and PyTorch needs {}.{} or newer: update the system, or name a Python that has PyTorch in Settings &gt; Options &gt; Roadsmith.</source>
        <translation>Dieses Linux hat glibc {}.{}, und PyTorch braucht {}.{} oder neuer: Aktualisieren Sie das System, oder geben Sie unter Einstellungen &gt; Optionen &gt; Roadsmith ein Python an, das PyTorch hat.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <source>{} is a Python for Intel Macs, which PyTorch no longer supports: on a Mac with an Apple processor install Python for it (arm64) from python.org and name that, on an Intel Mac name a Python that has PyTorch (conda-forge has one) in Settings &gt; Options &gt; Roadsmith.</source>
        <translation>{} ist ein Python für Intel-Macs, die PyTorch nicht mehr unterstützt: Installieren Sie auf einem Mac mit Apple-Prozessor das passende Python (arm64) von python.org und geben Sie dieses an; auf einem Intel-Mac geben Sie unter Einstellungen &gt; Optionen &gt; Roadsmith ein Python an, das PyTorch hat (bei conda-forge gibt es eines).</translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <source>{} is a Python for the processor {}, for which some packages are not built: choose one for {}.</source>
        <translation>{} ist ein Python für den Prozessor {}, für den es einige Pakete nicht gibt: Wählen Sie eines für {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <location filename="../../processing_provider/training_checks.py"/>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <source>{}.{} to {}.{}</source>
        <translation>{}.{} bis {}.{}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <source>The Python at {} lacks the module venv: install the package {} (Debian, Ubuntu: &apos;sudo apt install python3-venv&apos;) or the program uv, and run &apos;Set up environment&apos; again.</source>
        <translation>Dem Python unter {} fehlt das Modul venv: Installieren Sie das Paket {} (Debian, Ubuntu: „sudo apt install python3-venv“) oder das Programm uv, und führen Sie „Umgebung einrichten“ erneut aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/base_python.py"/>
        <source>No Python {} (64 bit) was found to build the environment with: install one from python.org (on Linux the package python3-venv), or the program uv, and run &apos;Set up environment&apos; again.</source>
        <translation>Es wurde kein Python {} (64 Bit) gefunden, mit dem sich die Umgebung bauen lässt: Installieren Sie eines von python.org (unter Linux das Paket python3-venv) oder das Programm uv, und führen Sie „Umgebung einrichten“ erneut aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/bridge.py"/>
        <source>There is no Python at {}. Run &apos;Set up environment&apos;.</source>
        <translation>Unter {} gibt es kein Python. Führen Sie „Umgebung einrichten“ aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/bridge.py"/>
        <source>The Python at {} cannot be started ({}). Run &apos;Set up environment&apos; again.</source>
        <translation>Das Python unter {} lässt sich nicht starten ({}). Führen Sie „Umgebung einrichten“ erneut aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/bridge.py"/>
        <source>The worker gave no sign of life for {} and was stopped: run the tool again; what it said last is in {}.</source>
        <translation>Der Arbeitsprozess hat {} lang kein Lebenszeichen gegeben und wurde beendet: Starten Sie das Werkzeug erneut; seine letzten Meldungen stehen in {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/bridge.py"/>
        <source>The worker speaks version {} of Roadsmith&apos;s protocol, QGIS version {}: restart QGIS, as the plugin was updated while it ran.</source>
        <translation>Der Arbeitsprozess spricht Version {} des Roadsmith-Protokolls, QGIS Version {}: Starten Sie QGIS neu, denn die Erweiterung wurde im laufenden Betrieb aktualisiert.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/bridge.py"/>
        <source>What was started is no Roadsmith worker: run &apos;Set up environment&apos; again.</source>
        <translation>Was gestartet wurde, ist kein Arbeitsprozess von Roadsmith: Führen Sie „Umgebung einrichten“ erneut aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/bridge.py"/>
        <source>The worker was told to stop by something other than QGIS: run the tool again.</source>
        <translation>Etwas anderes als QGIS hat den Arbeitsprozess angehalten: Starten Sie das Werkzeug erneut.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/class_widths.py"/>
        <source>The width of class &apos;{}&apos; is &apos;{}&apos;: give every class a number of metres from 0 to 200.</source>
        <translation>Die Breite der Klasse „{}“ ist „{}“: Geben Sie für jede Klasse eine Zahl von 0 bis 200 Metern an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/class_widths.py"/>
        <source>Class &apos;{}&apos; has two widths: give it one.</source>
        <translation>Die Klasse „{}“ hat zwei Breiten: Geben Sie ihr nur eine.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_checks.py"/>
        <source>The padding of {} pixels is more than a quarter of the tile size of {}: choose {} at most, or larger tiles.</source>
        <translation>Der Rand von {} Pixeln ist mehr als ein Viertel der Kachelgröße von {}: Wählen Sie höchstens {} oder größere Kacheln.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_checks.py"/>
        <source>GPUS holds &apos;{}&apos;, which is no number of a GPU: write numbers from 0 with commas between, such as 0,2.</source>
        <translation>GPUS enthält „{}“, was keine Nummer einer GPU ist: Schreiben Sie Nummern ab 0, durch Kommas getrennt, etwa 0,2.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_checks.py"/>
        <source>GPUs are named, but the device is {}: choose the device auto or cuda, or leave the GPUs empty.</source>
        <translation>Es sind GPUs angegeben, aber das Gerät ist {}: Wählen Sie als Gerät auto oder cuda, oder lassen Sie die GPUs leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_checks.py"/>
        <source>The cluster&apos;s blocks are to be left as they are, but there is no cluster: name a Dask scheduler, or switch that off.</source>
        <translation>Die Blöcke des Clusters sollen bleiben, wie sie sind, aber es gibt kein Cluster: Geben Sie einen Dask-Scheduler an, oder schalten Sie das aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_checks.py"/>
        <source>The cluster&apos;s blocks are to be left as they are and to become a cloud-optimised GeoTIFF: switch one of them off.</source>
        <translation>Die Blöcke des Clusters sollen bleiben, wie sie sind, und zugleich ein Cloud-optimiertes GeoTIFF werden: Schalten Sie eines von beiden aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Classified raster</source>
        <translation>Klassifiziertes Raster</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>A GeoTIFF: 1 road, 0 background, 255 no imagery or outside the mask. Give it a name of its own: an interrupted run goes on only into the same one.</source>
        <translation>Ein GeoTIFF: 1 Straße, 0 Hintergrund, 255 kein Bild oder außerhalb der Maske. Geben Sie ihm einen eigenen Namen: Ein unterbrochener Lauf wird nur unter demselben Namen fortgesetzt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Probability raster</source>
        <translation>Wahrscheinlichkeitsraster</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>How likely each pixel is road; what Raster to road vector likes best. ArcGIS&apos;s return_probability_raster.</source>
        <translation>Wie wahrscheinlich jedes Pixel Straße ist; die beste Eingabe für „Straßennetz aus Raster ableiten“. In ArcGIS return_probability_raster.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Imagery</source>
        <translation>Bilddaten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <source>Any raster layer QGIS shows. Web maps and database rasters are copied first, no finer than the model needs: set an extent, or a mask.</source>
        <translation>Jeder Rasterlayer, den QGIS anzeigt. Webkarten und Raster aus Datenbanken werden zuerst kopiert, nicht feiner, als das Modell es braucht: Geben Sie eine Ausdehnung oder eine Maske an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <source>Model (empty: the one that comes with Roadsmith)</source>
        <translation>Modell (leer: das mit Roadsmith gelieferte)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Model packages (*.dlpk *.emd)</source>
        <translation>Modellpakete (*.dlpk *.emd)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <source>The .dlpk or .emd of a model package that Train road extractor wrote. Empty: the road model that comes with Roadsmith. The log tells what the model is.</source>
        <translation>Die .dlpk- oder .emd-Datei eines Modellpakets, das „Straßenerkennung trainieren“ geschrieben hat. Leer: das Straßenmodell, das mit Roadsmith geliefert wird. Das Protokoll nennt die Eigenschaften des Modells.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Extent</source>
        <translation>Ausdehnung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <source>Only this part is classified; its pixels are the same as in a run over the whole raster. Empty: everything.</source>
        <translation>Nur dieser Teil wird klassifiziert; seine Pixel sind dieselben wie bei einem Lauf über das ganze Raster. Leer: alles.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <source>Mask (polygons)</source>
        <translation>Maske (Polygone)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <source>Only pixels with their centre within these polygons are classified, the others become nodata and cost next to nothing; “selected features only” is honoured.</source>
        <translation>Nur Pixel, deren Mitte in diesen Polygonen liegt, werden klassifiziert; die übrigen erhalten den Leerwert und kosten so gut wie nichts. „Nur gewählte Objekte“ wird beachtet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Threshold</source>
        <translation>Schwellenwert</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Probability from which a pixel is road. Lower finds more roads and more that are none. Empty: the model&apos;s own, which was best on the chips it was validated on.</source>
        <translation>Wahrscheinlichkeit, ab der ein Pixel Straße ist. Ein niedrigerer Wert findet mehr Straßen und mehr, was keine ist. Leer: der Wert des Modells, der auf seinen Validierungs-Chips der beste war.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Test-time augmentation (views of each tile)</source>
        <translation>Test-Time-Augmentation (Ansichten je Kachel)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>So many views of each tile are classified and merged: 2 adds the mirror image, 4 half a turn and the other mirror image, 8 the quarter turns. Somewhat better roads for so many times the time.</source>
        <translation>So viele Ansichten jeder Kachel werden klassifiziert und zusammengeführt: 2 nimmt das Spiegelbild hinzu, 4 die halbe Drehung und das andere Spiegelbild, 8 die Vierteldrehungen. Etwas bessere Straßen für das entsprechende Vielfache der Zeit.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Merge policy</source>
        <translation>Zusammenführung der Ansichten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>What becomes of the views&apos; probabilities: mean; max finds more roads and more that are none; min fewer of both. Without effect on one view.</source>
        <translation>Was aus den Wahrscheinlichkeiten der Ansichten wird: mean der Mittelwert; max findet mehr Straßen und mehr, was keine ist; min von beidem weniger. Ohne Wirkung bei nur einer Ansicht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Cell size (metres)</source>
        <translation>Zellengröße (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <source>Pixel size at which the model sees the imagery, and of the result. Empty: the one the model was trained at, which is nearly always right.</source>
        <translation>Pixelgröße, in der das Modell die Bilddaten sieht und in der das Ergebnis geschrieben wird. Leer: die, mit der das Modell trainiert wurde, was fast immer richtig ist.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Tile size (pixels)</source>
        <translation>Kachelgröße (Pixel)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Side of the windows the network sees. Empty: the model&apos;s chip size, 512 at least.</source>
        <translation>Seitenlänge der Fenster, die das Netz sieht. Leer: die Chipgröße des Modells, mindestens 512.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Padding (pixels)</source>
        <translation>Rand (Pixel)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Border of a tile that is blended with its neighbours, up to a quarter of the tile. Empty: an eighth.</source>
        <translation>Rand einer Kachel, der mit den Nachbarn überblendet wird, bis zu einem Viertel der Kachel. Leer: ein Achtel.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Format of the probability raster</source>
        <translation>Format des Wahrscheinlichkeitsrasters</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>uint8: 0 to 254 for 0 to 1, nodata 255. float32: 0 to 1, nodata -1, as in ArcGIS; several times as large.</source>
        <translation>uint8: 0 bis 254 für 0 bis 1, Leerwert 255. float32: 0 bis 1, Leerwert -1, wie in ArcGIS; ein Vielfaches der Größe.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Write cloud-optimised GeoTIFFs</source>
        <translation>Cloud-optimierte GeoTIFFs schreiben</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>For rasters that are to be read over the network. Takes a little longer.</source>
        <translation>Für Raster, die über das Netzwerk gelesen werden sollen. Dauert etwas länger.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <source>auto: all NVIDIA GPUs, else Apple&apos;s, else the processor (cpu). cuda: the first NVIDIA GPU, or those named below. ArcGIS&apos;s Processor Type.</source>
        <translation>auto: alle NVIDIA-GPUs, sonst die von Apple, sonst der Prozessor (cpu). cuda: die erste NVIDIA-GPU oder die unten genannten. In ArcGIS Processor Type.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>GPUs</source>
        <translation>GPUs</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Numbers of the NVIDIA GPUs that share the work, counted from 0: 0 or 0,2. Empty: as the device says. ArcGIS&apos;s GPU ID.</source>
        <translation>Nummern der NVIDIA-GPUs, die sich die Arbeit teilen, gezählt ab 0: 0 oder 0,2. Leer: wie beim Gerät gewählt. In ArcGIS GPU ID.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Batch size (tiles)</source>
        <translation>Batchgröße (Kacheln)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Tiles per step. Empty: chosen for the device; halved by itself when memory runs out.</source>
        <translation>Kacheln je Schritt. Leer: passend zum Gerät; wird von selbst halbiert, wenn der Speicher nicht reicht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Compile the network</source>
        <translation>Netz kompilieren</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>torch.compile makes the network faster, but the first tiles take minutes: for large rasters on a GPU.</source>
        <translation>torch.compile macht das Netz schneller, aber die ersten Kacheln dauern Minuten: für große Raster auf einer GPU.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Reading threads</source>
        <translation>Lese-Threads</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Threads that read imagery ahead of the network. Empty: chosen for the device. The result does not depend on it.</source>
        <translation>Threads, die dem Netz Bilddaten voraus lesen. Leer: passend zum Gerät. Das Ergebnis hängt nicht davon ab.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Address of a Dask cluster that does the work, such as tcp://192.168.1.5:8786; its machines must reach imagery, model and output under the same paths. Empty: this computer.</source>
        <translation>Adresse eines Dask-Clusters, das die Arbeit übernimmt, etwa tcp://192.168.1.5:8786; seine Rechner müssen Bilddaten, Modell und Ausgabe unter denselben Pfaden erreichen. Leer: dieser Computer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>Leave the cluster&apos;s blocks as they are</source>
        <translation>Blöcke des Clusters lassen, wie sie sind</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classification_parameters.py"/>
        <source>With a scheduler: the results are virtual rasters (.vrt) over the workers&apos; files, which are not joined.</source>
        <translation>Mit einem Scheduler: Die Ergebnisse sind virtuelle Raster (.vrt) über den Dateien der Arbeitsprozesse, die nicht zusammengefügt werden.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>Classify pixels (roads)</source>
        <translation>Pixel klassifizieren (Straßen)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>road,deep learning,segmentation,inference,predict,Classify Pixels Using Deep Learning,ArcGIS</source>
        <translation>Straße,Deep Learning,Segmentierung,Inferenz,Vorhersage,klassifizieren,Classify Pixels Using Deep Learning,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>Finds road pixels in a raster with a trained model.</source>
        <translation>Findet mit einem trainierten Modell Straßenpixel in einem Raster.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>&lt;p&gt;Runs a raster through a road model and writes a raster with 1 for road, 0 for the rest and 255 where there is no imagery. Size does not matter: the raster is read and written in windows, whose overlaps are blended so that no seams show.&lt;/p&gt;&lt;p&gt;The imagery is resampled to the cell size the model was trained at, and brought to the values it was trained on. Without a threshold the model&apos;s own is used, and the log tells which. The optional probability raster is what &lt;i&gt;Raster to road vector&lt;/i&gt; likes best.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Interrupted?&lt;/b&gt; Run it again with the same settings and the same output: it goes on where it stopped, and ends with the same raster. Until it is complete, what is done lies in a folder NAME~unfinished beside the classified raster. Temporary outputs have a new name each time: name the output before a long run.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Names in ArcGIS:&lt;/b&gt; Input Raster is Imagery, Model Definition is Model; the arguments padding, batch_size, threshold, return_probability_raster, test_time_augmentation (True is 8 here), merge_policy and tile_size have the same names; Processor Type and GPU ID are Device and GPUs.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Mind:&lt;/b&gt; a model works on imagery like the imagery it was trained on. The one that comes with Roadsmith, which is used if none is named, knows aerial imagery of about 1 m per pixel; train it further on roads of your own area where it falls short.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Schickt ein Raster durch ein Straßenmodell und schreibt ein Raster mit 1 für Straße, 0 für den Rest und 255, wo es kein Bild gibt. Die Größe spielt keine Rolle: Das Raster wird in Fenstern gelesen und geschrieben, deren Überlappungen überblendet werden, sodass keine Nähte zu sehen sind.&lt;/p&gt;&lt;p&gt;Die Bilddaten werden auf die Zellengröße umgerechnet, mit der das Modell trainiert wurde, und auf die Werte gebracht, die es kennt. Ohne Schwellenwert gilt der des Modells; das Protokoll nennt ihn. Das optionale Wahrscheinlichkeitsraster ist die beste Eingabe für &lt;i&gt;Straßennetz aus Raster ableiten&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Unterbrochen?&lt;/b&gt; Starten Sie erneut mit denselben Einstellungen und derselben Ausgabe: Es geht dort weiter, wo es aufgehört hat, und endet mit demselben Raster. Bis es vollständig ist, liegt das Fertige in einem Ordner NAME~unfinished neben dem klassifizierten Raster. Temporäre Ausgaben heißen jedes Mal anders: Geben Sie der Ausgabe vor einem langen Lauf einen Namen.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Namen in ArcGIS:&lt;/b&gt; Input Raster entspricht den Bilddaten, Model Definition dem Modell; die Argumente padding, batch_size, threshold, return_probability_raster, test_time_augmentation (True ist hier 8), merge_policy und tile_size heißen gleich; Processor Type und GPU ID entsprechen Gerät und GPUs.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zu beachten:&lt;/b&gt; Ein Modell arbeitet auf Bilddaten, die denen des Trainings ähneln. Das mit Roadsmith gelieferte Modell, das ohne eigene Angabe benutzt wird, kennt Luftbilder mit etwa 1 m je Pixel; trainieren Sie es mit Straßen Ihres Gebiets weiter, wo es nicht genügt.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <location filename="../../processing_provider/export_training_data.py"/>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Share of road pixels</source>
        <translation>Anteil der Straßenpixel</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>Threshold that was used</source>
        <translation>Verwendeter Schwellenwert</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>Model (the one that comes with Roadsmith)</source>
        <translation>Modell (das mit Roadsmith gelieferte)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>{} is no model package that can be read: choose the .dlpk or .emd of a model that Train road extractor wrote.</source>
        <translation>{} ist kein lesbares Modellpaket: Wählen Sie die .dlpk- oder .emd-Datei eines Modells, das „Straßenerkennung trainieren“ geschrieben hat.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>{} is to be a virtual raster: choose a name that ends in .vrt, not {}.</source>
        <translation>{} soll ein virtuelles Raster werden: Wählen Sie einen Namen, der auf .vrt endet, nicht {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <location filename="../../processing_provider/compute_accuracy.py"/>
        <source>{} must be a GeoTIFF: choose a name that ends in .tif, not {}.</source>
        <translation>{} muss ein GeoTIFF sein: Wählen Sie einen Namen, der auf .tif endet, nicht {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/classify_pixels.py"/>
        <source>{} would overwrite the imagery {}: choose another name.</source>
        <translation>{} würde die Bilddaten {} überschreiben: Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compare_road_networks.py"/>
        <source>Compare road networks</source>
        <translation>Straßennetze vergleichen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compare_road_networks.py"/>
        <source>road,network,graph,APLS,TOPO,completeness,correctness,quality,change,OpenStreetMap,conflation,validation</source>
        <translation>Straße,Netz,Graph,APLS,TOPO,Vollständigkeit,Korrektheit,Qualität,Veränderung,OpenStreetMap,Abgleich,Validierung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compare_road_networks.py"/>
        <source>Tells how well two road networks agree, in metres of road and in routes.</source>
        <translation>Sagt, wie gut zwei Straßennetze übereinstimmen, in Straßenmetern und in Routen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compare_road_networks.py"/>
        <source>&lt;p&gt;Compares two line layers as networks: how much road is matched, missed and extra (completeness, correctness, quality), whether routes through both are equally long (APLS), whether both are connected alike (TOPO), and whether they have the same junctions.&lt;/p&gt;&lt;p&gt;The layers may have any coordinate systems. Matched roads come out green, missed ones blue, extra ones red; the report explains each score. No model is needed: compare OpenStreetMap with a survey, or last year&apos;s roads with this year&apos;s.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Mind:&lt;/b&gt; where one layer ends earlier than the other, everything beyond is missed or extra: give a mask of the ground that both cover.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Vergleicht zwei Linienlayer als Netze: wie viel Straße übereinstimmt, fehlt oder zu viel ist (Vollständigkeit, Korrektheit, Qualität), ob Routen durch beide gleich lang sind (APLS), ob beide gleich verbunden sind (TOPO) und ob sie dieselben Kreuzungen haben.&lt;/p&gt;&lt;p&gt;Die Layer dürfen beliebige Koordinatensysteme haben. Übereinstimmende Straßen erscheinen grün, fehlende blau, überzählige rot; der Bericht erklärt jeden Wert. Ein Modell ist nicht nötig: Vergleichen Sie OpenStreetMap mit einer Vermessung oder die Straßen des letzten Jahres mit denen von heute.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zu beachten:&lt;/b&gt; Wo ein Layer früher endet als der andere, gilt alles jenseits davon als fehlend oder überzählig: Geben Sie als Maske das Gebiet an, das beide abdecken.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compare_road_networks.py"/>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>road layer</source>
        <translation>Straßenlayer</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compare_road_networks.py"/>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compute_accuracy.py"/>
        <source>Compute accuracy</source>
        <translation>Genauigkeit berechnen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compute_accuracy.py"/>
        <source>road,accuracy,assessment,confusion matrix,precision,recall,F1,IoU,kappa,validation,ground truth,Compute Accuracy For Pixel Classification,Compute Confusion Matrix,ArcGIS</source>
        <translation>Straße,Genauigkeit,Bewertung,Konfusionsmatrix,Precision,Recall,F1,IoU,Kappa,Validierung,Referenz,Ground Truth,Compute Accuracy For Pixel Classification,Compute Confusion Matrix,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compute_accuracy.py"/>
        <source>Tells how good a road raster is: scores, an error map and a report.</source>
        <translation>Sagt, wie gut ein Straßenraster ist: Gütemaße, eine Fehlerkarte und ein Bericht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compute_accuracy.py"/>
        <source>&lt;p&gt;Compares a classified or probability raster with the truth at every pixel, not at a few random points: confusion matrix, precision, recall, F1, IoU, accuracy and kappa; relaxed scores that forgive a small shift; with probabilities also every other threshold, the best one and the break-even point.&lt;/p&gt;&lt;p&gt;The truth may be a road layer (lines are widened to the road width) or a raster in any coordinate system. The report shows the worst and the best places; the error map shows all of them: green found, red invented, blue missed.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Names in ArcGIS:&lt;/b&gt; Compute Accuracy For Pixel Classification; Input Raster is Prediction, Input Ground Truth Data is Truth.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Mind:&lt;/b&gt; a model is not proved on the chips it was trained on. Roads that the truth lacks count as invented: give a mask of the places where the truth was checked.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Vergleicht ein klassifiziertes Raster oder ein Wahrscheinlichkeitsraster an jedem Pixel mit der Referenz, nicht nur an einigen Zufallspunkten: Konfusionsmatrix, Precision, Recall, F1, IoU, Gesamtgenauigkeit und Kappa; Werte mit Toleranz, die eine kleine Verschiebung verzeihen; bei Wahrscheinlichkeiten auch jeder andere Schwellenwert, der beste und der Break-even-Punkt.&lt;/p&gt;&lt;p&gt;Die Referenz kann ein Straßenlayer sein (Linien werden auf die Straßenbreite gebracht) oder ein Raster in beliebigem Koordinatensystem. Der Bericht zeigt die schlechtesten und die besten Stellen, die Fehlerkarte zeigt alle: grün gefunden, rot erfunden, blau übersehen.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Namen in ArcGIS:&lt;/b&gt; Compute Accuracy For Pixel Classification; Input Raster entspricht der Vorhersage, Input Ground Truth Data der Referenz.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zu beachten:&lt;/b&gt; Auf den Chips, mit denen es trainiert wurde, beweist ein Modell nichts. Straßen, die in der Referenz fehlen, gelten als erfunden: Geben Sie als Maske die Stellen an, an denen die Referenz geprüft wurde.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/compute_accuracy.py"/>
        <source>The prediction &apos;{}&apos; is a picture: choose a classified or probability raster.</source>
        <translation>Die Vorhersage „{}“ ist ein Bild: Wählen Sie ein klassifiziertes Raster oder ein Wahrscheinlichkeitsraster.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/designer_action.py"/>
        <source>Open in Model Designer…</source>
        <translation>Im Modellentwurf öffnen…</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <location filename="../../processing_provider/proxy.py"/>
        <source>the variable {}</source>
        <translation>Variable {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>Settings &gt; Options &gt; Roadsmith</source>
        <translation>Einstellungen &gt; Optionen &gt; Roadsmith</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>There is no Python at {}, which {} names: correct it, or remove it and run &apos;Set up environment&apos;.</source>
        <translation>Unter {} gibt es kein Python (angegeben in: {}): Korrigieren Sie die Angabe, oder entfernen Sie sie und führen Sie „Umgebung einrichten“ aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>Roadsmith needs a Python environment with PyTorch, and there is none yet. Run &apos;Set up environment&apos; (toolbox, Roadsmith, Setup), or name a Python in Settings &gt; Options &gt; Roadsmith.</source>
        <translation>Roadsmith braucht eine Python-Umgebung mit PyTorch, und noch gibt es keine. Führen Sie „Umgebung einrichten“ aus (Verarbeitungswerkzeuge, Roadsmith, Einrichtung), oder geben Sie unter Einstellungen &gt; Optionen &gt; Roadsmith ein Python an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>Roadsmith was updated and its Python environment in {} is too old. Run &apos;Set up environment&apos; again.</source>
        <translation>Roadsmith wurde aktualisiert, und seine Python-Umgebung in {} ist zu alt. Führen Sie „Umgebung einrichten“ erneut aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>The Python that the environment in {} was built with is gone. Run &apos;Set up environment&apos; again.</source>
        <translation>Das Python, mit dem die Umgebung in {} gebaut wurde, gibt es nicht mehr. Führen Sie „Umgebung einrichten“ erneut aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>no environment</source>
        <translation>keine Umgebung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>an environment that was never completed; it will be built anew, with what was downloaded</source>
        <translation>eine Umgebung, die nie fertig wurde; sie wird mit dem schon Heruntergeladenen neu gebaut</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>an environment that cannot be used any more, for {}, Python {}</source>
        <translation>eine nicht mehr brauchbare Umgebung für {}, Python {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment.py"/>
        <source>a complete environment for {}, Python {}, PyTorch {}</source>
        <translation>eine vollständige Umgebung für {}, Python {}, PyTorch {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>An earlier set-up was interrupted; what it downloaded is used.</source>
        <translation>Eine frühere Einrichtung wurde unterbrochen; was sie heruntergeladen hat, wird verwendet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>{} cannot be made ({}): choose another cache folder in Settings &gt; Options &gt; Roadsmith.</source>
        <translation>{} lässt sich nicht anlegen ({}): Wählen Sie unter Einstellungen &gt; Optionen &gt; Roadsmith einen anderen Cache-Ordner.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>Making the environment</source>
        <translation>Anlegen der Umgebung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>Installing PyTorch</source>
        <translation>Installation von PyTorch</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>Installing the other packages</source>
        <translation>Installation der übrigen Pakete</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>The old environment in {} cannot be removed ({}): wait until other Roadsmith jobs have ended, close other QGIS windows, and run &apos;Set up environment&apos; again.</source>
        <translation>Die alte Umgebung in {} lässt sich nicht entfernen ({}): Warten Sie, bis andere Aufgaben von Roadsmith beendet sind, schließen Sie andere QGIS-Fenster, und führen Sie „Umgebung einrichten“ erneut aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>{} did not deliver ({}); trying the default package index.</source>
        <translation>{} hat nicht geliefert ({}); es wird der Standard-Paketindex versucht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>download.pytorch.org cannot be reached, and PyPI&apos;s PyTorch needs {} GB, of which {:.1f} GB are free: allow download.pytorch.org in firewall and proxy, or name a folder with the wheels.</source>
        <translation>download.pytorch.org ist nicht zu erreichen, und das PyTorch von PyPI braucht {} GB, von denen {:.1f} GB frei sind: Erlauben Sie download.pytorch.org in Firewall und Proxy, oder geben Sie einen Ordner mit den Wheels an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>The default index has PyTorch for Linux with CUDA only: up to 3 GB are downloaded.</source>
        <translation>Der Standardindex hat für Linux nur PyTorch mit CUDA: Es werden bis zu 3 GB heruntergeladen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>{} cannot be started ({}).</source>
        <translation>{} lässt sich nicht starten ({}).</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_builder.py"/>
        <source>{}: {:.0f} MB written, {:.1f} MB/s</source>
        <translation>{}: {:.0f} MB geschrieben, {:.1f} MB/s</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_lock.py"/>
        <source>Nothing can be written to {} ({}): choose another cache folder in Settings &gt; Options &gt; Roadsmith, or set the variable ROADSMITH_HOME.</source>
        <translation>In {} lässt sich nicht schreiben ({}): Wählen Sie unter Einstellungen &gt; Optionen &gt; Roadsmith einen anderen Cache-Ordner, oder setzen Sie die Variable ROADSMITH_HOME.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_lock.py"/>
        <source>Another QGIS window, or an installer that outlived one, is setting up the environment: wait until it ends.</source>
        <translation>Ein anderes QGIS-Fenster, oder ein Installationsprogramm, das eines überlebt hat, richtet gerade die Umgebung ein: Warten Sie, bis es fertig ist.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>{}, {:.0f} GB, driver {}</source>
        <translation>{}, {:.0f} GB, Treiber {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>Graphics processor: {}</source>
        <translation>Grafikprozessor: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>To be installed: {}</source>
        <translation>Installiert wird: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>Built with: Python {} ({}) and {}</source>
        <translation>Gebaut mit: Python {} ({}) und {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>Built with: {}, which fetches a Python</source>
        <translation>Gebaut mit: {}, das ein Python besorgt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>Download: none, all packages come from {}</source>
        <translation>Download: keiner, alle Pakete kommen aus {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>Download: about {} MB from {}</source>
        <translation>Download: etwa {} MB von {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>Proxy: {}</source>
        <translation>Proxy: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>Goes to: {} ({:.1f} GB free, {} needed while building)</source>
        <translation>Ziel: {} ({:.1f} GB frei, {} während des Bauens nötig)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>There now: {}</source>
        <translation>Dort liegt jetzt: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>As it is complete, a set-up only tests it, unless for another accelerator; a repair builds anew.</source>
        <translation>Da sie vollständig ist, wird sie beim Einrichten nur getestet, außer für einen anderen Beschleuniger; eine Reparatur baut sie neu.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>This cannot work: {}</source>
        <translation>So geht es nicht: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>{} is no Python: choose a 64-bit Python 3.9 to 3.14.</source>
        <translation>{} ist kein Python: Wählen Sie ein 64-Bit-Python von 3.9 bis 3.14.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>{} lacks the module venv: install the package python3-venv, or the program uv.</source>
        <translation>Bei {} fehlt das Modul venv: Installieren Sie das Paket python3-venv oder das Programm uv.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>Nothing can be written to {}, where the environment {} is to be: choose another cache folder in Settings &gt; Options &gt; Roadsmith, or set the variable ROADSMITH_HOME.</source>
        <translation>In {} lässt sich nicht schreiben; dort soll die Umgebung {} liegen: Wählen Sie unter Einstellungen &gt; Optionen &gt; Roadsmith einen anderen Cache-Ordner, oder setzen Sie die Variable ROADSMITH_HOME.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>The environment needs about {:.0f} GB while it is built, and the disk of {} has {:.1f} GB free: free some space, or choose a cache folder on another disk in Settings &gt; Options &gt; Roadsmith.</source>
        <translation>Die Umgebung braucht etwa {:.0f} GB, während sie gebaut wird, und auf dem Datenträger von {} sind {:.1f} GB frei: Schaffen Sie Platz, oder wählen Sie unter Einstellungen &gt; Optionen &gt; Roadsmith einen Cache-Ordner auf einem anderen Datenträger.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>There is no folder {}: name the folder that holds the wheels.</source>
        <translation>Den Ordner {} gibt es nicht: Geben Sie den Ordner an, der die Wheels enthält.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>The folder {} holds no wheels (.whl): fill it with &apos;python -m pip download -r requirements.txt&apos;.</source>
        <translation>Der Ordner {} enthält keine Wheels (.whl): Füllen Sie ihn mit „python -m pip download -r requirements.txt“.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>QGIS is set up with a SOCKS proxy, which pip cannot use: install the program uv, choose an HTTP proxy in Settings &gt; Options &gt; Network, or name a folder with the wheels.</source>
        <translation>In QGIS ist ein SOCKS-Proxy eingestellt, mit dem pip nicht umgehen kann: Installieren Sie das Programm uv, wählen Sie unter Einstellungen &gt; Optionen &gt; Netzwerk einen HTTP-Proxy, oder geben Sie einen Ordner mit den Wheels an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_plan.py"/>
        <source>no NVIDIA GPU with a working driver</source>
        <translation>keine NVIDIA-GPU mit funktionierendem Treiber</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>There is no Python at &apos;{}&apos;: name the program, such as bin/python of a conda environment.</source>
        <translation>Unter „{}“ gibt es kein Python: Geben Sie das Programm an, etwa bin/python einer conda-Umgebung.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>{} does not answer like a Python 3: name the program, such as bin/python.</source>
        <translation>{} antwortet nicht wie ein Python 3: Geben Sie das Programm an, etwa bin/python.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>No usable environment in {}: building one.</source>
        <translation>In {} ist keine brauchbare Umgebung: Es wird eine gebaut.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>The environment was built for {}, not {}: building a new one.</source>
        <translation>Die Umgebung wurde für {} gebaut, nicht für {}: Es wird eine neue gebaut.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>The environment is up to date: testing it.</source>
        <translation>Die Umgebung ist aktuell: Sie wird getestet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>The environment does not work any more ({}): building a new one.</source>
        <translation>Die Umgebung funktioniert nicht mehr ({}): Es wird eine neue gebaut.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>{} Trying an older PyTorch first.</source>
        <translation>{} Zuerst wird ein älteres PyTorch versucht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>{} Building for the CPU instead.</source>
        <translation>{} Stattdessen wird für die CPU gebaut.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/environment_setup.py"/>
        <source>{} Trying again with pip.</source>
        <translation>{} Es wird noch einmal mit pip versucht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <source>The truth &apos;{}&apos; is a picture of a map, without values: choose a raster of numbers, or a layer of roads.</source>
        <translation>Die Referenz „{}“ ist ein Kartenbild ohne Werte: Wählen Sie ein Raster mit Zahlen oder einen Straßenlayer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <location filename="../../processing_provider/feature_writing.py"/>
        <source>lines</source>
        <translation>Linien</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <source>The {} &apos;{}&apos; holds no lines among its {} features: choose a layer with lines.</source>
        <translation>{} „{}“: Unter den {} Objekten ist keine Linie; wählen Sie einen Layer mit Linien.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <location filename="../../processing_provider/feature_writing.py"/>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <source>The mask &apos;{}&apos; holds no polygon: choose another or leave it empty.</source>
        <translation>Die Maske „{}“ enthält kein Polygon: Wählen Sie eine andere, oder lassen Sie sie leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <source>The features could not be written to {}: {}.</source>
        <translation>Die Objekte konnten nicht nach {} geschrieben werden: {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>The {} &apos;{}&apos; holds features of the kind {}: choose a layer with {}.</source>
        <translation>{} „{}“: Die Objekte sind von der Art {}; wählen Sie einen Layer, der {} enthält.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_inputs.py"/>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>The {} &apos;{}&apos; has no coordinate system: set the right one with Layer &gt; Set CRS.</source>
        <translation>{} „{}“: Es fehlt das Koordinatensystem; setzen Sie das richtige mit Layer &gt; KBS von Layer(n) setzen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>F1 of road</source>
        <translation>F1 der Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Precision of road</source>
        <translation>Precision der Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Recall of road</source>
        <translation>Recall der Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>IoU of road</source>
        <translation>IoU der Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Mean IoU of road and background</source>
        <translation>Mittlere IoU von Straße und Hintergrund</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Share of right pixels</source>
        <translation>Anteil richtiger Pixel</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Cohen&apos;s kappa</source>
        <translation>Cohens Kappa</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Dice of road (the same as F1)</source>
        <translation>Dice der Straßen (gleich F1)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Relaxed F1</source>
        <translation>F1 mit Toleranz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Relaxed precision</source>
        <translation>Precision mit Toleranz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Relaxed recall</source>
        <translation>Recall mit Toleranz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Precision and recall where they are equal (probabilities only)</source>
        <translation>Precision und Recall, wo sie gleich sind (nur bei Wahrscheinlichkeiten)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Relaxed precision and recall where they are equal (probabilities only)</source>
        <translation>Precision und Recall mit Toleranz, wo sie gleich sind (nur bei Wahrscheinlichkeiten)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Threshold with the highest F1 (probabilities only)</source>
        <translation>Schwellenwert mit dem höchsten F1 (nur bei Wahrscheinlichkeiten)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>F1 at that threshold (probabilities only)</source>
        <translation>F1 bei diesem Schwellenwert (nur bei Wahrscheinlichkeiten)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>APLS</source>
        <translation>APLS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>APLS of the reference&apos;s routes in the roads</source>
        <translation>APLS der Routen der Referenz in den Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>APLS of the roads&apos; routes in the reference</source>
        <translation>APLS der Routen der Straßen in der Referenz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>TOPO F1</source>
        <translation>TOPO-F1</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>TOPO precision</source>
        <translation>TOPO-Precision</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>TOPO recall</source>
        <translation>TOPO-Recall</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Completeness</source>
        <translation>Vollständigkeit</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Correctness</source>
        <translation>Korrektheit</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Redundancy</source>
        <translation>Redundanz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>RMS offset of matched roads (metres)</source>
        <translation>Mittlerer quadratischer Abstand (RMS) übereinstimmender Straßen (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Gaps per km of the reference</source>
        <translation>Lücken je km der Referenz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>F1 of junctions</source>
        <translation>F1 der Kreuzungen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Length of matched roads (km)</source>
        <translation>Länge der übereinstimmenden Straßen (km)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Length of the reference that was missed (km)</source>
        <translation>Länge der übersehenen Referenz (km)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_names.py"/>
        <source>Length of extra roads (km)</source>
        <translation>Länge der überzähligen Straßen (km)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>HTML files (*.html)</source>
        <translation>HTML-Dateien (*.html)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Error map</source>
        <translation>Fehlerkarte</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Prediction (classified or probability raster)</source>
        <translation>Vorhersage (klassifiziertes Raster oder Wahrscheinlichkeitsraster)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>A raster from Classify pixels, or any road mask (0 and 1, 0 and 255) or probability (0–1, or 0–254 in 8 bits). With probabilities the report also shows every other threshold.</source>
        <translation>Ein Raster aus „Pixel klassifizieren“, eine beliebige Straßenmaske (0 und 1, 0 und 255) oder Wahrscheinlichkeit (0–1 oder 0–254 in 8 Bit). Bei Wahrscheinlichkeiten zeigt der Bericht auch jeden anderen Schwellenwert.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Truth (road layer or raster)</source>
        <translation>Referenz (Straßenlayer oder Raster)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Road lines, widened to the road width; road areas; or a raster in which 0 is background. It may have another coordinate system and cell size. Where a raster has nodata, nothing is scored.</source>
        <translation>Straßenlinien, die auf die Straßenbreite gebracht werden; Straßenflächen; oder ein Raster, in dem 0 der Hintergrund ist. Koordinatensystem und Zellengröße dürfen abweichen. Wo ein Raster den Leerwert hat, wird nicht bewertet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/preparelabels.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Road width (metres)</source>
        <translation>Straßenbreite (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Width to which true lines without a width of their own are widened: that with which the model was trained. Without effect on areas and rasters.</source>
        <translation>Breite, auf die Linien der Referenz ohne eigene Breite gebracht werden: die, mit der das Modell trainiert wurde. Ohne Wirkung bei Flächen und Rastern.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Probability from which a pixel is road; without effect on classified rasters.</source>
        <translation>Wahrscheinlichkeit, ab der ein Pixel Straße ist; ohne Wirkung bei klassifizierten Rastern.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Tolerance (metres)</source>
        <translation>Toleranz (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>How far a road may lie beside its truth in the relaxed scores. Empty: 3 pixels, as in Mnih&apos;s work, with which most others compare.</source>
        <translation>Wie weit eine Straße bei den Werten mit Toleranz neben der Referenz liegen darf. Leer: 3 Pixel wie in Mnihs Arbeit, an der sich die meisten anderen messen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Only pixels within these polygons are scored: where the truth was checked.</source>
        <translation>Nur Pixel in diesen Polygonen werden bewertet: wo die Referenz geprüft wurde.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Only this part is scored. Empty: the whole prediction.</source>
        <translation>Nur dieser Teil wird bewertet. Leer: die ganze Vorhersage.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Width field</source>
        <translation>Breitenfeld</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Field with the width of each true line in metres, up to 200: a number or text such as 5.5 m.</source>
        <translation>Feld mit der Breite jeder Linie der Referenz in Metern, bis 200: eine Zahl oder ein Text wie 5.5 m.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Truth label</source>
        <translation>Label der Referenz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Which of a truth raster&apos;s values are road (1 or 1,3), or which colours of a coloured one (#ff0000). Empty: all but 0 and nodata.</source>
        <translation>Welche Werte eines Referenzrasters Straße sind (1 oder 1,3) oder welche Farben eines farbigen (#ff0000). Leer: alle außer 0 und dem Leerwert.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Imagery for the report</source>
        <translation>Bilddaten für den Bericht</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Shown beneath the errors of the worst and the best blocks. Web maps are copied first: set an extent.</source>
        <translation>Erscheinen unter den Fehlern der schlechtesten und der besten Blöcke. Webkarten werden zuerst kopiert: Geben Sie eine Ausdehnung an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Block size (pixels)</source>
        <translation>Blockgröße (Pixel)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Side of the squares that are scored one by one, so that the bad places show.</source>
        <translation>Seitenlänge der Quadrate, die einzeln bewertet werden, damit die schlechten Stellen auffallen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Matched roads</source>
        <translation>Übereinstimmende Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Missed roads</source>
        <translation>Fehlende Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Extra roads</source>
        <translation>Überzählige Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Roads (lines)</source>
        <translation>Straßen (Linien)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>The roads to judge, such as those of Raster to road vector.</source>
        <translation>Die zu beurteilenden Straßen, etwa aus „Straßennetz aus Raster ableiten“.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Reference (lines)</source>
        <translation>Referenz (Linien)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>What they are judged by: surveyed roads, OpenStreetMap, or the roads of another year. Any coordinate system.</source>
        <translation>Woran sie gemessen werden: vermessene Straßen, OpenStreetMap oder die Straßen eines anderen Jahres. Beliebiges Koordinatensystem.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Buffer (metres)</source>
        <translation>Puffer (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Lines within this distance of each other match: about half a road&apos;s width.</source>
        <translation>Linien mit höchstens diesem Abstand stimmen überein: etwa die halbe Breite einer Straße.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Snap distance (metres)</source>
        <translation>Fangabstand (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>A point of one network is found in the other within this distance (APLS). The SpaceNet challenges used 4 m.</source>
        <translation>Ein Punkt des einen Netzes wird innerhalb dieses Abstands im anderen gesucht (APLS). In den SpaceNet-Wettbewerben waren es 4 m.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Only roads within these polygons count: where the reference is complete. Different extents need one.</source>
        <translation>Nur Straßen in diesen Polygonen zählen: wo die Referenz vollständig ist. Bei verschiedenen Ausdehnungen ist eine Maske nötig.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Spacing of control points (metres)</source>
        <translation>Abstand der Kontrollpunkte (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Distance between the points along the roads between which routes are measured; SpaceNet used 50 m.</source>
        <translation>Abstand der Punkte entlang der Straßen, zwischen denen Routen gemessen werden; SpaceNet nahm 50 m.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Routes are measured by</source>
        <translation>Routen werden gemessen nach</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>LENGTH: metres. TIME: driving time, with the speeds of the speed field.</source>
        <translation>LENGTH: Meter. TIME: Fahrzeit mit den Geschwindigkeiten des Geschwindigkeitsfelds.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Speed field (km/h)</source>
        <translation>Geschwindigkeitsfeld (km/h)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>With TIME: field of both layers with the speed in km/h. Roads without one take the default speed.</source>
        <translation>Bei TIME: Feld beider Layer mit der Geschwindigkeit in km/h. Für Straßen ohne Angabe gilt die Standardgeschwindigkeit.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Default speed (km/h)</source>
        <translation>Standardgeschwindigkeit (km/h)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>With TIME: of roads without a speed of their own.</source>
        <translation>Bei TIME: für Straßen ohne eigene Geschwindigkeit.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Most routes</source>
        <translation>Höchstzahl der Routen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>Most routes of APLS in each direction, drawn at random; smaller networks are measured in full.</source>
        <translation>Höchstzahl der Routen von APLS in jeder Richtung, zufällig gezogen; kleinere Netze werden vollständig gemessen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Random seed</source>
        <translation>Startwert des Zufalls (Seed)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_parameters.py"/>
        <source>The same seed draws the same routes.</source>
        <translation>Derselbe Startwert zieht dieselben Routen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_results.py"/>
        <source>rightly empty</source>
        <translation>zu Recht leer</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_results.py"/>
        <source>road found</source>
        <translation>Straße gefunden</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_results.py"/>
        <source>found where there is none</source>
        <translation>gefunden, wo keine ist</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_results.py"/>
        <source>road missed</source>
        <translation>Straße übersehen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/evaluation_results.py"/>
        <source>{} must end in .html, not {}.</source>
        <translation>{} muss auf .html enden, nicht {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>The worker was ended by the system, most likely because memory ran out (or because someone killed it): close other programs, or choose a smaller batch or tile size.</source>
        <translation>Das System hat den Arbeitsprozess beendet, höchstwahrscheinlich weil der Speicher nicht reichte (oder weil ihn jemand abgebrochen hat): Schließen Sie andere Programme, oder wählen Sie eine kleinere Batch- oder Kachelgröße.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>The worker crashed inside a library ({}): run the tool again, with the device &apos;cpu&apos; if it was not; {}</source>
        <translation>Der Arbeitsprozess ist in einer Bibliothek abgestürzt ({}): Starten Sie das Werkzeug erneut, und zwar mit dem Gerät „cpu“, falls es ein anderes war; {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>The worker could not start because a Windows library is missing or damaged: install &apos;Microsoft Visual C++ Redistributable 2015-2022 (x64)&apos; and run the tool again.</source>
        <translation>Der Arbeitsprozess konnte nicht starten, weil eine Windows-Bibliothek fehlt oder beschädigt ist: Installieren Sie „Microsoft Visual C++ Redistributable 2015-2022 (x64)“, und starten Sie das Werkzeug erneut.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>This processor lacks instructions that the installed PyTorch uses: name another Python in Settings &gt; Options &gt; Roadsmith.</source>
        <translation>Diesem Prozessor fehlen Befehle, die das installierte PyTorch benutzt: Geben Sie unter Einstellungen &gt; Optionen &gt; Roadsmith ein anderes Python an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>The worker took far more memory than the limit set in Settings &gt; Options &gt; Roadsmith and was ended: raise the limit, or choose a smaller batch or tile size.</source>
        <translation>Der Arbeitsprozess hat die unter Einstellungen &gt; Optionen &gt; Roadsmith gesetzte Speichergrenze weit überschritten und wurde beendet: Heben Sie die Grenze an, oder wählen Sie eine kleinere Batch- oder Kachelgröße.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>access violation</source>
        <translation>Zugriffsverletzung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>stack overflow</source>
        <translation>Stapelüberlauf</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>abort</source>
        <translation>Abbruch</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>damaged heap</source>
        <translation>beschädigter Heap</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>what it said last is in {}.</source>
        <translation>seine letzten Meldungen stehen in {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source> and &quot;{}&quot;</source>
        <translation> und „{}“</translation>
    </message>
    <message>
        <location filename="../../processing_provider/exit_codes.py"/>
        <source>The worker ended without a result, with exit code {}{}: {}</source>
        <translation>Der Arbeitsprozess endete ohne Ergebnis, mit Exit-Code {}{}: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_checks.py"/>
        <source>The stride is larger than the tile size: imagery between the chips would be lost.</source>
        <translation>Die Schrittweite ist größer als die Kachelgröße: Bilddaten zwischen den Chips gingen verloren.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_checks.py"/>
        <source>The stretch goes from {:g} to {:g} percent: the first must be smaller.</source>
        <translation>Die Streckung geht von {:g} bis {:g} Prozent: Der erste Wert muss kleiner sein.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_checks.py"/>
        <source>There are no labels: choose a layer of roads, or a label raster under Advanced parameters.</source>
        <translation>Es gibt keine Labels: Wählen Sie einen Straßenlayer oder, unter den fortgeschrittenen Parametern, ein Label-Raster.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_checks.py"/>
        <source>There are two kinds of labels: choose a layer of roads or a label raster, and leave the other one empty.</source>
        <translation>Es gibt zwei Arten von Labels: Wählen Sie einen Straßenlayer oder ein Label-Raster, und lassen Sie das andere leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_checks.py"/>
        <source>{} names a field, but a label raster has none: leave it empty.</source>
        <translation>{} nennt ein Feld, aber ein Label-Raster hat keines: Lassen Sie es leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_checks.py"/>
        <source>The classes have widths, but no class field tells which class a road is: choose one.</source>
        <translation>Die Klassen haben Breiten, aber kein Klassenfeld sagt, zu welcher Klasse eine Straße gehört: Wählen Sie eines.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Training data folder</source>
        <translation>Ordner der Trainingsdaten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Any raster layer QGIS shows. Web maps and database rasters are copied first: set an extent. A web map with a known deepest zoom level is copied at that one&apos;s cell size.</source>
        <translation>Jeder Rasterlayer, den QGIS anzeigt. Webkarten und Raster aus Datenbanken werden zuerst kopiert: Geben Sie eine Ausdehnung an. Eine Webkarte, deren tiefste Zoomstufe bekannt ist, wird in deren Zellengröße kopiert.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Roads (lines or polygons)</source>
        <translation>Straßen (Linien oder Polygone)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Road centre lines, widened to the road width, or road areas, taken as they are. Leave it empty if the roads come as a label raster (advanced parameters).</source>
        <translation>Straßenmittellinien, die auf die Straßenbreite gebracht werden, oder Straßenflächen, die unverändert gelten. Lassen Sie das Feld leer, wenn die Straßen als Label-Raster vorliegen (fortgeschrittene Parameter).</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Width to which lines without a width of their own are widened. A little more than the paved width is better than less.</source>
        <translation>Breite, auf die Linien ohne eigene Breite gebracht werden. Etwas mehr als die befestigte Breite ist besser als weniger.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Only chips wholly inside are cut. Empty: the whole raster.</source>
        <translation>Es werden nur Chips ausgeschnitten, die ganz darin liegen. Leer: das ganze Raster.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Pixel size of the chips. Empty: the raster&apos;s own. Classification later uses the same.</source>
        <translation>Pixelgröße der Chips. Leer: die des Rasters. Später wird mit derselben klassifiziert.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Side of a chip. The reference model was trained on 512.</source>
        <translation>Seitenlänge eines Bildausschnitts (Chips). Das Referenzmodell wurde mit 512 trainiert.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Stride (pixels)</source>
        <translation>Schrittweite (Pixel)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Distance between chips; half the tile size gives 50 % overlap.</source>
        <translation>Abstand der Chips; die halbe Kachelgröße ergibt 50 % Überlappung.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Field with the width of each line in metres, up to 200: a number or text such as 5.5 m. Lines without one take that of their class, or the road width.</source>
        <translation>Feld mit der Breite jeder Linie in Metern, bis 200: eine Zahl oder ein Text wie 5.5 m. Linien ohne Angabe erhalten die Breite ihrer Klasse oder die Straßenbreite.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Class field</source>
        <translation>Klassenfeld</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Field that tells kinds of roads apart, whole numbers from 1 to 254 or names; ArcGIS&apos;s Class Value Field. Empty: one class, road.</source>
        <translation>Feld, das Arten von Straßen unterscheidet, mit ganzen Zahlen von 1 bis 254 oder Namen; in ArcGIS Class Value Field. Leer: eine Klasse, Straße.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Widths of the classes</source>
        <translation>Breiten der Klassen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Width (m)</source>
        <translation>Breite (m)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Width of the lines of each class, metres, where the width field has none; 0 leaves the class out. Outside the dialog also as text: primary=12,residential=6.</source>
        <translation>Breite der Linien jeder Klasse in Metern, wo das Breitenfeld nichts angibt; 0 lässt die Klasse weg. Außerhalb des Dialogs auch als Text: primary=12,residential=6.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Label raster</source>
        <translation>Label-Raster</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Instead of a road layer: a raster of whole numbers with 0 for background (or a mask of 0 and 255), at any cell size and in any coordinate system. Nodata other than 0 is neither learned nor scored.</source>
        <translation>Statt eines Straßenlayers: ein Raster ganzer Zahlen mit 0 für den Hintergrund (oder eine Maske aus 0 und 255), in beliebiger Zellengröße und beliebigem Koordinatensystem. Ein Leerwert, der nicht 0 ist, wird weder gelernt noch bewertet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Band of the label raster</source>
        <translation>Kanal des Label-Rasters</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Empty: the first.</source>
        <translation>Leer: der erste.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Chips are cut only within these polygons: where the roads were checked. ArcGIS&apos;s Input Mask Polygons.</source>
        <translation>Es werden nur Chips in diesen Polygonen ausgeschnitten: wo die Straßen geprüft wurden. In ArcGIS Input Mask Polygons.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Chips at the mask&apos;s edge</source>
        <translation>Chips am Rand der Maske</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>INSIDE: only chips wholly inside the mask, as in ArcGIS. CENTRE: chips with their centre inside.</source>
        <translation>INSIDE: nur Chips, die ganz in der Maske liegen, wie in ArcGIS. CENTRE: Chips, deren Mitte darin liegt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Chips without roads</source>
        <translation>Chips ohne Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>ALL_TILES also writes chips without a road, SHARE_OF_EMPTY_TILES a share of them; useful where the model finds roads in fields or on roofs.</source>
        <translation>ALL_TILES schreibt auch Chips ohne Straße, SHARE_OF_EMPTY_TILES einen Teil davon; nützlich, wenn das Modell Straßen in Feldern oder auf Dächern findet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Share of chips without roads (percent)</source>
        <translation>Anteil der Chips ohne Straßen (Prozent)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>With SHARE_OF_EMPTY_TILES: how many of the chips without a road are written. Which ones depends on their place alone.</source>
        <translation>Bei SHARE_OF_EMPTY_TILES: wie viele der Chips ohne Straße geschrieben werden. Welche das sind, hängt nur von ihrer Lage ab.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Bands</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Bands to export, in this order. Empty: the first three that are not alpha.</source>
        <translation>Kanäle, die exportiert werden, in dieser Reihenfolge. Leer: die ersten drei, die kein Alphakanal sind.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Stretch to 8 bits</source>
        <translation>Streckung auf 8 Bit</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>AUTO: PERCENT for all but 8-bit imagery. NONE: the values as they are. MINMAX, PERCENT and DEVIATIONS stretch between figures of the whole raster. Classification stretches with the same figures.</source>
        <translation>AUTO: PERCENT für alle Bilddaten außer solchen mit 8 Bit. NONE: die Werte, wie sie sind. MINMAX, PERCENT und DEVIATIONS strecken zwischen Kennwerten des ganzen Rasters. Beim Klassifizieren wird mit denselben Kennwerten gestreckt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Stretch from (percent)</source>
        <translation>Streckung ab (Prozent)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>PERCENT: so many percent of the pixels become black.</source>
        <translation>PERCENT: So viele Prozent der Pixel werden schwarz.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Stretch to (percent)</source>
        <translation>Streckung bis (Prozent)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>PERCENT: the pixels above this percentage become white.</source>
        <translation>PERCENT: Die Pixel oberhalb dieses Prozentwerts werden weiß.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Stretch (standard deviations)</source>
        <translation>Streckung (Standardabweichungen)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>DEVIATIONS: so many standard deviations to both sides of the mean.</source>
        <translation>DEVIATIONS: so viele Standardabweichungen zu beiden Seiten des Mittelwerts.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Image format</source>
        <translation>Bildformat</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Of the images; labels are always TIFF. TIFF holds any number of bands and any depth; PNG and JPEG hold one or three 8-bit bands.</source>
        <translation>Der Bilder; Labels sind immer TIFF. TIFF fasst beliebig viele Kanäle in jeder Tiefe; PNG und JPEG fassen einen oder drei Kanäle mit 8 Bit.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Attribution and licence</source>
        <translation>Urheberangabe und Lizenz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Of imagery and roads; kept in the folder and in every model trained on it. Empty: the rights in the metadata of both layers.</source>
        <translation>Von Bilddaten und Straßen; wird im Ordner und in jedem damit trainierten Modell festgehalten. Leer: die Rechte aus den Metadaten beider Layer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Rotation angle (degrees)</source>
        <translation>Drehwinkel (Grad)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Every chip is written again at each multiple of this angle up to a full turn; 0 for no repetition. Training turns and flips chips by itself, so this is rarely needed.</source>
        <translation>Jeder Chip wird bei jedem Vielfachen dieses Winkels bis zur vollen Drehung noch einmal geschrieben; 0 für keine Wiederholung. Das Training dreht und spiegelt Chips selbst, daher ist das selten nötig.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Smallest part of a road in a chip (0–1)</source>
        <translation>Kleinster Teil einer Straße in einem Chip (0–1)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>A feature with a smaller share of its area in the chip is left out of the chip&apos;s label. ArcGIS&apos;s Minimum Polygon Overlap Ratio. 0 keeps every road, which is right for roads.</source>
        <translation>Ein Objekt, von dessen Fläche ein kleinerer Anteil im Chip liegt, kommt nicht in das Label des Chips. In ArcGIS Minimum Polygon Overlap Ratio. 0 behält jede Straße, was für Straßen richtig ist.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Largest part without imagery (percent)</source>
        <translation>Größter Teil ohne Bilddaten (Prozent)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Chips with more pixels without imagery are left out.</source>
        <translation>Chips mit mehr Pixeln ohne Bilddaten werden ausgelassen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Label of pixels without imagery</source>
        <translation>Label der Pixel ohne Bilddaten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>IGNORE: neither learned nor scored. BACKGROUND: learned as no road, as ArcGIS writes them.</source>
        <translation>IGNORE: weder gelernt noch bewertet. BACKGROUND: als „keine Straße“ gelernt, wie ArcGIS sie schreibt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_parameters.py"/>
        <source>Chips cut side by side; 0 chooses. The result does not depend on it.</source>
        <translation>So viele Chips werden nebeneinander ausgeschnitten; bei 0 wird die Zahl gewählt. Das Ergebnis hängt nicht davon ab.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_training_data.py"/>
        <source>Export training data</source>
        <translation>Trainingsdaten exportieren</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_training_data.py"/>
        <source>road,deep learning,segmentation,chips,tiles,labels,Export Training Data For Deep Learning,ArcGIS</source>
        <translation>Straße,Deep Learning,Segmentierung,Chips,Bildausschnitte,Kacheln,Labels,Export Training Data For Deep Learning,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_training_data.py"/>
        <source>Cuts image chips and road labels out of a raster and a road layer.</source>
        <translation>Schneidet Bildausschnitte (Chips) und Straßen-Labels aus einem Raster und einem Straßenlayer aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_training_data.py"/>
        <source>&lt;p&gt;Cuts image chips and matching road labels out of any raster and any layer of road lines or polygons, or a label raster. The folder has the layout of ArcGIS&apos;s &lt;i&gt;Classified Tiles&lt;/i&gt;; &lt;i&gt;Train road extractor&lt;/i&gt; reads it. Exporting again into the same folder with other imagery, roads or another extent appends.&lt;/p&gt;&lt;p&gt;The layers may have different coordinate systems; “selected features only” is honoured. Pixels without imagery are marked, and neither learned nor scored. Choose a cell size at which roads are 5 to 25 pixels wide, and look at the result with &lt;i&gt;Preview training data&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Interrupted?&lt;/b&gt; Run it again with the same settings: it goes on where it stopped. Until it is complete, its chips lie in a folder NAME~unfinished beside the training data folder.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Names in ArcGIS:&lt;/b&gt; Input Raster is Imagery, Input Feature Class or Classified Raster is Roads or Label raster, Class Value Field is Class field, Buffer Radius is half the Road width, Input Mask Polygons is Mask, Tile Size X/Y is Tile size, Stride X/Y is Stride, Output No Feature Tiles is Chips without roads, Minimum Polygon Overlap Ratio is Smallest part of a road in a chip.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Mind:&lt;/b&gt; roads that show in the imagery and are missing in the layer teach the model to overlook roads.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Schneidet Bildausschnitte (Chips) und die passenden Straßen-Labels aus einem beliebigen Raster und einem beliebigen Layer mit Straßenlinien oder -polygonen, oder aus einem Label-Raster, aus. Der Ordner ist aufgebaut wie &lt;i&gt;Classified Tiles&lt;/i&gt; von ArcGIS; &lt;i&gt;Straßenerkennung trainieren&lt;/i&gt; liest ihn. Ein weiterer Export in denselben Ordner, mit anderen Bilddaten, Straßen oder anderer Ausdehnung, kommt hinzu.&lt;/p&gt;&lt;p&gt;Die Layer dürfen verschiedene Koordinatensysteme haben; „Nur gewählte Objekte“ wird beachtet. Pixel ohne Bilddaten werden gekennzeichnet und weder gelernt noch bewertet. Wählen Sie eine Zellengröße, bei der Straßen 5 bis 25 Pixel breit sind, und prüfen Sie das Ergebnis mit &lt;i&gt;Vorschau der Trainingsdaten&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Unterbrochen?&lt;/b&gt; Starten Sie erneut mit denselben Einstellungen: Es geht dort weiter, wo es aufgehört hat. Bis er vollständig ist, liegen die Chips in einem Ordner NAME~unfinished neben dem Ordner der Trainingsdaten.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Namen in ArcGIS:&lt;/b&gt; Input Raster entspricht den Bilddaten, Input Feature Class or Classified Raster den Straßen oder dem Label-Raster, Class Value Field dem Klassenfeld, Buffer Radius der halben Straßenbreite, Input Mask Polygons der Maske, Tile Size X/Y der Kachelgröße, Stride X/Y der Schrittweite, Output No Feature Tiles den Chips ohne Straßen, Minimum Polygon Overlap Ratio dem kleinsten Teil einer Straße in einem Chip.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zu beachten:&lt;/b&gt; Straßen, die im Bild zu sehen sind und im Layer fehlen, bringen dem Modell bei, Straßen zu übersehen.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_training_data.py"/>
        <source>Number of chips written</source>
        <translation>Anzahl der geschriebenen Chips</translation>
    </message>
    <message>
        <location filename="../../processing_provider/export_training_data.py"/>
        <source>The label raster &apos;{}&apos; is a picture of a map, without class values: choose a raster of whole numbers.</source>
        <translation>Das Label-Raster „{}“ ist ein Kartenbild ohne Klassenwerte: Wählen Sie ein Raster ganzer Zahlen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/extract_roads.py"/>
        <source>Extract roads</source>
        <translation>Straßen extrahieren</translation>
    </message>
    <message>
        <location filename="../../processing_provider/extract_roads.py"/>
        <source>road,deep learning,network,workflow,quick start,Extract Features Using AI Models,ArcGIS</source>
        <translation>Straße,Deep Learning,Straßennetz,Arbeitsablauf,Schnellstart,Extract Features Using AI Models,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/extract_roads.py"/>
        <source>Imagery in, a clean road network out; needs nothing but imagery.</source>
        <translation>Bilddaten hinein, ein sauberes Straßennetz heraus; mehr als Bilddaten ist nicht nötig.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/extract_roads.py"/>
        <source>&lt;p&gt;From imagery to a road network in one step: &lt;i&gt;Classify pixels&lt;/i&gt;, then &lt;i&gt;Raster to road vector&lt;/i&gt; on its probabilities, with the model&apos;s threshold or the one given. It needs nothing but imagery: without a model, the one that comes with Roadsmith finds the roads. Web maps need an extent, or a mask.&lt;/p&gt;&lt;p&gt;Give the roads, and whatever else you want to keep, a name: temporary results are gone when QGIS is closed.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Are roads missing, or too many there?&lt;/b&gt; Lower or raise the threshold; the log tells from which probability they were drawn. Imagery unlike the model&apos;s own needs a model of its own: &lt;i&gt;Train and extract roads&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;This is a graphical model: open it in the model designer from its context menu in the toolbox, and save your own variant of it.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Name in ArcGIS:&lt;/b&gt; Extract Features Using AI Models.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Von den Bilddaten zum Straßennetz in einem Schritt: &lt;i&gt;Pixel klassifizieren&lt;/i&gt;, dann &lt;i&gt;Straßennetz aus Raster ableiten&lt;/i&gt; auf dessen Wahrscheinlichkeiten, mit dem Schwellenwert des Modells oder dem angegebenen. Mehr als Bilddaten ist nicht nötig: Ohne Modell findet das mit Roadsmith gelieferte die Straßen. Webkarten brauchen eine Ausdehnung oder eine Maske.&lt;/p&gt;&lt;p&gt;Geben Sie den Straßen, und was Sie sonst behalten möchten, einen Namen: Temporäre Ergebnisse sind weg, wenn QGIS geschlossen wird.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Fehlen Straßen, oder sind es zu viele?&lt;/b&gt; Senken oder erhöhen Sie den Schwellenwert; das Protokoll sagt, ab welcher Wahrscheinlichkeit gezeichnet wurde. Bilddaten, die denen des Modells nicht ähneln, brauchen ein eigenes Modell: &lt;i&gt;Modell trainieren und Straßen extrahieren&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;Dies ist ein grafisches Modell: Öffnen Sie es über sein Kontextmenü in den Verarbeitungswerkzeugen im Modellentwurf, und speichern Sie Ihre eigene Variante.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Name in ArcGIS:&lt;/b&gt; Extract Features Using AI Models.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/feature_writing.py"/>
        <source>, … ({} in all)</source>
        <translation>, … (insgesamt {})</translation>
    </message>
    <message>
        <location filename="../../processing_provider/feature_writing.py"/>
        <source>Reading &apos;{}&apos;</source>
        <translation>„{}“ wird gelesen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/feature_writing.py"/>
        <source>Left out of &apos;{}&apos;, because the raster&apos;s coordinate system has no place for them: features {}.</source>
        <translation>Aus „{}“ ausgelassen, weil das Koordinatensystem des Rasters keinen Platz für sie hat: Objekte {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/feature_writing.py"/>
        <source>lines or polygons</source>
        <translation>Linien oder Polygone</translation>
    </message>
    <message>
        <location filename="../../processing_provider/feature_writing.py"/>
        <source>Left out of &apos;{}&apos;, because they are no {}: features {}.</source>
        <translation>Aus „{}“ ausgelassen, weil es keine {} sind: Objekte {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/feature_writing.py"/>
        <source>The features could not be written to {}: {}; check the space left for temporary files.</source>
        <translation>Die Objekte konnten nicht nach {} geschrieben werden: {}; prüfen Sie den freien Platz für temporäre Dateien.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>fill a folder with the wheels on another computer and name it, or name a Python that has PyTorch</source>
        <translation>füllen Sie auf einem anderen Computer einen Ordner mit den Wheels und geben Sie ihn an, oder geben Sie ein Python an, das PyTorch hat</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>the disk is full: free some space, or choose a cache folder on another disk in Settings &gt; Options &gt; Roadsmith</source>
        <translation>Der Datenträger ist voll: Schaffen Sie Platz, oder wählen Sie unter Einstellungen &gt; Optionen &gt; Roadsmith einen Cache-Ordner auf einem anderen Datenträger</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>a rule of this computer (AppLocker or the like) forbids programs in the user&apos;s folders: ask the administrator to allow the folder of the environment, or name an installed Python that has PyTorch in Settings &gt; Options &gt; Roadsmith</source>
        <translation>Eine Regel dieses Computers (AppLocker oder Ähnliches) verbietet Programme in den Ordnern des Benutzers: Bitten Sie den Administrator, den Ordner der Umgebung freizugeben, oder geben Sie unter Einstellungen &gt; Optionen &gt; Roadsmith ein installiertes Python an, das PyTorch hat</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>the virus scanner stopped it: ask the administrator to except the folder of the environment, and run the set-up again</source>
        <translation>Der Virenscanner hat es angehalten: Bitten Sie den Administrator, den Ordner der Umgebung auszunehmen, und starten Sie die Einrichtung erneut</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>a file is locked or may not be written, often by a virus scanner or another QGIS window: close other QGIS windows, except the folder of the environment from scanning, and run the set-up again</source>
        <translation>Eine Datei ist gesperrt oder darf nicht geschrieben werden, oft wegen eines Virenscanners oder eines anderen QGIS-Fensters: Schließen Sie andere QGIS-Fenster, nehmen Sie den Ordner der Umgebung von der Prüfung aus, und starten Sie die Einrichtung erneut</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>the proxy wants a name and password: enter them in Settings &gt; Options &gt; Network and run the set-up again</source>
        <translation>Der Proxy verlangt Name und Passwort: Tragen Sie sie unter Einstellungen &gt; Optionen &gt; Netzwerk ein, und starten Sie die Einrichtung erneut</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>pip cannot use a SOCKS proxy: install the program uv, or choose an HTTP proxy in Settings &gt; Options &gt; Network</source>
        <translation>pip kann keinen SOCKS-Proxy benutzen: Installieren Sie das Programm uv, oder wählen Sie unter Einstellungen &gt; Optionen &gt; Netzwerk einen HTTP-Proxy</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>the proxy cannot be reached: correct it in Settings &gt; Options &gt; Network and run the set-up again</source>
        <translation>Der Proxy ist nicht zu erreichen: Berichtigen Sie ihn unter Einstellungen &gt; Optionen &gt; Netzwerk, und starten Sie die Einrichtung erneut</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>the certificate of the server is not trusted, as where a firewall inspects the traffic: set the variable PIP_CERT (for uv SSL_CERT_FILE) to your organisation&apos;s certificate file, or {other}</source>
        <translation>Dem Zertifikat des Servers wird nicht vertraut, etwa weil eine Firewall den Datenverkehr prüft: Setzen Sie die Variable PIP_CERT (für uv SSL_CERT_FILE) auf die Zertifikatsdatei Ihrer Organisation, oder {other}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>the network does not reach the packages: check the connection and the proxy, allow {hosts}, and run the set-up again (what was downloaded is kept), or {other}</source>
        <translation>Das Netzwerk erreicht die Pakete nicht: Prüfen Sie Verbindung und Proxy, erlauben Sie {hosts}, und starten Sie die Einrichtung erneut (was schon heruntergeladen wurde, bleibt erhalten), oder {other}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>a download was damaged: run the set-up again</source>
        <translation>Ein Download war beschädigt: Starten Sie die Einrichtung erneut</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>this Python cannot make environments: install the package python3-venv (Debian, Ubuntu), or the program uv</source>
        <translation>Dieses Python kann keine Umgebungen anlegen: Installieren Sie das Paket python3-venv (Debian, Ubuntu) oder das Programm uv</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>this Python is managed by the system: leave the Python empty, or install the program uv</source>
        <translation>Dieses Python wird vom System verwaltet: Lassen Sie das Feld Python leer, oder installieren Sie das Programm uv</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>{} failed (exit code {}): {}</source>
        <translation>{} fehlgeschlagen (Exit-Code {}): {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>{}. The cause: {}.</source>
        <translation>{}. Die Ursache: {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>{}. The log has the rest.</source>
        <translation>{}. Alles Weitere steht im Protokoll.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>the folder of wheels lacks this package for this Python and system: fill it with &apos;python -m pip download -r requirements.txt&apos; on a computer with the same system and the same version of Python</source>
        <translation>Im Ordner mit Wheels fehlt dieses Paket für dieses Python und System: Füllen Sie ihn mit „python -m pip download -r requirements.txt“ auf einem Computer mit demselben System und derselben Python-Version</translation>
    </message>
    <message>
        <location filename="../../processing_provider/install_failures.py"/>
        <source>no release of this package fits this Python and system, or the network hides it: build with another Python (3.10 to 3.13 have most), check the variables PIP_INDEX_URL and PIP_CONSTRAINT, and run the set-up again</source>
        <translation>Keine Version dieses Pakets passt zu diesem Python und System, oder das Netzwerk verbirgt sie: Bauen Sie mit einem anderen Python (3.10 bis 3.13 haben die meisten), prüfen Sie die Variablen PIP_INDEX_URL und PIP_CONSTRAINT, und starten Sie die Einrichtung erneut</translation>
    </message>
    <message>
        <location filename="../../processing_provider/layer_copy.py"/>
        <source>The worker&apos;s result {} cannot be read.</source>
        <translation>Das Ergebnis {} des Arbeitsprozesses lässt sich nicht lesen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/map_units.py"/>
        <source>No distance can be measured at {} in {}: check the layer&apos;s coordinate system.</source>
        <translation>Bei {} lässt sich in {} keine Entfernung messen: Prüfen Sie das Koordinatensystem des Layers.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/model_facts.py"/>
        <source>IoU</source>
        <translation>IoU</translation>
    </message>
    <message>
        <location filename="../../processing_provider/model_facts.py"/>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <location filename="../../processing_provider/model_facts.py"/>
        <source>precision</source>
        <translation>Precision</translation>
    </message>
    <message>
        <location filename="../../processing_provider/model_facts.py"/>
        <source>recall</source>
        <translation>Recall</translation>
    </message>
    <message>
        <location filename="../../processing_provider/model_facts.py"/>
        <source>{network}, {cell:.3g} m per pixel, band(s) {bands}, chips of {chip} pixels, threshold {threshold:.3g}</source>
        <translation>{network}, {cell:.3g} m je Pixel, Kanäle {bands}, Chips von {chip} Pixeln, Schwellenwert {threshold:.3g}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/model_facts.py"/>
        <source>; on its validation chips: {}</source>
        <translation>; auf seinen Validierungs-Chips: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/model_facts.py"/>
        <source>two stages: {}, CUnet</source>
        <translation>zwei Stufen: {}, CUnet</translation>
    </message>
    <message>
        <location filename="../../processing_provider/name_values.py"/>
        <source>The augmentation &apos;{}&apos; has the value &apos;{}&apos;: give each a name and a value, such as rotate and 30; 0.5.</source>
        <translation>Die Augmentierung „{}“ hat den Wert „{}“: Geben Sie zu jeder einen Namen und einen Wert an, etwa rotate und 30; 0.5.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/name_values.py"/>
        <source>The augmentation &apos;{}&apos; is given twice: keep one of them.</source>
        <translation>Die Augmentierung „{}“ ist zweimal angegeben: Behalten Sie eine davon.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Track (under 4 m wide)</source>
        <translation>Weg (unter 4 m breit)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Residential (4 to 7 m)</source>
        <translation>Anliegerstraße (4 bis 7 m)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Secondary (7 to 12 m)</source>
        <translation>Nebenstraße (7 bis 12 m)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Primary (over 12 m)</source>
        <translation>Hauptstraße (über 12 m)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>With a closed gap</source>
        <translation>Mit geschlossener Lücke</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Junction</source>
        <translation>Kreuzung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Dead end</source>
        <translation>Sackgasse</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Beginning of a ring</source>
        <translation>Anfang eines Rings</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Likely a road (probability from 0.3)</source>
        <translation>Wahrscheinlich eine Straße (Wahrscheinlichkeit ab 0,3)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Perhaps (0.1 to 0.3)</source>
        <translation>Vielleicht (0,1 bis 0,3)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/network_styles.py"/>
        <source>Little or no evidence</source>
        <translation>Kaum oder kein Anhaltspunkt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/parameters.py"/>
        <source>Which label is road: its values (1 or 1,3), names of classes, or colours of a coloured mask (#ff0000). Empty: all that is no background.</source>
        <translation>Welches Label Straße ist: seine Werte (1 oder 1,3), Namen von Klassen oder Farben einer farbigen Maske (#ff0000). Leer: alles, was nicht Hintergrund ist.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/parameters.py"/>
        <source>{} is empty: name a file or folder.</source>
        <translation>{} ist leer: Geben Sie eine Datei oder einen Ordner an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/parameters.py"/>
        <source>{} is empty: name a folder.</source>
        <translation>{} ist leer: Geben Sie einen Ordner an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/parameters.py"/>
        <source>Nothing can be written to {}: {}. Choose another folder.</source>
        <translation>In {} lässt sich nicht schreiben: {}. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} cannot be read ({}).</source>
        <translation>{} lässt sich nicht lesen ({}).</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>Empty: the model that comes with Roadsmith is used: {}.</source>
        <translation>Leer: Es wird das mit Roadsmith gelieferte Modell verwendet: {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} is a model of two stages already: choose the one of one stage that it was made from.</source>
        <translation>{} ist schon ein Modell in zwei Stufen: Wählen Sie das einstufige, aus dem es entstand.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>There is no {}: choose the .dlpk or .emd of a model package.</source>
        <translation>{} gibt es nicht: Wählen Sie die .dlpk- oder .emd-Datei eines Modellpakets.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} is no model package: choose a file that ends in .dlpk or .emd.</source>
        <translation>{} ist kein Modellpaket: Wählen Sie eine Datei, die auf .dlpk oder .emd endet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} is a model of another program: choose a package that a training of Roadsmith wrote.</source>
        <translation>{} ist ein Modell eines anderen Programms: Wählen Sie ein Paket, das ein Training von Roadsmith geschrieben hat.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} is no model package that can be read: copy it again, or choose another one.</source>
        <translation>{} ist kein lesbares Modellpaket: Kopieren Sie es erneut, oder wählen Sie ein anderes.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>… and {} more.</source>
        <translation>… und {} weitere.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>There is no {}: choose a folder that Export training data wrote.</source>
        <translation>{} gibt es nicht: Wählen Sie einen Ordner, den „Trainingsdaten exportieren“ geschrieben hat.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} is a file: choose the folder that Export training data wrote.</source>
        <translation>{} ist eine Datei: Wählen Sie den Ordner, den „Trainingsdaten exportieren“ geschrieben hat.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>Training data of the kind {}: export it again with the metadata format Classified Tiles.</source>
        <translation>Trainingsdaten der Art {}: Exportieren Sie sie noch einmal mit dem Metadatenformat Classified Tiles.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>No {}: read as pairs of images and masks. Images: {}.</source>
        <translation>Keine {}: wird als Paare aus Bildern und Masken gelesen. Bilder: {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} is no training data folder: it holds no chips. Choose one that Export training data wrote.</source>
        <translation>{} ist kein Ordner mit Trainingsdaten: Er enthält keine Chips. Wählen Sie einen, den „Trainingsdaten exportieren“ geschrieben hat.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} chip(s)</source>
        <translation>{} Chip(s)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{} chip(s) of {} pixels</source>
        <translation>{} Chip(s) von {} Pixeln</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{:.3g} m per pixel</source>
        <translation>{:.3g} m je Pixel</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>{:.3g} map units per pixel</source>
        <translation>{:.3g} Karteneinheiten je Pixel</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>band(s) {}</source>
        <translation>Kanäle {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/path_facts.py"/>
        <source>classes: {}</source>
        <translation>Klassen: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/prepare_labels.py"/>
        <source>Prepare labels</source>
        <translation>Labels vorbereiten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/prepare_labels.py"/>
        <source>road,label,GeoJSON,fix,reproject,buffer,JSON To Features,Repair Geometry,Project,ArcGIS</source>
        <translation>Straße,Label,GeoJSON,reparieren,reprojizieren,Puffer,JSON To Features,Repair Geometry,Project,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/prepare_labels.py"/>
        <source>Turns road lines of any file into sound lines and areas in the imagery&apos;s coordinate system.</source>
        <translation>Macht aus Straßenlinien beliebiger Dateien einwandfreie Linien und Flächen im Koordinatensystem der Bilddaten.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/prepare_labels.py"/>
        <source>&lt;p&gt;Road lines of a GeoJSON, Esri JSON or any other file or layer: geometries are fixed, reprojected to the imagery&apos;s coordinate system and widened to road areas, with QGIS&apos;s own algorithms. All fields are kept.&lt;/p&gt;&lt;p&gt;&lt;i&gt;Export training data&lt;/i&gt; widens and reprojects lines by itself, and knows widths of single roads and classes. This tool is for looking at the result first, for repairing what is broken, and for other programs.&lt;/p&gt;&lt;p&gt;This is a graphical model: open it in the model designer from its context menu in the toolbox, and save your own variant of it.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Names in ArcGIS:&lt;/b&gt; JSON To Features, Repair Geometry, Project, Buffer.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Straßenlinien aus GeoJSON, Esri-JSON oder einer anderen Datei oder einem Layer: Geometrien werden repariert, in das Koordinatensystem der Bilddaten reprojiziert und zu Straßenflächen verbreitert, mit den Algorithmen von QGIS. Alle Felder bleiben erhalten.&lt;/p&gt;&lt;p&gt;&lt;i&gt;Trainingsdaten exportieren&lt;/i&gt; verbreitert und reprojiziert Linien selbst und kennt Breiten einzelner Straßen und Klassen. Dieses Werkzeug ist dafür da, das Ergebnis vorher anzusehen, Beschädigtes zu reparieren und andere Programme zu versorgen.&lt;/p&gt;&lt;p&gt;Dies ist ein grafisches Modell: Öffnen Sie es über sein Kontextmenü in den Verarbeitungswerkzeugen im Modellentwurf, und speichern Sie Ihre eigene Variante.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Namen in ArcGIS:&lt;/b&gt; JSON To Features, Repair Geometry, Project, Buffer.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/prepare_labels.py"/>
        <source>There is no coordinate system to reproject to: choose the imagery&apos;s.</source>
        <translation>Es gibt kein Koordinatensystem, in das reprojiziert werden könnte: Wählen Sie das der Bilddaten.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/prepare_labels.py"/>
        <source>The coordinate system {} does not measure in metres, so roads cannot be widened by metres in it: choose a projected one, such as the UTM zone of the area.</source>
        <translation>Das Koordinatensystem {} misst nicht in Metern, daher lassen sich Straßen darin nicht um Meter verbreitern: Wählen Sie ein projiziertes, etwa die UTM-Zone des Gebiets.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Preview training data</source>
        <translation>Vorschau der Trainingsdaten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>road,deep learning,chips,tiles,labels,check,look,show_batch,ArcGIS</source>
        <translation>Straße,Deep Learning,Chips,Bildausschnitte,Kacheln,Labels,prüfen,ansehen,show_batch,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Shows training chips with their road labels laid over.</source>
        <translation>Zeigt Trainings-Chips mit darübergelegten Straßen-Labels.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>&lt;p&gt;Shows chips of a training data folder with their road labels laid over, and says whether the labels lie on the roads, how wide and how frequent roads are, and where the chips lie: look here before training. ArcGIS calls it &lt;i&gt;show_batch&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;Labels beside their roads, roads without a label and washed-out pictures are seen at once; they cost more than any setting of the training.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Zeigt Chips eines Ordners mit Trainingsdaten mit darübergelegten Straßen-Labels und sagt, ob die Labels auf den Straßen liegen, wie breit und wie häufig Straßen sind und wo die Chips liegen: Sehen Sie sich das vor dem Training an. In ArcGIS heißt es &lt;i&gt;show_batch&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;Labels neben ihren Straßen, Straßen ohne Label und flaue Bilder fallen sofort auf; sie kosten mehr als jede Einstellung des Trainings.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>A folder written by Export training data, by ArcGIS as Classified Tiles, or with pairs of images and masks. Several: separated by semicolons.</source>
        <translation>Ein Ordner, den „Trainingsdaten exportieren“ oder ArcGIS (als Classified Tiles) geschrieben hat, oder einer mit Paaren aus Bildern und Masken. Mehrere: durch Semikolons getrennt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Rows of chips</source>
        <translation>Zeilen mit Chips</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Rows of four pictures. With the variants of training, two chips a row.</source>
        <translation>Zeilen mit je vier Bildern; mit den Varianten des Trainings zwei Chips je Zeile.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Opacity of the labels (0–1)</source>
        <translation>Deckkraft der Labels (0–1)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>0 shows the imagery alone, 1 hides it under the labels.</source>
        <translation>0 zeigt nur die Bilddaten, 1 verdeckt sie mit den Labels.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Also show the chips as training varies them</source>
        <translation>Chips auch so zeigen, wie das Training sie abwandelt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Training crops, flips, turns, brightens and darkens the chips.</source>
        <translation>Das Training beschneidet, spiegelt und dreht die Chips, macht sie heller und dunkler.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Road label</source>
        <translation>Straßen-Label</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>The same seed shows the same chips.</source>
        <translation>Derselbe Startwert zeigt dieselben Chips.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>PNG files (*.png)</source>
        <translation>PNG-Dateien (*.png)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>Number of chips</source>
        <translation>Anzahl der Chips</translation>
    </message>
    <message>
        <location filename="../../processing_provider/preview_training_data.py"/>
        <source>{} must end in {}, not {}.</source>
        <translation>{} muss auf {} enden, nicht {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/proxy.py"/>
        <source>QGIS settings</source>
        <translation>Einstellungen von QGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/proxy.py"/>
        <source>the system&apos;s settings</source>
        <translation>Einstellungen des Systems</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>The extent lies outside the layer &apos;{}&apos;: choose one that touches it.</source>
        <translation>Die Ausdehnung liegt außerhalb des Layers „{}“: Wählen Sie eine, die ihn berührt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>The layer &apos;{}&apos; is a service without a resolution: set the cell size and an extent.</source>
        <translation>Der Layer „{}“ ist ein Dienst ohne Auflösung: Geben Sie Zellengröße und Ausdehnung an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>The layer &apos;{}&apos; would be copied as {} × {} pixels: set an extent, or a larger cell size.</source>
        <translation>Der Layer „{}“ würde mit {} × {} Pixeln kopiert: Geben Sie eine Ausdehnung oder eine größere Zellengröße an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>&apos;{}&apos; is no file that can be read as it is: copying {} × {} pixels of it.</source>
        <translation>„{}“ ist keine Datei, die sich unmittelbar lesen lässt: {} × {} Pixel davon werden kopiert.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>Copying &apos;{}&apos;</source>
        <translation>„{}“ wird kopiert</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>The bands of &apos;{}&apos; have different nodata values in the layer&apos;s properties: give all bands the same.</source>
        <translation>Die Kanäle von „{}“ haben in den Layereigenschaften verschiedene Leerwerte: Geben Sie allen Kanälen denselben.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>The layer &apos;{}&apos; could not be read from its service: {}. Check that it draws in QGIS.</source>
        <translation>Der Layer „{}“ konnte nicht von seinem Dienst gelesen werden: {}. Prüfen Sie, ob QGIS ihn zeichnet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>The service of the layer &apos;{}&apos; gave nothing for this area: check that it draws there in QGIS.</source>
        <translation>Der Dienst des Layers „{}“ hat für dieses Gebiet nichts geliefert: Prüfen Sie, ob QGIS ihn dort zeichnet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_copy.py"/>
        <source>{:.1%} of the copy of &apos;{}&apos; is empty: the service has nothing there, or did not answer; look at the layer in QGIS before you rely on the result.</source>
        <translation>{:.1%} der Kopie von „{}“ sind leer: Der Dienst hat dort nichts oder hat nicht geantwortet; sehen Sie sich den Layer in QGIS an, bevor Sie sich auf das Ergebnis verlassen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_layers.py"/>
        <source>The raster layer &apos;{}&apos; has no coordinate system: set the right one with Layer &gt; Set CRS and run again.</source>
        <translation>Der Rasterlayer „{}“ hat kein Koordinatensystem: Setzen Sie das richtige mit Layer &gt; KBS von Layer(n) setzen, und starten Sie erneut.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_layers.py"/>
        <source>The nodata value of the file behind &apos;{}&apos; is switched off in the layer&apos;s properties, where the worker cannot see it: switch it on, or take it out of the file with &apos;Translate&apos;.</source>
        <translation>Der Leerwert der Datei hinter „{}“ ist in den Layereigenschaften abgeschaltet, wo der Arbeitsprozess es nicht sehen kann: Schalten Sie ihn ein, oder entfernen Sie ihn mit „Umwandeln (Format konvertieren)“ aus der Datei.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_to_road_vector.py"/>
        <source>Raster to road vector</source>
        <translation>Straßennetz aus Raster ableiten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_to_road_vector.py"/>
        <source>road,centre line,centerline,skeleton,thin,vectorize,network,graph,routing,gap,bridge,pgRouting,GraphML,Raster to Polyline,Trim Line,Extend Line,Smooth Line,Line Regularization,ArcGIS</source>
        <translation>Straße,Mittellinie,Skelett,ausdünnen,vektorisieren,Netz,Graph,Routing,Lücke,Brücke,pgRouting,GraphML,Raster to Polyline,Trim Line,Extend Line,Smooth Line,Line Regularization,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_to_road_vector.py"/>
        <source>Turns a road raster into a clean road network on which routes can be found.</source>
        <translation>Macht aus einem Straßenraster ein sauberes Straßennetz, auf dem sich Routen finden lassen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_to_road_vector.py"/>
        <source>&lt;p&gt;Turns a classified or a probability raster into road centre lines: threshold, skeleton, graph, pruning of spurs, junctions put together, gaps closed where the probabilities speak for it, smoothing, simplification. Lines meet only at their ends, in exactly the same point, so that routing works. The size of the raster does not matter.&lt;/p&gt;&lt;p&gt;Each line knows its length (metres on the ellipsoid, in any coordinate system), the width of the road on the raster and a class after it, the mean and least probability along it, whether a gap was closed in it (&lt;i&gt;bridged&lt;/i&gt;) and whether it may cross another one on a bridge (&lt;i&gt;possible_bridge&lt;/i&gt;). The optional node layer holds junctions and dead ends, the optional layer of gaps what is plausible but was not closed: look through it from the likeliest on.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Names in ArcGIS:&lt;/b&gt; this one tool stands for Thin, Raster to Polyline (minimum_dangle_length is Shortest dead end), Trim Line, Extend Line (length is Longest gap to close), Smooth Line, Simplify Line, Merge Divided Roads (merge_distance) and the Line Regularization of Extract Features Using AI Models.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Mind:&lt;/b&gt; roads that cross on a bridge meet in a node, because a raster cannot tell. The width is that of the road on the raster, which is as wide as the labels the model was trained on.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Macht aus einem klassifizierten Raster oder einem Wahrscheinlichkeitsraster Straßenmittellinien: Schwellenwert, Mittellinie, Graph, Stummel abschneiden, Kreuzungen zusammenlegen, Lücken schließen, wo die Wahrscheinlichkeiten dafür sprechen, Glätten, Vereinfachen. Linien treffen sich nur an ihren Enden, in genau demselben Punkt, sodass Routing funktioniert. Die Größe des Rasters spielt keine Rolle.&lt;/p&gt;&lt;p&gt;Jede Linie kennt ihre Länge (Meter auf dem Ellipsoid, in jedem Koordinatensystem), die Breite der Straße im Raster und eine Klasse danach, die mittlere und die kleinste Wahrscheinlichkeit entlang der Linie, ob in ihr eine Lücke geschlossen wurde (&lt;i&gt;bridged&lt;/i&gt;) und ob sie möglicherweise eine andere auf einer Brücke kreuzt (&lt;i&gt;possible_bridge&lt;/i&gt;). Der optionale Knotenlayer enthält Kreuzungen und Sackgassen, der optionale Layer der Lücken, was plausibel ist, aber nicht geschlossen wurde: Gehen Sie ihn von der wahrscheinlichsten an durch.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Namen in ArcGIS:&lt;/b&gt; Dieses eine Werkzeug steht für Thin, Raster to Polyline (minimum_dangle_length ist „Kürzeste Sackgasse“), Trim Line, Extend Line (length ist „Längste zu schließende Lücke“), Smooth Line, Simplify Line, Merge Divided Roads (merge_distance) und die Line Regularization von Extract Features Using AI Models.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zu beachten:&lt;/b&gt; Straßen, die sich an einer Brücke kreuzen, treffen sich in einem Knoten, weil ein Raster das nicht verrät. Die Breite ist die der Straße im Raster, und die ist so breit wie die Labels, mit denen das Modell trainiert wurde.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_to_road_vector.py"/>
        <source>The raster layer &apos;{}&apos; is a picture, without values: choose a classified or probability raster.</source>
        <translation>Der Rasterlayer „{}“ ist ein Bild ohne Werte: Wählen Sie ein klassifiziertes Raster oder ein Wahrscheinlichkeitsraster.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/raster_to_road_vector.py"/>
        <source>The raster layer &apos;{}&apos; is no file that the machines of a cluster could read: save it as a GeoTIFF first, or leave the Dask scheduler empty.</source>
        <translation>Der Rasterlayer „{}“ ist keine Datei, die die Rechner eines Clusters lesen könnten: Speichern Sie ihn zuerst als GeoTIFF, oder lassen Sie den Dask-Scheduler leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_checks.py"/>
        <source>{} names {}, a model of two stages already: choose the model of one stage that it was made from, or train it further with Train road extractor, as the model to go on from.</source>
        <translation>{} nennt {}, das schon ein Modell in zwei Stufen ist: Wählen Sie das einstufige Modell, aus dem es entstand, oder trainieren Sie es mit „Straßenerkennung trainieren“ als Ausgangsmodell weiter.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_checks.py"/>
        <source>One fold leaves no chips to train its network on: choose 0 folds for none, or 2 or more.</source>
        <translation>Bei einem einzigen Fold bleiben keine Chips, um dessen Netz zu trainieren: Wählen Sie 0 für keine Folds, oder 2 oder mehr.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_checks.py"/>
        <source>There are epochs for folds, but no folds: choose 2 folds or more, or 0 epochs.</source>
        <translation>Für Folds sind Epochen angegeben, aber es gibt keine Folds: Wählen Sie 2 oder mehr Folds, oder 0 Epochen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_checks.py"/>
        <source>The networks of folds are trained in one process: leave the processes empty, or choose 0 folds.</source>
        <translation>Die Netze der Folds werden in einem einzigen Prozess trainiert: Lassen Sie die Prozesse leer, oder wählen Sie 0 Folds.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_names.py"/>
        <source>IoU of road of the first stage alone, at 0.5</source>
        <translation>IoU der Straßen der ersten Stufe allein, bei 0,5</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_names.py"/>
        <source>Dice of the first stage alone, at 0.5</source>
        <translation>Dice der ersten Stufe allein, bei 0,5</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Chips per step; 8 is the paper&apos;s. Empty: chosen from the device&apos;s memory.</source>
        <translation>Chips je Schritt; 8 sind es in der Veröffentlichung. Leer: passend zum Speicher des Geräts.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Highest rate of the one-cycle schedule; 0.0001 is the paper&apos;s. Empty: a search before the first epoch finds one.</source>
        <translation>Höchste Lernrate des One-Cycle-Verlaufs; in der Veröffentlichung 0,0001. Leer: Eine Suche vor der ersten Epoche findet eine.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Share of the chips that is kept for validation; 5 is the paper&apos;s. With the share, split and seed of the first model&apos;s training the same chips are kept, and both stages can be compared.</source>
        <translation>Anteil der Chips, der zur Validierung zurückbehalten wird; in der Veröffentlichung 5. Mit Anteil, Aufteilung und Startwert vom Training des ersten Modells werden dieselben Chips zurückbehalten, und beide Stufen lassen sich vergleichen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>As in the first model&apos;s training: the width of the labels means nothing, and roads of one width (6.7 m) are drawn along their middle and learned instead.</source>
        <translation>Wie beim Training des ersten Modells: Die Breite der Labels bedeutet nichts; stattdessen werden Straßen einheitlicher Breite (6,7 m) entlang ihrer Mitte gezeichnet und gelernt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Model of the first stage (empty: the one that comes with Roadsmith)</source>
        <translation>Modell der ersten Stufe (leer: das mit Roadsmith gelieferte)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>The .dlpk or .emd of a model package that Train road extractor wrote, with any network; it stays as it is. Empty: the road model that comes with Roadsmith. The log tells what the model is.</source>
        <translation>Die .dlpk- oder .emd-Datei eines Modellpakets, das „Straßenerkennung trainieren“ geschrieben hat, mit beliebigem Netz; es bleibt unverändert. Leer: das Straßenmodell, das mit Roadsmith geliefert wird. Das Protokoll nennt die Eigenschaften des Modells.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>First width (channels)</source>
        <translation>Erste Breite (Kanäle)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Channels of the refining network&apos;s first level, doubled in each further one up to 512. 32 is the paper&apos;s (57.8 million parameters with 7 layers); 8 or 16, and fewer layers, suit small data and computers without a GPU.</source>
        <translation>Kanäle der ersten Ebene des verfeinernden Netzes; auf jeder weiteren doppelt so viele, bis 512. 32 sind es in der Veröffentlichung (57,8 Millionen Parameter bei 7 Ebenen); 8 oder 16 und weniger Ebenen passen zu kleinen Datensätzen und zu Computern ohne GPU.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Layers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Poolings of the refining network: each lets it see twice as far. 7 is the paper&apos;s.</source>
        <translation>Pooling-Stufen des verfeinernden Netzes: Mit jeder sieht es doppelt so weit. 7 sind es in der Veröffentlichung.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Residual (how the map reaches the output)</source>
        <translation>Residuum (wie die Karte in die Ausgabe eingeht)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>logit: the network&apos;s answer is added to the map&apos;s logits, so that it begins with the first stage&apos;s roads as they are. probability: to the map itself, the paper&apos;s drawing read literally.</source>
        <translation>logit: Die Antwort des Netzes wird zu den Logits der Karte addiert, sodass es mit den unveränderten Straßen der ersten Stufe beginnt. probability: zur Karte selbst, wie es die Zeichnung der Veröffentlichung wörtlich zeigt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Least IoU of a chip&apos;s first map</source>
        <translation>Kleinste IoU der ersten Karte eines Chips</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Chips of which the first stage&apos;s map is worse are not learned from; the log tells how many. 0.25 is the paper&apos;s, 0 learns from all.</source>
        <translation>Chips, bei denen die Karte der ersten Stufe schlechter ist, werden nicht gelernt; das Protokoll nennt ihre Zahl. 0,25 gilt in der Veröffentlichung, bei 0 wird aus allen gelernt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Share of spoiled first maps</source>
        <translation>Anteil verfälschter erster Karten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>In so many of the chips pieces of road are erased from the map, and false roads drawn into it, each time anew: the first stage&apos;s maps are better on chips that it learned from than they are elsewhere. 0 to 1, for instance 0.3; 0 spoils none.</source>
        <translation>Bei so vielen Chips werden jedes Mal aufs Neue Straßenstücke aus der Karte gelöscht und falsche Straßen hineingezeichnet: Die Karten der ersten Stufe sind auf Chips, aus denen sie gelernt hat, besser als anderswo. 0 bis 1, etwa 0,3; bei 0 wird keine verfälscht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Folds (first maps of networks that have not seen the chip)</source>
        <translation>Folds (erste Karten von Netzen, die den Chip nicht gesehen haben)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>2 or more: the training chips are shared out among so many folds, and the first network is trained anew for each on the others&apos; chips, so that every map is of a network that has not seen the chip. The honest way, at the cost of so many trainings more; 3 is a good number. 0: the first model&apos;s own maps.</source>
        <translation>2 oder mehr: Die Trainings-Chips werden auf so viele Teilmengen (Folds) verteilt, und das erste Netz wird für jede mit den Chips der anderen neu trainiert, sodass jede Karte von einem Netz stammt, das den Chip nicht gesehen hat. Der ehrliche Weg, zum Preis von ebenso vielen weiteren Trainings; 3 ist eine gute Zahl. 0: die Karten des ersten Modells selbst.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Epochs of a fold&apos;s network</source>
        <translation>Epochen des Netzes eines Folds</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>With folds: how long each of these trainings takes. 0: as many epochs as the first model took to its best.</source>
        <translation>Bei Folds: wie lange jedes dieser Trainings dauert. 0: so viele Epochen, wie das erste Modell bis zu seinem Bestwert brauchte.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Key pixel threshold</source>
        <translation>Schwellenwert der Schlüsselpixel</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>Key pixel weight</source>
        <translation>Gewicht der Schlüsselpixel</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>KEY_PIXELS: the paper&apos;s, cross-entropy with a weight for key pixels, and Dice. BCE_DICE: the same without. WEIGHTED_BCE_DICE: with a weight for road instead. MULTITASK: soft IoU.</source>
        <translation>KEY_PIXELS: die der Veröffentlichung, Kreuzentropie mit einem Gewicht für Schlüsselpixel, und Dice. BCE_DICE: dieselbe ohne. WEIGHTED_BCE_DICE: stattdessen mit einem Gewicht für Straße. MULTITASK: weiche IoU.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>With KEY_PIXELS: pixels that the first stage gives a higher probability are key pixels. 0.05 is the paper&apos;s.</source>
        <translation>Bei KEY_PIXELS: Pixel, denen die erste Stufe eine höhere Wahrscheinlichkeit gibt, sind Schlüsselpixel. 0,05 gilt in der Veröffentlichung.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/refinement_parameters.py"/>
        <source>With KEY_PIXELS: what a key pixel counts where others count 1. The paper tried 1 to 1.11; 1.03 was best.</source>
        <translation>Bei KEY_PIXELS: was ein Schlüsselpixel zählt, wo andere 1 zählen. In der Veröffentlichung wurden 1 bis 1,11 erprobt; 1,03 war am besten.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/road_attributes.py"/>
        <source>The road layer &apos;{}&apos; has no field &apos;{}&apos;; it has: {}.</source>
        <translation>Der Straßenlayer „{}“ hat kein Feld „{}“; er hat: {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/scheduler_address.py"/>
        <source>&apos;{}&apos; is no address of a Dask scheduler: write it as tcp://host:port, as the scheduler says when it starts, or leave it empty to work on this computer.</source>
        <translation>„{}“ ist keine Adresse eines Dask-Schedulers: Schreiben Sie sie als tcp://host:port, wie der Scheduler sie beim Start nennt, oder lassen Sie sie leer, um auf diesem Computer zu arbeiten.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/settings.py"/>
        <source>&apos;{}&apos; is no device: choose auto, cpu, cuda, mps, or one GPU of several as cuda:0, cuda:1 …</source>
        <translation>„{}“ ist kein Gerät: Wählen Sie auto, cpu, cuda, mps oder eine von mehreren GPUs als cuda:0, cuda:1 …</translation>
    </message>
    <message>
        <location filename="../../processing_provider/settings.py"/>
        <source>The memory limit is negative: write 0 for no limit.</source>
        <translation>Die Speichergrenze ist negativ: Schreiben Sie 0 für unbegrenzt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Set up environment</source>
        <translation>Umgebung einrichten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Builds and tests the Python environment, with PyTorch, that all Roadsmith tools run in.</source>
        <translation>Baut und testet die Python-Umgebung mit PyTorch, in der alle Werkzeuge von Roadsmith laufen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>install,pytorch,torch,gpu,cuda,python,environment,dependencies,deep learning,repair,uninstall,diagnostics,bug report</source>
        <translation>installieren,PyTorch,torch,GPU,CUDA,Python,Umgebung,Abhängigkeiten,Deep Learning,reparieren,deinstallieren,Diagnose,Fehlermeldung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>&lt;p&gt;Builds a Python environment with PyTorch and a few other packages in your cache folder, then tests it: every package is imported, and the processor or GPU multiplies matrices and convolves an image. Nothing is installed into QGIS.&lt;/p&gt;&lt;p&gt;It takes about 1.5 GB and a few minutes for the CPU, about 8 GB for an NVIDIA GPU. An environment that is already complete is only tested. After an interruption, run it again: what was downloaded is kept.&lt;/p&gt;&lt;p&gt;Packages come from download.pytorch.org and pypi.org, by pip or, where it is installed, uv, through the proxy of QGIS; pip&apos;s own settings for indexes and constraints (such as PIP_INDEX_URL or PIP_CONSTRAINT) are respected. Without a network, name a folder with the wheels.&lt;/p&gt;&lt;p&gt;The action &lt;b&gt;plan&lt;/b&gt; only says what would be downloaded, how much, from where and where to. &lt;b&gt;use&lt;/b&gt; tests a Python of your own (conda, pixi, system) and uses it from then on. &lt;b&gt;repair&lt;/b&gt; builds anew, &lt;b&gt;remove&lt;/b&gt; removes everything, &lt;b&gt;diagnose&lt;/b&gt; writes a report to paste into a bug report.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Baut im Cache-Ordner eine Python-Umgebung mit PyTorch und einigen weiteren Paketen und testet sie dann: Jedes Paket wird importiert, und der Prozessor oder die GPU multipliziert Matrizen und faltet ein Bild. In QGIS selbst wird nichts installiert.&lt;/p&gt;&lt;p&gt;Für die CPU braucht das etwa 1,5 GB und einige Minuten, für eine NVIDIA-GPU etwa 8 GB. Eine schon vollständige Umgebung wird nur getestet. Starten Sie nach einer Unterbrechung erneut: Was heruntergeladen wurde, bleibt erhalten.&lt;/p&gt;&lt;p&gt;Die Pakete kommen von download.pytorch.org und pypi.org, über pip oder, wo es installiert ist, uv, durch den Proxy von QGIS; pips eigene Einstellungen für Indizes und Beschränkungen (etwa PIP_INDEX_URL oder PIP_CONSTRAINT) werden beachtet. Geben Sie ohne Netzwerk einen Ordner mit den Wheels an.&lt;/p&gt;&lt;p&gt;Die Aktion &lt;b&gt;plan&lt;/b&gt; sagt nur, was heruntergeladen würde, wie viel, woher und wohin. &lt;b&gt;use&lt;/b&gt; testet ein eigenes Python (conda, pixi, System) und verwendet es von da an. &lt;b&gt;repair&lt;/b&gt; baut neu, &lt;b&gt;remove&lt;/b&gt; entfernt alles, &lt;b&gt;diagnose&lt;/b&gt; schreibt einen Bericht zum Einfügen in eine Fehlermeldung.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>setup: build what is missing, and test. plan: say what would be done. use: use a Python of your own. repair: build anew. remove: remove the environment. diagnose: a report for a bug report.</source>
        <translation>setup: bauen, was fehlt, und testen. plan: sagen, was geschehen würde. use: ein eigenes Python verwenden. repair: neu bauen. remove: die Umgebung entfernen. diagnose: ein Bericht für eine Fehlermeldung.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>auto: the NVIDIA GPU if its driver is recent enough, Apple&apos;s GPU on a Mac, else the CPU.</source>
        <translation>auto: die NVIDIA-GPU, wenn ihr Treiber neu genug ist, auf einem Mac die GPU von Apple, sonst die CPU.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Python to build with, or to use (empty: find one)</source>
        <translation>Python zum Bauen oder Verwenden (leer: wird gesucht)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>To build with: an interpreter of Python 3.9 to 3.14 with the module venv. To use: one that has all packages.</source>
        <translation>Zum Bauen: ein Interpreter von Python 3.9 bis 3.14 mit dem Modul venv. Zum Verwenden: einer, der alle Pakete hat.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Folder with wheels (empty: download)</source>
        <translation>Ordner mit Wheels (leer: herunterladen)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Packages are taken from here and the network is not used. &apos;pip download&apos; fills such a folder.</source>
        <translation>Die Pakete werden von hier genommen, und das Netzwerk bleibt unbenutzt. „pip download“ füllt einen solchen Ordner.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Python interpreter</source>
        <translation>Python-Interpreter</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Removed {}; {:.2f} GB are free again.</source>
        <translation>{} entfernt; {:.2f} GB sind wieder frei.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>PYTHON is empty: name the Python that is to be used.</source>
        <translation>PYTHON ist leer: Geben Sie das Python an, das verwendet werden soll.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>From now on Roadsmith uses {}.</source>
        <translation>Von nun an verwendet Roadsmith {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Environment: {} ({:.2f} GB)</source>
        <translation>Umgebung: {} ({:.2f} GB)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Python {}: {}</source>
        <translation>Python {}: {}</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Device: {}; {:.0f} GFLOP/s in convolutions; test passed in {} s</source>
        <translation>Gerät: {}; {:.0f} GFLOP/s bei Faltungen; Test bestanden in {} s</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Done in {}.</source>
        <translation>Fertig nach {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/setup_environment.py"/>
        <source>Roadsmith goes on using {}, which {} names.</source>
        <translation>Roadsmith verwendet weiterhin {} (angegeben in: {}).</translation>
    </message>
    <message>
        <location filename="../../processing_provider/shipped_model.py"/>
        <source>The road model that comes with Roadsmith is missing ({}): install the plugin again, or name a model of your own.</source>
        <translation>Das mit Roadsmith gelieferte Straßenmodell fehlt ({}): Installieren Sie die Erweiterung neu, oder geben Sie ein eigenes Modell an.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/shipped_models.py"/>
        <source>The graphical model {} cannot be read: install the plugin again.</source>
        <translation>Das grafische Modell {} lässt sich nicht lesen: Installieren Sie die Erweiterung neu.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/shipped_models.py"/>
        <source>Workflows</source>
        <translation>Arbeitsabläufe</translation>
    </message>
    <message>
        <location filename="../../processing_provider/styles.py"/>
        <source>background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <location filename="../../processing_provider/styles.py"/>
        <source>road</source>
        <translation>Straße</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_and_extract.py"/>
        <source>Train and extract roads</source>
        <translation>Modell trainieren und Straßen extrahieren</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_and_extract.py"/>
        <source>road,deep learning,network,workflow,fine-tune,transfer learning,train,ArcGIS</source>
        <translation>Straße,Deep Learning,Straßennetz,Arbeitsablauf,Fine-Tuning,Transfer Learning,trainieren,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_and_extract.py"/>
        <source>Imagery and some of its roads in, a model for this imagery and all its roads out.</source>
        <translation>Bilddaten und einige ihrer Straßen hinein, ein Modell für diese Bilddaten und alle ihre Straßen heraus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_and_extract.py"/>
        <source>&lt;p&gt;Where some roads of the imagery are known: &lt;i&gt;Export training data&lt;/i&gt; from them, &lt;i&gt;Train road extractor&lt;/i&gt;, &lt;i&gt;Classify pixels&lt;/i&gt; with the new model, &lt;i&gt;Raster to road vector&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;The training begins with the model that comes with Roadsmith, which knows roads already; switch that off to train a new network.&lt;/p&gt;&lt;p&gt;Everything else in a training chip is learned as no road, so the known roads should be complete where chips are cut: name the area where they are. Without one, every chip with a known road in it counts as complete.&lt;/p&gt;&lt;p&gt;The model folder can be used again, in &lt;i&gt;Extract roads&lt;/i&gt; and &lt;i&gt;Classify pixels&lt;/i&gt;. Its report tells how good the model is on chips that it has not seen.&lt;/p&gt;&lt;p&gt;The chips have the imagery&apos;s own cell size if none is given. The model that comes with Roadsmith learned at about 1 m: give that where the imagery has another.&lt;/p&gt;&lt;p&gt;This is a graphical model: open it in the model designer from its context menu in the toolbox, and save your own variant of it.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Wo einige Straßen der Bilddaten bekannt sind: &lt;i&gt;Trainingsdaten exportieren&lt;/i&gt; aus diesen, &lt;i&gt;Straßenerkennung trainieren&lt;/i&gt;, &lt;i&gt;Pixel klassifizieren&lt;/i&gt; mit dem neuen Modell, &lt;i&gt;Straßennetz aus Raster ableiten&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;Das Training beginnt mit dem Modell, das mit Roadsmith geliefert wird und Straßen schon kennt; schalten Sie das aus, um ein neues Netz zu trainieren.&lt;/p&gt;&lt;p&gt;Alles Übrige in einem Trainings-Chip wird als „keine Straße“ gelernt, daher sollten die bekannten Straßen vollständig sein, wo Chips ausgeschnitten werden: Geben Sie das Gebiet an, in dem sie es sind. Ohne diese Angabe gilt jeder Chip mit einer bekannten Straße als vollständig.&lt;/p&gt;&lt;p&gt;Der Modellordner lässt sich wieder verwenden, in &lt;i&gt;Straßen extrahieren&lt;/i&gt; und &lt;i&gt;Pixel klassifizieren&lt;/i&gt;. Sein Bericht sagt, wie gut das Modell auf Chips ist, die es nicht gesehen hat.&lt;/p&gt;&lt;p&gt;Die Chips haben die Zellengröße der Bilddaten, wenn keine angegeben ist. Das mit Roadsmith gelieferte Modell hat mit etwa 1 m gelernt: Geben Sie diese an, wo die Bilddaten eine andere haben.&lt;/p&gt;&lt;p&gt;Dies ist ein grafisches Modell: Öffnen Sie es über sein Kontextmenü in den Verarbeitungswerkzeugen im Modellentwurf, und speichern Sie Ihre eigene Variante.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_refinement_stage.py"/>
        <source>Train refinement stage</source>
        <translation>Verfeinerungsstufe trainieren</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_refinement_stage.py"/>
        <source>road,deep learning,segmentation,neural network,two stages,second stage,CUnet,refine,mend,gaps,connectivity</source>
        <translation>Straße,Deep Learning,Segmentierung,neuronales Netz,zwei Stufen,zweite Stufe,CUnet,verfeinern,ausbessern,Lücken,Zusammenhang</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_refinement_stage.py"/>
        <source>Trains a second network that mends the roads a trained model finds.</source>
        <translation>Trainiert ein zweites Netz, das die Straßen ausbessert, die ein trainiertes Modell findet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_refinement_stage.py"/>
        <source>&lt;p&gt;A second network, CUnet, looks at the image and at the first model&apos;s probability map together. It learns what to change in the map: to close gaps in roads, and to drop roads that are none. The first model stays as it is. Both become one model package, which &lt;i&gt;Classify pixels&lt;/i&gt; takes like any other. After Li, Comer and Zerubia, &lt;i&gt;A Two-Stage Road Segmentation Approach for Remote Sensing Images&lt;/i&gt;, 2022.&lt;/p&gt;&lt;p&gt;&lt;b&gt;When it pays:&lt;/b&gt; when the first model finds most roads but breaks them or invents some. A road that it overlooks altogether must be found anew, which works less often. Before that, give the first model enough data and epochs.&lt;/p&gt;&lt;p&gt;&lt;b&gt;What it costs:&lt;/b&gt; another training, and one more network pass over all imagery that is classified.&lt;/p&gt;&lt;p&gt;Use the training data of the first model. The report compares both stages on the validation chips; that is fair where neither has learned from them. So take the validation data of the first training, or its share, split and seed (10 percent is its default share, not 5 as here).&lt;/p&gt;&lt;p&gt;On the chips that the first model learned from, its maps are better than elsewhere, and the second network learns to trust them too much. &lt;i&gt;Share of spoiled first maps&lt;/i&gt; and &lt;i&gt;Folds&lt;/i&gt; help against that.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Mind:&lt;/b&gt; without a GPU, choose a first width of 8, and chips of 256 pixels.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Interrupted?&lt;/b&gt; A cancelled training leaves no model. Run it again with the same settings and &lt;i&gt;Resume&lt;/i&gt;: it goes on after the last saved epoch.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Ein zweites Netz, CUnet, sieht das Bild und die Wahrscheinlichkeitskarte des ersten Modells zusammen. Es lernt, was an der Karte zu ändern ist: Lücken in Straßen zu schließen und Straßen zu streichen, die keine sind. Das erste Modell bleibt, wie es ist. Beide werden zu einem Modellpaket, das &lt;i&gt;Pixel klassifizieren&lt;/i&gt; wie jedes andere annimmt. Nach Li, Comer und Zerubia, &lt;i&gt;A Two-Stage Road Segmentation Approach for Remote Sensing Images&lt;/i&gt;, 2022.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Wann es sich lohnt:&lt;/b&gt; wenn das erste Modell die meisten Straßen findet, sie aber unterbricht oder einige erfindet. Eine Straße, die es ganz übersieht, muss neu gefunden werden, was seltener gelingt. Geben Sie vorher dem ersten Modell genug Daten und Epochen.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Was es kostet:&lt;/b&gt; ein weiteres Training und einen weiteren Durchgang durch ein Netz über alle Bilddaten, die klassifiziert werden.&lt;/p&gt;&lt;p&gt;Nehmen Sie die Trainingsdaten des ersten Modells. Der Bericht vergleicht beide Stufen auf den Validierungs-Chips; das ist gerecht, wenn keine von beiden daraus gelernt hat. Nehmen Sie also die Validierungsdaten des ersten Trainings, oder dessen Anteil, Aufteilung und Startwert (10 Prozent ist dort die Vorgabe, nicht 5 wie hier).&lt;/p&gt;&lt;p&gt;Auf den Chips, aus denen das erste Modell gelernt hat, sind seine Karten besser als anderswo, und das zweite Netz lernt, ihnen zu sehr zu vertrauen. Dagegen helfen &lt;i&gt;Anteil verfälschter erster Karten&lt;/i&gt; und &lt;i&gt;Folds&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zu beachten:&lt;/b&gt; Wählen Sie ohne GPU eine erste Breite von 8 und Chips von 256 Pixeln.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Unterbrochen?&lt;/b&gt; Ein abgebrochenes Training hinterlässt kein Modell. Starten Sie erneut mit denselben Einstellungen und &lt;i&gt;Fortsetzen&lt;/i&gt;: Es geht nach der letzten gespeicherten Epoche weiter.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_refinement_stage.py"/>
        <source>First stage (the model that comes with Roadsmith)</source>
        <translation>Erste Stufe (das mit Roadsmith gelieferte Modell)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_refinement_stage.py"/>
        <source>First stage</source>
        <translation>Erste Stufe</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_road_extractor.py"/>
        <source>Train road extractor</source>
        <translation>Straßenerkennung trainieren</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_road_extractor.py"/>
        <source>road,deep learning,segmentation,neural network,Multi Task Road Extractor,Train Deep Learning Model,ArcGIS</source>
        <translation>Straße,Deep Learning,Segmentierung,neuronales Netz,trainieren,Multi Task Road Extractor,Train Deep Learning Model,ArcGIS</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_road_extractor.py"/>
        <source>Trains a network that finds roads, from a folder of training chips.</source>
        <translation>Trainiert ein Netz, das Straßen findet, aus einem Ordner mit Trainings-Chips.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_road_extractor.py"/>
        <source>&lt;p&gt;Trains the Multi-Task Road Extractor: one network learns where the road is and which way it runs; five networks that learn the road alone are there too. After every epoch the scores on chips it has never seen are logged; the best epoch is kept.&lt;/p&gt;&lt;p&gt;The validation chips are taken from whole blocks of the map, and training chips that overlap them are left out: random chips of one orthophoto overlap each other and make a model look better than it is. Data sets with a validation part of their own can use that instead.&lt;/p&gt;&lt;p&gt;The output folder is the model package: &lt;i&gt;Classify pixels&lt;/i&gt; takes its .dlpk, and the threshold in it that was best on the validation chips. It also holds a report with curves and sample results.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Little data?&lt;/b&gt; Begin with the model that comes with Roadsmith: it knows roads already, and has less to learn.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Mind:&lt;/b&gt; without a GPU, start with resnet18 and chips of 256 pixels.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Interrupted?&lt;/b&gt; A cancelled training leaves no model. Run it again with the same settings and &lt;i&gt;Resume&lt;/i&gt;: it goes on after the last saved epoch.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Trainiert den Multi-Task Road Extractor: Ein Netz lernt, wo die Straße ist und in welche Richtung sie verläuft; dazu gibt es fünf Netze, die nur die Straße lernen. Nach jeder Epoche stehen die Gütemaße auf nie gesehenen Chips im Protokoll; die beste Epoche wird behalten.&lt;/p&gt;&lt;p&gt;Die Validierungs-Chips kommen aus ganzen Blöcken der Karte, und Trainings-Chips, die sie überlappen, werden ausgelassen: Zufällige Chips eines Orthofotos überlappen einander und lassen ein Modell besser aussehen, als es ist. Datensätze mit einem eigenen Validierungsteil können stattdessen diesen verwenden.&lt;/p&gt;&lt;p&gt;Der Ausgabeordner ist das Modellpaket: &lt;i&gt;Pixel klassifizieren&lt;/i&gt; nimmt dessen .dlpk-Datei und den darin enthaltenen Schwellenwert, der auf den Validierungs-Chips der beste war. Er enthält auch einen Bericht mit Kurven und Beispielergebnissen.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Wenig Daten?&lt;/b&gt; Beginnen Sie mit dem Modell, das mit Roadsmith geliefert wird: Es kennt Straßen schon und muss weniger lernen.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Zu beachten:&lt;/b&gt; Beginnen Sie ohne GPU mit resnet18 und Chips von 256 Pixeln.&lt;/p&gt;&lt;p&gt;&lt;b&gt;Unterbrochen?&lt;/b&gt; Ein abgebrochenes Training hinterlässt kein Modell. Starten Sie erneut mit denselben Einstellungen und &lt;i&gt;Fortsetzen&lt;/i&gt;: Es geht nach der letzten gespeicherten Epoche weiter.&lt;/p&gt;</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_road_extractor.py"/>
        <source>Begins with the model that comes with Roadsmith</source>
        <translation>Beginnt mit dem Modell, das mit Roadsmith geliefert wird</translation>
    </message>
    <message>
        <location filename="../../processing_provider/train_road_extractor.py"/>
        <source>Begins with</source>
        <translation>Beginnt mit</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_algorithm.py"/>
        <source>Model package (.dlpk)</source>
        <translation>Modellpaket (.dlpk)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_algorithm.py"/>
        <source>Training report</source>
        <translation>Trainingsbericht</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_algorithm.py"/>
        <source>ONNX model, if asked for</source>
        <translation>ONNX-Modell, falls verlangt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_algorithm.py"/>
        <source>Best threshold</source>
        <translation>Bester Schwellenwert</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>{} names {}, which is no file: choose another one.</source>
        <translation>{} nennt {}, was keine Datei ist: Wählen Sie eine andere.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>{} names {}, which is of another kind: choose a file that ends in {}.</source>
        <translation>{} nennt {}, was von anderer Art ist: Wählen Sie eine Datei, die auf {} endet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The folder {} is to be trained and validated on: choose another one to validate on, or none, which keeps a share of the chips for it.</source>
        <translation>Mit dem Ordner {} soll trainiert und zugleich validiert werden: Wählen Sie einen anderen zum Validieren oder keinen, dann wird ein Teil der Chips dafür zurückbehalten.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>There is a model to go on from beside the one that comes with Roadsmith: leave it empty, or do not begin with Roadsmith&apos;s.</source>
        <translation>Neben dem mit Roadsmith gelieferten Modell ist ein Ausgangsmodell angegeben: Lassen Sie es leer, oder beginnen Sie nicht mit dem von Roadsmith.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>There is a model to go on from, whose network has a width of its own: leave the first width empty.</source>
        <translation>Es ist ein Ausgangsmodell angegeben, dessen Netz seine eigene Breite hat: Lassen Sie die erste Breite leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The network {} has a backbone and no first width to choose: leave the first width empty, or choose the network {}.</source>
        <translation>Das Netz {} hat ein Backbone und keine wählbare erste Breite: Lassen Sie die erste Breite leer, oder wählen Sie das Netz {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The first width of hourglass cannot be {}: choose a multiple of 4.</source>
        <translation>Die erste Breite von hourglass kann nicht {} sein: Wählen Sie ein Vielfaches von 4.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The first width of efficient_unet cannot be {}: choose an even number.</source>
        <translation>Die erste Breite von efficient_unet kann nicht {} sein: Wählen Sie eine gerade Zahl.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The device {} cannot train in float16: choose the precision auto, float32 or bfloat16.</source>
        <translation>Das Gerät {} kann nicht in float16 trainieren: Wählen Sie die Genauigkeit auto, float32 oder bfloat16.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>Apple&apos;s GPU trains in one process alone, not in {}: leave the processes empty, or choose the device cpu.</source>
        <translation>Die GPU von Apple trainiert nur in einem Prozess, nicht in {}: Lassen Sie die Prozesse leer, oder wählen Sie das Gerät cpu.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The backbone&apos;s weights are to come from a file, and none is named: choose a weights file, DOWNLOAD or NONE.</source>
        <translation>Die Gewichte des Backbones sollen aus einer Datei kommen, es ist aber keine angegeben: Wählen Sie eine Gewichtsdatei, DOWNLOAD oder NONE.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>There is a weights file, but the backbone&apos;s weights are {}: choose FILE, or leave it empty.</source>
        <translation>Es ist eine Gewichtsdatei angegeben, aber als Gewichte des Backbones ist {} gewählt: Wählen Sie FILE, oder lassen Sie die Datei leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>There is a model to go on from, which has weights of its own: leave it empty, or choose NONE for the backbone&apos;s weights.</source>
        <translation>Es ist ein Ausgangsmodell angegeben, das eigene Gewichte hat: Lassen Sie es leer, oder wählen Sie NONE als Gewichte des Backbones.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The network {} has no backbone that weights fit: choose NONE for the backbone&apos;s weights, or the network {}.</source>
        <translation>Das Netz {} hat kein Backbone, zu dem Gewichte passen: Wählen Sie NONE als Gewichte des Backbones, oder das Netz {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The weights of efficient_unet&apos;s encoder are not on PyTorch&apos;s site: choose FILE and a weights file, or NONE.</source>
        <translation>Die Gewichte des Encoders von efficient_unet liegen nicht auf der Seite von PyTorch: Wählen Sie FILE und eine Gewichtsdatei, oder NONE.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The augmentation is CUSTOM, but its table is empty: fill in the augmentation parameters, or choose NONE.</source>
        <translation>Die Augmentierung ist CUSTOM, aber ihre Tabelle ist leer: Füllen Sie die Parameter der Augmentierung aus, oder wählen Sie NONE.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>There are augmentation parameters, but the augmentation is {}: choose CUSTOM, or empty the table.</source>
        <translation>Es sind Parameter der Augmentierung angegeben, aber die Augmentierung ist {}: Wählen Sie CUSTOM, oder leeren Sie die Tabelle.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>The augmentation is to come from a file, and none is named: choose an augmentation file, or DEFAULT.</source>
        <translation>Die Augmentierung soll aus einer Datei kommen, es ist aber keine angegeben: Wählen Sie eine Augmentierungsdatei, oder DEFAULT.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_checks.py"/>
        <source>There is an augmentation file, but the augmentation is {}: choose FILE, or leave the file empty.</source>
        <translation>Es ist eine Augmentierungsdatei angegeben, aber die Augmentierung ist {}: Wählen Sie FILE, oder lassen Sie die Datei leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>Epochs run</source>
        <translation>Durchlaufene Epochen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>Best epoch</source>
        <translation>Beste Epoche</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>Validation loss of the best epoch</source>
        <translation>Validierungsverlust der besten Epoche</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>Accuracy of the best epoch</source>
        <translation>Gesamtgenauigkeit der besten Epoche</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>Mean IoU of the best epoch</source>
        <translation>Mittlere IoU der besten Epoche</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>Dice of the best epoch</source>
        <translation>Dice der besten Epoche</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>IoU of road of the best epoch</source>
        <translation>IoU der Straßen in der besten Epoche</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>F1 of the best epoch</source>
        <translation>F1 der besten Epoche</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>Relaxed F1 of the best epoch</source>
        <translation>F1 mit Toleranz der besten Epoche</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>APLS of the validation chips, if asked for</source>
        <translation>APLS der Validierungs-Chips, falls verlangt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_names.py"/>
        <source>TOPO F1 of the validation chips, if asked for</source>
        <translation>TOPO-F1 der Validierungs-Chips, falls verlangt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Model folder</source>
        <translation>Modellordner</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>How often every chip is seen at most. ArcGIS&apos;s Max Epochs.</source>
        <translation>Wie oft jeder Chip höchstens gesehen wird. In ArcGIS Max Epochs.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Chip size (pixels)</source>
        <translation>Chipgröße (Pixel)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Crops of this size are taken from the chips. Empty: the tile size of the data.</source>
        <translation>Aus den Chips werden Ausschnitte dieser Größe genommen. Leer: die Kachelgröße der Daten.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Resume an interrupted training</source>
        <translation>Unterbrochenes Training fortsetzen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Goes on after the last saved epoch of a training of the same data and settings into the same folder, and ends with the same model as an unbroken one. Until a training is complete it lies in NAME~checkpoint.</source>
        <translation>Macht nach der letzten gespeicherten Epoche eines Trainings mit denselben Daten und Einstellungen in denselben Ordner weiter und endet mit demselben Modell wie ein ununterbrochenes. Bis ein Training vollständig ist, liegt es in NAME~checkpoint.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Begin with the model that comes with Roadsmith</source>
        <translation>Mit dem Modell beginnen, das mit Roadsmith geliefert wird</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Its network and weights are taken, whatever Network and Backbone say, and learn on: the best way with little data, for three bands (red, green, blue) of about 1 m. Chips of another cell size are learned as they are, and a warning says so. Off: a new network, or the model to go on from below.</source>
        <translation>Dessen Netz und Gewichte werden genommen, was auch immer bei Netz und Backbone gewählt ist, und lernen weiter: der beste Weg bei wenig Daten, für drei Kanäle (Rot, Grün, Blau) mit etwa 1 m. Chips mit anderer Zellengröße werden gelernt, wie sie sind, und eine Warnung weist darauf hin. Aus: ein neues Netz, oder das Ausgangsmodell unten.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>linknet (a ResNet encoder with two decoders) and hourglass (two stacked hourglasses) learn roads and their direction; they are ArcGIS&apos;s mtl_model. The others learn roads alone: unet, seven poolings deep with skips; segnet, VGG-16 and its mirror image; resunet, a short U-Net of residual units; dlinknet, a ResNet encoder with dilated convolutions that see far; efficient_unet, a small EfficientNet encoder made for computers without a GPU.</source>
        <translation>linknet (ein ResNet-Encoder mit zwei Decodern) und hourglass (zwei gestapelte Sanduhren) lernen Straßen und ihre Richtung; sie sind das mtl_model von ArcGIS. Die anderen lernen nur Straßen: unet, sieben Pooling-Stufen tief mit Skip-Verbindungen; segnet, VGG-16 und sein Spiegelbild; resunet, ein kurzes U-Net aus Residualeinheiten; dlinknet, ein ResNet-Encoder mit gedehnten Faltungen, die weit sehen; efficient_unet, ein kleiner EfficientNet-Encoder für Computer ohne GPU.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Backbone (of linknet and dlinknet)</source>
        <translation>Backbone (von linknet und dlinknet)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>The encoder; other networks have none to choose. Larger ones learn more and take longer; resnet18 suits small data and computers without a GPU. ArcGIS&apos;s Backbone Model.</source>
        <translation>Der Encoder; bei anderen Netzen gibt es keine Wahl. Größere lernen mehr und brauchen länger; resnet18 passt zu kleinen Datensätzen und zu Computern ohne GPU. In ArcGIS Backbone Model.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Backbone&apos;s weights</source>
        <translation>Gewichte des Backbones</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>NONE: learned from nothing. DOWNLOAD: fetched once from PyTorch&apos;s site (45 to 231 MB); they learned from millions of photographs and help with little data. FILE: from the weights file.</source>
        <translation>NONE: lernt von Grund auf. DOWNLOAD: einmal von der Seite von PyTorch geholt (45 bis 231 MB); gelernt aus Millionen von Fotos, hilfreich bei wenig Daten. FILE: aus der Gewichtsdatei.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Model to go on from</source>
        <translation>Ausgangsmodell</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>A model package that Train road extractor wrote: its network and weights are taken, whatever Network and Backbone say. ArcGIS&apos;s Pre-trained Model.</source>
        <translation>Ein Modellpaket, das „Straßenerkennung trainieren“ geschrieben hat: Dessen Netz und Gewichte werden genommen, was auch immer bei Netz und Backbone gewählt ist. In ArcGIS Pre-trained Model.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Weights file</source>
        <translation>Gewichtsdatei</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Weights (*.pth *.safetensors)</source>
        <translation>Gewichte (*.pth *.safetensors)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>With FILE: ImageNet weights of the backbone with torchvision&apos;s names, for computers without Internet access; for efficient_unet those of EfficientNet-Lite0 with the names of efficientnet_lite_pytorch.</source>
        <translation>Bei FILE: ImageNet-Gewichte des Backbones mit den Namen von torchvision, für Computer ohne Internetzugang; für efficient_unet die von EfficientNet-Lite0 mit den Namen von efficientnet_lite_pytorch.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Weights of further bands</source>
        <translation>Gewichte weiterer Kanäle</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>With weights for the backbone: what bands other than red, green and blue begin with. RANDOM: random weights. RED_BAND: those of red. ALL_RANDOM: all bands begin randomly. ArcGIS&apos;s Weight Initialization Scheme.</source>
        <translation>Bei Gewichten für das Backbone: womit andere Kanäle als Rot, Grün und Blau beginnen. RANDOM: zufällige Gewichte. RED_BAND: die von Rot. ALL_RANDOM: Alle Kanäle beginnen zufällig. In ArcGIS Weight Initialization Scheme.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Freeze the encoder</source>
        <translation>Encoder einfrieren</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Leaves the encoder as it is and trains the rest: faster, for encoders that have learned before. ArcGIS&apos;s Freeze Model, which is on there.</source>
        <translation>Lässt den Encoder, wie er ist, und trainiert den Rest: schneller, für Encoder, die schon gelernt haben. In ArcGIS Freeze Model, das dort eingeschaltet ist.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>First width (channels, for networks without a backbone)</source>
        <translation>Erste Breite (Kanäle, für Netze ohne Backbone)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_parameters.py"/>
        <source>Channels of the first level of unet (32 if left empty; 8 and 32 are the two-stage paper&apos;s UNet8 and UNet32), segnet (64), resunet (64), of all levels of hourglass (128; a multiple of 4), and of efficient_unet&apos;s last level (32; even). Fewer are faster and learn less. linknet and dlinknet have a backbone instead.</source>
        <translation>Kanäle der ersten Ebene von unet (leer: 32; 8 und 32 sind UNet8 und UNet32 der Veröffentlichung zum zweistufigen Verfahren), segnet (64), resunet (64), aller Ebenen von hourglass (128; ein Vielfaches von 4) und der letzten Ebene von efficient_unet (32; gerade). Weniger sind schneller und lernen weniger. linknet und dlinknet haben stattdessen ein Backbone.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Same seed, same data, same machine: same model.</source>
        <translation>Gleicher Startwert, gleiche Daten, gleicher Rechner: gleiches Modell.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>auto takes the GPU if there is one.</source>
        <translation>auto nimmt die GPU, wenn es eine gibt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Precision (number format)</source>
        <translation>Genauigkeit (Zahlenformat)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>auto: the fastest that the device is good at. float32 is exact and needs most memory; bfloat16 suits newer GPUs; float16 needs an NVIDIA GPU.</source>
        <translation>auto: das schnellste, das dem Gerät liegt. float32 ist genau und braucht am meisten Speicher; bfloat16 passt zu neueren GPUs; float16 braucht eine NVIDIA-GPU.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Processes (GPUs)</source>
        <translation>Prozesse (GPUs)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>So many processes share every step, on a GPU of its own each where there are several. Empty: one for each NVIDIA GPU, else one in all.</source>
        <translation>So viele Prozesse teilen sich jeden Schritt, jeder auf einer eigenen GPU, wo es mehrere gibt. Leer: einer je NVIDIA-GPU, sonst insgesamt einer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>torch.compile makes each epoch faster, but the first steps take minutes: for long trainings on a GPU.</source>
        <translation>torch.compile macht jede Epoche schneller, aber die ersten Schritte dauern Minuten: für lange Trainings auf einer GPU.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Score road networks</source>
        <translation>Straßennetze bewerten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>At the end, roads are drawn from the validation chips (64 at most) as Raster to road vector does, and compared with those of the labels: APLS, TOPO, completeness and correctness, in the report and the model package.</source>
        <translation>Am Ende werden aus den Validierungs-Chips (höchstens 64) Straßen abgeleitet wie mit „Straßennetz aus Raster ableiten“ und mit denen der Labels verglichen: APLS, TOPO, Vollständigkeit und Korrektheit, im Bericht und im Modellpaket.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Write the network as ONNX too</source>
        <translation>Netz auch als ONNX schreiben</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>NAME.onnx in the model folder, for programs that do not know PyTorch. Needs the packages onnx and onnxruntime in Roadsmith&apos;s Python.</source>
        <translation>NAME.onnx im Modellordner, für Programme, die PyTorch nicht kennen. Braucht die Pakete onnx und onnxruntime im Python von Roadsmith.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Write figures for TensorBoard</source>
        <translation>Werte für TensorBoard schreiben</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_run_parameters.py"/>
        <source>Losses and scores of every epoch in the folder tensorboard of the model folder; before the training is over, of NAME~checkpoint. Needs the package tensorboard in Roadsmith&apos;s Python.</source>
        <translation>Verluste und Gütemaße jeder Epoche im Ordner tensorboard des Modellordners; solange das Training läuft, in dem von NAME~checkpoint. Braucht das Paket tensorboard im Python von Roadsmith.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Batch size</source>
        <translation>Batchgröße</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Chips per step. Empty: chosen from the device&apos;s memory.</source>
        <translation>Chips je Schritt. Leer: passend zum Speicher des Geräts.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Batches per step</source>
        <translation>Batches je Schritt</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>So many batches make one step of learning: nearly as good as a larger batch where memory is short.</source>
        <translation>So viele Batches bilden einen Lernschritt: fast so gut wie größere Batches, wo der Speicher knapp ist.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Highest rate of the one-cycle schedule; with adamw, 0.001 suits most data. Empty: a search before the first epoch finds one, as in ArcGIS.</source>
        <translation>Höchste Lernrate des One-Cycle-Verlaufs; mit adamw passt 0,001 für die meisten Daten. Leer: Eine Suche vor der ersten Epoche findet eine, wie in ArcGIS.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Optimiser</source>
        <translation>Optimierer</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>adamw needs little care. sgd (with momentum 0.9) wants ten to a hundred times the learning rate.</source>
        <translation>adamw braucht wenig Sorgfalt. sgd (mit Momentum 0,9) verlangt die zehn- bis hundertfache Lernrate.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Average of the weights</source>
        <translation>Mittel der Gewichte</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>0: the weights of the best epoch are kept. 0.99 to 0.999: a moving average of the weights, over about a hundred to a thousand steps, is validated and kept instead; as a rule a little better on images never seen.</source>
        <translation>0: Die Gewichte der besten Epoche werden behalten. 0,99 bis 0,999: Stattdessen wird ein gleitendes Mittel der Gewichte über etwa hundert bis tausend Schritte validiert und behalten; in der Regel etwas besser auf nie gesehenen Bildern.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Monitor</source>
        <translation>Überwachte Größe</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>The figure that decides the best epoch and the early stop. dice, iou, f1 and relaxed_f1 look at road alone, relaxed_f1 forgives 3 pixels. ArcGIS&apos;s Monitor Metric.</source>
        <translation>Der Wert, der über die beste Epoche und das vorzeitige Ende entscheidet. dice, iou, f1 und relaxed_f1 betrachten nur die Straße, relaxed_f1 verzeiht 3 Pixel. In ArcGIS Monitor Metric.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Stop when it no longer gets better</source>
        <translation>Beenden, wenn es nicht mehr besser wird</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Ends the training when the monitored figure has not improved for some epochs. ArcGIS&apos;s Stop when model stops improving.</source>
        <translation>Beendet das Training, wenn sich die überwachte Größe einige Epochen lang nicht verbessert hat. In ArcGIS Stop when model stops improving.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Patience (epochs)</source>
        <translation>Geduld (Epochen)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Epochs without improvement before the training stops.</source>
        <translation>Epochen ohne Verbesserung, nach denen das Training endet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Smallest improvement</source>
        <translation>Kleinste Verbesserung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>What the monitored figure must gain to count as an improvement for the stop. The best epoch is the best all the same.</source>
        <translation>Um wie viel die überwachte Größe besser werden muss, damit es für das vorzeitige Ende als Verbesserung zählt. Die beste Epoche bleibt davon unberührt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Validation share (percent)</source>
        <translation>Validierungsanteil (Prozent)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Share of the chips that is kept for validation. ArcGIS&apos;s Validation %.</source>
        <translation>Anteil der Chips, der zur Validierung zurückbehalten wird. In ArcGIS Validation %.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Validation split</source>
        <translation>Aufteilung zur Validierung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>blocks: whole blocks of the map, honest. random: as ArcGIS does; overlapping chips make scores too good.</source>
        <translation>blocks: ganze Blöcke der Karte, ehrlich. random: wie in ArcGIS; überlappende Chips beschönigen die Gütemaße.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Validation data folder</source>
        <translation>Ordner der Validierungsdaten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_schedule_parameters.py"/>
        <source>Instead of a share: chips of a folder of their own, as public data sets have a validation part. All training data are then trained on; share and split mean nothing. Several: separated by semicolons.</source>
        <translation>Statt eines Anteils: Chips eines eigenen Ordners, wie öffentliche Datensätze einen Validierungsteil haben. Alle Trainingsdaten werden dann zum Training verwendet; Anteil und Aufteilung bedeuten nichts. Mehrere: durch Semikolons getrennt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>MULTITASK: soft IoU. BCE_DICE: cross-entropy and Dice. WEIGHTED_BCE_DICE: the same with a weight for road. DEFAULT: MULTITASK for linknet and hourglass, BCE_DICE for the others.</source>
        <translation>MULTITASK: weiche IoU. BCE_DICE: Kreuzentropie und Dice. WEIGHTED_BCE_DICE: dasselbe mit einem Gewicht für Straße. DEFAULT: MULTITASK für linknet und hourglass, BCE_DICE für die anderen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Weight of road pixels</source>
        <translation>Gewicht der Straßenpixel</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>With WEIGHTED_BCE_DICE: 2 to 6 find more roads, and more that are none.</source>
        <translation>Bei WEIGHTED_BCE_DICE: 2 bis 6 findet mehr Straßen, und mehr, was keine ist.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Share of clDice</source>
        <translation>Anteil von clDice</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Lets gaps in a road cost more; published up to 0.5. 0 leaves it out.</source>
        <translation>Lässt Lücken in einer Straße mehr kosten; veröffentlicht bis 0,5. 0 lässt es weg.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Weight of skeleton recall</source>
        <translation>Gewicht des Skeleton Recall</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Lets missed middles of roads cost more; published 1. 0 leaves it out.</source>
        <translation>Lässt übersehene Straßenmitten mehr kosten; veröffentlicht mit 1. 0 lässt es weg.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Augmentation</source>
        <translation>Augmentierung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>DEFAULT: random crops, flips, quarter turns, brightness, contrast and zoom. NONE: random crops alone. CUSTOM: the table below. FILE: the file below. ArcGIS&apos;s Data Augmentation.</source>
        <translation>DEFAULT: zufällige Ausschnitte, Spiegelungen, Vierteldrehungen, Helligkeit, Kontrast und Zoom. NONE: nur zufällige Ausschnitte. CUSTOM: die Tabelle unten. FILE: die Datei unten. In ArcGIS Data Augmentation.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Augmentation parameters</source>
        <translation>Parameter der Augmentierung</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>With CUSTOM: crop, dihedral, rotate, zoom, corners, brightness, contrast, saturation, hue or gain, and a value as ArcGIS writes it: 30; 0.5 or (0.4, 0.6); 1.0. Outside the dialog also as text: rotate=30; 0.5,dihedral=1.</source>
        <translation>Bei CUSTOM: crop, dihedral, rotate, zoom, corners, brightness, contrast, saturation, hue oder gain und ein Wert, wie ArcGIS ihn schreibt: 30; 0.5 oder (0.4, 0.6); 1.0. Außerhalb des Dialogs auch als Text: rotate=30; 0.5,dihedral=1.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Augmentation file</source>
        <translation>Augmentierungsdatei</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>With FILE: an object of the same names and values, such as {&quot;rotate&quot;: &quot;30; 0.5&quot;}; ArcGIS&apos;s transforms.json does.</source>
        <translation>Bei FILE: ein Objekt mit denselben Namen und Werten, etwa {&quot;rotate&quot;: &quot;30; 0.5&quot;}; auch die transforms.json von ArcGIS passt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Cell size of the chips (metres)</source>
        <translation>Zellengröße der Chips (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Only for images without georeference, as public data sets ship them. Empty: what the folder says, else 1 m.</source>
        <translation>Nur für Bilder ohne Georeferenz, wie öffentliche Datensätze sie liefern. Leer: was der Ordner angibt, sonst 1 m.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Labels are centre lines</source>
        <translation>Labels sind Mittellinien</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>The width of the labels means nothing: roads of one width are drawn along their middle and learned instead.</source>
        <translation>Die Breite der Labels bedeutet nichts: Stattdessen werden Straßen einheitlicher Breite entlang ihrer Mitte gezeichnet und gelernt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Gaussian threshold</source>
        <translation>Gauß-Schwellenwert</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>With centre lines: higher is thinner; 0.76 makes roads 6.7 m wide. ArcGIS&apos;s gaussian_thresh.</source>
        <translation>Bei Mittellinien: höher ist schmaler; 0,76 macht Straßen 6,7 m breit. In ArcGIS gaussian_thresh.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Orientation bin size (degrees)</source>
        <translation>Klassenbreite der Richtung (Grad)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>With linknet and hourglass: headings are sorted into bins of this width. ArcGIS&apos;s orient_bin_size.</source>
        <translation>Bei linknet und hourglass: Richtungen werden in Klassen dieser Breite eingeteilt. In ArcGIS orient_bin_size.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Orientation band (pixels)</source>
        <translation>Richtungsband (Pixel)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/training_target_parameters.py"/>
        <source>Half-width of the band around the centre line in which the heading is learned. ArcGIS&apos;s orient_theta.</source>
        <translation>Halbe Breite des Bandes um die Mittellinie, in dem die Richtung gelernt wird. In ArcGIS orient_theta.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>road lines or polygons</source>
        <translation>Straßenlinien oder -polygone</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>No polygon of the mask &apos;{}&apos; lies on the raster: choose another mask or leave it empty.</source>
        <translation>Kein Polygon der Maske „{}“ liegt auf dem Raster: Wählen Sie eine andere Maske, oder lassen Sie sie leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>The {} &apos;{}&apos; holds no features: choose one with {}, or select some.</source>
        <translation>{} „{}“ enthält keine Objekte: Wählen Sie einen Layer, der {} enthält, oder wählen Sie Objekte aus.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vector_layers.py"/>
        <source>No road lies within the raster: the roads cover {roads}, the raster {raster} (both in {crs}); check that both layers show the same place in QGIS and have the right coordinate systems.</source>
        <translation>Im Raster liegt keine Straße: Die Straßen bedecken {roads}, das Raster {raster} (beides in {crs}); prüfen Sie, ob beide Layer in QGIS denselben Ort zeigen und die richtigen Koordinatensysteme haben.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_checks.py"/>
        <source>The low threshold of {:g} is higher than the threshold of {:g}: choose {:g} at most, or leave it empty.</source>
        <translation>Der untere Schwellenwert {:g} ist höher als der Schwellenwert {:g}: Wählen Sie höchstens {:g}, oder lassen Sie ihn leer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_checks.py"/>
        <source>The graph is written as GraphML: choose a name that ends in .graphml, not {}.</source>
        <translation>Der Graph wird als GraphML geschrieben: Wählen Sie einen Namen, der auf .graphml endet, nicht {}.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Length of all roads (km)</source>
        <translation>Länge aller Straßen (km)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Number of lines</source>
        <translation>Anzahl der Linien</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Number of gaps to review</source>
        <translation>Anzahl der zu prüfenden Lücken</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Number of closed gaps</source>
        <translation>Anzahl der geschlossenen Lücken</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Classified or probability raster</source>
        <translation>Klassifiziertes Raster oder Wahrscheinlichkeitsraster</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>A raster from Classify pixels, or any road mask (0 and 1, 0 and 255) or probability (0–1, or 0–254 in 8 bits). Probabilities make the better network: they say where a gap may be closed.</source>
        <translation>Ein Raster aus „Pixel klassifizieren“, eine beliebige Straßenmaske (0 und 1, 0 und 255) oder Wahrscheinlichkeit (0–1 oder 0–254 in 8 Bit). Wahrscheinlichkeiten ergeben das bessere Netz: Sie sagen, wo eine Lücke geschlossen werden darf.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Probability raster beside a classified one</source>
        <translation>Wahrscheinlichkeitsraster neben einem klassifizierten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>The evidence for gaps, where the input is a classified raster or a mask. Empty where the input holds probabilities itself.</source>
        <translation>Die Anhaltspunkte für Lücken, wenn die Eingabe ein klassifiziertes Raster oder eine Maske ist. Leer, wenn die Eingabe selbst Wahrscheinlichkeiten enthält.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Probability from which a pixel is road; without effect on classified rasters. Empty: the one that Classify pixels noted in its probability raster, the threshold it was given or else the model&apos;s own for networks; 0.5 in other rasters.</source>
        <translation>Wahrscheinlichkeit, ab der ein Pixel Straße ist; ohne Wirkung bei klassifizierten Rastern. Leer: der Wert, den „Pixel klassifizieren“ im Wahrscheinlichkeitsraster vermerkt hat, der dort angegebene oder sonst der des Modells für Netze; 0,5 bei anderen Rastern.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Shortest dead end (metres)</source>
        <translation>Kürzeste Sackgasse (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Dead ends shorter than this, or than one and a half road widths, are removed; 0 for none. The winners of the SpaceNet road challenges used 10 m; 7 m keeps more short streets.</source>
        <translation>Sackgassen, die kürzer sind als dieser Wert oder als anderthalb Straßenbreiten, werden entfernt; 0 für keine. Die Gewinner der SpaceNet-Straßenwettbewerbe nahmen 10 m; 7 m erhält mehr kurze Straßen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Longest gap to close (metres)</source>
        <translation>Längste zu schließende Lücke (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Gaps up to this are closed where direction and probabilities speak for it; 0 to close none. What is not closed but plausible goes to the layer of gaps.</source>
        <translation>Lücken bis zu diesem Wert werden geschlossen, wo Richtung und Wahrscheinlichkeiten dafür sprechen; 0, um keine zu schließen. Was nicht geschlossen wird, aber plausibel ist, kommt in den Layer der Lücken.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Shortest separate network (metres)</source>
        <translation>Kürzestes abgetrenntes Netz (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Roads that touch no other and are shorter in all than this are removed; 0 for none.</source>
        <translation>Straßen, die keine andere berühren und insgesamt kürzer sind, werden entfernt; 0 für keine.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Which values of a raster of classes are road: 1, or 1,3. Empty: found out from the raster.</source>
        <translation>Welche Werte eines Rasters mit Klassen Straße sind: 1, oder 1,3. Leer: wird aus dem Raster ermittelt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Low threshold</source>
        <translation>Unterer Schwellenwert</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>What hangs together with road goes on down to this probability, so that a road does not break where it is weak. Empty: 0.6 times the threshold. The threshold itself: no such thing.</source>
        <translation>Was mit einer Straße zusammenhängt, reicht bis zu dieser Wahrscheinlichkeit weiter, damit eine Straße nicht abreißt, wo sie schwach ist. Leer: das 0,6-Fache des Schwellenwerts. Der Schwellenwert selbst: abgeschaltet.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Least probability along a closed gap</source>
        <translation>Kleinste Wahrscheinlichkeit entlang einer geschlossenen Lücke</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Mean probability that the pixels along a gap need for it to be closed.</source>
        <translation>Mittlere Wahrscheinlichkeit, die die Pixel entlang einer Lücke haben müssen, damit sie geschlossen wird.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Merge carriageways closer than (metres)</source>
        <translation>Richtungsfahrbahnen zusammenlegen bis (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>The two carriageways of a road become one line if they run side by side within this distance. 0: both stay.</source>
        <translation>Die beiden Richtungsfahrbahnen einer Straße werden zu einer Linie, wenn sie innerhalb dieses Abstands nebeneinander verlaufen. 0: Beide bleiben.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Smoothing (metres)</source>
        <translation>Glättung (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>How far the stairs of the pixels are smoothed along the line; 0 for none.</source>
        <translation>Wie weit die Treppenstufen der Pixel entlang der Linie geglättet werden; 0 für gar nicht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Simplification (metres)</source>
        <translation>Vereinfachung (Meter)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>How far the simplified line may lie from the smoothed one; 0 for none.</source>
        <translation>Wie weit die vereinfachte Linie von der geglätteten abweichen darf; 0 für gar nicht.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Add speeds and travel times</source>
        <translation>Geschwindigkeiten und Fahrzeiten hinzufügen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Adds speed_kmh, after the road&apos;s class, and travel_time_s: a rough guess, for routing by time.</source>
        <translation>Fügt speed_kmh, nach der Klasse der Straße, und travel_time_s hinzu: eine grobe Schätzung, für Routing nach Zeit.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Address of a Dask cluster that thins the tiles, such as tcp://192.168.1.5:8786; its machines must reach the raster under the same path. Empty: this computer.</source>
        <translation>Adresse eines Dask-Clusters, das die Kacheln ausdünnt, etwa tcp://192.168.1.5:8786; seine Rechner müssen das Raster unter demselben Pfad erreichen. Leer: dieser Computer.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Roads</source>
        <translation>Straßen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Nodes</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Junctions and dead ends, with the numbers that the roads name as from_node and to_node.</source>
        <translation>Kreuzungen und Sackgassen mit den Nummern, die die Straßen als from_node und to_node nennen.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Gaps to review</source>
        <translation>Zu prüfende Lücken</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <location filename="../../processing_provider/graphical_models/extractroads.model3"/>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Where a road may go on but the evidence does not suffice, the likeliest first.</source>
        <translation>Wo eine Straße weitergehen könnte, die Anhaltspunkte aber nicht ausreichen, die wahrscheinlichsten zuerst.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>Graph (GraphML)</source>
        <translation>Graph (GraphML)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>GraphML files (*.graphml *.xml)</source>
        <translation>GraphML-Dateien (*.graphml *.xml)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/vectorising_parameters.py"/>
        <source>The same network for networkx, igraph, Gephi and the like.</source>
        <translation>Dasselbe Netz für networkx, igraph, Gephi und Ähnliches.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/preparelabels.model3"/>
        <source>Road lines</source>
        <translation>Straßenlinien</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/preparelabels.model3"/>
        <source>Any line layer, or a file such as GeoJSON or Esri JSON.</source>
        <translation>Ein beliebiger Linienlayer oder eine Datei, etwa GeoJSON oder Esri-JSON.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/preparelabels.model3"/>
        <source>Width of the road areas. A little more than the paved width is better than less.</source>
        <translation>Breite der Straßenflächen. Etwas mehr als die befestigte Breite ist besser als weniger.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/preparelabels.model3"/>
        <source>Coordinate system of the imagery</source>
        <translation>Koordinatensystem der Bilddaten</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/preparelabels.model3"/>
        <source>A projected one in metres, such as the UTM zone of the area.</source>
        <translation>Ein projiziertes in Metern, etwa die UTM-Zone des Gebiets.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/preparelabels.model3"/>
        <source>Road areas</source>
        <translation>Straßenflächen</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Only this part is trained on, and its roads extracted. Empty: the whole raster.</source>
        <translation>Nur dieser Teil wird zum Training verwendet, und nur seine Straßen werden extrahiert. Leer: das ganze Raster.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Known roads (lines or polygons)</source>
        <translation>Bekannte Straßen (Linien oder Polygone)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Road centre lines, widened to the road width, or road areas, taken as they are.</source>
        <translation>Straßenmittellinien, die auf die Straßenbreite gebracht werden, oder Straßenflächen, die unverändert gelten.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Where all roads are known (polygons)</source>
        <translation>Wo alle Straßen bekannt sind (Polygone)</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Training chips are cut only within these polygons. Empty: wherever there is a known road.</source>
        <translation>Trainings-Chips werden nur in diesen Polygonen ausgeschnitten. Leer: überall, wo es eine bekannte Straße gibt.</translation>
    </message>
    <message>
        <location filename="../../processing_provider/graphical_models/trainandextract.model3"/>
        <source>Side of a training chip; chips overlap by half of it.</source>
        <translation>Seitenlänge eines Trainings-Chips; Chips überlappen sich um die Hälfte.</translation>
    </message>
</context>
</TS>
