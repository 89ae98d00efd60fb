package io.jenkins.plugins.distributedtest.sync;

/** Paths of a tree: relative, with {@code /} between their parts on every platform. */
public final class Paths {
    /** Longer paths are refused: the limit is PATH_MAX of Linux. */
    static final int MAX_LENGTH = 4096;

    private Paths() {}

    /**
     * Why a path cannot be one inside a tree.
     *
     * @return null if it can
     */
    public static String fault(String path) {
        if (path.isEmpty()) {
            return "it is empty";
        }
        if (path.length() > MAX_LENGTH) {
            return "it is longer than " + MAX_LENGTH + " characters";
        }
        if (path.charAt(0) == '/') {
            return "it is absolute";
        }
        if (path.indexOf('\0') >= 0) {
            return "it has a NUL character";
        }
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            int length = to - from;
            if (length == 0 || length == 1 && path.charAt(from) == '.' || length == 2 && path.startsWith("..", from)) {
                return "it has an empty, '.' or '..' part";
            }
            from = to + 1;
        }
        return null;
    }

    /**
     * Whether a symbolic link stays inside the tree.
     *
     * @param path where the link is
     * @param target what it says
     */
    static boolean staysInside(String path, String target) {
        if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0 || target.length() > MAX_LENGTH) {
            return false;
        }
        int depth = (int) path.chars().filter(c -> c == '/').count();
        for (String part : target.split("/")) {
            if (part.equals("..")) {
                depth--;
            } else if (!part.isEmpty() && !part.equals(".")) {
                depth++;
            }
            if (depth < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a symbolic link may travel: it stays inside the tree, or names a place of the host by its absolute path.
     *
     * @param path where the link is
     * @param target what it says
     */
    static boolean mayTravel(String path, String target) {
        return staysInside(path, target)
                || target.startsWith("/") && target.indexOf('\0') < 0 && target.length() <= MAX_LENGTH;
    }

    /** A text for a message to people: cut when long, without control characters. */
    public static String printable(String text) {
        if (text == null) {
            return "null";
        }
        String cut = text.length() > 200 ? text.substring(0, 200) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
