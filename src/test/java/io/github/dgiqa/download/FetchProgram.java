package io.github.dgiqa.download;

import java.net.URI;
import java.nio.file.Path;

/** A program of its own that downloads a file: URI, length, SHA-256 or {@code null}, target. It prints what it is told, and in the end one line. */
final class FetchProgram implements Download.Listener {

	private FetchProgram() {}

	@Override
	public void progress(final long done, final long all) {
		// nobody looks
	}

	@Override
	public void note(final String sentence) {
		System.out.println(sentence);
	}

	public static void main(final String[] args) {
		final Source source = new Source(URI.create(args[0]), Long.parseLong(args[1]), args[2].equals("null") ? null : args[2]);
		try {
			System.out.println(Download.fetch(source, Path.of(args[3]), new FetchProgram()).bytes() + " bytes");
		}
		catch (final DownloadException e) {
			System.out.println(e.getMessage());
		}
	}
}
