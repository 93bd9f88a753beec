package io.github.dgiqa.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.IJ;
import ij.ImageJ;

import io.github.dgiqa.ProgramRun;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** target/fiji over a plain ImageJ 1.x, which is started with a macro as a user would. Needs Xvfb. */
class PlainImageJIT {

	private static final List<Path> PLACES = List.of(Path.of("/usr/bin/Xvfb"), Path.of("/usr/local/bin/Xvfb"), Path.of("/opt/X11/bin/Xvfb"));

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
		final Path built = Path.of("target", "fiji");
		try (Stream<Path> files = Files.walk(built)) {
			for (final Path file : (Iterable<Path>) files::iterator) {
				final Path copy = imagej.resolve(built.relativize(file).toString());
				if (Files.isDirectory(file)) Files.createDirectories(copy);
				else Files.copy(file, copy);
			}
		}
		// alone: ImageJ must find the program only where the plugin's class loader looks
		final String name = MenuItem.class.getName().replace('.', '/') + ".class";
		final Path alone = imagej.resolve("test-classes").resolve(name);
		Files.createDirectories(alone.getParent());
		Files.copy(Path.of(codeOf(MenuItem.class)).resolve(name), alone);
	}

	@Test
	void aboutFromAMacro() throws IOException {
		final Path log = imagej.resolve("log.txt");
		final Path macro = Files.writeString(imagej.resolve("test.ijm"), "run('About DGIQA...');\nFile.saveString(getInfo('log'), '" + log + "');\nrun('Quit');\n");
		final ProgramRun run = start("ij.ImageJ", "-ijpath", imagej.toString(), "-macro", macro.toString());
		assertTrue(Files.exists(log), run.out() + run.err());
		final String line = Files.readString(log).strip();
		assertTrue(line.matches("DGIQA \\d.*PyTorch 2\\.7\\.1 on cpu.*models: depth-compact, dgiqa-compact; with weights of yours: depth-anything-vitb, .*, dgiqa; .*"), line);
		assertEquals("", run.err());
	}

	@Test
	void anOlderJavaGetsASentence() {
		final String log = logOfAbout("-Dtest.pretend=1.8");
		assertTrue(log.contains("DGIQA needs Java 17 or newer, and this is Java 8"), log);
	}

	@Test
	void missingLibrariesAreNamed() throws IOException {
		final Path libraries = imagej.resolve("jars").resolve("djl");
		Files.move(libraries, imagej.resolve("jars").resolve("elsewhere"));
		final String log = logOfAbout("-Dtest.pretend=17");
		assertTrue(log.contains("libraries are missing") && log.contains(libraries.toString()), log);
	}

	/** What stands in ImageJ's log after the menu item, where it makes an error. A macro would be stopped by it. */
	private String logOfAbout(final String option) {
		final ProgramRun run = start(option, MenuItem.class.getName(), "About DGIQA...");
		assertEquals(0, run.status(), run.err());
		return run.out();
	}

	private ProgramRun start(final String... arguments) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-Dplugins.dir=" + imagej, "-cp", codeOf(IJ.class) + File.pathSeparator + imagej.resolve("test-classes")));
		command.addAll(List.of(arguments));
		final ProcessBuilder start = new ProcessBuilder(command);
		start.environment().put("DISPLAY", display);
		return ProgramRun.of(start);
	}

	private static String codeOf(final Class<?> type) {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
	}

	/** Starts ImageJ, chooses a menu item and prints the log. */
	static final class MenuItem {

		private MenuItem() {}

		public static void main(final String[] arguments) {
			new ImageJ(null, ImageJ.NO_SHOW);
			System.setProperty("java.specification.version", System.getProperty("test.pretend"));
			IJ.redirectErrorMessages();
			try {
				IJ.run(arguments[0]);
			}
			finally { // an error message ends the thread as it ends a macro
				System.out.println(IJ.getLog());
				System.exit(0);
			}
		}
	}
}
