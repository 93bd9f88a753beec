package io.github.dgiqa.cli;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.batch.Inputs;
import io.github.dgiqa.batch.Listing;
import io.github.dgiqa.batch.Shard;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which images. */
final class InputOptions {

	private static final String STANDARD_INPUT = "-";
	private static final String BYTE_ORDER_MARK = "\ufeff";

	@Spec(Spec.Target.MIXEE)
	private CommandSpec spec;

	@Parameters(paramLabel = "PATH", arity = "0..*", description = "an image (PNG, JPEG, GIF, BMP, TIFF), a stack, a folder with images, or a pattern with * and **")
	private List<String> paths = List.of();

	@Option(names = "--list", paramLabel = "FILE", description = "a file with PATHs, one a line, in UTF-8; " + STANDARD_INPUT + " for standard input")
	private String list;

	@Option(names = "--recursive", description = "of a folder also the images in its folders")
	private boolean recursive;

	@Option(names = "--shard", paramLabel = "i/n", description = "only the images whose places in the whole list, from 0, leave i - 1 when divided by n; 'merge' puts the rows together")
	private String shard;

	/**
	 * Looks for the files.
	 *
	 * @throws ParameterException where none are named, or the list cannot be read
	 */
	Listing files() {
		if (paths.isEmpty() && list == null) throw usage("Missing required parameter: 'PATH', or --list FILE");
		final Listing files = Listing.ofImages(recursive);
		paths.forEach(files::add);
		if (list != null) addList(files);
		return files;
	}

	private void addList(final Listing files) {
		try (InputStream in = list.equals(STANDARD_INPUT) ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(Path.of(list));
			BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
			boolean first = true;
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				final String path = first && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
				if (!path.isEmpty()) files.addNamed(path);
				first = false;
			}
		}
		catch (final CharacterCodingException e) {
			throw usage("--list " + list + " is not UTF-8: save it with that encoding.");
		}
		catch (final IOException | InvalidPathException e) {
			throw usage("--list " + list + " cannot be read: " + DgiqaException.sentence(e) + ".");
		}
	}

	/** What to tell where {@link #files} found nothing. */
	String nothingFound() {
		final List<String> places = new ArrayList<>(paths);
		if (list != null) places.add(list.equals(STANDARD_INPUT) ? "standard input" : list);
		return Inputs.nothingIn(places, recursive ? "" : ", without the folders in it (--recursive)");
	}

	/** Which part of the files; null for all. @throws ParameterException where it is none */
	Shard shard() {
		return shard == null ? null : Shard.parse(shard).orElseThrow(() -> usage("--shard must be i/n with i from 1 to n, such as 1/4, not " + shard + "."));
	}

	private ParameterException usage(final String sentence) {
		return new ParameterException(spec.commandLine(), sentence);
	}
}
