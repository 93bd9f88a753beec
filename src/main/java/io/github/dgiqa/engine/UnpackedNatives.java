package io.github.dgiqa.engine;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.engine.Libtorch.Origin;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The place where DJL unpacks the PyTorch in the program, looked at before it does. */
final class UnpackedNatives {

	private static final long MEGABYTE = 1_000_000;
	/** Bytes: DJL's link, and what else a disk needs. */
	private static final long MARGIN = 8 * MEGABYTE;

	private UnpackedNatives() {}

	/**
	 * Looks whether DJL can write what it wants to.
	 *
	 * @throws EngineException where the folder cannot be written to, or lacks space; its message is the end of a sentence
	 */
	static void requireRoom(final Surroundings surroundings, final Libtorch libtorch) {
		final long needed = libtorch.origin() == Origin.PROGRAM ? missing(surroundings, libtorch) : 0;
		final String problem = needed > 0 ? lack(surroundings.cache(), needed) : null;
		if (problem != null) throw new EngineException(problem, null);
	}

	/**
	 * Looks whether so many bytes can be written to a folder, which is made.
	 *
	 * @return why they cannot, as the end of a sentence; null where they can
	 */
	static String lack(final Path cache, final long needed) {
		final long free;
		try {
			free = free(cache);
		}
		catch (final IOException e) {
			return "its libraries cannot be written to " + cache + " (" + DgiqaException.sentence(e) + "): make that folder writable, or name another one in the environment variable DJL_CACHE_DIR";
		}
		if (free >= needed + MARGIN) return null;
		return "there is no space for its libraries: they need " + megabytes(needed + MARGIN) + " MB in " + cache + ", and " + megabytes(free) + " MB are free; free some, or name another folder in the environment variable DJL_CACHE_DIR";
	}

	/** Bytes that can be written to a folder, which is made. */
	private static long free(final Path folder) throws IOException {
		Files.createDirectories(folder);
		Files.delete(Files.createTempFile(folder, "probe", ".tmp")); // a disk can be read-only whatever its permissions say
		return Files.getFileStore(folder).getUsableSpace();
	}

	/** The name of the folder that DJL unpacks natives to. @param natives what they say of themselves */
	static String folderName(final Properties natives) {
		return natives.getProperty("version") + "-" + natives.getProperty("flavor", Libtorch.CPU) + "-" + natives.getProperty("classifier");
	}

	private static long megabytes(final long bytes) {
		return bytes / MEGABYTE;
	}

	/** Bytes of the libraries in the program that are not unpacked yet; 0 where they are. */
	private static long missing(final Surroundings surroundings, final Libtorch libtorch) {
		final ClassLoader classes = surroundings.classes();
		try {
			final Properties properties = Natives.inProgram(surroundings);
			final Path folder = surroundings.cache().resolve(folderName(properties));
			if (Files.exists(folder.resolve(surroundings.machine().library("torch")))) return 0;
			long bytes = 0;
			for (final String library : properties.getProperty("libraries", "").split(",")) {
				final URL url = classes.getResource("pytorch/" + libtorch.flavor() + "/" + surroundings.machine().classifier() + "/" + library);
				if (url == null) throw new EngineException("its library " + library + " is missing in the program; install the program again", null);
				bytes += Math.max(0, url.openConnection().getContentLengthLong());
			}
			return bytes;
		}
		catch (final IOException e) {
			throw new EngineException("its libraries in the program cannot be read (" + e.getMessage() + "); install the program again", e);
		}
	}
}
