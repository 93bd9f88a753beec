package io.github.dgiqa.weights;

import java.io.IOException;
import java.util.Map;

/** A file with a network's weights, in any of the forms that are read. */
public final class WeightFile {

	private WeightFile() {}

	/**
	 * Lists the tensors in a file, under the keys that this program's networks have.
	 *
	 * @throws WeightsException where the file is not one of weights, or damaged
	 */
	public static Map<String, StoredTensor> tensors(final Bytes file) throws IOException {
		return SafeTensors.read(file);
	}
}
