package io.jenkins.plugins.distributedtest.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of Gradle's test filter (TestFilter's documentation): of the full name of a class or, where it begins with an
 * upper-case letter, of its simple name; with or without a dot and a method; {@code *} for any text. One that begins with
 * {@code =} is of full names only, as all are before Gradle 4.7. Also a part of the junit runner, so it is written for
 * Java 8 and uses nothing else.
 */
public final class NamePattern {
    private final Pattern regex;
    private final boolean simple;

    /** @param pattern the pattern, not empty */
    public NamePattern(String pattern) {
        StringBuilder whole = new StringBuilder();
        for (String part : (pattern.startsWith("=") ? pattern.substring(1) : pattern).split("\\*", -1)) {
            whole.append(whole.length() == 0 ? "" : ".*")
                    .append("\\Q")
                    .append(part.replace("\\E", ""))
                    .append("\\E");
        }
        regex = Pattern.compile(whole.toString(), Pattern.DOTALL);
        simple = !pattern.isEmpty() && Character.isUpperCase(pattern.charAt(0));
    }

    /** Whether a test is meant. */
    public boolean matches(String className, String method) {
        String name = shown(className);
        return regex.matcher(name).matches()
                || regex.matcher(name + "." + method).matches();
    }

    /** Whether a class may have tests that are meant. */
    public boolean mayMatch(String className) {
        String name = shown(className);
        Matcher methods = regex.matcher(name + ".");
        return regex.matcher(name).matches() || methods.matches() || methods.hitEnd();
    }

    private String shown(String className) {
        return simple ? className.substring(className.lastIndexOf('.') + 1) : className;
    }
}
