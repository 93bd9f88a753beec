package io.github.dgiqa.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImageJ;

import io.github.dgiqa.ProgramRun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

/** target/fiji over a plain ImageJ 1.x, as a user would start it. */
class PlainImageJIT extends PlainImageJ {

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
	void anOlderJavaGetsASentence() throws IOException {
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
	private String logOfAbout(final String option) throws IOException {
		add(MenuItem.class);
		final ProgramRun run = start(option, MenuItem.class.getName(), "About DGIQA...");
		assertEquals(0, run.status(), run.err());
		return run.out();
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
