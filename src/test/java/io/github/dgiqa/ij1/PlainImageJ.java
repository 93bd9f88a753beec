package io.github.dgiqa.ij1;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.IJ;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.model.ModelStore;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with target/fiji over a plain ImageJ 1.x on a screen of its own. Needs Xvfb. */
abstract class PlainImageJ {

	static final Path SAMPLES = Path.of("samples").toAbsolutePath();

	private static final List<Path> PLACES = List.of(Path.of("/usr/bin/Xvfb"), Path.of("/usr/local/bin/Xvfb"), Path.of("/opt/X11/bin/Xvfb"));

	/** A macro's mistake opens a dialog, and then nobody is there. */
	private static final int SECONDS = 90;

	private static Process xvfb;
	private static String display;

	@TempDir
	Path imagej;

	@BeforeAll
	static void startScreen() throws IOException {
		final Optional<Path> program = PLACES.stream().filter(Files::isExecutable).findFirst();
		assumeTrue(program.isPresent(), "Xvfb is not installed");
		xvfb = new ProcessBuilder(program.get().toString(), "-displayfd", "1", "-screen", "0", "1280x900x24").redirectError(ProcessBuilder.Redirect.DISCARD).start();
		display = ":" + xvfb.inputReader().readLine();
	}

	@AfterAll
	static void stopScreen() {
		if (xvfb != null) xvfb.destroy();
	}

	@BeforeEach
	void install() throws IOException {
		put(Path.of("target", "fiji"), imagej);
	}

	/** Puts a folder's files into another one. */
	static void put(final Path folder, final Path at) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			for (final Path file : (Iterable<Path>) files::iterator) {
				final Path copy = at.resolve(folder.relativize(file).toString());
				if (Files.isDirectory(file)) Files.createDirectories(copy);
				else link(file, copy);
			}
		}
	}

	/** Without a copy where the file system can do so: the libraries are large. */
	private static void link(final Path file, final Path at) throws IOException {
		try {
			Files.createLink(at, file);
		}
		catch (UnsupportedOperationException | IOException e) {
			Files.copy(file, at);
		}
	}

	/** Puts a class where ImageJ finds it, alone: the program must be found only where the plugin's class loader looks. */
	void add(final Class<?> type) throws IOException {
		final String name = type.getName().replace('.', '/') + ".class";
		final Path alone = imagej.resolve("test-classes").resolve(name);
		Files.createDirectories(alone.getParent());
		Files.copy(Path.of(codeOf(type)).resolve(name), alone);
	}

	/** Runs a macro in ImageJ as a user would; returns the lines that it gave to its function {@code say}. */
	List<String> macro(final String text) throws IOException {
		final Path said = imagej.resolve("said.txt");
		final String say = "function say(line) { File.append(line, '" + said + "'); }\n";
		final Path file = Files.writeString(imagej.resolve("test.ijm"), text + "\nsay('end');\nrun('Quit');\n" + say);
		Files.deleteIfExists(said);
		final ProgramRun run = start("ij.ImageJ", "-ijpath", imagej.toString(), "-macro", file.toString());
		final List<String> lines = Files.exists(said) ? Files.readAllLines(said) : List.of();
		if (!lines.contains("end")) throw new AssertionError("the macro did not come to its end; it said " + lines + "\n" + run.out() + run.err());
		return lines.subList(0, lines.size() - 1);
	}

	ProgramRun start(final String... arguments) {
		return ProgramRun.of(builder(arguments), SECONDS);
	}

	ProcessBuilder builder(final String... arguments) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-Dplugins.dir=" + imagej, "-cp", codeOf(IJ.class) + File.pathSeparator + imagej.resolve("test-classes")));
		command.addAll(List.of(arguments));
		final ProcessBuilder start = new ProcessBuilder(command);
		start.environment().put("DISPLAY", display);
		start.environment().remove(ModelStore.VARIABLE);
		return start;
	}

	private static String codeOf(final Class<?> type) {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
	}
}
