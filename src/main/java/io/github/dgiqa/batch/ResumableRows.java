package io.github.dgiqa.batch;

import io.github.dgiqa.Claim;
import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.GrowingFile;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.Provenance;
import io.github.dgiqa.display.ResultRow;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Rows in a CSV file that a later run can go on with, whatever ended this one. A {@link SideFile} beside it tells which
 * files have all their rows, and where those end; it is written after them. Rows behind the last of these ends are
 * dropped when the file is opened again, and their files done again.
 *
 * <p>
 * Rows are taken out, or brought into order, in new files: FILE.part and FILE.resume.part. The second one's new name
 * makes the change; a FILE.part that FILE.resume tells about then takes the place of FILE, now or in the next run.
 */
public final class ResumableRows implements RowSink, Closeable {

	private static final byte[] HEADER = (String.join(",", CsvTable.columns()) + "\n").getBytes(StandardCharsets.UTF_8);
	private static final String PART = ".part";
	/** Nanoseconds between two times that all is brought to the disk. */
	private static final long FORCE_EVERY = 1_000_000_000;

	/**
	 * What is to be done.
	 *
	 * @param open numbers of the files in the list
	 * @param failed how many others have a row with an error
	 */
	public record Selection(int[] open, int failed) {}

	/** Who wants to know the rows. */
	interface Reader {

		/** @param cells in the order of {@link CsvTable#columns} */
		void accept(List<String> cells) throws IOException;
	}

	private final Path rows;
	private final Path side;
	private final Provenance provenance;
	private final Claim claim;
	private final CsvTable table;
	private final List<SideFile.Entry> pending = new ArrayList<>();
	/** What the rows before this run belong to; null once they were compared with the list. */
	private List<SideFile.Entry> before = List.of();
	private GrowingFile rowsFile;
	private GrowingFile sideFile;
	private CRC32C crc = new CRC32C();
	private long forced = System.nanoTime();
	private boolean outOfOrder;
	private int rowsOfFile;
	private int failedOfFile;

	private ResumableRows(final Path rows, final Provenance provenance, final Claim claim) throws IOException {
		this.rows = rows;
		this.provenance = provenance;
		this.claim = claim;
		side = SideFile.of(rows);
		table = CsvTable.continued(new GrowingFile.Pieces(this::append, () -> {}));
	}

	/**
	 * Opens or begins a file.
	 *
	 * @param csv a file, or none; there is nothing else under this name
	 * @param anew whether rows that are there go
	 * @throws DgiqaException where another run writes it, or its rows were made otherwise, or were changed since
	 */
	public static ResumableRows open(final Path csv, final Provenance provenance, final boolean anew) throws IOException {
		final Path rows = Inputs.real(csv);
		final Claim claim = Claim.on(SideFile.of(rows), rows.getFileName().toString());
		try {
			final ResumableRows opened = new ResumableRows(rows, provenance, claim);
			if (anew) opened.begin();
			else opened.goOn(csv);
			return opened;
		}
		catch (final IOException | RuntimeException e) {
			claim.close();
			throw e;
		}
	}

	/**
	 * Gives all rows that are there, whole files' only.
	 *
	 * @param to gets what each has in the table's columns
	 */
	void forEach(final Reader to) throws IOException {
		try (BufferedReader text = Files.newBufferedReader(rows); CSVParser parser = CsvTable.FORMAT.builder().setHeader().setSkipHeaderRecord(true).build().parse(text)) {
			for (final CSVRecord record : parser)
				to.accept(record.toList());
		}
		catch (final UncheckedIOException e) {
			throw e.getCause();
		}
	}

	/** Whether there is a file, and what a run needs to go on with it. */
	public static boolean isAt(final Path csv) {
		return Files.exists(csv) && Files.exists(SideFile.of(Inputs.real(csv)));
	}

	/** A file for rows that no later run goes on with; what was there is gone. */
	private static GrowingFile replace(final Path csv) throws IOException {
		final GrowingFile file = new GrowingFile(csv, 0);
		Files.deleteIfExists(SideFile.of(Inputs.real(csv)));
		return file;
	}

	/** Writes rows that no later run goes on with; what was there is gone. */
	public static Writer writer(final Path csv) throws IOException {
		if (Files.exists(csv) && !Files.isRegularFile(csv)) return Files.newBufferedWriter(csv, StandardCharsets.UTF_8);
		return replace(csv).writer();
	}

	private static Path part(final Path file) {
		return file.resolveSibling(file.getFileName() + PART);
	}

	private void begin() throws IOException {
		// rows without anything that tells about them would be refused
		rowsFile = new GrowingFile(rows, 0);
		Files.deleteIfExists(part(rows));
		sideFile = new GrowingFile(side, 0);
		sideFile.append(SideFile.line(provenance));
		append(HEADER);
	}

	/** @param csv how the user calls it */
	private void goOn(final Path csv) throws IOException {
		final boolean told = Files.exists(side);
		final SideFile read = told ? SideFile.read(side) : null;
		final boolean empty = read == null || read.entries().isEmpty();
		if (!Files.exists(rows) || Files.size(rows) == 0 || empty && isBegun()) {
			begin();
			return;
		}
		if (!told || read.provenance() == null) throw new DgiqaException(csv + " exists, and there is no " + side.getFileName() + " beside it that tells how its rows were made: name another file, or leave out resume to replace it.");
		final String difference = provenance.difference(read.provenance());
		if (difference != null) throw new DgiqaException("The rows in " + csv + " were made otherwise (" + difference + "): name another file, or leave out resume to replace them.");
		finishRewriting(read);
		crc = checksum(rows, read.entries());
		if (crc == null) throw new DgiqaException(csv + " was changed after its rows were written, and cannot be gone on with: bring it back, name another file, or leave out resume to replace it.");
		before = read.entries();
		rowsFile = new GrowingFile(rows, end(before));
		sideFile = new GrowingFile(side, read.bytes());
	}

	/** Whether there is no row yet, at most a line of column names, or the beginning of one. */
	private boolean isBegun() throws IOException {
		try (InputStream in = Files.newInputStream(rows)) {
			final byte[] start = in.readNBytes(HEADER.length + 1);
			return Arrays.equals(start, Arrays.copyOf(HEADER, Math.min(start.length, HEADER.length)));
		}
	}

	private void finishRewriting(final SideFile read) throws IOException {
		Files.deleteIfExists(part(side));
		final Path part = part(rows);
		if (!Files.exists(part)) return;
		if (Files.size(part) == end(read.entries()) && checksum(part, read.entries()) != null) move(part, rows);
		else Files.delete(part);
	}

	private static void move(final Path from, final Path to) throws IOException {
		Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
	}

	/** Where the rows end. */
	private static long end(final List<SideFile.Entry> entries) {
		return entries.isEmpty() ? HEADER.length : entries.get(entries.size() - 1).end();
	}

	/** Of the rows up to the last entry's end; null where they are not those that the entries tell about. */
	private static CRC32C checksum(final Path rows, final List<SideFile.Entry> entries) throws IOException {
		final CRC32C crc = new CRC32C();
		try (InputStream in = new BufferedInputStream(Files.newInputStream(rows))) {
			final byte[] header = in.readNBytes(HEADER.length);
			if (!Arrays.equals(header, HEADER)) return null;
			crc.update(header);
			long at = HEADER.length;
			for (final SideFile.Entry entry : entries) {
				final long length = entry.end() - at;
				if (length <= 0 || length > Integer.MAX_VALUE) return null;
				final byte[] piece = in.readNBytes((int) length);
				crc.update(piece);
				if (piece.length < length || crc.getValue() != entry.crc()) return null;
				at = entry.end();
			}
		}
		return crc;
	}

	// -- what is left to do --

	/**
	 * Compares the rows with a list: what has none, has changed since, or is to be tried again, is open. Rows of those go.
	 * For once, before the first row.
	 *
	 * @param which numbers of the files in the list, in order; no name is there twice
	 * @param retry whether files that failed are tried again
	 */
	public Selection select(final Listing listing, final int[] which, final boolean retry) throws IOException {
		final Map<String, Integer> places = new HashMap<>(before.size() * 2);
		for (int i = 0; i < before.size(); i++)
			places.put(before.get(i).path(), i);
		final List<Inputs.Input> inputs = listing.inputs(which, false);
		final Set<String> gone = new HashSet<>();
		final IntStream.Builder open = IntStream.builder();
		int failed = 0;
		int last = -1;
		boolean gap = false;
		for (int i = 0; i < which.length; i++) {
			final Integer place = places.get(listing.label(which[i]));
			final SideFile.Entry entry = place == null ? null : before.get(place);
			if (entry != null && !(retry && entry.failed() > 0) && entry.state().equals(FileState.of(inputs.get(i)))) {
				if (entry.failed() > 0) failed++;
				outOfOrder |= gap || place < last;
				last = place;
				continue;
			}
			if (entry != null) gone.add(entry.path());
			open.add(which[i]);
			gap = true;
		}
		if (!gone.isEmpty()) rewrite(before, before.stream().filter(entry -> !gone.contains(entry.path())).toList());
		before = null;
		return new Selection(open.build().toArray(), failed);
	}

	// -- rows --

	@Override
	public void write(final ResultRow row) throws IOException {
		table.write(row);
		rowsOfFile++;
		if (row.failed()) failedOfFile++;
	}

	private void append(final byte[] piece) throws IOException {
		rowsFile.append(piece);
		crc.update(piece);
	}

	@Override
	public void done(final Inputs.Input input, final FileState state) throws IOException {
		pending.add(new SideFile.Entry(input.label(), state.bytes(), state.modified(), rowsOfFile, failedOfFile, rowsFile.end(), crc.getValue()));
		rowsOfFile = 0;
		failedOfFile = 0;
		if (System.nanoTime() - forced > FORCE_EVERY) force();
	}

	/** Rows first: where the power fails, no entry tells of rows that are lost. */
	private void force() throws IOException {
		rowsFile.force();
		final ByteArrayOutputStream lines = new ByteArrayOutputStream();
		for (final SideFile.Entry entry : pending)
			lines.write(SideFile.line(entry));
		sideFile.append(lines.toByteArray());
		pending.clear();
		forced = System.nanoTime();
	}

	/**
	 * Ends a run that has done all: the rows come into the order of the list, behind those that are not in it.
	 *
	 * @param which as for {@link #select}
	 * @param all files in the whole list, other shards included
	 */
	public void finish(final Listing listing, final int[] which, final int all) throws IOException {
		force();
		if (outOfOrder) {
			final Map<String, Integer> order = new HashMap<>(which.length * 2);
			for (int i = 0; i < which.length; i++)
				order.put(listing.label(which[i]), i);
			final List<SideFile.Entry> entries = SideFile.read(side).entries();
			rewrite(entries, entries.stream().sorted(Comparator.comparingInt(entry -> order.getOrDefault(entry.path(), -1))).toList());
		}
		sideFile.append(SideFile.line(new SideFile.Complete(all)));
	}

	/** Leaves only the rows of some entries, in their order. */
	private void rewrite(final List<SideFile.Entry> entries, final List<SideFile.Entry> kept) throws IOException {
		final Map<String, Long> begins = new HashMap<>(entries.size() * 2);
		long at = HEADER.length;
		for (final SideFile.Entry entry : entries) {
			begins.put(entry.path(), at);
			at = entry.end();
		}
		final CRC32C sum = new CRC32C();
		final GrowingFile newRows = new GrowingFile(part(rows), 0);
		final GrowingFile newSide = new GrowingFile(part(side), 0);
		try (newRows; newSide; FileChannel old = FileChannel.open(rows, StandardOpenOption.READ)) {
			sum.update(HEADER);
			newRows.append(HEADER);
			newSide.append(SideFile.line(provenance));
			for (final SideFile.Entry entry : kept) {
				final long begin = begins.get(entry.path());
				final byte[] piece = read(old, begin, (int) (entry.end() - begin));
				sum.update(piece);
				newRows.append(piece);
				newSide.append(SideFile.line(entry.at(newRows.end(), sum.getValue())));
			}
			newRows.force();
			newSide.force();
		}
		catch (final IOException e) {
			Files.deleteIfExists(part(rows));
			Files.deleteIfExists(part(side));
			throw e;
		}
		// some systems do not replace what is open
		rowsFile.close();
		sideFile.close();
		move(part(side), side);
		move(part(rows), rows);
		rowsFile = new GrowingFile(rows, newRows.end());
		sideFile = new GrowingFile(side, newSide.end());
		crc = sum;
	}

	private static byte[] read(final FileChannel channel, final long from, final int length) throws IOException {
		final ByteBuffer piece = ByteBuffer.allocate(length);
		while (piece.hasRemaining())
			if (channel.read(piece, from + piece.position()) < 0) throw new IOException("rows were taken away");
		return piece.array();
	}

	@Override
	public void close() throws IOException {
		try (claim; Closeable first = rowsFile; Closeable second = sideFile) {
			if (!pending.isEmpty()) force();
		}
	}
}
