package io.github.dgiqa.ij1;

import ij.IJ;
import ij.Macro;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program's classes as a plugin reaches them. Fiji has everything on one class path. Plain ImageJ 1.x has only the
 * plugin's own jar: there a class loader of our own joins it with the libraries beside it.
 */
public final class Program {

	/** A class that Fiji has and plain ImageJ lacks. */
	private static final String FIJI_ONLY = "org.scijava.Context";

	/** Kept in ImageJ itself: native libraries can be loaded once, and Refresh Menus loads this class anew. */
	private static final String KEY = "io.github.dgiqa.loader";

	private static final String[] LIBRARIES = {"jars/djl", "lib/dgiqa-imagej1"};

	private Program() {}

	/** The program cannot be found; the message is for the user. */
	public static final class Unavailable extends Exception {

		private static final long serialVersionUID = 1L;

		Unavailable(final String message) {
			super(message);
		}
	}

	/**
	 * Calls a static method whose parameters are all texts.
	 *
	 * @return what it returns; null where it ended with an error, which ImageJ then has shown
	 * @throws Unavailable where the program cannot be found
	 */
	public static Object call(final String className, final String method, final String... arguments) throws Unavailable {
		final Class<?>[] types = new Class<?>[arguments.length];
		Arrays.fill(types, String.class);
		final Thread thread = Thread.currentThread();
		final ClassLoader before = thread.getContextClassLoader();
		try {
			final ClassLoader loader = loader();
			thread.setContextClassLoader(loader);
			return loader.loadClass(className).getMethod(method, types).invoke(null, (Object[]) arguments);
		}
		catch (final InvocationTargetException e) {
			if (Macro.MACRO_CANCELED.equals(e.getCause().getMessage())) throw new RuntimeException(Macro.MACRO_CANCELED); // ImageJ's own way out of a macro
			IJ.handleException(e.getCause());
			return null;
		}
		catch (final ReflectiveOperationException e) {
			throw new Unavailable("This copy of DGIQA is incomplete (" + e + "): install it again.");
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static synchronized ClassLoader loader() throws Unavailable {
		final ClassLoader own = Program.class.getClassLoader();
		try {
			Class.forName(FIJI_ONLY, false, own);
			return own;
		}
		catch (final ClassNotFoundException e) {
			if (IJ.getProperty(KEY) == null) IJ.setProperty(KEY, joined());
			return (ClassLoader) IJ.getProperty(KEY);
		}
	}

	private static ClassLoader joined() throws Unavailable {
		try {
			final URL own = Program.class.getProtectionDomain().getCodeSource().getLocation();
			final File base = base(new File(own.toURI()));
			final List<URL> jars = new ArrayList<URL>();
			jars.add(own);
			for (final String library : LIBRARIES)
				addJars(new File(base, library), jars);
			final File natives = new File(base, natives(System.getProperty("os.name"), System.getProperty("os.arch")));
			if (natives.isDirectory()) addJars(natives, jars);
			return new URLClassLoader(jars.toArray(new URL[0]), IJ.class.getClassLoader());
		}
		catch (URISyntaxException | MalformedURLException e) {
			throw new IllegalStateException(e); // jars have files, and files have URLs
		}
	}

	/** ImageJ's folder: the one above the plugin that has the libraries, wherever ImageJ thinks that it is. */
	private static File base(final File plugin) {
		for (File folder = plugin.getParentFile(); folder != null; folder = folder.getParentFile())
			if (new File(folder, LIBRARIES[0]).isDirectory()) return folder;
		return new File(IJ.getDirectory("imagej"));
	}

	/**
	 * The folder of PyTorch's libraries for a machine, by the names that ImageJ's updater has for platforms. It is missing
	 * where there are none for this machine, or PyTorch is installed apart.
	 */
	static String natives(final String os, final String architecture) {
		final String name = os.startsWith("Windows") ? "win" : os.startsWith("Mac") ? "macos" : "linux";
		return "jars/" + name + (architecture.equals("aarch64") ? "-arm64" : "64");
	}

	private static void addJars(final File folder, final List<URL> jars) throws Unavailable, MalformedURLException {
		final File[] files = folder.listFiles();
		if (files == null) throw new Unavailable("DGIQA's libraries are missing: the folder " + folder + " was expected. Copy the whole of DGIQA's folders into ImageJ's, not only the plugin.");
		Arrays.sort(files);
		for (final File file : files)
			if (file.getName().endsWith(".jar")) jars.add(file.toURI().toURL());
	}
}
