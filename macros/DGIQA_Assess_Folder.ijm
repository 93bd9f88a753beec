// Assesses the images of a folder and saves the rows as CSV.
// Without an argument it asks for both. With one, it is the folder and the file, separated by a semicolon:
// Headless in Fiji: fiji --headless -macro macros/DGIQA_Assess_Folder.ijm "images;scores.csv" -batch
argument = getArgument();
if (argument != "") {
	names = split(argument, ";");
	folder = names[0];
	csv = names[1];
}
else {
	folder = getDirectory("Folder with images");
	csv = folder + "scores.csv";
}
run("Assess Folder...", "folder=[" + folder + "] csv=[" + csv + "] model=dgiqa-compact");
