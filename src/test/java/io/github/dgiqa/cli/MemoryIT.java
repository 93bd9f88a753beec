package io.github.dgiqa.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The program's resident memory, as Linux tells it, does not grow with the number of images. */
@EnabledOnOs(OS.LINUX)
class MemoryIT {

	private static final int IMAGES = 200;
	private static final int EARLY = 20;
	private static final int ALLOWED_MB = 50;

	@Test
	void atImage200AsAtImage20() throws IOException, InterruptedException {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-jar", ProgramRun.JAR.toString(), "assess"));
		for (int i = 0; i < IMAGES + EARLY; i++)
			command.add(i % 3 == 0 ? "samples/chelsea.png" : "samples/coffee.png");
		final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
		final List<Long> resident = new ArrayList<>();
		try (BufferedReader rows = process.inputReader()) {
			rows.readLine(); // the names of the columns
			while (rows.readLine() != null)
				if (process.isAlive()) resident.add(ProgramRun.megabytes(process.pid(), "VmRSS"));
		}
		assertEquals(0, process.waitFor());
		final long early = resident.get(EARLY - 1);
		final long late = resident.get(IMAGES - 1);
		assertTrue(late <= early + ALLOWED_MB, early + " MB at image " + EARLY + ", " + late + " MB at image " + IMAGES);
	}
}
