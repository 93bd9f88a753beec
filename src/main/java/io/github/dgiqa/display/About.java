package io.github.dgiqa.display;

import ij.IJ;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.awt.GraphicsEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What this installation is made of. */
public final class About {

	private About() {}

	/** Shows {@link #line()}: in the log where a macro asks or nobody is looking, else in a dialog. */
	public static void show() {
		IJ.showStatus("DGIQA: starting PyTorch...");
		final String line = line();
		IJ.showStatus("");
		if (GraphicsEnvironment.isHeadless() || IJ.isMacro()) IJ.log(line);
		else IJ.showMessage("About DGIQA", line.replace("; ", "\n"));
	}

	/** Version, engine, device and models in one line. Starts the engine. */
	static String line() {
		final String folder = IJ.getDirectory("imagej");
		final List<StoredModel> models = ModelStore.of(folder == null ? null : Path.of(folder)).usable();
		return "DGIQA " + Version.get() + "; " + engine() + "; models: " + names(models, true) + "; with weights of yours: " + names(models, false) + "; cite: Ramesh, Liu, Wang, Islam, arXiv 2505.24002";
	}

	private static String names(final List<StoredModel> models, final boolean withWeights) {
		return models.stream().filter(model -> model.hasWeights() == withWeights).map(StoredModel::name).collect(Collectors.joining(", "));
	}

	private static String engine() {
		try {
			return TorchEngine.start(DeviceChoice.AUTO, 0).description();
		}
		catch (final DgiqaException e) {
			return e.getMessage();
		}
	}
}
