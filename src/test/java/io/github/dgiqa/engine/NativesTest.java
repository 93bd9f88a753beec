package io.github.dgiqa.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.engine.Libtorch.Origin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which PyTorch is taken, of those that are there. */
class NativesTest {

	private static final Machine LINUX = new Machine(Machine.LINUX, "x86_64");
	private static final Gpus NONE = Gpus.none("NVIDIA's driver is not installed");
	private static final Gpus NEW = new Gpus(List.of("NVIDIA RTX"), 12080, null);
	private static final Gpus SAME_MAJOR = new Gpus(List.of("NVIDIA RTX"), 12020, null);
	private static final Gpus OLD = new Gpus(List.of("NVIDIA RTX"), 11040, null);

	@TempDir
	Path folder;

	private final Map<String, String> variables = new HashMap<>();

	private Surroundings with(final Machine machine, final Gpus gpus) {
		return new Surroundings(machine, gpus, variables::get, folder.resolve("cache"), getClass().getClassLoader());
	}

	private List<Libtorch> find(final Gpus gpus) {
		return Natives.find(with(LINUX, gpus));
	}

	private static Libtorch taken(final List<Libtorch> found) {
		return found.stream().filter(Libtorch::isUsable).findFirst().orElse(null);
	}

	private Path libraries(final String place, final String buildVersion) throws IOException {
		final Path lib = Files.createDirectories(folder.resolve(place).resolve("lib"));
		Files.createFile(lib.resolve("libtorch.so"));
		if (buildVersion != null) Files.writeString(lib.resolveSibling("build-version"), buildVersion);
		return lib;
	}

	private Path installed(final String name) throws IOException {
		final Path installed = Files.createDirectories(folder.resolve("cache").resolve(name));
		Files.createFile(installed.resolve("libtorch.so"));
		return installed;
	}

	@Test
	void withNothingElseItIsTheOneInTheProgram() {
		assertEquals(List.of(new Libtorch(Origin.PROGRAM, null, "2.7.1", "cpu", null)), find(NONE));
	}

	@Test
	void theUsersComesFirst() throws IOException {
		installed("2.7.1-cpu-linux-x86_64");
		final Path lib = libraries("libtorch", "2.7.1+cpu\n");
		variables.put("PYTORCH_LIBRARY_PATH", lib.toString());
		assertEquals(List.of(Origin.YOURS, Origin.INSTALLED, Origin.PROGRAM), find(NONE).stream().map(Libtorch::origin).toList());
		assertEquals(new Libtorch(Origin.YOURS, lib, "2.7.1", "cpu", null), find(NONE).get(0));
	}

	@Test
	void anInstalledOneForCudaIsTakenWhereItsGpuAnswers() throws IOException {
		final Path cuda = installed("2.7.1-cu128-linux-x86_64");
		installed("2.7.1-cpu-linux-x86_64");
		assertEquals(new Libtorch(Origin.INSTALLED, cuda, "2.7.1", "cu128", null), taken(find(NEW)));
		assertEquals("cu128", taken(find(SAME_MAJOR)).flavor());
		assertEquals("cpu", taken(find(OLD)).flavor());
		assertEquals("cpu", taken(find(NONE)).flavor());
		assertTrue(find(NONE).get(0).problem().contains("no GPU answers: NVIDIA's driver is not installed"), find(NONE).toString());
		assertTrue(find(OLD).get(0).problem().contains("for CUDA 11.4, older than 12; install a newer driver"), find(OLD).toString());
	}

	@Test
	void theNativesInTheProgramDoNotEndTheSearch() throws IOException {
		installed("2.7.1-cu128-linux-x86_64");
		assertEquals("cu128", taken(find(NEW)).flavor());
		assertTrue(find(NEW).stream().anyMatch(one -> one.origin() == Origin.PROGRAM));
	}

	/** What another machine's program unpacked, copied here. */
	@Test
	void oneThatAnotherProgramUnpackedIsInstalled() throws IOException {
		final Path copied = installed("2.7.1-19990101-cpu-linux-x86_64");
		assertEquals(new Libtorch(Origin.INSTALLED, copied, "2.7.1", "cpu", null), taken(find(NONE)));
	}

	@Test
	void whatThisProgramUnpackedIsNoOtherOne() throws IOException {
		installed(Natives.inProgram(with(LINUX, NONE)).getProperty("version") + "-cpu-linux-x86_64");
		assertEquals(List.of(Origin.PROGRAM), find(NONE).stream().map(Libtorch::origin).toList());
	}

	@Test
	void aFlavorThatTheUserNamesIsTheOnlyOneOfThoseInstalled() throws IOException {
		installed("2.7.1-cu128-linux-x86_64");
		installed("2.7.1-cpu-linux-x86_64");
		variables.put("PYTORCH_FLAVOR", "cpu");
		assertEquals("cpu", taken(find(NEW)).flavor());
		assertEquals("PYTORCH_FLAVOR asks for cpu", find(NEW).get(0).problem());
	}

	@Test
	void otherVersionsAreNotTaken() throws IOException {
		installed("2.5.1-cpu-linux-x86_64");
		assertEquals("version 2.7.1 is needed", find(NONE).get(0).problem());
		variables.put("PYTORCH_LIBRARY_PATH", libraries("libtorch", "2.6.0+cpu").toString());
		assertEquals("version 2.7.1 is needed", find(NONE).get(0).problem());
		variables.clear();
		variables.put("PYTORCH_VERSION", "2.6.0");
		assertNull(taken(find(NONE)));
	}

	/** DJL puts its link into a folder of such a name also where the libraries are elsewhere; other machines' are no concern. */
	@Test
	void whatIsNoPyTorchOfThisMachineIsPassedOver() throws IOException {
		Files.createDirectories(folder.resolve("cache").resolve("2.7.1-cpu-linux-x86_64"));
		installed("2.7.1-cpu-win-x86_64");
		installed("tmp1234");
		assertEquals(List.of(Origin.PROGRAM), find(NONE).stream().map(Libtorch::origin).toList());
	}

	@Test
	void theUsersFolderWithoutLibraries() throws IOException {
		variables.put("PYTORCH_LIBRARY_PATH", folder.toString());
		assertTrue(find(NONE).get(0).problem().contains("there is no libtorch.so in it; the folder lib of a libtorch is needed"));
	}

	/** As in PyTorch's package for Python. */
	@Test
	void theVersionIsReadFromPythonsPackageToo() throws IOException {
		final Path lib = libraries("torch", null);
		Files.writeString(lib.resolveSibling("version.py"), "from typing import Optional\n\n__all__ = ['__version__']\n__version__ = '2.7.1+cu126'\n");
		variables.put("PYTORCH_LIBRARY_PATH", lib.toString());
		assertTrue(find(NEW).get(0).problem().contains("joined with cpu, cu128 only"), find(NEW).toString());
		assertEquals("cu126", find(NEW).get(0).flavor());
	}

	/** A library of another version would end the process at the first function that it lacks. */
	@Test
	void aVersionThatNothingTellsIsReadFromTheLibrary() throws IOException {
		final Path lib = libraries("bare", null);
		variables.put("PYTORCH_LIBRARY_PATH", lib.toString());
		final byte[] bytes = new byte[(1 << 20) + 100];
		final byte[] version = "\0002.7.1\0".getBytes(StandardCharsets.US_ASCII);
		System.arraycopy(version, 0, bytes, (1 << 20) - 3, version.length); // across the border of what is read at once
		Files.write(lib.resolve("libtorch_cpu.so"), bytes);
		assertNull(find(NONE).get(0).problem());
		assertEquals("2.7.1", find(NONE).get(0).version());
		Files.write(lib.resolve("libtorch_cpu.so"), "\0002.7.10\0002.5.1\00012.7.1\0".getBytes(StandardCharsets.US_ASCII));
		assertTrue(find(NONE).get(0).problem().contains("nothing tells its version"), find(NONE).toString());
		variables.put("PYTORCH_VERSION", "2.7.1");
		assertNull(find(NONE).get(0).problem());
	}

	@Test
	void kindsOfMachines() {
		assertEquals("linux-x86_64", Machine.of("Linux", "amd64").classifier());
		assertEquals("win-x86_64", Machine.of("Windows 11", "amd64").classifier());
		assertEquals("osx-aarch64", Machine.of("Mac OS X", "aarch64").classifier());
		assertTrue(Machine.of("Mac OS X", "x86_64").isIntelMac());
		assertEquals("freebsd-x86_64", Machine.of("FreeBSD", "amd64").classifier());
		assertEquals(List.of("libtorch.so", "torch.dll", "libtorch.dylib"), List.of(LINUX.library("torch"), Machine.of("Windows 10", "amd64").library("torch"), Machine.of("Mac OS X", "aarch64").library("torch")));
	}

	/** On a kind of machine that DJL has no link to, nothing can be used. */
	@Test
	void otherMachinesHaveNone() {
		assertEquals(List.of(), Natives.find(with(new Machine("freebsd", "x86_64"), NONE)));
		assertEquals(List.of("cpu", "cu128"), Natives.links(new Machine(Machine.WINDOWS, "x86_64")));
		assertEquals(List.of("cpu"), Natives.links(new Machine(Machine.MAC, "aarch64")));
		assertEquals(List.of(), Natives.links(new Machine(Machine.MAC, "x86_64")));
		assertEquals("cu128", Natives.newestCuda(LINUX));
		assertEquals("cpu", Natives.newestCuda(new Machine(Machine.MAC, "aarch64")));
	}

	@Test
	void aVariableThatIsNoName() {
		variables.put("PYTORCH_LIBRARY_PATH", "a\0b");
		assertTrue(assertThrows(TorchEngine.EngineException.class, () -> find(NONE)).getMessage().contains("cannot be the name of a folder"));
	}
}
