package io.github.dgiqa;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions of this program and of what it was built with. */
public final class Version {

	private Version() {}

	/** Such as 1.2.3. */
	public static String get() {
		return property("version");
	}

	/** The version of DJL that the program is built with. */
	public static String djl() {
		return property("djl");
	}

	/** The version of PyTorch that the program is built with. */
	public static String pytorch() {
		return property("pytorch");
	}

	private static String property(final String key) {
		final Properties properties = new Properties();
		try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
			properties.load(in);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		return properties.getProperty(key);
	}
}
