package io.github.dgiqa.download;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a download asks of a disk. */
class Disk {

	/** Bytes that can be written to a folder's disk; {@link Long#MAX_VALUE} where it does not tell. */
	long usable(final Path folder) throws IOException {
		final FileStore store = Files.getFileStore(folder);
		final long usable = store.getUsableSpace();
		// some network file systems know no sizes, or larger ones than a long
		return usable < 0 || usable == 0 && store.getTotalSpace() <= 0 ? Long.MAX_VALUE : usable;
	}

	/** Opens a file for writing at its end. */
	OutputStream append(final Path file) throws IOException {
		return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}
}
