package io.jenkins.plugins.distributedtest.sync;

import io.jenkins.plugins.distributedtest.wire.SyncSpec;
import java.util.Objects;

/**
 * What a listener knows of a job's sources.
 *
 * @param runId the run, for messages to people
 * @param project the project, which keeps trees apart that are kept between jobs; possibly empty
 * @param sync how to get them; from the wire, hence checked before use. Without a tree digest (Gorgon's dialect has
 *     none) the tree is not compared.
 * @param before what was laid out in the job's workspace for an earlier job; null if the workspace is empty
 */
public record JobSource(String runId, String project, SyncSpec sync, LaidOutTree before) {
    /** For an empty workspace. */
    public JobSource(String runId, String project, SyncSpec sync) {
        this(runId, project, sync, null);
    }

    /** Checks that all is there. */
    public JobSource {
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(sync, "sync");
        project = project == null ? "" : project;
    }
}
