package io.jenkins.plugins.distributedtest.session;

import io.jenkins.plugins.distributedtest.config.RunConfiguration;
import java.nio.file.Path;

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

    /** Whether anything is to be written. */
    public boolean any() {
        return junit != null || html != null || json != null;
    }
}
