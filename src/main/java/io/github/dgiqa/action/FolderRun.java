package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.FileState;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.batch.ResumableRows;
import io.github.dgiqa.batch.Results;
import io.github.dgiqa.batch.Resuming;
import io.github.dgiqa.batch.RowSink;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.Place;
import io.github.dgiqa.display.Provenance;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.display.ResultsTableRows;
import io.github.dgiqa.image.BioFormats;
import io.github.dgiqa.image.ImageFile;
import io.github.dgiqa.image.Picture;
import io.github.dgiqa.image.Sampling;
import io.github.dgiqa.model.ModelStore;
import io.github.dgiqa.model.StoredModel;
import io.github.dgiqa.report.Report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Assess Folder: the batch runner with ImageJ's progress, table and Esc. */
public final class FolderRun {

	private static final String TITLE = "Assess Folder";
	private static final String PREFIX = "DGIQA: ";

	private final ModelChoice choice;
	private final boolean results;
	private final boolean bioFormats = BioFormats.isInstalled();
	private final Listing files;
	/** Null for none. */
	private final Path csv;
	private final boolean resume;
	/** Null for none. */
	private final Path report;
	private final List<Assessment> found;
	private final ResultsTableRows rows = new ResultsTableRows();
	private int failed;

	private FolderRun(final Values values, final List<Assessment> found) {
		this.found = found;
		results = values.flag("results", true);
		resume = values.flag("resume", false);
		choice = ModelChoice.of(values);
		csv = values.path("csv");
		report = values.path("report");
		final Path folder = values.path("folder");
		if (folder == null || !Files.isDirectory(folder)) throw Values.unknown("folder", values.text("folder"), "a folder with images");
		if (resume && csv == null) throw new DgiqaException("The key resume goes with a file in the key csv: the rows of an earlier run are there.");
		files = new Listing(file -> ImageFile.hasImageExtension(file) || bioFormats && BioFormats.hasExtension(file), false);
		files.addNamed(folder.toString());
		if (files.size() == 0) throw new DgiqaException("There is no image in " + folder + ": PNG, JPEG, GIF, BMP and TIFF files are searched for" + (bioFormats ? ", and those of Bio-Formats" : "") + ", without the folders in it.");
		checkPlaces();
	}

	/** Refuses places that cannot be written to before the models are loaded. */
	private void checkPlaces() {
		final List<Inputs.Input> inputs = files.inputs(all(), false);
		final String noReport = report == null ? null : Inputs.problemOfReport(report, inputs);
		if (noReport != null) throw new DgiqaException("The report cannot be written: " + report + noReport);
		final String noRows = csv == null ? null : Inputs.problemOfRows(csv, inputs, report);
		if (noRows != null) throw new DgiqaException("The rows cannot be written: " + csv + noRows);
		if (resume && Files.exists(csv) && !Files.isRegularFile(csv)) throw new DgiqaException("The key resume needs a file, and " + csv + " is none.");
	}

	/**
	 * Scores the images of a folder, as docs/macros.md says.
	 *
	 * @param inputs by the keys of macros
	 * @return what was found, without what failed
	 */
	public static List<Assessment> run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		final List<Assessment> found = new ArrayList<>(); // what an error in the middle leaves
		return Guard.run(TITLE, values, found, () -> new FolderRun(values, found).assess());
	}

	private List<Assessment> assess() {
		try (Work work = new Work(null)) {
			final boolean lost = (resume ? resumed(work) : once(work)).reportLost();
			if (report != null && !lost) tell("the report is " + report.resolve(Report.PAGE));
		}
		catch (final Work.Cancelled e) {
			IJ.showStatus(PREFIX + "cancelled after " + (found.size() + failed) + " images; what was computed is kept");
		}
		catch (final IOException e) {
			throw new DgiqaException("The rows cannot be written to " + csv + ": " + DgiqaException.sentence(e) + ".", e);
		}
		finally {
			rows.show();
		}
		return List.copyOf(found);
	}

	private Resuming.Summary resumed(final Work work) throws IOException {
		final Resuming.Summary summary = Resuming.run(new Resuming.Plan(files, null, csv, false, false, report), provenance(), FolderRun::tell, "", (open, to) -> {
			try (Assessors.Loan loan = Assessors.borrow(choice.settings())) {
				return score(open, to, work, loan.assessor());
			}
		});
		if (found.size() + failed == 0) Guard.done("all images had their rows already");
		return summary;
	}

	private Resuming.Summary once(final Work work) throws IOException {
		// what is there goes when the models are loaded, the rows last
		try (Assessors.Loan loan = Assessors.borrow(choice.settings());
			Report page = report == null ? null : Report.begin(report, provenance(), files.size());
			CsvTable table = csv == null ? null : new CsvTable(ResumableRows.writer(csv));
			Results to = new Results(sink(table), page, FolderRun::tell)) {
			final int errors = score(all(), to, work, loan.assessor());
			to.finish();
			return new Resuming.Summary(errors, to.isReportLost());
		}
	}

	private static RowSink sink(final CsvTable table) {
		return row -> {
			if (table != null) table.write(row);
		};
	}

	private int[] all() {
		return IntStream.range(0, files.size()).toArray();
	}

	/** Of the models as they are at present. */
	private Provenance provenance() {
		final ModelStore store = Assessors.store();
		final Assessor.Settings settings = choice.settings();
		final StoredModel quality = settings.qualityModel(store);
		final Sampling sampling = choice.settings(quality.description().sampling()).sampling();
		return Provenance.of(quality, settings.depthModel(store, quality), sampling, settings.precision(), null);
	}

	/** Returns how many rows have errors. */
	private int score(final int[] which, final Results to, final Work work, final Assessor assessor) throws IOException {
		try (Reading reading = Reading.of(files.inputs(which, false), bioFormats ? BioFormats::open : ImageFile::open)) {
			work.show("image", 0, which.length, assessor.deviceName());
			final Batch.Summary summary = Batch.run(reading, assessor, new Batch.Plan(null, to.small(), choice.samplingOf(assessor), Work::checkEscape), new Batch.Listener() {

				@Override
				public void row(final ResultRow row, final Picture small, final int done, final int expected) throws IOException {
					add(row);
					to.row(row, small);
					work.show("image", done, expected, assessor.deviceName());
					Assessors.tidy();
				}

				@Override
				public void file(final Inputs.Input input, final FileState state) throws IOException {
					to.file(input, state);
				}
			});
			Guard.done(summary.rows() + " images and slices" + (summary.failed() > 0 ? ", " + summary.failed() + " could not be scored; the column Error says why" : " scored, on " + assessor.deviceName()));
			return summary.failed();
		}
	}

	private void add(final ResultRow row) {
		row.assessment().ifPresent(found::add);
		if (row.failed()) failed++;
		if (!results) return;
		final Place place = new Place(row.path(), row.slice(), 0, 0, 0);
		if (row.assessment().isPresent()) rows.add(place, row.assessment().get());
		else rows.add(place, row.error());
	}

	private static void tell(final String sentence) {
		IJ.log(PREFIX + sentence);
	}
}
