package io.github.dgiqa.download;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.download.Failure.Again;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.zip.ZipException;

import javax.net.ssl.SSLException;

/** What users read where a download fails. Addresses are shown without what may be a secret: user, query, fragment. */
final class Sentences {

	private static final String CONNECTION = "check the network connection";
	private static final String NETWORK = "the network connection, and behind a proxy name it in ImageJ (Edit > Options > Proxy Settings) or in the environment (HTTPS_PROXY=http://host:port)";
	private static final String CHECK = "check " + NETWORK;
	private static final String ADDRESS = "check the address and " + NETWORK;
	private static final String LATER = "try again later";
	private static final String PROXY = "correct that setting or remove it";
	private static final String OPEN_IN_BROWSER = "open it in a browser, sign in there or accept the licence, and save the file by hand";

	private Sentences() {}

	// ---- the whole ----

	/** A download that got nowhere. */
	static DownloadException failed(final URI uri, final Failure failure) {
		return new DownloadException(address(uri) + " cannot be downloaded: " + clauses(failure) + ".", failure);
	}

	/**
	 * A download that can go on.
	 *
	 * @param all {@link Source#UNKNOWN} where that is not known
	 */
	static DownloadException stopped(final URI uri, final Failure failure, final long done, final long all) {
		final String where = all < 0 ? bytes(done) : bytes(done) + " of " + bytes(all);
		return new DownloadException("The download of " + address(uri) + " stopped at " + where + ": " + clauses(failure) + "; what came is kept, and the same download goes on from there.", failure);
	}

	private static String clauses(final Failure failure) {
		return failure.remedy() == null ? failure.getMessage() : failure.getMessage() + "; " + failure.remedy();
	}

	/** For a listener. */
	static String tryingAgain(final URI uri, final Failure failure, final Duration pause, final int number, final int most) {
		return "The download of " + address(uri) + " has trouble: " + failure.getMessage() + "; trying again in " + time(pause) + " (" + number + " of " + most + ").";
	}

	/** For a listener. */
	static String waiting(final Path file) {
		return "Waiting for another program that is downloading " + file + ".";
	}

	/** For a listener. */
	static String fromTheStart(final URI uri) {
		return "What came of " + address(uri) + " in several pieces is damaged; it is downloaded once more from the start.";
	}

	// ---- what is asked for ----

	static DownloadException noAddress(final URI uri) {
		return new DownloadException(address(uri) + " is no address of a file to download: https:// or http:// and a host are needed.", null);
	}

	static DownloadException noChecksum(final URI uri, final String sha256) {
		return new DownloadException("The SHA-256 that is given for " + address(uri) + " is none: 64 digits 0-9 and a-f are needed, it has " + sha256.length() + " characters.", null);
	}

	// ---- the file ----

	/** @param reason with what to do */
	static DownloadException noFile(final Path target, final String reason) {
		return new DownloadException(target + " cannot be downloaded to: " + reason + ".", null);
	}

	static DownloadException noFolder(final Path folder, final IOException error) {
		final String reason = error instanceof FileAlreadyExistsException ? ((FileAlreadyExistsException) error).getFile() + " is no folder" : DgiqaException.sentence(error);
		return new DownloadException("The folder " + folder + " cannot be made: " + reason + "; choose another folder.", error);
	}

	static DownloadException readOnly(final Path folder) {
		return new DownloadException("Nothing can be downloaded to " + folder + ": there is no permission to write in that folder; allow it, or choose another folder.", null);
	}

	static DownloadException unwritable(final Path target, final IOException error) {
		return new DownloadException(target + " cannot be written: " + DgiqaException.sentence(error) + "; allow it, or choose another folder.", error);
	}

	static DownloadException unmovable(final Path part, final Path target, final IOException error) {
		return new DownloadException("The download is whole, but " + target + " cannot be replaced by it: " + DgiqaException.sentence(error) + "; close the programs that use the file and start the download again, which takes what is in " + part + ".", error);
	}

	static DownloadException busy(final Path target, final Duration waited) {
		return new DownloadException("Another program is downloading " + target + " and has not got further for " + time(waited) + "; end it, or wait for it and start this download again.", null);
	}

	static Failure fullDisk(final Path folder, final long needed, final long free, final IOException error) {
		final String more = needed < 0 ? "more than that is needed" : bytes(needed) + " are needed";
		return new Failure("the disk of " + folder + " has " + bytes(free) + " free, " + more, "make room there or choose another folder", Again.NEVER, null, error);
	}

	// ---- the way to the server ----

	/** @param via null without a proxy */
	static Failure unreachable(final URI uri, final Proxies.Via via, final Throwable error, final Limits limits) {
		final String peer = via == null ? "the host " + uri.getHost() : "the proxy " + via;
		final String remedy = via == null ? CHECK : PROXY;
		if (error instanceof HttpConnectTimeoutException) return new Failure(peer + " does not answer within " + time(limits.connect()), remedy, Again.ONCE_BEGUN, null, error);
		if (isCausedBy(error, UnresolvedAddressException.class) || isCausedBy(error, UnknownHostException.class)) return new Failure(peer + " is unknown", via == null ? ADDRESS : PROXY, Again.ONCE_BEGUN, null, error);
		if (error instanceof ConnectException) return new Failure(peer + " cannot be reached (it refuses the connection, or the network is down)", remedy, Again.ONCE_BEGUN, null, error);
		if (error instanceof SSLException) return insecure(uri, error);
		if (via != null && error.getMessage() != null && error.getMessage().startsWith("Tunnel failed")) return new Failure(peer + " refuses to connect to " + uri.getHost() + " (status " + error.getMessage().replaceAll("\\D", "") + ")", PROXY);
		if (error instanceof IllegalArgumentException) return new Failure(uri.getHost() + " is no name of a host", "check the address", Again.NEVER, null, error);
		if (error instanceof ProtocolException) return new Failure(peer + " does not answer in HTTP", via == null ? ADDRESS : PROXY, Again.NEVER, null, error);
		return cut(error, limits);
	}

	private static Failure insecure(final URI uri, final Throwable error) {
		final String why = isCausedBy(error, CertificateException.class) ? "its certificate is not trusted" : "the two do not understand each other";
		return new Failure("no secure connection to " + uri.getHost() + " can be made: " + why, "check the computer's clock and the address; a sign-in page or a proxy of the network may stand between", Again.ONCE_BEGUN, null, error);
	}

	private static boolean isCausedBy(final Throwable error, final Class<? extends Throwable> kind) {
		for (Throwable cause = error; cause != null; cause = cause.getCause())
			if (kind.isInstance(cause)) return true;
		return false;
	}

	/** A connection that ended too early. */
	static Failure cut(final Throwable error, final Limits limits) {
		if (error instanceof HttpTimeoutException) return new Failure("nothing came for " + time(limits.silence()), CONNECTION, Again.ALWAYS, null, error);
		if (error instanceof ZipException) return new Failure("what came is damaged on its way", LATER, Again.ALWAYS, null, error);
		return new Failure("the connection broke", CONNECTION, Again.ALWAYS, null, error);
	}

	static Failure proxyKind(final String proxy, final String setting, final String scheme) {
		return new Failure("the proxy " + proxy + " in " + setting + " is of a kind that is not supported", "name an HTTP proxy in " + scheme.toUpperCase(Locale.ROOT) + "_PROXY (http://host:port)");
	}

	static Failure badProxy(final String setting) {
		return new Failure("the environment's " + setting + " names no proxy", "it needs the form http://host:port, or http://user:password@host:port with %40 for an @ in the password");
	}

	// ---- redirects ----

	static Failure loop(final URI uri) {
		return new Failure("its server sends the download around in a circle (back to " + address(uri) + ")", LATER);
	}

	static Failure tooManyRedirects(final int most) {
		return new Failure("its server sends the download on more than " + most + " times", LATER);
	}

	static Failure badRedirect(final URI uri) {
		return new Failure(address(uri) + " sends the download on to no address that can be used", LATER);
	}

	static Failure insecureRedirect(final URI to) {
		return new Failure("its server sends the download on to " + address(to) + ", which is not secure", "a sign-in page of the network may stand between: open a browser and sign in, then try again");
	}

	// ---- the answer ----

	/** Any status that brings no file. */
	static Failure status(final Answer answer) {
		final int status = answer.status();
		final String text = " (status " + status + (answer.uri().getHost() == null ? ")" : " of " + answer.uri().getHost() + ")");
		if (status == 401 || status == 403) return new Failure("it is not given out without signing in" + text, OPEN_IN_BROWSER);
		if (status == 404 || status == 410) return new Failure("there is no such file" + text, "check the address; a newer version of this program may know where it is now");
		if (status == 407) return new Failure("the proxy asks for another user and password (status 407)", "set HTTPS_PROXY=http://user:password@host:port in the environment; Java sends them for https only when it is started with -Djdk.http.auth.tunneling.disabledSchemes=");
		if (status == 511) return signInPage();
		if (status == 408 || status == 429 || status == 503) return busyServer(answer, text);
		if (status >= 500) return new Failure("its server has trouble" + text, LATER, Again.ALWAYS, null, null);
		return new Failure("its server gives an answer that was not expected" + text, "check the address");
	}

	private static Failure busyServer(final Answer answer, final String text) {
		final Duration pause = answer.retryAfter();
		final String wish = pause == null ? "" : " and asks to wait " + time(pause);
		return new Failure("its server is busy" + text + wish, pause == null ? LATER : "try again then", Again.ALWAYS, pause, null);
	}

	static Failure signInPage() {
		return new Failure("a web page came instead of the file, which looks like a sign-in page of the network or of the file's site", "open the address in a browser, sign in, and try again");
	}

	static Failure encoded(final String encoding) {
		return new Failure("its server packs it in a way that was not asked for (" + encoding + ")", "save it with a browser");
	}

	/** @param found the length, or what is sure of it */
	static Failure wrongLength(final String found, final long expected) {
		return new Failure("it has " + found + " bytes, " + exact(expected) + " were expected", "the file at that address is another one now, or damaged: try again later, or look for a newer version of this program");
	}

	static Failure wrongChecksum(final String found, final String expected) {
		return new Failure("its SHA-256 is " + found + ", " + expected + " was expected", "the file at that address is another one now, or damaged on its way: try again later, or look for a newer version of this program");
	}

	// ---- words ----

	static String address(final URI uri) {
		if (uri.getHost() == null) return uri.toString().replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//");
		final String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
		return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
	}

	static String exact(final long bytes) {
		return String.format(Locale.ROOT, "%,d", bytes);
	}

	static String bytes(final long bytes) {
		if (bytes < 100_000) return exact(bytes) + " bytes";
		if (bytes < 1_000_000_000) return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
		return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
	}

	private static String time(final Duration duration) {
		final long seconds = duration.toSeconds();
		if (duration.toMillis() < 10_000 && duration.toMillis() % 1000 != 0) return String.format(Locale.ROOT, "%.1f seconds", duration.toMillis() / 1e3);
		if (seconds == 1) return "1 second";
		return seconds < 120 ? seconds + " seconds" : (seconds + 59) / 60 + " minutes";
	}
}
