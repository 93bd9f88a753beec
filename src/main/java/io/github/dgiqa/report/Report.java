package io.github.dgiqa.report;

import com.google.gson.JsonObject;

import io.github.dgiqa.Claim;
import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.GrowingFile;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.Provenance;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.image.Picture;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A folder with a page about many images: {@value #PAGE}, and small pictures beside it. A row is added to the page as
 * soon as it is known, behind what is there: one line, which a browser passes over where it was cut. A later run can go
 * on with it.
 */
public final class Report implements Closeable {

	/** Longest side of the pictures that it wants. */
	public static final int LONGEST = 512;

	/** The page's file in the folder. */
	public static final String PAGE = "index.html";

	private static final String PART = PAGE + ".part";

	/** Rows that a later run has already. */
	public static final class Earlier {

		/** By {@link #key}, the hash of what a page shows of the row. */
		private final Map<String, Integer> hashes = new HashMap<>();

		/** Adds a row. @param cells in the order of {@link CsvTable#columns} */
		public void add(final List<String> cells) {
			final JsonObject row = Lines.row(cells);
			hashes.put(key(row), Lines.hash(row));
		}

		/** Whether this is one of them, to the last cell. */
		private boolean has(final JsonObject row) {
			final Integer hash = hashes.get(key(row));
			return hash != null && hash == Lines.hash(row);
		}
	}

	private final Path folder;
	private final Claim claim;
	private final Illustrations images;
	/** Those on the page, as {@link #key} names them. */
	private final Set<String> keys = new HashSet<>();
	private GrowingFile page;
	private boolean closed;

	private Report(final Path folder, final Claim claim) {
		this.folder = folder;
		this.claim = claim;
		images = new Illustrations(folder);
	}

	/**
	 * Why a folder cannot hold a report, or must not: what is in it may be somebody's. Makes it where it is missing.
	 *
	 * @return the end of a sentence that begins with the name of the folder, or null where all is well
	 */
	public static String problem(final Path folder) {
		try {
			if (Files.exists(folder) && !Files.isDirectory(folder)) return " is a file; the name of a folder is needed.";
			Files.createDirectories(folder);
			if (!Files.isWritable(folder)) return " cannot be written.";
			return isReport(folder) || isEmpty(folder) ? null : " is not empty, and no report: name another folder.";
		}
		catch (final IOException e) {
			return " cannot be used: " + DgiqaException.sentence(e) + ".";
		}
	}

	/** Whether a file would be a part of a report, or of its work on it. */
	public static boolean owns(final Path folder, final Path file) {
		return file.startsWith(folder) && (!file.getParent().equals(folder) || file.getFileName().toString().startsWith(PAGE));
	}

	/** What a kill has left beside a page that was never there does not count. */
	private static boolean isEmpty(final Path folder) throws IOException {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> !file.getFileName().toString().startsWith(PAGE + "."))) {
			return !files.iterator().hasNext();
		}
	}

	/** Whether a folder holds a report. */
	public static boolean isReport(final Path folder) throws IOException {
		final Path page = folder.resolve(PAGE);
		if (!Files.isRegularFile(page)) return false;
		final byte[] mark = Lines.mark();
		try (InputStream in = Files.newInputStream(page)) {
			return Arrays.equals(in.readNBytes(mark.length), mark);
		}
	}

	/**
	 * Begins a report; one that is there goes.
	 *
	 * @param folder one without a {@link #problem}
	 * @param files how many there are to assess
	 * @throws DgiqaException where it cannot be written, also because another run writes it
	 */
	public static Report begin(final Path folder, final Provenance provenance, final int files) {
		return open(folder, provenance, files, null);
	}

	/**
	 * Goes on with a report, or begins one.
	 *
	 * @param earlier the rows that stay; others on the page go, also those of the same images that are not equal
	 * @throws DgiqaException as {@link #begin}, and where its rows were made otherwise
	 */
	public static Report goOn(final Path folder, final Provenance provenance, final int files, final Earlier earlier) {
		return open(folder, provenance, files, earlier);
	}

	private static Report open(final Path folder, final Provenance provenance, final int files, final Earlier earlier) {
		try {
			final Path real = Files.createDirectories(folder).toRealPath();
			final Claim claim = Claim.on(real.resolve(PAGE), folder.toString());
			try {
				final Report report = new Report(real, claim);
				report.rewrite(folder, Lines.run(provenance, files), provenance, earlier);
				return report;
			}
			catch (final IOException | RuntimeException e) {
				claim.close();
				throw e;
			}
		}
		catch (final IOException e) {
			throw new DgiqaException("The report cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	/** A new page with the rows that stay takes the old one's place. Pictures of the others go. */
	private void rewrite(final Path named, final byte[] run, final Provenance provenance, final Earlier earlier) throws IOException {
		final Path old = folder.resolve(PAGE);
		final Path part = folder.resolve(PART);
		final List<Integer> gone = new ArrayList<>();
		final long end;
		try (GrowingFile file = new GrowingFile(part, 0)) {
			file.append(Lines.head());
			file.append(run);
			if (Files.exists(old)) copy(named, old, file, provenance, earlier, gone);
			file.force();
			end = file.end();
		}
		catch (final IOException | RuntimeException e) {
			Files.deleteIfExists(part);
			throw e;
		}
		Files.move(part, old, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		for (final int number : gone)
			images.delete(number);
		page = new GrowingFile(old, end);
	}

	private void copy(final Path named, final Path old, final GrowingFile to, final Provenance provenance, final Earlier earlier, final List<Integer> gone) throws IOException {
		try (BufferedReader lines = Lines.reader(old)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				final Provenance other = earlier == null ? null : Lines.provenance(line);
				final String difference = other == null ? null : provenance.difference(other);
				if (difference != null) throw new DgiqaException("The report in " + named + " is of rows that were made otherwise (" + difference + "): name another folder, or leave out resume to replace it.");
				final JsonObject row = Lines.row(line);
				if (row == null) continue;
				final int number = Lines.number(row);
				images.use(number);
				if (earlier != null && earlier.has(row) && keys.add(key(row))) to.append(Lines.of(row));
				else if (number > 0) gone.add(number);
			}
		}
	}

	private static String key(final JsonObject row) {
		return row.get(Lines.SLICE).getAsString() + " " + row.get(Lines.PATH).getAsString();
	}

	/**
	 * Adds a row.
	 *
	 * @param small its picture, no side longer than {@link #LONGEST}; null for none
	 * @throws IOException where it cannot be written; nothing of it is left then
	 */
	public void add(final ResultRow row, final Picture small) throws IOException {
		final JsonObject about = Lines.row(CsvTable.cells(row));
		final Illustrations.Written written = small == null ? null : images.write(small, row.assessment().orElse(null));
		if (written != null) Lines.setImages(about, written.number(), written.maps());
		try {
			page.append(Lines.of(about));
		}
		catch (final IOException e) {
			if (written != null) images.delete(written.number());
			throw e;
		}
	}

	/** Adds a row of an earlier run, without a picture, unless it is there. @param cells in the order of {@link CsvTable#columns} */
	public void addEarlier(final List<String> cells) throws IOException {
		final JsonObject row = Lines.row(cells);
		if (keys.add(key(row))) page.append(Lines.of(row));
	}

	/** Notes that all is done. */
	public void finish() throws IOException {
		page.append(Lines.end());
		page.force();
	}

	/** The page. */
	public Path page() {
		return folder.resolve(PAGE);
	}

	@Override
	public void close() throws IOException {
		if (closed) return;
		closed = true; // the claim may be another run's by now
		try (claim) {
			page.close();
		}
	}
}
