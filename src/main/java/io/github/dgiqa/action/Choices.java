package io.github.dgiqa.action;

import ij.ImagePlus;
import ij.WindowManager;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.distort.Distortions;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.model.ModelDescription.Kind;
import io.github.dgiqa.model.ModelStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a dialog offers where the choices are not fixed. */
public final class Choices {

	private Choices() {}

	/** Why a command that needs an image has none, before its dialog is shown; null where there is one. */
	public static String problem() {
		return WindowManager.getCurrentImage() == null ? "No image is open: open one first." : null;
	}

	/** What to tell the user where the choices cannot be told. */
	public static String sentence(final Throwable error) {
		return Guard.sentence(error);
	}

	/** By key: all models, none first. */
	public static Map<String, List<String>> stored() {
		final List<String> models = new ArrayList<>(List.of(""));
		models.addAll(Assessors.store().names());
		return Map.of("model", models);
	}

	/** By key: the models of each kind, the default first; the devices; the distortions; the open images. */
	public static Map<String, List<String>> find() {
		final List<String> models = new ArrayList<>(List.of(ModelStore.DEFAULT_MODEL));
		final List<String> depths = new ArrayList<>(List.of(ModelChoice.AUTO));
		final ModelStore store = Assessors.store();
		for (final String name : store.names()) {
			try {
				(store.find(name).description().kind() == Kind.QUALITY ? models : depths).add(name);
			}
			catch (final DgiqaException e) {
				// a damaged description; choosing the model by its name says so
			}
		}
		final List<String> images = new ArrayList<>(List.of(""));
		final int[] ids = WindowManager.getIDList();
		if (ids != null) for (final int id : ids) {
			final ImagePlus image = WindowManager.getImage(id);
			if (image != null) images.add(image.getTitle());
		}
		return Map.of("model", models.stream().distinct().toList(), "depth", depths, "device", DeviceChoice.offered(), "type", Distortions.names(), "depthmap", images.stream().distinct().toList());
	}
}
