package io.github.dgiqa.distort;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;

/** What is published of KADID-10k's distortions: names, parameters and the mean scores of its 81 images. */
public final class Published {

	private static final String FILE = "kadid10k-mean-scores.json";
	/** Scores are 1 to 5. */
	private static final double WORST = 1;
	private static final double RANGE = 4;

	// by Gson, in KADID's order
	private List<Entry> distortions;

	private static final Published TABLE = read();

	private Published() {}

	/** One of the distortions; without levels where the parameters are not published. */
	private static final class Entry {

		private String name;
		private double[] levels;
		@SerializedName("mean_score")
		private double[] means;
	}

	private static Published read() {
		try (InputStream in = Published.class.getResourceAsStream(FILE); Reader text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
			return new Gson().fromJson(text, Published.class);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static Entry find(final String name) {
		return TABLE.distortions.stream().filter(entry -> entry.name.equals(name)).findFirst().orElse(null);
	}

	/** The published parameter of each level. */
	static double[] strengths(final String name) {
		return find(name).levels.clone();
	}

	/** What people thought of a distorted photograph: 0 to 1, higher is better; nothing where nobody was asked. */
	public static OptionalDouble score(final String name, final int level) {
		final Entry entry = find(name);
		return entry == null ? OptionalDouble.empty() : OptionalDouble.of((entry.means[level - 1] - WORST) / RANGE);
	}
}
