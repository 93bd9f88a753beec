package io.github.dgiqa.evaluate.sets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;

/** Small folders of the same form as the published sets; what is in the images does not matter here. */
class RatedSetTest {

	private static final String KONIQ_GRADES = "image_name,c1,c2,c3,c4,c5,c_total,MOS,SD,MOS_zscore\n\"10004473376.jpg\",0,0,25,73,7,105,3.828571429,0.5,71.0\n\"10007357496.jpg\",0,3,45,47,1,96,3.479166667,0.6,61.4\n";
	private static final String KONIQ_PERCENT = "image_name,c1,c2,c3,c4,c5,c_total,MOS,SD,set\n10004473376.jpg,0,0,25,73,7,105,70.12,0.5,training\n10007357496.jpg,0,3,45,47,1,96,59.9,0.6,test\n";

	@TempDir
	Path folder;

	private void image(final String name) throws IOException {
		final Path file = folder.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "");
	}

	private void text(final String name, final String text) throws IOException {
		image(name);
		Files.writeString(folder.resolve(name), text);
	}

	private RatedSet read(final Benchmark benchmark) {
		return RatedSet.read(benchmark, folder);
	}

	private static void check(final Opinion opinion, final String fileName, final double score, final String reference, final String distortion, final String level) {
		assertEquals(fileName, opinion.file().getFileName().toString());
		assertEquals(score, opinion.score(), 1e-12);
		assertEquals(List.of(reference, distortion, level), List.of(opinion.reference(), opinion.distortion(), opinion.level()));
	}

	@Test
	void koniq10kHasTwoFilesWithOtherNumbers() throws IOException {
		text("meta/koniq10k_scores_and_distributions.csv", KONIQ_GRADES);
		image("1024x768/10004473376.jpg");
		image("512x384/deeper/10004473376.jpg");
		image("1024x768/10007357496.jpg");
		final RatedSet grades = read(Benchmark.KONIQ10K);
		assertEquals(new Scale(1, 5, true), grades.scale());
		assertEquals("koniq10k", grades.name());
		assertEquals(2, grades.opinions().size());
		check(grades.opinions().get(0), "10004473376.jpg", 3.828571429, "", "", "");
		assertTrue(grades.opinions().get(0).file().toString().contains("1024x768"));
		assertEquals(List.of(), grades.sentences());
		text("koniq10k_distributions_sets.csv", KONIQ_PERCENT);
		final RatedSet percent = read(Benchmark.KONIQ10K);
		assertEquals(new Scale(0, 100, true), percent.scale());
		check(percent.opinions().get(1), "10007357496.jpg", 59.9, "", "", "");
	}

	@Test
	void kadid10k() throws IOException {
		text("kadid10k/dmos.csv", "dist_img,ref_img,dmos,var\nI01_01_01.png,I01.png,4.57,0.496\nI01_25_05.png,I01.png,1.33,0.86\nI02_03_04.png,I02.png,2.5,0.9\n");
		image("kadid10k/images/I01_01_01.png");
		image("kadid10k/images/I01_25_05.png");
		final RatedSet set = read(Benchmark.KADID10K);
		assertEquals(new Scale(1, 5, true), set.scale());
		check(set.opinions().get(0), "I01_01_01.png", 4.57, "I01", "01", "1");
		check(set.opinions().get(1), "I01_25_05.png", 1.33, "I01", "25", "5");
		assertEquals(List.of("Of the 3 images of kadid10k 1 is not there and left out, such as I02_03_04.png."), set.sentences());
		assertEquals(1, set.first(1).opinions().size());
		assertEquals(4.57, set.oriented(4.57));
	}

	@Test
	void tid2013InWhateverCase() throws IOException {
		text("mos_with_names.txt", "5.51429 I01_01_1.bmp\r\n5.56757 i01_01_2.bmp\r\n\r\n3.2 I25_24_5.bmp\r\n");
		image("distorted_images/I01_01_1.bmp");
		image("distorted_images/i01_01_2.bmp");
		image("distorted_images/i25_24_5.BMP");
		final RatedSet set = read(Benchmark.TID2013);
		assertEquals(new Scale(0, 9, true), set.scale());
		check(set.opinions().get(0), "I01_01_1.bmp", 5.51429, "I01", "01", "1");
		check(set.opinions().get(1), "i01_01_2.bmp", 5.56757, "I01", "01", "2");
		check(set.opinions().get(2), "i25_24_5.BMP", 3.2, "I25", "24", "5");
	}

	@Test
	void liveInTheWildWithoutItsTrainingImages() throws IOException {
		writeLivec(9, 9);
		for (int i = 8; i <= 9; i++)
			image("Images/" + i + ".bmp");
		final RatedSet set = read(Benchmark.LIVEC);
		assertEquals(new Scale(0, 100, true), set.scale());
		assertEquals(2, set.opinions().size());
		check(set.opinions().get(0), "8.bmp", 58.5, "", "", "");
		check(set.opinions().get(1), "9.bmp", 59.5, "", "", "");
		assertTrue(set.missing().isEmpty());
		writeLivec(9, 8);
		assertSentence("names 9 images and", () -> read(Benchmark.LIVEC));
	}

	private void writeLivec(final int images, final int scores) throws IOException {
		Files.createDirectories(folder.resolve("Data"));
		final Cell names = Mat5.newCell(images, 1);
		for (int i = 0; i < images; i++)
			names.set(i, Mat5.newString((i < 7 ? "t" : "") + (i + 1) + ".bmp"));
		write(Mat5.newMatFile().addArray("AllImages_release", names), "AllImages_release.mat");
		final Matrix values = Mat5.newMatrix(1, scores);
		for (int i = 0; i < scores; i++)
			values.setDouble(i, 51.5 + i);
		write(Mat5.newMatFile().addArray("AllMOS_release", values), "AllMOS_release.mat");
	}

	private void write(final MatFile file, final String name) throws IOException {
		Mat5.writeToFile(file, folder.resolve("Data").resolve(name).toFile());
	}

	@Test
	void spaq() throws IOException {
		image("Annotations/MOS and Image attribute scores.xlsx");
		workbook("Annotations/MOS and Image attribute scores.xlsx", "Sheet1", sheet -> {
			row(sheet, 0, 0, "Image name", "MOS", "Brightness");
			row(sheet, 1, 0, "00001.jpg", 63.3, 50);
			row(sheet, 2, 0, "00002.jpg", 28, 51.25);
		});
		image("TestImage/00001.jpg");
		image("TestImage/00002.jpg");
		final RatedSet set = read(Benchmark.SPAQ);
		assertEquals(new Scale(0, 100, true), set.scale());
		check(set.opinions().get(0), "00001.jpg", 63.3, "", "", "");
		check(set.opinions().get(1), "00002.jpg", 28, "", "", "");
	}

	@Test
	void csiqWhereLowerIsBetter() throws IOException {
		image("csiq.DMOS.xlsx");
		workbook("csiq.DMOS.xlsx", "all_by_image", sheet -> {
			row(sheet, 0, 3, "a title over the table");
			row(sheet, 3, 3, "image", "dst_idx", "dst_type", "dst_lev", "dmos_std", "dmos");
			row(sheet, 4, 3, 1600, 1, "noise", 1, 0.05, 0.062);
			row(sheet, 5, 3, "trolley", 3, "jpeg 2000", 5, 0.05, 0.952);
		});
		image("dst_imgs/awgn/1600.AWGN.1.png");
		image("dst_imgs/jpeg2000/trolley.jpeg2000.5.png");
		final RatedSet set = read(Benchmark.CSIQ);
		assertEquals(new Scale(0, 1, false), set.scale());
		assertEquals("0 to 1, lower is better", set.scale().toString());
		check(set.opinions().get(0), "1600.AWGN.1.png", 0.062, "1600", "noise", "1");
		check(set.opinions().get(1), "trolley.jpeg2000.5.png", 0.952, "trolley", "jpeg2000", "5");
		assertEquals(-0.952, set.oriented(0.952));
	}

	private interface Filler {

		void fill(Worksheet sheet);
	}

	private void workbook(final String name, final String sheet, final Filler filler) throws IOException {
		try (OutputStream out = Files.newOutputStream(folder.resolve(name)); Workbook book = new Workbook(out, "test", "1.0")) {
			filler.fill(book.newWorksheet(sheet));
		}
	}

	private static void row(final Worksheet sheet, final int row, final int column, final Object... cells) {
		for (int i = 0; i < cells.length; i++) {
			if (cells[i] instanceof Number) sheet.value(row, column + i, (Number) cells[i]);
			else sheet.value(row, column + i, (String) cells[i]);
		}
	}

	@Test
	void fliveHasFoldersInItsNames() throws IOException {
		text("labels_image.csv", "name,mos,is_valid\nvoc_emotic_ava/JPEGImages__1.jpg,71.5,False\nblur_dataset/JPEGImages__1.jpg,40,False\nEE371R/cj23.jpg,55.25,True\n");
		image("database/blur_dataset/JPEGImages__1.jpg");
		image("database/voc_emotic_ava/JPEGImages__1.jpg");
		image("elsewhere/cj23.jpg");
		final RatedSet set = read(Benchmark.FLIVE);
		assertEquals(new Scale(0, 100, true), set.scale());
		assertTrue(set.opinions().get(0).file().toString().contains("voc_emotic_ava"));
		assertTrue(set.opinions().get(1).file().toString().contains("blur_dataset"));
		check(set.opinions().get(2), "cj23.jpg", 55.25, "", "", "");
	}

	@Test
	void filesOfOnesOwn() throws IOException {
		image("pictures/a b.png");
		image("c.png");
		text("mine.csv", "\ufeffscore, image ,reference,distortion,level,seed\n0.5,pictures/a b.png,r,blur,3,42\n0.25,c.png,r,blur,4,42\n0.75,\"" + folder.resolve("c.png").toAbsolutePath() + "\",,,,\n");
		final RatedSet set = RatedSet.read("mine", folder.resolve("mine.csv"));
		assertEquals(new Scale(0, 1, true), set.scale());
		check(set.opinions().get(0), "a b.png", 0.5, "r", "blur", "3");
		check(set.opinions().get(2), "c.png", 0.75, "", "", "");
		assertEquals(0, set.unrated());
		text("some.csv", "image,score\na.png,\nc.png,4\nb.png\n");
		assertEquals(List.of("Of the rows of some 2 have no score and are left out."), RatedSet.read("some", folder.resolve("some.csv")).sentences());
		text("five.csv", "image,score\nc.png,4.9\n");
		assertEquals(new Scale(1, 5, true), RatedSet.read("five", folder.resolve("five.csv")).scale());
		text("odd.csv", "image,score\nc.png,-3\npictures/a b.png,7\n");
		assertEquals(new Scale(-3, 7, true), RatedSet.read("odd", folder.resolve("odd.csv")).scale());
	}

	@Test
	void whatCannotBeRead() throws IOException {
		image("a.png");
		assertSentence("There is no file", () -> csv("missing.csv"));
		for (final String[] wrong : new String[][] {
			{"", "has no column image"},
			{"a.png,0.5\n", "has no column image: its first line must name the columns image,score, and it is 'a.png,0.5'"},
			{"image;score\na.png;0.5\n", "has no column image"},
			{"image,mos\na.png,0.5\n", "has no column score"},
			{"image,score\n", "have no line"},
			{"image,score\na.png,good\n", "line 2, column score: 'good' is no number"},
			{"image,score\na.png,NaN\n", "'NaN' is no number"},
			{"image,score\na.png,\n", "have no line"},
			{"image,score\n,0.5\n", "line 2 has nothing in the column image"},
			{"image,score\na.png,1\nA.PNG,2\n", "name the image A.PNG twice"},
			{"image,score\nb.png,1\nc.png,2\n", "None of the 2 images"},
			{"image,image,score\na.png,a.png,2\n", "cannot be read as CSV"},
			{"image,score\n\"a.png,2\n", "cannot be read as CSV"}})
		{
			text("wrong.csv", wrong[0]);
			assertSentence(wrong[1], () -> csv("wrong.csv"));
		}
		for (final Benchmark benchmark : Benchmark.values())
			assertSentence("which has the human scores", () -> read(benchmark));
		assertSentence("is no folder", () -> RatedSet.read(Benchmark.SPAQ, folder.resolve("nowhere")));
		for (final String name : List.of("csiq.DMOS.xlsx", "MOS and Image attribute scores.xlsx", "AllImages_release.mat", "AllMOS_release.mat"))
			text(name, "neither a workbook nor of MATLAB");
		assertSentence("cannot be read as an .xlsx file", () -> read(Benchmark.CSIQ));
		assertSentence("cannot be read as an .xlsx file", () -> read(Benchmark.SPAQ));
		assertSentence("a .mat file with the variable AllImages_release", () -> read(Benchmark.LIVEC));
		workbook("csiq.DMOS.xlsx", "other", sheet -> row(sheet, 0, 0, "image"));
		assertSentence("has no sheet all_by_image", () -> read(Benchmark.CSIQ));
		workbook("csiq.DMOS.xlsx", "all_by_image", sheet -> row(sheet, 0, 0, "image", "score"));
		assertSentence("has no row with the column names image, dst_type, dst_lev, dmos", () -> read(Benchmark.CSIQ));
		text("mos_with_names.txt", "I01_01_1.bmp 5.5\n");
		assertSentence("line 1: 'I01_01_1.bmp' is no number", () -> read(Benchmark.TID2013));
		text("mos_with_names.txt", "5.5\n");
		assertSentence("line 1: a score and the name of an image", () -> read(Benchmark.TID2013));
		text("dmos.csv", "dist_img,dmos\nphoto.png,3\n");
		assertSentence("names such as I01_05_3.png", () -> read(Benchmark.KADID10K));
	}

	private RatedSet csv(final String name) {
		return RatedSet.read("wrong", folder.resolve(name));
	}

	private static void assertSentence(final String part, final Runnable read) {
		final String sentence = assertThrows(SetException.class, read::run, part).getMessage();
		assertTrue(sentence.contains(part), sentence);
		assertTrue(sentence.endsWith(".") && sentence.lines().count() == 1, sentence);
	}

	@Test
	void wordsOfSets() {
		assertEquals("koniq10k, kadid10k, tid2013, livec, spaq, csiq, flive", Benchmark.words());
		assertTrue(Benchmark.parse("LIVE").isEmpty());
		assertEquals(7, IntStream.range(0, Benchmark.values().length).filter(i -> Benchmark.parse(Benchmark.values()[i].key()).isPresent()).count());
	}
}
