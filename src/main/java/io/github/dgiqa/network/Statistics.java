package io.github.dgiqa.network;

/** What batch norms do in training with the mean and deviation of each channel. */
public enum Statistics {
	/** They use those of the batch, and keep a moving average for inference, as PyTorch does. */
	LEARNED,
	/** They use those of the batch, and keep the plain average since they were told to, for inference. */
	MEASURED,
	/**
	 * They use those that they have, as in inference. With {@link #LEARNED} a batch's other crops tell something about a
	 * crop, which they do not in inference.
	 */
	FIXED
}
