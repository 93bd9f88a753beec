package io.github.dgiqa.batch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What lies in folders and is not assessed: said once for each reason, however much it is. */
public final class LeftOut {

	/** Why. */
	public enum Reason {
		/** Neither its name nor its first bytes are an image's. */
		NO_IMAGE,
		/** A folder that it lies in itself. */
		LOOP,
		/** A folder with a report, whose pictures are no images of the user's. */
		REPORT,
		/** The folder cannot be read; what is named is a sentence without its full stop. */
		UNREADABLE
	}

	/** @param first of them */
	private record Found(String first, long count) {}

	private final Map<Reason, Found> found = new EnumMap<>(Reason.class);

	/** Adds one. @param what its name, or as {@link Reason} says */
	public void add(final Reason reason, final String what) {
		add(reason, what, 1);
	}

	/** Adds several. @param first of them */
	public void add(final Reason reason, final String first, final long count) {
		found.merge(reason, new Found(first, count), (a, b) -> new Found(a.first, a.count + b.count));
	}

	/** A folder that cannot be read, as {@link Reason#UNREADABLE} wants it. @param why end of a sentence, without its full stop */
	public static String unreadable(final String folder, final String why) {
		return folder + " cannot be read, and was passed over: " + why;
	}

	/** Whether a folder could not be read. */
	public boolean isIncomplete() {
		return found.containsKey(Reason.UNREADABLE);
	}

	/** What the user should know. */
	public List<String> sentences() {
		final List<String> sentences = new ArrayList<>();
		found.forEach((reason, what) -> sentences.add(sentence(reason, what)));
		return sentences;
	}

	private static String sentence(final Reason reason, final Found what) {
		return switch (reason) {
			case NO_IMAGE -> (what.count == 1 ? "1 other file was" : what.count + " other files were") + " passed over: neither name nor first bytes are those of a PNG, JPEG, GIF, BMP or TIFF (" + what.first + ").";
			case LOOP -> what.first + " leads back to a folder that it is in, and was not followed" + others(what.count);
			case REPORT -> what.first + " is a report, and was passed over" + others(what.count);
			case UNREADABLE -> what.first + others(what.count);
		};
	}

	private static String others(final long count) {
		return count == 1 ? "." : count == 2 ? ", and one more." : ", and " + (count - 1) + " more.";
	}
}
