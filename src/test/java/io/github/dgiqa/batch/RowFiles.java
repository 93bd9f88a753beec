package io.github.dgiqa.batch;

import io.github.dgiqa.display.Provenance;
import io.github.dgiqa.display.ResultRow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Files of rows without a network: a file's rows have its length as their error, or none. */
final class RowFiles {

	static final String HEADER = "path,slice,score,crop_sd,crop_min,crop_max,crops,sampling,seed,model,depth_model,device,width,height,seconds,notes,error\n";
	private static final ResultRow.Run RUN = new ResultRow.Run("m", "d", "grid", "");

	private RowFiles() {}

	static Provenance provenance(final String model, final String shard) {
		return new Provenance(model, "1234", "d", "5678", "grid", null, null, "float32", shard);
	}

	/** The row that {@link #run} writes. Those of files that begin with x fail. */
	static String line(final String path, final int slice, final String content) {
		return path + "," + slice + ",,,,,,grid,,m,d,cpu," + content.length() + ",1,,," + (content.startsWith("x") ? "It begins with x." : "") + "\n";
	}

	/** As the program does it; a file has as many rows as lines. Returns how many files were done. */
	static int run(final ResumableRows rows, final Listing listing, final Shard shard, final boolean retry) throws IOException {
		final int[] all = listing.distinct();
		final int[] which = shard == null ? all : shard.of(all);
		final ResumableRows.Selection selection = rows.select(listing, which, retry);
		for (final Inputs.Input input : listing.inputs(selection.open(), false))
			write(rows, input);
		rows.finish(listing, which, all.length);
		return selection.open().length;
	}

	private static void write(final ResumableRows rows, final Inputs.Input input) throws IOException {
		final FileState state = FileState.of(input);
		final List<String> slices = Files.readAllLines(input.file());
		for (int i = 0; i < slices.size(); i++)
			rows.write(new ResultRow(input.label(), i + 1, RUN, "cpu", Optional.of(new ResultRow.Size(slices.get(i).length(), 1)), Optional.empty(), slices.get(i).startsWith("x") ? "It begins with x." : ""));
		rows.done(input, state);
	}

	static Listing list(final Path folder) {
		final Listing listing = new Listing(file -> true, false);
		listing.add(folder.toString());
		return listing;
	}

	/** The numbers of the shards' first to last. */
	static List<Shard> shards(final int count) {
		return IntStream.rangeClosed(1, count).mapToObj(i -> new Shard(i, count)).toList();
	}
}
