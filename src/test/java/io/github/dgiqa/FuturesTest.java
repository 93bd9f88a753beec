package io.github.dgiqa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

class FuturesTest {

	private static CompletableFuture<String> failing(final Throwable failure) {
		return CompletableFuture.supplyAsync(() -> {
			if (failure instanceof Error) throw (Error) failure;
			throw (RuntimeException) failure;
		});
	}

	@Test
	void givesTheResult() {
		assertEquals("a", Futures.join(CompletableFuture.supplyAsync(() -> "a")));
	}

	@Test
	void whatFailedThereFailsHere() {
		final DgiqaException expected = new DgiqaException("It is missing.");
		assertSame(expected, assertThrows(DgiqaException.class, () -> Futures.join(failing(expected))));
		final Error error = new OutOfMemoryError();
		assertSame(error, assertThrows(OutOfMemoryError.class, () -> Futures.join(failing(error))));
	}

	@Test
	void awaitLetsFailuresBe() {
		final CompletableFuture<String> failing = failing(new DgiqaException("It is missing."));
		Futures.await(failing);
		assertTrue(failing.isCompletedExceptionally());
	}
}
