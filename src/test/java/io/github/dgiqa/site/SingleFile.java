package io.github.dgiqa.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.dgiqa.ProgramRun;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.tools.ToolProvider;

/** A program of the folder update-site, compiled once and run in processes of its own. */
record SingleFile(String name, Path classes) {

	private static final String LIBRARIES = System.getProperty("java.class.path");

	static SingleFile compile(final String name, final Path classes) {
		final Path source = Path.of("update-site", name + ".java");
		assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-cp", LIBRARIES, "-d", classes.toString(), source.toString()));
		return new SingleFile(name, classes);
	}

	ProgramRun run(final Object... arguments) {
		return ProgramRun.of(builder(arguments));
	}

	ProcessBuilder builder(final Object... arguments) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-cp", classes + File.pathSeparator + LIBRARIES, name));
		for (final Object argument : arguments)
			command.add(argument.toString());
		return new ProcessBuilder(command);
	}

	/** A jar, the same whenever it is made; a character of a content is a byte. */
	static void jar(final Path file, final String... namesAndContents) throws IOException {
		Files.createDirectories(file.getParent());
		try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(file))) {
			for (int i = 0; i < namesAndContents.length; i += 2) {
				final ZipEntry entry = new ZipEntry(namesAndContents[i]);
				entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
				jar.putNextEntry(entry);
				jar.write(namesAndContents[i + 1].getBytes(StandardCharsets.ISO_8859_1));
			}
		}
	}
}
