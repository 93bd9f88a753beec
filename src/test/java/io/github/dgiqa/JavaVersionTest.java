package io.github.dgiqa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonStreamParser;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/** An older Java gets a sentence: it can load what the menus name, and that asks before anything newer is touched. */
class JavaVersionTest {

	private static final Path CLASSES = Path.of("target", "classes");
	private static final int JAVA_8 = 52;
	private static final int JAVA_17 = 61;

	@Test
	void anOlderJavaIsToldWhatIsNeeded() {
		for (final String old : List.of("1.8", "11", "16")) {
			final String problem = JavaVersion.problem(old);
			assertTrue(problem.contains("Java 17") && problem.contains("install"), problem);
		}
		assertTrue(JavaVersion.problem("1.8").contains("this is Java 8"));
		for (final String enough : List.of("17", "21", "25"))
			assertNull(JavaVersion.problem(enough));
	}

	@Test
	void whatTheMenusNameIsJava8() throws IOException {
		final List<String> named = new ArrayList<>(List.of("io.github.dgiqa.cli.Main", "io.github.dgiqa.JavaVersion", "io.github.dgiqa.ij1.Program"));
		final Matcher entries = Pattern.compile("(?m)^[^#].*, ([\\w.]+)(\\(.*)?$").matcher(Files.readString(CLASSES.resolve("plugins.config")));
		while (entries.find())
			named.add(entries.group(1));
		final JsonStreamParser commands = new JsonStreamParser(new StringReader(Files.readString(CLASSES.resolve("META-INF/json/org.scijava.plugin.Plugin"))));
		while (commands.hasNext())
			named.add(commands.next().getAsJsonObject().get("class").getAsString());
		assertTrue(named.contains("io.github.dgiqa.ij1.DgiqaPlugIn") && named.contains("io.github.dgiqa.command.AboutDgiqa"), named.toString());
		for (final String name : named)
			assertEquals(JAVA_8, classFileVersion(name), name);
		assertEquals(JAVA_17, classFileVersion("io.github.dgiqa.cli.Cli"));
	}

	private static int classFileVersion(final String name) throws IOException {
		try (DataInputStream in = new DataInputStream(Files.newInputStream(CLASSES.resolve(name.replace('.', '/') + ".class")))) {
			assertEquals(0xcafebabe, in.readInt());
			in.readUnsignedShort();
			return in.readUnsignedShort();
		}
	}
}
