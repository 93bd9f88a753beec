package io.github.dgiqa.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Sentences for the user while other things go on: what is computed elsewhere than was asked for, and why. */
public final class Notices {

	private static final Set<String> SAID = new HashSet<>();
	/** Said before anybody listened. */
	private static final List<String> PENDING = new ArrayList<>();

	private static Consumer<String> listener = PENDING::add;

	private Notices() {}

	/** Says from now on to whom, and what nobody has heard yet. */
	public static synchronized void to(final Consumer<String> user) {
		listener = user;
		PENDING.forEach(user);
		PENDING.clear();
	}

	/** Says a sentence, if it was not said before in this process. */
	public static synchronized void once(final String sentence) {
		if (SAID.add(sentence)) listener.accept(sentence);
	}

	/** Says a sentence, also again. */
	public static synchronized void say(final String sentence) {
		listener.accept(sentence);
	}

	/** Forgets what was said, for tests that share a process. */
	static synchronized void forget() {
		SAID.clear();
		PENDING.clear();
	}
}
