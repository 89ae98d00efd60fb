package io.jenkins.plugins.distributedtest.sync;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Patterns of what is left out of a tree: a subset of rsync's that means the same to rsync and to us, so that a tree
 * that rsync has carried and one that we have walked have the same digest.
 *
 * <ul>
 *   <li>{@code log}: without a slash, a file or directory of that name anywhere, with all below it
 *   <li>{@code doc/api}: with a slash, the end of a path, part by part: {@code doc/api} and {@code x/doc/api}
 *   <li>{@code /log}: a leading slash anchors the pattern at the top of the tree
 *   <li>{@code log/}: a trailing slash matches directories only
 *   <li>{@code *}: any characters but a slash; {@code ?}: one character but a slash; {@code **}: any characters
 *   <li>{@code **}{@code /x}: with leading stars and a slash, {@code x} anywhere
 * </ul>
 *
 * <p>What rsync knows beyond that ({@code [a-z]}, {@code ***}, backslashes, {@code + } and {@code - } prefixes,
 * {@code !}) is refused with an error rather than understood differently. {@code .git} is always left out.
 */
public final class ExcludePatterns {
    /** More patterns are refused. */
    static final int MAX_PATTERNS = 1000;

    /** Longer patterns are refused. */
    static final int MAX_LENGTH = 1000;

    private static final String ALWAYS = ".git";

    private final List<String> patterns;
    private final List<Matcher> matchers;

    private ExcludePatterns(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
        this.matchers = patterns.stream().map(Matcher::new).toList();
    }

    /**
     * Reads patterns.
     *
     * @param patterns as configured, or as they came from the wire
     * @throws SyncException of kind REFUSED if a pattern is not of the subset; the message names it
     */
    public static ExcludePatterns of(List<String> patterns) throws SyncException {
        if (patterns.size() > MAX_PATTERNS) {
            throw refused("There are " + patterns.size() + " exclude patterns; at most " + MAX_PATTERNS + " are read");
        }
        LinkedHashSet<String> all = new LinkedHashSet<>();
        all.add(ALWAYS);
        for (String pattern : patterns) {
            String fault = fault(pattern);
            if (fault != null) {
                throw refused("Exclude pattern \"" + Paths.printable(pattern) + "\" " + fault);
            }
            all.add(pattern);
        }
        return new ExcludePatterns(new ArrayList<>(all));
    }

    /** Only what is always left out. */
    public static ExcludePatterns none() {
        return new ExcludePatterns(List.of(ALWAYS));
    }

    /** Leaves nothing out, not even {@code .git}. */
    static ExcludePatterns nothing() {
        return new ExcludePatterns(List.of());
    }

    private static SyncException refused(String message) {
        return new SyncException(SyncException.Kind.REFUSED, message);
    }

    private static String fault(String pattern) {
        if (pattern == null || pattern.isEmpty() || pattern.equals("/")) {
            return "is empty: remove it";
        }
        if (pattern.length() > MAX_LENGTH) {
            return "is longer than " + MAX_LENGTH + " characters";
        }
        if (pattern.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return "has a control character: use ? in its place";
        }
        if (pattern.indexOf('[') >= 0 || pattern.indexOf('\\') >= 0) {
            return "has a bracket or a backslash, which are not supported: use ? in its place";
        }
        if (pattern.contains("***")) {
            return "has ***, which is not supported: use a name with a trailing slash";
        }
        if (pattern.startsWith("+ ") || pattern.startsWith("- ") || pattern.equals("!")) {
            return "is one of rsync's filter rules, which are not supported: give the pattern alone";
        }
        if (pattern.contains("//")) {
            return "has an empty part: remove a slash";
        }
        return null;
    }

    /** The patterns, {@code .git} first; each once. */
    public List<String> patterns() {
        return patterns;
    }

    /**
     * Whether a path is left out. Asked from the top down: what is below a directory that is left out is not asked for.
     *
     * @param path relative to the top of the tree, with {@code /} between its parts
     * @param directory whether it is a directory
     */
    public boolean excludes(String path, boolean directory) {
        for (Matcher matcher : matchers) {
            if (matcher.matches(path, directory)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a path, or a directory above it, is left out.
     *
     * @param path relative to the top of the tree, with {@code /} between its parts
     * @param directory whether it is a directory
     */
    public boolean excludesOrParent(String path, boolean directory) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (excludes(path.substring(0, slash), true)) {
                return true;
            }
        }
        return excludes(path, directory);
    }

    /** One pattern. Its time is bounded by pattern length × path length, so no pattern from the wire can stall us. */
    private static final class Matcher {
        private final boolean directoryOnly;
        private final boolean nameOnly;
        private final boolean anchored;
        private final boolean leadingStars;
        private final boolean wild;
        private final String glob;

        Matcher(String pattern) {
            directoryOnly = pattern.length() > 1 && pattern.endsWith("/");
            String rest = directoryOnly ? pattern.substring(0, pattern.length() - 1) : pattern;
            anchored = rest.startsWith("/");
            leadingStars = rest.startsWith("**");
            nameOnly = rest.indexOf('/') < 0 && !rest.contains("**");
            glob = anchored ? rest.substring(1) : rest;
            wild = glob.indexOf('*') >= 0 || glob.indexOf('?') >= 0;
        }

        boolean matches(String path, boolean directory) {
            if (directoryOnly && !directory) {
                return false;
            }
            if (nameOnly) {
                return glob(path, path.lastIndexOf('/') + 1);
            }
            if (leadingStars) {
                return glob("/" + path, 0);
            }
            if (anchored) {
                return glob(path, 0);
            }
            for (int from = 0; from >= 0; from = next(path, from)) {
                if (glob(path, from)) {
                    return true;
                }
            }
            return false;
        }

        private static int next(String path, int from) {
            int slash = path.indexOf('/', from);
            return slash < 0 ? -1 : slash + 1;
        }

        private boolean glob(String text, int from) {
            if (!wild) {
                return text.length() - from == glob.length() && text.startsWith(glob, from);
            }
            int length = text.length() - from;
            // reachable[i]: the pattern so far can match the first i characters
            boolean[] reachable = new boolean[length + 1];
            reachable[0] = true;
            for (int p = 0; p < glob.length(); p++) {
                char c = glob.charAt(p);
                if (c == '*') {
                    boolean slashes = p + 1 < glob.length() && glob.charAt(p + 1) == '*';
                    p += slashes ? 1 : 0;
                    for (int i = 1; i <= length; i++) {
                        reachable[i] |= reachable[i - 1] && (slashes || text.charAt(from + i - 1) != '/');
                    }
                } else {
                    for (int i = length; i > 0; i--) {
                        char t = text.charAt(from + i - 1);
                        reachable[i] = reachable[i - 1] && (c == '?' ? t != '/' : t == c);
                    }
                    reachable[0] = false;
                }
            }
            return reachable[length];
        }
    }
}
