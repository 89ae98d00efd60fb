package io.jenkins.plugins.distributedtest.zuul.exec;

import java.nio.file.Path;

/**
 * What the processes of one task have in common.
 *
 * @param scratch an existing directory for temporary files
 * @param marker marks the processes, so that the whole tree can be found and killed
 * @param log receives what the processes print; null if nobody reads it
 * @param stopper kills the processes when the task is stopped
 */
public record ProcessContext(Path scratch, String marker, TimedLog log, Stopper stopper) {
    /** The same without a log, for processes whose output is an answer and no news. */
    public ProcessContext quiet() {
        return new ProcessContext(scratch, marker, null, stopper);
    }
}
