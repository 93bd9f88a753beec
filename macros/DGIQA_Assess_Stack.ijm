// Assesses every slice of a stack and plots the scores; the rows go to Results.
// Without an argument it works on the active image. With one, names separated by semicolons, it opens the
// stack and saves the rows and the plot:
// Headless in Fiji: fiji --headless -macro macros/DGIQA_Assess_Stack.ijm "stack.tif;scores.csv;plot.png" -batch
argument = getArgument();
if (argument != "") {
	names = split(argument, ";");
	open(names[0]);
}
run("Plot Quality over Stack", "model=dgiqa-compact results=true");
if (argument != "") {
	saveAs("PNG", names[2]);
	saveAs("Results", names[1]);
}
