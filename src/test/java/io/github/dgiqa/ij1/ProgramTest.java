package io.github.dgiqa.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {

	/** As Platforms.current() of imagej-updater 2.0.1 names them. */
	@ParameterizedTest
	@CsvSource({"Linux, amd64, linux64", "Linux, aarch64, linux-arm64", "Windows 11, amd64, win64", "Windows 10, aarch64, win-arm64", "Mac OS X, aarch64, macos-arm64", "Mac OS X, x86_64, macos64"})
	void nativesLieInThePlatformsFolder(final String os, final String architecture, final String platform) {
		assertEquals("jars/" + platform, Program.natives(os, architecture));
	}
}
