// Writes to the log what this installation of DGIQA is made of: version, PyTorch, device, models.
// Headless in Fiji: fiji --headless -macro macros/DGIQA_Check.ijm -batch
run("About DGIQA...");
