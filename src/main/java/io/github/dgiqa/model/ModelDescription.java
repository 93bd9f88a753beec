package io.github.dgiqa.model;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;

import java.io.Reader;
import java.util.List;

/**
 * What a {@code model.json} says; docs/models.md describes the file.
 *
 * @param format version of the file's form, 1
 * @param name the model's NAME, also that of its folder
 * @param title one line for people
 * @param kind what the model does
 * @param network kind ({@code type}) and sizes of the network
 * @param preprocessing what happens to an image before the network sees it
 * @param score what the score means; only of quality models
 * @param sampling which crops are taken unless the user says otherwise; only of quality models
 * @param depth NAME of the depth model that a quality model goes with
 * @param licence licence of the weights
 * @param citation what to cite
 * @param training how the weights came to be, free form
 * @param files the files with the weights; none where the user has to bring them
 * @param page the web page where people get the weights; null where there is none
 * @param download where the program gets the weights from when the user asks for that; null where it does not
 * @param origin whence the weights came into the user's folder; null where no import put them there
 */
public record ModelDescription(
	int format,
	String name,
	String title,
	Kind kind,
	JsonObject network,
	Preprocessing preprocessing,
	Score score,
	Sampling sampling,
	String depth,
	Licence licence,
	List<String> citation,
	JsonObject training,
	List<WeightFile> files,
	String page,
	Download download,
	Origin origin)
{

	/** What a model does. */
	public enum Kind {
		@SerializedName("quality") QUALITY, @SerializedName("depth") DEPTH
	}

	/** Which crops of an image are scored. */
	public enum SamplingMode {
		/** At random positions, from a seed. */
		@SerializedName("random") RANDOM,
		/** On a regular grid that covers the image. */
		@SerializedName("grid") GRID
	}

	/**
	 * @param shortSide the shorter side of the image that the network sees, pixels; of a quality model the largest
	 * @param smallSide the shorter side that a quality model's smaller images are enlarged to, pixels; those between the
	 *          two keep their size. 0 for {@code shortSide}, as published
	 * @param crop side of a quality network's square crops, pixels
	 * @param inputSide side of the square image that a depth network sees, pixels; 0 where it keeps the image's form
	 * @param multiple both sides of an image that keeps its form are a multiple of this, pixels
	 * @param longSideLimit the longer side of an image that keeps its form is at most this, pixels
	 * @param mean mean of each channel (red, green, blue) on the scale 0..1, subtracted
	 * @param std deviation of each channel, by which the difference is divided
	 */
	public record Preprocessing(int shortSide, int smallSide, int crop, int inputSide, int multiple, int longSideLimit, float[] mean, float[] std) {

		/** The shorter side that a quality model's images have at least, pixels. */
		public int leastSide() {
			return smallSide == 0 ? shortSide : smallSide;
		}

		private boolean keepsForm() {
			return multiple > 0 && shortSide > 0 && shortSide % multiple == 0 && longSideLimit >= shortSide && longSideLimit % multiple == 0;
		}
	}

	/**
	 * @param min lowest score
	 * @param max highest score
	 * @param higherIsBetter which way the scale goes
	 * @param meaning what the number stands for
	 */
	public record Score(double min, double max, boolean higherIsBetter, String meaning) {}

	/**
	 * @param mode which crops
	 * @param crops number of random crops
	 * @param seed seed of the random crops
	 */
	public record Sampling(SamplingMode mode, int crops, long seed) {}

	/**
	 * @param name the licence
	 * @param note what else a user should know, such as what the weights were trained from
	 */
	public record Licence(String name, String note) {}

	/**
	 * @param name name in the model's folder
	 * @param bytes size
	 * @param sha256 SHA-256, 64 lower-case hex digits
	 */
	public record WeightFile(String name, long bytes, String sha256) {}

	/**
	 * @param url address of a weight file, http or https
	 * @param bytes its size; 0 where that is not known beforehand
	 * @param sha256 its SHA-256, 64 lower-case hex digits; null where that is not known beforehand
	 */
	public record Download(String url, long bytes, String sha256) {}

	/**
	 * @param file name of the file, folder or archive that was imported
	 * @param url where it was downloaded from; null where the user had it
	 * @param sha256 SHA-256 of that file, 64 lower-case hex digits; null of a folder or archive, whose weights have theirs
	 * @param date when, as 2026-01-31
	 */
	public record Origin(String file, String url, String sha256, String date) {}

	private static final int FORMAT = 1;
	private static final Origin NOWHERE = new Origin(null, null, null, null);
	private static final long MAX_SEED = 0xffffffffL;
	private static final String HASH = "[0-9a-f]{64}";
	private static final Gson GSON = new GsonBuilder().setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES).setPrettyPrinting().disableHtmlEscaping().create();

	/**
	 * Reads and checks a description.
	 *
	 * @param where the file, for messages
	 * @throws ModelException where it is not a description that this program understands
	 */
	static ModelDescription read(final Reader json, final String where) {
		final ModelDescription description;
		try {
			description = GSON.fromJson(json, ModelDescription.class);
		}
		catch (final JsonParseException e) {
			throw new ModelException(where + " is not a model description: " + (e.getCause() == null ? e : e.getCause()).getMessage().replaceFirst("(?s) path \\$.*", "") + "; get the model again.", e);
		}
		if (description == null) throw new ModelException(where + " is empty; a model description was expected.");
		final String problem = description.problem();
		if (problem != null) throw new ModelException(where + " is not a usable model description: " + problem + ".");
		return description;
	}

	/**
	 * The text of a description that was read, under another NAME and with other files; all else stays as it is.
	 *
	 * @param origin null for that of the text
	 */
	static String changed(final String json, final String name, final List<WeightFile> files, final Origin origin) {
		final JsonObject changed = GSON.fromJson(json, JsonObject.class);
		changed.addProperty("name", name);
		changed.add("files", GSON.toJsonTree(files));
		if (origin != null) changed.add("origin", GSON.toJsonTree(origin));
		return GSON.toJson(changed) + "\n";
	}

	/**
	 * The text of a description that was read, for a model that was trained: without what says where others are found.
	 *
	 * @param changes what else is its own
	 */
	static String trained(final String json, final String name, final List<WeightFile> files, final JsonObject changes) {
		final JsonObject trained = GSON.fromJson(changed(json, name, files, null), JsonObject.class);
		for (final String part : List.of("origin", "page", "download"))
			trained.remove(part);
		changes.asMap().forEach(trained::add);
		return GSON.toJson(trained) + "\n";
	}

	/** SHA-256 of the files. */
	List<String> hashes() {
		return files.stream().map(WeightFile::sha256).toList();
	}

	/** Whether two descriptions say the same, whatever their files are called and wherever they came from. */
	static boolean isSame(final String json, final String other) {
		return GSON.fromJson(changed(json, "", List.of(), NOWHERE), JsonObject.class).equals(GSON.fromJson(changed(other, "", List.of(), NOWHERE), JsonObject.class));
	}

	private String problem() {
		if (format != FORMAT) return "its format is " + format + ", this version of the program reads " + FORMAT;
		if (name == null || name.isBlank()) return "it has no name";
		if (kind == null) return "its kind is none of quality, depth";
		if (network == null) return "it describes no network";
		if (preprocessing == null || preprocessing.mean == null || preprocessing.std == null || preprocessing.mean.length != 3 || preprocessing.std.length != 3)
			return "its preprocessing has no mean and std of three channels";
		if (kind == Kind.DEPTH && preprocessing.inputSide < 1 && !preprocessing.keepsForm()) return "its preprocessing has neither an input_side nor a short_side and a long_side_limit that are multiples of its multiple";
		if (kind == Kind.QUALITY) {
			if (preprocessing.crop < 1 || preprocessing.shortSide < preprocessing.crop) return "its preprocessing has no crop, or no short_side of at least that";
			if (preprocessing.smallSide != 0 && (preprocessing.smallSide < preprocessing.crop || preprocessing.smallSide > preprocessing.shortSide)) return "its preprocessing's small_side is not from its crop to its short_side";
			if (sampling == null || sampling.mode == null) return "its sampling is none of random, grid";
			if (sampling.mode == SamplingMode.RANDOM && (sampling.crops < 1 || sampling.seed < 0 || sampling.seed > MAX_SEED))
				return "its random sampling has no number of crops, or a seed that is not from 0 to " + MAX_SEED;
			if (depth == null) return "it names no depth model";
		}
		if (files == null) return "it has no list of files";
		for (final WeightFile file : files)
			if (file.name == null || !file.name.matches("[^/\\\\]+") || file.sha256 == null || !file.sha256.matches(HASH)) return "a file has no plain name or no SHA-256";
		if (download != null && (download.url == null || !download.url.matches("https?://.+"))) return "its download has no url that begins with http:// or https://";
		if (download != null && download.sha256 != null && !download.sha256.matches(HASH)) return "its download's SHA-256 is not 64 lower-case hex digits";
		return null;
	}
}
