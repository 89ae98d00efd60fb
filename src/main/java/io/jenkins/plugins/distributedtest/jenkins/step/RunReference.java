package io.jenkins.plugins.distributedtest.jenkins.step;

import java.io.Serializable;

/**
 * What a branch of a step's block has in its context: which step's run its listeners serve. Not a record, since pipelines
 * cannot be saved with records that are not public.
 */
final class RunReference implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String stateId;
    private final int branch;

    /**
     * @param stateId names the step
     * @param branch the branch's number, from 0
     */
    RunReference(String stateId, int branch) {
        this.stateId = stateId;
        this.branch = branch;
    }

    String stateId() {
        return stateId;
    }

    int branch() {
        return branch;
    }
}
