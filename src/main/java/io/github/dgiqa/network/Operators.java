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
 * PyTorch's operators that DJL does not offer, or offers with an error: methods of a TorchScript module whose archive is
 * written here from text. They record no gradient, so they are for inference only. The module has no weights; it stays
 * until the process ends.
 */
final class Operators {

	private static final String CODE = """
		class Operators(Module):
		  __parameters__ = []
		  __buffers__ = []
		  training : bool
		  def attention(self: __torch__.Operators, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
		    return torch.scaled_dot_product_attention(q, k, v)
		  def bilinear(self: __torch__.Operators, x: Tensor, size: List[int]) -> Tensor:
		    return torch.upsample_bilinear2d(x, size, True, None, None)
		  def bicubic(self: __torch__.Operators, x: Tensor, size: List[int], vertical: float, horizontal: float) -> Tensor:
		    return torch.upsample_bicubic2d(x, size, False, vertical, horizontal)
		""";

	/** An object of class __torch__.Operators with the attribute training = False, pickled. */
	private static final String OBJECT = "\u0080\u0002c__torch__\nOperators\n)\u0081}(X\u0008\0\0\0training\u0089ub.";
	/** An empty tuple, pickled. */
	private static final String NOTHING = "\u0080\u0002).";

	private static final PtSymbolBlock MODULE = load();

	private Operators() {}

	/** {@code scaled_dot_product_attention}: softmax(q k' / sqrt(d)) v, each [N,heads,T,d]. */
	static NDArray attention(final NDArray q, final NDArray k, final NDArray v) {
		return call("attention", q, IValue.from((PtNDArray) k), IValue.from((PtNDArray) v));
	}

	/** Bilinear resize of [N,C,H,W] with align_corners=true. */
	static NDArray bilinearCorners(final NDArray x, final long height, final long width) {
		return Layers.inFloat32(x, y -> call("bilinear", y, IValue.listFrom(height, width)));
	}

	/**
	 * Bicubic resize (a = -0.75) of [N,C,H,W] with align_corners=false and no antialias.
	 *
	 * @param vertical factor by which the positions are scaled; PyTorch's {@code scale_factor}
	 * @param horizontal likewise
	 */
	static NDArray bicubic(final NDArray x, final long height, final long width, final double vertical, final double horizontal) {
		return Layers.inFloat32(x, y -> call("bicubic", y, IValue.listFrom(height, width), IValue.from(vertical), IValue.from(horizontal)));
	}

	private static NDArray call(final String method, final NDArray x, final IValue... more) {
		final IValue[] inputs = new IValue[more.length + 1];
		inputs[0] = IValue.from((PtNDArray) x);
		System.arraycopy(more, 0, inputs, 1, more.length);
		try (IValue result = IValueUtils.runMethod(MODULE, method, inputs)) {
			return result.toTensor((PtNDManager) x.getManager());
		}
		finally {
			for (final IValue input : inputs)
				input.close();
		}
	}

	private static PtSymbolBlock load() {
		final PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
		try {
			return JniUtils.loadModule(manager, new ByteArrayInputStream(archive()), false, false);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e); // it is in memory
		}
	}

	private static byte[] archive() throws IOException {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			put(zip, "operators/data.pkl", OBJECT.getBytes(StandardCharsets.ISO_8859_1));
			put(zip, "operators/code/__torch__.py", CODE.getBytes(StandardCharsets.US_ASCII));
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
