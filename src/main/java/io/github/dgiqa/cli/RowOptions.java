package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.ResumableRows;
import io.github.dgiqa.batch.Resuming;
import io.github.dgiqa.batch.Shard;
import io.github.dgiqa.display.CsvTable;

import java.io.IOException;
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

	/** Refuses a file that cannot be written, or is one of the images or a part of the report. @param report null for none @throws ParameterException saying why */
	void checkPlace(final List<Inputs.Input> inputs, final Path report) {
		if (csv == null) return;
		final String problem = Inputs.problemOfRows(csv, resume && ResumableRows.isAt(csv) ? List.of() : inputs, report);
		if (problem != null) throw usage("--csv " + csv + problem);
	}

	/** Whether there is a file that a later run can go on with. @param shard whether this is a part of a list */
	boolean canBeResumed(final boolean shard) {
		return resume || shard && csv != null && (!Files.exists(csv) || Files.isRegularFile(csv));
	}

	/**
	 * What to do with a file that a later run can go on with.
	 *
	 * @param shard which part of the files; null for all
	 * @param report folder for a report; null for none
	 */
	Resuming.Plan resuming(final Listing files, final Shard shard, final Path report) {
		return new Resuming.Plan(files, shard, csv, !resume, retry, report);
	}

	/** A file that is replaced, or standard output. */
	CsvTable table(final Console console) throws IOException {
		if (csv == null) return new CsvTable(console.rows());
		try {
			return new CsvTable(ResumableRows.writer(csv));
		}
		catch (final IOException e) {
			throw usage("--csv " + csv + " cannot be written: " + DgiqaException.sentence(e) + ".");
		}
	}

	static DgiqaException unwritable(final IOException e) {
		return new DgiqaException("The rows cannot be written: " + DgiqaException.sentence(e) + ".", e);
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
