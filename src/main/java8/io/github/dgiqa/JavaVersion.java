package io.github.dgiqa;

/**
 * Whether this Java is new enough for the program. Everything here, and everyone who asks, is Java 8 byte code, so that
 * an older Java can load it and say so.
 */
public final class JavaVersion {

	/** The oldest Java that the program runs on. */
	public static final int NEEDED = 17;

	private JavaVersion() {}

	/** One sentence for the user where this Java is too old, else null. */
	public static String problem() {
		return problem(System.getProperty("java.specification.version"));
	}

	/** As {@link #problem()}, for the given specification version: 1.8, 11, 17 ... */
	static String problem(final String version) {
		final String major = version.startsWith("1.") ? version.substring(2) : version;
		try {
			if (Integer.parseInt(major) >= NEEDED) return null;
		}
		catch (final NumberFormatException e) {
			return null; // an unknown numbering is newer than this program
		}
		return "DGIQA needs Java " + NEEDED + " or newer, and this is Java " + major + ": install a Java " + NEEDED + " (free ones are at adoptium.net), or for Fiji a current Fiji with its own Java from fiji.sc.";
	}
}
