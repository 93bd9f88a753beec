import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Makes the folder of an ImageJ update site from a tree of files as they are to lie in an ImageJ folder. Run as
 * {@code java update-site/UpdateSite.java TREE SITE TIMESTAMP}; TIMESTAMP is the version's, yyyyMMddHHmmss.
 *
 * <p>
 * A site holds each version of each file as NAME-TIMESTAMP, and {@value #INDEX}, which lists them. Where SITE holds a
 * former version, files that did not change stay as they are there, those that the tree lacks become obsolete, and
 * none is deleted. The same TREE, former SITE and TIMESTAMP always give the same bytes; {@value #INDEX} is written
 * last and in one step.
 */
final class UpdateSite {

	private static final String INDEX = "db.xml.gz";

	/** What ImageJ's updater takes for platforms where a folder in jars or lib is called so. */
	private static final Set<String> PLATFORMS = Set.of("linux32", "linux64", "linux-arm64", "linuxx", "macos64", "macos-arm64", "macosx", "win32", "win64", "win-arm64", "winx");

	/** The updater takes names into addresses as they are, but for spaces, and its checksums know only ASCII. */
	private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_+][A-Za-z0-9_+.-]*/)*[A-Za-z0-9_+][A-Za-z0-9_+.-]*");

	/** What the updater takes for a version in a jar's name: numbers with dots, not one number alone, and what qualifies them. */
	private static final String VERSION = "-\\d+(?:\\.\\d+|\\d{7})+[a-z]?\\d?(?:-[A-Za-z0-9.]+?|\\.GA)*?";

	/** What the updater does not take for a part of the version. */
	private static final String SYSTEM = "(?:android|linux|macosx|solaris|windows)-(?:aarch64|amd64|armv6hf|armv6|arm|i586|universal|x86_64|x86)";
	private static final String CLASSIFIER = "-(?:swing|swt|shaded|sources|javadoc|natives?-?\\w*|(?:natives-)?" + SYSTEM + ")";

	private static final Pattern JAR = Pattern.compile("(.+?)(?:" + VERSION + ")?((?:" + CLASSIFIER + ")?\\.jar(?:-[a-z]*)?)");

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

	private static final String DTD = """
		<!DOCTYPE pluginRecords [
		<!ELEMENT pluginRecords (plugin*)>
		<!ELEMENT plugin (platform*, version?, previous-version*)>
		<!ELEMENT platform (#PCDATA)>
		<!ELEMENT version (description?, dependency*)>
		<!ELEMENT description (#PCDATA)>
		<!ELEMENT dependency EMPTY>
		<!ELEMENT previous-version EMPTY>
		<!ATTLIST plugin filename CDATA #REQUIRED>
		<!ATTLIST version checksum CDATA #REQUIRED timestamp CDATA #REQUIRED filesize CDATA #REQUIRED>
		<!ATTLIST dependency filename CDATA #REQUIRED timestamp CDATA #IMPLIED>
		<!ATTLIST previous-version filename CDATA #REQUIRED checksum CDATA #REQUIRED timestamp CDATA #REQUIRED timestamp-obsolete CDATA #IMPLIED>
		]>
		""";

	/** One version of a file that is on the site. Timestamps are yyyyMMddHHmmss as a number; obsolete is when the next version came, 0 where it is the newest. */
	private record Version(String filename, String checksum, long timestamp, long size, long obsolete) {

		Version obsoleteAt(final long when) {
			return new Version(filename, checksum, timestamp, size, when);
		}

		String stored() {
			return filename + "-" + timestamp;
		}
	}

	/**
	 * A file through all its versions.
	 *
	 * @param current  null where the file is obsolete
	 * @param previous the oldest first
	 */
	private record Component(Version current, List<Version> previous) {

		String filename() {
			return current != null ? current.filename : previous.get(previous.size() - 1).filename;
		}

		Component without(final long when) {
			if (current == null) return this;
			final List<Version> versions = new ArrayList<>(previous);
			versions.add(current.obsoleteAt(when));
			return new Component(null, versions);
		}

		Component with(final Version version) {
			return new Component(version, without(version.timestamp).previous);
		}

		long newest() {
			return Stream.concat(Stream.ofNullable(current), previous.stream()).mapToLong(version -> Math.max(version.timestamp, version.obsolete)).max().orElse(0);
		}
	}

	/** The site cannot be made; the message is one sentence for the user. */
	private static final class Refusal extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Refusal(final String sentence) {
			super(sentence);
		}
	}

	private final Path tree;
	private final Path site;
	private final long timestamp;

	private UpdateSite(final Path tree, final Path site, final long timestamp) {
		this.tree = tree;
		this.site = site;
		this.timestamp = timestamp;
	}

	public static void main(final String[] arguments) {
		try {
			if (arguments.length != 3) throw new Refusal("Three arguments are needed: TREE SITE TIMESTAMP; found were " + arguments.length + ".");
			new UpdateSite(path(arguments[0]), path(arguments[1]), timestamp(arguments[2])).make();
		}
		catch (final Refusal e) {
			fail(e.getMessage());
		}
		catch (IOException | UncheckedIOException e) {
			fail("The site cannot be made: " + e + ".");
		}
	}

	private static void fail(final String sentence) {
		System.err.println(sentence);
		System.exit(1);
	}

	private static Path path(final String text) {
		try {
			return Path.of(text).toAbsolutePath().normalize();
		}
		catch (final InvalidPathException e) {
			throw new Refusal("'" + text + "' is no path: " + e.getReason() + ".");
		}
	}

	private static long timestamp(final String text) {
		try {
			LocalDateTime.parse(text, TIMESTAMP);
			return Long.parseLong(text);
		}
		catch (DateTimeException | NumberFormatException e) {
			throw new Refusal("The timestamp '" + text + "' is no date and time: 14 digits are expected, yyyyMMddHHmmss.");
		}
	}

	// -- the site --

	private void make() throws IOException {
		final Map<String, Path> files = files();
		final Map<String, Component> former = former();
		final Map<String, Component> components = new TreeMap<>(former);
		final Map<String, Path> fresh = new TreeMap<>();
		for (final Map.Entry<String, Path> file : files.entrySet()) {
			final Component known = former.getOrDefault(unversioned(file.getKey()), new Component(null, List.of()));
			final String checksum = checksum(file.getKey(), file.getValue());
			if (known.current != null && known.current.checksum.equals(checksum) && known.current.filename.equals(file.getKey())) {
				checkStored(known.current);
				continue;
			}
			final Version version = new Version(file.getKey(), checksum, timestamp, Files.size(file.getValue()), 0);
			components.put(unversioned(file.getKey()), known.with(version));
			fresh.put(version.stored(), file.getValue());
		}
		final Set<String> names = new TreeSet<>();
		files.keySet().forEach(name -> names.add(unversioned(name)));
		components.replaceAll((name, component) -> names.contains(name) ? component : component.without(timestamp));
		if (!components.equals(former)) checkNewer(former.values());
		final byte[] index = compressed(xml(components));

		Files.createDirectories(site);
		for (final Map.Entry<String, Path> file : fresh.entrySet())
			try (InputStream content = Files.newInputStream(file.getValue())) {
				store(file.getKey(), content);
			}
		store(INDEX, new ByteArrayInputStream(index));
		report(former, components);
	}

	/** The tree's files by their names in ImageJ's folder. */
	private Map<String, Path> files() throws IOException {
		if (!Files.isDirectory(tree)) throw new Refusal("There is no folder " + tree + ": the tree of files for the site was expected.");
		if (site.startsWith(tree)) throw new Refusal("The site " + site + " lies in the tree " + tree + ": choose a folder outside.");
		final Map<String, Path> files = new TreeMap<>();
		try (Stream<Path> all = Files.walk(tree)) {
			all.filter(file -> !Files.isDirectory(file)).forEach(file -> files.put(tree.relativize(file).toString().replace('\\', '/'), file));
		}
		if (files.isEmpty()) throw new Refusal("The folder " + tree + " holds no files: the tree of files for the site was expected.");
		final Map<String, String> seen = new TreeMap<>();
		for (final String name : files.keySet()) {
			if (!NAME.matcher(name).matches()) throw new Refusal("A site cannot hold a file of the name '" + name + "': ASCII letters, digits and _ + - . are expected, and no - or . in front.");
			final String other = seen.put(unversioned(name), name);
			if (other != null) throw new Refusal("The tree holds two versions of one jar, " + other + " and " + name + ": the updater keeps one.");
		}
		return files;
	}

	/** A former version's blob is what users without the file will get. */
	private void checkStored(final Version version) throws IOException {
		final Path stored = site.resolve(version.stored());
		if (!Files.isRegularFile(stored)) throw new Refusal("The site " + site + " lacks " + version.stored() + ", which its " + INDEX + " lists: build over the whole former site.");
		if (Files.size(stored) != version.size || !checksum(version.filename, stored).equals(version.checksum))
			throw new Refusal("The site's file " + stored + " is damaged: its checksum or size is not that in " + INDEX + "; build over the former site as it was published.");
	}

	private void checkNewer(final Collection<Component> former) {
		final long newest = former.stream().mapToLong(Component::newest).max().orElse(0);
		if (timestamp <= newest) throw new Refusal("The timestamp " + timestamp + " is not after " + newest + ", the newest on the site " + site + ", and files have changed: choose a later one.");
	}

	/** In one step: nobody sees half a file. */
	private void store(final String name, final InputStream content) throws IOException {
		final Path file = site.resolve(name);
		Files.createDirectories(file.getParent());
		final Path part = file.resolveSibling(file.getFileName() + ".part");
		Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
		try {
			Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (final AtomicMoveNotSupportedException e) {
			Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private static void report(final Map<String, Component> former, final Map<String, Component> components) {
		int added = 0;
		int changed = 0;
		int obsolete = 0;
		final Map<String, Long> sizes = new TreeMap<>();
		for (final Map.Entry<String, Component> entry : components.entrySet()) {
			final Component component = entry.getValue();
			final Component before = former.get(entry.getKey());
			final boolean was = before != null && before.current != null;
			if (component.current == null) obsolete++;
			else if (!was) added++;
			else if (!component.equals(before)) changed++;
			if (component.current != null) sizes.merge(platform(component.filename()), component.current.size, Long::sum);
		}
		System.out.println((components.size() - obsolete) + " files, " + added + " of them new and " + changed + " changed; " + obsolete + " obsolete");
		sizes.forEach((platform, size) -> System.out.printf(Locale.ROOT, "%-12s %.1f MB%n", platform.isEmpty() ? "everywhere" : "+ " + platform, size / 1e6));
	}

	// -- the updater's rules --

	/** The name that all versions of a file have in common: that without a jar's version. */
	private static String unversioned(final String name) {
		final Matcher matcher = JAR.matcher(name);
		return matcher.matches() ? matcher.group(1) + matcher.group(2) : name;
	}

	/** The platform that a file is for, or the empty text. */
	private static String platform(final String name) {
		final String[] parts = name.split("/");
		final boolean inPlatformFolder = parts.length > 2 && (parts[0].equals("jars") || parts[0].equals("lib")) && PLATFORMS.contains(parts[1]);
		return inPlatformFolder ? parts[1] : "";
	}

	/** SHA-1 over the name and the content; of a jar over its entries, sorted, so that a jar built anew from the same sources has the same. */
	private static String checksum(final String name, final Path file) throws IOException {
		final MessageDigest digest = sha1();
		if (name.endsWith(".jar")) addEntries(name, file, digest);
		else {
			digest.update(name.getBytes(StandardCharsets.US_ASCII));
			try (InputStream content = Files.newInputStream(file)) {
				copy(content, digest);
			}
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static void addEntries(final String name, final Path file, final MessageDigest digest) throws IOException {
		try (JarFile jar = new JarFile(file.toFile())) {
			for (final ZipEntry entry : jar.stream().sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
				digest.update(entry.getName().getBytes(StandardCharsets.US_ASCII));
				if (entry.getName().equals(JarFile.MANIFEST_NAME)) continue; // of which only the name counts
				try (InputStream content = jar.getInputStream(entry)) {
					if (entry.getName().endsWith(".properties")) digest.update(withoutComments(content.readAllBytes()));
					else copy(content, digest);
				}
			}
		}
		catch (final ZipException e) {
			throw new Refusal("The jar " + name + " cannot be read: " + e.getMessage() + ".");
		}
	}

	/** PyTorch's libraries are larger than the memory that this should need. */
	private static void copy(final InputStream content, final MessageDigest digest) throws IOException {
		final byte[] buffer = new byte[1 << 16];
		for (int n = content.read(buffer); n >= 0; n = content.read(buffer))
			digest.update(buffer, 0, n);
	}

	/**
	 * Drops comments from properties as the updater does: from a # at a line's start up to the line's end, which is kept.
	 * The updater does not see that a line starts where the line before it is empty, or has nothing but #: that line's
	 * comment counts.
	 */
	private static byte[] withoutComments(final byte[] properties) {
		final ByteArrayOutputStream kept = new ByteArrayOutputStream();
		boolean start = true;
		boolean comment = false;
		for (final byte character : properties) {
			if (start && character == '#') comment = true;
			else {
				start = !start && character == '\n';
				if (character == '\n') comment = false;
				if (!comment) kept.write(character);
			}
		}
		return kept.toByteArray();
	}

	private static MessageDigest sha1() {
		try {
			return MessageDigest.getInstance("SHA-1");
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException(e); // every Java has it
		}
	}

	// -- the index --

	private Map<String, Component> former() throws IOException {
		final Path index = site.resolve(INDEX);
		final Map<String, Component> components = new TreeMap<>();
		if (!Files.exists(index)) return components;
		try (InputStream in = new GZIPInputStream(Files.newInputStream(index))) {
			final Document document = parser(true).parse(new InputSource(in));
			for (final Element plugin : children(document.getDocumentElement(), "plugin")) {
				final Component component = component(plugin);
				if (components.put(unversioned(component.filename()), component) != null) throw new Refusal("it lists " + component.filename() + " twice");
			}
		}
		catch (SAXException | IOException | Refusal | NumberFormatException e) {
			throw new Refusal("The index of the former site, " + index + ", is damaged (" + (e.getMessage() == null ? "it ends early" : e.getMessage()) + "): fetch it anew from where the site is published.");
		}
		return components;
	}

	private static Component component(final Element plugin) {
		final String filename = plugin.getAttribute("filename");
		Version current = null;
		for (final Element version : children(plugin, "version"))
			current = new Version(filename, version.getAttribute("checksum"), number(version, "timestamp"), number(version, "filesize"), 0);
		final List<Version> previous = new ArrayList<>();
		for (final Element version : children(plugin, "previous-version")) {
			final String name = version.getAttribute("filename");
			previous.add(new Version(name.isEmpty() ? filename : name, version.getAttribute("checksum"), number(version, "timestamp"), 0, number(version, "timestamp-obsolete")));
		}
		previous.sort(Comparator.comparingLong(Version::timestamp));
		if (current == null && previous.isEmpty()) throw new Refusal("it lists no version of " + filename);
		return new Component(current, previous);
	}

	private static long number(final Element element, final String attribute) {
		final String text = element.getAttribute(attribute);
		return text.isEmpty() ? 0 : Long.parseLong(text);
	}

	private static List<Element> children(final Element parent, final String tag) {
		final List<Element> children = new ArrayList<>();
		for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling())
			if (node instanceof Element element && element.getTagName().equals(tag)) children.add(element);
		return children;
	}

	/** @param valid whether the document must have a DTD and keep to it */
	private static DocumentBuilder parser(final boolean valid) {
		try {
			final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
			factory.setValidating(valid);
			factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, ""); // nothing from elsewhere
			final DocumentBuilder parser = factory.newDocumentBuilder();
			parser.setErrorHandler(new Strict());
			return parser;
		}
		catch (final ParserConfigurationException e) {
			throw new IllegalStateException(e); // the JDK's parser has these
		}
	}

	private static final class Strict implements ErrorHandler {

		@Override
		public void warning(final SAXParseException e) {}

		@Override
		public void error(final SAXParseException e) throws SAXException {
			throw e;
		}

		@Override
		public void fatalError(final SAXParseException e) throws SAXException {
			throw e;
		}
	}

	private String xml(final Map<String, Component> components) throws IOException {
		final StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").append(DTD).append("<pluginRecords>\n");
		for (final Component component : components.values()) {
			final String name = component.filename();
			xml.append("  <plugin filename=\"").append(escaped(name)).append("\">\n");
			if (!platform(name).isEmpty()) xml.append("    <platform>").append(platform(name)).append("</platform>\n");
			final Version current = component.current;
			if (current != null) {
				xml.append("    <version checksum=\"").append(escaped(current.checksum)).append("\" timestamp=\"").append(current.timestamp).append("\" filesize=\"").append(current.size).append("\">\n");
				if (isPlugin(name)) appendDetails(name, components.values(), xml);
				xml.append("    </version>\n");
			}
			for (final Version version : component.previous)
				xml.append("    <previous-version filename=\"").append(escaped(version.filename)).append("\" checksum=\"").append(escaped(version.checksum)).append("\" timestamp=\"").append(version.timestamp)
					.append("\" timestamp-obsolete=\"").append(version.obsolete).append("\"/>\n");
			xml.append("  </plugin>\n");
		}
		return xml.append("</pluginRecords>\n").toString();
	}

	private static boolean isPlugin(final String name) {
		return name.startsWith("plugins/") && name.endsWith(".jar");
	}

	/**
	 * What a plugin is, and the libraries that must come with it, which the updater then fetches even where it takes them
	 * for known and not wanted. Not those of one platform: its command line would fetch all platforms'.
	 */
	private void appendDetails(final String name, final Collection<Component> components, final StringBuilder xml) throws IOException {
		final String description = description(tree.resolve(name));
		if (!description.isEmpty()) xml.append("      <description>").append(escaped(description)).append("</description>\n");
		for (final Component component : components)
			if (component.current != null && component.filename().startsWith("jars/") && platform(component.filename()).isEmpty())
				xml.append("      <dependency filename=\"").append(escaped(unversioned(component.filename()))).append("\" timestamp=\"").append(component.current.timestamp).append("\"/>\n");
	}

	/** The description in a jar's pom.xml, where it has one. */
	private static String description(final Path file) throws IOException {
		try (JarFile jar = new JarFile(file.toFile())) {
			for (final ZipEntry entry : jar.stream().filter(entry -> entry.getName().matches("META-INF/maven/.*/pom\\.xml")).toList())
				try (InputStream in = jar.getInputStream(entry)) {
					for (final Element description : children(parser(false).parse(in).getDocumentElement(), "description"))
						return description.getTextContent().strip();
				}
		}
		catch (final SAXException e) {
			throw new Refusal("The pom.xml in " + file + " cannot be read: " + e.getMessage());
		}
		return "";
	}

	private static String escaped(final String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
	}

	/** Java writes no time into what it compresses. */
	private static byte[] compressed(final String text) throws IOException {
		final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (OutputStream out = new GZIPOutputStream(bytes)) {
			out.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return bytes.toByteArray();
	}
}
