package io.github.dgiqa.report;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;

import io.github.dgiqa.Version;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.MapImage;
import io.github.dgiqa.display.MapKind;
import io.github.dgiqa.display.Provenance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The lines of the page behind its head: each is a script of one call, whose argument is JSON. A script that was cut is
 * none to a browser, so what is before it is shown whatever ended a run.
 */
final class Lines {

	static final String PATH = "path";
	static final String SLICE = "slice";

	private static final String MARK = "<!DOCTYPE html>\n<!-- DGIQA: report of many images -->\n";
	private static final String ROW = "<script>row(";
	private static final String RUN = "<script>run(";
	private static final String END = "<script>end(";
	private static final String TAIL = ")</script>";
	private static final String NUMBER = "n";
	private static final String LINK = "link";
	private static final String MAPS = "maps";
	private static final Set<String> NUMBERS = Set.of(SLICE, "score", "crop_sd", "crop_min", "crop_max", "crops", "width", "height", "seconds");
	/** Columns that are the same in all rows of a run: {@link Provenance} has them. */
	private static final Set<String> SHARED = Set.of("sampling", "seed", "model", "depth_model");
	/** Of a colour bar. */
	private static final int COLOURS = 16;

	/** Its letters that mean something to HTML are written as numbers: no name of a file can end the script. */
	private static final Gson GSON = new Gson();

	private Lines() {}

	/** What every page begins with. */
	static byte[] mark() {
		return MARK.getBytes(StandardCharsets.UTF_8);
	}

	/** All of the page but its lines. */
	static byte[] head() throws IOException {
		final String page = resource("page.html").replace("/* style */", resource("page.css")).replace("/* script */", resource("page.js"));
		return (MARK + page).getBytes(StandardCharsets.UTF_8);
	}

	private static String resource(final String name) throws IOException {
		try (InputStream in = Lines.class.getResourceAsStream(name)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
		}
	}

	// -- writing --

	/** What the rows of a run share. @param files how many there are to assess */
	static byte[] run(final Provenance provenance, final int files) {
		final JsonObject run = new JsonObject();
		run.add("provenance", GSON.toJsonTree(provenance));
		run.addProperty("version", Version.get());
		run.addProperty("files", files);
		run.addProperty("began", now());
		final JsonArray maps = new JsonArray();
		for (final MapKind kind : MapKind.values())
			maps.add(about(kind));
		run.add(MAPS, maps);
		return line(RUN, run);
	}

	private static JsonObject about(final MapKind kind) {
		final JsonObject map = new JsonObject();
		map.addProperty("key", kind.key());
		map.addProperty("title", kind.title());
		map.addProperty("remark", kind.remark());
		map.addProperty("max", kind.max());
		final JsonArray colours = new JsonArray();
		for (int i = 0; i <= COLOURS; i++)
			colours.add(String.format(Locale.ROOT, "#%06x", MapImage.colour(kind, kind.max() * i / COLOURS)));
		map.add("colours", colours);
		return map;
	}

	/** A row. @param cells in the order of {@link CsvTable#columns} */
	static JsonObject row(final List<String> cells) {
		final JsonObject row = new JsonObject();
		final List<String> columns = CsvTable.columns();
		for (int i = 0; i < columns.size(); i++) {
			final String column = columns.get(i);
			final String cell = cells.get(i);
			if (cell.isEmpty() && !column.equals(PATH) || SHARED.contains(column)) continue;
			if (NUMBERS.contains(column)) row.addProperty(column, new BigDecimal(cell));
			else row.addProperty(column, cell);
		}
		final String link = link(cells.get(columns.indexOf(PATH)));
		if (link != null) row.addProperty(LINK, link);
		return row;
	}

	/** Where a browser finds the file; null where there is none. */
	private static String link(final String path) {
		try {
			return Path.of(path).toRealPath().toUri().toString();
		}
		catch (final IOException | InvalidPathException e) {
			return null;
		}
	}

	static void setImages(final JsonObject row, final int number, final boolean maps) {
		row.addProperty(NUMBER, number);
		if (maps) row.addProperty(MAPS, true);
	}

	static byte[] of(final JsonObject row) {
		return line(ROW, row);
	}

	/** Says that all is done. */
	static byte[] end() {
		final JsonObject end = new JsonObject();
		end.addProperty("ended", now());
		return line(END, end);
	}

	private static byte[] line(final String call, final JsonObject what) {
		return (call + GSON.toJson(what) + TAIL + "\n").getBytes(StandardCharsets.UTF_8);
	}

	private static String now() {
		return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
	}

	// -- reading --

	/** What a page holds; what is no text comes as other letters. */
	static BufferedReader reader(final Path page) throws IOException {
		return new BufferedReader(new InputStreamReader(Files.newInputStream(page), StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE)));
	}

	/** The row in a line; null where there is none, or not all of it. */
	static JsonObject row(final String line) {
		final JsonObject row = parse(ROW, line);
		return row != null && isText(row.get(PATH)) && isText(row.get(SLICE)) ? row : null;
	}

	private static boolean isText(final JsonElement value) {
		return value != null && value.isJsonPrimitive();
	}

	/** Of the row's own cells: neither of its images nor of where its file is at present. */
	static int hash(final JsonObject row) {
		final JsonObject cells = row.deepCopy();
		List.of(NUMBER, MAPS, LINK).forEach(cells::remove);
		return GSON.toJson(cells).hashCode();
	}

	/** What is told of a run in a line; null where nothing is. */
	static Provenance provenance(final String line) {
		final JsonObject run = parse(RUN, line);
		try {
			return run == null ? null : GSON.fromJson(run.get("provenance"), Provenance.class);
		}
		catch (final JsonParseException e) {
			return null;
		}
	}

	/** The number of a row's images; 0 where it has none. */
	static int number(final JsonObject row) {
		try {
			return isText(row.get(NUMBER)) ? row.get(NUMBER).getAsInt() : 0;
		}
		catch (final NumberFormatException e) {
			return 0;
		}
	}

	private static JsonObject parse(final String call, final String line) {
		if (!line.startsWith(call) || !line.endsWith(TAIL)) return null;
		try {
			return GSON.fromJson(line.substring(call.length(), line.length() - TAIL.length()), JsonObject.class);
		}
		catch (final JsonParseException e) {
			return null;
		}
	}
}
