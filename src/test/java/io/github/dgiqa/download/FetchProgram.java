package io.github.dgiqa.download;

import java.net.URI;
import java.nio.file.Path;

/** A program of its own that downloads a file: URI, length, SHA-256 or {@code null}, target. It prints one line. */
final class FetchProgram {

	private FetchProgram() {}

	public static void main(final String[] args) {
		final Source source = new Source(URI.create(args[0]), Long.parseLong(args[1]), args[2].equals("null") ? null : args[2]);
		try {
			System.out.println(Download.fetch(source, Path.of(args[3]), (done, all) -> {}).bytes() + " bytes");
		}
		catch (final DownloadException e) {
			System.out.println(e.getMessage());
		}
	}
}
