package io.github.dgiqa.command;

import java.io.File;

import org.scijava.plugin.Parameter;

/** A command that scores: which models, which crops, where to compute. */
public abstract class ModelCommand extends DgiqaCommand {

	@Parameter(label = "Quality model", persist = false, description = "which model gives the score")
	private String model = "dgiqa-compact";

	@Parameter(label = "Depth model", persist = false, description = "auto: the one that the quality model goes with")
	private String depth = "auto";

	@Parameter(label = "Crop positions", persist = false, choices = {"auto", "grid", "random"}, description = "auto: as the model's description says")
	private String sampling = "auto";

	@Parameter(label = "Random crops", persist = false, min = "1", description = "their number; a grid has its own")
	private int crops = 20;

	@Parameter(label = "Seed", persist = false, min = "0", max = "4294967295", description = "of the random crops; a grid has none")
	private long seed = 42;

	@Parameter(label = "Device", persist = false, description = "auto: a GPU where PyTorch can use one")
	private String device = "auto";

	@Parameter(label = "Precision", persist = false, choices = {"float32", "float16"}, description = "numbers to compute with; float16 on a GPU only")
	private String precision = "float32";

	@Parameter(label = "Quality weights", persist = false, required = false, description = "a file in place of the model's own weights; leave it empty for these")
	private File weights;

	@Parameter(label = "Depth weights", persist = false, required = false, description = "a file in place of the depth model's own weights; leave it empty for these")
	private File depthfile;
}
