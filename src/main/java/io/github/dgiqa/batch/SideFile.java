package io.github.dgiqa.batch;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.display.Provenance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What FILE{@value #SUFFIX} tells about the rows in FILE, as lines of JSON: first their {@link Provenance}, then an
 * {@link Entry} for each file, in the order of the rows. A last line that was cut does not count.
 *
 * @param provenance null where not even this was written
 * @param complete how many files the whole list had, where all of this part have their rows; else null
 * @param bytes length of all whole lines
 */
record SideFile(Provenance provenance, List<Entry> entries, Integer complete, long bytes) {

	static final String SUFFIX = ".resume";
	private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

	/**
	 * A file all of whose rows are there.
	 *
	 * @param path as the user wrote it
	 * @param bytes as {@link FileState#bytes}
	 * @param modified as {@link FileState#modified}
	 * @param failed how many of its rows have an error
	 * @param end of its rows in the file of rows, bytes
	 * @param crc CRC-32C of that file up to there
	 */
	record Entry(String path, long bytes, long modified, int rows, int failed, long end, long crc) {

		FileState state() {
			return new FileState(bytes, modified);
		}

		/** The same rows at another place. */
		Entry at(final long newEnd, final long newCrc) {
			return new Entry(path, bytes, modified, rows, failed, newEnd, newCrc);
		}
	}

	/** Says that all is done. */
	record Complete(Integer complete) {}

	static Path of(final Path rows) {
		return rows.resolveSibling(rows.getFileName() + SUFFIX);
	}

	static byte[] line(final Object what) {
		return (GSON.toJson(what) + "\n").getBytes(StandardCharsets.UTF_8);
	}

	/** @throws DgiqaException where it is damaged */
	static SideFile read(final Path file) throws IOException {
		final boolean cut = isCut(file);
		final List<Entry> entries = new ArrayList<>();
		Provenance provenance = null;
		Integer complete = null;
		long bytes = 0;
		try (BufferedReader lines = Files.newBufferedReader(file)) {
			String line = lines.readLine();
			while (line != null) {
				final String next = lines.readLine();
				if (next == null && cut) break;
				complete = null;
				if (provenance == null) provenance = required(GSON.fromJson(line, Provenance.class));
				else if (line.startsWith("{\"complete\"")) complete = GSON.fromJson(line, Complete.class).complete;
				else entries.add(required(GSON.fromJson(line, Entry.class)));
				bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
				line = next;
			}
		}
		catch (JsonParseException | CharacterCodingException e) {
			throw new DgiqaException(file + " is damaged; bring it back, or remove it and the rows to begin again.", e);
		}
		return new SideFile(provenance, entries, complete, bytes);
	}

	private static <T> T required(final T parsed) {
		if (parsed == null) throw new JsonParseException("an empty line");
		return parsed;
	}

	private static boolean isCut(final Path file) throws IOException {
		try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
			if (bytes.length() == 0) return false;
			bytes.seek(bytes.length() - 1);
			return bytes.read() != '\n';
		}
	}
}
