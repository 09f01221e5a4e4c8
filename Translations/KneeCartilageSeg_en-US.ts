<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
<context>
    <name>FindReference</name>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Find Reference Knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Finds the knee of a data set that makes the best reference for the module Knee Cartilage Segmentation: the one closest to the mean of all. All knees are registered to a seed; the knee whose displacement field in the femur is closest to the mean field is the next reference, until it stays the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>The convergence study is that of pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registration is done by elastix (Klein et al., IEEE TMI 2010).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Choose the image lists of a data set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Knees: {knees}, seeds: {seeds}. Ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Cancelled. Registrations that are kept: {number}; the next run goes on from there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Done. Registrations run: {run}, known before: {known}, failed: {failed}. Click a knee to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Registrations: {done} of {total} that are needed so far; known before: {known}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>{knee} has no cartilage mask: draw one before you segment other knees with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Scene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Add an image list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>No reference was found; see the result below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>no knee was recommended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>{pick} seeds cannot be drawn from {count} knees.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>Reading the images: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReference.py"/>
        <source>{problem}

Replace it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Image lists:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>One list of the data set, or several that differ in their seed (r) only. A list names the folder of the data set, then r (seed) or m (knee) and an image on each line; the femur mask of knee1_prep.mha is knee1_f.mha.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Add ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Add image lists of the data set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Remove the selected lists from the panel; without a selection, all. Files are not touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Results in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Where the table, the plot and the record of the study go. Empty: referenceStudy/ beside the folder of the data set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder for the results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Knees:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Check every volume of the data set. Their femur masks, labelmaps or segments, are found by name; the table below shows and changes them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Files in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The knees are written here, in a folder FindReference, and the results beside them: the command line can go on from there. Empty: a temporary folder, which is deleted when Slicer quits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder for the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Seeds:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The knees to start from. If several agree, the result is more reliable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>How many seeds are drawn, without replacement.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Random generator seed:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The same seed draws the same knees.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Iterations at most:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>A study stops after so many references if it has neither converged nor run into a cycle before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Compare:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>What is compared between the knees.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Sides:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Knees of the other side than the reference&apos;s are compared by their mirror image, or left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>What has to be corrected before the study can be run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Check the seeds. Click a knee to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Find the reference. You can keep using Slicer while this runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Stop; registrations that are finished are kept, and not run again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Install SlicerElastix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Install the extension SlicerElastix, which brings elastix, from Slicer&apos;s extensions server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The distance of each knee from the mean (mm), for each reference that was visited. Click a knee to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Place it in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Where Use as reference copies the knee and its masks, named as segmentation expects them. Empty: reference/newsubject beside the folder of the data set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder for the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Show plot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Show the convergence plot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Use as reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Make the recommended knee the reference of the module Knee Cartilage Segmentation, and go there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>elastix:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>elastix program:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>The elastix program or its folder. Empty: use SlicerElastix, or search for elastix.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose elastix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Registrations at once:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Each takes about one gigabyte of memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Threads for each:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>How many processor cores each registration may use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Registrations in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Where registrations are kept. Studies that share this folder never run a registration twice. Empty: registrations/ in the folder of the results.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder for the registrations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Parameter files:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Folder with your own parameter files; missing ones are taken from the built-in set. Empty: built-in set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Choose a folder with parameter files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>What the command line said during the run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/Resources/UI/FindReference.ui"/>
        <source>Image lists</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.distances_table</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>the reference itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>Distance (mm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>the nearest to the mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>to {reference}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/distances_table.py"/>
        <source>{distance} (ref.)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.knees_table</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>failed to register to {reference}: left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>The femur of this knee: a labelmap, or a segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>Seed / knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>Femur mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>to {reference}: {step}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>registered to {reference} before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>registered to {reference}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>choose a mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/knees_table.py"/>
        <source>recommended</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.nodes</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>{count} knees are chosen; a mean needs {fewest} at least</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>&apos;{mask}&apos; is the femur mask of several knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Give each knee its own mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Check more volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>no seed is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Check a knee to start from, or let seeds be drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>{pick} seeds cannot be drawn from {count} knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Draw fewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>&apos;{name}&apos; has no femur mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Choose it in the table: a labelmap, or a segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>&apos;{name}&apos; has no such segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/nodes.py"/>
        <source>Choose one of its segments in the table</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.parameters</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Size and shape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Shape only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>The reference will be a knee of average size and average shape.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>The reference will be a knee of average shape, whatever its size.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Checked in the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Drawn at random</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Left and right knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/parameters.py"/>
        <source>Knees of the reference&apos;s side</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.result_nodes</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (converged)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (cycle)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (stopped)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (failed)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} (cancelled)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Iteration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Of the reference from the mean of all knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Remarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Distance of the reference from the mean (mm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>failed with reference {reference}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{name}: convergence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{name}: seed {seed}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{path} ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>Distance from the mean with &apos;{reference}&apos; as reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>needs review with reference {reference}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/result_nodes.py"/>
        <source>{name}: distances</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindReferenceLib.run</name>
    <message>
        <location filename="../FindReference/FindReferenceLib/run.py"/>
        <source>&apos;{name}&apos; or its mask is no longer in the scene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/run.py"/>
        <source>&apos;{name}&apos; can be shown once it was written for a search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../FindReference/FindReferenceLib/run.py"/>
        <source>&apos;{name}&apos; is not in the lists</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KneeCartilageSeg</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Knee Cartilage Segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Finds the femur and its cartilage in MR images of the knee: registers each knee to a reference knee that is segmented already, inverts the transforms, and warps the reference&apos;s masks onto the knee.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>The workflow is that of pyKNEEr (Bonaretti et al., PLoS ONE 2020). Registration is done by elastix (Klein et al., IEEE TMI 2010).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Done. {good} segmented, {flagged} need review. Click a knee to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Knees: {number}, with results: {finished}. Click a knee to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Knee results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>The sample knees could not be loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Choose an image list.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Knees: {number}. Ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Segmented: {ended} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Cancelled. Knees that are segmented: {good}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>{list} results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSeg.py"/>
        <source>Reading the images: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Modality:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>What the image is in relation to its reference.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Side:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knees of the other side are segmented with the mirror image of the reference; your images stay as they are. Automatic finds the side of each knee, so that both may be mixed. Follow-ups and other sequences are of their reference&apos;s side.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Image list:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A text file: the reference folder, the folder of the images, then r (reference) and m (image to segment) and a file name on each line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose an image list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Results in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Where segmented/ and registered/ go. Empty: beside the folder of the images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a folder for the results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knees to segment:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Check every volume that is to be segmented. Any volume works, however it was loaded; its transforms are taken into account.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Reference knee:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The volume of the knee that is segmented already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose the segmented knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its femur:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The femur of the reference knee: a segmentation (then choose the segment below) or a labelmap.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a segmentation or a labelmap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segment that is the femur of the reference knee.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its cartilage:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The femoral cartilage of the reference knee: a segmentation (then choose the segment below) or a labelmap.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segment that is the femoral cartilage of the reference knee.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Files in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The images are written here, in a folder KneeCartilageSeg, and the results beside them: the command line can go on from there. Empty: a temporary folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a folder for the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Several references</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Reference folder:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Every knee in this folder that has its masks beside it is a reference, besides the one above. Masks have the name of the image with _f (femur) and _fc (cartilage).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a folder of segmented knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Further knees:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Check the segmentations of further reference knees. Each brings the volume that it was drawn on; its femur and cartilage are found by their names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Use at most:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>How many references are fused for each knee: those that match it best. Five are a good choice; each takes time and memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Segment the knees. You can keep using Slicer while this runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Stop; knees that are finished stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Install SlicerElastix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Install the extension SlicerElastix, which brings elastix, from Slicer&apos;s extensions server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>What has to be corrected before the knees can be segmented.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Click a knee to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Show where the references disagree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Lay the map of disagreement over the slices: the percentage of the references&apos; votes that was outvoted, 0 to 50.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Show the folder of the masks and their summary.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Open contact sheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Show the pictures of all knees in the browser. They are drawn where matplotlib is installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Segmentation:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A segmentation with the femoral cartilage and, if there is one, the femur. The segments are found by their names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Automatic: the larger, lateral part of the trochlea tells.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Thickness:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Along the normal of the bone&apos;s surface to where the cartilage ends, or between voxels as pyKNEEr measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Map:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A volume that lies where the segmentation does, such as a T2 map: its values in the cartilage are measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Values that count:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Smaller values of the map are left out and counted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Larger values of the map, such as fits that ran away, are left out and counted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Measure cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Thickness, bone area and volume by region: tables, a surface colored by thickness, its unrolled map, and the regions as segments.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Click a region to see it in slices, in 3D and in the unrolled map.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Change between two visits (experimental)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Experimental: tried on simulated images only. A result near 0 does not show that nothing has changed. Look at both images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>First visit:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The volume of the first visit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its masks:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segmentation of the first visit, with femur and femoral cartilage. The segments are found by their names.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Second visit:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The volume of the same knee&apos;s second visit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its masks (optional):</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segmentation of the second visit. What is measured with the masks of either visit is averaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Or an image list:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A longitudinal list of knees at two visits, in place of the nodes above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Write to:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The table (csv); its record is written beside it. Empty: change.csv beside the image list; for nodes in the folder that Inputs name for files, or a temporary one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Measure change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>How volume and thickness of the cartilage have changed, by region, with errors. Takes a minute or more for each knee.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Stop measuring the change.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Second visit minus first, with standard errors. Do not believe a region of which little of the edge is seen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Make a reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segmentation of a knee, with a femur and its cartilage, with which others are to be segmented.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segment that is the femur: one piece.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The segment that is the femoral cartilage: it lies on the femur.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Its image:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The volume that was segmented.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knee:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Left or right. Automatic: by the name, or by where the knee lies in the scanner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Name:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The name of the reference. Empty: the name of its image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Where image, masks and record of the reference are written. What somebody else has put there is never replaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose the reference folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Make reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Check the segments (one femur, cartilage that lies on it, left or right), and write the reference. Specks are left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>elastix:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>elastix program:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>The elastix program or its folder. Empty: use SlicerElastix, or search for elastix.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose elastix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Knees at once:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Each takes about one gigabyte of memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Threads for each:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>How many processor cores each registration may use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Time for each:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A knee that takes longer fails, and the next one begins.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>no limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source> min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Parameter files:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Folder with your own parameter files; missing ones are taken from the built-in set. Empty: built-in set.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Choose a folder with parameter files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Keep registered images and transforms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Also write the image warped to the reference after each stage, with its transforms, to registered/.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Also load masks as labelmaps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Besides the segmentation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Redo what is finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Segment again what is segmented already. Masks that were corrected by hand are replaced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>A result is rejected if a measurement is outside these limits (double-click to change):</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Measurements and their limits. Your own limits are bold; an empty cell is no limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>What the command line said during the run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Image list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/KneeCartilageSeg.ui"/>
        <source>Scene</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The knees of the list, worst first. Click a knee to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Show where the references disagree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Lay the map of disagreement over the slices: the percentage of the references&apos; votes that was outvoted, 0 to 50.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Previous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The knee before this one in the table (Ctrl+Up).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The knee after this one in the table (Ctrl+Down). It is loaded while you look at this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Accept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The segmentation is good (Ctrl+Shift+A). It is never overwritten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Reject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The segmentation is not to be used (Ctrl+Shift+R).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Correct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>The segmentation is to be corrected by hand (Ctrl+Shift+C).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Comment:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Kept in review.csv with your name and the time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Open the Segment Editor on this knee.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Save correction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Write the masks back where this knee&apos;s masks belong. What they replace is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Restore draft</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/Resources/UI/Review.ui"/>
        <source>Show the correction that was not saved when Slicer was closed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SegmentationQuality</name>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>List of pairs:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>A text file: the folder of the segmentations, the folder of the ground truth, then s (segmentation) and g (its ground truth) and a file name on each line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Choose a list of pairs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>MR images in:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Where the MR images lie that are shown behind the masks; knee1.mha belongs to knee1_fc.mha. Empty: beside the masks, or in preprocessed/ beside their folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Choose the folder of the MR images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>A row for each pair: labelmaps, or segments of segmentations. The MR image is optional.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Pair by name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Add the masks that belong together by their names, such as knee1_prep_fc and knee1_groundTruth_fc, or knee1 and knee1_truth.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Add an empty row, and choose its masks in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Remove the selected rows; without a selection, all. Nodes are not touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Labels:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Values to compare, each by itself: 1 2, or 5:1 for 5 in the segmentation and 1 in the ground truth. Empty: any value but 0 is the structure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>any value but 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Tolerance:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Surfaces closer than this agree; for the surface Dice only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source> mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Pairs at once:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Each needs about 0.2 GB of memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Compare the pairs. You can keep using Slicer while this runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Stop; what was compared stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>What has to be corrected before the pairs can be compared.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Click a pair to see where segmentation and ground truth differ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>The colors in slices and 3D when a pair is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>The metric that the plot shows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>The value of each pair, or how many pairs have which values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Show plot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Show the metric in a plot view.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Show table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Show all metrics of all pairs in a table view.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Copy all metrics of all pairs, to be pasted into a spreadsheet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Export csv ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Write overlap, distances and summary as csv files, with a record of versions, parameters and checksums.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>What the command line said during the run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Pair list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/Resources/UI/SegmentationQuality.ui"/>
        <source>Scene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Segmentation Quality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Compares segmentations with their ground truth, one pair or a whole list: Dice, Jaccard, volumes, surface distances, with tables, plots, and the places where they differ in slices and 3D.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>The metrics are those of pyKNEEr (Bonaretti et al., PLoS ONE 2020) and of Metrics reloaded (Maier-Hein et al., Nature Methods 2024).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Done. Compared: {compared}, failed: {failed}. Click a pair to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>No further pair was found: names such as knee1_fc and knee1_truth_fc belong together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Pairs: {number}, compared: {known}. Click a pair to see it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Copied: paste it into a spreadsheet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Choose a folder for the csv files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Choose a list of pairs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Pairs: {number}. Ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Cancelled. Pairs that were compared: {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>These files exist:
{files}

Replace them?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>The results could not be written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Compared: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Labels: {message}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQuality.py"/>
        <source>Written: {files}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.difference_view</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Ground truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>missed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>extra</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>agreed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Missed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Extra</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Agreed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>{distance} mm missed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>{distance} mm extra</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>Worst error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>the scene was closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>&apos;{title}&apos; can no longer be shown, as &apos;{path}&apos; is gone: press Apply to compare it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>&apos;{path}&apos; has changed since it was compared: press Apply to compare it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>{title} outlines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>{title} difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/difference_view.py"/>
        <source>the image of &apos;{title}&apos; is no longer in the scene</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.nodes</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Press Pair by name, or add a pair and choose its masks in the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>the segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>the ground truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>no segmentation is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>no ground truth is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>&apos;{name}&apos; has {number} segments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>pair {number}: {role} is a segment, which is label 1, and not {labels}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>&apos;{mask}&apos; is its own ground truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Choose another mask for one of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>there is no pair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>pair {number} is the same as pair {first}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Remove one of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Name one of them: (node, segment ID)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Choose a labelmap or a segment in the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>&apos;{name}&apos;: segmentation and ground truth lie far apart</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>pair {number}: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Leave Labels empty, or write for example 5:1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>&apos;{name}&apos; no longer has that segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/nodes.py"/>
        <source>Choose one of its segments</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.pairs_table</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>Segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>Ground truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>MR image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>choose a mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/pairs_table.py"/>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.result_nodes</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Pair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Tolerance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Of the surface Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Std</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Median</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Max</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: each pair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: distribution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Number of pairs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Each pair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Distribution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: record</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: quality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Metric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>Unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>{name}: no value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/result_nodes.py"/>
        <source>label {label}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.results_table</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>ASSD</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>HD95</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>{label}n = {n}, mean {mean} ± {std}, median {median}, range {low} to {high}{missing}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>Pair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>Label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>ok</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>to be corrected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>not compared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>missing: {note}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>label {label}: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>, missing: {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/results_table.py"/>
        <source>{label}no values</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SegmentationQualityLib.run</name>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/run.py"/>
        <source>{name} label {label}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/run.py"/>
        <source>&apos;{name}&apos; was not compared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../SegmentationQuality/SegmentationQualityLib/run.py"/>
        <source>{name} (cancelled)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quality.metrics</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Voxels in both masks, relative to the mean size of the two: 2|S n G| / (|S| + |G|). 1 is perfect, 0 is no overlap. Thin structures have lower values for the same error in mm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Jaccard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Voxels in both masks, relative to those in either: |S n G| / |S u G|. 1 is perfect. Equals Dice / (2 - Dice).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Volume similarity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Relative difference of the volumes: 2(|S| - |G|) / (|S| + |G|). 0 is perfect; negative is too small a segmentation, positive too large.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Sensitivity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Part of the truth that was found: |S n G| / |G|. 1 means that nothing was missed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Part of the segmentation that is right: |S n G| / |S|. 1 means that nothing is extra.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Segmentation volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Number of the segmentation&apos;s voxels times the volume of a voxel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Truth volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Number of the truth&apos;s voxels times the volume of a voxel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Average surface distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance between the surfaces, both directions pooled: the average symmetric surface distance (ASSD). 0 is perfect.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Standard deviation of surface distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Standard deviation of the distances that the average is taken of (all of them, so n and not n - 1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance to truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance from the segmentation&apos;s surface to the truth&apos;s. Grows with what is extra.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance from truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Mean distance from the truth&apos;s surface to the segmentation&apos;s. Grows with what was missed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Hausdorff distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>The largest distance from either surface to the other. A single stray voxel decides it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>95 % Hausdorff distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>95th percentile of the distances from one surface to the other, the larger of the two directions. Robust against a few stray voxels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Surface Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/quality/metrics.py"/>
        <source>Part of both surfaces that lies within the tolerance of the other one. 1 is perfect at that tolerance.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>registration.limits</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>time that the segmentation took</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Femur volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>volume of the femur mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Cartilage volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>volume of the femoral cartilage mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Match after alignment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>sharpness of the match after the linear stages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Match at the femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>sharpness of the match in the dilated femur mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Match at the cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>sharpness of the match in the dilated cartilage mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Information at the femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mutual information in the dilated femur mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Information at the cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mutual information in the dilated cartilage mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Lowest gray value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>lower end of the range that gray values were clipped to, without the bias of the coil</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Highest gray value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>upper end of that range, from where the femur is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Clipped gray values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the voxels round the femur that lie outside the range: they are taken for no tissue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Starts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>how many starts were tried</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Mirrored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>1 if the reference was mirrored, for a knee of the other side; else 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Other side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>match of the reference as the other side, relative to that as it was used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>size of the knee relative to the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Rotation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>rotation against the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Femur inside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the reference femur&apos;s surroundings inside the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Cartilage inside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the reference cartilage&apos;s surroundings inside the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Femur growth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>femur volume relative to the scaled reference&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Cartilage growth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>cartilage volume relative to the scaled reference&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mean error of the inverse in the femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual femur 95 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>95th percentile of the error of the inverse in the femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual femur max</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>largest error of the inverse in the femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mean error of the inverse in the cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual cartilage 95 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>95th percentile of the error of the inverse in the cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Inverse residual cartilage max</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>largest error of the inverse in the cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Folding femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the femur in which the transform folds space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Folding cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the cartilage in which the transform folds space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Femur on femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the reference&apos;s femur that comes to lie in the femur mask of the knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Local match</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>correlation of predicted and real gray values round the cartilage&apos;s surface, in the mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Mismatch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>share of the cartilage&apos;s surface round which that correlation is below 0.7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Expected Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>estimate of the Dice coefficient of the cartilage mask and an expert&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>References</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>references that were fused; none if there was only one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Agreement femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mean Dice of each reference&apos;s own femur mask and the fused one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Agreement cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>mean Dice of each reference&apos;s own cartilage mask and the fused one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Outlier femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>least agreement of any reference with the fused femur, relative to the median of all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Outlier cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>least agreement of any reference with the fused cartilage, relative to the median of all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Dice with automatic femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>of a corrected femur mask: Dice with the automatic one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>Dice with automatic cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/limits.py"/>
        <source>of a corrected cartilage mask: Dice with the automatic one</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>registration.stages</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/stages.py"/>
        <source>Aligning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/stages.py"/>
        <source>Aligning (size)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/stages.py"/>
        <source>Registering the femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/registration/stages.py"/>
        <source>Registering the cartilage</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>runs.steps</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/runs/steps.py"/>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/runs/steps.py"/>
        <source>Warping the masks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/runs/steps.py"/>
        <source>Checking the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/runs/steps.py"/>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>segmentation.summary</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>the segmented image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>segmented, unchanged, edited, rejected, kept, failed or cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>what people decided (review.csv): accepted, rejected or correct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Flags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>measurements outside their limits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/segmentation/summary.py"/>
        <source>why it did not end well</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.cartilage</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Thickness (mm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Standard deviation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Median</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Voxels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Voxels left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Mean thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Standard deviation of thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Least thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Greatest thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Mean thickness, bare bone as 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Covered bone area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Bare bone area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Total bone area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Definition of thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>&apos;{name}&apos; has no segment whose name says cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>{name} thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>{name} cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>{name} map values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/cartilage.py"/>
        <source>Name the segment of the femoral cartilage so</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.change</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>First visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Second visit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Volume, mean of both visits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Change of volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Standard error of the change of volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Thickness, mean of both visits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Change of thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Standard error of the change of thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Edge seen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Disagreement of both masks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>no volume of the first visit is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Choose the knee that has masks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>no volume of the second visit is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Choose the same knee, scanned again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>{name}: change (experimental)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>&apos;{name}&apos; is both visits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change.py"/>
        <source>Choose another volume for one of them</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.change_section</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Experimental. The errors contain nothing that is wrong everywhere at once. Written: {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Visits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Volume
(%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Thickness
(µm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Edge seen
(%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Starting ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Cancelling ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Reading the images: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/change_section.py"/>
        <source>Failed: {message}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.command_run</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/command_run.py"/>
        <source>Line {line}: </source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.disagreement</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/disagreement.py"/>
        <source>References disagree (%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/disagreement.py"/>
        <source>Disagreement of references</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/disagreement.py"/>
        <source>{volume} disagreement</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.engine_panel</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/engine_panel.py"/>
        <source>Looking for elastix ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/engine_panel.py"/>
        <source>SlicerElastix could not be installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/engine_panel.py"/>
        <source>SlicerElastix is installed. Restart Slicer now?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.hint</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/hint.py"/>
        <source>First time? &lt;a href=&apos;sample&apos;&gt;Load the sample knees&lt;/a&gt; and press Apply. Your own knees need a reference, a knee that is segmented already: &lt;a href=&apos;reference&apos;&gt;make one&lt;/a&gt; of any segmentation of femur and cartilage.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.knees_table</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>segmented</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>edited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>needs review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>changed input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>outdated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>missing mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>missing file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>problem in the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>not started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>corrected by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>rejected: do not use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>your own masks were kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>The Dice coefficient to be expected of the cartilage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>Knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>Cartilage (ml)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>Seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>{status}, needs review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/knees_table.py"/>
        <source>{status}, accepted</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.limits_table</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/limits_table.py"/>
        <source>Measurement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/limits_table.py"/>
        <source>Reject below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/limits_table.py"/>
        <source>Reject above</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.make_reference</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>{image} is made: {side}, femur {femur:.1f} ml, cartilage {cartilage:.1f} ml. Its folder can be used now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>left knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>right knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>nothing tells whether it is a left or a right knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>the segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/make_reference.py"/>
        <source>Checking and writing ...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.measure_section</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Mean thickness {mean:.2f} mm, volume {volume:.0f} mm³. By region: table &apos;{table}&apos;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Volume
(mm³)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Thickness
(mm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Bone
(mm²)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/measure_section.py"/>
        <source>Measuring ...</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.module</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/module.py"/>
        <source>See &lt;a href=&apos;{address}&apos;&gt;the tutorial&lt;/a&gt;.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.node_input</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose its source volume in the Segment Editor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>femur and cartilage mask are the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>no reference volume is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose the knee that is segmented already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; does not say of which volume it is the segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>no volume to segment is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Check one or more volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>no femur mask is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>no cartilage mask is chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose another mask for one of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; is its own reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Uncheck it, or choose another reference volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; is a reference twice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Uncheck one of its segmentations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose the reference&apos;s mask: a labelmap, or a segment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; has no segment that is known to be the femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>&apos;{name}&apos; has no segment that is known to be the femoral cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/node_input.py"/>
        <source>Choose one of its segments, or name one so</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.panel</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>No usable elastix was found: install SlicerElastix, or name an elastix program under Advanced.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Checking the list and its images ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Cancelling ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Looking for elastix ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>The list could not be checked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>The run could not be started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Starting ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Correct the list first (problems: {number}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/panel.py"/>
        <source>Failed: {message}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.parameters</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>New subject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Longitudinal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Multimodal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Any knee; the reference is another person&apos;s knee that is segmented.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>A follow-up; the reference is the same knee&apos;s segmented baseline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Another sequence of the session; the reference is the same knee&apos;s segmented high-resolution image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Same as the reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Left knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Right knees</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Left knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Right knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Along the bone&apos;s normal (3D)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/parameters.py"/>
        <source>Nearest neighbor (pyKNEEr)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.references_section</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/references_section.py"/>
        <source>Segmented knees in this folder: {number}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.region_nodes</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Whole femoral cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Trochlea</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, weight-bearing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, weight-bearing, external third</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, weight-bearing, central third</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, weight-bearing, internal third</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Medial, posterior</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, weight-bearing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, weight-bearing, external third</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, weight-bearing, central third</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, weight-bearing, internal third</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>Lateral, posterior</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/region_nodes.py"/>
        <source>{name} regions</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.review_section</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{knee} ({row} of {number}): {remarks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Knee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Dice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Decision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Comment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>no flags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>correct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>the Dice coefficient to be expected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>The review could not be written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Loading {knee} ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Saving the correction of {knee} ...</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>The correction of {knee} is saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{knee}: the draft, which is not saved as a correction yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>Knees: {number}, reviewed: {reviewed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{knee}: there is no segmentation. {remarks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{knee}: there is a correction that was not saved (Restore draft).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/review_section.py"/>
        <source>{node} has no segment &apos;{name}&apos;</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.unrolled_view</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/unrolled_view.py"/>
        <source>Regions of the femoral cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/unrolled_view.py"/>
        <source>Thickness (mm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/unrolled_view.py"/>
        <source>{name} unrolled thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/unrolled_view.py"/>
        <source>{name} unrolled regions</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>slicer_support.volumes</name>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Femur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Femoral cartilage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Load its image again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>&apos;{name}&apos; is a color image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Choose a volume with one gray value a voxel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>&apos;{name}&apos; is sheared by its transform</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>Harden the transform and resample the volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>{volume} segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>the volume &apos;{name}&apos; is no longer in the scene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../KneeCartilageSeg/KneeCartilageSegLib/slicer_support/volumes.py"/>
        <source>&apos;{name}&apos; is empty</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
