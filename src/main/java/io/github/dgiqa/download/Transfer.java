package io.github.dgiqa.download;

import io.github.dgiqa.download.Download.Fetched;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** One download, with all its tries. */
final class Transfer {

	/** So many bytes are progress: tries are counted from there. */
	private static final long PROGRESS = 1 << 20;
	/** What a disk should have left. */
	private static final long MARGIN = 32L << 20;
	private static final int CHUNK = 1 << 16;
	private static final int HEAD = 1024;

	private final Source source;
	private final Path target;
	private final Ticker ticker;
	private final Web web;
	private final Disk disk;
	private final Limits limits;
	/** Whether anything came in this call. */
	private boolean begun;
	/** Whether the file is put together from several answers. */
	private boolean pieced;

	/** @param target a file in a folder that is there */
	Transfer(final Source source, final Path target, final Ticker ticker, final Web web, final Disk disk, final Limits limits) {
		this.source = source;
		this.target = target;
		this.ticker = ticker;
		this.web = web;
		this.disk = disk;
		this.limits = limits;
	}

	Fetched run() throws IOException {
		ticker.at(0, source.bytes());
		final FileTime before = time();
		final Fetched there = source.sha256() == null ? null : present();
		if (there != null) return there;
		if (!Files.isWritable(target.getParent())) throw Sentences.readOnly(target.getParent());
		try (PartFile part = open()) {
			// another program may have done the work meanwhile
			final boolean changed = Files.isRegularFile(target) && !time().equals(before) && (source.sha256() != null || source.bytes() >= 0);
			final Fetched others = changed ? present() : null;
			return others == null ? fetch(part) : others;
		}
	}

	/** When the target was changed; null where there is none. */
	private FileTime time() throws IOException {
		return Files.isRegularFile(target) ? Files.getLastModifiedTime(target) : null;
	}

	/** The target, where it is as the source says; else null. */
	private Fetched present() throws IOException {
		if (!Files.isRegularFile(target) || !source.mayHave(Files.size(target))) return null;
		final Checksum checksum = new Checksum();
		checksum.add(target, ticker);
		final String sha256 = checksum.end();
		return source.mayHave(sha256) ? done(Files.size(target), sha256, source.uri()) : null;
	}

	private Fetched done(final long bytes, final String sha256, final URI from) {
		ticker.end(bytes);
		return new Fetched(target, bytes, sha256, from, source.sha256() != null);
	}

	/** Waits where another program downloads the same file, as long as that gets further. */
	private PartFile open() throws IOException {
		long seen = -1;
		long end = 0;
		while (true) {
			final PartFile part = PartFile.attempt(target, source, disk);
			if (part != null) return part;
			if (seen < 0) ticker.note(Sentences.waiting(target));
			final Path theirs = PartFile.part(target);
			final long size = Files.exists(theirs) ? Files.size(theirs) : 0;
			if (size != seen) end = System.nanoTime() + limits.patience().toNanos();
			else if (System.nanoTime() > end) throw Sentences.busy(target, limits.patience());
			seen = size;
			ticker.at(size, source.bytes());
			ticker.sleep(Duration.ofMillis(Ticker.MILLIS));
		}
	}

	private Fetched fetch(final PartFile part) throws IOException {
		int failures = 0;
		long furthest = part.length();
		boolean anew = false;
		pieced = part.length() > 0;
		while (true) {
			try {
				final URI from = part.isWhole() ? source.uri() : transfer(part);
				final String sha256 = part.sha256(ticker);
				if (source.mayHave(sha256)) {
					final long bytes = part.length();
					part.finish();
					return done(bytes, sha256, from);
				}
				part.discard();
				if (!pieced || anew) throw Sentences.wrongChecksum(sha256, source.sha256());
				anew = true;
				pieced = false;
				ticker.note(Sentences.fromTheStart(source.uri()));
			}
			catch (final Failure e) {
				if (part.length() - furthest >= PROGRESS) failures = 0;
				furthest = Math.max(furthest, part.length());
				failures++;
				if (!e.isWorthAnotherTry(begun, limits.longestPause()) || failures > limits.tries()) throw told(e, part);
				final Duration pause = e.pause(limits.pause().multipliedBy(1L << failures - 1));
				ticker.note(Sentences.tryingAgain(source.uri(), e, pause, failures, limits.tries()));
				ticker.sleep(pause);
			}
		}
	}

	private DownloadException told(final Failure failure, final PartFile part) {
		return part.origin() == null ? Sentences.failed(source.uri(), failure) : Sentences.stopped(source.uri(), failure, part.length(), part.all());
	}

	/** Gets what is missing; returns where it came from. */
	private URI transfer(final PartFile part) throws Failure, IOException {
		final Origin origin = part.origin();
		if (origin != null) part.sum(ticker);
		try (Answer answer = web.ask("GET", source.uri(), range(origin, part.length()), ticker)) {
			if (answer.status() == Answer.OK) return whole(answer, part);
			final boolean asked = origin != null;
			if (asked && answer.status() == Answer.PARTIAL && continues(answer, part)) return rest(answer, part);
			if (!asked || answer.status() != Answer.PARTIAL && answer.status() != Answer.RANGE_NOT_THERE) throw Sentences.status(answer);
			part.forget();
		}
		return transfer(part);
	}

	/** The headers that ask for the rest of a file; none where nothing can be continued. */
	private static Map<String, String> range(final Origin origin, final long from) {
		if (origin == null) return Map.of();
		final String range = "bytes=" + from + "-";
		return origin.validator() == null ? Map.of("Range", range) : Map.of("Range", range, "If-Range", origin.validator());
	}

	private static boolean continues(final Answer answer, final PartFile part) {
		return answer.rangeStart() == part.length() && part.origin().isSame(answer) && answer.encoding() == null;
	}

	/** An answer with the file from its start. */
	private URI whole(final Answer answer, final PartFile part) throws Failure, IOException {
		if (answer.isPage()) throw Sentences.signInPage();
		final boolean unpack = answer.isPacked(source);
		final long announced = unpack ? Source.UNKNOWN : answer.length();
		if (!source.mayHave(announced)) throw Sentences.wrongLength(Sentences.exact(announced), source.bytes());
		final long all = Math.max(announced, source.bytes());
		checkSpace(all, Files.exists(PartFile.part(target)) ? Files.size(PartFile.part(target)) : 0);
		final InputStream in = unpack ? unpacked(answer.body()) : answer.body();
		final byte[] head = new byte[HEAD];
		final int count = fill(in, head);
		if (Answer.isPage(head, count)) throw Sentences.signInPage();
		part.begin(unpack ? Origin.unrepeatable(source) : Origin.of(source, answer, all));
		begun = true;
		pieced = false;
		try {
			append(part, head, count);
			copy(in, part);
			checkEnd(answer, part);
		}
		catch (final Failure e) {
			if (unpack) part.discard(); // the server counts other bytes
			throw e;
		}
		return answer.uri();
	}

	/** An answer that goes on where the part ends. */
	private URI rest(final Answer answer, final PartFile part) throws Failure, IOException {
		if (answer.isPage()) throw Sentences.signInPage();
		if (part.all() >= 0) checkSpace(part.all() - part.length(), 0);
		begun = true;
		pieced = true;
		copy(answer.body(), part);
		if (part.length() < part.all()) throw Sentences.cut(new EOFException(), limits);
		return answer.uri();
	}

	private InputStream unpacked(final InputStream in) throws Failure {
		try {
			return new GZIPInputStream(in, CHUNK);
		}
		catch (final IOException e) {
			throw Sentences.cut(e, limits);
		}
	}

	private void checkSpace(final long needed, final long freed) throws Failure, IOException {
		final long free = disk.usable(target.getParent());
		if (needed >= 0 && needed - freed + MARGIN > free) throw Sentences.fullDisk(target.getParent(), needed - freed + MARGIN, free, null);
	}

	private void copy(final InputStream in, final PartFile part) throws Failure, IOException {
		final byte[] chunk = new byte[CHUNK];
		for (int count = read(in, chunk, 0); count >= 0; count = read(in, chunk, 0))
			append(part, chunk, count);
	}

	/** Reads until the array is full or the stream at its end; returns how many bytes there are. */
	private int fill(final InputStream in, final byte[] bytes) throws Failure {
		int filled = 0;
		while (filled < bytes.length) {
			final int count = read(in, bytes, filled);
			if (count < 0) break;
			filled += count;
		}
		return filled;
	}

	private int read(final InputStream in, final byte[] to, final int from) throws Failure {
		try {
			return in.read(to, from, to.length - from);
		}
		catch (final IOException e) {
			throw Sentences.cut(e, limits);
		}
	}

	private void append(final PartFile part, final byte[] bytes, final int count) throws Failure, IOException {
		final long all = part.all();
		if (all >= 0 && part.length() + count > all) {
			part.discard();
			throw Sentences.wrongLength("more than " + Sentences.exact(all), all);
		}
		try {
			part.append(bytes, count);
		}
		catch (final IOException e) {
			final long free = disk.usable(target.getParent());
			final long left = all < 0 ? -1 : all - part.length();
			if (free < Math.max(left, count)) throw Sentences.fullDisk(target.getParent(), left, free, e);
			throw e;
		}
		ticker.at(part.length(), all);
	}

	/** The stream ended: at the end of the file? */
	private void checkEnd(final Answer answer, final PartFile part) throws Failure, IOException {
		final long all = part.all();
		final long found = part.length();
		if (all < 0 || found == all) return;
		if (!answer.hasEnd()) throw Sentences.cut(new EOFException(), limits);
		part.discard();
		throw Sentences.wrongLength(Sentences.exact(found), all);
	}
}
