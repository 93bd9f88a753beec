package io.github.dgiqa.model;

import io.github.dgiqa.DgiqaException;
import io.github.dgiqa.download.Download;
import io.github.dgiqa.download.Source;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** A download that was asked for: nothing is contacted before {@link #run}. */
public final class ModelDownload {

	private final ModelStore store;
	private final String model;
	private final StoredModel stored;
	private final URI uri;
	/** Whether it is the address of the model's description, so that what that says of the file holds. */
	private final boolean described;
	private final ModelImport.Wishes wishes;

	private ModelDownload(final ModelStore store, final String model, final String from, final ModelImport.Wishes wishes) {
		this.store = store;
		this.model = model;
		this.wishes = wishes;
		stored = store.named(model);
		described = from == null;
		uri = described ? described() : uri(from);
	}

	/**
	 * A download of a model's weights.
	 *
	 * @param model its NAME
	 * @param from the address of a weight file; null for that of the model's description
	 * @throws ModelException where there is no address, or the store has the model already and it is not to be replaced
	 */
	public static ModelDownload of(final ModelStore store, final String model, final String from, final ModelImport.Wishes wishes) {
		final ModelDownload download = new ModelDownload(store, model, from, wishes);
		ModelImport.checkFree(store, download.target(), wishes);
		return download;
	}

	private URI described() {
		final ModelDescription.Download download = stored.description().download();
		if (download == null) throw new ModelException("The program cannot download the weights of " + model + ": " + (stored.hasWeights() ? "the model comes with them" : stored.howToGetWeights()) + ".");
		return uri(download.url());
	}

	private static URI uri(final String text) {
		try {
			final URI uri = new URI(text);
			if (Download.isAddress(uri)) return uri;
		}
		catch (final URISyntaxException e) {
			// said below
		}
		throw new ModelException("Nothing can be downloaded from " + text + ": an address that begins with http:// or https:// is needed.");
	}

	private String target() {
		return wishes.name() == null ? model : wishes.name();
	}

	/** What the user agrees to: source, size, licence, what is checked, where it goes. Several lines. */
	public String offer() {
		final ModelDescription description = stored.description();
		final ModelDescription.Licence licence = description.licence();
		final String hash = described ? description.download().sha256() : null;
		return String.join("\n",
			"Download of " + model + " (" + description.title() + ")",
			"  from:    " + uri,
			"  size:    " + (described && description.download().bytes() > 0 ? ModelRow.size(description.download().bytes()) : "about " + ModelRow.size(stored.weightBytes())),
			"  licence: " + (licence == null ? "not stated" : licence.name() + (licence.note() == null ? "" : ". " + licence.note())),
			"  checked: " + (hash == null ? "the shapes of all tensors; no SHA-256 is known beforehand, that of the file will be recorded" : "SHA-256 " + hash + ", and the shapes of all tensors"),
			"  to:      " + StoreFolder.place(store).resolve(target()));
	}

	/**
	 * Downloads and imports. What came of a download that was stopped or broken is kept for another try.
	 *
	 * @throws DgiqaException where it cannot be downloaded, or is not the model
	 */
	public Outcome run(final Watch watch) {
		final StoreFolder folder = StoreFolder.of(store);
		folder.checkSpace(2 * stored.expectedBytes()); // the file that comes, and what is made of it
		final Path file = folder.download(target(), fileName());
		try {
			return run(folder, file, watch);
		}
		finally {
			folder.tidyDownloads(target());
		}
	}

	private Outcome run(final StoreFolder folder, final Path file, final Watch watch) {
		final Download.Fetched fetched = Download.fetch(source(), file, new Download.Listener() {

			@Override
			public void progress(final long done, final long all) {
				watch.at("downloading " + fileName(), done, all);
			}

			@Override
			public void note(final String sentence) {
				watch.note(sentence);
			}
		});
		try {
			final Outcome outcome = ModelImport.downloaded(store, file, fileName(), wishes, new ModelImport.Source(uri.toString(), model), watch);
			folder.removeDownload(target());
			return new Outcome(outcome.name(), true, outcome.sentence() + "; the file's SHA-256 is " + fetched.sha256() + (fetched.verified() ? ", as it should be" : ", and none was known beforehand"));
		}
		catch (final DgiqaException e) {
			folder.removeDownload(target());
			throw e;
		}
	}

	private Source source() {
		final ModelDescription.Download download = stored.description().download();
		if (!described) return new Source(uri, Source.UNKNOWN, null);
		return new Source(uri, download.bytes() > 0 ? download.bytes() : Source.UNKNOWN, download.sha256());
	}

	/** The last part of the address. */
	private String fileName() {
		final String name = uri.getPath() == null ? "" : uri.getPath().replaceFirst(".*/", "").replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.+", "");
		return name.isEmpty() ? "weights" : name;
	}
}
