package io.github.dgiqa.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;

import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;

/** A file system that only Hadoop knows: this machine's under another name, with files and folders that it refuses. */
public final class OtherFileSystem extends RawLocalFileSystem {

	static final String SCHEME = "other";
	/** Part of the name of what is listed, and cannot be read. */
	static final String LOCKED = "locked";
	/** Part of the name of a file that is gone when it is opened. */
	static final String VANISHING = "vanishing";

	@Override
	public URI getUri() {
		return URI.create(SCHEME + ":///");
	}

	@Override
	public String getScheme() {
		return SCHEME;
	}

	@Override
	public FSDataInputStream open(final Path file, final int buffer) throws IOException {
		if (file.getName().contains(LOCKED)) throw new AccessControlException("Permission denied: user=you\n\tat a.server.Stack.trace(Stack.java:1)");
		if (file.getName().contains(VANISHING)) throw new FileNotFoundException(file + " (No such file or directory)");
		return super.open(file, buffer);
	}

	@Override
	public FileStatus[] listStatus(final Path folder) throws IOException {
		if (folder.getName().contains(LOCKED)) throw new AccessControlException("Permission denied: user=you");
		return super.listStatus(folder);
	}
}
