package io.github.dgiqa.bench;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.engine.DeviceChoice;
import io.github.dgiqa.engine.Precision;
import io.github.dgiqa.engine.TorchEngine;
import io.github.dgiqa.model.ModelStore;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Measures how fast this program is on this machine, and how much memory it takes. What it writes is removed when it is closed, which any thread may do. */
public final class Bench implements AutoCloseable {

	private static final double MILLI = 1e-3;
	private static final int COMPACT_CROPS = 6;
	private static final int PUBLISHED_CROPS = 20;

	/**
	 * What to measure, and how.
	 *
	 * @param parts in any order; {@link Part#GEMM} always goes before them
	 * @param reps measurements of which the median is taken, at least 1
	 * @param image for what begins with a file; null for one from a seed
	 * @param threads threads on the CPU; 0 for PyTorch's choice
	 * @param mainClass of this program
	 */
	public record Wishes(Set<Part> parts, int reps, Path image, DeviceChoice device, int threads, String mainClass) {}

	private final Wishes wishes;
	private final Consumer<String> progress;
	private final Scratch scratch = new Scratch();

	/** @param progress is told what is measured next, in a line */
	public Bench(final Wishes wishes, final Consumer<String> progress) {
		this.wishes = wishes;
		this.progress = progress;
	}

	/**
	 * Measures.
	 *
	 * @throws DgiqaException where something cannot be computed here
	 */
	public Results run() {
		final TorchEngine engine = TorchEngine.start(wishes.device, wishes.threads);
		final double ready = ManagementFactory.getRuntimeMXBean().getUptime() * MILLI;
		final Results results = new Results(ThisMachine.of(engine), wishes.reps);
		results.add(Results.IMPORT, ready);
		progress.accept(Part.GEMM.key());
		results.add(Part.GEMM, NetworkTimes.product(engine, wishes.reps));
		for (final Part part : Part.values())
			if (wishes.parts.contains(part) && part != Part.GEMM) {
				progress.accept(part.key());
				measure(part, engine, results);
			}
		results.setPeak(ThisMachine.peakMegabytes());
		return results;
	}

	private void measure(final Part part, final TorchEngine engine, final Results results) {
		switch (part) {
			case COMPACT6 -> results.add(part, NetworkTimes.crops(Pair.compact(), COMPACT_CROPS, settings(), wishes.reps));
			case DGIQA -> results.add(part, NetworkTimes.crops(Pair.published(), PUBLISHED_CROPS, settings(), wishes.reps));
			case VITS, VITB, VITL -> results.add(part, NetworkTimes.depthAnything("depth-anything-" + part.key(), engine, wishes.reps));
			case FIRST_SCORE -> firstScore(results);
			case STAGES -> stages(Pair.compact(), results);
			case STAGES_PUBLISHED -> stages(Pair.published(), results);
			case GROWTH -> growth(Pair.compact(), Growth.Sizes.FULL, results);
			case GROWTH_PUBLISHED -> growth(Pair.published(), Growth.Sizes.SMALL, results);
			default -> throw new IllegalArgumentException(part.key());
		}
	}

	private void firstScore(final Results results) {
		final List<String> arguments = new ArrayList<>(List.of("--device", wishes.device.toString()));
		if (wishes.threads > 0) arguments.addAll(List.of("--threads", Integer.toString(wishes.threads)));
		arguments.add(image().toAbsolutePath().toString());
		final FirstScore score = new FirstScore(wishes.mainClass, arguments, scratch);
		results.add(Part.FIRST_SCORE.key(), score.unpacked(wishes.reps));
		progress.accept(Results.FIRST_SCORE_UNPACKING);
		results.add(Results.FIRST_SCORE_UNPACKING, score.unpacking(wishes.reps));
	}

	private void stages(final Pair pair, final Results results) {
		try (Assessor assessor = pair.open(settings())) {
			results.addStages(pair.key(), StageTimes.of(assessor, image(), scratch.folder("maps"), wishes.reps));
		}
	}

	private void growth(final Pair pair, final Growth.Sizes sizes, final Results results) {
		try (Assessor assessor = pair.open(settings())) {
			results.addGrowth(Growth.of(pair.key(), assessor, sizes, wishes.reps, progress));
		}
	}

	private Assessor.Settings settings() {
		return new Assessor.Settings(ModelStore.DEFAULT_MODEL, null, null, null, null, wishes.device, Precision.FLOAT32, wishes.threads);
	}

	private Path image() {
		if (wishes.image != null) return wishes.image;
		final Path file = scratch.place("photograph.png");
		try {
			if (!Files.exists(file)) SeededImage.write(file);
			return file;
		}
		catch (final IOException e) {
			throw new DgiqaException("A temporary file cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** Ends what runs in another process, and removes temporary files. */
	@Override
	public void close() {
		scratch.close();
	}
}
