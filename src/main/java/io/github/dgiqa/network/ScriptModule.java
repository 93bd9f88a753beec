package io.github.dgiqa.network;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Methods of a TorchScript module whose archive is written here from text. They record no gradient, so they are for
 * inference only. The module has no weights; it stays until the process ends.
 */
final class ScriptModule {

	private static final String CLASS = """
		class Operators(Module):
		  __parameters__ = []
		  __buffers__ = []
		  training : bool
		""";

	/** An object of class __torch__.Operators with the attribute training = False, pickled. */
	private static final String OBJECT = "\u0080\u0002c__torch__\nOperators\n)\u0081}(X\u0008\0\0\0training\u0089ub.";
	/** An empty tuple, pickled. */
	private static final String NOTHING = "\u0080\u0002).";

	/** PyTorch's setting for each thread: what is run is run as it stands, without looking for a faster form at first. */
	private static final ThreadLocal<Boolean> AS_IT_STANDS = ThreadLocal.withInitial(() -> {
		JniUtils.setGraphExecutorOptimize(false);
		return true;
	});

	private final PtSymbolBlock module;

	private ScriptModule(final PtSymbolBlock module) {
		this.module = module;
	}

	/**
	 * Loads a module.
	 *
	 * @param methods of class {@code __torch__.Operators}, indented
	 * @throws RuntimeException where this PyTorch lacks an operator that they call
	 */
	static ScriptModule of(final String methods) {
		final PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
		try {
			return new ScriptModule(JniUtils.loadModule(manager, new ByteArrayInputStream(archive(CLASS + methods)), false, false));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e); // it is in memory
		}
	}

	/** Calls a method. @param more its further arguments, which are closed */
	NDArray call(final String method, final NDArray x, final IValue... more) {
		try {
			return run(method, x, more);
		}
		finally {
			for (final IValue argument : more)
				argument.close();
		}
	}

	/** Calls a method. @param more its further arguments, which can be used again */
	NDArray run(final String method, final NDArray x, final IValue... more) {
		AS_IT_STANDS.get();
		final IValue[] inputs = new IValue[more.length + 1];
		System.arraycopy(more, 0, inputs, 1, more.length);
		try (IValue first = IValue.from((PtNDArray) x)) {
			inputs[0] = first;
			try (IValue result = IValueUtils.runMethod(module, method, inputs)) {
				return result.toTensor((PtNDManager) x.getManager());
			}
		}
	}

	private static byte[] archive(final String code) throws IOException {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			put(zip, "operators/data.pkl", OBJECT.getBytes(StandardCharsets.ISO_8859_1));
			put(zip, "operators/code/__torch__.py", code.getBytes(StandardCharsets.US_ASCII));
			put(zip, "operators/constants.pkl", NOTHING.getBytes(StandardCharsets.ISO_8859_1));
			put(zip, "operators/version", "3\n".getBytes(StandardCharsets.US_ASCII));
		}
		return bytes.toByteArray();
	}

	/** PyTorch reads entries that are not compressed. */
	private static void put(final ZipOutputStream zip, final String name, final byte[] data) throws IOException {
		final CRC32 checksum = new CRC32();
		checksum.update(data);
		final ZipEntry entry = new ZipEntry(name);
		entry.setMethod(ZipEntry.STORED);
		entry.setSize(data.length);
		entry.setCrc(checksum.getValue());
		zip.putNextEntry(entry);
		zip.write(data);
		zip.closeEntry();
	}
}
