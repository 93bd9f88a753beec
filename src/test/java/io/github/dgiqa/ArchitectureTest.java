package io.github.dgiqa;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packages know only those below them; see docs/development.md. The package spark is there in the profile of that name only. */
@Tag("spark")
class ArchitectureTest {

	private static final String ROOT = "io.github.dgiqa";

	private static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(location -> !location.contains("/test-classes/")).importPackages(ROOT);

	@Test
	void downwardsOnly() {
		layeredArchitecture().consideringOnlyDependenciesInLayers()
			.layer("command").definedBy(ROOT + ".command")
			.layer("ij1").definedBy(ROOT + ".ij1")
			.layer("cli").definedBy(ROOT + ".cli")
			.optionalLayer("spark").definedBy(ROOT + ".spark")
			.layer("action").definedBy(ROOT + ".action")
			.layer("bench").definedBy(ROOT + ".bench")
			.layer("evaluate").definedBy(ROOT + ".evaluate")
			.layer("sets").definedBy(ROOT + ".evaluate.sets")
			.layer("statistics").definedBy(ROOT + ".evaluate.statistics")
			.layer("train").definedBy(ROOT + ".train")
			.layer("batch").definedBy(ROOT + ".batch")
			.layer("report").definedBy(ROOT + ".report")
			.layer("distort").definedBy(ROOT + ".distort")
			.layer("display").definedBy(ROOT + ".display")
			.layer("assess").definedBy(ROOT + ".assess")
			.layer("depth").definedBy(ROOT + ".depth")
			.layer("model").definedBy(ROOT + ".model")
			.layer("network").definedBy(ROOT + ".network")
			.layer("weights").definedBy(ROOT + ".weights")
			.layer("image").definedBy(ROOT + ".image")
			.layer("engine").definedBy(ROOT + ".engine")
			.layer("download").definedBy(ROOT + ".download")
			.whereLayer("command").mayOnlyBeAccessedByLayers("ij1")
			.whereLayer("ij1").mayNotBeAccessedByAnyLayer()
			.whereLayer("cli").mayNotBeAccessedByAnyLayer()
			.whereLayer("spark").mayOnlyBeAccessedByLayers("cli")
			.whereLayer("action").mayOnlyBeAccessedByLayers("command", "ij1")
			.whereLayer("bench").mayOnlyBeAccessedByLayers("cli")
			.whereLayer("evaluate").mayOnlyBeAccessedByLayers("action", "cli", "bench")
			.whereLayer("sets").mayOnlyBeAccessedByLayers("train", "action", "cli", "evaluate")
			.whereLayer("statistics").mayOnlyBeAccessedByLayers("train", "action", "cli", "evaluate")
			.whereLayer("train").mayOnlyBeAccessedByLayers("action", "cli")
			.whereLayer("batch").mayOnlyBeAccessedByLayers("action", "spark", "cli", "bench")
			.whereLayer("report").mayOnlyBeAccessedByLayers("action", "cli", "batch")
			.whereLayer("distort").mayOnlyBeAccessedByLayers("train", "command", "action", "cli", "batch")
			.whereLayer("display").mayOnlyBeAccessedByLayers("command", "action", "spark", "cli", "batch", "report", "bench")
			.whereLayer("assess").mayOnlyBeAccessedByLayers("action", "spark", "cli", "evaluate", "batch", "report", "display", "bench")
			.whereLayer("depth").mayOnlyBeAccessedByLayers("train", "assess")
			.whereLayer("model").mayOnlyBeAccessedByLayers("train", "action", "spark", "cli", "evaluate", "batch", "display", "assess", "depth", "bench")
			.whereLayer("network").mayOnlyBeAccessedByLayers("train", "assess", "depth", "model", "bench")
			.whereLayer("weights").mayOnlyBeAccessedByLayers("train", "cli", "model")
			.whereLayer("image").mayOnlyBeAccessedByLayers("train", "action", "spark", "cli", "evaluate", "batch", "report", "display", "distort", "assess", "depth", "bench")
			.whereLayer("engine").mayOnlyBeAccessedByLayers("train", "action", "spark", "cli", "evaluate", "batch", "display", "assess", "depth", "model", "network", "bench")
			.whereLayer("download").mayOnlyBeAccessedByLayers("action", "cli", "engine", "model", "command")
			.check(CLASSES);
	}

	@Test
	void mathematicsKnowsNothingOfImageJ() {
		noClasses().that().resideInAnyPackage(ROOT + ".network", ROOT + ".weights")
			.should().dependOnClassesThat().resideInAnyPackage("ij..", "net.imagej..", "net.imglib2..", "org.scijava..").check(CLASSES);
	}

	@Test
	void displayKnowsNothingOfDjl() {
		noClasses().that().resideInAnyPackage(ROOT + ".action", ROOT + ".display", ROOT + ".distort", ROOT + ".batch", ROOT + ".report", ROOT + ".evaluate..", ROOT + ".cli", ROOT + ".spark", ROOT + ".image", ROOT + ".command", ROOT + ".ij1")
			.should().dependOnClassesThat().resideInAPackage("ai.djl..").check(CLASSES);
	}
}
