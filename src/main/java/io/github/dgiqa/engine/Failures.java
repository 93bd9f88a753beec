package io.github.dgiqa.engine;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.Version;

import java.util.Locale;
import java.util.function.BiPredicate;

/** What to tell the user where PyTorch cannot be started: the known failures, by what Java, DJL and the system say. */
enum Failures {

	INTEL_MAC((text, of) -> of.machine.isIntelMac() || text.contains("incompatible architecture"),
		"PyTorch " + Version.pytorch() + " is not made for Macs with an Intel processor, or for an Intel Java on another Mac: use a Mac with an Apple processor and a Java for it (aarch64), or another computer"),
	OTHER_LOADER((text, of) -> text.contains("already loaded in another classloader"),
		"another plugin has loaded its own PyTorch in this program already, and a process can have one only: restart, and use DGIQA before that plugin, or in a second ImageJ"),
	NO_ENGINE((text, of) -> text.contains("engine not found"),
		"DJL found no engine, for another plugin started it where PyTorch could not be seen, or the jar pytorch-engine is missing: restart and use DGIQA first; if that does not help, install DGIQA again"),
	NO_SPACE((text, of) -> text.contains("no space left") || text.contains("not enough space") || text.contains("disk quota"),
		"there is no space for its libraries in FOLDER: free 500 MB there, or name another folder in the environment variable DJL_CACHE_DIR"),
	READ_ONLY((text, of) -> text.contains("read-only") || text.contains("accessdenied") || text.contains("permission denied") || text.contains("is not writable"),
		"its libraries cannot be written to FOLDER: make that folder writable, or name another one in the environment variable DJL_CACHE_DIR"),
	NO_EXECUTION((text, of) -> text.contains("failed to map segment"),
		"libraries in FOLDER may not be loaded, for its disk is mounted without permission to run programs (noexec): name a folder elsewhere in the environment variable DJL_CACHE_DIR"),
	CUDA_LIBRARIES((text, of) -> of.isCuda && isMissing(text) && text.matches("(?s).*(cuda|cudnn|cublas|cufft|cusparse|cusolver|curand|nvrtc|nvjitlink|cupti|nccl|nvtoolsext|c10_cuda).*"),
		"libraries of CUDA that this PyTorch needs are missing: install it again from libtorch's own archive, which has them (engine install), or put their folder on the PATH (Windows) or LD_LIBRARY_PATH (Linux)"),
	VISUAL_C((text, of) -> of.machine.isWindows() && isMissing(text),
		"Microsoft's Visual C++ Redistributable for Visual Studio 2015 to 2022 (x64) is missing or too old: install it from Microsoft and start again"),
	OLD_SYSTEM((text, of) -> text.contains("glibc") && text.contains("not found"),
		"this system's C or C++ library is older than PyTorch " + Version.pytorch() + " needs: use a newer system (glibc 2.28 or later), or a container with one"),
	WRONG_VERSION((text, of) -> text.contains("undefined symbol") || text.contains("symbol not found") || text.contains("procedure could not be found") || text.contains("nosuchmethod") || text.contains("unsatisfiedlink") && text.contains("pytorchlibrary"),
		"its libraries are not those of version " + Version.pytorch() + ", which this program needs: install that one (engine install), or remove " + Surroundings.LIBRARY_PATH),
	MISSING_LIBRARY((text, of) -> isMissing(text),
		"a library that it needs is missing"),
	OFFLINE((text, of) -> text.contains("pytorch index file") || text.contains("no pytorch native library matches"),
		"it is not installed for MACHINE, and nothing is downloaded without being asked for: run 'engine install', or Plugins>DGIQA>Engine... in ImageJ");

	/** What a failure is about. */
	record Subject(Machine machine, boolean isCuda, String folder) {}

	private final BiPredicate<String, Subject> matches;
	private final String sentence;

	Failures(final BiPredicate<String, Subject> matches, final String sentence) {
		this.matches = matches;
		this.sentence = sentence;
	}

	private static boolean isMissing(final String text) {
		return text.contains("dependent libraries") || text.contains("cannot open shared object file") || text.contains("module could not be found") || text.contains("library not loaded");
	}

	/** Completes "PyTorch could not be started: ...". */
	static String explain(final Throwable error, final Subject subject) {
		final StringBuilder all = new StringBuilder();
		Throwable root = error;
		for (Throwable at = error; at != null; root = at, at = at.getCause())
			all.append(at).append('\n');
		final String text = all.toString().toLowerCase(Locale.ROOT);
		final String said = DgiqaException.sentence(root).replaceFirst("\\.$", "");
		for (final Failures failure : values()) {
			if (!failure.matches.test(text, subject)) continue;
			return failure.sentence.replace("FOLDER", subject.folder).replace("MACHINE", subject.machine.classifier()) + " (" + said + ")";
		}
		return said;
	}
}
