package io.github.dgiqa.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import org.scijava.util.FileUtils;

/** An update site as ImageJ's updater sees it; from the updater's rules, not from the program that makes the site. */
public final class UpdateSiteReader {

	/** One version of a file. */
	public record Version(String filename, String checksum, long timestamp, long size) {}

	/** A file; current is null where it is obsolete. Dependencies are names without versions, with timestamps. */
	public record Component(String filename, Set<String> platforms, String description, Map<String, Long> dependencies, Version current, List<Version> previous) {

		/** Whether the updater offers it to an ImageJ for that platform. */
		public boolean isFor(final String platform) {
			return current != null && (platforms.isEmpty() || platforms.contains(platform));
		}
	}

	private final Path site;
	private final Map<String, Component> components = new TreeMap<>();

	private UpdateSiteReader(final Path site) {
		this.site = site;
	}

	public static UpdateSiteReader read(final Path site) throws IOException {
		final UpdateSiteReader reader = new UpdateSiteReader(site);
		try (InputStream in = new GZIPInputStream(Files.newInputStream(site.resolve("db.xml.gz")))) {
			reader.parse(XMLInputFactory.newFactory().createXMLStreamReader(in));
		}
		catch (final XMLStreamException e) {
			throw new AssertionError(e);
		}
		return reader;
	}

	/** By the names without versions. */
	public Map<String, Component> components() {
		return components;
	}

	public Component get(final String name) {
		final Component component = components.get(name);
		assertTrue(component != null, () -> name + " is not among " + components.keySet());
		return component;
	}

	private void parse(final XMLStreamReader xml) throws XMLStreamException {
		Component component = null;
		String text = "";
		while (xml.hasNext()) {
			final int event = xml.next();
			if (event == XMLStreamConstants.CHARACTERS) text += xml.getText();
			else if (event == XMLStreamConstants.START_ELEMENT) {
				text = "";
				component = start(xml, component);
			}
			else if (event == XMLStreamConstants.END_ELEMENT) component = end(xml.getLocalName(), text.strip(), component);
		}
	}

	private static Component start(final XMLStreamReader xml, final Component component) {
		switch (xml.getLocalName()) {
			case "plugin":
				return new Component(required(xml, "filename"), new TreeSet<>(), null, new TreeMap<>(), null, new ArrayList<>());
			case "version":
				assertNull(component.current, component.filename);
				final Version current = new Version(component.filename, required(xml, "checksum"), number(xml, "timestamp"), number(xml, "filesize"));
				return new Component(component.filename, component.platforms, null, component.dependencies, current, component.previous);
			case "dependency":
				component.dependencies.put(FileUtils.stripFilenameVersion(required(xml, "filename")), number(xml, "timestamp"));
				return component;
			case "previous-version":
				final Version previous = new Version(required(xml, "filename"), required(xml, "checksum"), number(xml, "timestamp"), -1);
				assertTrue(number(xml, "timestamp-obsolete") > previous.timestamp, component.filename);
				component.previous.add(previous);
				return component;
			default:
				return component;
		}
	}

	private Component end(final String tag, final String text, final Component component) {
		switch (tag) {
			case "platform":
				component.platforms.add(text);
				return component;
			case "description":
				return new Component(component.filename, component.platforms, text, component.dependencies, component.current, component.previous);
			case "plugin":
				assertNull(components.put(FileUtils.stripFilenameVersion(component.filename), component), component.filename);
				return null;
			default:
				return component;
		}
	}

	private static String required(final XMLStreamReader xml, final String attribute) {
		final String value = xml.getAttributeValue(null, attribute);
		assertTrue(value != null && !value.isEmpty(), xml.getLocalName() + " has no " + attribute);
		return value;
	}

	private static long number(final XMLStreamReader xml, final String attribute) {
		return Long.parseLong(required(xml, attribute));
	}

	/**
	 * Checks all that the updater would: that each current file is there with its size and checksum, and is for the
	 * platform of its folder alone; that dependencies are on the site; that no version came before one that it replaced.
	 *
	 * @return how many current files there are
	 */
	public int check() throws IOException {
		int files = 0;
		for (final Component component : components.values()) {
			final String folder = component.filename.replaceFirst("^(?:jars|lib)/([^/]+)/.*", "$1");
			assertEquals(Set.of("linux64", "win64", "macos-arm64").contains(folder) ? Set.of(folder) : Set.of(), component.platforms, component.filename);
			long before = 0;
			for (final Version version : component.previous) {
				assertTrue(version.timestamp > before, component.filename);
				before = version.timestamp;
			}
			if (component.current == null) continue;
			assertTrue(component.current.timestamp > before, component.filename);
			checkFile(component.current);
			for (final Map.Entry<String, Long> dependency : component.dependencies.entrySet())
				assertEquals(get(dependency.getKey()).current.timestamp, dependency.getValue(), dependency.getKey());
			files++;
		}
		return files;
	}

	private void checkFile(final Version version) throws IOException {
		final Path file = file(version);
		assertEquals(version.size, Files.size(file), version.filename);
		assertEquals(checksum(version.filename, file), version.checksum, version.filename);
	}

	/** Where a version lies. */
	public Path file(final Version version) {
		return site.resolve(version.filename + "-" + version.timestamp);
	}

	/** The platforms for which there are files of their own. */
	public Set<String> platforms() {
		final Set<String> platforms = new HashSet<>();
		components.values().forEach(component -> platforms.addAll(component.platforms));
		return platforms;
	}

	/** Puts the files for a platform into an ImageJ folder. */
	public void install(final String platform, final Path imagej) throws IOException {
		for (final Component component : components.values()) {
			if (!component.isFor(platform)) continue;
			final Path at = imagej.resolve(component.filename);
			Files.createDirectories(at.getParent());
			Files.copy(file(component.current), at);
		}
	}

	/** SHA-1 as the updater takes it. */
	static String checksum(final String name, final Path file) throws IOException {
		final MessageDigest sha1 = sha1();
		if (!name.endsWith(".jar")) {
			sha1.update(name.getBytes(StandardCharsets.US_ASCII));
			sha1.update(Files.readAllBytes(file));
		}
		else try (ZipFile jar = new ZipFile(file.toFile())) {
			for (final String entry : jar.stream().map(ZipEntry::getName).sorted().toList()) {
				sha1.update(entry.getBytes(StandardCharsets.US_ASCII));
				try (InputStream content = jar.getInputStream(jar.getEntry(entry))) {
					if (entry.endsWith(".properties")) sha1.update(properties(content.readAllBytes()));
					else if (!entry.equals("META-INF/MANIFEST.MF")) new DigestInputStream(content, sha1).transferTo(OutputStream.nullOutputStream());
				}
			}
		}
		return String.format("%040x", new BigInteger(1, sha1.digest()));
	}

	/** Comments lose all but their line's end; the updater knows the start of no line behind one that it saw start and that has at most #s. */
	private static byte[] properties(final byte[] content) {
		final StringBuilder kept = new StringBuilder();
		boolean seen = true;
		for (final String line : new String(content, StandardCharsets.ISO_8859_1).split("(?<=\n)")) {
			if (!seen || !line.startsWith("#")) kept.append(line);
			else if (line.endsWith("\n")) kept.append('\n');
			seen = !seen || !line.matches("#*\n?");
		}
		return kept.toString().getBytes(StandardCharsets.ISO_8859_1);
	}

	private static MessageDigest sha1() {
		try {
			return MessageDigest.getInstance("SHA-1");
		}
		catch (final NoSuchAlgorithmException e) {
			throw new AssertionError(e);
		}
	}
}
