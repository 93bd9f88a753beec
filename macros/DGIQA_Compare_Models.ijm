// Scores every slice with two models: rows in Results, and for each slice a line in the log, "slice a b b-a".
// Without an argument it works on the active image and asks for the models. With one, it is the image and
// the models, separated by semicolons:
// Headless in Fiji: fiji --headless -macro macros/DGIQA_Compare_Models.ijm "stack.tif;dgiqa-compact;dgiqa" -batch
argument = getArgument();
if (argument != "") {
	names = split(argument, ";");
	open(names[0]);
	a = names[1];
	b = names[2];
}
else {
	a = getString("First model", "dgiqa-compact");
	b = getString("Second model", "dgiqa");
}
first = nResults;
run("Assess Quality...", "scope=stack model=[" + a + "]");
second = nResults;
run("Assess Quality...", "scope=stack model=[" + b + "]");
print("slice " + a + " " + b + " difference");
for (i = 0; i < nResults - second; i++) {
	scoreA = getResult("Score", first + i);
	scoreB = getResult("Score", second + i);
	print(getResult("Slice", first + i) + " " + d2s(scoreA, 4) + " " + d2s(scoreB, 4) + " " + d2s(scoreB - scoreA, 4));
}
