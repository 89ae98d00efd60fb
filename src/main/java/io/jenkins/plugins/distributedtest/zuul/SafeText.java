package io.jenkins.plugins.distributedtest.zuul;

import java.util.regex.Pattern;

/**
 * Checks values of a request before they become part of a path, a URL or a command. They come from everybody who can
 * reach the Gearman server, and partly from everybody who can name a branch.
 */
public final class SafeText {
    private static final int MAX_PATH = 1000;
    private static final int MAX_SHOWN = 100;
    private static final Pattern SEGMENT = Pattern.compile("[\\p{L}\\p{N}_.~+@=,%()#!' -]{1,250}");
    private static final Pattern REF = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_./+@=#,%!-]*");
    private static final Pattern URL =
            Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s\\p{Cntrl}'\"\\\\]+|/[^\\p{Cntrl}'\"\\\\]*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern ZEROS = Pattern.compile("0+");

    private SafeText() {}

    /**
     * Checks a relative path of one or more segments, such as a project's name or LOG_PATH.
     *
     * @param what its name in the request, for the message
     * @return the path, without slashes at its ends
     * @throws InvalidRequestException if it could lead anywhere else, or be taken for an option
     */
    public static String path(String what, String path) {
        String stripped = path.replaceFirst("^/+", "").replaceFirst("/+$", "");
        boolean good = !stripped.isEmpty() && stripped.length() <= MAX_PATH;
        for (String segment : stripped.split("/", -1)) {
            good &= SEGMENT.matcher(segment).matches()
                    && !segment.startsWith("-")
                    && !segment.matches("\\.+")
                    && !segment.equalsIgnoreCase(".git")
                    && segment.strip().equals(segment);
        }
        if (!good) {
            throw new InvalidRequestException(what + " is not a path that can be used: " + printable(path));
        }
        return stripped;
    }

    /**
     * Checks a git ref or branch.
     *
     * @throws InvalidRequestException if it is none
     */
    public static String ref(String what, String ref) {
        boolean good = REF.matcher(ref).matches()
                && !ref.contains("..")
                && !ref.contains("//")
                && !ref.contains("@{")
                && !ref.contains("/.")
                && !ref.endsWith("/")
                && !ref.endsWith(".")
                && !ref.endsWith(".lock")
                && ref.length() <= 500;
        if (!good) {
            throw new InvalidRequestException(what + " is not a git ref: " + printable(ref));
        }
        return ref;
    }

    /**
     * Checks the URL of a git repository; which protocols it may use is git's to say.
     *
     * @throws InvalidRequestException if it is none
     */
    public static String url(String what, String url) {
        if (!URL.matcher(url).matches() || url.contains("::") || url.length() > MAX_PATH) {
            throw new InvalidRequestException(what + " is not the URL of a git repository: " + printable(url));
        }
        return url;
    }

    /**
     * Checks the id of a commit.
     *
     * @throws InvalidRequestException if it is none
     */
    public static String commit(String what, String commit) {
        if (!COMMIT.matcher(commit).matches()) {
            throw new InvalidRequestException(what + " is not the id of a commit: " + printable(commit));
        }
        return commit;
    }

    /** Whether a commit's id stands for none, as that of a ref that was deleted. */
    public static boolean isNone(String commit) {
        return ZEROS.matcher(commit).matches();
    }

    /** A text from outside for a log of its own: whole, in one line, without control characters or credentials. */
    public static String printableWhole(String text) {
        return text.replaceAll("\\p{Cntrl}", "?").replaceAll("://[^/@\\s]+@", "://");
    }

    /** A text from outside for a message: short, in one line, without control characters or credentials. */
    public static String printable(String text) {
        String plain = printableWhole(text);
        return plain.length() > MAX_SHOWN ? plain.substring(0, MAX_SHOWN) + "…" : plain;
    }
}
