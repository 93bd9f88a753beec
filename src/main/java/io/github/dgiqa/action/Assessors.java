package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models in memory, loaded once and shared by all commands. The last two pairs are kept, so that two can be compared. */
final class Assessors {

	private static final int KEPT = 2;
	/** Images. */
	private static final int TRIM_EVERY = 8;

	/**
	 * A weight file may be replaced by another of the same name, and a model too.
	 *
	 * @param models what the models are at present
	 */
	private record Key(Assessor.Settings settings, FileTime weights, FileTime depthWeights, List<String> models) {}

	/** One that is at work is closed only when it is given back. */
	private static final class Entry {

		final Assessor assessor;
		int users;
		boolean dropped;

		Entry(final Assessor assessor) {
			this.assessor = assessor;
		}

		/** One that fell back to the CPU is not what the next command asks for. */
		boolean isStale() {
			return !dropped && users == 0 && assessor.fellBack();
		}

		void closeIfIdle() {
			if (dropped && users == 0) assessor.close();
		}
	}

	/** The one used last is at the end. */
	private static final Map<Key, Entry> LOADED = new LinkedHashMap<>(4, 0.75f, true);

	private static int images;

	private Assessors() {}

	/** An assessor on loan; close gives it back. */
	static final class Loan implements AutoCloseable {

		private final Entry entry;

		private Loan(final Entry entry) {
			this.entry = entry;
		}

		Assessor assessor() {
			return entry.assessor;
		}

		@Override
		public void close() {
			synchronized (LOADED) {
				entry.users--;
				if (entry.isStale()) LOADED.entrySet().stream().filter(loaded -> loaded.getValue() == entry).map(Map.Entry::getKey).findFirst().ifPresent(Assessors::drop);
				else entry.closeIfIdle();
			}
		}
	}

	/**
	 * Lends an assessor; loads its models where they are not in memory.
	 *
	 * @throws DgiqaException where that is not possible
	 */
	static Loan borrow(final Assessor.Settings settings) {
		final ModelStore store = store();
		final Key key = new Key(settings, time(settings.weights()), time(settings.depthWeights()), models(store, settings));
		synchronized (LOADED) {
			Entry entry = LOADED.get(key);
			if (entry == null) {
				IJ.showStatus("DGIQA: loading " + settings.model() + "...");
				while (LOADED.size() >= KEPT)
					drop(LOADED.keySet().iterator().next());
				entry = new Entry(Assessor.open(store, settings));
				LOADED.put(key, entry);
			}
			entry.users++;
			return new Loan(entry);
		}
	}

	/** The models of this ImageJ. */
	static ModelStore store() {
		final String folder = IJ.getDirectory("imagej");
		return ModelStore.of(folder == null ? null : Path.of(folder));
	}

	/** Unloads all models; those at work as soon as they are done. Returns how many are at work. */
	static int release() {
		synchronized (LOADED) {
			final List<Key> keys = new ArrayList<>(LOADED.keySet());
			final int busy = (int) LOADED.values().stream().filter(entry -> entry.users > 0).count();
			keys.forEach(Assessors::drop);
			TorchEngine.releaseFreed();
			return busy;
		}
	}

	/** Call it after each image: gives native memory back now and then. */
	static void tidy() {
		synchronized (LOADED) {
			if (++images % TRIM_EVERY == 0) TorchEngine.releaseFreed();
		}
	}

	private static void drop(final Key key) {
		final Entry entry = LOADED.remove(key);
		entry.dropped = true;
		entry.closeIfIdle();
	}

	private static List<String> models(final ModelStore store, final Assessor.Settings settings) {
		final StoredModel model = store.find(settings.model());
		if (Assessor.MEASURED.equals(settings.depth())) return List.of(model.identity());
		final String depth = settings.depth() == null ? model.description().depth() : settings.depth();
		return depth == null ? List.of(model.identity()) : List.of(model.identity(), store.find(depth).identity());
	}

	private static FileTime time(final Path file) {
		try {
			return file == null ? null : Files.getLastModifiedTime(file);
		}
		catch (final IOException e) {
			return null; // opening it says why
		}
	}
}
