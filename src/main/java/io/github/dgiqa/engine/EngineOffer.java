package io.github.dgiqa.engine;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.download.Download;
import io.github.dgiqa.download.Source;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A PyTorch that can be downloaded: what it is, from where, how large, under which licence. It is DJL's own, file by file,
 * each compressed by gzip.
 *
 * @param base the folder on the host
 * @param flavor cpu, or cu and the digits of a CUDA version
 * @param files the files and their sizes
 * @param folder where it goes
 */
public record EngineOffer(URI base, String flavor, List<Remote> files, Path folder) {

	/** Where DJL has its PyTorch. */
	public static final String HOST = "https://publish.djl.ai/pytorch/" + Version.pytorch();

	private static final String LIST = "files.txt";
	private static final String SUFFIX = ".gz";
	private static final String UNPACKING = ".unpacking";
	/** Of a file in a folder, hidden ones apart. */
	private static final Pattern NAME = Pattern.compile("[^./\\\\:\\p{Cntrl}][^/\\\\:\\p{Cntrl}]*");
	private static final String RECORD = "dgiqa-download.json";
	private static final long MEGABYTE = 1_000_000;
	/** How many times larger the files are once they are unpacked, at most. */
	private static final int UNPACKED = 5;

	/**
	 * @param name the library's name
	 * @param uri where it is, compressed
	 * @param bytes compressed; {@link Source#UNKNOWN} where the host does not tell
	 */
	public record Remote(String name, URI uri, long bytes) {}

	/**
	 * Asks the host which files there are, and how large they are; nothing else is fetched.
	 *
	 * @param flavor cpu, or cu and the digits of a CUDA version; null for what fits this machine
	 * @param base the folder on the host; null for {@link #HOST}
	 * @param replace whether one of the same flavor that is installed gives way
	 * @throws DgiqaException where the host does not answer, or has none for this machine
	 */
	public static EngineOffer ask(final String flavor, final URI base, final boolean replace) {
		return ask(flavor, base == null ? URI.create(HOST) : base, replace, Surroundings.here());
	}

	static EngineOffer ask(final String flavor, final URI written, final boolean replace, final Surroundings surroundings) {
		final URI base = URI.create(written.toString().replaceFirst("/+$", ""));
		final Machine machine = surroundings.machine();
		final String chosen = flavor == null ? fitting(surroundings) : flavor;
		final List<String> links = Natives.links(machine);
		if (!links.contains(chosen)) throw new EngineException("There is no PyTorch " + Version.pytorch() + " for " + chosen + " on " + machine.classifier() + " that this program can be joined with" + (links.isEmpty() ? "." : ": choose one of " + String.join(", ", links) + "."), null);
		final Path folder = EngineInstaller.target(chosen, replace, surroundings);
		final List<Remote> files = new ArrayList<>();
		for (final String line : lines(base, surroundings)) {
			if (!line.startsWith(chosen + "/" + machine.classifier() + "/") || !line.endsWith(SUFFIX)) continue;
			files.add(remote(base, line));
		}
		if (files.isEmpty()) throw new EngineException(base + " has no PyTorch " + Version.pytorch() + " for " + chosen + " on " + machine.classifier() + ": choose another flavor, or install libtorch's own archive.", null);
		return new EngineOffer(base, chosen, List.copyOf(files), folder);
	}

	/** @param line of the list */
	private static Remote remote(final URI base, final String line) {
		try {
			final URI uri = URI.create(base + "/" + line);
			final String name = URLDecoder.decode(line.substring(line.lastIndexOf('/') + 1, line.length() - SUFFIX.length()), StandardCharsets.UTF_8);
			if (NAME.matcher(name).matches()) return new Remote(name, uri, Download.size(uri));
		}
		catch (final IllegalArgumentException e) {
			throw noFile(base, line, e);
		}
		throw noFile(base, line, null);
	}

	private static EngineException noFile(final URI base, final String line, final Throwable cause) {
		return new EngineException("The list " + base + "/" + LIST + " names a file that cannot be one, '" + line.replaceAll("\\p{Cntrl}", "?") + "': tell the host's owner.", cause);
	}

	/** For CUDA where a GPU answers whose driver is new enough. */
	static String fitting(final Surroundings surroundings) {
		final String cuda = Natives.newestCuda(surroundings.machine());
		return Libtorch.isCuda(cuda) && surroundings.gpus().run(cuda) ? cuda : Libtorch.CPU;
	}

	private static List<String> lines(final URI base, final Surroundings surroundings) {
		Path list = null;
		try {
			Files.createDirectories(surroundings.cache());
			list = Files.createTempFile(surroundings.cache(), ".list", ".txt");
			Download.fetch(new Source(URI.create(base + "/" + LIST), Source.UNKNOWN, null), list, (done, all) -> {});
			return Files.readAllLines(list, StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			throw new EngineException("The list of PyTorch's files cannot be kept in " + surroundings.cache() + ": " + DgiqaException.sentence(e) + ".", e);
		}
		finally {
			deleteQuietly(list);
		}
	}

	private static void deleteQuietly(final Path file) {
		try {
			if (file != null) Files.deleteIfExists(file);
		}
		catch (final IOException e) {
			// nobody looks at it
		}
	}

	/** Bytes to download; {@link Source#UNKNOWN} where the host does not tell. */
	public long bytes() {
		return files.stream().anyMatch(file -> file.bytes() < 0) ? Source.UNKNOWN : files.stream().mapToLong(Remote::bytes).sum();
	}

	/** What a user should know before saying yes, a line each: source, size, licence, place. */
	public List<String> terms() {
		final List<String> lines = new ArrayList<>();
		lines.add("PyTorch " + Version.pytorch() + " for " + flavor + ", DJL's build, " + files.size() + " files");
		lines.add("source: " + base);
		lines.add("size: " + (bytes() < 0 ? "the host does not tell" : bytes() / MEGABYTE + " MB to download, some three to four times as much on the disk"));
		lines.add("licence: BSD-3-Clause (PyTorch)" + (Libtorch.isCuda(flavor) ? "; NVIDIA's CUDA and cuDNN libraries in it are under NVIDIA's own licence agreements" : ""));
		lines.add("checksums: none is known beforehand; the SHA-256 of each file is recorded in " + RECORD);
		lines.add("goes to: " + folder);
		return lines;
	}

	/**
	 * Downloads and installs it. What is broken off goes on where it was at the next call.
	 *
	 * @param listener progress in bytes; what it throws ends the work
	 * @return for people: what is installed where
	 * @throws DgiqaException where that is not possible
	 */
	public String download(final Download.Listener listener) {
		final Path work = folder.resolveSibling(".downloading-" + folder.getFileName());
		try {
			Files.createDirectories(work);
			final JsonObject record = new JsonObject();
			long before = 0;
			for (final Remote file : files) {
				final long start = before;
				record.addProperty(file.uri().toString(), fetch(file, work, (done, all) -> listener.progress(start + done, bytes())));
				before += Math.max(0, file.bytes());
			}
			Files.writeString(work.resolve(RECORD), new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(record));
			for (final Remote file : files)
				Files.delete(checksum(file, work));
			sweep(work);
			EngineInstaller.put(work, folder);
		}
		catch (final IOException e) {
			throw new EngineException("PyTorch could not be installed: " + Failures.explain(e, new Failures.Subject(Machine.here(), Libtorch.isCuda(flavor), work.toString())) + ".", e);
		}
		return "PyTorch " + Version.pytorch() + " for " + flavor + " is installed in " + folder;
	}

	/** Deletes what programs that were killed have left while they unpacked. */
	private static void sweep(final Path work) throws IOException {
		try (Stream<Path> entries = Files.list(work)) {
			for (final Path left : (Iterable<Path>) entries.filter(entry -> entry.getFileName().toString().endsWith(UNPACKING))::iterator)
				Files.deleteIfExists(left);
		}
	}

	/** Where the SHA-256 of a file is kept until all are there. */
	private static Path checksum(final Remote file, final Path work) {
		return work.resolve(file.name() + ".sha256");
	}

	/** Fetches and unpacks a file that is not there yet. Returns the SHA-256 of what was fetched. */
	private static String fetch(final Remote file, final Path work, final Download.Listener listener) throws IOException {
		final Path unpacked = work.resolve(file.name());
		final Path checksum = checksum(file, work);
		if (Files.exists(unpacked) && Files.exists(checksum)) return Files.readString(checksum);
		final Path packed = work.resolve(file.name() + SUFFIX);
		final Download.Fetched fetched = Download.fetch(new Source(file.uri(), file.bytes(), null), packed, listener);
		EngineInstaller.requireRoom(work, UNPACKED * fetched.bytes());
		final Path temporary = work.resolve(file.name() + UUID.randomUUID() + UNPACKING); // two programs may be at it
		try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
			Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
			Files.writeString(checksum, fetched.sha256());
			Files.move(temporary, unpacked, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (EOFException | ZipException e) {
			Files.deleteIfExists(packed);
			final String found = e instanceof EOFException ? "is cut off on the host" : "is not compressed by gzip, as it should be";
			throw new EngineException(file.uri() + " " + found + " (" + e.getMessage() + "): try again, or another source.", e);
		}
		finally {
			deleteQuietly(temporary);
		}
		Files.deleteIfExists(packed);
		return fetched.sha256();
	}
}
