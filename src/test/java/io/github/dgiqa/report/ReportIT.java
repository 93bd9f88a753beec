package io.github.dgiqa.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.process.ImageProcessor;

import io.github.dgiqa.Browser;
import io.github.dgiqa.Claim;
import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.Reference;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, from the disk: of the built program, and of rows without a network. */
@DisabledOnOs(OS.WINDOWS) // names with < and quotes
class ReportIT {

	private static final Path SCREENSHOTS = Path.of("target", "screenshots");
	private static final String TILES = "[...document.querySelectorAll('.tile')]";
	private static final String TITLES = TILES + ".map(t => t.querySelector('.open').title)";
	private static final String SCORES = TILES + ".map(t => t.querySelector('.score').textContent)";
	private static final String COUNTS = "[...document.querySelectorAll('rect.bin')].map(r => r.dataset.count)";
	private static final String LOADED = "[...document.images].every(i => i.complete && i.naturalWidth > 0)";
	private static final int HOME = 36;
	private static final int END = 35;
	private static final int RIGHT = 39;
	private static final int ENTER = 13;

	@TempDir
	private Path temporary;

	private ProgramRun assess(final Object... arguments) {
		return ProgramRun.of(program(arguments));
	}

	private ProcessBuilder program(final Object... arguments) {
		final List<String> command = new ArrayList<>(List.of(ProgramRun.java(), "-jar", ProgramRun.JAR.toAbsolutePath().toString(), "assess", "--threads", "1"));
		Arrays.stream(arguments).map(Object::toString).forEach(command::add);
		return new ProcessBuilder(command).directory(temporary.toFile());
	}

	/** In how many of 20 bins there is something. */
	private static List<String> bins(final int... counts) {
		final List<String> all = new ArrayList<>(Collections.nCopies(20, "0"));
		for (int i = 0; i < counts.length; i += 2)
			all.set(counts[i], Integer.toString(counts[i + 1]));
		return all;
	}

	private static String score(final CSVRecord row) {
		return String.format(Locale.ROOT, "%.4f", Double.parseDouble(row.get("score")));
	}

	/** Also by a name that would be HTML. */
	@Test
	void aFolderIsOnOnePage() throws IOException {
		final Path photos = Files.createDirectories(temporary.resolve("p <"));
		final Path odd = Files.createDirectory(photos.resolve("x<"));
		Files.copy(Path.of("samples", "coffee.png"), photos.resolve("coffee.png"));
		Files.copy(Path.of("samples", "chelsea.png"), odd.resolve("script><img src=x onerror=bad=1> it's \"a\" & b\n#?%41.png"));
		Files.writeString(photos.resolve("broken.png"), "no image");
		final ImageProcessor coffee = IJ.openImage("samples/coffee.png").getProcessor();
		final ImageStack slices = new ImageStack(coffee.getWidth(), coffee.getHeight());
		slices.addSlice(coffee);
		final ImageProcessor blurred = coffee.duplicate();
		blurred.blurGaussian(4);
		slices.addSlice(blurred);
		assertTrue(new FileSaver(new ImagePlus("stack", slices)).saveAsTiffStack(photos.resolve("stack.tif").toString()));

		final ProgramRun run = assess("--recursive", "--report", "r", "--csv", "rows.csv", "p <");
		assertEquals(1, run.status(), run.err());
		final List<CSVRecord> rows = ProgramRun.rows(temporary.resolve("rows.csv"));
		final String nasty = "p </x</script><img src=x onerror=bad=1> it's \"a\" & b\n#?%41.png";
		final Path page = temporary.resolve("r").resolve(Report.PAGE);
		try (Browser browser = Browser.open()) {
			browser.load(page, "");
			// slice 1 of the stack is coffee.png too; of equals, the later one comes first when the order is turned
			final List<CSVRecord> scored = new ArrayList<>(rows.stream().filter(row -> row.get("error").isEmpty()).toList());
			Collections.reverse(scored);
			scored.sort(Comparator.comparingDouble(row -> -Double.parseDouble(row.get("score"))));
			final List<String> titles = browser.texts(TITLES);
			assertEquals(scored.stream().map(row -> row.get("path")).toList(), titles.subList(0, 4));
			assertEquals(scored.stream().map(ReportIT::score).toList(), browser.texts(SCORES).subList(0, 4));
			final int coffeeAt = titles.indexOf("p </coffee.png");
			assertEquals(List.of("p </stack.tif", "p </coffee.png"), titles.subList(coffeeAt - 1, coffeeAt + 1));
			assertEquals(Reference.shownScore("coffee"), browser.texts(SCORES).get(coffeeAt));
			assertEquals(Reference.shownScore("chelsea"), browser.texts(SCORES).get(titles.indexOf(nasty)));
			assertEquals(List.of("p </broken.png", "failed"), List.of(titles.get(4), browser.texts(SCORES).get(4)));
			assertEquals("stack.tif · 1", browser.value(TILES + "[" + (coffeeAt - 1) + "].querySelector('.name').textContent").getAsString());
			assertTrue(browser.value(TILES + "[4].textContent").getAsString().contains("it looks like text"));
			assertEquals("4 scored, 1 failed", browser.value("document.getElementById('counts').textContent").getAsString());
			assertTrue(browser.value("document.getElementById('state').textContent").getAsString().startsWith("Finished "));
			assertEquals("undefined", browser.value("typeof bad").getAsString());
			final int[] counts = new int[20];
			scored.forEach(row -> counts[(int) (Double.parseDouble(row.get("score")) * 20)]++);
			assertEquals(Arrays.stream(counts).mapToObj(Integer::toString).toList(), browser.texts(COUNTS));
			browser.awaitTrue(LOADED);

			// a click, the maps, the numbers, the file itself
			browser.click("(" + TILES + "[" + coffeeAt + "].querySelector('.frame'))");
			browser.awaitTrue("document.getElementById('view').open && document.querySelectorAll('#pictures img').length === 4 && " + LOADED);
			assertEquals(List.of("512", "512", "512", "512"), browser.texts("[...document.querySelectorAll('#pictures img')].map(i => i.naturalWidth)"));
			assertEquals(List.of("image", "inverse depth", "attention", "local quality"), browser.texts("[...document.querySelectorAll('figcaption')].map(c => c.firstChild.textContent)"));
			final String numbers = browser.value("document.getElementById('numbers').innerText").getAsString();
			assertTrue(numbers.contains(Reference.shownScore("coffee")) && numbers.contains("600") && numbers.contains("400") && numbers.contains("p </coffee.png"), numbers);
			assertEquals(photos.resolve("coffee.png").toRealPath().toUri().toString(), browser.value("document.getElementById('original').href").getAsString());
			browser.screenshot(SCREENSHOTS.resolve("report-view.png"));
			browser.press("ArrowRight", RIGHT);
			browser.click("#close");
			browser.awaitTrue("!document.getElementById('view').open && document.activeElement === " + TILES + "[" + (coffeeAt + 1) + "].querySelector('.open')");

			// the one with the odd name opens by its link
			final String link = browser.value("(row => { row.querySelector('.open').click(); const a = document.getElementById('original').href; document.getElementById('close').click(); return a; })(" + TILES + ".find(t => t.textContent.includes('onerror')))").getAsString();
			assertEquals(odd.resolve("script><img src=x onerror=bad=1> it's \"a\" & b\n#?%41.png").toRealPath(), Path.of(URI.create(link)));

			browser.screenshot(SCREENSHOTS.resolve("report.png"));
			final String least = String.format(Locale.ROOT, "%.2f", Reference.score("chelsea") - 0.05);
			final String most = String.format(Locale.ROOT, "%.2f", Reference.score("chelsea") + 0.05);
			browser.load(page, "#min=" + least + "&max=" + most + "&sort=asc&failed=0");
			assertTrue(browser.texts(TITLES).contains(nasty) && !browser.texts(TITLES).contains("p </coffee.png") && !browser.texts(TITLES).contains("p </broken.png"));
			assertEquals(least, browser.value("document.getElementById('min').value").getAsString());
			assertTrue(browser.requests().stream().allMatch(url -> url.startsWith("file:")), browser.requests().toString());
		}
	}

	/** Scores 0.105, 0.115 ... 0.295, and two that failed. */
	private Path twenty() throws IOException {
		final Path folder = temporary.resolve("twenty");
		try (Report report = Report.begin(folder, Rows.PROVENANCE, 22)) {
			for (int i = 0; i < 20; i++)
				report.add(Rows.scored("f/" + i, 1, 0.105 + 0.01 * i), i % 2 == 0 ? Rows.picture(10 * i) : null);
			report.add(Rows.failed("f/x", "No."), null);
			report.add(Rows.failed("f/y", "No."), Rows.picture(1));
			report.finish();
		}
		return folder.resolve(Report.PAGE);
	}

	private static List<String> paths(final int first, final int last) {
		return IntStream.rangeClosed(Math.min(first, last), Math.max(first, last)).map(i -> first <= last ? i : first + last - i).mapToObj(i -> "f/" + i).toList();
	}

	private static List<String> copied(final Browser browser) {
		browser.value("navigator.clipboard.writeText('nothing')");
		browser.click("#copy");
		browser.awaitTrue("document.getElementById('shown').textContent.endsWith('copied')");
		return List.of(browser.value("navigator.clipboard.readText()").getAsString().split("\n"));
	}

	@Test
	void orderFilterAndSelection() throws IOException {
		final Path page = twenty();
		try (Browser browser = Browser.open()) {
			browser.allowClipboard();
			browser.load(page, "#failed=0");
			assertEquals(paths(19, 0), browser.texts(TITLES));
			assertEquals(bins(2, 5, 3, 5, 4, 5, 5, 5), browser.texts(COUNTS));
			browser.value("(s => { s.value = 'asc'; s.dispatchEvent(new Event('change')); })(document.getElementById('sort'))");
			assertEquals(paths(0, 19), browser.texts(TITLES));
			assertEquals("#sort=asc&failed=0", browser.value("location.hash").getAsString());
			browser.value("(m => { m.value = '0.2'; m.dispatchEvent(new Event('change')); })(document.getElementById('min'))");
			assertEquals(paths(10, 19), browser.texts(TITLES)); // 0.205 is the first
			browser.value("(m => { m.value = '0.25'; m.dispatchEvent(new Event('input')); })(document.getElementById('to'))");
			assertEquals(paths(10, 14), browser.texts(TITLES)); // 0.245 is the last
			assertEquals("#min=0.2&max=0.25&sort=asc&failed=0", browser.value("location.hash").getAsString());
			assertEquals("5 images shown, 0 selected", browser.value("document.getElementById('shown').textContent").getAsString());

			browser.click("#select");
			assertEquals(paths(10, 14), copied(browser));
			browser.click("#clear");
			browser.click("(" + TILES + "[3].querySelector('input'))");
			browser.click("(" + TILES + "[1].querySelector('input'))", 8); // with Shift
			assertEquals(paths(11, 13), copied(browser));
			browser.click("(" + TILES + "[2].querySelector('.frame'))", 2); // with Ctrl
			assertEquals(List.of("f/11", "f/13"), copied(browser));

			browser.click("#reset");
			browser.click("(document.querySelectorAll('rect.bin')[4])");
			assertEquals(paths(10, 14), browser.texts(TITLES).stream().filter(title -> !title.matches("f/[xy]")).toList());
			assertEquals(List.of("f/11", "f/13"), copied(browser)); // in the order that is shown
			browser.click("#reset");
			assertEquals(22, browser.texts(TITLES).size());
			assertEquals(List.of("f/x", "f/y"), browser.texts(TITLES).subList(20, 22));

			// where nothing can be copied, the names are shown
			browser.value("(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); document.execCommand = () => false; })()");
			browser.click("#copy");
			browser.awaitTrue("document.getElementById('names').open");
			assertEquals("f/11\nf/13", browser.value("document.getElementById('names-text').value").getAsString());
			browser.click("#names-close");
		}
	}

	@Test
	void tenThousandImages() throws IOException {
		final Path folder = temporary.resolve("many");
		final int many = 10_000;
		try (Report report = Report.begin(folder, Rows.PROVENANCE, many)) {
			for (int i = 0; i < many; i++)
				report.add(Rows.scored("f/" + i, 1, (i * 7919 % many + 0.25) / many), i < 100 ? Rows.picture(i) : null);
		}
		try (Browser browser = Browser.open()) {
			browser.load(folder.resolve(Report.PAGE), "");
			assertEquals("10,000 scored", browser.value("document.getElementById('counts').textContent").getAsString());
			assertTrue(browser.value("document.getElementById('state').textContent").getAsString().startsWith("Not finished: 10,000 of 10,000 files."));
			assertEquals(Collections.nCopies(20, "500"), browser.texts(COUNTS));
			assertEquals(List.of("0.9999", "0.9998", "0.9997"), browser.texts(SCORES).subList(0, 3)); // 0.999925, 0.999825 ...
			assertTrue(browser.texts(TITLES).size() < 200, "all are drawn");
			browser.screenshot(SCREENSHOTS.resolve("report-10000.png"));
			browser.click(".tile .frame");
			browser.click("#close");
			browser.press("End", END);
			browser.awaitTrue("(document.activeElement.getAttribute('aria-label') || '').includes('score 0.0000')"); // 0.000025
			assertTrue(browser.texts(TITLES).size() < 200, "all are drawn");
			browser.press("Home", HOME);
			browser.press("ArrowRight", RIGHT);
			browser.press("Enter", ENTER);
			browser.awaitTrue("document.getElementById('numbers').innerText.includes('0.999825')");
			browser.load(folder.resolve(Report.PAGE), "#min=0.5&max=0.5001&sort=asc");
			assertEquals(List.of("0.5000"), browser.texts(SCORES)); // 0.500025
		}
	}

	@Test
	void aCutPageShowsWhatIsWhole() throws IOException {
		final Path page = twenty();
		final byte[] whole = Files.readAllBytes(page);
		final List<String> lines = Rows.lines(page.getParent());
		final int end = lines.get(lines.size() - 1).length() + 1;
		final int last = lines.get(lines.size() - 2).length() + 1;
		try (Browser browser = Browser.open()) {
			for (int cut = end + 1; cut < end + last; cut += last / 6) {
				Files.write(page, Arrays.copyOf(whole, whole.length - cut));
				browser.load(page, "");
				assertEquals(cut == end + 1 ? 22 : 21, browser.texts(TITLES).size(), "cut by " + cut);
				assertTrue(browser.value("document.getElementById('state').textContent").getAsString().startsWith("Not finished: "));
				assertFalse(browser.value("document.getElementById('reload').hidden").getAsBoolean());
			}
		}
	}

	@Test
	void killedInTheMiddleThePageOpensAndTheNextRunGoesOn() throws IOException, InterruptedException {
		final Path photos = Files.createDirectory(temporary.resolve("p"));
		final int many = 12;
		for (int i = 0; i < many; i++)
			Files.copy(Path.of("samples", "coffee.png"), photos.resolve(String.format(Locale.ROOT, "%02d.png", i)));
		final Object[] arguments = {"--resume", "--report", "r", "--csv", "rows.csv", "p"};
		final Path r = temporary.resolve("r");
		final Path page = r.resolve(Report.PAGE);
		final Process process = program(arguments).redirectErrorStream(true).redirectOutput(temporary.resolve("out.txt").toFile()).start();
		while (process.isAlive() && (!Files.exists(page) || Rows.paths(r).size() < 3))
			Thread.sleep(5);
		process.destroyForcibly().waitFor(); // kill -9
		final int before = Rows.paths(r).size();
		assertTrue(before >= 3 && before < many, before + ": " + Files.readString(temporary.resolve("out.txt")));
		try (Browser browser = Browser.open()) {
			browser.load(page, "");
			assertEquals(before, browser.texts(TITLES).size());
			browser.awaitTrue(LOADED);
			assertEquals("Not finished: " + before + " of " + many + " files. The run goes on, or was stopped.", browser.value("document.getElementById('state').textContent").getAsString());
			final ProgramRun rest = assess(arguments);
			assertEquals(0, rest.status(), rest.err());
			browser.load(page, "");
			assertEquals(IntStream.range(0, many).mapToObj(i -> String.format(Locale.ROOT, "p/%02d.png", i)).toList(), browser.texts(TITLES).stream().sorted().toList());
			browser.awaitTrue(LOADED);
			assertTrue(browser.value("document.getElementById('state').textContent").getAsString().startsWith("Finished "));
		}
		assertEquals(5 * many, Rows.images(r).size());
	}

	/** A file that has changed has its new row and picture; the one that the first run knew stays as it is. */
	@Test
	void goesOnWithTheRows() throws IOException {
		final Path photos = Files.createDirectory(temporary.resolve("p"));
		Files.copy(Path.of("samples", "coffee.png"), photos.resolve("a.png"));
		Files.copy(Path.of("samples", "chelsea.png"), photos.resolve("b.png"));
		Files.copy(Path.of("samples", "chelsea.png"), photos.resolve("c.png"));
		final Path r = temporary.resolve("r");
		assertEquals(0, assess("--resume", "--csv", "rows.csv", "p/a.png").status());
		final ProgramRun first = assess("--resume", "--report", "r", "--csv", "rows.csv", "p/a.png", "p/b.png");
		assertEquals(0, first.status(), first.err());
		assertEquals(List.of("p/a.png 1", "p/b.png 1"), Rows.paths(r));
		assertEquals(5, Rows.images(r).size()); // a's row was there before the report
		Files.copy(Path.of("samples", "coffee.png"), photos.resolve("b.png"), StandardCopyOption.REPLACE_EXISTING);
		Files.setLastModifiedTime(photos.resolve("b.png"), FileTime.fromMillis(1_000_000_000L));
		final ProgramRun second = assess("--resume", "--report", "r", "--csv", "rows.csv", "p");
		assertEquals(0, second.status(), second.err());
		assertEquals(List.of("p/a.png 1", "p/b.png 1", "p/c.png 1"), Rows.paths(r));
		assertEquals(10, Rows.images(r).size());
		assertEquals(List.of(Reference.shownScore("coffee"), Reference.shownScore("coffee"), Reference.shownScore("chelsea")), scores(r));

		// scored anew by a run without the report
		Files.copy(Path.of("samples", "chelsea.png"), photos.resolve("b.png"), StandardCopyOption.REPLACE_EXISTING);
		Files.setLastModifiedTime(photos.resolve("b.png"), FileTime.fromMillis(2_000_000_000L));
		assertEquals(0, assess("--resume", "--csv", "rows.csv", "p").status());
		assertEquals(0, assess("--resume", "--report", "r", "--csv", "rows.csv", "p").status());
		assertEquals(List.of("p/a.png 1", "p/c.png 1", "p/b.png 1"), Rows.paths(r));
		assertEquals(Reference.shownScore("chelsea"), scores(r).get(2));
		assertEquals(5, Rows.images(r).size());

		Files.writeString(temporary.resolve("letter.txt"), "Dear");
		final ProgramRun refused = assess("--report", ".", "--csv", "rows.csv", "p");
		assertEquals(2, refused.status());
		assertEquals("--report . is not empty, and no report: name another folder.", refused.err().lines().findFirst().orElseThrow());
		assertEquals(3, ProgramRun.rows(temporary.resolve("rows.csv")).size());
		final ProgramRun images = assess("--report", "r", "r/thumbnail/000");
		assertEquals("--report r holds images that are to be assessed: name another folder.", images.err().lines().findFirst().orElseThrow());
		final ProgramRun other = assess("--resume", "--seed", "7", "--sampling", "random", "--report", "r", "--csv", "other.csv", "p");
		assertEquals(1, other.status());
		assertTrue(other.err().startsWith("The report in r is of rows that were made otherwise (sampling was grid, is random)"), other.err());
	}

	private static List<String> scores(final Path report) throws IOException {
		return Rows.lines(report).stream().map(Lines::row).filter(row -> row != null).map(row -> String.format(Locale.ROOT, "%.4f", row.get("score").getAsDouble())).toList();
	}

	/** Commands that cannot do their work leave rows and report as they were. */
	@Test
	void whatIsThereStaysUntilTheWorkBegins() throws IOException {
		final Path photos = Files.createDirectories(temporary.resolve("p"));
		Files.copy(Path.of("samples", "coffee.png"), photos.resolve("a.png"));
		final Path csv = temporary.resolve("rows.csv");
		final Path r = temporary.resolve("r");
		assertEquals(0, assess("--shard", "1/1", "--csv", csv, "--report", r, "p").status());
		final String rows = Files.readString(csv);
		final String page = Files.readString(r.resolve(Report.PAGE));
		try (Claim claim = Claim.on(r.toRealPath().resolve(Report.PAGE), "test")) {
			for (final List<String> more : List.of(List.<String>of(), List.of("--resume")))
				assertEquals(1, assess(Stream.concat(Stream.of("--csv", csv, "--report", r, "p"), more.stream()).toArray()).status());
		}
		Files.writeString(temporary.resolve("letter.txt"), "Dear");
		for (final List<String> more : List.of(List.<String>of(), List.of("--shard", "1/1")))
			assertEquals(3, assess(Stream.concat(Stream.of("--csv", csv, "--report", r, "--weights", "letter.txt", "p"), more.stream()).toArray()).status());
		final ProgramRun both = assess("--csv", r.resolve(Report.PAGE), "--report", r, "p");
		assertEquals(2, both.status());
		assertTrue(both.err().contains("would be a part of the report: name another file."), both.err());
		assertEquals(rows, Files.readString(csv));
		assertEquals(page, Files.readString(r.resolve(Report.PAGE)));
		assertEquals(5, Rows.images(r).size());
	}

	/** Its pictures are none of the user's. */
	@Test
	void aReportInTheFolderIsPassedOver() throws IOException {
		final Path photos = Files.createDirectories(temporary.resolve("p"));
		Files.copy(Path.of("samples", "coffee.png"), photos.resolve("a.png"));
		for (int i = 0; i < 2; i++) {
			final ProgramRun run = assess("--recursive", "--resume", "--csv", "rows.csv", "--report", "p/report", "p");
			assertEquals(0, run.status(), run.err());
			assertEquals(i == 1, run.err().contains("report is a report, and was passed over."), run.err());
		}
		assertEquals(1, ProgramRun.rows(temporary.resolve("rows.csv")).size());
	}
}
