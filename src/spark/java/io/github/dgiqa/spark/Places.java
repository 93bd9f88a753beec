package io.github.dgiqa.spark;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.batch.Inputs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/** Hadoop's file systems, for every machine of the job as the driver sees them. */
final class Places implements Serializable {

	private static final long serialVersionUID = 1L;
	private static final String LOCAL = "file";

	private final SerializableConfiguration configuration;
	/** What paths without a file system, or relative ones, belong to. */
	private final String base;

	private Places(final SerializableConfiguration configuration, final String base) {
		this.configuration = configuration;
		this.base = base;
	}

	/** Those that this machine is set up for. */
	static Places of(final Configuration configuration) throws IOException {
		final FileSystem system = FileSystem.get(configuration);
		return new Places(new SerializableConfiguration(configuration), system.makeQualified(system.getWorkingDirectory()).toString());
	}

	/** @throws IllegalArgumentException where it can't be a name */
	Path path(final String written) {
		return new Path(new Path(base), written);
	}

	FileSystem system(final Path path) throws IOException {
		return path.getFileSystem(configuration.value());
	}

	FileStatus status(final String written) throws IOException {
		final Path path = path(written);
		return system(path).getFileStatus(path);
	}

	/** How the user would write what was found for something written. */
	String label(final String written, final Path found) {
		if (new Path(written).toUri().getScheme() != null) return found.toString();
		final String full = found.toString();
		final String folder = base.endsWith("/") ? base : base + "/";
		return !written.startsWith("/") && full.startsWith(folder) ? full.substring(folder.length()) : found.toUri().getPath();
	}

	/** Whether every program of this machine can open it. */
	static boolean isLocal(final Path path) {
		return LOCAL.equals(path.toUri().getScheme());
	}

	static java.nio.file.Path local(final Path path) {
		return java.nio.file.Path.of(path.toUri().getPath());
	}

	/** Whether a folder is a link to one that it lies in. Hadoop's other file systems have no such links. */
	static boolean isLoop(final Path folder) throws IOException {
		if (!isLocal(folder)) return false;
		final java.nio.file.Path link = local(folder);
		return Files.isSymbolicLink(link) && link.getParent().toRealPath().startsWith(link.toRealPath());
	}

	/** The end of a sentence, without its full stop. */
	static String why(final IOException error) {
		// a server's stack trace comes as lines of the message
		final String message = error.getMessage();
		return message == null ? DgiqaException.sentence(error) : DgiqaException.sentence(new IOException(message.lines().findFirst().orElse("")));
	}

	/** What a row says of a file that could not be read. */
	static String problem(final IOException error) {
		return error instanceof FileNotFoundException ? Inputs.NOT_THERE : "The file cannot be read: " + why(error) + ".";
	}
}
