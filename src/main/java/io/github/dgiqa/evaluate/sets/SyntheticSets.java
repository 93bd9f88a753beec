package io.github.dgiqa.evaluate.sets;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets of images that were distorted on purpose: reference, distortion and level are known of each. */
final class SyntheticSets {

	/** Such as I01_05_3.bmp: reference, distortion, level. */
	private static final Pattern NAME = Pattern.compile("(i\\d+)_(\\d+)_(\\d+)\\.\\w+", Pattern.CASE_INSENSITIVE);
	private static final Pattern BLANKS = Pattern.compile("\\s+");

	private SyntheticSets() {}

	/** KADID-10k: higher is better, though the column is called dmos. */
	static Scores kadid10k(final SetFolder folder) {
		final Path file = folder.scores("dmos.csv");
		return new Scores(file, new Scale(1, 5, true), CsvRows.read(file, List.of("dist_img", "dmos")).stream().map(row -> numbered(row.text("dist_img"), row.number("dmos"), file)).toList());
	}

	/** TID2013: lines such as {@code 5.51429 I01_01_1.bmp}. */
	static Scores tid2013(final SetFolder folder) {
		final Path file = folder.scores("mos_with_names.txt");
		final List<Opinion> opinions = new ArrayList<>();
		int number = 0;
		for (final String line : lines(file)) {
			number++;
			if (line.isBlank()) continue;
			final String[] parts = BLANKS.split(line.strip());
			if (parts.length != 2) throw new SetException(file + ", line " + number + ": a score and the name of an image, such as '5.51429 I01_01_1.bmp', were expected, '" + line.strip() + "' was found.");
			opinions.add(numbered(parts[1], Numbers.parse(parts[0], file + ", line " + number), file));
		}
		return new Scores(file, new Scale(0, 9, true), opinions);
	}

	private static List<String> lines(final Path file) {
		try {
			return Files.readAllLines(file, StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			throw new SetException(file + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
	}

	private static Opinion numbered(final String image, final double score, final Path file) {
		final Matcher parts = NAME.matcher(image);
		if (!parts.matches()) throw new SetException(file + " names the image " + image + "; names such as I01_05_3.png, with the numbers of reference, distortion and level, are needed.");
		return new Opinion(image, null, score, parts.group(1).toUpperCase(Locale.ROOT), two(parts.group(2)), Integer.toString(Integer.parseInt(parts.group(3))));
	}

	/** So that the alphabet's order is that of the numbers. */
	private static String two(final String digits) {
		return String.format(Locale.ROOT, "%02d", Integer.parseInt(digits));
	}

	/** CSIQ: scores of differences, lower is better. */
	static Scores csiq(final SetFolder folder) {
		final Path file = folder.scores("csiq.DMOS.xlsx");
		final List<Opinion> opinions = new ArrayList<>();
		for (final XlsxRows.Row row : XlsxRows.read(file, "all_by_image", List.of("image", "dst_type", "dst_lev", "dmos"))) {
			final String distortion = row.text("dst_type").toLowerCase(Locale.ROOT).replace(" ", "");
			final String reference = row.text("image");
			final String level = row.text("dst_lev");
			final String name = reference + "." + (distortion.equals("noise") ? "awgn" : distortion) + "." + level + ".png";
			opinions.add(new Opinion(name, null, row.number("dmos"), reference, distortion, level));
		}
		return new Scores(file, new Scale(0, 1, false), opinions);
	}
}
