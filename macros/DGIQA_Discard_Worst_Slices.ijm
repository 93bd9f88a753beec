// Throws out the worst fifth of a stack's slices: a new stack, the others in their order.
// Without an argument it works on the active image. With one, names separated by a semicolon, it opens the
// stack and saves the new one:
// Headless in Fiji: fiji --headless -macro macros/DGIQA_Discard_Worst_Slices.ijm "stack.tif;best.tif" -batch
argument = getArgument();
if (argument != "") {
	names = split(argument, ";");
	open(names[0]);
}
run("Keep Best Slices...", "keep=share amount=80 model=dgiqa-compact");
if (argument != "") saveAs("Tiff", names[1]);
