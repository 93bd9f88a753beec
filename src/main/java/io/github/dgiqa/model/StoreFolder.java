package io.github.dgiqa.model;

import io.github.dgiqa.DgiqaException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.commons.io.file.PathUtils;

/**
 * The user's folder as it is written to, by several at once, each of which may be killed. A model is prepared in a
 * hidden folder beside the others. Its weights then get a name of their own in the model's folder, and the model.json
 * that names them takes the place of the old one in one step: who looks sees the old model or the new one.
 */
final class StoreFolder {

	private static final String STAGE = ModelStore.HIDDEN + "import-";
	private static final String DOWNLOADS = ModelStore.HIDDEN + "downloads";
	private static final String WORK = ModelStore.HIDDEN + "work";
	private static final String LOCK = ModelStore.HIDDEN + "lock";
	/** Weights with the first digits of their SHA-256, as only this class names them. */
	private static final String WEIGHTS = "weights-[0-9a-f]{16}\\..*";
	private static final int HASH_DIGITS = 16;
	/** Bytes that are left free for others. */
	private static final long RESERVE = 16 << 20;

	/** How long what came of a download, or of other work, that did not end waits for another try. */
	private static final Duration KEPT = Duration.ofDays(30);

	/** The folders that this process works in: a file's lock is no use within one process. */
	private static final Set<Path> AT_WORK = new HashSet<>();

	private final Path folder;

	/** What is done while nobody else changes the folder. */
	@FunctionalInterface
	private interface Step<T> {
		T run() throws IOException;
	}

	private StoreFolder(final Path folder) {
		this.folder = folder;
	}

	/**
	 * The folder of a store, made if it is not there.
	 *
	 * @throws ModelException where it cannot be
	 */
	static StoreFolder of(final ModelStore store) {
		final Path folder = place(store);
		try {
			return new StoreFolder(Files.createDirectories(folder).toRealPath());
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}

	/** Where the folder is, or will be. @throws ModelException where it cannot be */
	static Path place(final ModelStore store) {
		final Path folder = store.folder();
		if (folder == null) throw new ModelException("There is no folder for models, for this user has no home; name one (option --store, or the environment variable " + ModelStore.VARIABLE + ").");
		if (Files.exists(folder) && !Files.isDirectory(folder)) throw new ModelException("The folder of models is to be " + folder + ", which is a file; name a folder (option --store, or the environment variable " + ModelStore.VARIABLE + ").");
		return folder;
	}

	private static ModelException unwritable(final Path folder, final IOException e) {
		return new ModelException("The folder of models " + folder + " cannot be written to: " + DgiqaException.sentence(e) + "; name another (option --store, or the environment variable " + ModelStore.VARIABLE + "), or see to its permissions and its free space.", e);
	}

	/** Where a file is downloaded to; what is there stays for another try. @throws ModelException where that cannot be */
	Path download(final String name, final String fileName) {
		try {
			return Files.createDirectories(folder.resolve(DOWNLOADS).resolve(name)).resolve(fileName);
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}

	/** Removes what was downloaded under a name. */
	void removeDownload(final String name) {
		remove(folder.resolve(DOWNLOADS).resolve(name));
	}

	/** A hidden folder for work that can be interrupted and goes on there; removes that of others which is old. @throws ModelException where it cannot be made */
	Path work(final String name) {
		try {
			sweepOld(WORK);
			final Path work = Files.createDirectories(folder.resolve(WORK).resolve(name));
			Files.setLastModifiedTime(work, FileTime.from(Instant.now()));
			return work;
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}

	/** Removes such a folder, whose work is done. */
	void removeWork(final String name) {
		remove(folder.resolve(WORK).resolve(name));
		try {
			Files.deleteIfExists(folder.resolve(WORK));
		}
		catch (final IOException e) {
			// other work is in it
		}
	}

	private static void remove(final Path folder) {
		try {
			PathUtils.deleteDirectory(folder);
		}
		catch (final IOException e) {
			// it is in use: it goes when it is old
		}
	}

	/** Removes the folders of downloads of which nothing came. */
	void tidyDownloads(final String name) {
		try {
			Files.deleteIfExists(folder.resolve(DOWNLOADS).resolve(name));
			Files.deleteIfExists(folder.resolve(DOWNLOADS));
		}
		catch (final IOException e) {
			// something is in them
		}
	}

	/** @throws ModelException where less than that many bytes are free */
	void checkSpace(final long bytes) {
		try {
			final long free = Files.getFileStore(folder).getUsableSpace();
			if (free >= 0 && free - RESERVE < bytes) throw new ModelException("The disk of the folder of models " + folder + " has " + ModelRow.size(free) + " free, and " + ModelRow.size(bytes + RESERVE) + " are needed; make room, or name another folder (option --store).");
		}
		catch (final IOException e) {
			// writing will tell
		}
	}

	/**
	 * Begins to prepare a model; removes what others left that did not end.
	 *
	 * @param bytes how much will be written
	 * @throws ModelException where it cannot be
	 */
	Stage stage(final long bytes) {
		try {
			final Stage stage = locked(() -> {
				sweep();
				return new Stage(Files.createTempDirectory(folder, STAGE));
			});
			try {
				checkSpace(bytes);
			}
			catch (final ModelException e) {
				stage.close();
				throw e;
			}
			return stage;
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}

	/** A hidden folder in which a model is prepared. Closing removes it with all that is still in it. */
	final class Stage implements AutoCloseable {

		private final Path prepared;
		private final FileChannel lock;

		private Stage(final Path prepared) throws IOException {
			this.prepared = prepared;
			lock = FileChannel.open(prepared.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			lock(lock);
			synchronized (AT_WORK) {
				AT_WORK.add(prepared);
			}
		}

		/** A place in it. */
		Path file(final String name) {
			return prepared.resolve(name);
		}

		/**
		 * Makes a model of files in this folder. Of a model that had its NAME, model.json and the weights that it named are
		 * gone afterwards.
		 *
		 * @param json its description, under its NAME and with the SHA-256 of its files
		 * @param origin null for that of the description
		 * @param check called when nobody else can change the store; what it throws ends the work
		 */
		void install(final String name, final String json, final List<ModelDescription.WeightFile> files, final ModelDescription.Origin origin, final Runnable check) throws IOException {
			final List<ModelDescription.WeightFile> renamed = new ArrayList<>();
			for (final ModelDescription.WeightFile file : files)
				renamed.add(new ModelDescription.WeightFile("weights-" + file.sha256().substring(0, HASH_DIGITS) + extension(file.name()), file.bytes(), file.sha256()));
			final Path description = Files.writeString(file(StoredModel.DESCRIPTION), ModelDescription.changed(json, name, renamed, origin), StandardCharsets.UTF_8);
			locked(() -> {
				check.run();
				final Path model = Files.createDirectories(folder.resolve(name));
				final Set<String> old = weightsOf(model);
				for (int i = 0; i < files.size(); i++)
					move(file(files.get(i).name()), model.resolve(renamed.get(i).name()));
				move(description, model.resolve(StoredModel.DESCRIPTION));
				renamed.forEach(file -> old.remove(file.name()));
				delete(model, old);
				return null;
			});
		}

		@Override
		public void close() {
			try {
				lock.close();
				PathUtils.deleteDirectory(prepared);
			}
			catch (final IOException e) {
				// the next import removes it
			}
			synchronized (AT_WORK) {
				AT_WORK.remove(prepared);
			}
		}
	}

	/**
	 * Removes a model: its description first, then its weights, and its folder where nothing else is in it.
	 *
	 * @return whether other files are left
	 * @throws ModelException where it cannot be
	 */
	boolean remove(final String name) {
		try {
			return locked(() -> {
				final Path model = folder.resolve(name);
				final Set<String> weights = weightsOf(model);
				Files.delete(model.resolve(StoredModel.DESCRIPTION));
				delete(model, weights);
				try (Stream<Path> left = Files.list(model)) {
					if (left.findAny().isPresent()) return true;
				}
				Files.delete(model);
				return false;
			});
		}
		catch (final IOException e) {
			throw unwritable(folder, e);
		}
	}

	/** The names of a model's weight files: those that its description names, and those that an import left which was killed. */
	private static Set<String> weightsOf(final Path model) throws IOException {
		final Set<String> names = new HashSet<>();
		try (Stream<Path> files = Files.list(model)) {
			files.map(file -> file.getFileName().toString()).filter(name -> name.matches(WEIGHTS)).forEach(names::add);
		}
		if (Files.exists(model.resolve(StoredModel.DESCRIPTION))) {
			try {
				StoredModel.inFolder(null, model).description().files().forEach(file -> names.add(file.name()));
			}
			catch (final ModelException e) {
				// a damaged description names none
			}
		}
		names.remove(StoredModel.DESCRIPTION); // it may name anything
		return names;
	}

	private static void delete(final Path model, final Set<String> names) throws IOException {
		for (final String name : names)
			if (Files.isRegularFile(model.resolve(name))) Files.delete(model.resolve(name));
	}

	private static void move(final Path from, final Path to) throws IOException {
		try (FileChannel channel = FileChannel.open(from, StandardOpenOption.WRITE)) {
			channel.force(true); // a name must not be on the disk before what it names
		}
		Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static String extension(final String name) {
		final int dot = name.lastIndexOf('.');
		return dot < 0 ? ".weights" : name.substring(dot);
	}

	private <T> T locked(final Step<T> step) throws IOException {
		synchronized (StoreFolder.class) {
			try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock lock = lock(channel)) {
				return step.run();
			}
		}
	}

	/** Null where the file system has no locks: then there is little hope, and no harm in going on. */
	private static FileLock lock(final FileChannel channel) {
		try {
			return channel.lock();
		}
		catch (final IOException e) {
			return null;
		}
	}

	/** Removes the folders of imports that were killed, and what came of old downloads. */
	private void sweep() throws IOException {
		sweepOld(DOWNLOADS);
		final List<Path> stages;
		try (Stream<Path> entries = Files.list(folder)) {
			stages = entries.filter(entry -> entry.getFileName().toString().startsWith(STAGE) && Files.isDirectory(entry)).toList();
		}
		synchronized (AT_WORK) {
			for (final Path stage : stages)
				if (!AT_WORK.contains(stage) && isLeft(stage)) PathUtils.deleteDirectory(stage);
		}
	}

	private void sweepOld(final String part) throws IOException {
		if (!Files.isDirectory(folder.resolve(part))) return;
		try (Stream<Path> entries = Files.list(folder.resolve(part))) {
			for (final Path entry : (Iterable<Path>) entries.filter(Files::isDirectory)::iterator)
				if (Files.getLastModifiedTime(entry).toInstant().isBefore(Instant.now().minus(KEPT))) PathUtils.deleteDirectory(entry);
		}
	}

	private static boolean isLeft(final Path stage) {
		try (FileChannel channel = FileChannel.open(stage.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
			return lock != null;
		}
		catch (final IOException e) {
			return false;
		}
	}
}
