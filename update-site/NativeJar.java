import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Puts DJL's jar of native libraries where ImageJ expects it: {@code IMAGEJ/jars/PLATFORM}. Run as
 * {@code java -cp 'target/dgiqa/lib/*' update-site/NativeJar.java JAR IMAGEJ}.
 *
 * <p>
 * Fiji's launcher has that folder on Java's module path as well as on the class path, and Java does not start with a
 * jar there of which it can make no module. DJL's manifest states a module name that is none, and a word of the file's
 * name, native, is none either. So the copy has no manifest, and another name. All other entries are copied as they
 * are, without being compressed anew: the copy is the same wherever it is made.
 */
final class NativeJar {

	/** What the updater calls the platforms that DJL has natives for. */
	private static final Map<String, String> PLATFORMS = Map.of("linux-x86_64", "linux64", "win-x86_64", "win64", "osx-aarch64", "macos-arm64");

	private static final String MANIFEST = "META-INF/MANIFEST.MF";
	private static final String DESCRIPTION = "native/lib/pytorch.properties";

	private NativeJar() {}

	public static void main(final String[] arguments) {
		if (arguments.length != 2) fail("Two arguments are needed: JAR IMAGEJ, a jar of DJL's native libraries and the ImageJ folder to put it in.");
		try (ZipFile jar = ZipFile.builder().setPath(Path.of(arguments[0])).get()) {
			final Path copy = Path.of(arguments[1]).resolve("jars").resolve(place(jar, arguments[0]));
			Files.createDirectories(copy.getParent());
			final Path part = copy.resolveSibling(copy.getFileName() + ".part");
			Files.deleteIfExists(part);
			try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(part)) {
				jar.copyRawEntries(out, entry -> !entry.getName().equals(MANIFEST));
			}
			Files.move(part, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (final IOException e) {
			fail("The jar " + arguments[0] + " cannot be copied: " + e + ".");
		}
	}

	/** Folder and name of the copy, such as linux64/dgiqa-pytorch-cpu-2.7.1.jar. */
	private static String place(final ZipFile jar, final String name) throws IOException {
		final ZipArchiveEntry description = jar.getEntry(DESCRIPTION);
		if (description == null) fail("The jar " + name + " has no " + DESCRIPTION + ": one of DJL's pytorch-native-cpu was expected.");
		final Properties properties = new Properties();
		try (InputStream in = jar.getInputStream(description)) {
			properties.load(in);
		}
		final String platform = PLATFORMS.get(properties.getProperty("classifier", ""));
		if (platform == null) fail("The jar " + name + " is for " + properties.getProperty("classifier") + "; one for any of " + String.join(", ", PLATFORMS.keySet().stream().sorted().toList()) + " was expected.");
		return platform + "/dgiqa-pytorch-" + properties.getProperty("flavor") + "-" + properties.getProperty("version").replaceFirst("-.*", "") + ".jar";
	}

	private static void fail(final String sentence) {
		System.err.println(sentence);
		System.exit(1);
	}
}
