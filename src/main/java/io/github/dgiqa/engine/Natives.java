package io.github.dgiqa.engine;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;
import io.github.dgiqa.engine.Libtorch.Origin;
import io.github.dgiqa.engine.TorchEngine.EngineException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the PyTorch to use: one that the user points to, then those that were installed or downloaded before (one for
 * CUDA only where its GPU answers), then the one in the program.
 */
final class Natives {

	private static final String PYTORCH = Version.pytorch();
	private static final String IN_PROGRAM = "native/lib/pytorch.properties";

	private final Surroundings surroundings;
	private final Machine machine;
	/** What the one in the program says of itself; null where there is none. */
	private final Properties program;

	private Natives(final Surroundings surroundings) {
		this.surroundings = surroundings;
		machine = surroundings.machine();
		program = inProgram();
	}

	/** All that are there, the first usable one is the one to take. */
	static List<Libtorch> find(final Surroundings surroundings) {
		final Natives natives = new Natives(surroundings);
		final List<Libtorch> found = new ArrayList<>();
		natives.addYours(found);
		natives.addInstalled(found);
		natives.addInProgram(found);
		return found;
	}

	/** The name that DJL gives the folder of a PyTorch. */
	static String folderName(final Machine machine, final String flavor) {
		return PYTORCH + "-" + flavor + "-" + machine.classifier();
	}

	/** The version of the DJL on the class path. */
	static String djlVersion() {
		try (InputStream in = Natives.class.getResourceAsStream("/pytorch-engine.properties")) {
			return properties(in).getProperty("djl_version");
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static Properties properties(final InputStream in) throws IOException {
		final Properties properties = new Properties();
		properties.load(in);
		return properties;
	}

	private void addYours(final List<Libtorch> found) {
		final String written = surroundings.variable(Surroundings.LIBRARY_PATH);
		if (written == null) return;
		try {
			final Path folder = Path.of(written);
			final Matcher build = Libtorch.build(folder);
			found.add(checked(new Libtorch(Origin.YOURS, folder, build == null ? version(folder) : build.group(1), flavor(folder, build), null)));
		}
		catch (final InvalidPathException e) {
			throw new EngineException(Surroundings.LIBRARY_PATH + " is '" + written + "', which cannot be the name of a folder: give it the folder lib of a libtorch " + PYTORCH + ", or remove it.", e);
		}
	}

	/** The version of a libtorch without a file that tells it; null where nothing else does. */
	private String version(final Path folder) {
		final String said = surroundings.variable(Surroundings.VERSION);
		return said != null || !Libtorch.isOf(PYTORCH, folder.resolve(machine.library("torch_cpu"))) ? said : PYTORCH;
	}

	private String flavor(final Path folder, final Matcher build) {
		final String said = surroundings.variable(Surroundings.FLAVOR);
		if (said != null) return said;
		if (build != null && build.group(2) != null) return build.group(2);
		return Files.exists(folder.resolve(machine.library("torch_cuda"))) ? newestCuda(machine) : Libtorch.CPU;
	}

	/** The flavor for CUDA that the program can be joined with on a kind of machine; cpu where there is none. */
	static String newestCuda(final Machine machine) {
		return links(machine).stream().filter(Libtorch::isCuda).max(Comparator.naturalOrder()).orElse(Libtorch.CPU);
	}

	private void addInstalled(final List<Libtorch> found) {
		final Pattern name = Pattern.compile("(\\d+\\.\\d+\\.\\d+)(?:-\\d{8})?-(cpu|cu\\d{3})-" + Pattern.quote(machine.classifier()));
		final List<Libtorch> installed = new ArrayList<>();
		if (!Files.isDirectory(surroundings.cache())) return;
		final String unpacked = program == null ? null : UnpackedNatives.folderName(program); // the one in the program, not another one
		try (Stream<Path> folders = Files.list(surroundings.cache())) {
			for (final Path folder : (Iterable<Path>) folders::iterator) {
				if (folder.getFileName().toString().equals(unpacked)) continue;
				final Matcher matcher = name.matcher(folder.getFileName().toString());
				// DJL puts its link to a libtorch elsewhere into a folder of such a name, too
				if (matcher.matches() && Files.exists(folder.resolve(machine.library("torch")))) installed.add(new Libtorch(Origin.INSTALLED, folder, matcher.group(1), matcher.group(2), null));
			}
		}
		catch (IOException | UncheckedIOException e) {
			throw new EngineException("The folder of PyTorch " + surroundings.cache() + " cannot be read: " + DgiqaException.sentence(e) + ".", e);
		}
		final String wanted = surroundings.variable(Surroundings.FLAVOR);
		installed.sort(Comparator.comparing(Libtorch::flavor).reversed()); // cu128, cu126, cpu
		for (final Libtorch one : installed)
			found.add(wanted == null || wanted.equals(one.flavor()) ? checked(one) : one.refused(Surroundings.FLAVOR + " asks for " + wanted));
	}

	private void addInProgram(final List<Libtorch> found) {
		if (program == null) return;
		final String version = program.getProperty("version", "").replaceFirst("-.*", "");
		found.add(checked(new Libtorch(Origin.PROGRAM, null, version, program.getProperty("flavor", Libtorch.CPU), null)));
	}

	private Properties inProgram() {
		try {
			return inProgram(surroundings);
		}
		catch (final IOException e) {
			throw new EngineException("PyTorch in the program cannot be read: " + DgiqaException.sentence(e) + "; install the program again.", e);
		}
	}

	/** What the natives on the class path that are for this machine say of themselves; null where there are none. */
	static Properties inProgram(final Surroundings surroundings) throws IOException {
		for (final URL url : Collections.list(surroundings.classes().getResources(IN_PROGRAM))) {
			try (InputStream in = url.openStream()) {
				final Properties properties = properties(in);
				if (surroundings.machine().classifier().equals(properties.getProperty("classifier"))) return properties;
			}
		}
		return null;
	}

	/** The same, with the reason where it cannot be used. */
	private Libtorch checked(final Libtorch found) {
		final Path folder = found.folder();
		if (folder != null && !Files.exists(folder.resolve(machine.library("torch")))) return found.refused("there is no " + machine.library("torch") + " in it; the folder lib of a libtorch is needed");
		final String said = surroundings.variable(Surroundings.VERSION);
		if (said != null && !said.equals(PYTORCH)) return found.refused(Surroundings.VERSION + " asks for " + said + ", and this program needs " + PYTORCH);
		if (found.version() == null) return found.refused("nothing tells its version, and " + PYTORCH + " is needed; if it is that one, say so in " + Surroundings.VERSION);
		if (!found.version().equals(PYTORCH)) return found.refused("version " + PYTORCH + " is needed");
		final List<String> links = links(machine);
		if (!links.contains(found.flavor())) return found.refused("this program can be joined with " + (links.isEmpty() ? "none on this kind of machine" : String.join(", ", links)) + " only");
		if (!surroundings.gpus().run(found.flavor())) return found.refused(why(surroundings.gpus(), found.flavor()));
		return found;
	}

	/** Why PyTorch of a flavor cannot compute on these GPUs, as a part of a sentence. */
	static String why(final Gpus gpus, final String flavor) {
		if (!gpus.answer()) return "no GPU answers: " + gpus.problem();
		return "NVIDIA's driver here is for CUDA " + gpus.cudaVersion() + ", older than " + Gpus.major(flavor) + "; install a newer driver";
	}

	/** The flavors that DJL has a link to on a kind of machine. */
	static List<String> links(final Machine machine) {
		return Stream.of(Libtorch.CPU, "cu118", "cu121", "cu124", "cu126", "cu128", "cu129", "cu130").filter(flavor -> Natives.class.getResource("/jnilib/" + machine.classifier() + "/" + flavor + "/" + machine.library("djl_torch")) != null).toList();
	}
}
