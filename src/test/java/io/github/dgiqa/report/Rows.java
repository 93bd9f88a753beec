package io.github.dgiqa.report;

import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.Crop;
import io.github.dgiqa.display.Provenance;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Plane;
import io.github.dgiqa.image.Sampling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows without a network. */
final class Rows {

	static final Provenance PROVENANCE = provenance("m");

	private Rows() {}

	static Provenance provenance(final String model) {
		return new Provenance(model, "1234", "d", "5678", "random", 3, 42L, "float32", null);
	}

	static ResultRow scored(final String path, final int slice, final double score) {
		final float[] cells = new float[49];
		Arrays.fill(cells, (float) score);
		final Crop crop = new Crop(0, 0, 32, score, cells, cells, 7);
		final Assessment assessment = new Assessment(score, new Assessment.Spread(Double.NaN, score, score), List.of(crop), 640, 320, 64, 32, new Plane(64, 32, new byte[64 * 32]), "m", "d", new Sampling.Random(3, 42), "cpu", 0.25, List.of());
		return row(path, slice, Optional.of(assessment), "");
	}

	static ResultRow failed(final String path, final String error) {
		return row(path, 1, Optional.empty(), error);
	}

	private static ResultRow row(final String path, final int slice, final Optional<Assessment> assessment, final String error) {
		return new ResultRow(path, slice, new ResultRow.Run("m", "d", "random", "42"), "cpu", Optional.of(new ResultRow.Size(640, 320)), assessment, error);
	}

	/** Of one grey, in the size that a report wants. */
	static Picture picture(final int grey) {
		final byte[] values = new byte[512 * 256];
		Arrays.fill(values, (byte) grey);
		return Picture.grey(new Plane(512, 256, values), List.of());
	}

	/** The lines behind the head. */
	static List<String> lines(final Path folder) throws IOException {
		return Files.readAllLines(folder.resolve(Report.PAGE)).stream().filter(line -> line.startsWith("<script>") && line.length() > "<script>".length()).toList();
	}

	/** Paths with slices, where it is a row. */
	static List<String> paths(final Path folder) throws IOException {
		return lines(folder).stream().map(Lines::row).filter(row -> row != null).map(row -> row.get("path").getAsString() + " " + row.get("slice")).toList();
	}

	/** Files below the folder but the page, without the ending. */
	static List<String> images(final Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(file -> file.toString().endsWith(".jpg")).map(file -> folder.relativize(file).toString().replace('\\', '/').replace(".jpg", "")).sorted().collect(Collectors.toList());
		}
	}
}
