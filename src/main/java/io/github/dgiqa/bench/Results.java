package io.github.dgiqa.bench;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import io.github.dgiqa.evaluate.Table;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What a benchmark found. */
public final class Results {

	/** From the start of this process until PyTorch was ready. */
	static final String IMPORT = "import";
	/** As {@link Part#FIRST_SCORE}, PyTorch being unpacked first. */
	static final String FIRST_SCORE_UNPACKING = "first_score_unpacking";

	private static final int DECIMALS = 6;
	private static final double BILLION = 1e9;

	private final ThisMachine machine;
	private final int reps;
	private final Map<String, Double> seconds = new LinkedHashMap<>();
	private final Map<String, Long> multiplyAdds = new LinkedHashMap<>();
	/** By pair and stage. */
	private final Map<String, Map<String, Double>> stages = new LinkedHashMap<>();
	private final List<Growth.Row> growth = new ArrayList<>();
	private OptionalDouble peakMegabytes = OptionalDouble.empty();

	Results(final ThisMachine machine, final int reps) {
		this.machine = machine;
		this.reps = reps;
	}

	void add(final String key, final double found) {
		seconds.put(key, found);
	}

	void add(final Part part, final NetworkTimes.Figure figure) {
		seconds.put(part.key(), figure.seconds());
		multiplyAdds.put(part.key(), figure.multiplyAdds());
	}

	void addStages(final String pair, final Map<String, Double> found) {
		stages.put(pair, found);
	}

	void addGrowth(final List<Growth.Row> rows) {
		growth.addAll(rows);
	}

	void setPeak(final OptionalDouble megabytes) {
		peakMegabytes = megabytes;
	}

	/** Multiply-adds a second, as a share of those of the matrix product. */
	private Map<String, Double> shares() {
		final Map<String, Double> shares = new LinkedHashMap<>();
		final double best = rate(Part.GEMM.key());
		for (final String key : multiplyAdds.keySet())
			if (!key.equals(Part.GEMM.key())) shares.put(key, rate(key) / best);
		return shares;
	}

	private double rate(final String key) {
		return multiplyAdds.get(key) / seconds.get(key);
	}

	/** For programs: one JSON object in one line. */
	public String json() {
		final JsonObject json = new JsonObject();
		seconds.forEach((key, value) -> json.add(key, number(value)));
		peakMegabytes.ifPresent(value -> json.add("peak_rss_mb", number(value)));
		final JsonObject counts = new JsonObject();
		multiplyAdds.forEach(counts::addProperty);
		json.add("madds", counts);
		json.add("share", object(shares()));
		if (!stages.isEmpty()) {
			final JsonObject pairs = new JsonObject();
			stages.forEach((pair, found) -> pairs.add(pair, object(found)));
			json.add("stages", pairs);
		}
		if (!growth.isEmpty()) {
			final JsonArray rows = new JsonArray();
			growth.forEach(row -> rows.add(object(row)));
			json.add("growth", rows);
		}
		json.addProperty("reps", reps);
		json.add("machine", new Gson().toJsonTree(machine));
		return json.toString();
	}

	private static JsonObject object(final Map<String, Double> numbers) {
		final JsonObject object = new JsonObject();
		numbers.forEach((key, value) -> object.add(key, number(value)));
		return object;
	}

	private static JsonObject object(final Growth.Row row) {
		final JsonObject object = new JsonObject();
		object.addProperty("pair", row.pair());
		object.addProperty("size", row.what());
		object.addProperty("part", row.part());
		final PowerLaw law = row.law();
		object.add("exponent", number(law.exponent()));
		object.add("interval", number(law.interval()));
		final JsonArray points = new JsonArray();
		for (final PowerLaw.Point point : row.points()) {
			final JsonArray both = new JsonArray();
			both.add(number(point.size()));
			both.add(number(point.seconds()));
			points.add(both);
		}
		object.add("points", points);
		return object;
	}

	private static JsonPrimitive number(final double value) {
		return new JsonPrimitive(BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN));
	}

	/** For people: the machine, and tables. */
	public String text() {
		final StringBuilder text = new StringBuilder();
		text.append(machine.engine()).append(" on ").append(machine.device()).append(", ").append(machine.threads()).append(" threads; ").append(machine.cpu()).append(", ").append(machine.processors())
			.append(" processors; Java ").append(machine.java()).append(", ").append(machine.system()).append("; medians of ").append(reps).append("\n\n");
		text.append(times().text());
		peakMegabytes.ifPresent(value -> text.append("\nPeak resident memory: ").append(Math.round(value)).append(" MB\n"));
		if (!stages.isEmpty()) text.append('\n').append(stages().text());
		if (!growth.isEmpty()) text.append('\n').append(growth().text());
		return text.toString().stripTrailing();
	}

	private Table times() {
		final Map<String, Double> shares = shares();
		final List<List<String>> rows = new ArrayList<>();
		seconds.forEach((key, value) -> rows.add(List.of(key, decimal(4, value), ofProduct(value), multiplyAdds.containsKey(key) ? decimal(2, multiplyAdds.get(key) / BILLION) : "", shares.containsKey(key) ? decimal(3, shares.get(key)) : "")));
		return new Table("Times", "", List.of("what", "seconds", "of_gemm", "GMA", "share"), rows);
	}

	private Table stages() {
		final List<List<String>> rows = new ArrayList<>();
		stages.forEach((pair, found) -> found.forEach((stage, value) -> rows.add(List.of(pair, stage, decimal(5, value), ofProduct(value)))));
		return new Table("Stages of an image", "", List.of("pair", "stage", "seconds", "of_gemm"), rows);
	}

	private Table growth() {
		final List<List<String>> rows = new ArrayList<>();
		for (final Growth.Row row : growth) {
			final PowerLaw law = row.law();
			final List<PowerLaw.Point> points = row.points();
			rows.add(List.of(row.pair(), row.what(), size(points.get(0)), size(points.get(points.size() - 1)), row.part(), decimal(2, law.exponent()), decimal(2, law.interval())));
		}
		return new Table("Growth: seconds ~ size^exponent", "", List.of("pair", "size", "from", "to", "part", "exponent", "+-"), rows);
	}

	private static String size(final PowerLaw.Point point) {
		return point.size() == Math.rint(point.size()) ? Long.toString((long) point.size()) : Double.toString(point.size());
	}

	private String ofProduct(final double value) {
		return decimal(3, value / seconds.get(Part.GEMM.key()));
	}

	private static String decimal(final int places, final double value) {
		return String.format(Locale.ROOT, "%." + places + "f", value);
	}
}
