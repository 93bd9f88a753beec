package io.github.dgiqa.download;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Downloads one file over https or http. Nothing but the given address, and those that it redirects to, is contacted, in
 * the calling thread's call and at no other time.
 * <p>
 * Bytes go to {@code NAME.part} beside the target, with {@code NAME.part.info} about them, and get the target's name when
 * their length and checksum are right: a target is never half a file, and one that was there before stays until then. What
 * came of a download that failed, was cancelled or killed is kept; the same download goes on from there where the server
 * can do that and the file has not changed. Threads and programs that download the same file at the same time wait for
 * the first and take its result.
 * </p>
 * <p>
 * Proxies are those of Java's settings ({@code https.proxyHost} and so on, which ImageJ's Proxy Settings set too), else
 * those of the environment ({@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY}, {@code NO_PROXY}; {@code Proxies}
 * has the rules). Java gives a user and password to a proxy for https only where the property
 * {@code jdk.http.auth.tunneling.disabledSchemes} is empty before its first request; this class empties it where the
 * environment holds a password and the property is not set.
 * </p>
 */
public final class Download {

	/** Follows a download, and can cancel it. It is called in the thread that downloads. */
	public interface Listener {

		/**
		 * How far it is: at the start, at the end, and about ten times a second between, also while nothing comes.
		 *
		 * @param done bytes of the file that are there, or while a file on the disk is checked, bytes that are checked
		 * @param all of the file; -1 as long as that is not known
		 * @throws CancellationException to cancel: the download ends with this exception, what came is kept
		 */
		void progress(long done, long all);

		/**
		 * Something takes time without a byte coming: a broken connection, another program with the same file.
		 *
		 * @param sentence one for people
		 */
		default void note(final String sentence) {}
	}

	/**
	 * A whole file.
	 *
	 * @param file the target
	 * @param bytes its length
	 * @param sha256 its SHA-256 in 64 hexadecimal digits
	 * @param from where it came from after redirects, perhaps with a query that is a secret; the source's address where
	 *          the whole file was on the disk already
	 * @param verified whether the source told this SHA-256
	 */
	public record Fetched(Path file, long bytes, String sha256, URI from, boolean verified) {}

	/** The one that programs use; not made before it is. */
	private static final class Usual {

		static final Download DOWNLOAD = new Download(Limits.USUAL, new Disk(), System.getenv());
	}

	private final Limits limits;
	private final Disk disk;
	private final Web web;

	/** @param environment the variables that may name proxies */
	Download(final Limits limits, final Disk disk, final Map<String, String> environment) {
		this.limits = limits;
		this.disk = disk;
		web = new Web(limits, environment);
	}

	/**
	 * Downloads a file. Without a network it works where the target has the source's checksum already.
	 *
	 * @param target the file to write; its folder is made where it is missing
	 * @throws DownloadException where it cannot be done
	 * @throws CancellationException where the listener or an interrupt of the thread cancels it
	 */
	public static Fetched fetch(final Source source, final Path target, final Listener listener) {
		return Usual.DOWNLOAD.get(source, target, listener);
	}

	/** Whether it is an address that files can be downloaded from: https or http, and a host. */
	public static boolean isAddress(final URI uri) {
		return Web.isWeb(uri);
	}

	/**
	 * The length of a file, as its server tells it.
	 *
	 * @return in bytes; -1 where it does not tell
	 * @throws DownloadException where the file cannot be downloaded
	 */
	public static long size(final URI uri) {
		return Usual.DOWNLOAD.length(uri);
	}

	Fetched get(final Source source, final Path target, final Listener listener) {
		final Path file = place(target.toAbsolutePath().normalize());
		try {
			final Fetched fetched = new Transfer(source, file, new Ticker(listener), web, disk, limits).run();
			return new Fetched(target, fetched.bytes, fetched.sha256, fetched.from, fetched.verified);
		}
		catch (final ClosedByInterruptException e) {
			throw Ticker.interrupted();
		}
		catch (final IOException e) { // the network's are told already
			throw Sentences.unwritable(file, e);
		}
	}

	/** The file to write, in a folder that is there. Links are followed, so that they stay. */
	private static Path place(final Path target) {
		if (Files.isDirectory(target)) throw Sentences.noFile(target, "it is a folder; name a file in it");
		final Path folder = target.getParent();
		try {
			if (!Files.isDirectory(folder)) Files.createDirectories(folder);
			if (Files.isSymbolicLink(target) && !Files.exists(target)) throw Sentences.noFile(target, "it is a link to a file that is missing; mend or delete the link");
			if (!Files.exists(target)) return folder.toRealPath().resolve(target.getFileName());
			if (!Files.isRegularFile(target)) throw Sentences.noFile(target, "it is no file on a disk; name another one");
			return target.toRealPath();
		}
		catch (final IOException e) {
			throw Sentences.noFolder(folder, e);
		}
	}

	long length(final URI uri) {
		Web.check(uri);
		final Ticker ticker = new Ticker((done, all) -> {});
		try {
			final long length = headLength(uri, ticker);
			return length == Source.UNKNOWN ? rangeLength(uri, ticker) : length;
		}
		catch (final Failure e) {
			throw Sentences.failed(uri, e);
		}
	}

	private long headLength(final URI uri, final Ticker ticker) throws Failure {
		try (Answer answer = web.ask("HEAD", uri, Map.of(), ticker)) {
			if (answer.status() != Answer.OK) return Source.UNKNOWN; // some servers know no HEAD: the other way tells what is wrong
			return length(answer, answer.length());
		}
	}

	private long rangeLength(final URI uri, final Ticker ticker) throws Failure {
		try (Answer answer = web.ask("GET", uri, Map.of("Range", "bytes=0-0"), ticker)) {
			switch (answer.status()) {
				case Answer.OK:
					return length(answer, answer.length());
				case Answer.PARTIAL:
				case Answer.RANGE_NOT_THERE: // an empty file
					return length(answer, answer.rangeOf());
				default:
					throw Sentences.status(answer);
			}
		}
	}

	private static long length(final Answer answer, final long told) throws Failure {
		if (answer.isPage()) throw Sentences.signInPage();
		return answer.encoding() == null ? told : Source.UNKNOWN;
	}
}
