package io.github.dgiqa.engine;

import io.github.dgiqa.Version;
import io.github.dgiqa.download.Download;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.file.PathUtils;

/**
 * Puts a PyTorch where this program and DJL look for one: from libtorch's own archive, or from DJL's host. It is used
 * from the next start on.
 */
public final class EngineInstaller {

	private static final int CHUNK = 1 << 20;
	private static final long MEGABYTE = 1_000_000;

	/** What the names of folders begin with while they are filled, or emptied. */
	private static final String INSTALLING = ".installing";
	private static final String OLD = ".old";
	private static final Duration KEPT = Duration.ofDays(1);

	private EngineInstaller() {}

	/**
	 * Installs libtorch's own archive; nothing goes over the network.
	 *
	 * @param replace whether one of the same flavor that is installed gives way
	 * @param listener progress in bytes; what it throws ends the work, and nothing is left
	 * @return for people: what is installed where
	 * @throws EngineException where the archive is not the one that is needed, or cannot be unpacked
	 */
	public static String fromArchive(final Path zip, final boolean replace, final Download.Listener listener) {
		return fromArchive(zip, replace, listener, Surroundings.here());
	}

	static String fromArchive(final Path zip, final boolean replace, final Download.Listener listener, final Surroundings surroundings) {
		try (LibtorchArchive archive = new LibtorchArchive(zip, surroundings.machine())) {
			final Path folder = target(archive.flavor(), replace, surroundings);
			return unpack(archive, folder, listener, surroundings);
		}
	}

	/** The folder of a flavor. @throws EngineException where it is there, and may not be replaced */
	static Path target(final String flavor, final boolean replace, final Surroundings surroundings) {
		final Path folder = surroundings.cache().resolve(Natives.folderName(surroundings.machine(), flavor));
		if (!replace && Files.exists(folder.resolve(surroundings.machine().library("torch"))))
			throw new EngineException("PyTorch " + Version.pytorch() + " for " + flavor + " is installed already, in " + folder + "; nothing was changed. Add --replace (in a macro replace=true) to install it again.", null);
		return folder;
	}

	private static String unpack(final LibtorchArchive archive, final Path folder, final Download.Listener listener, final Surroundings surroundings) {
		long all = 0;
		try {
			for (final ZipArchiveEntry library : archive.libraries())
				all += archive.content(library).getSize();
			requireRoom(surroundings.cache(), all);
			sweep(surroundings.cache());
			// a temporary folder of Java's would be for its owner alone
			final Path temporary = Files.createDirectory(surroundings.cache().resolve(INSTALLING + UUID.randomUUID()));
			try {
				long done = 0;
				for (final ZipArchiveEntry library : archive.libraries())
					done += copy(archive, library, temporary.resolve(archive.name(library)), done, all, listener);
				put(temporary, folder);
			}
			finally {
				if (Files.exists(temporary)) PathUtils.deleteDirectory(temporary);
			}
		}
		catch (final IOException e) {
			throw new EngineException("PyTorch could not be installed: " + Failures.explain(e, new Failures.Subject(surroundings.machine(), false, surroundings.cache().toString())) + ".", e);
		}
		return "PyTorch " + Version.pytorch() + " for " + archive.flavor() + " is installed in " + folder + ", " + all / MEGABYTE + " MB";
	}

	/** @throws EngineException where so many bytes cannot be written to a folder */
	static void requireRoom(final Path folder, final long bytes) {
		final String lack = UnpackedNatives.lack(folder, bytes);
		if (lack != null) throw new EngineException("PyTorch could not be installed: " + lack + ".", null);
	}

	private static long copy(final LibtorchArchive archive, final ZipArchiveEntry library, final Path to, final long before, final long all, final Download.Listener listener) throws IOException {
		final byte[] chunk = new byte[CHUNK];
		final CRC32 sum = new CRC32();
		long done = 0;
		try (InputStream in = new CheckedInputStream(archive.open(library), sum); OutputStream out = Files.newOutputStream(to)) {
			for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
				out.write(chunk, 0, count);
				done += count;
				listener.progress(before + done, all);
			}
		}
		catch (EOFException | ZipException e) {
			throw archive.damaged(library, e);
		}
		final ZipArchiveEntry packed = archive.content(library);
		if (done != packed.getSize() || sum.getValue() != packed.getCrc()) throw archive.damaged(library, null);
		return done;
	}

	/** Puts a folder in its place; what was there goes, or stays where the folder cannot be put there. */
	static void put(final Path folder, final Path place) throws IOException {
		if (!Files.exists(place)) {
			Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
			return;
		}
		final Path old = Files.createTempDirectory(place.getParent(), OLD);
		final Path aside = old.resolve("old");
		try {
			Files.move(place, aside, StandardCopyOption.ATOMIC_MOVE);
			Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (final IOException e) {
			if (Files.exists(aside)) Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
			Files.deleteIfExists(old);
			throw e;
		}
		FileUtils.deleteQuietly(old.toFile()); // what stays of it, because it is in use, goes at a later installation
	}

	/** Deletes what installations that were killed have left, once it is sure that they are not at work. */
	private static void sweep(final Path cache) throws IOException {
		try (Stream<Path> entries = Files.list(cache)) {
			for (final Path left : (Iterable<Path>) entries.filter(entry -> isLeft(entry.getFileName().toString()))::iterator)
				if (Files.getLastModifiedTime(left).toInstant().isBefore(Instant.now().minus(KEPT))) FileUtils.deleteQuietly(left.toFile());
		}
	}

	private static boolean isLeft(final String name) {
		return name.startsWith(INSTALLING) || name.startsWith(OLD);
	}
}
