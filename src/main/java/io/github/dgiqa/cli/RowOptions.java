package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.batch.GrowingFile;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Provenance;
import io.github.dgiqa.batch.ResumableRows;
import io.github.dgiqa.display.CsvTable;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the rows go, and whether those of an earlier run stay. */
final class RowOptions {

	@Spec(Spec.Target.MIXEE)
	private CommandSpec spec;

	@Option(names = "--csv", paramLabel = "FILE", description = "where the rows go; an existing file is replaced, but with --resume (default: standard output)")
	private Path csv;

	@Option(names = "--resume", description = "keeps the rows that --csv FILE holds, and adds those of other and changed images; FILE.resume is made beside it")
	private boolean resume;

	@Option(names = "--retry", description = "with --resume: tries images again that failed, and replaces their rows")
	private boolean retry;

	/** @throws ParameterException where the options do not go together */
	void check() {
		if (resume && csv == null) throw usage("--resume goes with --csv FILE: the rows of an earlier run are there.");
		if (retry && !resume) throw usage("--retry goes with --resume: without it, all images are tried.");
		if (resume && Files.exists(csv) && !Files.isRegularFile(csv)) throw usage("--resume needs a file, and --csv " + csv + " is none.");
	}

	/** Refuses a file that cannot be written, or is one of the images. @throws ParameterException saying why */
	void checkPlace(final List<Inputs.Input> inputs) {
		if (csv == null) return;
		final String problem = Inputs.problemOfRows(csv, resume && ResumableRows.isAt(csv) ? List.of() : inputs);
		if (problem != null) throw usage("--csv " + csv + problem);
	}

	boolean retry() {
		return retry;
	}

	/** Whether there is a file that a later run can go on with. @param shard whether this is a part of a list */
	boolean canBeResumed(final boolean shard) {
		return resume || shard && csv != null && (!Files.exists(csv) || Files.isRegularFile(csv));
	}

	/** A file that a later run can go on with. @throws DgiqaException where this one cannot */
	ResumableRows resumable(final Provenance provenance) {
		try {
			return ResumableRows.open(csv, provenance, !resume);
		}
		catch (final IOException e) {
			throw unwritable(e);
		}
	}

	/** A file that is replaced, or standard output. */
	CsvTable table(final Console console) throws IOException {
		if (csv == null) return new CsvTable(console.rows());
		try {
			return new CsvTable(writer());
		}
		catch (final IOException e) {
			throw usage("--csv " + csv + " cannot be written: " + DgiqaException.sentence(e) + ".");
		}
	}

	private Writer writer() throws IOException {
		if (Files.exists(csv) && !Files.isRegularFile(csv)) return Files.newBufferedWriter(csv, StandardCharsets.UTF_8);
		return ResumableRows.replace(csv).writer();
	}

	static DgiqaException unwritable(final IOException e) {
		return new DgiqaException("The rows cannot be written: " + DgiqaException.sentence(e) + ".", e);
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
