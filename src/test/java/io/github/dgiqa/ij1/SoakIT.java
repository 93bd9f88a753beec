package io.github.dgiqa.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dgiqa.ProgramRun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand calls in one session of plain ImageJ: memory stays as it is. Takes some ten minutes; the profile soak runs it. */
@Tag("soak")
class SoakIT extends PlainImageJ {

	private static final int CALLS = 1000;
	private static final int EVERY = 100;
	private static final int SECONDS = 3000;
	/** Java's own heap grows and shrinks: the most of the second half against the most of the first. */
	private static final double GROWTH = 1.1;

	@Test
	void aThousandCallsLeaveMemoryFlat() throws IOException {
		assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "only Linux tells how large a process is");
		final Path said = imagej.resolve("said.txt");
		final Path macro = Files.writeString(imagej.resolve("soak.ijm"), String.format("""
			open('%s');
			makeRectangle(100, 80, 224, 224);
			run('Crop');
			for (i = 1; i <= %d; i++) {
				if (i %% 3 == 0) run('Assess Quality...', 'maps=quality,crops');
				else if (i %% 3 == 1) run('Assess Quality...', 'sampling=random crops=2 seed=' + i);
				else x = call('io.github.dgiqa.Dgiqa.score');
				if (i %% %d == 0) {
					run('Clear Results');
					status = File.openAsString('/proc/self/status');
					lines = split(status, '\\n');
					for (k = 0; k < lines.length; k++) if (startsWith(lines[k], 'VmRSS')) File.append(i + ' ' + lines[k], '%s');
				}
			}
			run('Quit');
			""", SAMPLES.resolve("coffee.png"), CALLS, EVERY, said));
		final ProgramRun run = ProgramRun.of(builder("ij.ImageJ", "-ijpath", imagej.toString(), "-macro", macro.toString()), SECONDS);
		final List<Long> sizes = new ArrayList<>();
		for (final String line : Files.readAllLines(said))
			sizes.add(Long.parseLong(line.replaceAll("^\\d+ |\\D", "")));
		System.out.println("resident kB after each " + EVERY + " calls: " + sizes);
		assertEquals(CALLS / EVERY, sizes.size(), run.err());
		final int half = sizes.size() / 2;
		assertTrue(Collections.max(sizes.subList(half, sizes.size())) < GROWTH * Collections.max(sizes.subList(0, half)), sizes.toString());
	}
}
