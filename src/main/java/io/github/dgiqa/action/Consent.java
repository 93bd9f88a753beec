package io.github.dgiqa.action;

import ij.IJ;
import ij.gui.GenericDialog;

import io.github.dgiqa.DgiqaException;

/** The user's consent to a download. */
final class Consent {

	private Consent() {}

	/**
	 * The user's click, or a macro's {@code accept=true}.
	 *
	 * @param terms source, size and licence, a line each
	 * @return false where the user cancelled, and has been told that nothing was downloaded
	 * @throws DgiqaException in a macro that does not say it: nobody is there to click
	 */
	static boolean given(final Values values, final String terms) {
		if (values.flag("accept", false)) return true;
		if (!Guard.isWatched()) throw new DgiqaException("Nothing was downloaded, for the key accept is not true. " + terms.replaceAll("\\s*\\R\\s*", "; "));
		final GenericDialog dialog = new GenericDialog("Download");
		dialog.addMessage(terms);
		dialog.setOKLabel("Download");
		dialog.showDialog();
		if (dialog.wasCanceled()) IJ.showStatus("DGIQA: nothing was downloaded");
		return dialog.wasOKed();
	}
}
