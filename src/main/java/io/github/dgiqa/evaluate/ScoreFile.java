package io.github.dgiqa.evaluate;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.evaluate.sets.Opinion;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * The scores of one scorer in a file, each written as soon as it is known, so that the next run finds it. A row counts as
 * long as the image's path, size and time and the scorer with its parameters are the same. A last line that was cut when
 * the program was killed is dropped.
 */
final class ScoreFile implements Closeable {

	private static final String[] KEYS = {"image", "bytes", "modified", "scorer"};
	private static final List<String> LAST = List.of("seconds", "error");

	/** An image as it was when it was scored. */
	private record Key(String image, String bytes, String modified, String scorer) {}

	/**
	 * What came of an image.
	 *
	 * @param values one for each of the scorer's measures; empty where it failed
	 * @param error why; empty where all is well
	 */
	record Row(double[] values, double seconds, String error) {

		boolean failed() {
			return !error.isEmpty();
		}
	}

	private final String scorer;
	private final int measures;
	private final FileChannel channel;
	private final CSVPrinter printer;
	private final Map<Key, Row> rows = new HashMap<>();

	/**
	 * Opens or begins a file.
	 *
	 * @param scorer the scorer with its parameters
	 * @param measures names of what it measures
	 * @throws DgiqaException where the file is in use, is of another kind, or cannot be written
	 */
	ScoreFile(final Path file, final String scorer, final List<String> measures) {
		this.scorer = scorer;
		this.measures = measures.size();
		final List<String> columns = new ArrayList<>(Arrays.asList(KEYS));
		columns.addAll(measures);
		columns.addAll(LAST);
		try {
			Files.createDirectories(file.getParent());
			channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
			lock(file);
			dropCutLine();
			final boolean isNew = channel.size() == 0;
			if (!isNew) read(columns, measures);
			channel.position(channel.size());
			final Writer writer = Channels.newWriter(channel, StandardCharsets.UTF_8);
			printer = new CSVPrinter(writer, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').build());
			if (isNew) printer.printRecord(columns);
			printer.flush();
		}
		catch (final IOException e) {
			throw new DgiqaException("The scores " + file + " cannot be read or written: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private void lock(final Path file) throws IOException {
		FileLock lock = null;
		try {
			lock = channel.tryLock();
		}
		catch (final OverlappingFileLockException e) {
			// in this process
		}
		if (lock != null) return;
		channel.close();
		throw new DgiqaException("The scores " + file + " are being written by another run: wait for it, or choose another folder for the results.");
	}

	private void dropCutLine() throws IOException {
		long end = channel.size();
		final ByteBuffer one = ByteBuffer.allocate(1);
		while (end > 0) {
			one.clear();
			channel.read(one, end - 1);
			if (one.get(0) == '\n') break;
			end--;
		}
		channel.truncate(end);
	}

	private void read(final List<String> columns, final List<String> measures) throws IOException {
		// through the same channel, and not closed: that would give the lock back
		final CSVParser parser = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build().parse(Channels.newReader(channel.position(0), StandardCharsets.UTF_8));
		try {
			if (!parser.getHeaderNames().equals(columns)) throw new IOException("its columns are " + parser.getHeaderNames() + ", and " + columns + " were expected; move the file away");
			for (final CSVRecord record : parser) {
				if (!record.isConsistent()) throw new IOException("line " + parser.getCurrentLineNumber() + " is damaged; move the file away");
				final Row row = row(record, measures);
				if (!row.failed()) rows.put(new Key(record.get(0), record.get(1), record.get(2), record.get(3)), row);
			}
		}
		catch (final IllegalArgumentException e) { // a number that is none
			throw new IOException("it is damaged (" + e.getMessage() + "); move the file away", e);
		}
	}

	private static Row row(final CSVRecord record, final List<String> measures) {
		if (!record.get("error").isEmpty()) return new Row(new double[0], 0, record.get("error"));
		return new Row(measures.stream().mapToDouble(measure -> Double.parseDouble(record.get(measure))).toArray(), Double.parseDouble(record.get("seconds")), "");
	}

	/** The row of an image as it is now; null where it has none. */
	Row find(final Opinion opinion) {
		try {
			return rows.get(key(opinion));
		}
		catch (final IOException e) {
			return null; // opening the image says why
		}
	}

	/** Writes a row. @throws DgiqaException where that is not possible */
	void write(final Opinion opinion, final Row row) {
		try {
			final Key key = key(opinion);
			final List<Object> cells = new ArrayList<>(List.of(key.image, key.bytes, key.modified, key.scorer));
			for (int i = 0; i < measures; i++)
				cells.add(row.failed() ? "" : Double.toString(row.values[i]));
			cells.add(row.failed() ? "" : String.format(Locale.ROOT, "%.3f", row.seconds));
			cells.add(row.error);
			printer.printRecord(cells);
			printer.flush();
		}
		catch (final IOException e) {
			throw new DgiqaException("The scores cannot be written: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private Key key(final Opinion opinion) throws IOException {
		final Path file = opinion.file().toAbsolutePath().normalize();
		try {
			return new Key(file.toString(), Long.toString(Files.size(file)), Files.getLastModifiedTime(file).toString(), scorer);
		}
		catch (final NoSuchFileException e) {
			return new Key(file.toString(), "", "", scorer);
		}
	}

	@Override
	public void close() throws IOException {
		printer.close();
	}
}
