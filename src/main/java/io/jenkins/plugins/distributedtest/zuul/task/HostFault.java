package io.jenkins.plugins.distributedtest.zuul.task;

/**
 * Why a job came to no result that is no fault of the job: what is wrong with this host, or with what it reaches.
 *
 * @param kind what is wrong
 * @param reason in words
 */
public record HostFault(Kind kind, String reason) {
    /** What can be wrong. */
    public enum Kind {
        /** Files and directories cannot be made, or there is too little space. */
        DISK("the disk"),
        /** Memory or threads have run out. */
        MEMORY("memory"),
        /** Processes cannot be started. */
        PROCESSES("starting processes"),
        /** The places where sources are cannot be reached. */
        SOURCES("reaching sources");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** For people. */
        public String label() {
            return label;
        }
    }
}
