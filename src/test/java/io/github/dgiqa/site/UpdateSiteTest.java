package io.github.dgiqa.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.site.UpdateSiteReader.Component;
import io.github.dgiqa.site.UpdateSiteReader.Version;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scijava.util.FileUtils;

/** update-site/UpdateSite.java on small trees. */
class UpdateSiteTest {

	private static final long FIRST = 20260102030405L;
	private static final long SECOND = 20260102030406L;
	private static final long THIRD = 20270101000000L;

	@TempDir
	static Path classes;

	private static SingleFile program;

	@TempDir
	Path folder;

	private Path tree;
	private Path site;

	@BeforeAll
	static void compile() {
		program = SingleFile.compile("UpdateSite", classes);
	}

	@BeforeEach
	void makeTree() throws IOException {
		tree = folder.resolve("tree");
		site = folder.resolve("site");
		fill(tree);
	}

	private static void fill(final Path tree) throws IOException {
		SingleFile.jar(tree.resolve("plugins/Plug_-1.0.0.jar"), "P.class", "1", "META-INF/maven/g/a/pom.xml",
			"<project><parent><description>of another</description></parent><description>Scores &lt;images&gt; &amp; \"says\" why. </description></project>");
		SingleFile.jar(tree.resolve("jars/djl/lib-2.7.1-0.35.1.jar"), "L.class", "1");
		SingleFile.jar(tree.resolve("jars/djl/other-1.6.jar"), "O.class", "1");
		for (final String platform : List.of("linux64", "win64", "macos-arm64"))
			SingleFile.jar(tree.resolve("jars/" + platform + "/torch-2.7.1.jar"), "native/" + platform, "1");
		write("macros/Old.ijm", tree, "print(1);\n");
		write("macros/Stays.ijm", tree, "print(2);\n");
		write("models/m/weights.bin", tree, "weights");
	}

	private static void write(final String name, final Path tree, final String text) throws IOException {
		final Path file = tree.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

	/** Makes a version of the site; returns it as the updater sees it, checked. */
	private UpdateSiteReader make(final long timestamp) throws IOException {
		final ProgramRun run = program.run(tree, site, timestamp);
		assertEquals("", run.err());
		assertEquals(0, run.status());
		final UpdateSiteReader made = UpdateSiteReader.read(site);
		made.check();
		return made;
	}

	private String refused(final Object... arguments) throws IOException {
		final Map<String, String> before = contents(folder);
		final ProgramRun run = program.run(arguments);
		assertEquals(1, run.status(), run.out());
		assertEquals("", run.out());
		assertEquals(before, contents(folder), "something was written");
		final String said = run.err().strip();
		assertFalse(said.contains("\n"), said);
		return said.replace(folder.toString(), "FOLDER");
	}

	/** All files below a folder, each with its checksum. */
	private static Map<String, String> contents(final Path folder) throws IOException {
		final Map<String, String> contents = new TreeMap<>();
		try (Stream<Path> files = Files.walk(folder)) {
			for (final Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator)
				contents.put(folder.relativize(file).toString(), DigestUtils.sha256Hex(Files.readAllBytes(file)));
		}
		return contents;
	}

	private static String index(final Path site) throws IOException {
		try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(site.resolve("db.xml.gz")))) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private void writeIndex(final String text) throws IOException {
		try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(site.resolve("db.xml.gz")))) {
			out.write(text.getBytes(StandardCharsets.UTF_8));
		}
	}

	@Test
	void theFirstVersionListsEachFile() throws IOException {
		final UpdateSiteReader made = make(FIRST);
		assertEquals(Set.of("plugins/Plug_.jar", "jars/djl/lib.jar", "jars/djl/other.jar", "jars/linux64/torch.jar", "jars/win64/torch.jar", "jars/macos-arm64/torch.jar", "macros/Old.ijm", "macros/Stays.ijm",
			"models/m/weights.bin"), made.components().keySet());
		for (final Component component : made.components().values()) {
			assertEquals(FIRST, component.current().timestamp());
			assertEquals(List.of(), component.previous());
		}
		assertEquals(Set.of("win64"), made.get("jars/win64/torch.jar").platforms());
		assertEquals(Set.of(), made.get("jars/djl/lib.jar").platforms());
		final Component plugin = made.get("plugins/Plug_.jar");
		assertEquals("plugins/Plug_-1.0.0.jar", plugin.filename());
		assertEquals("Scores <images> & \"says\" why.", plugin.description());
		assertEquals(Map.of("jars/djl/lib.jar", FIRST, "jars/djl/other.jar", FIRST), plugin.dependencies());
		assertEquals(new Version("macros/Old.ijm", UpdateSiteReader.checksum("macros/Old.ijm", tree.resolve("macros/Old.ijm")), FIRST, 10), made.get("macros/Old.ijm").current());
		assertEquals(10, contents(site).size()); // the nine, and the index
		assertEquals("print(1);\n", Files.readString(site.resolve("macros/Old.ijm-20260102030405")));
	}

	@Test
	void whatIsDoneIsSaid() throws IOException {
		Files.write(tree.resolve("jars/win64/torch-2.7.1.jar"), new byte[0]);
		Files.delete(tree.resolve("jars/win64/torch-2.7.1.jar"));
		Files.write(tree.resolve("models/m/weights.bin"), new byte[2_340_000]);
		assertTrue(program.run(tree, site, FIRST).out().startsWith("8 files, 8 of them new and 0 changed; 0 obsolete\neverywhere   2.3 MB\n+ linux64    0.0 MB\n+ macos-arm64 0.0 MB\n"));
		write("macros/Stays.ijm", tree, "print(3);\n");
		Files.delete(tree.resolve("macros/Old.ijm"));
		write("macros/New.ijm", tree, "print(4);\n");
		assertTrue(program.run(tree, site, SECOND).out().startsWith("8 files, 1 of them new and 1 changed; 1 obsolete\n"));
	}

	/** The numbers are what UpdaterUtil.getDigest of imagej-updater 2.0.1 gives for the same files. */
	@Test
	void checksumsAreTheUpdaters() throws IOException {
		SingleFile.jar(tree.resolve("plugins/odd-1.0.jar"), "z.txt", "last\n", "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nMain-Class: a.B\r\n\r\n", "lib/", "", "META-INF/a.properties",
			"#Mon Jan 01\nkey=value\n# two\n\n#kept, after an empty line\n#dropped\n##\n#kept, after a bare comment\n\n\n#dropped, after two\nx=1\n#end", "B.class", "\0\1\2\u00fe\u00ff",
			"b/META-INF/MANIFEST.MF", "counts\n", "\u00fc.txt", "name");
		SingleFile.jar(tree.resolve("jars/crlf-1.0.jar"), "a.properties", "#one\r\n#two\r\n\r\n#three\r\n#\r\n#four\r\n#\n#five\n");
		SingleFile.jar(tree.resolve("jars/e.jar"), "META-INF/MANIFEST.MF", "x");
		write("macros/m.ijm", tree, "print(1);\n");
		write("macros/n.ijm", tree, "print(1);\n");
		final UpdateSiteReader made = make(FIRST);
		assertEquals("c2f40f252bc8b7f945e43f7e2041610667140b0e", made.get("plugins/odd.jar").current().checksum());
		assertEquals("561081043cfbd214911c514d6369e5225799f291", made.get("jars/crlf.jar").current().checksum());
		assertEquals("2e8cf92205ec303e7304888d382cb6a8cf5f56ba", made.get("jars/e.jar").current().checksum());
		assertEquals("e269939f72de3c76d7656bf9935370e6a246279d", made.get("macros/m.ijm").current().checksum());
		assertEquals("78a70d9870dc00b0f2d4648e0ae9cd318d485830", made.get("macros/n.ijm").current().checksum());
	}

	@Test
	void namesLoseVersionsAsInTheUpdater() throws IOException {
		final List<String> names = List.of("plain.jar", "a-1.jar", "b-1.2.jar", "c-1.2.3-SNAPSHOT.jar", "d-2.7.1-0.35.1.jar", "e-1.0-beta-3.jar", "f-1.2.GA.jar", "g-1.2b3.jar", "h-20240101.jar", "i-1.2-sources.jar",
			"j-1.2-natives-linux-amd64.jar", "k-1.2-linux-x86_64.jar", "l-1.2-win-x86_64.jar", "m-1.2-osx-aarch64.jar", "n-1.2-windows-armv6hf.jar", "o-1.2-tests.jar", "p-natives-1.2.jar", "q-1.2-native-x.jar",
			"r-1.2.txt", "s_2.13-3.3.0.jar", "t-1.2-swing.jar", "u.v-w-1.2.jar-xyz");
		for (final String name : names)
			SingleFile.jar(tree.resolve("jars/names/" + name), "a", name);
		final Set<String> dependencies = make(FIRST).get("plugins/Plug_.jar").dependencies().keySet();
		final String index = index(site);
		for (final String name : names) {
			final String expected = FileUtils.stripFilenameVersion("jars/names/" + name);
			assertTrue(index.contains("<dependency filename=\"" + expected + "\""), () -> name + " should be " + expected + " among " + dependencies);
		}
	}

	@Test
	void theSecondVersionKeepsWhatDidNotChange() throws IOException {
		final Version stays = make(FIRST).get("macros/Stays.ijm").current();
		final Map<String, String> before = contents(site);
		change();
		final UpdateSiteReader made = make(SECOND);

		assertEquals(stays, made.get("macros/Stays.ijm").current());
		assertEquals(FIRST, made.get("jars/win64/torch.jar").current().timestamp());

		final Component changed = made.get("models/m/weights.bin");
		assertEquals(SECOND, changed.current().timestamp());
		assertEquals(List.of(FIRST), changed.previous().stream().map(Version::timestamp).toList());

		final Component plugin = made.get("plugins/Plug_.jar");
		assertEquals("plugins/Plug_-1.1.0.jar", plugin.current().filename());
		assertEquals("plugins/Plug_-1.0.0.jar", plugin.previous().get(0).filename());
		assertEquals(Map.of("jars/djl/lib.jar", SECOND, "jars/djl/new.jar", SECOND), plugin.dependencies());

		for (final String name : List.of("macros/Old.ijm", "jars/djl/other.jar")) {
			final Component obsolete = made.get(name);
			assertNull(obsolete.current());
			assertEquals(List.of(FIRST), obsolete.previous().stream().map(Version::timestamp).toList());
		}
		assertTrue(index(site).contains("<previous-version filename=\"jars/djl/other-1.6.jar\" checksum=\"" + made.get("jars/djl/other.jar").previous().get(0).checksum()
			+ "\" timestamp=\"20260102030405\" timestamp-obsolete=\"20260102030406\"/>"));

		final Map<String, String> after = contents(site);
		before.remove("db.xml.gz");
		assertTrue(after.entrySet().containsAll(before.entrySet()), "a file of the first version is lost or changed");
		assertEquals(before.size() + 4 + 1, after.size()); // the plugin, two libraries, the weights; the index
	}

	/** A new version of everything that can change; nothing of Stays.ijm and the natives. */
	private void change() throws IOException {
		Files.delete(tree.resolve("macros/Old.ijm"));
		Files.delete(tree.resolve("jars/djl/other-1.6.jar"));
		Files.delete(tree.resolve("plugins/Plug_-1.0.0.jar"));
		SingleFile.jar(tree.resolve("plugins/Plug_-1.1.0.jar"), "P.class", "2");
		SingleFile.jar(tree.resolve("jars/djl/new-1.0.jar"), "N.class", "1");
		SingleFile.jar(tree.resolve("jars/djl/lib-2.7.1-0.35.1.jar"), "L.class", "2");
		write("models/m/weights.bin", tree, "others");
	}

	@Test
	void theThirdVersionTakesBackWhatTheSecondDropped() throws IOException {
		make(FIRST);
		change();
		make(SECOND);
		write("macros/Old.ijm", tree, "print(1);\n");
		write("models/m/weights.bin", tree, "weights");
		final UpdateSiteReader made = make(THIRD);
		final Component back = made.get("macros/Old.ijm");
		assertEquals(THIRD, back.current().timestamp());
		assertEquals(List.of(FIRST), back.previous().stream().map(Version::timestamp).toList());
		assertEquals(back.previous().get(0).checksum(), back.current().checksum());
		assertEquals(List.of(FIRST, SECOND), made.get("models/m/weights.bin").previous().stream().map(Version::timestamp).toList());
		assertNull(made.get("jars/djl/other.jar").current());
		assertTrue(index(site).contains("timestamp=\"20260102030405\" timestamp-obsolete=\"20260102030406\"/>"));
	}

	@Test
	void aJarOfTheSameSourcesStays() throws IOException {
		final Version before = make(FIRST).get("jars/djl/other.jar").current();
		SingleFile.jar(tree.resolve("jars/djl/other-1.6.jar"), "META-INF/MANIFEST.MF", "Built-By: me\n", "O.class", "1");
		final Version named = make(SECOND).get("jars/djl/other.jar").current();
		assertEquals(SECOND, named.timestamp()); // an entry more
		SingleFile.jar(tree.resolve("jars/djl/other-1.6.jar"), "META-INF/MANIFEST.MF", "Built-By: somebody else\n", "O.class", "1");
		assertEquals(named, make(THIRD).get("jars/djl/other.jar").current());
		assertFalse(before.equals(named));
	}

	@Test
	void theSameTreesMakeTheSameBytes() throws IOException {
		make(FIRST);
		change();
		make(SECOND);
		final Map<String, String> one = contents(site);

		final ProgramRun again = program.run(tree, site, FIRST); // earlier, but nothing changed
		assertEquals(0, again.status(), again.err());
		assertEquals(one, contents(site));

		tree = folder.resolve("elsewhere");
		site = folder.resolve("another");
		fill(tree);
		touchAll();
		make(FIRST);
		change();
		touchAll();
		make(SECOND);
		assertEquals(one, contents(site));
	}

	private void touchAll() throws IOException {
		try (Stream<Path> files = Files.walk(tree)) {
			for (final Path file : (Iterable<Path>) files::iterator)
				Files.setLastModifiedTime(file, FileTime.fromMillis(0));
		}
	}

	@Test
	void aSiteMadeByTheUpdaterIsContinued() throws IOException {
		make(FIRST);
		final String checksum = UpdateSiteReader.read(site).get("macros/Stays.ijm").current().checksum();
		Files.createDirectories(site.resolve("macros"));
		Files.writeString(site.resolve("macros/Stays.ijm-20250101000000"), "print(2);\n");
		writeIndex("""
			<?xml version="1.0" encoding="UTF-8"?>
			<!DOCTYPE pluginRecords [
			<!ELEMENT pluginRecords ((update-site | disabled-update-site)*, plugin*)>
			<!ELEMENT update-site EMPTY>
			<!ELEMENT disabled-update-site EMPTY>
			<!ELEMENT plugin (platform*, category*, version?, previous-version*)>
			<!ELEMENT version (description?, dependency*, link*, author*)>
			<!ELEMENT previous-version EMPTY>
			<!ELEMENT description (#PCDATA)>
			<!ELEMENT author (#PCDATA)>
			<!ELEMENT link (#PCDATA)>
			<!ELEMENT platform (#PCDATA)>
			<!ELEMENT category (#PCDATA)>
			<!ELEMENT dependency EMPTY>
			<!ATTLIST plugin filename CDATA #REQUIRED>
			<!ATTLIST version timestamp CDATA #REQUIRED checksum CDATA #REQUIRED filesize CDATA #REQUIRED>
			<!ATTLIST previous-version filename CDATA #IMPLIED timestamp CDATA #REQUIRED timestamp-obsolete CDATA #IMPLIED checksum CDATA #REQUIRED>]>
			<pluginRecords>
			<plugin filename="macros/Stays.ijm"><category>x</category><version checksum="%s" timestamp="20250101000000" filesize="10"><author>me</author></version>
			<previous-version timestamp="20240101000000" timestamp-obsolete="20250101000000" checksum="22"/>
			<previous-version timestamp="20230101000000" timestamp-obsolete="20240101000000" checksum="11"/></plugin>
			</pluginRecords>
			""".formatted(checksum));
		final Component stays = make(SECOND).get("macros/Stays.ijm");
		assertEquals(20250101000000L, stays.current().timestamp());
		assertEquals(List.of("11", "22"), stays.previous().stream().map(Version::checksum).toList());
	}

	@Test
	void mistakesInArgumentsAreToldInASentence() throws IOException {
		assertEquals("Three arguments are needed: TREE SITE TIMESTAMP; found were 2.", refused(tree, site));
		assertEquals("There is no folder FOLDER/none: the tree of files for the site was expected.", refused(folder.resolve("none"), site, FIRST));
		final Path empty = Files.createDirectories(folder.resolve("empty").resolve("plugins")).getParent();
		assertEquals("The folder FOLDER/empty holds no files: the tree of files for the site was expected.", refused(empty, site, FIRST));
		assertEquals("The site FOLDER/tree/site lies in the tree FOLDER/tree: choose a folder outside.", refused(tree, tree.resolve("site"), FIRST));
		final Path file = Files.writeString(folder.resolve("file"), "");
		assertTrue(refused(tree, file, FIRST).startsWith("The site cannot be made: "));
	}

	@ParameterizedTest
	@CsvSource({"2026010203040", "202601020304055", "20260132000000", "20260229000000", "20260102250000", "2026-01-02", "''", "+2026010203040", "now"})
	void whatIsNoTimeIsRefused(final String timestamp) throws IOException {
		assertEquals("The timestamp '" + timestamp + "' is no date and time: 14 digits are expected, yyyyMMddHHmmss.", refused(tree, site, timestamp));
	}

	@Test
	void aTimestampThatIsNotLaterIsRefusedWhereSomethingChanged() throws IOException {
		make(SECOND);
		Files.delete(tree.resolve("macros/Old.ijm"));
		final String sentence = " is not after 20260102030406, the newest on the site FOLDER/site, and files have changed: choose a later one.";
		assertEquals("The timestamp 20260102030406" + sentence, refused(tree, site, SECOND));
		assertEquals("The timestamp 20260102030405" + sentence, refused(tree, site, FIRST));
		make(THIRD);
		write("macros/Old.ijm", tree, "print(1);\n"); // when it became obsolete counts, too
		assertTrue(refused(tree, site, 20261231235959L).contains("is not after 20270101000000"));
	}

	@Test
	void filesThatTheUpdaterCannotKeepAreRefused() throws IOException {
		SingleFile.jar(tree.resolve("jars/djl/other-1.7.jar"), "O.class", "2");
		assertEquals("The tree holds two versions of one jar, jars/djl/other-1.6.jar and jars/djl/other-1.7.jar: the updater keeps one.", refused(tree, site, FIRST));
		Files.delete(tree.resolve("jars/djl/other-1.7.jar"));
		for (final String name : List.of("macros/a b.ijm", "macros/.DS_Store", "macros/a#b.ijm", ".hidden/a.ijm")) {
			write(name, tree, "");
			assertEquals("A site cannot hold a file of the name '" + name + "': ASCII letters, digits and _ + - . are expected, and no - or . in front.", refused(tree, site, FIRST));
			Files.delete(tree.resolve(name));
		}
		write("jars/djl/broken.jar", tree, "no zip file");
		assertTrue(refused(tree, site, FIRST).startsWith("The jar jars/djl/broken.jar cannot be read: "));
		Files.delete(tree.resolve("jars/djl/broken.jar"));
		SingleFile.jar(tree.resolve("plugins/Pom_-1.0.jar"), "META-INF/maven/g/a/pom.xml", "<project><description>");
		assertTrue(refused(tree, site, FIRST).startsWith("The pom.xml in FOLDER/tree/plugins/Pom_-1.0.jar cannot be read: "));
	}

	@Test
	void aDamagedFormerSiteIsRefused() throws IOException {
		make(FIRST);
		final Path stays = site.resolve("macros/Stays.ijm-" + FIRST);
		Files.delete(stays);
		assertEquals("The site FOLDER/site lacks macros/Stays.ijm-20260102030405, which its db.xml.gz lists: build over the whole former site.", refused(tree, site, SECOND));
		Files.writeString(stays, "print(3);\n");
		final String damaged = "The site's file FOLDER/site/macros/Stays.ijm-20260102030405 is damaged: its checksum or size is not that in db.xml.gz; build over the former site as it was published.";
		assertEquals(damaged, refused(tree, site, SECOND));
		Files.writeString(stays, "print(2);\n\n");
		assertEquals(damaged, refused(tree, site, SECOND));
		Files.writeString(stays, "print(2);\n");
		make(SECOND);
	}

	@Test
	void aDamagedIndexIsRefused() throws IOException {
		make(FIRST);
		final Path file = site.resolve("db.xml.gz");
		final byte[] good = Files.readAllBytes(file);
		final String text = index(site);

		Files.write(file, Arrays.copyOf(good, good.length / 2));
		refusedForTheIndex("Premature end of file");
		Files.write(file, new byte[0]);
		refusedForTheIndex("it ends early");
		Files.writeString(file, "<html>not found</html>");
		refusedForTheIndex("Not in GZIP format");
		writeIndex("<html>not found</html>");
		refusedForTheIndex("");
		writeIndex(text.replaceFirst("checksum=\"[0-9a-f]+\" ", ""));
		refusedForTheIndex("checksum");
		writeIndex(text.replaceFirst("timestamp=\"\\d+\"", "timestamp=\"yesterday\""));
		refusedForTheIndex("yesterday");
		writeIndex(text.replace("macros/Old.ijm", "macros/Stays.ijm"));
		refusedForTheIndex("it lists macros/Stays.ijm twice");
		writeIndex(text.replaceFirst("(?s)<version checksum=\"[^\"]*\" timestamp=\"[^\"]*\" filesize=\"[^\"]*\">.*?</version>", ""));
		refusedForTheIndex("it lists no version of jars/djl/lib-2.7.1-0.35.1.jar");
		writeIndex(text.replace("<!DOCTYPE pluginRecords [", "<!DOCTYPE pluginRecords SYSTEM \"file:///etc/passwd\" ["));
		refusedForTheIndex("accessExternalDTD");
		Files.write(file, good);
		make(SECOND);
	}

	private void refusedForTheIndex(final String reason) throws IOException {
		final String sentence = refused(tree, site, SECOND);
		assertTrue(sentence.startsWith("The index of the former site, FOLDER/site/db.xml.gz, is damaged (") && sentence.endsWith("): fetch it anew from where the site is published."), sentence);
		assertTrue(sentence.contains(reason), sentence);
	}

	@Test
	void whatAnInterruptedRunLeftIsReplaced() throws IOException {
		write("macros/Old.ijm-" + FIRST, site, "half");
		write("macros/Old.ijm-" + FIRST + ".part", site, "half");
		make(FIRST);
		assertFalse(contents(site).containsKey("macros/Old.ijm-" + FIRST + ".part"));
	}
}
