package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import io.jenkins.plugins.distributedtest.files.AtomicFile;
import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the reports of a run are written, as absolute paths of the machine where the project is; null each for nowhere.
 *
 * @param junit JUnit XML
 * @param html the page
 * @param json everything
 */
public record ReportTargets(String junit, String html, String json) {
    /** What is configured. */
    public static ReportTargets of(RunConfiguration configuration) {
        return new ReportTargets(text(configuration.junit()), text(configuration.html()), text(configuration.json()));
    }

    /**
     * All reports beside each other.
     *
     * @param directory where
     * @param suffix added to the names, before their ending; possibly empty
     */
    public static ReportTargets in(Path directory, String suffix) {
        return new ReportTargets(
                directory.resolve("junit" + suffix + ".xml").toString(),
                directory.resolve("report" + suffix + ".html").toString(),
                directory.resolve("report" + suffix + ".json").toString());
    }

    private static String text(Path path) {
        return path == null ? null : path.toString();
    }

    /**
     * Removes whatever is where they are to be written: where code of others can write, that may be a pipe, which blocks who
     * opens it, or a link.
     *
     * @throws IOException if something stays
     */
    public void clear() throws IOException {
        for (String each : new String[] {junit, html, json}) {
            if (each != null) {
                DirectoryTree.delete(Path.of(each));
            }
        }
    }

    /** Which of them are pipes, as of {@code >(…)}: asked before anything of the project runs, they are its user's. */
    public Set<Path> pipes() {
        return AtomicFile.pipes(Stream.of(junit, html, json)
                .filter(Objects::nonNull)
                .map(Path::of)
                .toList());
    }

    /** Whether anything is to be written. */
    public boolean any() {
        return junit != null || html != null || json != null;
    }
}
