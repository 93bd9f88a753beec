package io.github.dgiqa.image;

import ij.IJ;
import ij.ImagePlus;

import io.github.dgiqa.DgiqaException;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** The Bio-Formats plugins where they are installed: files of microscopes. They are looked for when asked for. */
public final class BioFormats {

	private static final Set<String> EXTENSIONS = Set.of("1sc", "2fl", "afi", "al3d", "bif", "cxd", "czi", "dcm", "dicom", "dm2", "dm3", "dm4", "dv", "eps", "fff", "fits", "flex", "fli", "gel", "htd", "ics", "ids", "ims",
		"ipl", "ipm", "ipw", "jp2", "jpx", "l2d", "lei", "lif", "liff", "lof", "lsm", "mdb", "mnc", "mrc", "mrw", "mrxs", "msr", "mvd2", "naf", "nd", "nd2", "ndpi", "ndpis", "nrrd", "obf", "oib", "oif", "oir", "pcx", "pic", "pict", "psd",
		"qptiff", "r3d", "scn", "sdt", "sif", "sld", "spe", "spi", "stk", "svs", "sxm", "tga", "vms", "vsi", "xdce", "xv", "zvi");

	private BioFormats() {}

	/** Whether the plugins are there. */
	public static boolean isInstalled() {
		try {
			load("BF");
			return true;
		}
		catch (ClassNotFoundException | LinkageError e) {
			return false;
		}
	}

	/** Whether a file's name is one for Bio-Formats, and not for ImageJ alone. */
	public static boolean hasExtension(final Path file) {
		final String name = file.getFileName().toString();
		return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
	}

	/**
	 * Opens a file by ImageJ's own readers, or where these cannot, or it is a microscope's, by Bio-Formats: all its series.
	 *
	 * @throws ImageException where it cannot be read
	 */
	public static ImageFile open(final Path file) {
		if (hasExtension(file)) return opened(file);
		try {
			return ImageFile.open(file);
		}
		catch (final ImageException e) {
			try {
				return opened(file);
			}
			catch (final ImageException other) {
				throw e;
			}
		}
	}

	private static ImageFile opened(final Path file) {
		try {
			final Class<?> optionsClass = load("in.ImporterOptions");
			final Object options = optionsClass.getDeclaredConstructor().newInstance();
			optionsClass.getMethod("setId", String.class).invoke(options, file.toString());
			optionsClass.getMethod("setOpenAllSeries", boolean.class).invoke(options, true);
			// one plane at a time in memory
			optionsClass.getMethod("setVirtual", boolean.class).invoke(options, true);
			final ImagePlus[] images = (ImagePlus[]) load("BF").getMethod("openImagePlus", optionsClass).invoke(null, options);
			if (images == null || images.length == 0) throw new ImageException("Bio-Formats finds no image in the file.");
			return ImageFile.of(Arrays.asList(images));
		}
		catch (final InvocationTargetException e) {
			throw new ImageException("Bio-Formats cannot read the file: " + DgiqaException.sentence(e.getCause()) + ".", e);
		}
		catch (ReflectiveOperationException | LinkageError e) {
			throw new ImageException("This version of Bio-Formats cannot be used (" + e + ").", e);
		}
	}

	private static Class<?> load(final String name) throws ClassNotFoundException {
		final ClassLoader plugins = IJ.getClassLoader();
		return Class.forName("loci.plugins." + name, true, plugins == null ? BioFormats.class.getClassLoader() : plugins);
	}
}
