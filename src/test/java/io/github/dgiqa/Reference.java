package io.github.dgiqa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Expected values, computed by PyTorch outside of this project, and how to compare with them. */
public final class Reference {

	private Reference() {}

	/** The arrays of an .npz file among the test resources. */
	public static Map<String, NDArray> arrays(final NDManager manager, final String file) {
		try (InputStream in = stream(file)) {
			final Map<String, NDArray> arrays = new HashMap<>();
			for (final NDArray array : NDList.decode(manager, in))
				arrays.put(array.getName(), array);
			return arrays;
		}
		catch (final IOException e) {
			throw new AssertionError(e);
		}
	}

	public static JsonObject json(final String file) {
		try (Reader in = new InputStreamReader(stream(file), StandardCharsets.UTF_8)) {
			return JsonParser.parseReader(in).getAsJsonObject();
		}
		catch (final IOException e) {
			throw new AssertionError(e);
		}
	}

	/** The score of a photograph in {@code samples} with the compact pair, from the PNG. @param image without .png */
	public static double score(final String image) {
		return json("compact.json").getAsJsonObject(image).get("score").getAsDouble();
	}

	/** The same as tables show it. */
	public static String shownScore(final String image) {
		return String.format(Locale.ROOT, "%.4f", score(image));
	}

	private static InputStream stream(final String file) {
		return Reference.class.getResourceAsStream("/reference/" + file);
	}

	/** The input of the network tests: element i is ((i*7919) mod modulus)/modulus*4-2. */
	public static NDArray input(final NDManager manager, final int channels, final int modulus) {
		final float[] values = new float[2 * channels * 224 * 224];
		for (int i = 0; i < values.length; i++)
			values[i] = (float) ((long) i * 7919 % modulus / (double) modulus * 4 - 2);
		return manager.create(values, new Shape(2, channels, 224, 224));
	}

	/** Largest difference relative to the largest expected value. */
	public static void assertClose(final String what, final NDArray expected, final NDArray found, final double tolerance) {
		assertEquals(expected.getShape(), found.getShape(), what);
		final double largest = expected.abs().max().getFloat();
		final double difference = expected.sub(found).abs().max().getFloat();
		assertTrue(difference <= tolerance * largest, what + ": differs by " + difference + ", largest value " + largest);
	}
}
