package io.github.dgiqa.model;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.weights.WeightFile;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** A folder, or a zip archive, with models or weight files in it. */
final class Box implements AutoCloseable {

	/** A zip holds models/dgiqa/NAME/model.json at the most. */
	private static final int DEPTH = 4;
	private static final Set<String> EXTENSIONS = Set.of("safetensors", "pth", "pt", "bin", "ckpt");
	/** PyTorch's own zip archives have one. */
	private static final String PICKLE = "data.pkl";
	private static final int MOST_ENTRIES = 10_000;
	/** Weights are compressed to nine tenths or so. */
	private static final int MOST_EXPANSION = 100;
	/** Below this even a bomb does no harm. */
	private static final long HARMLESS = 64 << 20;
	private static final int ZIP_MAGIC = 0x504b0304;

	private final Path path;
	private final Path root;
	/** Null for a folder. */
	private final FileSystem zip;

	private Box(final Path path, final FileSystem zip) {
		this.path = path;
		this.zip = zip;
		root = zip == null ? path : zip.getPath("/");
	}

	/**
	 * Opens a folder or a zip.
	 *
	 * @return null for any other file, also for one of PyTorch's, which is a zip too
	 * @throws ModelException where the zip is not to be trusted
	 */
	static Box open(final Path path) throws IOException {
		if (Files.isDirectory(path)) return new Box(path, null);
		return isZipOfModels(path) ? new Box(path, FileSystems.newFileSystem(path)) : null;
	}

	private static boolean isZipOfModels(final Path file) throws IOException {
		try (ZipFile zip = zip(file)) {
			if (zip == null) return false;
			final List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
			if (entries.stream().anyMatch(entry -> last(entry.getName()).equals(PICKLE))) return false;
			if (entries.stream().noneMatch(entry -> last(entry.getName()).equals(StoredModel.DESCRIPTION) || isWeights(last(entry.getName())))) return false;
			final String problem = problem(entries, Files.size(file));
			if (problem != null) throw new ModelException(file + " is not unpacked: " + problem + "; get the archive again, or import its weight file alone.");
			return true;
		}
	}

	/** Null where the file is no zip, or too damaged for one. */
	private static ZipFile zip(final Path file) {
		try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
			return in.readInt() == ZIP_MAGIC ? ZipFile.builder().setPath(file).get() : null;
		}
		catch (final IOException e) {
			return null; // the reader of weights says what it is
		}
	}

	/** Why an archive is not to be trusted, or null. */
	private static String problem(final List<ZipArchiveEntry> entries, final long packed) {
		if (entries.size() > MOST_ENTRIES) return "it has " + entries.size() + " entries, and at most " + MOST_ENTRIES + " were expected";
		final Set<String> names = new HashSet<>();
		long unpacked = 0;
		for (final ZipArchiveEntry entry : entries) {
			final String name = entry.getName();
			if (name.startsWith("/") || name.contains("\\") || name.contains(":") || List.of(name.split("/")).contains("..")) return "its entry " + shown(name) + " would lie outside of it";
			if (!names.add(name)) return "it has two entries called " + shown(name);
			if (entry.isUnixSymlink()) return "its entry " + shown(name) + " is a link";
			unpacked += Math.max(0, entry.getSize());
			if (unpacked < 0 || unpacked > HARMLESS && unpacked / MOST_EXPANSION > packed) return "its " + ModelRow.size(packed) + " would become more than " + MOST_EXPANSION + " times as much";
		}
		return null;
	}

	private static String shown(final String name) {
		return WeightFile.shown(name);
	}

	private static String last(final String name) {
		return name.substring(name.lastIndexOf('/') + 1);
	}

	private static boolean isWeights(final String name) {
		return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) && !name.startsWith(ModelStore.HIDDEN);
	}

	/** The folders with a model.json, sorted by their names; the outermost only. */
	List<Path> models() throws IOException {
		if (Files.isRegularFile(root.resolve(StoredModel.DESCRIPTION))) return List.of(root);
		return files(file -> file.getFileName().toString().equals(StoredModel.DESCRIPTION)).stream().map(Path::getParent).sorted().toList();
	}

	/** The weight files, by their extensions: of a folder those that lie in it, of a zip all. */
	List<Path> weights() throws IOException {
		return files(file -> isWeights(file.getFileName().toString()) && (zip != null || file.getParent().equals(root)));
	}

	private List<Path> files(final Predicate<Path> which) throws IOException {
		try (Stream<Path> files = Files.walk(root, DEPTH)) {
			return files.filter(file -> file.getFileName() != null && Files.isRegularFile(file) && !isHidden(file) && which.test(file)).sorted().toList();
		}
		catch (final UncheckedIOException e) {
			throw e.getCause();
		}
	}

	/** What an import prepares in a store that is imported is no model of it. */
	private boolean isHidden(final Path file) {
		for (final Path part : root.relativize(file))
			if (part.toString().startsWith(ModelStore.HIDDEN)) return true;
		return false;
	}

	/**
	 * Reads something in the box. Of a zip, length and CRC-32 are compared with what it states, once all is read.
	 *
	 * @return a stream that throws {@link ModelException} where the zip is damaged
	 */
	InputStream read(final Path inside) throws IOException {
		final InputStream in = Files.newInputStream(inside);
		return zip == null ? in : new Checked(in, name(inside), Files.size(inside), (Long) Files.getAttribute(inside, "zip:crc"));
	}

	/** Java's own reader of zips compares neither. */
	private static final class Checked extends CheckedInputStream {

		private final String name;
		private final long bytes;
		private final long crc;
		private long done;

		Checked(final InputStream in, final String name, final long bytes, final long crc) {
			super(in, new CRC32());
			this.name = name;
			this.bytes = bytes;
			this.crc = crc;
		}

		@Override
		public int read() throws IOException {
			final byte[] one = new byte[1];
			return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
		}

		@Override
		public int read(final byte[] to, final int from, final int length) throws IOException {
			try {
				final int count = super.read(to, from, length);
				if (count >= 0) done += count;
				else if (done != bytes) throw damaged("it has " + done + " bytes instead of " + bytes, null);
				else if (getChecksum().getValue() != crc) throw damaged(String.format("its CRC-32 is %08x instead of %08x", getChecksum().getValue(), crc), null);
				return count;
			}
			catch (ZipException | EOFException e) {
				throw damaged(DgiqaException.sentence(e), e);
			}
		}

		private ModelException damaged(final String how, final IOException cause) {
			return new ModelException(name + " is damaged: " + how + "; get it again.", cause);
		}
	}

	boolean isZip() {
		return zip != null;
	}

	/** What to call something in the box. */
	String name(final Path inside) {
		return zip == null ? inside.toString() : path + inside.toString();
	}

	/** The sentence about a box with nothing to import. */
	ModelException nothing(final List<Path> weights) {
		final String found = weights.isEmpty() ? "neither was found" : weights.size() + " weight files were found (" + String.join(", ", weights.stream().limit(3).map(file -> file.getFileName().toString()).toList()) + (weights.size() > 3 ? ", ..." : "") + ")";
		return new ModelException(path + " is no model: a " + StoredModel.DESCRIPTION + " or one weight file was expected in it, " + found + "; name the weight file itself, or the folder of a model.");
	}

	@Override
	public void close() {
		if (zip == null) return;
		try {
			zip.close();
		}
		catch (final IOException e) {
			throw new ModelException(path + " cannot be closed: " + DgiqaException.sentence(e) + ".", e);
		}
	}
}
