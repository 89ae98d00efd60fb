package io.jenkins.plugins.distributedtest.zuul.source;

import io.jenkins.plugins.distributedtest.zuul.InvalidRequestException;
import io.jenkins.plugins.distributedtest.zuul.SafeText;
import io.jenkins.plugins.distributedtest.zuul.ZuulRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * What to check out, read from a request:
 * <ul>
 *   <li>a ref that was updated ({@code ZUUL_NEWREV}: post, tag): exactly that commit, which the ref leads to
 *   <li>a change ({@code ZUUL_REF}): that ref of Zuul's merger, never anything else
 *   <li>neither (a timer): the branch of the request or of the job, or the repository's own default
 * </ul>
 * Whatever it is, what was checked out must be {@code ZUUL_COMMIT} where the request has one.
 *
 * @param project the project
 * @param urls where it can be fetched, the best first; not empty
 * @param refs what to ask for, the best first; not empty
 * @param commit the commit to check out, if it is not the one that the ref leads to; null otherwise
 * @param expected the commit that it must be; null if the request does not say
 */
public record Revision(String project, List<String> urls, List<String> refs, String commit, String expected) {
    /** Copies the lists. */
    public Revision {
        urls = List.copyOf(urls);
        refs = List.copyOf(refs);
    }

    /**
     * Reads a request.
     *
     * @param request the request
     * @param origins see {@link SourceSettings#origins}
     * @param branch the job's branch for requests that name none; null for the repository's default
     * @throws InvalidRequestException if a value is not what it should be, or there is nothing to check out
     */
    public static Revision of(ZuulRequest request, List<String> origins, String branch) {
        String project = SafeText.path("ZUUL_PROJECT", request.parameter("ZUUL_PROJECT"));
        String zuul = request.parameter("ZUUL_URL");
        List<String> zuulUrls = zuul.isEmpty() ? List.of() : List.of(join(SafeText.url("ZUUL_URL", zuul), project));
        List<String> all = new ArrayList<>();
        origins.forEach(origin -> all.add(join(origin, project)));
        all.addAll(zuulUrls);
        String commit = request.parameter("ZUUL_COMMIT");
        String expected = commit.isEmpty() ? null : SafeText.commit("ZUUL_COMMIT", commit);
        String newrev = request.parameter("ZUUL_NEWREV");
        String ref = request.parameter("ZUUL_REF");
        if (!newrev.isEmpty()) {
            return updated(project, all, ref, SafeText.commit("ZUUL_NEWREV", newrev), expected);
        }
        if (!ref.isEmpty()) {
            return checked(new Revision(project, zuulUrls, List.of(SafeText.ref("ZUUL_REF", ref)), null, expected));
        }
        String named = firstOf(request.parameter("ZUUL_BRANCH"), request.parameter("BRANCH"), branch);
        String wanted = named == null ? "HEAD" : "refs/heads/" + SafeText.ref("ZUUL_BRANCH", named);
        return checked(new Revision(project, all, List.of(wanted), null, expected));
    }

    private static Revision updated(String project, List<String> urls, String ref, String newrev, String expected) {
        String name = SafeText.ref("ZUUL_REF", ref.isEmpty() ? "HEAD" : ref);
        if (SafeText.isNone(newrev)) {
            throw new InvalidRequestException(
                    name + " was deleted, so there is nothing to check out: keep such events from the"
                            + " pipeline (ignore-deletes in Zuul), or give the job sources: false");
        }
        // Gerrit says master for refs/heads/master.
        String full = name.startsWith("refs/") || name.equals("HEAD") ? name : "refs/heads/" + name;
        return checked(new Revision(project, urls, List.of(full, newrev), newrev, expected));
    }

    private static Revision checked(Revision revision) {
        if (revision.urls.isEmpty()) {
            throw new InvalidRequestException("The request names no ZUUL_URL, and no origin is configured");
        }
        return revision;
    }

    private static String firstOf(String... texts) {
        for (String text : texts) {
            if (text != null && !text.isEmpty()) {
                return text;
            }
        }
        return null;
    }

    private static String join(String base, String project) {
        return base.endsWith("/") ? base + project : base + "/" + project;
    }
}
