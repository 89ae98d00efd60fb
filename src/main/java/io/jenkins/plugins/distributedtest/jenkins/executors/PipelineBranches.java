package io.jenkins.plugins.distributedtest.jenkins.executors;

/** What a run has to know of the branches of its step's block, from any thread. */
public interface PipelineBranches {
    /** Of a step without a block. */
    PipelineBranches NONE = new PipelineBranches() {
        @Override
        public boolean areComing() {
            return false;
        }

        @Override
        public boolean areOver() {
            return false;
        }
    };

    /** Whether one goes on that may yet come to its listener. */
    boolean areComing();

    /** Whether there were some, and all have ended. */
    boolean areOver();
}
