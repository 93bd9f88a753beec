package io.github.dgiqa.engine;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Sentences for the user while other things go on: what is computed elsewhere than was asked for, and why. */
public final class Notices {

	private static final Set<String> SAID = new HashSet<>();

	private static Consumer<String> listener = sentence -> {};

	private Notices() {}

	/** Says from now on to whom; once in a process, by whoever has the user's ear. */
	public static synchronized void to(final Consumer<String> user) {
		listener = user;
	}

	/** Says a sentence, if it was not said before. */
	public static synchronized void once(final String sentence) {
		if (SAID.add(sentence)) listener.accept(sentence);
	}

	/** Says a sentence, also again. */
	public static synchronized void say(final String sentence) {
		listener.accept(sentence);
	}
}
