package io.github.dgiqa.batch;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.distort.Codec;
import io.github.dgiqa.distort.Distortion;
import io.github.dgiqa.distort.Published;
import io.github.dgiqa.distort.Scene;
import io.github.dgiqa.image.FloatMap;
import io.github.dgiqa.image.ImageException;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Images;
import io.github.dgiqa.image.Picture;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.stream.Collectors;

import javax.imageio.ImageIO;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Distorts many files, one after the other, into a folder: NAME-TYPE-LEVEL.png and a row in {@value #TABLE} for each. One
 * that fails does not stop the others.
 */
public final class Distorting implements Closeable {

	/** The file with the rows. */
	public static final String TABLE = "distorted.csv";

	private static final String[] COLUMNS = {"image", "score", "reference", "distortion", "level", "seed"};

	/** Who wants to know how far it is. */
	public interface Listener {

		/**
		 * A picture is made, or will not be.
		 *
		 * @param done pictures behind, this one included
		 * @param expected pictures in all, as far as is known: each file not yet opened counts as one image
		 */
		void done(int done, int expected);

		/** Something went wrong: what, in one sentence. */
		void failed(String sentence);
	}

	/** What came of it. */
	public record Summary(int made, int failed) {}

	/**
	 * How to go about it.
	 *
	 * @param levels each from 1 to {@link Distortion#LEVELS}
	 * @param out folder for the results, which exists
	 * @param keepEncoded whether the files of {@link Codec}s are left beside what is decoded from them
	 * @param inverseDepth of a picture, at its size; asked for only where haze is among the types
	 */
	public record Plan(List<Distortion> types, List<Integer> levels, long seed, Path out, boolean keepEncoded, Function<Picture, FloatMap> inverseDepth) {

		/** Of the files that a distortion leaves. */
		private List<String> extensions(final Distortion type) {
			return keepEncoded && type instanceof Codec ? List.of("png", ((Codec) type).extension()) : List.of("png");
		}
	}

	private final Plan plan;
	private final Lock writing;
	private final Listener listener;
	private final CSVPrinter table;
	/** Real paths, which nothing is written to. */
	private final Set<Path> images;
	/** Of pictures: slice 1 of the stack a.tif and the image a-s0001.png are two. */
	private final Set<String> names = new HashSet<>();
	private int made;
	private int failed;
	private int expected;

	private Distorting(final List<Inputs.Input> inputs, final Plan plan, final Lock writing, final Listener listener) throws IOException {
		this.plan = plan;
		this.writing = writing;
		this.listener = listener;
		images = files(inputs);
		expected = inputs.size() * each();
		table = new CSVPrinter(Files.newBufferedWriter(plan.out.resolve(TABLE), StandardCharsets.UTF_8), CSVFormat.DEFAULT.builder().setHeader(COLUMNS).setRecordSeparator('\n').build());
		table.flush();
	}

	/**
	 * Why the results must not, or cannot, be written to a folder that exists.
	 *
	 * @return one sentence, or null where all is well
	 */
	public static String problem(final List<Inputs.Input> inputs, final Plan plan) {
		final String rows = Inputs.problemOfRows(plan.out.resolve(TABLE), inputs);
		if (rows != null) return plan.out.resolve(TABLE) + rows;
		final Set<Path> files = files(inputs);
		final Path out = Inputs.real(plan.out);
		for (final Inputs.Input input : inputs)
			for (final Distortion type : plan.types)
				for (final int level : plan.levels)
					for (final String extension : plan.extensions(type)) {
						final Path file = out.resolve(input.name() + "-" + type.name() + "-" + level + "." + extension);
						if (input.file() != null && files.contains(file)) return overwrites(file);
					}
		return null;
	}

	private static Set<Path> files(final List<Inputs.Input> inputs) {
		return inputs.stream().filter(input -> input.file() != null).map(input -> Inputs.real(input.file())).collect(Collectors.toSet());
	}

	private static String overwrites(final Path file) {
		return file + " is one of the images, and would be replaced by a distorted one: choose another folder for the results.";
	}

	/**
	 * Distorts the inputs in their order; existing results and rows are replaced.
	 *
	 * @param writing held while a picture and its row are written
	 * @throws IOException where the rows cannot be written
	 */
	public static Summary run(final List<Inputs.Input> inputs, final Plan plan, final Lock writing, final Listener listener) throws IOException {
		try (Distorting work = new Distorting(inputs, plan, writing, listener)) {
			for (final Inputs.Input input : inputs)
				work.distort(input);
			return new Summary(work.made, work.failed);
		}
	}

	private int each() {
		return plan.types.size() * plan.levels.size();
	}

	private void distort(final Inputs.Input input) throws IOException {
		if (input.problem() != null) {
			fail(input.label(), input.problem(), each());
			return;
		}
		final ImageFile opened;
		try {
			opened = ImageFile.open(input.file());
		}
		catch (RuntimeException | OutOfMemoryError e) {
			fail(input.label(), DgiqaException.sentence(e), each());
			return;
		}
		try (ImageFile file = opened) {
			expected += (file.size() - 1) * each();
			for (int i = 0; i < file.size(); i++)
				distort(input, file, i);
		}
	}

	private void distort(final Inputs.Input input, final ImageFile file, final int i) throws IOException {
		final String slice = file.isStack() ? String.format(Locale.ROOT, "-s%04d", file.slice(i)) : "";
		final String label = input.label() + (file.isStack() ? ", slice " + file.slice(i) : "");
		final Scene scene;
		try {
			final Picture picture = file.picture(i);
			scene = new Scene(picture, () -> plan.inverseDepth.apply(picture));
		}
		catch (RuntimeException | OutOfMemoryError e) {
			fail(label, DgiqaException.sentence(e), each());
			return;
		}
		final String name = Inputs.unique(input.name() + slice, names);
		for (final Distortion type : plan.types)
			for (final int level : plan.levels)
				try {
					final Map<Path, byte[]> files = files(scene, type, level, name + "-" + type.name() + "-" + level);
					write(files, type.name(), level, input.file().getFileName());
				}
				catch (RuntimeException | OutOfMemoryError e) {
					fail(label + ", " + type.name() + " at level " + level, DgiqaException.sentence(e), 1);
				}
	}

	/** What is to be written: the picture first, then the encoded file where it is wanted. */
	private Map<Path, byte[]> files(final Scene scene, final Distortion type, final int level, final String name) {
		final Map<Path, byte[]> files = new LinkedHashMap<>();
		final Path picture = plan.out.resolve(name + ".png");
		if (type instanceof Codec) {
			final Codec codec = (Codec) type;
			final byte[] encoded = codec.encode(scene.picture(), level);
			files.put(picture, png(codec.decode(encoded)));
			if (plan.keepEncoded) files.put(plan.out.resolve(name + "." + codec.extension()), encoded);
		}
		else files.put(picture, png(type.apply(scene, level, plan.seed)));
		return files;
	}

	/** Writes the files and their row. */
	private void write(final Map<Path, byte[]> files, final String type, final int level, final Path reference) throws IOException {
		writing.lock();
		try {
			files.forEach(this::write);
			final OptionalDouble score = Published.score(type, level);
			table.printRecord(files.keySet().iterator().next().getFileName(), score.isPresent() ? String.format(Locale.ROOT, "%.6f", score.getAsDouble()) : "", reference, type, level, plan.seed);
			table.flush();
		}
		finally {
			writing.unlock();
		}
		made++;
		listener.done(made + failed, expected);
	}

	private static byte[] png(final Picture picture) {
		final ByteArrayOutputStream png = new ByteArrayOutputStream();
		try {
			ImageIO.write(Images.of(picture), "png", png);
		}
		catch (final IOException e) {
			throw new ImageException("The PNG cannot be made: " + DgiqaException.sentence(e) + ".", e);
		}
		return png.toByteArray();
	}

	/** All or nothing. */
	private void write(final Path file, final byte[] bytes) {
		if (images.contains(Inputs.real(file))) throw new ImageException(overwrites(file));
		final Path part = file.resolveSibling(file.getFileName() + ".part");
		try {
			try {
				Files.write(part, bytes);
				Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
			}
			finally {
				Files.deleteIfExists(part);
			}
		}
		catch (final IOException e) {
			throw new ImageException(file + " cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private void fail(final String what, final String why, final int pictures) {
		failed += pictures;
		listener.failed(what + ": " + why);
		listener.done(made + failed, expected);
	}

	@Override
	public void close() throws IOException {
		table.close();
	}
}
