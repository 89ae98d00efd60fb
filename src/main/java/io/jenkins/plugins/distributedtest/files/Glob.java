package io.jenkins.plugins.distributedtest.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A pattern for paths, as Ruby's {@code Dir.glob} understands it: {@code *} and {@code ?} within a name,
 * {@code [a-z]}, {@code [!a]}, {@code {a,b}} (nested, too), {@code **}{@code /} for any number of directories, a
 * backslash before a character that is meant as it is. Names that start with a dot are matched only by a pattern that
 * has the dot, and {@code **}{@code /} does not go into directories of such a name.
 *
 * <p>Other than Ruby's, a glob that could reach outside the project is refused, and so is a bracket that is never
 * closed, instead of matching nothing; {@code .*} never stands for the directory itself; and {@code **} at the end
 * stands for everything below, as in other tools, where Ruby takes it for {@code *}.
 */
public final class Glob {
    private static final int MAX_ALTERNATIVES = 10_000;
    private static final int MAX_KNOWN = 10_000;
    private static final Map<String, Glob> KNOWN = new ConcurrentHashMap<>();
    private static final Pattern SPECIAL = Pattern.compile("([\\\\*?\\[\\]{},])");

    private final String text;
    private final List<List<GlobSegment>> alternatives;

    private Glob(String text, List<List<GlobSegment>> alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    /**
     * Reads a glob.
     *
     * @param text the pattern, relative to the project's directory
     * @return the glob
     * @throws IllegalArgumentException if it is empty, absolute, has a {@code ..} part or a faulty bracket, or too
     *     many alternatives; the message names it
     */
    public static Glob parse(String text) {
        try {
            List<String> expanded = new ArrayList<>();
            expand(text, expanded);
            return new Glob(text, expanded.stream().map(Glob::segments).toList());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Bad glob \"" + text + "\": " + e.getMessage(), e);
        }
    }

    /**
     * As {@link #parse}, for a glob that is asked again and again by its text: read once.
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    public static Glob known(String text) {
        if (KNOWN.size() > MAX_KNOWN) {
            KNOWN.clear();
        }
        return KNOWN.computeIfAbsent(text, Glob::parse);
    }

    /** The glob that matches exactly one path, whatever characters it has. */
    public static String literal(String path) {
        return SPECIAL.matcher(path).replaceAll("\\\\$1");
    }

    /** Expands the first pair of braces, as Ruby does; a brace without its other half stands for itself. */
    private static void expand(String text, List<String> into) {
        int open = -1;
        int close = -1;
        int depth = 0;
        for (int i = 0; i < text.length() && close < 0; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{' && depth++ == 0) {
                open = i;
            } else if (c == '}' && depth > 0 && --depth == 0) {
                close = i;
            }
        }
        if (close < 0) {
            if (into.size() >= MAX_ALTERNATIVES) {
                throw new IllegalArgumentException("its braces make more than " + MAX_ALTERNATIVES + " alternatives");
            }
            into.add(text);
            return;
        }
        for (String choice : choices(text.substring(open + 1, close))) {
            expand(text.substring(0, open) + choice + text.substring(close + 1), into);
        }
    }

    private static List<String> choices(String inside) {
        List<String> choices = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
            } else if (c == ',' && depth == 0) {
                choices.add(inside.substring(start, i));
                start = i + 1;
            }
        }
        choices.add(inside.substring(start));
        return choices;
    }

    private static List<GlobSegment> segments(String pattern) {
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("it is empty");
        }
        if (pattern.startsWith("/")) {
            throw new IllegalArgumentException("it is absolute; globs are relative to the project's directory");
        }
        if (pattern.endsWith("/")) {
            throw new IllegalArgumentException(
                    "it ends with '/', so it matches only directories; add **/* or the like");
        }
        List<GlobSegment> segments = new ArrayList<>();
        String[] parts = pattern.split("/");
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (part.equals("..")) {
                throw new IllegalArgumentException("it has a '..' part; globs stay inside the project's directory");
            }
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("**")) {
                segments.add(GlobSegment.ANY_DEPTH);
            }
            if (!part.equals("**") || i == parts.length - 1) {
                segments.add(GlobSegment.parse(part));
            }
        }
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("it names no file");
        }
        return List.copyOf(segments);
    }

    List<List<GlobSegment>> alternatives() {
        return alternatives;
    }

    /**
     * Whether a path matches, whatever there is on disk.
     *
     * @param path relative, with {@code /} between its parts
     */
    public boolean matches(String path) {
        return matches(path, false);
    }

    /**
     * As {@link #matches(String)}, where names that start with a dot are names like others: for what tools leave behind, as
     * {@code coverage/.resultset.json}.
     *
     * @param path relative, with {@code /} between its parts
     */
    public boolean matchesHidden(String path) {
        return matches(path, true);
    }

    private boolean matches(String path, boolean hidden) {
        String[] names = path.split("/");
        return alternatives.stream().anyMatch(segments -> matches(segments, names, hidden));
    }

    /**
     * Below which directories all that matches must be: the directories that each alternative begins with, up to the first
     * wildcard.
     *
     * @return relative paths with {@code /} between their parts; an empty one for the project's directory itself
     */
    public List<String> directories() {
        return alternatives.stream().map(Glob::directory).distinct().toList();
    }

    private static String directory(List<GlobSegment> segments) {
        List<String> names = new ArrayList<>();
        for (GlobSegment segment : segments.subList(0, segments.size() - 1)) {
            String name = segment == GlobSegment.ANY_DEPTH ? null : segment.literal();
            if (name == null) {
                break;
            }
            names.add(name);
        }
        return String.join("/", names);
    }

    /** Row by row: can the first i segments match the first j names? No recursion, so no pattern is slow. */
    private static boolean matches(List<GlobSegment> segments, String[] names, boolean hidden) {
        boolean[] reached = new boolean[names.length + 1];
        reached[0] = true;
        for (GlobSegment segment : segments) {
            boolean[] next = new boolean[names.length + 1];
            for (int j = 0; j <= names.length; j++) {
                if (segment == GlobSegment.ANY_DEPTH) {
                    next[j] = reached[j] || j > 0 && next[j - 1] && (hidden || !names[j - 1].startsWith("."));
                } else {
                    next[j] = j > 0 && reached[j - 1] && segment.matches(names[j - 1], hidden);
                }
            }
            reached = next;
        }
        return reached[names.length];
    }

    /** The glob as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
