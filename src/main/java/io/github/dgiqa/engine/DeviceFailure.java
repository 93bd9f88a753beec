package io.github.dgiqa.engine;

import io.github.dgiqa.DgiqaException;

import java.util.Locale;

/** A GPU failed in the middle of its work; the same work can be done in smaller pieces, or on the CPU. */
public final class DeviceFailure extends DgiqaException {

	private static final long serialVersionUID = 1L;

	private final boolean lackOfMemory;

	DeviceFailure(final String device, final RuntimeException cause) {
		super("The device " + device + " failed: " + reason(cause) + ".", cause);
		lackOfMemory = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("out of memory");
	}

	/** The first line: PyTorch's own stack follows it. */
	static String reason(final RuntimeException cause) {
		if (cause.getMessage() == null) return cause.getClass().getSimpleName();
		return cause.getMessage().strip().lines().findFirst().orElse("").replaceFirst("\\.$", "");
	}

	/** Whether less work at a time may succeed. */
	public boolean isLackOfMemory() {
		return lackOfMemory;
	}
}
