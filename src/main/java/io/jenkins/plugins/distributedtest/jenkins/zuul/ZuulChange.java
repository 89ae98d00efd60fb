package io.jenkins.plugins.distributedtest.jenkins.zuul;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a build is about, out of Zuul's parameters. What Zuul did not send is empty: a job of a timer has no change, one
 * of a merged change no patch set.
 *
 * @param project ZUUL_PROJECT
 * @param pipeline ZUUL_PIPELINE
 * @param branch ZUUL_BRANCH
 * @param change ZUUL_CHANGE
 * @param patchset ZUUL_PATCHSET
 * @param ref ZUUL_REF
 * @param commit ZUUL_COMMIT
 * @param changes ZUUL_CHANGE_IDS, those ahead of it first
 */
record ZuulChange(
        String project,
        String pipeline,
        String branch,
        String change,
        String patchset,
        String ref,
        String commit,
        String changes) {
    private static final Pattern PLACE = Pattern.compile("\\{(project|branch|change|patchset|ref|commit)}");
    private static final Pattern WEB = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);
    private static final Set<String> YES = Set.of("1", "true", "yes", "on");

    /** Reads the parameters. */
    static ZuulChange of(Map<String, String> parameters) {
        return new ZuulChange(
                parameters.getOrDefault("ZUUL_PROJECT", ""),
                parameters.getOrDefault("ZUUL_PIPELINE", ""),
                parameters.getOrDefault("ZUUL_BRANCH", ""),
                parameters.getOrDefault("ZUUL_CHANGE", ""),
                parameters.getOrDefault("ZUUL_PATCHSET", ""),
                parameters.getOrDefault("ZUUL_REF", ""),
                parameters.getOrDefault("ZUUL_COMMIT", ""),
                parameters.getOrDefault("ZUUL_CHANGE_IDS", ""));
    }

    /** Whether the node is to be taken offline after the build. */
    static boolean offlineNode(Map<String, String> parameters) {
        String wanted = parameters.getOrDefault("OFFLINE_NODE_WHEN_COMPLETE", "");
        return YES.contains(wanted.trim().toLowerCase(Locale.ROOT));
    }

    /** For people: {@code 123456,2}, or else the ref. */
    String name() {
        if (change.isEmpty()) {
            return ref;
        }
        return patchset.isEmpty() ? change : change + "," + patchset;
    }

    /**
     * Where people can look at the change.
     *
     * @param template an address (http or https) with places such as {@code {change}}; null or empty for none
     * @return null if there is no template, or the build is about no change whose parts the template names
     */
    String link(String template) {
        if (template == null || !WEB.matcher(template).lookingAt()) {
            return null;
        }
        Matcher place = PLACE.matcher(template);
        StringBuilder link = new StringBuilder();
        while (place.find()) {
            String value = value(place.group(1));
            if (value.isEmpty()) {
                return null;
            }
            place.appendReplacement(link, Matcher.quoteReplacement(encoded(value)));
        }
        return place.appendTail(link).toString();
    }

    private String value(String name) {
        return switch (name) {
            case "project" -> project;
            case "branch" -> branch;
            case "change" -> change;
            case "patchset" -> patchset;
            case "ref" -> ref;
            default -> commit;
        };
    }

    /** Slashes stay, since projects and refs have them in paths. */
    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
