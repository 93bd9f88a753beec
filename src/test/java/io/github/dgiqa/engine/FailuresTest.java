package io.github.dgiqa.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The known failures by what Java, DJL and the systems say in them; those of other systems were not seen here. */
class FailuresTest {

	private static final Machine LINUX = new Machine(Machine.LINUX, "x86_64");
	private static final Machine WINDOWS = new Machine(Machine.WINDOWS, "x86_64");
	private static final Machine MAC = new Machine(Machine.MAC, "aarch64");
	private static final Machine INTEL_MAC = new Machine(Machine.MAC, "x86_64");

	private static Throwable loading(final String message) {
		return new EngineException("Failed to load PyTorch native library", new UnsatisfiedLinkError(message));
	}

	private static Throwable unpacking(final IOException cause) {
		return new EngineException("Failed to extract PyTorch native library", cause);
	}

	static Stream<Arguments> failures() {
		return Stream.of(
			Arguments.of(WINDOWS, false, loading("C:\\Users\\a\\.djl.ai\\pytorch\\2.7.1-cpu-win-x86_64\\c10.dll: Can't find dependent libraries"), "Microsoft's Visual C++ Redistributable"),
			Arguments.of(WINDOWS, true, loading("C:\\Users\\a\\.djl.ai\\pytorch\\2.7.1-cu128-win-x86_64\\asmjit.dll: Can't find dependent libraries"), "Microsoft's Visual C++ Redistributable"),
			Arguments.of(WINDOWS, true, loading("C:\\Users\\a\\.djl.ai\\pytorch\\2.7.1-x\\c10_cuda.dll: Can't find dependent libraries"), "libraries of CUDA"),
			Arguments.of(LINUX, true, loading("/root/.djl.ai/pytorch/x/libtorch_cuda.so: libcudnn.so.9: cannot open shared object file: No such file or directory"), "libraries of CUDA"),
			Arguments.of(LINUX, true, loading("/root/.djl.ai/pytorch/x/libtorch_cuda.so: libcublas.so.12: cannot open shared object file: No such file or directory"), "libraries of CUDA"),
			Arguments.of(LINUX, false, loading("/opt/libtorch/lib/libtorch.so: libgomp-98b21ff3.so.1: cannot open shared object file: No such file or directory"), "a library that it needs is missing"),
			Arguments.of(LINUX, false, loading("/opt/x/0.35.1-libdjl_torch.so: undefined symbol: _ZN2at4_ops4gelu4callERKNS_6TensorE"), "not those of version 2.7.1"),
			Arguments.of(WINDOWS, false, loading("C:\\x\\djl_torch.dll: The specified procedure could not be found"), "not those of version 2.7.1"),
			Arguments.of(MAC, false, loading("dlopen(/Users/a/libdjl_torch.dylib, 0x0001): symbol not found in flat namespace '__ZN2at'"), "not those of version 2.7.1"),
			Arguments.of(LINUX, false, loading("'void ai.djl.pytorch.jni.PyTorchLibrary.torchManualSeed(long)'"), "not those of version 2.7.1"),
			Arguments.of(INTEL_MAC, false, new EngineException("No PyTorch native library matches your operating system: pytorch"), "Macs with an Intel processor"),
			Arguments.of(MAC, false, loading("dlopen(/Users/a/libc10.dylib, 0x0001): tried: '/Users/a/libc10.dylib' (mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64'))"), "Macs with an Intel processor"),
			Arguments.of(LINUX, false, loading("Native Library /root/.djl.ai/pytorch/2.7.1-cpu-linux-x86_64/libc10.so already loaded in another classloader"), "another plugin has loaded its own PyTorch"),
			Arguments.of(LINUX, false, new IllegalArgumentException("Deep learning engine not found: PyTorch"), "DJL found no engine"),
			Arguments.of(LINUX, false, unpacking(new IOException("No space left on device")), "no space for its libraries in /cache"),
			Arguments.of(WINDOWS, false, unpacking(new IOException("There is not enough space on the disk")), "no space for its libraries in /cache"),
			Arguments.of(LINUX, false, unpacking(new FileSystemException("/root/.djl.ai/pytorch", null, "Read-only file system")), "cannot be written to /cache"),
			Arguments.of(WINDOWS, false, unpacking(new AccessDeniedException("C:\\Users\\a\\.djl.ai")), "cannot be written to /cache"),
			Arguments.of(LINUX, false, loading("/mnt/x/libc10.so: failed to map segment from shared object"), "without permission to run programs"),
			Arguments.of(LINUX, false, loading("/x/libtorch_cpu.so: /lib64/libc.so.6: version `GLIBC_2.28' not found (required by /x/libtorch_cpu.so)"), "this system's C or C++ library is older"),
			Arguments.of(LINUX, false, new EngineException("Failed to save pytorch index file", new IOException("Offline mode is enabled.")), "'engine install'"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void aKnownFailureSaysWhatToDo(final Machine machine, final boolean cuda, final Throwable failure, final String expected) {
		final String text = Failures.explain(failure, new Failures.Subject(machine, cuda, "/cache"));
		assertTrue(text.contains(expected), text);
		assertTrue(!text.contains("\n") && !text.contains("FOLDER") && !text.contains("MACHINE"), text);
	}

	@Test
	void anUnknownFailureSaysWhatWasSaid() {
		assertEquals("UnsatisfiedLinkError: something new", Failures.explain(loading("something new."), new Failures.Subject(LINUX, false, "/cache")));
	}
}
