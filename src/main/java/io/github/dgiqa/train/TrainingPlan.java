package io.github.dgiqa.train;

import java.util.List;

/**
 * How a network is trained. The same plan, data and start give the same weights, also where the run was interrupted.
 *
 * @param steps steps of the optimizer
 * @param batch examples of a step
 * @param rate largest learning rate of AdamW
 * @param warmUp steps in which the rate rises linearly from 0; then it falls as a cosine to 0
 * @param weightDecay AdamW's decay of weights; biases and norms have none
 * @param clip largest norm of a step's gradient, all parameters together; a larger one is scaled down to it
 * @param average decay of the moving average of the weights, which is the result; 0 for none
 * @param statistics what batch norms do
 * @param measure batches that measure the batch norms' statistics before the first step; 0 where they are good already
 * @param frozen regular expressions for paths of parameters that stay as they are
 * @param helpers whether helpers of the loss learn along; of quality models only
 * @param evaluateEvery steps between two looks at the held-out part
 * @param patience how many looks without a better one end the training; 0 for no such end
 * @param seed of all that is random
 */
public record TrainingPlan(
	int steps,
	int batch,
	double rate,
	int warmUp,
	double weightDecay,
	double clip,
	double average,
	BatchStatistics statistics,
	int measure,
	List<String> frozen,
	boolean helpers,
	int evaluateEvery,
	int patience,
	long seed)
{

	/** What batch norms do in training. */
	public enum BatchStatistics {
		/** They use those that they have. */
		FIXED,
		/** They use the batch's. */
		BATCH
	}

	/** The learning rate of a step, from 0. */
	double rateAt(final int step) {
		if (step < warmUp) return rate * (step + 1) / warmUp;
		return rate * (1 + Math.cos(Math.PI * (step - warmUp) / Math.max(1, steps - warmUp))) / 2;
	}
}
