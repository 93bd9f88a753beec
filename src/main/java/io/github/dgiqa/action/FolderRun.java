package io.github.dgiqa.action;

import ij.IJ;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.assess.Assessment;
import io.github.dgiqa.assess.Assessor;
import io.github.dgiqa.batch.Batch;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Reading;
import io.github.dgiqa.display.CsvTable;
import io.github.dgiqa.display.Place;
import io.github.dgiqa.display.ResultRow;
import io.github.dgiqa.display.ResultsTableRows;
import io.github.dgiqa.image.BioFormats;
import io.github.dgiqa.image.ImageFile;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Assess Folder: the batch runner with ImageJ's progress, table and Esc. */
public final class FolderRun {

	private static final String TITLE = "Assess Folder";

	private FolderRun() {}

	/**
	 * Scores the images of a folder, as docs/macros.md says.
	 *
	 * @param inputs by the keys of macros
	 * @return what was found, without what failed
	 */
	public static List<Assessment> run(final Map<String, ?> inputs) {
		final Values values = new Values(inputs);
		final List<Assessment> found = new ArrayList<>(); // what an error in the middle leaves
		return Guard.run(TITLE, values, found, () -> assess(values, found));
	}

	private static List<Assessment> assess(final Values values, final List<Assessment> found) {
		final boolean results = values.flag("results", true);
		final ModelChoice choice = ModelChoice.of(values);
		final Path folder = values.path("folder");
		if (folder == null || !Files.isDirectory(folder)) throw Values.unknown("folder", values.text("folder"), "a folder with images");
		final boolean bioFormats = BioFormats.isInstalled();
		final List<Inputs.Input> inputs = Inputs.expand(List.of(folder.toString()), file -> bioFormats && BioFormats.hasExtension(file));
		if (inputs.isEmpty()) throw new DgiqaException("There is no image in " + folder + ": PNG, JPEG, GIF, BMP and TIFF files are searched for" + (bioFormats ? ", and those of Bio-Formats" : "") + ", without the folders in it.");
		final Path csvFile = values.path("csv");
		final String problem = csvFile == null ? null : Inputs.problemOfRows(csvFile, inputs);
		if (problem != null) throw new DgiqaException("The rows cannot be written: " + csvFile + problem);
		final ResultsTableRows rows = new ResultsTableRows();
		final int[] failed = {0};
		try (Work work = new Work(null); Reading reading = Reading.of(inputs, bioFormats ? BioFormats::open : ImageFile::open); Assessors.Loan loan = Assessors.borrow(choice.settings()); CsvTable csv = csv(csvFile)) {
			final Assessor assessor = loan.assessor();
			final Batch.Plan plan = new Batch.Plan(null, choice.samplingOf(assessor), Work::checkEscape);
			work.show("image", 0, inputs.size(), assessor.deviceName());
			final Batch.Summary summary = Batch.run(reading, assessor, plan, (row, done, expected) -> {
				row.assessment().ifPresent(found::add);
				if (row.failed()) failed[0]++;
				if (results) add(row, rows);
				if (csv != null) csv.write(row);
				work.show("image", done, expected, assessor.deviceName());
				Assessors.tidy();
			});
			Guard.done(summary.rows() + " images and slices" + (summary.failed() > 0 ? ", " + summary.failed() + " could not be scored; the column Error says why" : " scored, on " + assessor.deviceName()));
		}
		catch (final Work.Cancelled e) {
			IJ.showStatus("DGIQA: cancelled after " + (found.size() + failed[0]) + " images; what was computed is kept");
		}
		catch (final IOException e) {
			throw new DgiqaException("The rows cannot be written to " + values.text("csv") + ": " + DgiqaException.sentence(e) + ".", e);
		}
		finally {
			rows.show();
		}
		return List.copyOf(found);
	}

	/** Null for none. */
	private static CsvTable csv(final Path file) throws IOException {
		if (file == null) return null;
		final Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
		return new CsvTable(writer);
	}

	private static void add(final ResultRow row, final ResultsTableRows rows) {
		final Place place = new Place(row.path(), row.slice(), 0, 0, 0);
		if (row.assessment().isPresent()) rows.add(place, row.assessment().get());
		else rows.add(place, row.error());
	}
}
