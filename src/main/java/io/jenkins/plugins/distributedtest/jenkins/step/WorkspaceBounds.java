package io.jenkins.plugins.distributedtest.jenkins.step;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import io.jenkins.plugins.distributedtest.session.ReportTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Holds what a step writes within its build's workspace: neither {@code ../} nor a link in the tree leads it to another
 * job's files, or to the controller's own where the step runs there.
 *
 * @param root the workspace, without links
 */
record WorkspaceBounds(Path root) {
    /**
     * The bounds of a step.
     *
     * @param directory the step's directory
     * @param workspace the build's workspace; null, or one that the step has left, where that directory is the bound
     * @throws IOException if the file system fails
     */
    static WorkspaceBounds of(Path directory, String workspace) throws IOException {
        Path real = directory.toRealPath();
        if (workspace != null && Files.isDirectory(Path.of(workspace))) {
            Path whole = Path.of(workspace).toRealPath();
            if (real.startsWith(whole)) {
                return new WorkspaceBounds(whole);
            }
        }
        return new WorkspaceBounds(real);
    }

    /**
     * Refuses reports that would be written elsewhere.
     *
     * @throws ConfigException if one would; names it and the way out
     * @throws IOException if the file system fails
     */
    void hold(ReportTargets reports) throws ConfigException, IOException {
        hold("resultsFile", reports.junit());
        hold("html", reports.html());
        hold("json", reports.json());
    }

    /**
     * Refuses a path that leads elsewhere.
     *
     * @param option the option that says it
     * @param path the path; null for none
     */
    void hold(String option, String path) throws ConfigException, IOException {
        if (path != null && !isWithin(Path.of(path))) {
            throw new ConfigException(
                    option + " is " + path + ", outside of the workspace " + root + ": name a path in the workspace");
        }
    }

    private boolean isWithin(Path path) throws IOException {
        Path target = path.toAbsolutePath().normalize();
        Path there = target;
        while (there != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        // The part that exists may lead elsewhere by links, one of them to nothing yet; what will be made below it is
        // none.
        return there != null
                && Files.exists(there)
                && there.toRealPath().resolve(there.relativize(target)).startsWith(root);
    }
}
