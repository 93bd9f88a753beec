package io.github.dgiqa;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** The built program, run in a process of its own. */
public record ProgramRun(int status, String out, String err) {

	/** Where the build leaves the program. */
	public static final Path JAR = Path.of("target", "dgiqa", "dgiqa.jar");

	private static final int SECONDS = 180;

	public static ProgramRun dgiqa(final Object... arguments) {
		final List<String> command = new ArrayList<>(List.of(java(), "-jar", JAR.toString()));
		for (final Object argument : arguments)
			command.add(argument.toString());
		return of(new ProcessBuilder(command));
	}

	public static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	public static ProgramRun of(final ProcessBuilder builder) {
		return of(builder, SECONDS);
	}

	/** @param seconds how long it may take */
	public static ProgramRun of(final ProcessBuilder builder, final int seconds) {
		try {
			final Path out = Files.createTempFile("out", ".txt");
			final Path err = Files.createTempFile("err", ".txt");
			final Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
			if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
				process.destroyForcibly();
				throw new AssertionError("still running after " + seconds + " seconds: " + builder.command() + "\n" + Files.readString(err));
			}
			final ProgramRun run = new ProgramRun(process.exitValue(), Files.readString(out), Files.readString(err));
			Files.delete(out);
			Files.delete(err);
			return run;
		}
		catch (final IOException e) {
			throw new AssertionError(e);
		}
		catch (final InterruptedException e) {
			Thread.currentThread().interrupt();
			throw new AssertionError(e);
		}
	}

	/** A figure of a process's memory, as Linux tells it: {@code VmRSS} is what it has now, {@code VmHWM} the most it ever had; 0 once it has ended. */
	public static long megabytes(final long pid, final String figure) throws IOException {
		final Path status = Path.of("/proc", Long.toString(pid), "status");
		try {
			return Files.readAllLines(status).stream().filter(line -> line.startsWith(figure)).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElse(0);
		}
		catch (final NoSuchFileException e) {
			return 0;
		}
	}

	/** The rows on standard output. */
	public List<CSVRecord> rows() {
		return rows(out);
	}

	public static List<CSVRecord> rows(final Path csv) throws IOException {
		return rows(Files.readString(csv, StandardCharsets.UTF_8));
	}

	private static List<CSVRecord> rows(final String csv) {
		try {
			return CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build().parse(new StringReader(csv)).getRecords();
		}
		catch (final IOException e) {
			throw new AssertionError(e);
		}
	}
}
