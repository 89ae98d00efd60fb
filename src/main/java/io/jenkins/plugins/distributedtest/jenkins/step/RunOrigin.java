package io.jenkins.plugins.distributedtest.jenkins.step;

import hudson.AbortException;
import hudson.FilePath;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.FilePathUtils;

/**
 * Where a step runs, and for whom.
 *
 * @param user as whom the build runs; null for Jenkins itself
 * @param node the name of the workspace's node
 * @param remote the workspace there
 */
record RunOrigin(String user, String node, String remote) {
    /** The workspace; null while its node is away. */
    FilePath workspace() {
        return FilePathUtils.find(node, remote);
    }

    /**
     * The workspace.
     *
     * @throws AbortException while its node is away
     */
    FilePath connected() throws IOException {
        FilePath workspace = workspace();
        if (workspace == null) {
            throw new AbortException("Agent " + node + " is not connected");
        }
        return workspace;
    }
}
