package io.github.dgiqa;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waiting for what another thread does. */
public final class Futures {

	private Futures() {}

	/** Its result. What failed there fails here in the same way. */
	public static <T> T join(final CompletableFuture<T> future) {
		try {
			return future.join();
		}
		catch (final CompletionException e) {
			if (e.getCause() instanceof RuntimeException) throw (RuntimeException) e.getCause();
			if (e.getCause() instanceof Error) throw (Error) e.getCause();
			throw e;
		}
	}

	/** Waits until it is over, whether it fails or not. */
	public static void await(final CompletableFuture<?> future) {
		future.handle((result, failure) -> result).join();
	}
}
