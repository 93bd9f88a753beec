package io.github.dgiqa.engine;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** libtorch's own archive, as PyTorch's site offers it: a ZIP whose folder lib has the libraries, and a file with the version. */
final class LibtorchArchive implements AutoCloseable {

	private static final String VERSION_FILE = "build-version";
	private static final Pattern BUILD = Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:\\+(\\w+))?\\s*");
	private static final Pattern LIBRARY = Pattern.compile(".+\\.(so(\\.\\d+)*|dll|dylib)");
	/** Far more than any library's; a ZIP can promise anything. Bytes. */
	private static final long MOST_BYTES = 16L << 30;
	private static final int SHORT = 4096;

	private final Path file;
	private final ZipFile zip;
	/** The folder lib, with a slash at its end. */
	private final String lib;
	private final String flavor;

	/** @throws EngineException where it is not an archive of the libtorch that is needed on this machine */
	LibtorchArchive(final Path file, final Machine machine) {
		this.file = file;
		zip = open(file);
		try {
			lib = lib(machine);
			flavor = flavor(machine);
		}
		catch (final IOException e) {
			throw closed(bad("it cannot be read (" + DgiqaException.sentence(e) + ")", "fetch it again", e));
		}
		catch (final EngineException e) {
			throw closed(e);
		}
	}

	private static ZipFile open(final Path file) {
		if (Files.isDirectory(file)) throw new EngineException(file + " is a folder; libtorch's archive is needed, as PyTorch's site offers it (libtorch-...-" + Version.pytorch() + "....zip).", null);
		try {
			return ZipFile.builder().setPath(file).get();
		}
		catch (final IOException e) {
			throw new EngineException(file + " is not an archive that can be used: " + (Files.exists(file) ? "it is no ZIP, or cut off" : "there is no such file") + "; fetch libtorch " + Version.pytorch() + " from PyTorch's site again.", e);
		}
	}

	private EngineException closed(final EngineException problem) {
		close();
		return problem;
	}

	private EngineException bad(final String reason, final String remedy, final Throwable cause) {
		return new EngineException(file + " is not the libtorch that is needed: " + reason + "; " + remedy + ".", cause);
	}

	private String lib(final Machine machine) {
		for (final ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
			final String name = entry.getName();
			if (name.endsWith("/lib/" + machine.library("torch"))) return name.substring(0, name.lastIndexOf('/') + 1);
		}
		for (final Machine other : List.of(new Machine(Machine.LINUX, ""), new Machine(Machine.WINDOWS, ""), new Machine(Machine.MAC, "")))
			if (Collections.list(zip.getEntries()).stream().anyMatch(entry -> entry.getName().endsWith("/lib/" + other.library("torch"))))
				throw bad("it is for " + other.system() + ", and this machine is " + machine.classifier(), "fetch the one for " + machine.classifier(), null);
		throw bad("it has no lib/" + machine.library("torch"), "fetch libtorch " + Version.pytorch() + " for " + machine.classifier() + " from PyTorch's site", null);
	}

	private String flavor(final Machine machine) throws IOException {
		final ZipArchiveEntry entry = zip.getEntry(lib.substring(0, lib.length() - "lib/".length()) + VERSION_FILE);
		if (entry == null || entry.getSize() > SHORT) throw bad("it has no " + VERSION_FILE + ", which tells its version", "fetch libtorch " + Version.pytorch() + " from PyTorch's site", null);
		final String text = new String(read(entry), StandardCharsets.UTF_8);
		final Matcher build = BUILD.matcher(text);
		if (!build.matches() || !build.group(1).equals(Version.pytorch())) throw bad("it is version " + text.strip(), "version " + Version.pytorch() + " is needed", null);
		final String found = build.group(2) == null ? Libtorch.CPU : build.group(2);
		final List<String> links = Natives.links(machine);
		if (!links.contains(found)) throw bad("it is for " + found + ", and this program can be joined with " + (links.isEmpty() ? "none on " + machine.classifier() : String.join(", ", links)) + " only", "fetch that one", null);
		return found;
	}

	private byte[] read(final ZipArchiveEntry entry) throws IOException {
		try (InputStream in = zip.getInputStream(entry)) {
			return in.readNBytes(SHORT);
		}
	}

	/** cpu, or cu and the digits of a CUDA version. */
	String flavor() {
		return flavor;
	}

	/** What DJL loads, without what only a compiler needs. */
	List<ZipArchiveEntry> libraries() {
		final List<ZipArchiveEntry> libraries = new ArrayList<>();
		long bytes = 0;
		for (final ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
			if (!entry.getName().startsWith(lib) || !LIBRARY.matcher(name(entry)).matches() || name(entry).contains("/") || name(entry).contains("\\")) continue;
			libraries.add(entry);
			bytes += entry.getSize();
		}
		if (bytes > MOST_BYTES) throw bad("its libraries would have " + (bytes >> 30) + " GB", "fetch it again", null);
		return libraries;
	}

	/** The name in the folder lib. */
	String name(final ZipArchiveEntry library) {
		return library.getName().substring(lib.length());
	}

	/** A library's bytes; of a link those of its target. */
	InputStream open(final ZipArchiveEntry library) throws IOException {
		return zip.getInputStream(content(library));
	}

	/** The entry with a library's bytes: itself, or what it links to. */
	ZipArchiveEntry content(final ZipArchiveEntry library) throws IOException {
		if (!library.isUnixSymlink()) return library;
		final ZipArchiveEntry target = zip.getEntry(lib + zip.getUnixSymlink(library));
		if (target == null || target.isUnixSymlink()) throw bad(name(library) + " is a link to nothing in it", "fetch it again", null);
		return target;
	}

	/** What to throw where a library's bytes are not those that were packed. @param cause null where they could be read */
	EngineException damaged(final ZipArchiveEntry library, final Throwable cause) {
		return bad("its library " + name(library) + " is damaged", "fetch it again", cause);
	}

	@Override
	public void close() {
		try {
			zip.close();
		}
		catch (final IOException e) {
			// it was only read
		}
	}
}
