package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.files.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a source tree consists of, and the tree's digest. Two trees with the same digest hold the same files with the
 * same content and executable bits, the same symbolic links and the same empty directories. Owners, times and other
 * permission bits do not count; sockets, pipes and devices are no sources and are left out.
 *
 * <p>The canonical text is UTF-8, one line per entry, sorted by the bytes of the path:
 * <pre>
 * f SIZE SHA256 PATH          a regular file
 * x SIZE SHA256 PATH          a regular file that its owner may execute
 * l PATH TAB TARGET           a symbolic link
 * d PATH                      a directory without any entry
 * </pre>
 * each with a line feed at its end. In PATH and TARGET a backslash is written {@code \\}, a control character
 * {@code \xNN}. The tree's digest is the SHA-256 of that text.
 *
 * <p>A manifest from the wire is not trusted: {@link #parse} takes only what is exactly canonical and cannot reach
 * outside the directory that it is unpacked into.
 */
public final class Manifest {
    /** Larger ones are refused: about 500,000 files. */
    static final int MAX_BYTES = 64 << 20;

    /** What an entry is. */
    enum Kind {
        FILE('f'),
        EXECUTABLE('x'),
        LINK('l'),
        DIRECTORY('d');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** Whether it has content of its own. */
        boolean isFile() {
            return this == FILE || this == EXECUTABLE;
        }
    }

    /**
     * An entry.
     *
     * @param path relative to the top, with {@code /} between its parts
     * @param kind what it is
     * @param size length of the content in bytes; 0 unless a file
     * @param sha digest of the content; null unless a file
     * @param target what a link says; null unless a link
     */
    record Entry(String path, Kind kind, long size, Sha256 sha, String target) {}

    private final List<Entry> entries;
    private final byte[] text;
    private final String digest;
    private Map<Sha256, Entry> blobs;

    private Manifest(List<Entry> entries, byte[] text) {
        this.entries = entries;
        this.text = text;
        this.digest = Sha256.of(text, 0, text.length).toString();
    }

    /**
     * Puts a manifest together.
     *
     * @param entries in any order, each path once
     * @throws SyncException if it gets larger than can travel
     */
    static Manifest of(Collection<Entry> entries) throws SyncException {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(BY_PATH);
        ByteArrayOutputStream text = new ByteArrayOutputStream(Math.max(64, sorted.size() * 110));
        for (Entry entry : sorted) {
            text.writeBytes(line(entry).getBytes(StandardCharsets.UTF_8));
            if (text.size() > MAX_BYTES) {
                throw new SyncException(
                        SyncException.Kind.REFUSED,
                        "The tree has too many files (" + sorted.size() + "): exclude what the tests do not need");
            }
        }
        return new Manifest(List.copyOf(sorted), text.toByteArray());
    }

    private static final Comparator<Entry> BY_PATH = Comparator.comparing(Entry::path, (a, b) -> compareBytes(a, b));

    /** Order of the UTF-8 bytes, which is the order of code points. */
    private static int compareBytes(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static String line(Entry entry) {
        StringBuilder line = new StringBuilder(110).append(entry.kind().letter).append(' ');
        if (entry.kind().isFile()) {
            line.append(entry.size()).append(' ').append(entry.sha()).append(' ');
        }
        escape(entry.path(), line);
        if (entry.kind() == Kind.LINK) {
            line.append('\t');
            escape(entry.target(), line);
        }
        return line.append('\n').toString();
    }

    private static void escape(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                to.append("\\\\");
            } else if (c < ' ' || c == 0x7f) {
                to.append(String.format("\\x%02x", (int) c));
            } else {
                to.append(c);
            }
        }
    }

    /**
     * Reads a manifest from the wire.
     *
     * @param text the canonical text
     * @throws SyncException of kind REFUSED if it is not canonical, holds a path that is absolute, has an empty,
     *     {@code .} or {@code ..} part or a NUL character, a link that leaves the tree by a relative path, a path twice, an entry below a
     *     file or link, or a negative or absurd size
     */
    public static Manifest parse(byte[] text) throws SyncException {
        if (text.length > MAX_BYTES) {
            throw refused("it is larger than " + MAX_BYTES + " bytes");
        }
        List<Entry> entries = new ArrayList<>();
        int from = 0;
        while (from < text.length) {
            int to = from;
            while (to < text.length && text[to] != '\n') {
                to++;
            }
            entries.add(entry(decode(text, from, to)));
            from = to + 1;
        }
        check(entries);
        Manifest manifest = of(entries);
        if (!Arrays.equals(manifest.text, text)) {
            throw refused("it is not in canonical form");
        }
        return manifest;
    }

    private static String decode(byte[] text, int from, int to) throws SyncException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("it is not UTF-8");
        }
    }

    private static Entry entry(String line) throws SyncException {
        if (line.length() < 3 || line.charAt(1) != ' ') {
            throw refused("a line is not an entry: " + Paths.printable(line));
        }
        String rest = line.substring(2);
        Entry entry = switch (line.charAt(0)) {
            case 'f' -> file(rest, Kind.FILE);
            case 'x' -> file(rest, Kind.EXECUTABLE);
            case 'l' -> link(rest);
            case 'd' -> new Entry(unescape(rest), Kind.DIRECTORY, 0, null, null);
            default -> throw refused("a line is not an entry: " + Paths.printable(line));
        };
        String fault = Paths.fault(entry.path());
        if (fault != null) {
            throw refused("a path could reach outside the workspace (" + fault + "): " + Paths.printable(entry.path()));
        }
        if (entry.kind() == Kind.LINK && !Paths.mayTravel(entry.path(), entry.target())) {
            throw refused("the link " + Paths.printable(entry.path()) + " leaves the tree: "
                    + Paths.printable(entry.target()));
        }
        return entry;
    }

    private static Entry file(String rest, Kind kind) throws SyncException {
        int space = rest.indexOf(' ');
        int path = space + 1 + 2 * Sha256.BYTES + 1;
        Sha256 sha = space > 0 && rest.length() > path ? Sha256.parse(rest.substring(space + 1, path - 1)) : null;
        if (sha == null || rest.charAt(path - 1) != ' ') {
            throw refused("a line is not an entry: " + Paths.printable(rest));
        }
        return new Entry(unescape(rest.substring(path)), kind, size(rest.substring(0, space)), sha, null);
    }

    private static long size(String text) throws SyncException {
        if (text.length() > 15 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw refused("not a size: " + Paths.printable(text));
        }
        return Long.parseLong(text);
    }

    private static Entry link(String rest) throws SyncException {
        int tab = rest.indexOf('\t');
        if (tab < 0) {
            throw refused("a link has no target: " + Paths.printable(rest));
        }
        return new Entry(unescape(rest.substring(0, tab)), Kind.LINK, 0, null, unescape(rest.substring(tab + 1)));
    }

    private static String unescape(String text) throws SyncException {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
            } else if (text.startsWith("\\\\", i)) {
                plain.append('\\');
                i++;
            } else if (text.startsWith("\\x", i) && i + 4 <= text.length() && hex(text, i + 2) && hex(text, i + 3)) {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                throw refused("a name is not escaped right: " + Paths.printable(text));
            }
        }
        return plain.toString();
    }

    private static boolean hex(String text, int at) {
        return Character.digit(text.charAt(at), 16) >= 0;
    }

    /**
     * Each path once, and nothing below what is not a directory: {@code a -> /tmp} with {@code a/x} is an old trick.
     */
    private static void check(List<Entry> entries) throws SyncException {
        Set<String> leaves = new HashSet<>(entries.size() * 2);
        Map<Sha256, Long> sizes = new HashMap<>(entries.size() * 2);
        for (Entry entry : entries) {
            if (!leaves.add(entry.path())) {
                throw refused("a path comes twice: " + Paths.printable(entry.path()));
            }
            Long size = entry.sha() == null ? null : sizes.putIfAbsent(entry.sha(), entry.size());
            if (size != null && size != entry.size()) {
                throw refused("two sizes for one content: " + Paths.printable(entry.path()));
            }
        }
        for (Entry entry : entries) {
            String path = entry.path();
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                if (leaves.contains(path.substring(0, slash))) {
                    throw refused("a path lies below a file, a link or an empty directory: " + Paths.printable(path));
                }
            }
        }
    }

    private static SyncException refused(String why) {
        return new SyncException(SyncException.Kind.REFUSED, "The manifest of the sources is refused: " + why);
    }

    /** The entries, sorted by path. */
    List<Entry> entries() {
        return entries;
    }

    /** The digest of the tree: 64 hexadecimal digits. */
    public String digest() {
        return digest;
    }

    /**
     * Where the content with a digest can be read.
     *
     * @param sha the digest of a file, in 64 hexadecimal digits
     * @return the path of one file that has it; null if there is none
     */
    public String path(String sha) {
        Sha256 parsed = Sha256.parse(sha);
        Entry entry = parsed == null ? null : blobs().get(parsed);
        return entry == null ? null : entry.path();
    }

    /**
     * How long the content with a digest is.
     *
     * @param sha the digest of a file, in 64 hexadecimal digits
     * @return its bytes; -1 if there is none
     */
    public long bytes(String sha) {
        Sha256 parsed = Sha256.parse(sha);
        Entry entry = parsed == null ? null : blobs().get(parsed);
        return entry == null ? -1 : entry.size();
    }

    /** The paths of all directories of the tree, whether they have entries or not. */
    Set<String> directories() {
        Set<String> all = new HashSet<>();
        for (Entry entry : entries) {
            String path = entry.path();
            boolean added = entry.kind() != Kind.DIRECTORY || all.add(path);
            for (int slash = path.lastIndexOf('/'); added && slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                added = all.add(path.substring(0, slash));
            }
        }
        return all;
    }

    /** How many files, links and empty directories there are. */
    public int size() {
        return entries.size();
    }

    /** How many bytes the files have in all. */
    public long bytes() {
        return entries.stream().mapToLong(Entry::size).sum();
    }

    /** The canonical text; not to be changed. */
    byte[] text() {
        return text;
    }

    /** One entry for each different content that is not empty, by its digest. */
    synchronized Map<Sha256, Entry> blobs() {
        if (blobs == null) {
            Map<Sha256, Entry> map = new HashMap<>(entries.size() * 2);
            for (Entry entry : entries) {
                if (entry.kind().isFile() && entry.size() > 0) {
                    map.putIfAbsent(entry.sha(), entry);
                }
            }
            blobs = map;
        }
        return blobs;
    }

    /**
     * Where two trees differ.
     *
     * @param other the other tree
     * @param limit at most so many
     * @return paths, sorted
     */
    List<String> differences(Manifest other, int limit) {
        Map<String, Entry> theirs = new HashMap<>();
        other.entries.forEach(entry -> theirs.put(entry.path(), entry));
        Set<String> differing = new TreeSet<>();
        for (Entry entry : entries) {
            if (!entry.equals(theirs.remove(entry.path()))) {
                differing.add(entry.path());
            }
        }
        differing.addAll(theirs.keySet());
        return differing.stream().limit(limit).toList();
    }
}
