package io.github.dgiqa.engine;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.download.Download;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * Puts a PyTorch where this program and DJL look for one: from libtorch's own archive, or from DJL's host. It is used
 * from the next start on.
 */
public final class EngineInstaller {

	private static final int CHUNK = 1 << 20;
	private static final long MEGABYTE = 1 << 20;

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
		final long all = archive.libraries().stream().mapToLong(ZipArchiveEntry::getSize).sum();
		UnpackedNatives.requireRoom(surroundings.cache(), all);
		try {
			final Path temporary = Files.createTempDirectory(surroundings.cache(), ".installing");
			try {
				long done = 0;
				for (final ZipArchiveEntry library : archive.libraries())
					done += copy(archive, library, temporary.resolve(archive.name(library)), done, all, listener);
				put(temporary, folder);
			}
			finally {
				delete(temporary);
			}
		}
		catch (final IOException e) {
			throw new EngineException("PyTorch could not be installed: " + Failures.explain(e, new Failures.Subject(surroundings.machine(), false, surroundings.cache().toString())) + ".", e);
		}
		return "PyTorch " + Version.pytorch() + " for " + archive.flavor() + " is installed in " + folder + ", " + all / MEGABYTE + " MB";
	}

	private static long copy(final LibtorchArchive archive, final ZipArchiveEntry library, final Path to, final long before, final long all, final Download.Listener listener) throws IOException {
		final byte[] chunk = new byte[CHUNK];
		long done = 0;
		try (InputStream in = archive.open(library); OutputStream out = Files.newOutputStream(to)) {
			for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
				out.write(chunk, 0, count);
				done += count;
				listener.progress(before + done, all);
			}
		}
		return done;
	}

	/** Puts a folder in its place; what was there goes. */
	static void put(final Path folder, final Path place) throws IOException {
		if (Files.exists(place)) {
			final Path old = Files.createTempDirectory(place.getParent(), ".old");
			Files.move(place, old.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
			Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
			delete(old);
		}
		else Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
	}

	/** Deletes a folder, as far as that is possible. */
	static void delete(final Path folder) throws IOException {
		if (!Files.exists(folder)) return;
		Files.walkFileTree(folder, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException {
				Files.delete(file);
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult postVisitDirectory(final Path directory, final IOException error) throws IOException {
				Files.delete(directory);
				return FileVisitResult.CONTINUE;
			}
		});
	}
}
