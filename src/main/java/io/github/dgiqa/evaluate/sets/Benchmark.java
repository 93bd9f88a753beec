package io.github.dgiqa.evaluate.sets;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** The published sets that can be read, as they are when unpacked. */
public enum Benchmark {

	KONIQ10K("koniq10k", AuthenticSets::koniq10k),
	KADID10K("kadid10k", SyntheticSets::kadid10k),
	TID2013("tid2013", SyntheticSets::tid2013),
	LIVEC("livec", AuthenticSets::livec),
	SPAQ("spaq", AuthenticSets::spaq),
	CSIQ("csiq", SyntheticSets::csiq),
	FLIVE("flive", AuthenticSets::flive);

	private final String key;
	private final Function<SetFolder, Scores> reader;

	Benchmark(final String key, final Function<SetFolder, Scores> reader) {
		this.key = key;
		this.reader = reader;
	}

	/** The word for it on the command line and in tables. */
	public String key() {
		return key;
	}

	/** @throws SetException where the scores cannot be read */
	Scores read(final SetFolder folder) {
		return reader.apply(folder);
	}

	public static Optional<Benchmark> parse(final String word) {
		return Arrays.stream(values()).filter(set -> set.key.equals(word)).findFirst();
	}

	/** All words, with commas between. */
	public static String words() {
		return String.join(", ", Arrays.stream(values()).map(Benchmark::key).toList());
	}
}
