<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en_US">
<context>
    <name>FindReference</name>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Find Reference Knee</source>
        <translation>Referenzknie finden</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Finds the knee of a data set that makes the best reference for the module Knee Cartilage Segmentation: the one closest to the mean of all. All knees are registered to a seed; the knee whose displacement field in the femur is closest to the mean field is the next reference, until it stays the same.</source>
        <translation>Findet das Knie eines Datensatzes, das sich am besten als Referenz für das Modul Knieknorpel-Segmentierung eignet: das, welches dem Mittel aller am nächsten liegt. Alle Knie werden auf ein Startknie registriert; das Knie, dessen Verschiebungsfeld im Femur dem mittleren Feld am nächsten ist, wird die nächste Referenz, bis sie sich nicht mehr ändert.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>The convergence study is that of pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registration is done by elastix (Klein et al., IEEE TMI 2010).</source>
        <translation>Die Konvergenzstudie ist die von pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registriert wird mit elastix (Klein et al., IEEE TMI 2010).</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Choose the image lists of a data set</source>
        <translation>Bildlisten eines Datensatzes wählen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Knees: {knees}, seeds: {seeds}. Ready.</source>
        <translation>Knie: {knees}, Startknie: {seeds}. Bereit.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Cancelled. Registrations that are kept: {number}; the next run goes on from there.</source>
        <translation>Abgebrochen. Behaltene Registrierungen: {number}; der nächste Lauf macht dort weiter.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Done. Registrations run: {run}, known before: {known}, failed: {failed}. Click a knee to see it.</source>
        <translation>Fertig. Registrierungen ausgeführt: {run}, schon bekannt: {known}, fehlgeschlagen: {failed}. Klicken Sie auf ein Knie, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Registrations: {done} of {total} that are needed so far; known before: {known}</source>
        <translation>Registrierungen: {done} von {total} bisher benötigten; schon bekannt: {known}</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>{knee} has no cartilage mask: draw one before you segment other knees with it.</source>
        <translation>{knee} hat keine Knorpelmaske: Zeichnen Sie eine, bevor Sie damit andere Knie segmentieren.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Scene</source>
        <translation>Szene</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Add an image list.</source>
        <translation>Fügen Sie eine Bildliste hinzu.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>No reference was found; see the result below.</source>
        <translation>Es wurde keine Referenz gefunden; siehe das Ergebnis unten.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>no knee was recommended</source>
        <translation>kein Knie wurde empfohlen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>{pick} seeds cannot be drawn from {count} knees.</source>
        <translation>Aus {count} Knien lassen sich keine {pick} Startknie ziehen.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Reading the images: {done} of {total}</source>
        <translation>Bilder werden gelesen: {done} von {total}</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>{problem}

Replace it?</source>
        <translation>{problem}

Ersetzen?</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Inputs</source>
        <translation>Eingaben</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Image lists:</source>
        <translation>Bildlisten:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>One list of the data set, or several that differ in their seed (r) only. A list names the folder of the data set, then r (seed) or m (knee) and an image on each line; the femur mask of knee1_prep.mha is knee1_f.mha.</source>
        <translation>Eine Liste des Datensatzes oder mehrere, die sich nur im Startknie (r) unterscheiden. Eine Liste nennt den Ordner des Datensatzes, dann in jeder Zeile r (Startknie) oder m (Knie) und ein Bild; die Femurmaske von knee1_prep.mha ist knee1_f.mha.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Add ...</source>
        <translation>Hinzufügen ...</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Add image lists of the data set.</source>
        <translation>Bildlisten des Datensatzes hinzufügen.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Remove the selected lists from the panel; without a selection, all. Files are not touched.</source>
        <translation>Die ausgewählten Listen aus dem Fenster entfernen; ohne Auswahl alle. Dateien bleiben unberührt.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Results in:</source>
        <translation>Ergebnisse in:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Where the table, the plot and the record of the study go. Empty: referenceStudy/ beside the folder of the data set.</source>
        <translation>Wohin Tabelle, Diagramm und Protokoll der Studie kommen. Leer: referenceStudy/ neben dem Ordner des Datensatzes.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder for the results</source>
        <translation>Ordner für die Ergebnisse wählen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Knees:</source>
        <translation>Knie:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Check every volume of the data set. Their femur masks, labelmaps or segments, are found by name; the table below shows and changes them.</source>
        <translation>Kreuzen Sie jedes Volumen des Datensatzes an. Ihre Femurmasken, Labelmaps oder Segmente, werden anhand der Namen gefunden; in der Tabelle unten sieht und ändert man sie.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Files in:</source>
        <translation>Dateien in:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The knees are written here, in a folder FindReference, and the results beside them: the command line can go on from there. Empty: a temporary folder, which is deleted when Slicer quits.</source>
        <translation>Hierhin werden die Knie geschrieben, in einen Ordner FindReference, und die Ergebnisse daneben: Die Befehlszeile kann dort weitermachen. Leer: ein temporärer Ordner, der gelöscht wird, wenn Slicer beendet wird.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder for the files</source>
        <translation>Ordner für die Dateien wählen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Seeds:</source>
        <translation>Startknie:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The knees to start from. If several agree, the result is more reliable.</source>
        <translation>Die Knie, mit denen begonnen wird. Stimmen mehrere überein, ist das Ergebnis verlässlicher.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>How many seeds are drawn, without replacement.</source>
        <translation>Wie viele Startknie gezogen werden, ohne Zurücklegen.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Random generator seed:</source>
        <translation>Startwert des Zufallsgenerators:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The same seed draws the same knees.</source>
        <translation>Derselbe Startwert zieht dieselben Knie.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Iterations at most:</source>
        <translation>Höchstens Iterationen:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>A study stops after so many references if it has neither converged nor run into a cycle before.</source>
        <translation>Nach so vielen Referenzen endet eine Studie, wenn sie vorher weder konvergiert noch in einen Zyklus geraten ist.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Compare:</source>
        <translation>Vergleichen:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>What is compared between the knees.</source>
        <translation>Was zwischen den Knien verglichen wird.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Sides:</source>
        <translation>Seiten:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Knees of the other side than the reference&apos;s are compared by their mirror image, or left out.</source>
        <translation>Knie der anderen Seite als die Referenz werden als Spiegelbild verglichen oder ausgelassen.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Knees</source>
        <translation>Knie</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>What has to be corrected before the study can be run.</source>
        <translation>Was zu berichtigen ist, bevor die Studie laufen kann.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Check the seeds. Click a knee to see it.</source>
        <translation>Kreuzen Sie die Startknie an. Klicken Sie auf ein Knie, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Find the reference. You can keep using Slicer while this runs.</source>
        <translation>Die Referenz finden. Sie können währenddessen mit Slicer weiterarbeiten.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Stop; registrations that are finished are kept, and not run again.</source>
        <translation>Anhalten; fertige Registrierungen bleiben erhalten und werden nicht noch einmal ausgeführt.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Install SlicerElastix</source>
        <translation>SlicerElastix installieren</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Install the extension SlicerElastix, which brings elastix, from Slicer&apos;s extensions server.</source>
        <translation>Die Erweiterung SlicerElastix, die elastix mitbringt, vom Erweiterungsserver von Slicer installieren.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The distance of each knee from the mean (mm), for each reference that was visited. Click a knee to see it.</source>
        <translation>Der Abstand jedes Knies vom Mittel (mm), für jede Referenz, die an der Reihe war. Klicken Sie auf ein Knie, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Place it in:</source>
        <translation>Ablegen in:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Where Use as reference copies the knee and its masks, named as segmentation expects them. Empty: reference/newsubject beside the folder of the data set.</source>
        <translation>Wohin „Als Referenz verwenden“ das Knie und seine Masken kopiert, mit den Namen, die die Segmentierung erwartet. Leer: reference/newsubject neben dem Ordner des Datensatzes.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder for the reference</source>
        <translation>Ordner für die Referenz wählen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Show plot</source>
        <translation>Diagramm zeigen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Show the convergence plot.</source>
        <translation>Das Konvergenzdiagramm zeigen.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Use as reference</source>
        <translation>Als Referenz verwenden</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Make the recommended knee the reference of the module Knee Cartilage Segmentation, and go there.</source>
        <translation>Das empfohlene Knie zur Referenz des Moduls Knieknorpel-Segmentierung machen und dorthin wechseln.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>elastix:</source>
        <translation>elastix:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>elastix program:</source>
        <translation>elastix-Programm:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The elastix program or its folder. Empty: use SlicerElastix, or search for elastix.</source>
        <translation>Das elastix-Programm oder sein Ordner. Leer: SlicerElastix verwenden oder nach elastix suchen.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose elastix</source>
        <translation>elastix wählen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Registrations at once:</source>
        <translation>Registrierungen gleichzeitig:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Each takes about one gigabyte of memory.</source>
        <translation>Jede braucht etwa ein Gigabyte Arbeitsspeicher.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Threads for each:</source>
        <translation>Threads für jede:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>How many processor cores each registration may use.</source>
        <translation>Wie viele Prozessorkerne jede Registrierung nutzen darf.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Registrations in:</source>
        <translation>Registrierungen in:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Where registrations are kept. Studies that share this folder never run a registration twice. Empty: registrations/ in the folder of the results.</source>
        <translation>Wo Registrierungen aufbewahrt werden. Studien, die sich diesen Ordner teilen, führen keine Registrierung zweimal aus. Leer: registrations/ im Ordner der Ergebnisse.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder for the registrations</source>
        <translation>Ordner für die Registrierungen wählen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Parameter files:</source>
        <translation>Parameterdateien:</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Folder with your own parameter files; missing ones are taken from the built-in set. Empty: built-in set.</source>
        <translation>Ordner mit eigenen Parameterdateien; fehlende werden dem eingebauten Satz entnommen. Leer: eingebauter Satz.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder with parameter files</source>
        <translation>Ordner mit Parameterdateien wählen</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>What the command line said during the run.</source>
        <translation>Was die Kommandozeile während des Laufs gesagt hat.</translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Image lists</source>
        <translation>Bildlisten</translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.distances_table</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>the reference itself</source>
        <translation>die Referenz selbst</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>Distance (mm)</source>
        <translation>Abstand (mm)</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>the nearest to the mean</source>
        <translation>dem Mittel am nächsten</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>to {reference}</source>
        <translation>auf {reference}</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>{distance} (ref.)</source>
        <translation>{distance} (Ref.)</translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.knees_table</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>failed to register to {reference}: left out</source>
        <translation>Registrierung auf {reference} fehlgeschlagen: ausgelassen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>The femur of this knee: a labelmap, or a segment</source>
        <translation>Der Femur dieses Knies: eine Labelmap oder ein Segment</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>Seed / knee</source>
        <translation>Startknie / Knie</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>Femur mask</source>
        <translation>Femurmaske</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>to {reference}: {step}</source>
        <translation>auf {reference}: {step}</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>registered to {reference} before</source>
        <translation>schon früher auf {reference} registriert</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>registered to {reference}</source>
        <translation>auf {reference} registriert</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>choose a mask</source>
        <translation>Maske wählen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>recommended</source>
        <translation>empfohlen</translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.nodes</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>{count} knees are chosen; a mean needs {fewest} at least</source>
        <translation>{count} Knie sind gewählt; ein Mittel braucht mindestens {fewest}</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>&apos;{mask}&apos; is the femur mask of several knees</source>
        <translation>„{mask}“ ist die Femurmaske mehrerer Knie</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Give each knee its own mask</source>
        <translation>Geben Sie jedem Knie seine eigene Maske</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Check more volumes</source>
        <translation>Kreuzen Sie mehr Volumen an</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>no seed is chosen</source>
        <translation>kein Startknie ist gewählt</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Check a knee to start from, or let seeds be drawn</source>
        <translation>Kreuzen Sie ein Startknie an, oder lassen Sie welche ziehen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>{pick} seeds cannot be drawn from {count} knees</source>
        <translation>aus {count} Knien lassen sich keine {pick} Startknie ziehen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Draw fewer</source>
        <translation>Ziehen Sie weniger</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>&apos;{name}&apos; has no femur mask</source>
        <translation>„{name}“ hat keine Femurmaske</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Choose it in the table: a labelmap, or a segment</source>
        <translation>Wählen Sie sie in der Tabelle: eine Labelmap oder ein Segment</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>&apos;{name}&apos; has no such segment</source>
        <translation>„{name}“ hat kein solches Segment</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Choose one of its segments in the table</source>
        <translation>Wählen Sie in der Tabelle eines seiner Segmente</translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.parameters</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Size and shape</source>
        <translation>Größe und Form</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Shape only</source>
        <translation>Nur die Form</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>The reference will be a knee of average size and average shape.</source>
        <translation>Die Referenz wird ein Knie von mittlerer Größe und mittlerer Form.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>The reference will be a knee of average shape, whatever its size.</source>
        <translation>Die Referenz wird ein Knie von mittlerer Form, gleich welcher Größe.</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Checked in the table</source>
        <translation>In der Tabelle angekreuzt</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Drawn at random</source>
        <translation>Zufällig gezogen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Left and right knees</source>
        <translation>Linke und rechte Knie</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Knees of the reference&apos;s side</source>
        <translation>Knie der Seite der Referenz</translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.result_nodes</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (converged)</source>
        <translation>{path} (konvergiert)</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (cycle)</source>
        <translation>{path} (Zyklus)</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (stopped)</source>
        <translation>{path} (angehalten)</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (failed)</source>
        <translation>{path} (fehlgeschlagen)</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (cancelled)</source>
        <translation>{path} (abgebrochen)</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Iteration</source>
        <translation>Iteration</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Of the reference from the mean of all knees</source>
        <translation>Der Referenz vom Mittel aller Knie</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Knee</source>
        <translation>Knie</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Remarks</source>
        <translation>Bemerkungen</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Distance of the reference from the mean (mm)</source>
        <translation>Abstand der Referenz vom Mittel (mm)</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>failed with reference {reference}: {why}</source>
        <translation>fehlgeschlagen mit Referenz {reference}: {why}</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{name}: convergence</source>
        <translation>{name}: Konvergenz</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{name}: seed {seed}</source>
        <translation>{name}: Startknie {seed}</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} ...</source>
        <translation>{path} ...</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Distance from the mean with &apos;{reference}&apos; as reference</source>
        <translation>Abstand vom Mittel mit „{reference}“ als Referenz</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>needs review with reference {reference}: {why}</source>
        <translation>zu prüfen mit Referenz {reference}: {why}</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{name}: distances</source>
        <translation>{name}: Abstände</translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.run</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/run.py"/>
        <source>&apos;{name}&apos; or its mask is no longer in the scene</source>
        <translation>„{name}“ oder seine Maske ist nicht mehr in der Szene</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/run.py"/>
        <source>&apos;{name}&apos; can be shown once it was written for a search</source>
        <translation>„{name}“ kann gezeigt werden, sobald es für eine Suche geschrieben wurde</translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/run.py"/>
        <source>&apos;{name}&apos; is not in the lists</source>
        <translation>„{name}“ steht nicht in den Listen</translation>
    </message>
</context>
<context>
    <name>KneeCartilageSeg</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Knee Cartilage Segmentation</source>
        <translation>Knieknorpel-Segmentierung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Finds the femur and its cartilage in MR images of the knee: registers each knee to a reference knee that is segmented already, inverts the transforms, and warps the reference&apos;s masks onto the knee.</source>
        <translation>Findet den Femur und seinen Knorpel in MR-Bildern des Knies: Registriert jedes Knie auf ein Referenzknie, das schon segmentiert ist, kehrt die Transformationen um und überträgt die Masken der Referenz auf das Knie.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>The workflow is that of pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registration is done by elastix (Klein et al., IEEE TMI 2010).</source>
        <translation>Der Ablauf ist der von pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registriert wird mit elastix (Klein et al., IEEE TMI 2010).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Done. {good} segmented, {flagged} need review. Click a knee to see it.</source>
        <translation>Fertig. {good} segmentiert, {flagged} zu prüfen. Klicken Sie auf ein Knie, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Knees: {number}, with results: {finished}. Click a knee to see it.</source>
        <translation>Knie: {number}, mit Ergebnissen: {finished}. Klicken Sie auf ein Knie, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Knee results</source>
        <translation>Ergebnisse der Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>The sample knees could not be loaded.</source>
        <translation>Die Beispielknie konnten nicht geladen werden.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Choose an image list.</source>
        <translation>Wählen Sie eine Bildliste.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Knees: {number}. Ready.</source>
        <translation>Knie: {number}. Bereit.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Segmented: {ended} of {total}</source>
        <translation>Segmentiert: {ended} von {total}</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Cancelled. Knees that are segmented: {good}.</source>
        <translation>Abgebrochen. Segmentierte Knie: {good}.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>{list} results</source>
        <translation>{list} Ergebnisse</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Reading the images: {done} of {total}</source>
        <translation>Bilder werden gelesen: {done} von {total}</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Inputs</source>
        <translation>Eingaben</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Modality:</source>
        <translation>Modalität:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>What the image is in relation to its reference.</source>
        <translation>In welchem Verhältnis das Bild zu seiner Referenz steht.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Side:</source>
        <translation>Seite:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knees of the other side are segmented with the mirror image of the reference; your images stay as they are. Automatic finds the side of each knee, so that both may be mixed. Follow-ups and other sequences are of their reference&apos;s side.</source>
        <translation>Knie der anderen Seite werden mit dem Spiegelbild der Referenz segmentiert; Ihre Bilder bleiben, wie sie sind. „Automatisch“ findet die Seite jedes Knies, sodass beide gemischt sein dürfen. Verlaufsaufnahmen und andere Sequenzen sind von der Seite ihrer Referenz.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Image list:</source>
        <translation>Bildliste:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A text file: the reference folder, the folder of the images, then r (reference) and m (image to segment) and a file name on each line.</source>
        <translation>Eine Textdatei: der Ordner der Referenz, der Ordner der Bilder, dann in jeder Zeile r (Referenz) oder m (zu segmentierendes Bild) und ein Dateiname.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose an image list</source>
        <translation>Bildliste wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Results in:</source>
        <translation>Ergebnisse in:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Where segmented/ and registered/ go. Empty: beside the folder of the images.</source>
        <translation>Wohin segmented/ und registered/ kommen. Leer: neben den Ordner der Bilder.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a folder for the results</source>
        <translation>Ordner für die Ergebnisse wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knees to segment:</source>
        <translation>Zu segmentierende Knie:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Check every volume that is to be segmented. Any volume works, however it was loaded; its transforms are taken into account.</source>
        <translation>Kreuzen Sie jedes Volumen an, das segmentiert werden soll. Jedes Volumen ist recht, wie auch immer es geladen wurde; seine Transformationen werden berücksichtigt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Reference knee:</source>
        <translation>Referenzknie:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The volume of the knee that is segmented already.</source>
        <translation>Das Volumen des Knies, das schon segmentiert ist.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose the segmented knee</source>
        <translation>Segmentiertes Knie wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its femur:</source>
        <translation>Sein Femur:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The femur of the reference knee: a segmentation (then choose the segment below) or a labelmap.</source>
        <translation>Der Femur des Referenzknies: eine Segmentierung (wählen Sie dann unten das Segment) oder eine Labelmap.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a segmentation or a labelmap</source>
        <translation>Segmentierung oder Labelmap wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segment that is the femur of the reference knee.</source>
        <translation>Das Segment, das der Femur des Referenzknies ist.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its cartilage:</source>
        <translation>Sein Knorpel:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The femoral cartilage of the reference knee: a segmentation (then choose the segment below) or a labelmap.</source>
        <translation>Der Femurknorpel des Referenzknies: eine Segmentierung (wählen Sie dann unten das Segment) oder eine Labelmap.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segment that is the femoral cartilage of the reference knee.</source>
        <translation>Das Segment, das der Femurknorpel des Referenzknies ist.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Files in:</source>
        <translation>Dateien in:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The images are written here, in a folder KneeCartilageSeg, and the results beside them: the command line can go on from there. Empty: a temporary folder.</source>
        <translation>Hierhin werden die Bilder geschrieben, in einen Ordner KneeCartilageSeg, und die Ergebnisse daneben: Die Befehlszeile kann dort weitermachen. Leer: ein temporärer Ordner.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a folder for the files</source>
        <translation>Ordner für die Dateien wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Several references</source>
        <translation>Mehrere Referenzen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Reference folder:</source>
        <translation>Referenzordner:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Every knee in this folder that has its masks beside it is a reference, besides the one above. Masks have the name of the image with _f (femur) and _fc (cartilage).</source>
        <translation>Jedes Knie in diesem Ordner, neben dem seine Masken liegen, ist eine Referenz, zusätzlich zu der oben. Masken heißen wie das Bild mit _f (Femur) und _fc (Knorpel).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a folder of segmented knees</source>
        <translation>Einen Ordner mit segmentierten Knien wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Further knees:</source>
        <translation>Weitere Knie:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Check the segmentations of further reference knees. Each brings the volume that it was drawn on; its femur and cartilage are found by their names.</source>
        <translation>Haken Sie die Segmentierungen weiterer Referenzknie an. Jede bringt das Volumen mit, auf dem sie gezeichnet wurde; Femur und Knorpel werden an ihren Namen erkannt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Use at most:</source>
        <translation>Höchstens verwenden:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>How many references are fused for each knee: those that match it best. Five are a good choice; each takes time and memory.</source>
        <translation>Wie viele Referenzen für jedes Knie verschmolzen werden: die, die am besten zu ihm passen. Fünf sind eine gute Wahl; jede kostet Zeit und Speicher.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Segment the knees. You can keep using Slicer while this runs.</source>
        <translation>Die Knie segmentieren. Sie können währenddessen mit Slicer weiterarbeiten.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Stop; knees that are finished stay.</source>
        <translation>Anhalten; fertige Knie bleiben.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Install SlicerElastix</source>
        <translation>SlicerElastix installieren</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Install the extension SlicerElastix, which brings elastix, from Slicer&apos;s extensions server.</source>
        <translation>Die Erweiterung SlicerElastix, die elastix mitbringt, vom Erweiterungsserver von Slicer installieren.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knees</source>
        <translation>Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>What has to be corrected before the knees can be segmented.</source>
        <translation>Was zu berichtigen ist, bevor die Knie segmentiert werden können.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Click a knee to see it.</source>
        <translation>Klicken Sie auf ein Knie, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Show where the references disagree</source>
        <translation>Zeigen, wo die Referenzen uneins sind</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Lay the map of disagreement over the slices: the percentage of the references&apos; votes that was outvoted, 0 to 50.</source>
        <translation>Die Karte der Uneinigkeit über die Schichten legen: der Prozentsatz der Stimmen der Referenzen, der überstimmt wurde, 0 bis 50.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Show the folder of the masks and their summary.</source>
        <translation>Den Ordner der Masken und ihrer Übersicht zeigen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Open contact sheet</source>
        <translation>Kontaktbogen öffnen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Show the pictures of all knees in the browser. They are drawn where matplotlib is installed.</source>
        <translation>Die Bilder aller Knie im Browser zeigen. Sie werden gezeichnet, wo matplotlib installiert ist.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Segmentation:</source>
        <translation>Segmentierung:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A segmentation with the femoral cartilage and, if there is one, the femur. The segments are found by their names.</source>
        <translation>Eine Segmentierung mit dem Femurknorpel und, falls vorhanden, dem Femur. Die Segmente werden anhand ihrer Namen gefunden.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Automatic: the larger, lateral part of the trochlea tells.</source>
        <translation>Automatisch: nach dem größeren, lateralen Teil der Trochlea.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Thickness:</source>
        <translation>Dicke:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Along the normal of the bone&apos;s surface to where the cartilage ends, or between voxels as pyKNEEr measured.</source>
        <translation>Entlang der Normalen der Knochenoberfläche bis zum Ende des Knorpels, oder zwischen Voxeln wie bei pyKNEEr.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Map:</source>
        <translation>Karte:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A volume that lies where the segmentation does, such as a T2 map: its values in the cartilage are measured.</source>
        <translation>Ein Volumen am Ort der Segmentierung, zum Beispiel eine T2-Karte: Ihre Werte im Knorpel werden gemessen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Values that count:</source>
        <translation>Gültige Werte:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Smaller values of the map are left out and counted.</source>
        <translation>Kleinere Werte der Karte werden ausgelassen und gezählt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Larger values of the map, such as fits that ran away, are left out and counted.</source>
        <translation>Größere Werte der Karte, etwa von entgleisten Anpassungen, werden ausgelassen und gezählt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Measure cartilage</source>
        <translation>Knorpel messen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Thickness, bone area and volume by region: tables, a surface colored by thickness, its unrolled map, and the regions as segments.</source>
        <translation>Dicke, Knochenfläche und Volumen nach Regionen: Tabellen, eine nach Dicke gefärbte Oberfläche, ihre abgerollte Karte und die Regionen als Segmente.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Click a region to see it in slices, in 3D and in the unrolled map.</source>
        <translation>Ein Klick auf eine Region zeigt sie in Schichten, in 3D und in der abgerollten Karte.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Change between two visits (experimental)</source>
        <translation>Veränderung zwischen zwei Terminen (experimentell)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Experimental: tried on simulated images only. A result near 0 does not show that nothing has changed. Look at both images.</source>
        <translation>Experimentell: nur an simulierten Bildern erprobt. Ein Ergebnis nahe 0 zeigt nicht, dass sich nichts verändert hat. Sehen Sie sich beide Bilder an.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>First visit:</source>
        <translation>Erster Termin:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The volume of the first visit.</source>
        <translation>Das Volumen des ersten Termins.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its masks:</source>
        <translation>Seine Masken:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segmentation of the first visit, with femur and femoral cartilage. The segments are found by their names.</source>
        <translation>Die Segmentierung des ersten Termins, mit Femur und Femurknorpel. Die Segmente werden an ihren Namen erkannt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Second visit:</source>
        <translation>Zweiter Termin:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The volume of the same knee&apos;s second visit.</source>
        <translation>Das Volumen desselben Knies beim zweiten Termin.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its masks (optional):</source>
        <translation>Seine Masken (optional):</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segmentation of the second visit. What is measured with the masks of either visit is averaged.</source>
        <translation>Die Segmentierung des zweiten Termins. Gemittelt wird, was mit den Masken des einen und des anderen Termins gemessen wird.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Or an image list:</source>
        <translation>Oder eine Bildliste:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A longitudinal list of knees at two visits, in place of the nodes above.</source>
        <translation>Eine Liste von Knien an zwei Terminen (Längsschnitt), anstelle der Knoten darüber.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Write to:</source>
        <translation>Schreiben nach:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The table (csv); its record is written beside it. Empty: change.csv beside the image list; for nodes in the folder that Inputs name for files, or a temporary one.</source>
        <translation>Die Tabelle (csv); ihr Protokoll wird daneben geschrieben. Leer: change.csv neben der Bildliste; bei Knoten in dem Ordner, der unter Eingaben für Dateien gewählt ist, oder in einem temporären.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Measure change</source>
        <translation>Veränderung messen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>How volume and thickness of the cartilage have changed, by region, with errors. Takes a minute or more for each knee.</source>
        <translation>Wie sich Volumen und Dicke des Knorpels verändert haben, nach Regionen, mit Fehlern. Dauert je Knie eine Minute oder länger.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Stop measuring the change.</source>
        <translation>Die Messung der Veränderung abbrechen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Second visit minus first, with standard errors. Do not believe a region of which little of the edge is seen.</source>
        <translation>Zweiter Termin minus erster, mit Standardfehlern. Trauen Sie keiner Region, von deren Rand wenig zu sehen ist.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Make a reference</source>
        <translation>Eine Referenz machen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segmentation of a knee, with a femur and its cartilage, with which others are to be segmented.</source>
        <translation>Die Segmentierung eines Knies, mit Femur und Knorpel, mit der andere segmentiert werden sollen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segment that is the femur: one piece.</source>
        <translation>Das Segment, das der Femur ist: ein Stück.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segment that is the femoral cartilage: it lies on the femur.</source>
        <translation>Das Segment, das der Femurknorpel ist: Er liegt auf dem Femur.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its image:</source>
        <translation>Ihr Bild:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The volume that was segmented.</source>
        <translation>Das Volumen, das segmentiert wurde.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knee:</source>
        <translation>Knie:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Left or right. Automatic: by the name, or by where the knee lies in the scanner.</source>
        <translation>Links oder rechts. Automatisch: nach dem Namen, oder danach, wo das Knie im Scanner liegt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Name:</source>
        <translation>Name:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The name of the reference. Empty: the name of its image.</source>
        <translation>Der Name der Referenz. Leer: der Name ihres Bildes.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Where image, masks and record of the reference are written. What somebody else has put there is never replaced.</source>
        <translation>Wohin Bild, Masken und Protokoll der Referenz geschrieben werden. Was jemand anderes dort abgelegt hat, wird nie ersetzt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose the reference folder</source>
        <translation>Den Referenzordner wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Make reference</source>
        <translation>Referenz machen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Check the segments (one femur, cartilage that lies on it, left or right), and write the reference. Specks are left out.</source>
        <translation>Die Segmente prüfen (ein Femur, Knorpel, der darauf liegt, links oder rechts) und die Referenz schreiben. Krümel werden weggelassen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>elastix:</source>
        <translation>elastix:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>elastix program:</source>
        <translation>elastix-Programm:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The elastix program or its folder. Empty: use SlicerElastix, or search for elastix.</source>
        <translation>Das elastix-Programm oder sein Ordner. Leer: SlicerElastix verwenden oder nach elastix suchen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose elastix</source>
        <translation>elastix wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knees at once:</source>
        <translation>Knie gleichzeitig:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Each takes about one gigabyte of memory.</source>
        <translation>Jede braucht etwa ein Gigabyte Arbeitsspeicher.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Threads for each:</source>
        <translation>Threads für jede:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>How many processor cores each registration may use.</source>
        <translation>Wie viele Prozessorkerne jede Registrierung nutzen darf.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Time for each:</source>
        <translation>Zeit für jedes:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A knee that takes longer fails, and the next one begins.</source>
        <translation>Ein Knie, das länger braucht, gilt als gescheitert, und das nächste beginnt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>no limit</source>
        <translation>unbegrenzt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Parameter files:</source>
        <translation>Parameterdateien:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Folder with your own parameter files; missing ones are taken from the built-in set. Empty: built-in set.</source>
        <translation>Ordner mit eigenen Parameterdateien; fehlende werden dem eingebauten Satz entnommen. Leer: eingebauter Satz.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a folder with parameter files</source>
        <translation>Ordner mit Parameterdateien wählen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Keep registered images and transforms</source>
        <translation>Registrierte Bilder und Transformationen behalten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Also write the image warped to the reference after each stage, with its transforms, to registered/.</source>
        <translation>Auch das nach jeder Stufe auf die Referenz übertragene Bild mit seinen Transformationen nach registered/ schreiben.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Also load masks as labelmaps</source>
        <translation>Masken auch als Labelmaps laden</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Besides the segmentation.</source>
        <translation>Neben der Segmentierung.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Redo what is finished</source>
        <translation>Fertiges noch einmal machen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Segment again what is segmented already. Masks that were corrected by hand are replaced.</source>
        <translation>Noch einmal segmentieren, was schon segmentiert ist. Von Hand korrigierte Masken werden ersetzt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A result is rejected if a measurement is outside these limits (double-click to change):</source>
        <translation>Ein Ergebnis wird verworfen, wenn ein Messwert außerhalb dieser Grenzen liegt (Doppelklick zum Ändern):</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Measurements and their limits. Your own limits are bold; an empty cell is no limit.</source>
        <translation>Messgrößen und ihre Grenzen. Ihre eigenen Grenzen sind fett; eine leere Zelle ist keine Grenze.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>What the command line said during the run.</source>
        <translation>Was die Kommandozeile während des Laufs gesagt hat.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Image list</source>
        <translation>Bildliste</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Scene</source>
        <translation>Szene</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The knees of the list, worst first. Click a knee to see it.</source>
        <translation>Die Knie der Liste, die schlechtesten zuerst. Klicken Sie auf ein Knie, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Show where the references disagree</source>
        <translation>Zeigen, wo die Referenzen uneins sind</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Lay the map of disagreement over the slices: the percentage of the references&apos; votes that was outvoted, 0 to 50.</source>
        <translation>Die Karte der Uneinigkeit über die Schichten legen: der Prozentsatz der Stimmen der Referenzen, der überstimmt wurde, 0 bis 50.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Previous</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The knee before this one in the table (Ctrl+Up).</source>
        <translation>Das Knie vor diesem in der Tabelle (Strg+Auf).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The knee after this one in the table (Ctrl+Down). It is loaded while you look at this one.</source>
        <translation>Das Knie nach diesem in der Tabelle (Strg+Ab). Es wird geladen, während Sie dieses ansehen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The segmentation is good (Ctrl+Shift+A). It is never overwritten.</source>
        <translation>Die Segmentierung ist gut (Strg+Umschalt+A). Sie wird nie überschrieben.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Reject</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The segmentation is not to be used (Ctrl+Shift+R).</source>
        <translation>Die Segmentierung ist nicht zu verwenden (Strg+Umschalt+R).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Correct</source>
        <translation>Korrigieren</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The segmentation is to be corrected by hand (Ctrl+Shift+C).</source>
        <translation>Die Segmentierung ist von Hand zu korrigieren (Strg+Umschalt+C).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Comment:</source>
        <translation>Bemerkung:</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Kept in review.csv with your name and the time.</source>
        <translation>Wird mit Ihrem Namen und der Zeit in review.csv aufbewahrt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Open the Segment Editor on this knee.</source>
        <translation>Den Segment Editor für dieses Knie öffnen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Save correction</source>
        <translation>Korrektur speichern</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Write the masks back where this knee&apos;s masks belong. What they replace is kept.</source>
        <translation>Die Masken dorthin zurückschreiben, wo die Masken dieses Knies hingehören. Was sie ersetzen, wird aufbewahrt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Restore draft</source>
        <translation>Entwurf wiederherstellen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Show the correction that was not saved when Slicer was closed.</source>
        <translation>Die Korrektur zeigen, die beim Schließen von Slicer nicht gespeichert war.</translation>
    </message>
</context>
<context>
    <name>SegmentationQuality</name>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Inputs</source>
        <translation>Eingaben</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>List of pairs:</source>
        <translation>Liste der Paare:</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>A text file: the folder of the segmentations, the folder of the ground truth, then s (segmentation) and g (its ground truth) and a file name on each line.</source>
        <translation>Eine Textdatei: der Ordner der Segmentierungen, der Ordner der Referenzmasken, dann in jeder Zeile s (Segmentierung) oder g (ihre Referenzmaske) und ein Dateiname.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Choose a list of pairs</source>
        <translation>Liste von Paaren wählen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>MR images in:</source>
        <translation>MR-Bilder in:</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Where the MR images lie that are shown behind the masks; knee1.mha belongs to knee1_fc.mha. Empty: beside the masks, or in preprocessed/ beside their folder.</source>
        <translation>Wo die MR-Bilder liegen, die hinter den Masken gezeigt werden; knee1.mha gehört zu knee1_fc.mha. Leer: neben den Masken oder in preprocessed/ neben ihrem Ordner.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Choose the folder of the MR images</source>
        <translation>Ordner der MR-Bilder wählen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>A row for each pair: labelmaps, or segments of segmentations. The MR image is optional.</source>
        <translation>Eine Zeile für jedes Paar: Labelmaps oder Segmente von Segmentierungen. Das MR-Bild ist optional.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Pair by name</source>
        <translation>Nach Namen paaren</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Add the masks that belong together by their names, such as knee1_prep_fc and knee1_groundTruth_fc, or knee1 and knee1_truth.</source>
        <translation>Masken hinzufügen, die ihren Namen nach zusammengehören, etwa knee1_prep_fc und knee1_groundTruth_fc oder knee1 und knee1_truth.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Add an empty row, and choose its masks in it.</source>
        <translation>Eine leere Zeile hinzufügen, in der Sie die Masken wählen.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Remove the selected rows; without a selection, all. Nodes are not touched.</source>
        <translation>Die ausgewählten Zeilen entfernen; ohne Auswahl alle. Knoten bleiben unberührt.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Labels:</source>
        <translation>Labels:</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Values to compare, each by itself: 1 2, or 5:1 for 5 in the segmentation and 1 in the ground truth. Empty: any value but 0 is the structure.</source>
        <translation>Werte, die verglichen werden, jeder für sich: 1 2, oder 5:1 für 5 in der Segmentierung und 1 in der Referenzmaske. Leer: Jeder Wert außer 0 ist die Struktur.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>any value but 0</source>
        <translation>jeder Wert außer 0</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Tolerance:</source>
        <translation>Toleranz:</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Surfaces closer than this agree; for the surface Dice only.</source>
        <translation>Oberflächen, die näher beieinander liegen, stimmen überein; nur für den Oberflächen-Dice.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Pairs at once:</source>
        <translation>Paare gleichzeitig:</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Each needs about 0.2 GB of memory.</source>
        <translation>Jedes braucht etwa 0,2 GB Arbeitsspeicher.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Compare the pairs. You can keep using Slicer while this runs.</source>
        <translation>Die Paare vergleichen. Sie können währenddessen mit Slicer weiterarbeiten.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Stop; what was compared stays.</source>
        <translation>Anhalten; was verglichen wurde, bleibt.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>What has to be corrected before the pairs can be compared.</source>
        <translation>Was zu berichtigen ist, bevor die Paare verglichen werden können.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Click a pair to see where segmentation and ground truth differ.</source>
        <translation>Klicken Sie auf ein Paar, um zu sehen, wo sich Segmentierung und Referenzmaske unterscheiden.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>The colors in slices and 3D when a pair is shown.</source>
        <translation>Die Farben in Schichten und 3D, wenn ein Paar gezeigt wird.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>The metric that the plot shows.</source>
        <translation>Die Metrik, die das Diagramm zeigt.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>The value of each pair, or how many pairs have which values.</source>
        <translation>Der Wert jedes Paares, oder wie viele Paare welche Werte haben.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Show plot</source>
        <translation>Diagramm zeigen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Show the metric in a plot view.</source>
        <translation>Die Metrik in einer Diagrammansicht zeigen.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Show table</source>
        <translation>Tabelle zeigen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Show all metrics of all pairs in a table view.</source>
        <translation>Alle Metriken aller Paare in einer Tabellenansicht zeigen.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Copy all metrics of all pairs, to be pasted into a spreadsheet.</source>
        <translation>Alle Metriken aller Paare kopieren, zum Einfügen in eine Tabellenkalkulation.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Export csv ...</source>
        <translation>csv exportieren ...</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Write overlap, distances and summary as csv files, with a record of versions, parameters and checksums.</source>
        <translation>Überlappung, Abstände und Zusammenfassung als csv-Dateien schreiben, mit einem Protokoll der Versionen, Parameter und Prüfsummen.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>What the command line said during the run.</source>
        <translation>Was die Kommandozeile während des Laufs gesagt hat.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Pair list</source>
        <translation>Paarliste</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Scene</source>
        <translation>Szene</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Segmentation Quality</source>
        <translation>Segmentierungsqualität</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Compares segmentations with their ground truth, one pair or a whole list: Dice, Jaccard, volumes, surface distances, with tables, plots, and the places where they differ in slices and 3D.</source>
        <translation>Vergleicht Segmentierungen mit ihren Referenzmasken, ein Paar oder eine ganze Liste: Dice, Jaccard, Volumen, Oberflächenabstände, mit Tabellen, Diagrammen und den Stellen, an denen sie sich unterscheiden, in Schichten und 3D.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>The metrics are those of pyKNEEr (Bonaretti et al., PLoS ONE 2020) and of Metrics reloaded (Maier-Hein et al., Nature Methods 2024).</source>
        <translation>Die Metriken sind die von pyKNEEr (Bonaretti et al., PLoS ONE 2020) und von Metrics reloaded (Maier-Hein et al., Nature Methods 2024).</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Done. Compared: {compared}, failed: {failed}. Click a pair to see it.</source>
        <translation>Fertig. Verglichen: {compared}, fehlgeschlagen: {failed}. Klicken Sie auf ein Paar, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>No further pair was found: names such as knee1_fc and knee1_truth_fc belong together.</source>
        <translation>Kein weiteres Paar wurde gefunden: Namen wie knee1_fc und knee1_truth_fc gehören zusammen.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Pairs: {number}, compared: {known}. Click a pair to see it.</source>
        <translation>Paare: {number}, verglichen: {known}. Klicken Sie auf ein Paar, um es zu sehen.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Copied: paste it into a spreadsheet.</source>
        <translation>Kopiert: Fügen Sie es in eine Tabellenkalkulation ein.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Choose a folder for the csv files</source>
        <translation>Ordner für die csv-Dateien wählen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Choose a list of pairs.</source>
        <translation>Wählen Sie eine Liste von Paaren.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Pairs: {number}. Ready.</source>
        <translation>Paare: {number}. Bereit.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Cancelled. Pairs that were compared: {number}.</source>
        <translation>Abgebrochen. Verglichene Paare: {number}.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>These files exist:
{files}

Replace them?</source>
        <translation>Diese Dateien gibt es schon:
{files}

Ersetzen?</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>The results could not be written.</source>
        <translation>Die Ergebnisse konnten nicht geschrieben werden.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Compared: {done} of {total}</source>
        <translation>Verglichen: {done} von {total}</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Labels: {message}.</source>
        <translation>Labels: {message}.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Written: {files}</source>
        <translation>Geschrieben: {files}</translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.difference_view</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Segmentation</source>
        <translation>Segmentierung</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Ground truth</source>
        <translation>Referenzmaske</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>missed</source>
        <translation>übersehen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>extra</source>
        <translation>zu viel</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>agreed</source>
        <translation>übereinstimmend</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Truth</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Missed</source>
        <translation>Übersehen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Extra</source>
        <translation>Zu viel</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Agreed</source>
        <translation>Übereinstimmend</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>{distance} mm missed</source>
        <translation>{distance} mm übersehen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>{distance} mm extra</source>
        <translation>{distance} mm zu viel</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Worst error</source>
        <translation>Größter Fehler</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>the scene was closed</source>
        <translation>die Szene wurde geschlossen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>&apos;{title}&apos; can no longer be shown, as &apos;{path}&apos; is gone: press Apply to compare it again</source>
        <translation>„{title}“ kann nicht mehr gezeigt werden, denn „{path}“ ist weg: Drücken Sie „Anwenden“, um es noch einmal zu vergleichen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>&apos;{path}&apos; has changed since it was compared: press Apply to compare it again</source>
        <translation>„{path}“ hat sich seit dem Vergleich geändert: Drücken Sie „Anwenden“, um es noch einmal zu vergleichen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>{title} outlines</source>
        <translation>{title} Umrisse</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>{title} difference</source>
        <translation>{title} Unterschied</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>the image of &apos;{title}&apos; is no longer in the scene</source>
        <translation>das Bild von „{title}“ ist nicht mehr in der Szene</translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.nodes</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Press Pair by name, or add a pair and choose its masks in the table</source>
        <translation>Drücken Sie „Nach Namen paaren“, oder fügen Sie ein Paar hinzu und wählen Sie seine Masken in der Tabelle</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>the segmentation</source>
        <translation>die Segmentierung</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>the ground truth</source>
        <translation>die Referenzmaske</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>no segmentation is chosen</source>
        <translation>keine Segmentierung ist gewählt</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>no ground truth is chosen</source>
        <translation>keine Referenzmaske ist gewählt</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>&apos;{name}&apos; has {number} segments</source>
        <translation>„{name}“ hat {number} Segmente</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>pair {number}: {role} is a segment, which is label 1, and not {labels}</source>
        <translation>Paar {number}: {role} ist ein Segment, also Label 1 und nicht {labels}</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>&apos;{mask}&apos; is its own ground truth</source>
        <translation>„{mask}“ ist seine eigene Referenzmaske</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Choose another mask for one of them</source>
        <translation>Wählen Sie für eine von beiden eine andere Maske</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>there is no pair</source>
        <translation>es gibt kein Paar</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>pair {number} is the same as pair {first}</source>
        <translation>Paar {number} ist dasselbe wie Paar {first}</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Remove one of them</source>
        <translation>Entfernen Sie eines davon</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Name one of them: (node, segment ID)</source>
        <translation>Nennen Sie eines davon: (Knoten, Segment-ID)</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Choose a labelmap or a segment in the table</source>
        <translation>Wählen Sie in der Tabelle eine Labelmap oder ein Segment</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>&apos;{name}&apos;: segmentation and ground truth lie far apart</source>
        <translation>„{name}“: Segmentierung und Referenzmaske liegen weit auseinander</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>pair {number}: {message}</source>
        <translation>Paar {number}: {message}</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Leave Labels empty, or write for example 5:1</source>
        <translation>Lassen Sie „Labels“ leer, oder schreiben Sie zum Beispiel 5:1</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>&apos;{name}&apos; no longer has that segment</source>
        <translation>„{name}“ hat dieses Segment nicht mehr</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Choose one of its segments</source>
        <translation>Wählen Sie eines seiner Segmente</translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.pairs_table</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>Segmentation</source>
        <translation>Segmentierung</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>Ground truth</source>
        <translation>Referenzmaske</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>MR image</source>
        <translation>MR-Bild</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>choose a mask</source>
        <translation>Maske wählen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>none</source>
        <translation>keines</translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.result_nodes</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Pair</source>
        <translation>Paar</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Tolerance</source>
        <translation>Toleranz</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Of the surface Dice</source>
        <translation>Des Oberflächen-Dice</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Missing</source>
        <translation>Fehlend</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Std</source>
        <translation>Std.-Abw.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Median</source>
        <translation>Median</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Min</source>
        <translation>Min.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Max</source>
        <translation>Max.</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: each pair</source>
        <translation>{name}: jedes Paar</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: distribution</source>
        <translation>{name}: Verteilung</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Number of pairs</source>
        <translation>Anzahl der Paare</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Each pair</source>
        <translation>Jedes Paar</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Distribution</source>
        <translation>Verteilung</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: record</source>
        <translation>{name}: Protokoll</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: quality</source>
        <translation>{name}: Qualität</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: summary</source>
        <translation>{name}: Zusammenfassung</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Metric</source>
        <translation>Metrik</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: no value</source>
        <translation>{name}: kein Wert</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>label {label}</source>
        <translation>Label {label}</translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.results_table</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>ASSD</source>
        <translation>ASSD</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>HD95</source>
        <translation>HD95</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>{label}n = {n}, mean {mean} ± {std}, median {median}, range {low} to {high}{missing}</source>
        <translation>{label}n = {n}, Mittelwert {mean} ± {std}, Median {median}, von {low} bis {high}{missing}</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>Pair</source>
        <translation>Paar</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>ok</source>
        <translation>in Ordnung</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>to be corrected</source>
        <translation>zu berichtigen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>not compared</source>
        <translation>nicht verglichen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>missing: {note}</source>
        <translation>fehlt: {note}</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>label {label}: </source>
        <translation>Label {label}: </translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>, missing: {number}</source>
        <translation>, fehlend: {number}</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>{label}no values</source>
        <translation>{label}keine Werte</translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.run</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/run.py"/>
        <source>{name} label {label}</source>
        <translation>{name} Label {label}</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/run.py"/>
        <source>&apos;{name}&apos; was not compared</source>
        <translation>„{name}“ wurde nicht verglichen</translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/run.py"/>
        <source>{name} (cancelled)</source>
        <translation>{name} (abgebrochen)</translation>
    </message>
</context>
<context>
    <name>quality.metrics</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Voxels in both masks, relative to the mean size of the two: 2|S n G| / (|S| + |G|). 1 is perfect, 0 is no overlap. Thin structures have lower values for the same error in mm.</source>
        <translation>Voxel in beiden Masken, bezogen auf deren mittlere Größe: 2|S n G| / (|S| + |G|). 1 ist vollkommen, 0 ist keine Überlappung. Dünne Strukturen haben bei gleichem Fehler in mm kleinere Werte.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Jaccard</source>
        <translation>Jaccard</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Voxels in both masks, relative to those in either: |S n G| / |S u G|. 1 is perfect. Equals Dice / (2 - Dice).</source>
        <translation>Voxel in beiden Masken, bezogen auf die in wenigstens einer: |S n G| / |S u G|. 1 ist vollkommen. Gleich Dice / (2 - Dice).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Volume similarity</source>
        <translation>Volumenähnlichkeit</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Relative difference of the volumes: 2(|S| - |G|) / (|S| + |G|). 0 is perfect; negative is too small a segmentation, positive too large.</source>
        <translation>Relativer Unterschied der Volumina: 2(|S| - |G|) / (|S| + |G|). 0 ist vollkommen; negativ heißt, dass die Segmentierung zu klein ist, positiv, dass sie zu groß ist.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Sensitivity</source>
        <translation>Sensitivität</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Part of the truth that was found: |S n G| / |G|. 1 means that nothing was missed.</source>
        <translation>Anteil der Referenzmaske, der gefunden wurde: |S n G| / |G|. Bei 1 fehlt nichts.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Precision</source>
        <translation>Präzision</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Part of the segmentation that is right: |S n G| / |S|. 1 means that nothing is extra.</source>
        <translation>Anteil der Segmentierung, der richtig ist: |S n G| / |S|. Bei 1 ist nichts zu viel.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Segmentation volume</source>
        <translation>Volumen der Segmentierung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Number of the segmentation&apos;s voxels times the volume of a voxel.</source>
        <translation>Zahl der Voxel der Segmentierung mal Volumen eines Voxels.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Truth volume</source>
        <translation>Volumen der Referenzmaske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Number of the truth&apos;s voxels times the volume of a voxel.</source>
        <translation>Zahl der Voxel der Referenzmaske mal Volumen eines Voxels.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Average surface distance</source>
        <translation>Mittlerer Oberflächenabstand</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance between the surfaces, both directions pooled: the average symmetric surface distance (ASSD). 0 is perfect.</source>
        <translation>Mittlerer Abstand der Oberflächen, beide Richtungen zusammen: der mittlere symmetrische Oberflächenabstand (ASSD). 0 ist vollkommen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Standard deviation of surface distance</source>
        <translation>Standardabweichung des Oberflächenabstands</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Standard deviation of the distances that the average is taken of (all of them, so n and not n - 1).</source>
        <translation>Standardabweichung der Abstände, über die gemittelt wird (es sind alle, deshalb n und nicht n - 1).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance to truth</source>
        <translation>Mittlerer Abstand zur Referenzmaske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance from the segmentation&apos;s surface to the truth&apos;s. Grows with what is extra.</source>
        <translation>Mittlerer Abstand der Oberfläche der Segmentierung zu der der Referenzmaske. Wächst mit dem, was zu viel ist.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance from truth</source>
        <translation>Mittlerer Abstand von der Referenzmaske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance from the truth&apos;s surface to the segmentation&apos;s. Grows with what was missed.</source>
        <translation>Mittlerer Abstand der Oberfläche der Referenzmaske zu der der Segmentierung. Wächst mit dem, was fehlt.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Hausdorff distance</source>
        <translation>Hausdorff-Abstand</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>The largest distance from either surface to the other. A single stray voxel decides it.</source>
        <translation>Der größte Abstand einer der beiden Oberflächen von der anderen. Ein einziges verirrtes Voxel bestimmt ihn.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>95 % Hausdorff distance</source>
        <translation>95-%-Hausdorff-Abstand</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>95th percentile of the distances from one surface to the other, the larger of the two directions. Robust against a few stray voxels.</source>
        <translation>95. Perzentil der Abstände einer Oberfläche von der anderen, in der größeren der beiden Richtungen. Unempfindlich gegen einige verirrte Voxel.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Surface Dice</source>
        <translation>Oberflächen-Dice</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Part of both surfaces that lies within the tolerance of the other one. 1 is perfect at that tolerance.</source>
        <translation>Anteil beider Oberflächen, der innerhalb der Toleranz von der jeweils anderen liegt. 1 ist bei dieser Toleranz vollkommen.</translation>
    </message>
</context>
<context>
    <name>registration.limits</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>time that the segmentation took</source>
        <translation>wie lange die Segmentierung gedauert hat</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Femur volume</source>
        <translation>Femurvolumen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>volume of the femur mask</source>
        <translation>Volumen der Femurmaske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Cartilage volume</source>
        <translation>Knorpelvolumen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>volume of the femoral cartilage mask</source>
        <translation>Volumen der Maske des Femurknorpels</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Match after alignment</source>
        <translation>Übereinstimmung nach der Ausrichtung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>sharpness of the match after the linear stages</source>
        <translation>Schärfe der Übereinstimmung nach den linearen Stufen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Match at the femur</source>
        <translation>Übereinstimmung am Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>sharpness of the match in the dilated femur mask</source>
        <translation>Schärfe der Übereinstimmung in der erweiterten Femurmaske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Match at the cartilage</source>
        <translation>Übereinstimmung am Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>sharpness of the match in the dilated cartilage mask</source>
        <translation>Schärfe der Übereinstimmung in der erweiterten Knorpelmaske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Information at the femur</source>
        <translation>Information am Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mutual information in the dilated femur mask</source>
        <translation>Transinformation in der erweiterten Femurmaske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Information at the cartilage</source>
        <translation>Information am Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mutual information in the dilated cartilage mask</source>
        <translation>Transinformation in der erweiterten Knorpelmaske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Lowest gray value</source>
        <translation>Kleinster Grauwert</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>lower end of the range that gray values were clipped to, without the bias of the coil</source>
        <translation>unteres Ende des Bereichs, auf den die Grauwerte begrenzt wurden, ohne die Ungleichmäßigkeit der Spule</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Highest gray value</source>
        <translation>Größter Grauwert</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>upper end of that range, from where the femur is</source>
        <translation>oberes Ende dieses Bereichs, bestimmt, wo der Femur ist</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Clipped gray values</source>
        <translation>Begrenzte Grauwerte</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the voxels round the femur that lie outside the range: they are taken for no tissue</source>
        <translation>Anteil der Voxel um den Femur, die außerhalb des Bereichs liegen: Sie gelten nicht als Gewebe</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Starts</source>
        <translation>Startlagen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>how many starts were tried</source>
        <translation>wie viele Startlagen versucht wurden</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Mirrored</source>
        <translation>Gespiegelt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>1 if the reference was mirrored, for a knee of the other side; else 0</source>
        <translation>1, wenn die Referenz für ein Knie der anderen Seite gespiegelt wurde, sonst 0</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Other side</source>
        <translation>Andere Seite</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>match of the reference as the other side, relative to that as it was used</source>
        <translation>Übereinstimmung der Referenz als andere Seite, bezogen auf die, wie sie verwendet wurde</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Scale</source>
        <translation>Größe</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>size of the knee relative to the reference</source>
        <translation>Größe des Knies im Verhältnis zur Referenz</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Rotation</source>
        <translation>Drehung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>rotation against the reference</source>
        <translation>Drehung gegen die Referenz</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Femur inside</source>
        <translation>Femur im Bild</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the reference femur&apos;s surroundings inside the image</source>
        <translation>Anteil der Umgebung des Femurs der Referenz, der im Bild liegt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Cartilage inside</source>
        <translation>Knorpel im Bild</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the reference cartilage&apos;s surroundings inside the image</source>
        <translation>Anteil der Umgebung des Knorpels der Referenz, der im Bild liegt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Femur growth</source>
        <translation>Femurwachstum</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>femur volume relative to the scaled reference&apos;s</source>
        <translation>Femurvolumen im Verhältnis zu dem der skalierten Referenz</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Cartilage growth</source>
        <translation>Knorpelwachstum</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>cartilage volume relative to the scaled reference&apos;s</source>
        <translation>Knorpelvolumen im Verhältnis zu dem der skalierten Referenz</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual femur</source>
        <translation>Restfehler der Umkehrung Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mean error of the inverse in the femur</source>
        <translation>mittlerer Fehler der Umkehrung im Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual femur 95 %</source>
        <translation>Restfehler der Umkehrung Femur 95 %</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>95th percentile of the error of the inverse in the femur</source>
        <translation>95. Perzentil des Fehlers der Umkehrung im Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual femur max</source>
        <translation>Restfehler der Umkehrung Femur max.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>largest error of the inverse in the femur</source>
        <translation>größter Fehler der Umkehrung im Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual cartilage</source>
        <translation>Restfehler der Umkehrung Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mean error of the inverse in the cartilage</source>
        <translation>mittlerer Fehler der Umkehrung im Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual cartilage 95 %</source>
        <translation>Restfehler der Umkehrung Knorpel 95 %</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>95th percentile of the error of the inverse in the cartilage</source>
        <translation>95. Perzentil des Fehlers der Umkehrung im Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual cartilage max</source>
        <translation>Restfehler der Umkehrung Knorpel max.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>largest error of the inverse in the cartilage</source>
        <translation>größter Fehler der Umkehrung im Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Folding femur</source>
        <translation>Faltung Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the femur in which the transform folds space</source>
        <translation>Anteil des Femurs, in dem die Transformation den Raum faltet</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Folding cartilage</source>
        <translation>Faltung Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the cartilage in which the transform folds space</source>
        <translation>Anteil des Knorpels, in dem die Transformation den Raum faltet</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Femur on femur</source>
        <translation>Femur auf Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the reference&apos;s femur that comes to lie in the femur mask of the knee</source>
        <translation>Anteil des Femurs der Referenz, der in der Femurmaske des Knies zu liegen kommt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Local match</source>
        <translation>Lokale Übereinstimmung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>correlation of predicted and real gray values round the cartilage&apos;s surface, in the mean</source>
        <translation>mittlere Korrelation der vorhergesagten und der wirklichen Grauwerte rund um die Oberfläche des Knorpels</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Mismatch</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the cartilage&apos;s surface round which that correlation is below 0.7</source>
        <translation>Anteil der Knorpeloberfläche, um die diese Korrelation unter 0,7 liegt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Expected Dice</source>
        <translation>Erwarteter Dice</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>estimate of the Dice coefficient of the cartilage mask and an expert&apos;s</source>
        <translation>Schätzung des Dice-Koeffizienten der Knorpelmaske und der eines Experten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>References</source>
        <translation>Referenzen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>references that were fused; none if there was only one</source>
        <translation>Referenzen, die verschmolzen wurden; leer, wenn es nur eine gab</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Agreement femur</source>
        <translation>Einigkeit Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mean Dice of each reference&apos;s own femur mask and the fused one</source>
        <translation>mittlerer Dice der Femurmaske jeder Referenz mit der verschmolzenen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Agreement cartilage</source>
        <translation>Einigkeit Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mean Dice of each reference&apos;s own cartilage mask and the fused one</source>
        <translation>mittlerer Dice der Knorpelmaske jeder Referenz mit der verschmolzenen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Outlier femur</source>
        <translation>Ausreißer Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>least agreement of any reference with the fused femur, relative to the median of all</source>
        <translation>Einigkeit der Referenz, die am wenigsten mit dem verschmolzenen Femur übereinstimmt, im Verhältnis zum Median aller</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Outlier cartilage</source>
        <translation>Ausreißer Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>least agreement of any reference with the fused cartilage, relative to the median of all</source>
        <translation>Einigkeit der Referenz, die am wenigsten mit dem verschmolzenen Knorpel übereinstimmt, im Verhältnis zum Median aller</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Dice with automatic femur</source>
        <translation>Dice mit automatischem Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>of a corrected femur mask: Dice with the automatic one</source>
        <translation>bei einer korrigierten Femurmaske: Dice mit der automatischen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Dice with automatic cartilage</source>
        <translation>Dice mit automatischem Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>of a corrected cartilage mask: Dice with the automatic one</source>
        <translation>bei einer korrigierten Knorpelmaske: Dice mit der automatischen</translation>
    </message>
</context>
<context>
    <name>registration.stages</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/stages.py"/>
        <source>Aligning</source>
        <translation>Ausrichten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/stages.py"/>
        <source>Aligning (size)</source>
        <translation>Ausrichten (Größe)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/stages.py"/>
        <source>Registering the femur</source>
        <translation>Femur registrieren</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/stages.py"/>
        <source>Registering the cartilage</source>
        <translation>Knorpel registrieren</translation>
    </message>
</context>
<context>
    <name>runs.steps</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/runs/steps.py"/>
        <source>Reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/runs/steps.py"/>
        <source>Warping the masks</source>
        <translation>Masken übertragen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/runs/steps.py"/>
        <source>Checking the result</source>
        <translation>Ergebnis prüfen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/runs/steps.py"/>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
</context>
<context>
    <name>segmentation.summary</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>the segmented image</source>
        <translation>das segmentierte Bild</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>segmented, unchanged, edited, rejected, kept, failed or cancelled</source>
        <translation>segmented (segmentiert), unchanged (unverändert), edited (bearbeitet), rejected (abgelehnt), kept (behalten), failed (gescheitert) oder cancelled (abgebrochen)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Review</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>what people decided (review.csv): accepted, rejected or correct</source>
        <translation>was Menschen entschieden haben (review.csv): accepted (angenommen), rejected (abgelehnt) oder correct (korrigieren)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Flags</source>
        <translation>Auffälligkeiten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>measurements outside their limits</source>
        <translation>Messwerte außerhalb ihrer Grenzen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>why it did not end well</source>
        <translation>warum es nicht gut ausging</translation>
    </message>
</context>
<context>
    <name>slicer_support.cartilage</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Thickness (mm)</source>
        <translation>Dicke (mm)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Knee</source>
        <translation>Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Standard deviation</source>
        <translation>Standardabweichung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Median</source>
        <translation>Median</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Voxels</source>
        <translation>Voxel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Voxels left out</source>
        <translation>Ausgelassene Voxel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Side</source>
        <translation>Seite</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Mean thickness</source>
        <translation>Mittlere Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Standard deviation of thickness</source>
        <translation>Standardabweichung der Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Least thickness</source>
        <translation>Kleinste Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Greatest thickness</source>
        <translation>Größte Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Mean thickness, bare bone as 0</source>
        <translation>Mittlere Dicke, freier Knochen als 0</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Covered bone area</source>
        <translation>Bedeckte Knochenfläche</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Bare bone area</source>
        <translation>Freie Knochenfläche</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Total bone area</source>
        <translation>Gesamte Knochenfläche</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Definition of thickness</source>
        <translation>Definition der Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>&apos;{name}&apos; has no segment whose name says cartilage</source>
        <translation>„{name}“ hat kein Segment, dessen Name auf Knorpel (cartilage) hinweist</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>{name} thickness</source>
        <translation>{name} Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>{name} cartilage</source>
        <translation>{name} Knorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>{name} map values</source>
        <translation>{name} Kartenwerte</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Name the segment of the femoral cartilage so</source>
        <translation>Benennen Sie das Segment des Femurknorpels so</translation>
    </message>
</context>
<context>
    <name>slicer_support.change</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>First visit</source>
        <translation>Erster Termin</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Second visit</source>
        <translation>Zweiter Termin</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Volume, mean of both visits</source>
        <translation>Volumen, Mittel beider Termine</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Change of volume</source>
        <translation>Veränderung des Volumens</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Standard error of the change of volume</source>
        <translation>Standardfehler der Veränderung des Volumens</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Thickness, mean of both visits</source>
        <translation>Dicke, Mittel beider Termine</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Change of thickness</source>
        <translation>Veränderung der Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Standard error of the change of thickness</source>
        <translation>Standardfehler der Veränderung der Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Edge seen</source>
        <translation>Sichtbarer Rand</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Disagreement of both masks</source>
        <translation>Uneinigkeit beider Masken</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>no volume of the first visit is chosen</source>
        <translation>kein Volumen des ersten Termins ist ausgewählt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Choose the knee that has masks</source>
        <translation>Wählen Sie das Knie, das Masken hat</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>no volume of the second visit is chosen</source>
        <translation>kein Volumen des zweiten Termins ist ausgewählt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Choose the same knee, scanned again</source>
        <translation>Wählen Sie dasselbe Knie, noch einmal aufgenommen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>{name}: change (experimental)</source>
        <translation>{name}: Veränderung (experimentell)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>&apos;{name}&apos; is both visits</source>
        <translation>&apos;{name}&apos; ist beide Termine</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Choose another volume for one of them</source>
        <translation>Wählen Sie für einen davon ein anderes Volumen</translation>
    </message>
</context>
<context>
    <name>slicer_support.change_section</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Experimental. The errors contain nothing that is wrong everywhere at once. Written: {file}</source>
        <translation>Experimentell. Die Fehler enthalten nichts, was überall zugleich falsch ist. Geschrieben: {file}</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Visits</source>
        <translation>Termine</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Volume
(%)</source>
        <translation>Volumen
(%)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Thickness
(µm)</source>
        <translation>Dicke
(µm)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Edge seen
(%)</source>
        <translation>Sichtbarer
Rand (%)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Starting ...</source>
        <translation>Start ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Cancelling ...</source>
        <translation>Wird abgebrochen ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Reading the images: {done} of {total}</source>
        <translation>Bilder werden gelesen: {done} von {total}</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Failed: {message}</source>
        <translation>Fehlgeschlagen: {message}</translation>
    </message>
</context>
<context>
    <name>slicer_support.command_run</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/command_run.py"/>
        <source>Line {line}: </source>
        <translation>Zeile {line}: </translation>
    </message>
</context>
<context>
    <name>slicer_support.disagreement</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/disagreement.py"/>
        <source>References disagree (%)</source>
        <translation>Uneinigkeit der Referenzen (%)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/disagreement.py"/>
        <source>Disagreement of references</source>
        <translation>Uneinigkeit der Referenzen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/disagreement.py"/>
        <source>{volume} disagreement</source>
        <translation>{volume} Uneinigkeit</translation>
    </message>
</context>
<context>
    <name>slicer_support.engine_panel</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/engine_panel.py"/>
        <source>Looking for elastix ...</source>
        <translation>elastix wird gesucht ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/engine_panel.py"/>
        <source>SlicerElastix could not be installed.</source>
        <translation>SlicerElastix konnte nicht installiert werden.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/engine_panel.py"/>
        <source>SlicerElastix is installed. Restart Slicer now?</source>
        <translation>SlicerElastix ist installiert. Slicer jetzt neu starten?</translation>
    </message>
</context>
<context>
    <name>slicer_support.hint</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/hint.py"/>
        <source>First time? &lt;a href=&apos;sample&apos;&gt;Load the sample knees&lt;/a&gt; and press Apply. Your own knees need a reference, a knee that is segmented already: &lt;a href=&apos;reference&apos;&gt;make one&lt;/a&gt; of any segmentation of femur and cartilage.</source>
        <translation>Zum ersten Mal hier? &lt;a href=&apos;sample&apos;&gt;Laden Sie die Beispielknie&lt;/a&gt; und drücken Sie Anwenden. Ihre eigenen Knie brauchen eine Referenz, ein Knie, das schon segmentiert ist: &lt;a href=&apos;reference&apos;&gt;Machen Sie eine&lt;/a&gt; aus irgendeiner Segmentierung von Femur und Knorpel.</translation>
    </message>
</context>
<context>
    <name>slicer_support.knees_table</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>segmented</source>
        <translation>segmentiert</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>needs review</source>
        <translation>zu prüfen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>rejected</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>kept</source>
        <translation>behalten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>changed input</source>
        <translation>geänderte Eingabe</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>outdated</source>
        <translation>veraltet</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>missing mask</source>
        <translation>Maske fehlt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>missing file</source>
        <translation>Datei fehlt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>problem in the list</source>
        <translation>Problem in der Liste</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>not started</source>
        <translation>nicht begonnen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>corrected by hand</source>
        <translation>von Hand korrigiert</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>rejected: do not use</source>
        <translation>verworfen: nicht verwenden</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>your own masks were kept</source>
        <translation>Ihre eigenen Masken wurden behalten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>The Dice coefficient to be expected of the cartilage.</source>
        <translation>Der zu erwartende Dice-Koeffizient des Knorpels.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>Knee</source>
        <translation>Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>Cartilage (ml)</source>
        <translation>Knorpel (ml)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>Seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>{status}, needs review</source>
        <translation>{status}, zu prüfen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>{status}, accepted</source>
        <translation>{status}, angenommen</translation>
    </message>
</context>
<context>
    <name>slicer_support.limits_table</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/limits_table.py"/>
        <source>Measurement</source>
        <translation>Messwert</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/limits_table.py"/>
        <source>Reject below</source>
        <translation>Verwerfen unter</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/limits_table.py"/>
        <source>Reject above</source>
        <translation>Verwerfen über</translation>
    </message>
</context>
<context>
    <name>slicer_support.make_reference</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>{image} is made: {side}, femur {femur:.1f} ml, cartilage {cartilage:.1f} ml. Its folder can be used now.</source>
        <translation>{image} ist fertig: {side}, Femur {femur:.1f} ml, Knorpel {cartilage:.1f} ml. Der Ordner kann jetzt verwendet werden.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>left knee</source>
        <translation>linkes Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>right knee</source>
        <translation>rechtes Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>nothing tells whether it is a left or a right knee</source>
        <translation>nichts sagt, ob es ein linkes oder ein rechtes Knie ist</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>the segmentation</source>
        <translation>die Segmentierung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>Checking and writing ...</source>
        <translation>Prüfen und Schreiben ...</translation>
    </message>
</context>
<context>
    <name>slicer_support.measure_section</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Mean thickness {mean:.2f} mm, volume {volume:.0f} mm³. By region: table &apos;{table}&apos;.</source>
        <translation>Mittlere Dicke {mean:.2f} mm, Volumen {volume:.0f} mm³. Nach Regionen: Tabelle „{table}“.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Volume
(mm³)</source>
        <translation>Volumen
(mm³)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Thickness
(mm)</source>
        <translation>Dicke
(mm)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Bone
(mm²)</source>
        <translation>Knochen
(mm²)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Measuring ...</source>
        <translation>Es wird gemessen ...</translation>
    </message>
</context>
<context>
    <name>slicer_support.module</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/module.py"/>
        <source>See &lt;a href=&apos;{address}&apos;&gt;the tutorial&lt;/a&gt;.</source>
        <translation>Siehe &lt;a href=&apos;{address}&apos;&gt;die Anleitung&lt;/a&gt;.</translation>
    </message>
</context>
<context>
    <name>slicer_support.node_input</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose its source volume in the Segment Editor</source>
        <translation>Wählen Sie im Segment Editor ihr Quellvolumen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>femur and cartilage mask are the same</source>
        <translation>Femur- und Knorpelmaske sind dieselbe</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>no reference volume is chosen</source>
        <translation>kein Referenzvolumen ist gewählt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose the knee that is segmented already</source>
        <translation>Wählen Sie das Knie, das schon segmentiert ist</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; does not say of which volume it is the segmentation</source>
        <translation>&apos;{name}&apos; sagt nicht, zu welchem Volumen die Segmentierung gehört</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>no volume to segment is chosen</source>
        <translation>kein zu segmentierendes Volumen ist gewählt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Check one or more volumes</source>
        <translation>Kreuzen Sie ein oder mehrere Volumen an</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>no femur mask is chosen</source>
        <translation>keine Femurmaske ist gewählt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>no cartilage mask is chosen</source>
        <translation>keine Knorpelmaske ist gewählt</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose another mask for one of them</source>
        <translation>Wählen Sie für eine von beiden eine andere Maske</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; is its own reference</source>
        <translation>„{name}“ ist seine eigene Referenz</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Uncheck it, or choose another reference volume</source>
        <translation>Nehmen Sie das Kreuz weg, oder wählen Sie ein anderes Referenzvolumen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; is a reference twice</source>
        <translation>&apos;{name}&apos; ist zweimal Referenz</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Uncheck one of its segmentations</source>
        <translation>Entfernen Sie den Haken bei einer seiner Segmentierungen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose the reference&apos;s mask: a labelmap, or a segment</source>
        <translation>Wählen Sie die Maske der Referenz: eine Labelmap oder ein Segment</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; has no segment that is known to be the femur</source>
        <translation>&apos;{name}&apos; hat kein Segment, das als Femur zu erkennen ist</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; has no segment that is known to be the femoral cartilage</source>
        <translation>&apos;{name}&apos; hat kein Segment, das als Femurknorpel zu erkennen ist</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose one of its segments, or name one so</source>
        <translation>Wählen Sie eines seiner Segmente, oder benennen Sie eines so</translation>
    </message>
</context>
<context>
    <name>slicer_support.panel</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>No usable elastix was found: install SlicerElastix, or name an elastix program under Advanced.</source>
        <translation>Kein brauchbares elastix wurde gefunden: Installieren Sie SlicerElastix, oder nennen Sie unter „Erweitert“ ein elastix-Programm.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Checking the list and its images ...</source>
        <translation>Die Liste und ihre Bilder werden geprüft ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Cancelling ...</source>
        <translation>Wird abgebrochen ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Looking for elastix ...</source>
        <translation>elastix wird gesucht ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>The list could not be checked.</source>
        <translation>Die Liste konnte nicht geprüft werden.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>The run could not be started.</source>
        <translation>Der Lauf konnte nicht gestartet werden.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Starting ...</source>
        <translation>Start ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Correct the list first (problems: {number}).</source>
        <translation>Berichtigen Sie zuerst die Liste (Probleme: {number}).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Failed: {message}</source>
        <translation>Fehlgeschlagen: {message}</translation>
    </message>
</context>
<context>
    <name>slicer_support.parameters</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>New subject</source>
        <translation>Neue Person</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Longitudinal</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Multimodal</source>
        <translation>Multimodal</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Any knee; the reference is another person&apos;s knee that is segmented.</source>
        <translation>Ein beliebiges Knie; die Referenz ist das segmentierte Knie einer anderen Person.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>A follow-up; the reference is the same knee&apos;s segmented baseline.</source>
        <translation>Eine Verlaufsaufnahme; die Referenz ist die segmentierte Erstaufnahme desselben Knies.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Another sequence of the session; the reference is the same knee&apos;s segmented high-resolution image.</source>
        <translation>Eine andere Sequenz derselben Untersuchung; die Referenz ist das segmentierte hochaufgelöste Bild desselben Knies.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Same as the reference</source>
        <translation>Wie die Referenz</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Left knees</source>
        <translation>Linke Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Right knees</source>
        <translation>Rechte Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Left knee</source>
        <translation>Linkes Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Right knee</source>
        <translation>Rechtes Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Along the bone&apos;s normal (3D)</source>
        <translation>Entlang der Knochennormalen (3D)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Nearest neighbor (pyKNEEr)</source>
        <translation>Nächster Nachbar (pyKNEEr)</translation>
    </message>
</context>
<context>
    <name>slicer_support.references_section</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/references_section.py"/>
        <source>Segmented knees in this folder: {number}</source>
        <translation>Segmentierte Knie in diesem Ordner: {number}</translation>
    </message>
</context>
<context>
    <name>slicer_support.region_nodes</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Whole femoral cartilage</source>
        <translation>Gesamter Femurknorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Trochlea</source>
        <translation>Trochlea</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, weight-bearing</source>
        <translation>Medial, gewichttragend</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, weight-bearing, external third</source>
        <translation>Medial, gewichttragend, äußeres Drittel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, weight-bearing, central third</source>
        <translation>Medial, gewichttragend, mittleres Drittel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, weight-bearing, internal third</source>
        <translation>Medial, gewichttragend, inneres Drittel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, posterior</source>
        <translation>Medial, hinten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, weight-bearing</source>
        <translation>Lateral, gewichttragend</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, weight-bearing, external third</source>
        <translation>Lateral, gewichttragend, äußeres Drittel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, weight-bearing, central third</source>
        <translation>Lateral, gewichttragend, mittleres Drittel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, weight-bearing, internal third</source>
        <translation>Lateral, gewichttragend, inneres Drittel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, posterior</source>
        <translation>Lateral, hinten</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>{name} regions</source>
        <translation>{name} Regionen</translation>
    </message>
</context>
<context>
    <name>slicer_support.review_section</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{knee} ({row} of {number}): {remarks}</source>
        <translation>{knee} ({row} von {number}): {remarks}</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Knee</source>
        <translation>Knie</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Decision</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Comment</source>
        <translation>Bemerkung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>no flags</source>
        <translation>nichts auffällig</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>rejected</source>
        <translation>verworfen</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>correct</source>
        <translation>zu korrigieren</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>the Dice coefficient to be expected</source>
        <translation>der zu erwartende Dice-Koeffizient</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>The review could not be written.</source>
        <translation>Die Prüfung konnte nicht geschrieben werden.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Loading {knee} ...</source>
        <translation>{knee} wird geladen ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Saving the correction of {knee} ...</source>
        <translation>Die Korrektur von {knee} wird gespeichert ...</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>The correction of {knee} is saved.</source>
        <translation>Die Korrektur von {knee} ist gespeichert.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{knee}: the draft, which is not saved as a correction yet.</source>
        <translation>{knee}: der Entwurf, der noch nicht als Korrektur gespeichert ist.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Knees: {number}, reviewed: {reviewed}.</source>
        <translation>Knie: {number}, geprüft: {reviewed}.</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{knee}: there is no segmentation. {remarks}</source>
        <translation>{knee}: Es gibt keine Segmentierung. {remarks}</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{knee}: there is a correction that was not saved (Restore draft).</source>
        <translation>{knee}: Es gibt eine Korrektur, die nicht gespeichert wurde („Entwurf wiederherstellen“).</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{node} has no segment &apos;{name}&apos;</source>
        <translation>{node} hat kein Segment „{name}“</translation>
    </message>
</context>
<context>
    <name>slicer_support.unrolled_view</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/unrolled_view.py"/>
        <source>Regions of the femoral cartilage</source>
        <translation>Regionen des Femurknorpels</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/unrolled_view.py"/>
        <source>Thickness (mm)</source>
        <translation>Dicke (mm)</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/unrolled_view.py"/>
        <source>{name} unrolled thickness</source>
        <translation>{name} abgerollte Dicke</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/unrolled_view.py"/>
        <source>{name} unrolled regions</source>
        <translation>{name} abgerollte Regionen</translation>
    </message>
</context>
<context>
    <name>slicer_support.volumes</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Femur</source>
        <translation>Femur</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Femoral cartilage</source>
        <translation>Femurknorpel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Load its image again</source>
        <translation>Laden Sie sein Bild noch einmal</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>&apos;{name}&apos; is a color image</source>
        <translation>„{name}“ ist ein Farbbild</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Choose a volume with one gray value a voxel</source>
        <translation>Wählen Sie ein Volumen mit einem Grauwert je Voxel</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>&apos;{name}&apos; is sheared by its transform</source>
        <translation>„{name}“ wird durch seine Transformation geschert</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Harden the transform and resample the volume</source>
        <translation>Wenden Sie die Transformation fest an („Harden“), und tasten Sie das Volumen neu ab</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>{volume} segmentation</source>
        <translation>{volume} Segmentierung</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>the volume &apos;{name}&apos; is no longer in the scene</source>
        <translation>das Volumen „{name}“ ist nicht mehr in der Szene</translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>&apos;{name}&apos; is empty</source>
        <translation>„{name}“ ist leer</translation>
    </message>
</context>
</TS>
