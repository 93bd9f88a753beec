package io.github.dgiqa.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.dgiqa.ProgramRun;
import io.github.dgiqa.Reference;
import io.github.dgiqa.site.UpdateSiteReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ImageJ whose DGIQA came from the update site of this build, which has the natives of this machine only. */
class UpdateSiteIT extends PlainImageJ {

	private static final Path BUILT = Path.of("target", "fiji");

	/** What Fiji has itself. */
	private static final Path PLAIN = Path.of("lib", "dgiqa-imagej1");

	@TempDir
	Path temporary;

	private UpdateSiteReader site;

	@Override
	@BeforeEach
	void install() throws IOException {
		final Path tree = temporary.resolve("tree");
		for (final String folder : List.of("jars", "macros", "models", "plugins"))
			put(BUILT.resolve(folder), tree.resolve(folder));
		final Path made = temporary.resolve("site");
		final ProgramRun run = ProgramRun.of(new ProcessBuilder(ProgramRun.java(), "update-site/UpdateSite.java", tree.toString(), made.toString(), "20260102030405"));
		assertEquals(0, run.status(), run.err());
		site = UpdateSiteReader.read(made);
		assertEquals(1, site.platforms().size());
		site.install(site.platforms().iterator().next(), imagej);
		put(BUILT.resolve(PLAIN), imagej.resolve(PLAIN));
	}

	@Test
	void whatTheSiteHolds() throws IOException {
		assertEquals(22, site.check());
		assertTrue(site.components().keySet().containsAll(Set.of("plugins/DGIQA_.jar", "jars/djl/ai.djl.api.jar", "jars/djl/ai.djl.pytorch.pytorch-engine.jar", "jars/djl/ai.djl.pytorch.pytorch-jni.jar",
			"models/dgiqa/dgiqa-compact/dgiqa-compact.safetensors", "models/dgiqa/depth-compact/depth-compact.safetensors", "macros/DGIQA_Check.ijm")));
		final UpdateSiteReader.Component plugin = site.get("plugins/DGIQA_.jar");
		assertEquals("No-reference image quality for ImageJ: scores an image as people would judge it, and shows why.", plugin.description());
		assertEquals(11, plugin.dependencies().size());
		assertTrue(plugin.dependencies().keySet().stream().allMatch(jar -> jar.startsWith("jars/djl/")));
		for (final String theirs : List.of("dgiqa", "depth-anything-vits", "depth-anything-vitb", "depth-anything-vitl"))
			assertTrue(Files.notExists(imagej.resolve("models").resolve("dgiqa").resolve(theirs)), theirs + " is the user's folder");
		final String platform = site.platforms().iterator().next();
		final ProgramRun java = ProgramRun.of(new ProcessBuilder(ProgramRun.java(), "--module-path", imagej.resolve("jars").resolve(platform).toString(), "--list-modules"));
		assertEquals(0, java.status(), "Fiji's launcher could not start Java: " + java.out() + java.err());
	}

	@Test
	void imageJScoresAnImage() throws IOException {
		final List<String> said = macro("open('" + SAMPLES.resolve("coffee.png") + "');\nrun('Assess Quality...');\nsay(getResult('Score', 0));\nrun('About DGIQA...');\nsay(getInfo('log'));\n");
		assertEquals(Reference.score("coffee"), Double.parseDouble(said.get(0)), 1e-4);
		assertTrue(said.get(1).contains("models: depth-compact, dgiqa-compact;"), said.get(1));
	}
}
