package io.github.dgiqa.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** update-site/NativeJar.java on small jars that are made like DJL's. */
class NativeJarTest {

	private static final String LIBRARY = "pytorch/cpu/libtorch.so";

	@TempDir
	static Path classes;

	private static SingleFile program;

	@TempDir
	Path folder;

	@BeforeAll
	static void compile() {
		program = SingleFile.compile("NativeJar", classes);
	}

	private Path jar(final String classifier) throws IOException {
		final Path jar = folder.resolve("pytorch-native-cpu-2.7.1-" + classifier + ".jar");
		SingleFile.jar(jar, "META-INF/", "", "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nAutomatic-Module-Name: ai.djl.pytorch_native_cpu_" + classifier + "\r\n\r\n", LIBRARY, "a library ".repeat(1000),
			"native/lib/pytorch.properties", "version=2.7.1-20250812\nflavor=cpu\nclassifier=" + classifier + "\nlibraries=libtorch.so");
		return jar;
	}

	private static int listModules(final Path modules) {
		return ProgramRun.of(new ProcessBuilder(ProgramRun.java(), "--module-path", modules.toString(), "--list-modules")).status();
	}

	@ParameterizedTest
	@CsvSource({"linux-x86_64, linux64", "win-x86_64, win64", "osx-aarch64, macos-arm64"})
	void javaStartsWithTheCopyOnItsModulePath(final String classifier, final String platform) throws IOException {
		final Path jar = jar(classifier);
		assertEquals(1, listModules(folder), "the jar as it is");
		final Path imagej = folder.resolve("imagej");
		assertEquals(new ProgramRun(0, "", ""), program.run(jar, imagej));
		final Path copy = imagej.resolve("jars").resolve(platform).resolve("dgiqa-pytorch-cpu-2.7.1.jar");
		assertEquals(0, listModules(copy.getParent()));
		try (ZipFile of = new ZipFile(jar.toFile()); ZipFile is = new ZipFile(copy.toFile())) {
			assertEquals(List.of("META-INF/", LIBRARY, "native/lib/pytorch.properties"), is.stream().map(ZipEntry::getName).toList());
			assertEquals("a library ".repeat(1000), new String(is.getInputStream(is.getEntry(LIBRARY)).readAllBytes()));
			assertEquals(of.getEntry(LIBRARY).getCompressedSize(), is.getEntry(LIBRARY).getCompressedSize());
		}
	}

	@Test
	void everyCopyIsTheSame() throws IOException {
		final Path jar = jar("win-x86_64");
		final Path copy = folder.resolve("jars/win64/dgiqa-pytorch-cpu-2.7.1.jar");
		program.run(jar, folder);
		final String first = Files.readString(copy, StandardCharsets.ISO_8859_1);
		Files.writeString(copy.resolveSibling("dgiqa-pytorch-cpu-2.7.1.jar.part"), "of an interrupted run");
		final ProcessBuilder elsewhere = program.builder(jar, folder);
		elsewhere.environment().put("TZ", "Asia/Tokyo");
		assertEquals(0, ProgramRun.of(elsewhere).status());
		assertEquals(first, Files.readString(copy, StandardCharsets.ISO_8859_1));
		assertEquals(1, copy.getParent().toFile().list().length);
	}

	@Test
	void otherFilesAreRefused() throws IOException {
		assertEquals("Two arguments are needed: JAR IMAGEJ, a jar of DJL's native libraries and the ImageJ folder to put it in.", refused());
		final Path other = folder.resolve("other.jar");
		SingleFile.jar(other, "A.class", "");
		assertEquals("The jar " + other + " has no native/lib/pytorch.properties: one of DJL's pytorch-native-cpu was expected.", refused(other, folder));
		assertTrue(refused(jar("linux-aarch64"), folder).endsWith(" is for linux-aarch64; one for any of linux-x86_64, osx-aarch64, win-x86_64 was expected."));
		final Path none = folder.resolve("none.jar");
		assertTrue(refused(none, folder).startsWith("The jar " + none + " cannot be copied: "));
		assertTrue(refused(Files.writeString(folder.resolve("text.jar"), "text"), folder).contains("text.jar cannot be copied: "));
		assertFalse(Files.exists(folder.resolve("jars")));
	}

	private static String refused(final Object... arguments) {
		final ProgramRun run = program.run(arguments);
		assertEquals(1, run.status(), run.out());
		assertFalse(run.err().strip().contains("\n"), run.err());
		return run.err().strip();
	}
}
